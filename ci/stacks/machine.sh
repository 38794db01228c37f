# machine.sh -- Debian's kernel for virtual machines in an emulated one, x86_64 or aarch64; to be sourced by the
# scripts that boot it, after common.sh.
#
# The kernel is extracted, not installed. Everything else is in an initial RAM disk: the static runner, a command
# as the child of guest_init.c, a shell, and the few files that cases look for. What comes leaves through serial
# ports. The processor is emulated (TCG) and slow, so the guest's clock counts its instructions (-icount): no wait
# is too short and none too long because this machine is busy, and no --timeout-multiplier is needed. With a
# clock of its own a starved guest's time-outs came 20 ms early: its tick lagged behind. There is one processor.

# Sets what machine $1 needs: the directory `place` of everything made for it, `packages` that emulate and build,
# the package `kernel` and its `debian` architecture and the build directory of its `runner`.
know_machine() {
	machine=$1
	case $machine in
	x86_64)
		place=$PWD/build-qemu debian=amd64 runner=build-musl
		packages="gcc musl-tools linux-libc-dev qemu-system-x86"
		;;
	aarch64)
		place=$PWD/build-qemu-aarch64 debian=arm64 runner=build-aarch64-static
		packages="clang binutils-aarch64-linux-gnu libc6-dev-arm64-cross libgcc-12-dev-arm64-cross qemu-system-arm"
		;;
	*) give_up "no machine '$machine': x86_64 or aarch64" ;;
	esac
	kernel=linux-image-cloud-$debian root=$place/root debs=$place/debs
}

# The machine's C compiler, with the further arguments.
machine_cc() {
	case $machine in
	x86_64) musl-gcc -idirafter /usr/include "$@" ;;
	aarch64) clang --target=aarch64-linux-gnu "$@" ;;
	esac
}

# Builds the machine's static runner.
build_machine_runner() {
	case $machine in
	x86_64) build_runner "$runner" --native-file ci/musl.ini ;;
	aarch64) build_runner "$runner" --cross-file ci/stacks/aarch64.ini -Dc_link_args=-static ;;
	esac
}

# Installs and builds what the machine needs, and fills its `root` but for the command. Sets `version`, the kernel's.
make_machine() {
	# shellcheck disable=SC2086 # a list of words
	need_packages meson ninja-build netbase cpio $packages
	build_machine_runner
	[ "$(dpkg --print-architecture)" = "$debian" ] || use_packages_of "$debian" "$place/apt"
	image=$(apt-cache depends "$kernel" | sed -n 's/^ *Depends: //p' | head -n 1)
	[ -n "$image" ] || give_up "Debian's $kernel is not known: try apt-get update"
	unpack_packages "$debs" "$image" busybox-static
	version=$(dpkg-deb -f "$debs/deb/${image}_"*.deb Version | kept)

	# What other stacks see in /media lies there already.
	rm -rf "$root" && for dir in proc sys dev tmp mnt etc bin; do mkdir -p "$root/$dir" || break; done &&
		cp "$debs/bin/busybox" "$root/bin/sh" && cp /etc/services /etc/protocols "$root/etc" &&
		printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts" || give_up "cannot fill $root"
	make_guest "$root/media" "$runner" machine_cc
	copy_modules "$root/media/modules" "$debs/lib/modules/${image#linux-image-}" sch_netem
}

# Boots the machine and waits for its end: the guest's command has then left run.jsonl, run.txt and status in `out`.
boot_machine() {
	(cd "$root" && find . | cpio --quiet -o -H newc | gzip -1) >"$place/root.cpio.gz" ||
		give_up "cannot pack $root"
	out=$place/out
	mkdir -p "$out" && rm -f "$out"/* "$out.log" || give_up "cannot make $out"
	set -- -accel tcg -icount shift=1,sleep=off -m 512M -nodefaults -display none -no-reboot \
		-kernel "$debs/boot/vmlinuz-${image#linux-image-}" -initrd "$place/root.cpio.gz" -serial "file:$out.log"
	case $machine in
	x86_64)
		set -- "$@" -M pc -cpu max -append "console=ttyS0 quiet panic=-1 rdinit=/media/init -- - 1" \
			-serial "file:$out/run.jsonl" -serial "file:$out/run.txt" -serial "file:$out/status"
		;;
	aarch64)
		# Signed pointers as the processor's makers have them cost a third of the time.
		set -- "$@" -M virt -cpu max,pauth-impdef=on \
			-append "console=ttyAMA0 quiet panic=-1 rdinit=/media/init -- - 0"
		for file in run.jsonl run.txt status; do
			set -- "$@" -chardev "file,id=$file,path=$out/$file" -device "pci-serial,chardev=$file"
		done
		;;
	esac
	timeout -k 5 600 "qemu-system-$machine" "$@" </dev/null || give_up "qemu ended with $?: see $out.log"
}
