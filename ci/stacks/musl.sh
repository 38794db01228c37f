#!/bin/sh
# musl.sh -- musl, linked statically, on the machine's own kernel.
# usage: musl.sh [FILE [ARGUMENT...]]     results go to FILE, reports/stacks/musl.jsonl by default; none with -
#        arguments are those of sockdrill run, such as -v and names of cases
set -u
cd "$(dirname "$0")/../.." || exit 99
. ci/stacks/common.sh
file=${1:-reports/stacks/musl.jsonl}
[ "$#" -eq 0 ] || shift

need_packages gcc musl-tools linux-libc-dev meson ninja-build netbase
build_runner build-musl --native-file ci/musl.ini
run_here build-musl "musl/$(package_version musl-dev)" reports/expected/musl.expect "$file" "$@"
