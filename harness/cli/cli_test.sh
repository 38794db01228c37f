#!/bin/sh
# cli_test.sh -- the command line as a user meets it: statuses, error lines, output that cannot be written.
# usage: cli_test.sh SOCKDRILL
set -u
sockdrill=$(realpath "$1")
# shellcheck source=harness/cli/expect.sh
. "$(dirname "$0")/expect.sh"

one='recv_zero_on_orderly_close/inet'

expect 2 'usage: sockdrill COMMAND' "$sockdrill"
expect 0 'usage: sockdrill COMMAND' "$sockdrill" --help
expect 0 'sockdrill 0' "$sockdrill" --version
expect 2 "no command 'ruin': did you mean 'run'?" "$sockdrill" ruin
one_line
expect 2 "no command 'frobnicate': 'sockdrill --help' lists them" "$sockdrill" frobnicate
one_line
# Every help fits 80 columns and ends with an example. report and compare follow when they have tables of options.
lines_too_wide() {
	awk 'length($0) > 80' "$1"
}
same "lines of the help that are too wide" "$(lines_too_wide out)" ''
commands=$("$sockdrill" --help | sed -n 's/^  \([a-z]*\) .*/\1/p')
for command in run list spy doctor; do
	echo " $commands " | grep -qx " *$command *" || not_so "the help names $command"
done
for command in $commands; do
	expect 0 "sockdrill $command" "$sockdrill" "$command" --help
	case $command in report | compare) continue ;; esac
	same "lines of $command --help that are too wide" "$(lines_too_wide out)" ''
	same "how $command --help ends" "$(tail -n 1 out | cut -d ' ' -f 1-3)" "example: sockdrill $command"
	cp out help
	expect 0 '' "$sockdrill" help "$command"
	same_files "help $command" help out
	expect 0 '' env COLUMNS=200 "$sockdrill" "$command" --help
	same_files "$command --help on a wide terminal" help out
done
expect 2 "no command 'rnu': did you mean 'run'?" "$sockdrill" help rnu

expect 0 ' in wait' "$sockdrill" spy $$
expect 0 '"pid":'"$$" "$sockdrill" spy --json $$
expect 2 'give one process ID' "$sockdrill" spy
one_line
expect 2 "'1x' is no process ID" "$sockdrill" spy 1x
one_line
expect 2 'the process ID is empty: is the program running?' "$sockdrill" spy ''
one_line
expect 2 'give one process ID, not several' "$sockdrill" spy '1 2'
one_line
expect 2 'give one process ID, not several' "$sockdrill" spy 1 2
one_line
for pid in 0 4294967296 init; do
	expect 2 "'$pid' is no process ID, which is a number from 1 to 2147483647" "$sockdrill" spy $pid
	one_line
done
expect 2 "'-1' is neither an option nor a number" "$sockdrill" spy -1
one_line
expect 2 'there is no process 2147483647' "$sockdrill" spy 2147483647
one_line
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	cp "$sockdrill" foreign && chmod 755 . foreign
	expect 2 'does not let you look at it' setpriv --reuid=65534 --regid=65534 --clear-groups ./foreign spy $$
	one_line
fi

expect 0 '1 pass' "$sockdrill" run "$one"
expect 4 "no case matches 'nothing*': 'sockdrill list' names them all" "$sockdrill" run 'nothing*'
one_line
for command in run list; do
	expect 4 "did you mean '$one'?" "$sockdrill" $command recv_zero_on_ordrely_close/inet
	one_line
	expect 4 "did you mean '*backlog*' (" "$sockdrill" $command backlog
	one_line
	expect 4 "recv_zero_on_orderly_close is there for inet, inet6 and unix" "$sockdrill" $command "${one}9"
	one_line
done
expect 4 'nothing is selected' "$sockdrill" run 'recv_*' --exclude '*'
one_line
expect 2 "'recv_['" "$sockdrill" run 'recv_['
one_line
for flag in --no-such-flag --pcap=some --trace=some --disturb=x -z '--jobs=0' '--jobs=x' '--repeat=-1' \
	'--shard=3/2' '--shard=1' '--family=ipx' '--timeout=1s' '--timeout-multiplier=0' \
	'--isolation=docker' '--here=peer' '--color=blue' '--shuffle=x' '--report=word' '--report=tap:' \
	'--exclude=a['; do
	expect 2 'sockdrill run: ' "$sockdrill" run "$flag"
	one_line
	word=${flag%%=*}
	expect 2 "${word#--}" "$sockdrill" run "$flag"
