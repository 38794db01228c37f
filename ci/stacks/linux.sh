#!/bin/sh
# linux.sh -- the machine's own kernel and C library: what all other stacks are compared with.
# usage: linux.sh [FILE]     results go to FILE, reports/stacks/linux.jsonl by default
set -u
cd "$(dirname "$0")/../.." || exit 99
. ci/stacks/common.sh

need_packages gcc libc6-dev meson ninja-build netbase
build_runner build-runner
run_here build-runner "linux/$(uname -r | kept)" /dev/null "${1:-reports/stacks/linux.jsonl}"
