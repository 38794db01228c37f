#!/bin/sh
# kill_test.sh -- a run that is ended by a signal at any moment leaves no process and no file but its reports: after a
# signal that can be caught all of them, whole, which say by what the run was interrupted; else a readable results
# file. usage: kill_test.sh SOCKDRILL SIGNAL ROUNDS ISOLATION PYTHON
set -u
sockdrill=$(realpath "$1") signal=$2 rounds=$3 isolation=$4 python=$5
# shellcheck source=harness/cli/expect.sh
. "$(dirname "$0")/expect.sh"
# A copy under a name of its own tells its processes from all others.
name=sd$$
cp "$sockdrill" $name && mkdir tmp || exit 99

# fail WHAT: says that it is not so in this round.
fail() {
	not_so "round $round, $signal after $delay ms: $1"
}

formats="pretty tap junit ctrf github markdown jsonl html"
reports=""
for format in $formats; do
	reports="$reports --report $format:run.$format"
done

# check_reports: each format is there, and whole; each says by what it was interrupted.
check_reports() {
	for format in $formats; do
		grep -q "interrupted by SIG$signal" "run.$format" || [ "$format" = jsonl ] ||
			fail "$format says by what the run was interrupted"
	done
	grep -q '"type":"end","complete":false,"ended_by":"signal","detail":"SIG'"$signal"'"' run.jsonl ||
		fail "jsonl has an end line"
	"$python" - <<-'EOF' >out 2>&1 || fail "reports are whole: $(tail -n 1 out)"
		import json, xml.etree.ElementTree as tree
		lines = [json.loads(line) for line in open("run.jsonl")]
		results = [line for line in lines if line["type"] == "result"]
		planned = lines[0]["planned"]
		assert len(results) == planned, "jsonl: a result for each instance"
		ctrf = json.load(open("run.ctrf"))["results"]
		assert len(ctrf["tests"]) == ctrf["summary"]["tests"] == planned, "ctrf"
		assert not ctrf["summary"]["extra"]["complete"], "ctrf is not complete"
		suites = tree.parse("run.junit").getroot()
		assert int(suites.get("tests")) == len(suites.findall(".//testcase")) == planned + 1, "junit"
		assert suites.find(".//error[@type='interrupted']") is not None, "junit has an error"
		assert open("run.html").read().rstrip().endswith("</html>"), "html"
		assert f"1..{planned}\n" in open("run.tap").read(), "tap"
	EOF
	[ -z "$(find . -maxdepth 1 -name '*.part')" ] || fail "nothing half-written is left"
}

round=0
while [ "$round" -lt "$rounds" ]; do
	round=$((round + 1))
	delay=$((round * 37 % 211))
	rm -f run.* ./*.part
	# A shell's background process ignores SIGINT, and so would the run.
	# shellcheck disable=SC2086 # several words
	TMPDIR=$dir/tmp perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' ./$name run --repeat 500 --shuffle=$round \
		--isolation "$isolation" $reports 2>/dev/null &
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
	# Before the run begins a signal just ends it.
	[ "$signal" = KILL ] || [ ! -s run.jsonl ] || check_reports
	if [ -s run.jsonl ] && ./$name report --help >/dev/null 2>&1; then
		./$name report --from run.jsonl >out 2>&1
		holds out interrupted
	fi
done
# wait_until TEXT FILE: for ten seconds at most.
wait_until() {
	tries=0
	until grep -qs "$1" "$2"; do
		[ "$tries" -lt 500 ] || return 1
		perl -e 'select undef, undef, undef, 0.02'
		tries=$((tries + 1))
	done
}

# A report that nobody takes must not keep the run from being ended: the next signal does it.
if [ "$signal" != KILL ]; then
	round=last delay=0
	rm -f run.*
	mkfifo full
	perl -e 'open my $full, "<", "full"; sleep 100' &
	reader=$!
	TMPDIR=$dir/tmp perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' ./$name run --isolation "$isolation" \
		--repeat 500 --report jsonl:run.jsonl --report junit:full 2>/dev/null &
	pid=$!
	wait_until '"type":"run"' run.jsonl || fail "the run begins"
	kill "-$signal" "$pid"
	wait_until '"type":"end"' run.jsonl || fail "the first report is written"
	kill "-$signal" "$pid" || fail "the second report is not, and the run waits"
	tries=0
	while [ "$tries" -lt 500 ] && [ "$(survivors $name)" = "$pid" ]; do
		perl -e 'select undef, undef, undef, 0.02'
		tries=$((tries + 1))
	done
	[ -z "$(survivors $name)" ] || fail "the next signal ends it at once"
	kill -KILL "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	status=$?
	[ "$status" -gt 128 ] || fail "the signal ends it, not status $status"
	kill "$reader"
	wait "$reader" 2>/dev/null
fi
! grep -qs sockdrill /proc/self/mounts || not_so "no mount is left" /proc/self/mounts
finish "$rounds runs ended by $signal left nothing"
