#!/bin/sh
# without_ptrace_test.sh -- where ptrace is forbidden everything else works as always, and doctor says what is lost.
# usage: without_ptrace_test.sh SOCKDRILL WITHOUT_PTRACE
set -u
sockdrill=$(realpath "$1") without=$(realpath "$2")
# shellcheck source=harness/cli/expect.sh
. "$(dirname "$0")/../cli/expect.sh"

# run NAME COMMAND...: some cases of each area; their verdicts go to NAME.
run() {
	name=$1
	shift
	"$@" run --family inet --max-wait 500 --report jsonl >"$name.jsonl" 2>&1
	status=$?
	grep -vE '"verdict":"(pass|variant|skip)"' "$name.jsonl" >others
	[ "$status" -eq 0 ] || not_so "the run '$name' ends with status 0, not $status" others
	sed -E 's/.*"case":"([^"]*)".*"verdict":"([^"]*)".*/\2 \1/;/^\{/d' "$name.jsonl" | sort >"$name"
}

run usual "$sockdrill"
run forbidden "$without" "$sockdrill"
same_files "the verdicts of both runs" usual forbidden
grep -q '^pass' usual || not_so "something passes" usual

"$without" "$sockdrill" doctor >doctor || not_so "doctor ends with status 0" doctor
grep -q '^NO  looking .*without their options: a seccomp filter forbids pidfd_getfd()' doctor || not_so "doctor names the loss" doctor
grep -q '^NO  tracing .*do not work: a seccomp filter forbids ptrace()' doctor || not_so "doctor names the loss of tracing" doctor
grep -q '^yes sock_diag' doctor || not_so "doctor finds what is left" doctor

"$without" "$sockdrill" spy $$ >spy || not_so "spy looks all the same" spy
grep -q " thread $$ in wait" spy || not_so "spy tells where this shell stands" spy
finish "without ptrace all else works"
