#!/bin/sh
# i386.sh -- a program of 32 bits on the machine's own kernel of 64: its compatibility system calls.
# usage: i386.sh [FILE [ARGUMENT...]]     results go to FILE, reports/stacks/i386.jsonl by default; none with -
#        arguments are those of sockdrill run, such as -v and names of cases
set -u
cd "$(dirname "$0")/../.." || exit 99
. ci/stacks/common.sh
file=${1:-reports/stacks/i386.jsonl}
[ "$#" -eq 0 ] || shift

[ "$(uname -m)" = x86_64 ] || give_up "only a machine of 64 bits has compatibility system calls: this is $(uname -m)"
# Not gcc-multilib: cross compilers conflict with it. All it adds is a link to the kernel's headers, which
# are those of 64 bits. Static, so that it finds its libraries when they are for this alone.
need_packages gcc libc6-dev-i386 "lib32gcc-$(gcc -dumpversion)-dev" linux-libc-dev meson ninja-build netbase
headers="-idirafter /usr/include/$(gcc -print-multiarch)"
build_runner build-i386 -Dc_args="-m32 $headers" -Dc_link_args="-m32 -static"
run_here build-i386 "i386/$(package_version libc6-dev-i386)" reports/expected/i386.expect "$file" "$@"
