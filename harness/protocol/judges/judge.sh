#!/bin/sh
# judge.sh -- runs a judge with the first interpreter that has what it needs; skips, with the reason, without one.
# usage: judge.sh JUDGED SCRIPT PROBE INTERPRETER...
#   PROBE: a program of the interpreter's language that fails where the judge could not work.
# Ends as the judge does: 0: all agreed; 1: not; 77: skipped.
set -eu
judged=$1 script=$2 probe=$3
shift 3
for interpreter; do
	case $script in
	*.py) flag=-c ;;
	*) flag=-e ;;
	esac
	if "$interpreter" "$flag" "$probe" >/dev/null 2>&1; then
		exec "$interpreter" "$script" "$judged"
	fi
done
echo "skipped: none of '$*' can run '$probe': install it (ci/setup.sh test)"
exit 77