done
# A value that cannot be is told with those that can.
expect 2 '--isolation cannot be '"'docker': it takes auto, netns or none" "$sockdrill" run --isolation docker
expect 2 'it takes inet, inet6, unix and any' "$sockdrill" run --family ipx
expect 2 'it takes I/N, 1 <= I <= N' "$sockdrill" run --shard 3/2
expect 2 'it takes a number from 1 to 1000' "$sockdrill" run -j 0
expect 2 'it takes pretty, tap, tap14, junit' "$sockdrill" run --report word
expect 2 "--pid cannot be 'me': it takes a process ID from 1" "$sockdrill" trace --pid me
expect 2 "option '--show' needs a value: bytes from 0" "$sockdrill" trace --show
expect 2 "did you mean '--long'?" "$sockdrill" list --logn
expect 2 "did you mean '--json'?" "$sockdrill" spy --jsn $$
expect 2 "did you mean '--report'?" "$sockdrill" run -report tap
expect 2 'is the beginning of several: --rerun-failed, --repeat' "$sockdrill" run --re=2
one_line
# The words behind a command that is traced are its own.
expect 0 'example: sockdrill trace' "$sockdrill" trace -o log --help
expect 2 '--expect-update needs' "$sockdrill" run --expect-update
expect 2 'mix on standard output' "$sockdrill" run "$one" --report tap --report jsonl
# Two reports cannot share a file, by whatever name; what is there stays as it is.
echo 'precious' >taken
ln -s taken alias
mkdir sub
for pair in 'taken taken' 'taken ./taken' 'taken alias' 'new sub/../new'; do
	expect 2 "two reports would mix in ${pair#* }: " "$sockdrill" run "$one" --report "tap:${pair% *}" \
		--report "junit:${pair#* }"
	one_line
done
same "a file that two reports wanted" "$(cat taken)" precious
expect 2 'two reports would mix in out: ' "$sockdrill" run "$one" --report tap --report jsonl:out
expect 0 '' "$sockdrill" run "$one" --report junit:/dev/null --report jsonl:/dev/null

expect 2 'no baseline ./missing: --expect-update makes it' "$sockdrill" run "$one" --expect ./missing
one_line
echo 'linux/*/* recv_* sometimes a reason' >baseline
expect 2 'baseline:1:' "$sockdrill" run "$one" --expect baseline
one_line
echo '*/*/* no_such_case fail a reason' >baseline
expect 1 'unused line' "$sockdrill" run "$one" --expect baseline
printf '# kept\n*/*/* %s fail it fails, they say\n' "$one" >baseline
expect 1 'pass' "$sockdrill" run "$one" --expect baseline
expect 0 '' "$sockdrill" run "$one" --expect new --expect-update
printf '# kept\n*/*/* other/inet fail not ours\n' >baseline
expect 0 '' "$sockdrill" run "$one" --expect baseline --expect-update
# An update keeps what it does not contradict, and says what it does.
holds baseline '# kept' 'not ours'
holds out 'sockdrill run: baseline: 0 lines added, 0 changed, 0 removed'
printf '*/*/* %s fail healed\n*/*/* recv_z* fail several\n' "$one" >baseline
expect 0 'baseline: 1 line added, 0 changed, 1 removed' "$sockdrill" run "$one" --expect baseline --expect-update
same "lines of an updated baseline" "$(cut -d ' ' -f 3- baseline | tr '\n' ';')" \
	"recv_z*  fail  several;$one  pass  now as expected;"
expect 0 '' "$sockdrill" run "$one" --expect baseline

# Output that cannot be written is an error, not a pass.
if [ -w /dev/full ]; then
	for report in pretty tap junit ctrf github markdown jsonl; do
		expect 3 'cannot write' sh -c "'$sockdrill' run '$one' --report $report >/dev/full"
		expect 3 'cannot write' "$sockdrill" run "$one" --report "$report:/dev/full"
	done
	expect 3 '/dev/full' env GITHUB_STEP_SUMMARY=/dev/full "$sockdrill" run "$one" --report github
	expect 3 'cannot write' sh -c "'$sockdrill' list >/dev/full"
	expect 3 'cannot write' sh -c "'$sockdrill' doctor >/dev/full"
