#!/bin/sh
# counts.sh -- how often CI repeats what it repeats, on a machine on which a fork takes FACTOR times as long as usual
# (machine_factor.c). The steps are the same on every machine; only their counts are fewer on a slow one.
# usage: counts.sh NAME [FACTOR]    prints one count; FACTOR is 1 unless it is given
#        counts.sh [FACTOR...]      prints all; for 1 and 70 unless factors are given
#
# The arithmetic: a run of all cases makes 2,400 processes. On two processors that takes 2,400 x 0.1 ms x FACTOR / 2 =
# 0.12 s x FACTOR, beside the 3 s that it waits and computes; so it is slower by SLOWDOWN = 1 + (FACTOR - 1) / 25, which
# is 3.8 for FACTOR 70. A count is divided by it, and no smaller than its least: what is repeated takes about as long on
# any machine. Parts into which a whole is cut, and limits of time, are multiplied.
set -u

table() {
	cat <<-END
		repeat          /  25     5     runs of all cases, shuffled (step repeat)
		load            /  10     3     the same beside busy loops (step load)
		disturb         x  10     40    parts of the cases, one of which is disturbed (step disturb)
		kill            /  12     4     moments at which a run is killed, each signal (kill_test.sh)
		faults          /  40     12    random faults (fault_test.py)
		fuzz_afl        /  10000  3000  runs of a fuzz target by AFL++ (step fuzz)
		fuzz_libfuzzer  /  20000  6000  runs of a fuzz target by libFuzzer (step fuzz)
		timeouts        x  2      10    times as long as meson.build says a test may take
	END
}

# counts FACTOR [NAME]: lines of a name and its count.
counts() {
	table | awk -v factor="$1" -v only="${2:-}" '
		only != "" && $1 != only { next }
		{
			slowdown = factor > 1 ? 1 + (factor - 1) / 25 : 1
			count = $2 == "/" ? int($3 / slowdown + 0.5) : int($3 * slowdown + 0.5)
			if ($2 == "/" ? count < $4 : count > $4)
				count = $4
			print $1, count
		}'
}

# refuse WORD WHAT: ends the script.
refuse() {
	echo "counts.sh: '$1' is no $2" >&2
	exit 2
}

# expect_factor WORD
expect_factor() {
	case $1 in
	'' | *[!0-9.]* | *.*.* | .) refuse "$1" "factor such as 1 or 70.5" ;;
	esac
}

case ${1:-1} in
[!0-9]*)
	expect_factor "${2:-1}"
	count=$(counts "${2:-1}" "$1" | cut -d ' ' -f 2)
	[ -n "$count" ] || refuse "$1" "count: $(table | awk '{ printf "%s ", $1 }')"
	echo "$count"
	exit 0
	;;
esac

[ $# -gt 0 ] || set -- 1 70
for factor; do
	expect_factor "$factor"
done
printf '%-16s' factor
printf '%8s' "$@"
echo
table | while read -r name _ _ _ what; do
	printf '%-16s' "$name"
	for factor; do
		printf '%8s' "$(counts "$factor" "$name" | cut -d ' ' -f 2)"
	done
	printf '  %s\n' "$what"
done
