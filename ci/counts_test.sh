#!/bin/sh
# counts_test.sh -- what is repeated is repeated less on a slow machine, and nowhere not at all.
# usage: counts_test.sh
set -u
ci=$(realpath "$(dirname "$0")")
# shellcheck source=harness/cli/expect.sh
. "$ci/../harness/cli/expect.sh"
unset CI_NOTES CI_FACTOR # of a run of CI that this test is part of

# plan: the whole table for a usual machine, one on which a fork takes 7 ms, and one that is slower than any.
cat >plan <<'END'
factor                 1      70    9999
repeat                25       7       5
load                  10       3       3
disturb               10      38      40
kill                  12       4       4
faults                40      12      12
fuzz_afl           10000    3000    3000
fuzz_libfuzzer     20000    6000    6000
timeouts               2       8      10
END
sh "$ci/test.sh" plan 1 70 9999 | cut -c 1-40 | sed 's/ *$//' >out
same_files "test.sh plan" out plan
sh "$ci/test.sh" plan >both
sh "$ci/counts.sh" 1 70 >given
same_files "the plan without factors" both given
for word in slow 1x '' 1.2.3; do
	expect 2 "'$word' is no factor" sh "$ci/test.sh" plan 1 "$word"
	one_line
	[ -z "$word" ] || expect 2 "'$word' is no factor" sh "$ci/counts.sh" repeat "$word"
done
expect 2 "'none' is no count: repeat load" sh "$ci/counts.sh" none
one_line

# None is quicker than usual.
same "counts at 1.0" "$(sh "$ci/counts.sh" repeat 1.0) $(sh "$ci/counts.sh" timeouts 0.5)" "25 2"

expect 0 'kill 4 b  c 12' env CI_FACTOR=70.0 sh "$ci/with_counts.sh" printf '%s %s %s %s\n' kill count:kill 'b  c' count:faults
expect 0 'kill 12' sh "$ci/with_counts.sh" echo kill count:kill
expect 99 "'none' is no count" sh "$ci/with_counts.sh" echo count:none
expect 3 '' sh "$ci/with_counts.sh" sh -c 'exit 3'

# How the machine is measured: as it is, and with forks that take 7 ms more.
cc -O1 -o machine_factor "$ci/machine_factor.c" || not_so "machine_factor.c compiles"
cc -O1 -pthread -o simulate "$ci/simulate.c" || not_so "simulate.c compiles"
expect 0 '' ./machine_factor
grep -Eqx '[0-9]+\.[0-9]{2} [0-9]+\.[0-9]' out || not_so "milliseconds and a factor" out
if ./simulate --slow-fork 0 true 2>/dev/null; then
	./simulate --slow-fork 7 ./machine_factor >slow 2>/dev/null
	awk '{ exit !($1 >= 7 && $2 >= 70 && $2 == sprintf("%.1f", $2)) }' slow || not_so "7 ms are factor 70" slow
fi
finish "counts fit the machine"