fi
expect 3 'cannot write' sh -c "'$sockdrill' run '$one' >&-"
expect 3 'cannot write' "$sockdrill" run "$one" --report jsonl:/no/such/directory/file

# What a format's reader looks at first.
expect 0 '"reportFormat":"CTRF"' "$sockdrill" run "$one" --report ctrf
expect 0 '# sockdrill: all 1 as expected' "$sockdrill" run "$one" --report markdown
expect 0 '::notice title=sockdrill::all 1 as expected: 1 pass' "$sockdrill" run "$one" --report github
echo 'of an earlier step' >summary
expect 0 '::notice' env GITHUB_STEP_SUMMARY=summary "$sockdrill" run "$one" --report github
same "a step's summary, appended to" "$(head -n 2 summary | tr '\n' ' ')" \
	'of an earlier step # sockdrill: all 1 as expected '

# Reports side by side; a file is whole or absent.
expect 0 '' "$sockdrill" run 'recv_*' --max-wait 0 --report jsonl:r.jsonl --report tap:r.tap
same "end of one report" "$(tail -n 1 r.jsonl | cut -c1-13)" '{"type":"end"'
same "begin of the other" "$(head -n 1 r.tap)" 'TAP version 13'
same "what is half-written and stays" "$(find . -name '*.part')" ''

# Every observation tells its line of the source.
"$sockdrill" run --max-wait 0 --family inet --report jsonl | grep -o '"ok":[^}]*' >observations
grep -v ',"line":[1-9]' observations >without_line
[ -s observations ] && [ ! -s without_line ] || not_so "observations have lines" without_line

# Sharding takes everything exactly once, by flag and by environment.
"$sockdrill" run --max-wait 0 'recv_*' -v --color never | sed -n 's/^pass *\([^ ]*\).*/\1/p' | sort >whole
for i in 1 2 3; do
	"$sockdrill" run --max-wait 0 'recv_*' -v --color never --shard $i/3 | sed -n 's/^pass *\([^ ]*\).*/\1/p'
done | sort >parts
same_files "the whole and its parts" whole parts
for i in 0 1 2; do
	TEST_TOTAL_SHARDS=3 TEST_SHARD_INDEX=$i TEST_SHARD_STATUS_FILE=touched \
		"$sockdrill" run --max-wait 0 'recv_*' -v --color never | sed -n 's/^pass *\([^ ]*\).*/\1/p'
done | sort >parts
same_files "the whole and its parts" whole parts
[ -e touched ] || not_so "the shard status file is touched"
expect 2 'name no shard' env TEST_TOTAL_SHARDS=3 TEST_SHARD_INDEX=3 "$sockdrill" run
one_line
for prefix in TEST GTEST; do
	expect 2 "${prefix}_TOTAL_SHARDS is set and ${prefix}_SHARD_INDEX is not" env ${prefix}_TOTAL_SHARDS=3 "$sockdrill" run
	one_line
	expect 2 "${prefix}_SHARD_INDEX is set and ${prefix}_TOTAL_SHARDS is not" env ${prefix}_SHARD_INDEX=0 "$sockdrill" run
	one_line
	for pair in 'x 0' '3 x' '0 0' '3 -1' ' 0' '3 '; do
		expect 2 "${prefix}_SHARD_INDEX=${pair#* } and ${prefix}_TOTAL_SHARDS=${pair% *} name no shard" \
			env "${prefix}_TOTAL_SHARDS=${pair% *}" "${prefix}_SHARD_INDEX=${pair#* }" "$sockdrill" run
		one_line
	done
done

# Repetition, shuffling, foreground.
expect 0 'seed 42' "$sockdrill" run "$one" --shuffle=42 --repeat 5
expect 0 'seed ' "$sockdrill" run "$one" --shuffle
expect 0 '1 pass' "$sockdrill" run "$one" --here client
expect 0 '1 pass' "$sockdrill" run "$one" --here server
expect 2 '--here needs one case instance' "$sockdrill" run 'recv_*' --here client
expect 0 '1 pass' "$sockdrill" run "$one" --isolation none -j 1
expect 1 'after 21 ms' "$sockdrill" run listen_tcp_backlog_overflow_syn_dropped/inet --timeout-multiplier 0.01 --retries 2
# What is printed to repeat a case is a command that repeats it as it was.
cp "$sockdrill" 'sock drill'
timed=listen_tcp_backlog_overflow_syn_dropped/inet
expect 1 "repeat: './sock drill' run --timeout-multiplier 0.01 --isolation none $timed" \
	'./sock drill' run "$timed" --timeout-multiplier 0.01 --isolation none
