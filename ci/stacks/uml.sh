#!/bin/sh
# uml.sh -- runs the cases on user-mode Linux, Debian's kernel that is a program: Linux 6.1 with netem.
# usage: uml.sh [FILE [ARGUMENT...]]     results go to FILE, reports/stacks/uml.jsonl by default; none with -
#        arguments are those of sockdrill run, one word each, such as -v and names of cases
#
# The guest's root is this machine's, read-only; the results come through a directory that both see. The kernel
# is told its security modules: with SELinux, which Debian's configuration brings up, bind() to an address of
# the wrong family gives EINVAL where Linux by itself gives EAFNOSUPPORT. IPv6 and netem are modules.
# It lacks MPTCP and a second processor; what is skipped for which reason the run itself tells.
set -u
cd "$(dirname "$0")/../.." || exit 99
. ci/stacks/common.sh

results=${1:-reports/stacks/uml.jsonl}
[ "$#" -eq 0 ] || shift
need_packages gcc musl-tools meson ninja-build user-mode-linux
build_runner build-musl --native-file ci/musl.ini
release=$(find /usr/lib/uml/modules -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -V | tail -n 1)
guest=$PWD/build-uml
make_guest "$guest" build-musl musl-gcc -idirafter /usr/include
tell_guest_to_run "$guest" --stack "uml/$release" --timeout-multiplier 5 \
	--expect "$PWD/reports/expected/musl.expect" "$@"
copy_modules "$guest/modules" "/usr/lib/uml/modules/$release" crc-ccitt ipv6 sch_netem
gcc -O1 -o "$guest/start" ci/stacks/uml_start.c || give_up "cannot build uml_start"

timeout -k 5 300 "$guest/start" linux.uml mem=512M root=98:0 rootfstype=hostfs rootflags=/ ro "init=$guest/init" \
	lsm=landlock quiet con=null con0=fd:0,fd:1 -- "$guest" - </dev/null >"$guest/out.log" 2>&1
finish_guest "$guest/out" "$results"
