#!/bin/sh
# gvisor.sh -- gVisor, whose sockets are of its own making: TCP/IP (netstack) and AF_UNIX in Go. All cases run in
# one sandbox, on its ptrace platform, which needs nothing of the machine.
# usage: gvisor.sh [FILE [ARGUMENT...]]     results go to FILE, reports/stacks/gvisor.jsonl by default; none with -
#        arguments are those of sockdrill run, such as -v and names of cases
set -u
cd "$(dirname "$0")/../.." || exit 99
. ci/stacks/common.sh
file=${1:-reports/stacks/gvisor.jsonl}
[ "$#" -eq 0 ] || shift

need_packages gcc g++ libc6-dev golang-go golang-gvisor-gvisor-dev meson ninja-build netbase
version=$(package_version golang-gvisor-gvisor-dev)
runsc=$PWD/build-gvisor/runsc-$version
# Go takes a minute, so what it made of this version is kept.
[ -x "$runsc" ] || sh ci/stacks/gvisor/build.sh build-gvisor "$runsc" || give_up "cannot build runsc"
# The C library of the machine, as in linux.sh: what differs is the kernel's. Static, so that a sandbox that
# shows the machine's files is all that it needs.
build_runner build-static -Dc_link_args=-static
scratch=$(mktemp -d) || give_up "cannot make a directory: set TMPDIR to a writable one"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 3' HUP INT TERM

# What the sandbox writes to files is discarded, so results leave by its standard output and all else by its
# standard error. Both must be pipes: into a regular file it writes from the beginning again and again.
# Every system call of a case costs two stops of a traced process, so waits and limits are stretched.
# shellcheck disable=SC2016 # for the shell inside
inside='results=$(mktemp) || exit 3
stack=$1
shift
"$0" run --stack "$stack" --expect reports/expected/gvisor.expect --timeout-multiplier 5 \
	--report pretty --report "jsonl:$results" "$@" >&2
status=$?
cat "$results"
exit "$status"'
echo 3 >"$scratch/status"
{
	{
		TMPDIR=$scratch "$runsc" --root="$scratch/state" --platform=ptrace --network=none --ignore-cgroups --net-raw \
			"do" sh -c "$inside" "$PWD/build-static/sockdrill" "gvisor/$version" "$@" </dev/null
		echo $? >"$scratch/status"
	} 2>&1 >&3 | cat >&2
} 3>&1 | cat >"$scratch/results"
status=$(cat "$scratch/status")
[ "$status" -le 1 ] || give_up "the run in the sandbox ended with status $status"
record "$scratch/results" "$file"
exit "$status"
