#!/bin/sh
# trace_aarch64.sh -- shows that sockdrill trace works on a kernel for 64-bit ARM, in an emulated machine: holds its
# log against Debian's strace there, and its faults against what programs see. Ends with 0 when all is right.
# usage: trace_aarch64.sh     trace/check.sh is what runs there; it runs on this machine, too. How far it has come
#        stands in build-qemu-aarch64/out.log
set -u
cd "$(dirname "$0")/../.." || exit 99
. ci/stacks/common.sh
. ci/stacks/machine.sh

know_machine aarch64
make_machine

# strace is linked dynamically: its C library comes along.
unpack_packages "$debs" strace libc6
mkdir -p "$root/usr/bin" "$root/lib/aarch64-linux-gnu" &&
	cp "$debs/usr/bin/strace" "$root/usr/bin/strace" &&
	cp -L "$debs/lib/aarch64-linux-gnu/libc.so.6" "$root/lib/aarch64-linux-gnu/" &&
	cp -L "$debs/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1" "$root/lib/" || give_up "cannot fill $root"
for applet in awk cat diff dirname grep head kill rm sed tail timeout tr uname wc; do
	ln -s sh "$root/bin/$applet" || give_up "cannot fill $root"
done
cp ci/stacks/trace/check.sh ci/stacks/trace/calls.awk harness/trace/calls.def "$root/media" &&
	machine_cc -D_GNU_SOURCE -Wall -Wextra -O1 -static -o "$root/media/traced" ci/stacks/trace/traced.c ||
	give_up "cannot build traced"
tell_guest "$root/media" /bin/sh -c \
	'cd /tmp && exec sh /media/check.sh /media/sockdrill /media/traced strace /media/calls.def 2>/dev/console'
boot_machine
finish_guest "$out" -
