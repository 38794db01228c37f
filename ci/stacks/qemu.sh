#!/bin/sh
# qemu.sh -- runs the cases on the kernel that Debian makes for virtual machines, Linux 6.1, in an emulated PC.
# usage: qemu.sh [FILE [ARGUMENT...]]     results go to FILE, reports/stacks/qemu.jsonl by default; none with -
#        arguments are those of sockdrill run, one word each, such as -v and names of cases
#
# The kernel is extracted, not installed. Everything else is in an initial RAM disk: the static runner as the
# child of guest_init.c, a shell, and the few files that cases look for. The results come through serial ports.
# The processor is emulated (TCG) and slow, so the guest's clock counts its instructions (-icount): no wait is too
# short and none too long because this machine is busy, and no --timeout-multiplier is needed. With a clock of
# its own a starved guest's time-outs came 20 ms early: its tick lagged behind. There is one processor only; what
# is skipped for which reason the run itself tells.
set -u
cd "$(dirname "$0")/../.." || exit 99
. ci/stacks/common.sh

results=${1:-reports/stacks/qemu.jsonl}
[ "$#" -eq 0 ] || shift
need_packages gcc musl-tools linux-libc-dev meson ninja-build netbase qemu-system-x86 cpio
build_runner build-musl --native-file ci/musl.ini
debs=$PWD/build-qemu/debs
image=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: //p' | head -n 1)
[ -n "$image" ] || give_up "Debian's linux-image-cloud-amd64 is not known: try apt-get update"
unpack_packages "$debs" "$image" busybox-static
version=$(dpkg-deb -f "$debs/deb/${image}_"*.deb Version | kept)

# The RAM disk: what other stacks see in /media lies there already.
root=$PWD/build-qemu/root
rm -rf "$root" && mkdir -p "$root/proc" "$root/sys" "$root/dev" "$root/tmp" "$root/mnt" "$root/etc" "$root/bin" ||
	give_up "cannot make $root"
cp "$debs/bin/busybox" "$root/bin/sh" && cp /etc/services /etc/protocols "$root/etc" &&
	printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts" ||
	give_up "cannot fill $root"
make_guest "$root/media" --stack "qemu/$version" --expect /media/expect "$@"
cp reports/expected/musl.expect "$root/media/expect" || give_up "cannot fill $root"
copy_modules "$root/media/modules" "$debs/lib/modules" sch_netem
(cd "$root" && find . | cpio --quiet -o -H newc | gzip -1) >build-qemu/root.cpio.gz || give_up "cannot pack $root"

out=$PWD/build-qemu/out
mkdir -p "$out" && rm -f "$out"/*
timeout -k 5 600 qemu-system-x86_64 -M pc -accel tcg -icount shift=1,sleep=off -cpu max -m 512M -nodefaults \
	-display none -no-reboot -kernel "$debs/boot/vmlinuz-${image#linux-image-}" -initrd build-qemu/root.cpio.gz \
	-append "console=ttyS0 quiet panic=-1 rdinit=/media/init -- - ports" -serial "file:$out.log" \
	-serial "file:$out/run.jsonl" -serial "file:$out/run.txt" -serial "file:$out/status" </dev/null ||
	give_up "qemu ended with $?: see $out.log"
finish_guest "$out" "$results"
