#!/bin/sh
# pipe_test.sh -- output whose reader has gone, as in "sockdrill run | head -1", ends a command early: silently, by
# SIGPIPE as other programs, and with nothing left behind. usage: pipe_test.sh SOCKDRILL
set -u
sockdrill=$(realpath "$1")
# shellcheck source=harness/cli/expect.sh
. "$(dirname "$0")/expect.sh"
# A copy under a name of its own tells its processes from all others.
name=sp$$
cp "$sockdrill" $name && mkdir tmp || exit 99

# closed DISPOSITION COMMAND...: runs it with SIGPIPE as it is by DEFAULT or with IGNORE; standard output is a pipe
# that nobody reads. What it says on standard error is in `err`.
closed() {
	TMPDIR=$dir/tmp perl -e 'pipe R, W; close R; open STDOUT, ">&W"; $SIG{PIPE} = shift; exec @ARGV' "$@" 2>err
}

# left_nothing WHAT: no process, no temporary file, no half-written file.
left_nothing() {
	_left=$(await_end $name)
	[ -z "$_left" ] || not_so "$1 leaves no process: $_left"
	same "$1: what is left of temporary files" "$(ls -A tmp)" ''
	same "$1: what is half-written and stays" "$(find . -name '*.part')" ''
}

for isolation in auto none; do
	rm -f run.*
	closed DEFAULT ./$name run --isolation $isolation --keep --report tap --report jsonl:run.jsonl --report junit:run.xml
	same "status of a run without a reader" $? 141
	grep -v '^sockdrill run: kept ' err >said
	[ ! -s said ] || not_so "it says nothing" said
	rm -rf tmp/*
	left_nothing "a run without a reader"
	holds run.jsonl '"type":"run"'
	# The other reports are whole, and say why so much is missing.
	holds run.jsonl '"type":"end","complete":false,"ended_by":"signal","detail":"SIGPIPE"'
	holds run.xml 'message="interrupted by SIGPIPE, ' '</testsuites>'

	closed IGNORE ./$name run --isolation $isolation --report tap
	same "its status where SIGPIPE is ignored" $? 3
	same "what it says then" "$(cat err)" 'sockdrill run: standard output was closed by its reader'
	left_nothing "a run that ignores SIGPIPE"
done

# What only the end of the run writes: the other reports are whole.
rm -f run.*
closed DEFAULT ./$name run recv_zero_on_orderly_close/inet --report markdown --report jsonl:run.jsonl --report junit:run.xml
same "status of a run whose report has no reader" $? 141
holds run.jsonl '"type":"end"'
holds run.xml '</testsuites>'
left_nothing "a run whose report has no reader"

for command in list doctor 'list --json' 'run recv_* --max-wait 0 --disturb -v'; do
	# shellcheck disable=SC2086 # several words
	closed DEFAULT ./$name $command
	same "status of $command" $? 141
	[ ! -s err ] || not_so "$command says nothing" err
	left_nothing "$command"
	# shellcheck disable=SC2086
	closed IGNORE ./$name $command
	same "status of $command where SIGPIPE is ignored" $? 3
	same "lines that it says" "$(wc -l <err)" 1
done
finish "who is not read ends early and leaves nothing"
