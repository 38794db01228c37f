#!/bin/sh
# noticing_test.sh -- does a run over a socket layer with one fault end with status 1 and name cases?
# Cases that wait longest by design are left out, to be done sooner; so is IPv6, whose cases are those of IPv4 on
# another family, but where a fault is of IPv6 itself.
# usage: noticing_test.sh SOCKDRILL LIBRARY FAULT     FAULT none: the run must be as always
set -u
sockdrill=$(realpath "$1") library=$2 fault=$3
out=$(mktemp) || exit 99
trap 'rm -f "$out"' EXIT

case $fault in
none | sent_hop_limit_ignored | v6only_ignored) families=inet,inet6,unix,any ;;
*) families=inet,unix,any ;;
esac
BROKEN=$fault LD_PRELOAD=$library "$sockdrill" run --family "$families" --timeout 1000 --max-wait 1200 --report jsonl >"$out"
status=$?
named=$(grep -cE '"verdict":"(fail|broken|timeout)"' "$out")
if [ "$fault" = none ]; then
	[ "$status" -eq 0 ] && [ "$named" -eq 0 ] && exit 0
	echo "without a fault: status $status, $named cases not good:"
	grep -E '"verdict":"(fail|broken|timeout)"' "$out" | cut -c1-300
	exit 1
fi
grep -E '"verdict":"(fail|broken|timeout)"' "$out" |
	sed -E 's/.*"case":"([^"]*)","family":"([^"]*)","verdict":"([^"]*)".*/\3 \1\/\2/' | sort | head -20
echo "fault $fault: status $status, $named case instances name it"
[ "$status" -eq 1 ] && [ "$named" -gt 0 ] && tail -n 1 "$out" | grep -q '"type":"end"'
