# run_steps.sh -- runs steps of CI, at once where several are joined by +, and makes the table of how they ended; to be
# sourced by test.sh.
#
# What is known of a run is in files of the directory `notes`: of each step that has begun NAME.begin (seconds) and
# NAME.log, NAME.pid and NAME.tee (processes) while it runs; `table`, a line per step that has ended; `failures`.
# shellcheck shell=sh

# begin_steps STEPS: makes what all of them need, and measures the machine.
begin_steps() {
	planned=$(echo "$1" | tr '+' ' ') begin=$(date +%s)
	notes=$(mktemp -d) || exit 3
	trap 'rm -rf "$notes"' EXIT
	: >"$notes/table"
	: >"$notes/failures"
	for program in machine_factor subreaper; do
		cc -O1 -o "$notes/$program" "ci/$program.c" || exit 3
	done
	measured=$("$notes/machine_factor") || exit 3
	machine="fork ${measured% *} ms, factor ${measured#* }"
	echo "== machine: $machine"
	export CI_NOTES="$notes" CI_FACTOR="${measured#* }"
}

# start NAME: starts a step; what it prints goes to its log, and on.
start() {
	date +%s >"$notes/$1.begin"
	mkfifo "$notes/$1.pipe"
	tee "$notes/$1.log" <"$notes/$1.pipe" &
	echo $! >"$notes/$1.tee"
	"$notes/subreaper" sh "ci/steps/$1.sh" >"$notes/$1.pipe" 2>&1 &
	echo $! >"$notes/$1.pid"
}

# await NAME: waits for the end of a step.
await() {
	wait "$(cat "$notes/$1.pid")"
	status=$?
	wait "$(cat "$notes/$1.tee")"
	rm "$notes/$1.pid" "$notes/$1.tee"
	case $status in
	0) enter "$1" passed ;;
	77) enter "$1" "skipped: $(tail -n 1 "$notes/$1.log" | sed 's/^skipped: //')" ;;
	*) enter "$1" "FAILED (status $status)" ;;
	esac
}

# enter NAME RESULT: the step has ended; says so, and adds it to the table.
enter() {
	seconds=$(($(date +%s) - $(cat "$notes/$1.begin")))
	printf '%-14s %5d s  %s\n' "$1" "$seconds" "$2" >>"$notes/table"
	case $2 in
	FAILED*) tell_failure "$1" "$2" >>"$notes/failures" ;;
	esac
	echo "== $1 $2, after $seconds s"
}

# tell_failure NAME RESULT: the lines of a log that tell most, once more: of all that is printed only the end may be kept.
tell_failure() {
	echo "== $1 $2"
	grep -aE ' FAIL |TIMEOUT|NOT SO|\[(FAIL|CRASH)\]|ERROR|error:|[Aa]ssert|^not ok|^(fail|broken)' "$notes/$1.log" |
		cut -c 1-300 | head -n 30
	echo "-- its end"
	tail -n 15 "$notes/$1.log" | cut -c 1-300
}

# run_group NAME[+NAME]...: runs steps at once; what the first prints comes as it does, the others' words follow.
run_group() {
	first=${1%%+*} others=$(echo "$1" | tr '+' ' ')
	others=${others#"$first"}
	for step in $others; do
		start "$step" >"$notes/$step.said"
	done
	echo "== $first"
	start "$first"
	await "$first"
	for step in $others; do
		echo "== $step"
		await "$step" >"$notes/$step.last"
		cat "$notes/$step.said" "$notes/$step.last"
	done
}

# end_early SIGNAL: ends the steps that run and this script, after the table.
end_early() {
	trap '' HUP INT TERM
	for file in "$notes"/*.pid; do
		[ ! -e "$file" ] || kill -TERM "$(cat "$file")"
	done
	for file in "$notes"/*.pid; do
		[ -e "$file" ] || break
		step=$(basename "$file" .pid)
		wait "$(cat "$file")"
		wait "$(cat "${file%.pid}.tee")"
		enter "$step" "FAILED (ended by SIG$1 while it ran)"
	done
	for step in $planned; do
		[ -e "$notes/$step.begin" ] || printf '%-14s %5s    not run\n' "$step" - >>"$notes/table"
	done
	print_table
	rm -rf "$notes"
	trap - "$1"
	kill "-$1" $$
}

# print_table: what failed, and a line for each step; the last line alone is for programs.
print_table() {
	passed=$(grep -c ' s  passed$' "$notes/table")
	failed=$(grep -c ' s  FAILED' "$notes/table")
	skipped=$(grep -c ' s  skipped' "$notes/table")
	cat "$notes/failures"
	echo "== all steps"
	cat "$notes/table"
	printf '%-14s %5s    %s\n' machine '' "$machine"
	printf '%-14s %5d s\n' total $(($(date +%s) - begin))
	echo "steps: $passed passed, $failed failed, $skipped skipped"
}

# finish: prints the table, and ends as the steps did.
finish() {
	print_table
	[ "$failed" -eq 0 ] || exit 1
	[ "$passed" -gt 0 ] || exit 77
	exit 0
}
