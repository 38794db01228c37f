#!/bin/sh
# tap_test.sh -- prove's reader of TAP and meson's understand what the results file says: of real runs, and of the golden
# files, which hold what is hard to read. usage: tap_test.sh SOCKDRILL PYTHON
# PYTHON: the one that runs meson, and has its modules.
set -u
sockdrill=$(realpath "$1") python=$2 golden=$(realpath "$(dirname "$0")")/golden
# shellcheck source=harness/cli/expect.sh
. "$(dirname "$0")/../harness/cli/expect.sh"
perl -MTAP::Parser -e 1 2>/dev/null && command -v prove >/dev/null || exit 77

cat >read.pl <<'E_O_F'
# What TAP::Parser read: tests by kind, diagnostics that it could read, and whatever it did not like.
use TAP::Parser;
my %n = map { $_ => 0 } qw(ok not_ok skip yaml);
my $bail = "";
my $parser = TAP::Parser->new({ tap => do { local $/; <> } });
while (my $one = $parser->next) {
	if ($one->is_test) {
		$n{$one->has_skip ? "skip" : $one->is_ok ? "ok" : "not_ok"}++;
	} elsif ($one->is_yaml) {
		$n{yaml}++ if $one->data->{verdict} && defined $one->data->{reason};
	} elsif ($one->is_bailout) {
		$bail = $one->explanation;
	} elsif ($one->is_unknown) {
		print "unknown: ", $one->as_string, "\n";
	}
}
print "ok $n{ok}, not ok $n{not_ok}, skip $n{skip}, diagnostics $n{yaml}";
print ", bails out: $bail" if $bail;
print "\n";
print "error: $_\n" for grep { !($bail && /^Bad plan/) } $parser->parse_errors;
E_O_F
cat >read.py <<'E_O_F'
# The same by meson, which passes over diagnostics.
import sys
from mesonbuild.mtest import TAPParser, TestResult
n = {"ok": 0, "not ok": 0, "skip": 0}
bail = ""
for one in TAPParser().parse(open(sys.argv[1])):
	if isinstance(one, TAPParser.Test):
		n["skip" if one.result is TestResult.SKIP else "ok" if one.result is TestResult.OK else "not ok"] += 1
	elif isinstance(one, TAPParser.Bailout):
		bail = f", bails out: {one.message}"
	elif not isinstance(one, (TAPParser.Plan, TAPParser.Version)):
		print(one)
print(", ".join(f"{key} {value}" for key, value in n.items()) + bail)
E_O_F

# count VERDICT...: how many results of them are in the file.
count() {
	_pattern=$(echo "$*" | tr ' ' '|')
	grep -cE "\"verdict\":\"($_pattern)\"" "$results"
}

# check NAME TAP WANTED DIAGNOSTICS BAIL: both readers understand the same.
check() {
	same "$1, prove's reader" "$(perl read.pl "$2" | tr '\n' ' ')" "$3, diagnostics $4$5 "
	same "$1, meson's reader" "$("$python" read.py "$2" | tr '\n' ' ')" "$3$5 "
}

# run NAME BAIL OPTION...: a run, and what is read of its TAP.
run() {
	name=$1 bail=$2
	shift 2
	results=$name.jsonl
	"$sockdrill" run "$@" --report "jsonl:$results" --report "tap:$name.tap" >out 2>&1
	failed=$(count fail broken timeout flaky)
	check "$name" "$name.tap" "ok $(count pass variant), not ok $failed, skip $(count skip)" "$failed" "$bail"
}

run good '' 'recv_*' --max-wait 0
run skipped '' 'listen_*' --max-wait 0 --isolation none
run failed '' 'listen_*' 'recv_zero*' --isolation none --timeout-multiplier 0.01 --trace fail
[ "$(count timeout broken fail)" -gt 0 ] || not_so "something fails" failed.tap
[ "$(count skip)" -gt 0 ] || not_so "something is skipped" failed.tap
holds failed.tap '  calls: |'

# What prove itself says.
expect 0 'Result: PASS' prove -e cat good.tap skipped.tap
expect 1 'Result: FAIL' prove -e cat failed.tap
lacks out 'Parse errors'
expect 0 'Result: PASS' prove -e "$sockdrill run recv_zero_on_orderly_close --report tap --exclude" nothing
expect 255 'Bailout called' prove -e cat "$golden/tap-cut.txt"

# By hand: everything that can happen.
check everything "$golden/tap.txt" 'ok 4, not ok 6, skip 3' 7 ''
check cut "$golden/tap-cut.txt" 'ok 1, not ok 1, skip 0' 1 ', bails out: interrupted by SIGTERM, 12 of 14 not run'

# Of several runs in one file nobody knows beforehand how many results there will be.
if "$sockdrill" report --help >/dev/null 2>&1; then
	cat good.jsonl skipped.jsonl >both.jsonl
	results=both.jsonl
	"$sockdrill" report --from both.jsonl --report tap:both.tap
	same "plan of two runs" "$(sed -n 2p both.tap)" "1..$(count pass variant skip)"
	check 'two runs' both.tap "ok $(count pass variant), not ok 0, skip $(count skip)" 0 ''
fi
finish "prove and meson read TAP as it was meant"
