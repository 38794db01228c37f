#!/bin/sh
# bare_machine_test.sh -- on a machine without /etc and /dev everything runs that needs no file of them; what does is
# skipped, and says what is missing. usage: bare_machine_test.sh SOCKDRILL
set -u
sockdrill=$(realpath "$1")
# shellcheck source=harness/cli/expect.sh
. "$(dirname "$0")/expect.sh"

# bare COMMAND...: runs it where /etc and /dev are empty.
bare() {
	# shellcheck disable=SC2016 # the inner shell's words
	unshare --map-root-user --mount sh -c '
		mount -t tmpfs -o mode=755 none /etc && mount -t tmpfs -o mode=755 none /dev || exit 99
		"$@"
		status=$?
		[ -z "$(ls -A /dev)" ] || echo "NOT SO: nothing is made in /dev: $(ls -A /dev)"
		exit $status' sh "$@"
}

# skipped CASE TEXT: it was skipped, and the reason holds TEXT.
skipped() {
	grep "\"case\":\"$1\"" run.jsonl >results
	grep '"verdict":"skip"' results | grep -qF "$2" || not_so "$1 is skipped, because of $2" results
}

bare true 2>why || {
	echo "no mount namespace can be made here: $(cat why)"
	exit 77
}

# failed FILE: the cases of a results file that did not do well, sorted.
failed() {
	sed -En 's/.*"case":"([^"]*)","family":"([^"]*)","verdict":"(fail|broken|timeout|flaky)".*/\1\/\2/p' "$1" | sort
}

"$sockdrill" run --max-wait 1000 --report jsonl >usual.jsonl
failed usual.jsonl >usual
for isolation in auto none; do
	bare "$sockdrill" run --isolation $isolation --max-wait 1000 --report jsonl >run.jsonl 2>&1
	holds run.jsonl '{"type":"end"'
	lacks run.jsonl 'NOT SO'
	failed run.jsonl | comm -23 - usual >others
	[ ! -s others ] || not_so "nothing fails for a missing file" others
	skipped name_gai_empty_host /etc/hosts
	skipped name_gai_localhost_v4 /etc/hosts
	skipped name_getservbyname_basic /etc/services
	skipped listen_enotsock /dev/null
	skipped names_getsockname_ebadf_enotsock /dev/null
	grep '"case":"fd_exec_cloexec_closes"' run.jsonl >results
	grep -q '"verdict":"pass"' results || not_so "a case with a shell passes all the same" results
done
finish "what a bare machine lacks is skipped, the rest runs"
