#!/bin/sh
# linux.sh -- the machine's own kernel and C library: what all other stacks are compared with.
# usage: linux.sh [FILE [ARGUMENT...]]     results go to FILE, reports/stacks/linux.jsonl by default; none with -
#        arguments are those of sockdrill run, such as -v and names of cases
set -u
cd "$(dirname "$0")/../.." || exit 99
. ci/stacks/common.sh
file=${1:-reports/stacks/linux.jsonl}
[ "$#" -eq 0 ] || shift

need_packages gcc libc6-dev meson ninja-build netbase
build_runner build-runner
run_here build-runner "linux/$(uname -r | kept)" /dev/null "$file" "$@"