sed -n 's/.*repeat: //p' out >repeat.sh
expect 1 'after 2' sh repeat.sh
expect 1 "repeat: $sockdrill run --timeout 1 " "$sockdrill" run "$timed" --timeout 1 --timeout-multiplier 0.01
expect 0 '15 runs of 3 case instances' "$sockdrill" run recv_zero_on_orderly_close --repeat 5
expect 0 'kept ' "$sockdrill" run "$one" --keep
rm -rf "$(sed -n 's/.*kept //p' out)"
expect 0 '' "$sockdrill" run "recv_*" --max-wait 0 -q --color always
expect 0 '' env NO_COLOR=1 "$sockdrill" run "$one" -v
lacks out "$(printf '\033')"

# What a run did not come to is named in every report, sets the status, and uses no line of a baseline.
printf '*/*/* recv_sa_restart/inet fail it is the first\n*/*/* recv_zero_on_orderly_close fail it never runs\n' >baseline
reports=""
for report in tap junit ctrf github markdown jsonl html; do
	reports="$reports --report $report:cut.$report"
done
# shellcheck disable=SC2086 # several words
planned=$("$sockdrill" list --json 'recv_*' | grep -oE '"families":\[[^]]*' | grep -oE '"(inet|inet6|unix|any)"' | wc -l)
left=$((planned - 1))
expect 1 'ended by --fail-fast, ' "$sockdrill" run 'recv_*' --fail-fast -j 1 --expect baseline --report pretty $reports
lacks out 'unused line'
holds out "0 fail, $left not run in " 'more (-v names all)'
for report in tap junit ctrf github markdown jsonl html; do
	holds cut.$report '--fail-fast' 'recv_'
	[ $report = github ] || holds cut.$report recv_zero_on_orderly_close
done
same "results in the file" "$(grep -c '"type":"result"' cut.jsonl)" "$planned"
same "of which were not run" "$(grep -c '"verdict":"notrun"' cut.jsonl)" "$left"
holds cut.jsonl '"type":"end","complete":false,"ended_by":"option","detail":"--fail-fast"'
expect 1 'not run recv_zero_on_orderly_close/unix  --fail-fast ended the run' \
	"$sockdrill" run 'recv_*' --fail-fast -j 1 --expect baseline -v
# An option that ends a run after its last instance leaves nothing unsaid.
expect 1 '1 pass, 0 fail in ' "$sockdrill" run recv_sa_restart/inet --fail-fast --expect baseline
lacks out 'not run'

# A case that was skipped everywhere.
expect 77 'skip' "$sockdrill" run --isolation none 'listen_abort_on_overflow'

