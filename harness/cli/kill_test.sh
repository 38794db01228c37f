#!/bin/sh
# kill_test.sh -- a run that is ended by a signal at any moment leaves no process, no file and a readable
# results file. usage: kill_test.sh SOCKDRILL SIGNAL ROUNDS ISOLATION
set -u
sockdrill=$(realpath "$1") signal=$2 rounds=$3 isolation=$4
# shellcheck source=harness/cli/expect.sh
. "$(dirname "$0")/expect.sh"
# A copy under a name of its own tells its processes from all others.
name=sd$$
cp "$sockdrill" $name && mkdir tmp || exit 99

# fail WHAT: says that it is not so in this round.
fail() {
	not_so "round $round, $signal after $delay ms: $1"
}

round=0
while [ "$round" -lt "$rounds" ]; do
	round=$((round + 1))
	delay=$((round * 37 % 211))
	rm -f run.jsonl
	# A shell's background process ignores SIGINT, and so would the run.
	TMPDIR=$dir/tmp perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' ./$name run --repeat 500 --shuffle=$round \
		--isolation "$isolation" --report jsonl:run.jsonl 2>/dev/null &
	pid=$!
	perl -e "select undef, undef, undef, $delay / 1000"
	kill "-$signal" "$pid" || fail "it runs until it is killed"
	wait "$pid" 2>/dev/null
	status=$?
	[ "$status" -gt 128 ] || fail "it is killed, and does not end with status $status"
	left=$(await_end $name)
	[ -z "$left" ] || fail "no process is left: $left"
	[ -z "$(ls -A tmp)" ] || fail "no file is left: $(ls -A tmp | head -n 3 | tr '\n' ' ')"
	[ -e run.jsonl ] || continue
	if [ -s run.jsonl ] && ./$name report --help >/dev/null 2>&1; then
		./$name report --from run.jsonl >out 2>&1
		holds out interrupted
	fi
done
! grep -qs sockdrill /proc/self/mounts || not_so "no mount is left" /proc/self/mounts
finish "$rounds runs ended by $signal left nothing"
