#!/bin/sh
# qemu.sh -- runs the cases on the kernel that Debian makes for virtual machines, Linux 6.1, in an emulated PC or
# an emulated machine of 64-bit ARM.
# usage: qemu.sh [x86_64|aarch64] [FILE [ARGUMENT...]]     x86_64 is the default; results go to FILE, by default
#        reports/stacks/qemu.jsonl or qemu-aarch64.jsonl; none with -; arguments are those of sockdrill run, one
#        word each, such as -v and names of cases
#
# machine.sh tells how. What is skipped for which reason the run itself tells.
set -u
cd "$(dirname "$0")/../.." || exit 99
. ci/stacks/common.sh
. ci/stacks/machine.sh

machine=x86_64 stack=qemu expected=reports/expected/musl.expect
case ${1:-} in
x86_64) shift ;;
aarch64)
	machine=aarch64 stack=qemu-aarch64 expected=/dev/null
	shift
	;;
esac
results=${1:-reports/stacks/$stack.jsonl}
[ "$#" -eq 0 ] || shift
know_machine "$machine"
make_machine
cp "$expected" "$root/media/expect" || give_up "cannot fill $root"
tell_guest_to_run "$root/media" --stack "$stack/$version" --expect /media/expect "$@"
boot_machine
finish_guest "$out" "$results"