if "$sockdrill" report --help >/dev/null 2>&1; then
	expect 2 "--engine cannot be 'hongg': it takes afl or libfuzzer" "$sockdrill" fuzz --engine hongg http
	one_line
	expect 2 "did you mean '--run'?" "$sockdrill" explain --rnu recv_zero_on_orderly_close
	expect 0 'pass' "$sockdrill" report --from r.jsonl
	expect 0 '<testsuite name="sockdrill.recv"' "$sockdrill" report --from r.jsonl --report junit
	expect 0 '"rawStatus":"pass"' "$sockdrill" report --from r.jsonl --report ctrf
	expect 0 'all ' "$sockdrill" report --from r.jsonl --report markdown
	expect 0 ' as expected: ' "$sockdrill" report --from r.jsonl --report github
	expect 0 '' "$sockdrill" run "$one" --report jsonl:one.jsonl
	expect 0 "$(tail -n 1 one.jsonl)" sh -c "'$sockdrill' report --from - --report jsonl <one.jsonl"
	expect 0 '1 pass, 0 fail' sh -c "'$sockdrill' run '$one' --report jsonl:- | '$sockdrill' report --from -"
	expect 2 'standard input holds no run' "$sockdrill" report --from -
	one_line
	expect 2 'two reports would mix' "$sockdrill" report --from one.jsonl --report tap:x --report junit:./x
	# Written to a file or not, it is the same everywhere; what is misspelt is usage.
	expect 3 'cannot write' "$sockdrill" report --from r.jsonl --report tap:/no/such/directory/file
	one_line
	expect 2 "unknown report format 'word'" "$sockdrill" report --from r.jsonl --report word
	# What cannot be read leaves no report.
	echo 'precious' >kept.tap
	expect 2 'missing.jsonl' "$sockdrill" report --from missing.jsonl --report tap:kept.tap
	same "a report of nothing" "$(cat kept.tap)" precious
	# Recorded by another version: whoever reads it is told by what it is judged.
	sed 's/"tool":"[^"]*"/"tool":"sockdrill 0.0.1"/' r.jsonl >version.jsonl
	expect 0 'version.jsonl is of sockdrill 0.0.1: its values are judged again by what sockdrill ' \
		"$sockdrill" report --from version.jsonl --report tap:x
	expect 0 '' "$sockdrill" report --from version.jsonl --report tap:x --as-recorded
	[ ! -s out ] || not_so "what is not judged again needs no word" out
	for report in junit ctrf github markdown; do
		[ ! -w /dev/full ] || expect 3 'cannot write' \
			"$sockdrill" report --from r.jsonl --report "$report:/dev/full"
	done
	expect 1 "ended by --fail-fast, $left of $((left + 1)) not run" "$sockdrill" report --from cut.jsonl
	cp cut.jsonl stopped.jsonl
	# Who was killed could not say what did not run: it is counted.
	planned=$(sed -n '1s/.*"planned":\([0-9]*\).*/\1/p' r.jsonl)
	head -n 3 r.jsonl >cut.jsonl
	for report in pretty tap junit ctrf github markdown html; do
		expect 1 "interrupted without an end line, $((planned - 2)) of $planned not run" \
			"$sockdrill" report --from cut.jsonl --report $report
	done
	head -c 700 r.jsonl >torn.jsonl
	expect 1 'interrupted' "$sockdrill" report --from torn.jsonl
	: >empty.jsonl
	expect 2 'empty.jsonl holds no run' "$sockdrill" report --from empty.jsonl
	one_line
	echo 'not json' >bad.jsonl
	expect 2 'bad.jsonl:1:' "$sockdrill" report --from bad.jsonl
	one_line
	expect 2 'missing.jsonl' "$sockdrill" report --from missing.jsonl
	one_line
	sed 's/"verdict":"pass"/"verdict":"fail"/;s/"value":"0"/"value":"7"/' r.jsonl >failed.jsonl
	expect 1 'wanted 0' "$sockdrill" report --from failed.jsonl
	expect 1 '::error file=cases/stream/' "$sockdrill" report --from failed.jsonl --report github
	expect 1 '### fail: recv_' "$sockdrill" report --from failed.jsonl --report markdown
	expect 0 'pass' "$sockdrill" run --rerun-failed failed.jsonl
	# After a green run there is nothing to do, and reports say so.
	expect 0 "nothing to rerun: all $((planned)) were as expected in r.jsonl" \
		"$sockdrill" run --rerun-failed r.jsonl --report junit:none.xml --report tap:none.tap
	holds none.xml 'tests="0"' '</testsuites>'
	holds none.tap '1..0 # SKIP'
	expect 4 'nothing is selected' "$sockdrill" run --rerun-failed failed.jsonl 'sendto_*'
	# What was not run is run: all that an option left, and what a killed run did not come to, in its shard.
	expect 0 "all $left as expected" "$sockdrill" run --rerun-failed stopped.jsonl --report markdown
	expect 0 '' "$sockdrill" run 'recv_*' --max-wait 0 --shard 2/3 --report jsonl:shard.jsonl
	head -n 4 shard.jsonl >killed.jsonl
	expect 0 '' "$sockdrill" run 'recv_*' --max-wait 0 --rerun-failed killed.jsonl --report jsonl:rest.jsonl
	lacks out 'killed run'
	for file in shard killed rest; do
		sed -n 's/.*"case":"\([^"]*\)","family":"\([^"]*\)".*/\1 \2/p' $file.jsonl >names.$file
	done
	sort names.shard >whole
	sort names.killed names.rest >parts
	same_files "a killed run and what was left of it" whole parts
	expect 0 'give the globs and options of that run' "$sockdrill" run 'recv_z*' --rerun-failed killed.jsonl
	expect 0 'The program (cases/' "$sockdrill" explain recv_zero_on_orderly_close
	expect 4 "did you mean 'recv_zero_on_orderly_close'?" "$sockdrill" explain zero_on_orderly
	one_line
	expect 4 "did you mean '*backlog*' (" "$sockdrill" explain backlog
	expect 4 "is there for inet, inet6 and unix" "$sockdrill" explain "${one}9"
	expect 4 "'*backlog*' matches " "$sockdrill" explain '*backlog*'
	one_line

	# Systems side by side: a value that was changed is one new difference.
	sed '/"case":"recv_zero_on_orderly_close","family":"inet",/s/"value":"0"/"value":"7:changed"/' r.jsonl >b.jsonl
	same "lines that were changed" "$(diff r.jsonl b.jsonl | grep -c '^>')" 1
	expect 0 'r-2 differs from r in 0 of ' "$sockdrill" compare r.jsonl r.jsonl
	expect 1 ': 0 allowed, 0 documented, 1 new; 1 of these violate' "$sockdrill" compare r.jsonl b.jsonl
	expect 1 'client recv = 7:changed  WANTED 0' "$sockdrill" compare r.jsonl b.jsonl
	expect 1 '"new":1}' "$sockdrill" compare --report json r.jsonl b.jsonl
	expect 1 '**violates, new**' "$sockdrill" compare r.jsonl --report markdown b.jsonl
	expect 0 ': 0 allowed, 0 documented, 0 new' "$sockdrill" compare r.jsonl b.jsonl --only 'recv_*/unix'
	expect 4 'nothing_*' "$sockdrill" compare r.jsonl b.jsonl --only 'nothing_*'
	one_line
	echo '*/*/* recv_zero_on_orderly_close fail as reported' >known.expect
	expect 0 'baseline: as reported' "$sockdrill" compare r.jsonl b.jsonl --expect known.expect
	expect 2 'cannot read baseline' "$sockdrill" compare r.jsonl b.jsonl --expect missing
	one_line
	expect 1 'new' "$sockdrill" compare r.jsonl b.jsonl --color always
	holds out "$(printf '\033')"
	expect 1 '' "$sockdrill" compare r.jsonl b.jsonl --report json:c.json --report markdown:c.md
	[ ! -s out ] || not_so "reports in files leave nothing for standard output" out
	same "end of a report in a file" "$(tail -c 9 c.json)" '"new":1}'
	holds c.md '</details>'
	expect 1 '' "$sockdrill" compare r.jsonl b.jsonl --html c.html
	holds c.html '<!DOCTYPE html>' '</html>'
	for file in empty.jsonl bad.jsonl missing.jsonl cut.jsonl torn.jsonl version.jsonl .; do
		sed 's/"tool":"[^"]*"/"tool":"sockdrill 0.0.1"/' r.jsonl >version.jsonl
		expect 2 "$file" "$sockdrill" compare r.jsonl "$file"
		one_line
		expect 2 "$file" "$sockdrill" compare "$file" r.jsonl
		one_line
	done
	# What a run did not come to is not taken for what a system lacks.
	expect 2 'cannot compare stopped.jsonl: --fail-fast ended its run, and ' "$sockdrill" compare r.jsonl stopped.jsonl
	one_line
	expect 0 '' "$sockdrill" run recv_sa_restart/inet --report jsonl:one.jsonl
	expect 0 'differs from one in 0 of 1' \
		"$sockdrill" compare one.jsonl stopped.jsonl --only recv_sa_restart/inet
	for args in 'r.jsonl' '' '--report=word' '--report=json:' '--color=blue' '--only=a[' '--no-such-flag' \
		'r.jsonl b.jsonl --report json --report pretty' '--report'; do
		# shellcheck disable=SC2086 # several words
		expect 2 'sockdrill compare: ' "$sockdrill" compare $args
		one_line
	done
	expect 3 'cannot write' "$sockdrill" compare r.jsonl b.jsonl --report json:no/such/directory
	expect 2 'mix in ./x: ' "$sockdrill" compare r.jsonl b.jsonl --report json:x --html ./x
	expect 3 'cannot write' sh -c "'$sockdrill' compare r.jsonl b.jsonl >&-"
	if [ -w /dev/full ]; then
		for report in pretty markdown json html; do
			expect 3 'cannot write' sh -c "'$sockdrill' compare r.jsonl b.jsonl --report $report >/dev/full"
			expect 3 'cannot write' "$sockdrill" compare r.jsonl b.jsonl --report "$report:/dev/full"
			one_line
		done
	fi
	same "what is half-written and stays" "$(find . -name '*.part')" ''
else
	expect 2 'no reader' "$sockdrill" run --rerun-failed r.jsonl
fi

finish "the command line is as documented"
