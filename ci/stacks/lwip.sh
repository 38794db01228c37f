#!/bin/sh
# lwip.sh -- runs the cases on lwIP, the TCP/IP stack for small systems, as a library in the runner's own processes.
# usage: lwip.sh [FILE [ARGUMENT...]]     results go to FILE, reports/stacks/lwip.jsonl by default; none with -
#        arguments are those of sockdrill run, such as -v and names of cases
#
# What it lacks the run itself tells: skips by reason. There is one process for both roles of a pair.
# lwIP is Debian's source package, built with the options of ci/stacks/lwip/lwipopts.h below build-lwip/.
set -u
cd "$(dirname "$0")/../.." || exit 3
. ci/stacks/common.sh

file=${1:-reports/stacks/lwip.jsonl}
[ "$#" -eq 0 ] || shift
place=$PWD/build-lwip

# apt-get with source packages in its list, in a directory of its own: the machine's own lists stay as they are.
apt() {
	apt-get -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$place/apt/parts" \
		-o Dir::State::lists="$place/apt/lists" -o Dir::Cache="$place/apt/cache" -o APT::Sandbox::User= "$@"
}

# The machine's own sources of the release it runs, as sources of source packages.
list_sources() {
	mkdir -p "$place/apt/parts" "$place/apt/lists/partial" "$place/apt/cache/archives/partial" || return 1
	for list in /etc/apt/sources.list.d/*.sources; do
		[ -e "$list" ] && sed 's/^Types:.*/Types: deb-src/' "$list" >"$place/apt/parts/${list##*/}"
	done
	for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -e "$list" ] && sed -n 's/^deb /deb-src /p' "$list" >"$place/apt/parts/${list##*/}"
	done
	return 0
}

# Unpacks Debian's lwIP, with Debian's patches (its port to POSIX threads is one), at build-lwip/source.
get_source() {
	[ -e "$place/source/src/core/init.c" ] && return 0
	list_sources || return 1
	(
		cd "$place" && apt update && apt source --download-only lwip &&
			rm -rf source && dpkg-source --no-check -x lwip_*.dsc source
	) >"$place/source.log" 2>&1
}

# Later releases of Debian have a later lwIP, without Debian's own port.
has_port() {
	[ -e "$place/source/port/include/posix/sockets.h" ]
}

# Makes build-lwip/liblwip.a; the list of objects is lwIP's own choice of files, without link layers.
build_library() {
	rm -rf "$place/objects" && mkdir -p "$place/objects" || return 1
	(
		cd "$place/objects" &&
			printf '%s\n' ../source/src/core/*.c ../source/src/core/ipv4/*.c ../source/src/core/ipv6/*.c \
				../source/src/api/*.c ../source/port/sys_arch.c |
			xargs -n 10 -P "$(nproc)" cc -c -g -O1 -w -fno-pie -D_GNU_SOURCE -I ../../ci/stacks/lwip \
				-I ../source/src/include -I ../source/port/include
	) && rm -f "$place/liblwip.a" && ar rc "$place/liblwip.a" "$place"/objects/*.o
}

need_packages dpkg-dev gcc libc6-dev meson ninja-build binutils
mkdir -p "$place" || give_up "cannot make $place"
get_source || give_up "cannot get lwIP's source package: see $place/source.log"
has_port || give_up "this release's lwIP has no port/include/posix: run this on Debian 12"
build_library || give_up "cannot build lwIP from $place/source"
# What the runner itself computes is little.
build_runner "$place/runner" -Dos=lwip -Dlwip="$place" -Doptimization=0 -Ddebug=false
version=$(sed -n 's/^Version: //p' "$place"/lwip_*.dsc | head -n 1 | kept)
run_here "$place/runner" "lwip/$version" reports/expected/lwip.expect "$file" "$@"
