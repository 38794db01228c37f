#!/bin/sh
# without_ptrace_test.sh -- where ptrace is forbidden everything else works as always, and doctor says what is lost.
# usage: without_ptrace_test.sh SOCKDRILL WITHOUT_PTRACE
set -u
sockdrill=$(realpath "$1") without=$(realpath "$2")
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99
failures=0

# fails TEXT FILE: says what is not so, and shows the file.
fails() {
	echo "NOT SO: $1"
	grep -vE '"verdict":"(pass|variant|skip)"' "$2" | sed 's/^/  | /' | cut -c1-300 | head -20
	failures=$((failures + 1))
}

# run NAME COMMAND...: some cases of each area; their verdicts go to NAME.
run() {
	name=$1
	shift
	"$@" run --family inet --max-wait 500 --report jsonl >"$name.jsonl" 2>&1
	status=$?
	[ "$status" -eq 0 ] || fails "the run '$name' ends with status 0, not $status" "$name.jsonl"
	sed -E 's/.*"case":"([^"]*)".*"verdict":"([^"]*)".*/\2 \1/;/^\{/d' "$name.jsonl" | sort >"$name"
}

run usual "$sockdrill"
run forbidden "$without" "$sockdrill"
diff usual forbidden >differences || fails "both runs have the same verdicts" differences
grep -q '^pass' usual || fails "something passes" usual

"$without" "$sockdrill" doctor >doctor || fails "doctor ends with status 0" doctor
grep -q '^NO  looking .*without their options: pidfd_getfd() is refused' doctor || fails "doctor names the loss" doctor
grep -q '^NO  tracing .*none disturbed: ' doctor || fails "doctor names the loss of tracing" doctor
grep -q '^yes sock_diag' doctor || fails "doctor finds what is left" doctor

"$without" "$sockdrill" spy $$ >spy || fails "spy looks all the same" spy
grep -q " thread $$ in wait" spy || fails "spy tells where this shell stands" spy
[ "$failures" -eq 0 ]
