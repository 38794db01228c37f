#!/bin/sh
# run_steps_test.sh -- ci/test.sh with steps of this test's own: what it prints and how it ends, and that it leaves
# nothing behind when it is ended by a signal. usage: run_steps_test.sh
set -u
ci=$(realpath "$(dirname "$0")")
# shellcheck source=harness/cli/expect.sh
. "$ci/../harness/cli/expect.sh"
unset CI_NOTES CI_FACTOR # of a run of CI that this test is part of

mkdir -p tree/ci/steps tmp
cp "$ci"/*.sh "$ci"/*.c tree/ci
cp "$ci/steps/common.sh" "$ci/steps/names.sh" tree/ci/steps
export TMPDIR="$dir/tmp"
echo 'exit 0' >tree/ci/setup.sh

# step NAME: its commands come on standard input.
step() {
	{
		# shellcheck disable=SC2016 # for another shell
		echo '. "$(dirname "$0")/common.sh"'
		cat
	} >"tree/ci/steps/$1.sh"
}

# test_sh ARGUMENT...: for expect.
# shellcheck disable=SC2317
test_sh() {
	sh tree/ci/test.sh "$@"
}

# last: the last line, which programs read.
last() {
	tail -n 1 out
}

echo 'echo all is well' | step good
echo 'skip "there is no sea here"' | step lacking
printf 'echo first\necho "x.c:1: error: what is wrong"\necho last\nfalse\necho not reached\n' | step bad
echo 'no_such_command_of_ours' | step missing
printf 'echo from the second\n' | step second
# shellcheck disable=SC2016 # for another shell
printf '%s\n' 'echo "factor $CI_FACTOR"' '[ -d "$CI_NOTES" ]' '[ "$(count repeat)" -ge 1 ]' | step machine
printf 'good\n# a word about it\nlacking\nbad\nmissing\nsecond+machine\n' >tree/ci/steps/order

# ---- Words ----

expect 0 'good lacking bad missing second machine' test_sh list
one_line
expect 2 "there is no step 'none'" test_sh none
one_line
for name in common names order; do
	expect 2 "there is no step '$name'" test_sh good $name
done
one_line
expect 2 "there is no step '../test'" test_sh ../test
expect 0 'repeat ' test_sh plan
expect 2 "'slow' is no factor" test_sh plan slow
one_line

# ---- How steps end ----

expect 0 'all is well' test_sh good
holds out '== good passed, after ' '== machine: fork '
grep -Eq '^good  +[0-9]+ s  passed$' out || not_so "the table has good" out
grep -Eq '^machine  +fork [0-9]+\.[0-9]+ ms, factor [0-9]+\.[0-9]$' out || not_so "the table has the machine" out
same "last line" "$(last)" "steps: 1 passed, 0 failed, 0 skipped"
expect 77 '== lacking skipped: there is no sea here, after ' test_sh lacking
grep -Eq '^lacking  +[0-9]+ s  skipped: there is no sea here$' out || not_so "the table has lacking" out
same "last line" "$(last)" "steps: 0 passed, 0 failed, 1 skipped"
expect 1 '== bad FAILED (status 1), after ' test_sh bad good
same "what failed, said again" "$(grep -c 'x.c:1: error: what is wrong' out)" 3
lacks out 'not reached'
same "last line" "$(last)" "steps: 1 passed, 1 failed, 0 skipped"
expect 1 'missing FAILED (status 127)' test_sh missing
expect 1 '' test_sh
same "last line" "$(last)" "steps: 3 passed, 2 failed, 1 skipped"

# What is done at once is told one after the other.
printf 'until [ -e "%s/met" ]; do sleep 0.05; done\necho one\n' "$dir" | step one
printf ': >"%s/met"\necho two\nfalse\n' "$dir" | step two
echo 'one+two+good' >tree/ci/steps/order
expect 1 '' test_sh
same "order of words" "$(grep -E '^(one|two|all is well|== (one|two|good))$' out | head -n 6 | tr '\n' ' ')" \
	'== one one == two two == good all is well '
same "last line" "$(last)" "steps: 2 passed, 1 failed, 0 skipped"

# What a step leaves behind is named and ended.
printf 'setsid sleep 1000 &\necho $! >"%s/pid"\n' "$dir" | step leaving
echo leaving >tree/ci/steps/order
expect 0 'left behind, and ended: process ' test_sh
! kill -0 "$(cat pid)" 2>/dev/null || not_so "what was left behind is ended" out

# ---- Ended by a signal ----

# await WHAT COMMAND...: tries it again and again, for a minute at most.
await() {
	_what=$1 _tries=0
	shift
	until "$@"; do
		_tries=$((_tries + 1))
		[ $_tries -lt 1200 ] || { not_so "$_what, within a minute" out && return; }
		sleep 0.05
	done
}

# began STEP...: each of these has started its processes.
# shellcheck disable=SC2317 # for await
began() {
	for _step; do
		[ -s "pids.$_step" ] || return
	done
	[ -s deaf ]
}

# none_runs: none of the processes of the file pids.
# shellcheck disable=SC2317 # for await
none_runs() {
	[ -z "$(running)" ]
}

# running: those processes of the file pids that still run.
running() {
	tr ' ' '\n' <pids | while read -r process; do
		! kill -0 "$process" 2>/dev/null || echo "$process"
	done
}

# Two steps that run, with processes in sessions of their own; one that does not listen; one that is not begun.
cat >waiting.sh <<END
setsid sh -c 'trap "" TERM; echo \$\$ >"$dir/deaf"; while :; do sleep 1; done' &
setsid sleep 1000 &
echo "\$! \$\$" >"$dir/pids.\$(basename "\$0" .sh)"
until [ -s "$dir/deaf" ]; do sleep 0.05; done
echo "waits"
wait
END
step waiting <waiting.sh
step too <waiting.sh
printf 'good\nwaiting+too\nbad\n' >tree/ci/steps/order
for signal in HUP INT TERM; do
	rm -f pids.* deaf
	# A shell's background process ignores SIGINT, one below nohup SIGHUP, and so would this.
	perl -e '$SIG{INT} = $SIG{HUP} = "DEFAULT"; exec @ARGV' sh tree/ci/test.sh >out 2>&1 &
	pid=$!
	await "both steps run" began waiting too
	kill -$signal $pid
	wait $pid 2>/dev/null
	status=$?
	[ "$(kill -l $status)" = $signal ] || not_so "SIG$signal ends it (status $status)" out
	for step in waiting too; do
		grep -Eq "^$step  +[0-9]+ s  FAILED \(ended by SIG$signal while it ran\)\$" out ||
			not_so "the table says of $step that SIG$signal ended it" out
	done
	grep -Eq '^good  +[0-9]+ s  passed$' out || not_so "the table has what was done before SIG$signal" out
	grep -Eq '^bad  +-  +not run$' out || not_so "the table has what SIG$signal left undone" out
	same "last line after SIG$signal" "$(last)" "steps: 1 passed, 2 failed, 0 skipped"
	cat pids.* deaf >pids
	left=$(running)
	[ -z "$left" ] || not_so "SIG$signal leaves no process: $left"
done
same "files that are left" "$(ls -A tmp)" ""

# Who cannot be asked is missed: the end of test.sh is the end of its steps.
rm -f pids.* deaf
sh tree/ci/test.sh waiting >out 2>&1 &
pid=$!
await "the step runs" began waiting
kill -KILL $pid
wait $pid 2>/dev/null
cat pids.waiting deaf >pids
await "SIGKILL leaves no process" none_runs

finish "steps are run and told as documented"
