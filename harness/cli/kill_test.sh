#!/bin/sh
# kill_test.sh -- a run that is ended by a signal at any moment leaves no process, no file and a readable
# results file. usage: kill_test.sh SOCKDRILL SIGNAL ROUNDS ISOLATION
set -u
sockdrill=$(realpath "$1") signal=$2 rounds=$3 isolation=$4
dir=$(mktemp -d) || exit 99
name=sd$$
trap 'rm -rf "$dir"' EXIT
# A copy under a name of its own tells its processes from all others.
cp "$sockdrill" "$dir/$name" || exit 99
mkdir "$dir/tmp"
failures=0

fail() {
	echo "round $round, $signal after $delay ms: $*"
	failures=$((failures + 1))
}

# Processes of our copy. Those that have ended do not count: they wait to be reaped (Z), or just are (X).
survivors() {
	for stat in /proc/[0-9]*/stat; do
		{ read -r pid comm state rest <"$stat"; } 2>/dev/null || continue
		[ "$comm" = "($name)" ] && [ "$state" != Z ] && [ "$state" != X ] && echo "$pid"
	done
}

round=0
while [ "$round" -lt "$rounds" ]; do
	round=$((round + 1))
	delay=$((round * 37 % 211))
	rm -f "$dir/run.jsonl"
	# A shell's background process ignores SIGINT, and so would the run.
	TMPDIR=$dir/tmp perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$dir/$name" run --repeat 500 --shuffle=$round --isolation "$isolation" \
		--report "jsonl:$dir/run.jsonl" 2>/dev/null &
	pid=$!
	perl -e "select undef, undef, undef, $delay / 1000"
	kill "-$signal" "$pid" || fail "it ended before it was killed"
	wait "$pid" 2>/dev/null
	status=$?
	[ "$status" -gt 128 ] || fail "status $status"
	# What remains is given two seconds to be cleaned up.
	tries=0
	left=$(survivors)
	while [ -n "$left" ] && [ "$tries" -lt 100 ]; do
		perl -e 'select undef, undef, undef, 0.02'
		tries=$((tries + 1))
		left=$(survivors)
	done
	[ -z "$left" ] || fail "processes left: $left"
	[ -z "$(ls -A "$dir/tmp")" ] || fail "files left: $(ls -A "$dir/tmp" | head -n 3 | tr '\n' ' ')"
	[ -e "$dir/run.jsonl" ] || continue
	if [ -s "$dir/run.jsonl" ] && "$dir/$name" report --help >/dev/null 2>&1; then
		"$dir/$name" report --from "$dir/run.jsonl" >"$dir/out" 2>&1
		grep -q interrupted "$dir/out" || fail "the results file does not say that it was interrupted"
	fi
done
grep -qs sockdrill /proc/self/mounts && { echo "a mount was left"; failures=$((failures + 1)); }
[ "$failures" -eq 0 ] && echo "$rounds runs ended by $signal left nothing"
exit "$((failures > 0))"
