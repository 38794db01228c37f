#!/bin/sh
# qemu-user.sh -- runs the cases as programs of another processor, whose system calls qemu translates to this kernel's.
# usage: qemu-user.sh [s390x|aarch64 [FILE [ARGUMENT...]]]     s390x, the default, is big-endian; results go to
#        FILE, reports/stacks/qemu-user-MACHINE.jsonl by default; none with -; arguments are those of sockdrill run
#
# The sockets are this kernel's; what is under test is the translation, and the byte order of the cases. Worlds
# have no PIDs of their own: qemu makes no process in new namespaces, but lets one enter them. Netem is this
# kernel's, too, and missing where it lacks it. What is skipped for which reason the run itself tells.
# clang compiles: Debian's cross gcc would remove gcc-multilib, of which other parts of CI have need.
set -u
cd "$(dirname "$0")/../.." || exit 99
. ci/stacks/common.sh

machine=${1:-s390x}
case $machine in
s390x) library=s390x ;;
aarch64) library=arm64 ;;
*) give_up "no machine '$machine': s390x or aarch64" ;;
esac
need_packages clang meson ninja-build netbase qemu-user-static "binutils-$machine-linux-gnu" \
	"libc6-dev-$library-cross" "libgcc-12-dev-$library-cross"
build_runner "build-$machine" --cross-file "ci/stacks/$machine.ini"

# Processes of both roles are emulated: everything takes a few times as long.
file=${2:-reports/stacks/qemu-user-$machine.jsonl}
[ "$#" -lt 2 ] || shift
[ "$#" -eq 0 ] || shift
raw=$(mktemp) || give_up "cannot make a file: set TMPDIR to a writable directory"
timeout -k 5 300 "qemu-$machine-static" -L "/usr/$machine-linux-gnu" "build-$machine/sockdrill" run \
	--stack "qemu-user-$machine/$(package_version qemu-user-static)" --timeout-multiplier 2 \
	--expect "reports/expected/qemu-user-$machine.expect" --report pretty --report "jsonl:$raw" "$@"
status=$?
[ "$status" -gt 1 ] || record "$raw" "$file"
rm -f "$raw"
exit "$status"
