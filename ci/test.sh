#!/bin/sh
# test.sh -- everything CI checks: runs its steps, the files ci/steps/NAME.sh, and ends with a table of them.
# usage: test.sh [STEP...]           without arguments all, in the order of ci/steps/order
#        test.sh list                names the steps
#        test.sh plan [FACTOR...]    how often things are repeated on a machine so many times slower than usual
#
# STEP+STEP are done at once: what waits a lot beside what only computes. Where time is looked at (no_isolation,
# user, repeat, load) a step has the machine for itself.
# Status: 0 all passed, or were skipped in part; 1 one failed; 2 usage; 3 it cannot work; 77 all were skipped. A signal
# that ends it ends its steps, too, and it prints the table before.
set -u
cd "$(dirname "$0")/.." || exit 3
. ci/run_steps.sh

. ci/steps/names.sh

case ${1:-} in
list)
	list_steps
	exit 0
	;;
plan)
	shift
	for word; do
		case $word in
		[!0-9]* | '') echo "test.sh: '$word' is no factor such as 1 or 70.5" >&2 && exit 2 ;;
		esac
	done
	exec sh ci/counts.sh "$@"
	;;
esac

groups=${*:-$(order_steps)}
check_steps "$groups"

sh ci/setup.sh test || exit 3
begin_steps "$groups"
for signal in HUP INT TERM; do
	# shellcheck disable=SC2064 # the signal of now
	trap "end_early $signal" "$signal"
done
for group in $groups; do
	run_group "$group"
done
finish
