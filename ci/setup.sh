#!/bin/sh
# setup.sh -- installs what is missing to build and test, from Debian's packages.
# usage: setup.sh run|test     run: what the program needs; test: what its tests need, too
set -eu

packages="gcc libc6-dev meson ninja-build pkg-config libjansson-dev netbase"
if [ "${1:-test}" = test ]; then
	packages="$packages clang clang-format clang-tidy musl-tools libcriterion-dev"
	# Fuzzing: engines and their runtime, stacks with names, coverage, what makes seeds and packs them.
	packages="$packages afl++ libclang-rt-14-dev llvm llvm-14 g++ python3 zip unzip"
	# What judges the protocol parsers, and the pages. Node.js of other origin than Debian brings its npm along.
	packages="$packages python3-dnspython chromium tidy"
	# What reads reports: TAP, which meson does, too, and the schema of results files.
	packages="$packages perl python3-jsonschema"
	# What reads the files of packets.
	packages="$packages tshark"
	command -v npm >/dev/null || packages="$packages nodejs npm"
	# What programs of 64-bit ARM are compiled with.
	packages="$packages libc6-dev-arm64-cross"
	# What traces are held against. Traced programs in Java and Go are tried where these are installed.
	packages="$packages strace"
	# Programs of 32 bits, where the machine's compiler can make them.
	[ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ] && packages="$packages gcc-multilib"
fi

missing=""
for package in $packages; do
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
		missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
	echo "setup.sh: missing:$missing: install them, or run this as root" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
apt-get install -y -qq --no-install-recommends $missing
