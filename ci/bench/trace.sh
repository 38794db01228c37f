#!/bin/sh
# trace.sh -- what following a program costs: a ping-pong of 64 bytes with a server bare, under strace -f and under
# sockdrill trace, all on one processor, in turns. Prints a line per figure: name value unit; a stopped call is
# its entry and its exit. Where it is allowed, they come before all else that runs. Ends with 1, and says so, when a
# call costs more than 15 us, or strace's not 1.3 times as much; with another status when it cannot measure.
# usage: trace.sh SOCKDRILL [ROUNDS]
set -eu
cd "$(dirname "$0")/../.."
sockdrill=${1:?is missing: give the program, as in trace.sh build/sockdrill}
. ci/numbers.sh
. ci/section.sh
rounds=${2:-9}
expect_positive ROUNDS "$rounds"
slices=100
section "building pingpong"
cc -O2 -D_GNU_SOURCE -o "$work/pingpong" ci/bench/pingpong.c || exit 3

first=""
chrt -f 10 true 2>/dev/null && first="chrt -f 10"

# Adds a measurement to the file $1; what is measured comes after it.
measure() {
	to=$work/$1
	shift
	# shellcheck disable=SC2086 # words
	$first "$work/pingpong" $slices "$@" >>"$to" || exit 3
}

median() {
	sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

round=0
while [ $round -lt "$rounds" ]; do
	round=$((round + 1))
	section "measuring, round $round of $rounds"
	measure bare
	measure strace strace -f -o /dev/null
	measure sockdrill "$sockdrill" trace -o /dev/null
done
section "judging the figures"
awk -v bare="$(median "$work/bare")" -v strace="$(median "$work/strace")" -v ours="$(median "$work/sockdrill")" '
BEGIN {
	call = (ours - bare) / 2
	theirs = (strace - bare) / 2
	printf "trace_round_bare %.3f us\n", bare
	printf "trace_round_strace %.3f us\n", strace
	printf "trace_round_sockdrill %.3f us\n", ours
	printf "trace_call_strace %.3f us\n", theirs
	printf "trace_call_sockdrill %.3f us\n", call
	printf "trace_strace_to_sockdrill %.3f ratio\n", theirs / call
	if (call > 15)
		high = "a call costs " call " us, and 15 at most are allowed"
	else if (theirs < 1.3 * call)
		high = "a call of strace\047s costs " theirs / call " times as much, and 1.3 times at least are wanted"
	if (high)
		print "trace.sh: the tracer is too slow: " high >"/dev/stderr"
	exit high != ""
}'
