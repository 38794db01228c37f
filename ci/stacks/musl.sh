#!/bin/sh
# musl.sh -- musl, linked statically, on the machine's own kernel.
# usage: musl.sh [FILE]     results go to FILE, reports/stacks/musl.jsonl by default
set -u
cd "$(dirname "$0")/../.." || exit 99
. ci/stacks/common.sh

need_packages gcc musl-tools linux-libc-dev meson ninja-build netbase
build_runner build-musl --native-file ci/musl.ini
run_here build-musl "musl/$(package_version musl-dev)" reports/expected/musl.expect \
	"${1:-reports/stacks/musl.jsonl}"
