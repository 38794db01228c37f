#!/bin/sh
# lwip.sh -- runs the cases on lwIP, the TCP/IP stack for small systems, as a library in the runner's own processes.
# usage: lwip.sh [OUT.jsonl]     results; reports/stacks/lwip.jsonl by default
#
# lwIP is Debian's source package, built with the options of ci/stacks/lwip/lwipopts.h below build-lwip/.
set -u
cd "$(dirname "$0")/../.." || exit 3
. ci/stacks/common.sh

out=${1:-reports/stacks/lwip.jsonl}
dir=$PWD/build-lwip

# apt-get with source packages in its list, in a directory of its own: the machine's own lists stay as they are.
apt() {
	apt-get -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$dir/apt/parts" \
		-o Dir::State::lists="$dir/apt/lists" -o Dir::Cache="$dir/apt/cache" -o APT::Sandbox::User= "$@"
}

# The machine's own sources of the release it runs, as sources of source packages.
list_sources() {
	mkdir -p "$dir/apt/parts" "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial" || return 1
	for file in /etc/apt/sources.list.d/*.sources; do
		[ -e "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$dir/apt/parts/${file##*/}"
	done
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -e "$file" ] && sed -n 's/^deb /deb-src /p' "$file" >"$dir/apt/parts/${file##*/}"
	done
	return 0
}

# Unpacks Debian's lwIP, with Debian's patches (its port to POSIX threads is one), at build-lwip/source.
get_source() {
	[ -e "$dir/source/src/core/init.c" ] && return 0
	list_sources || return 1
	(
		cd "$dir" && apt update && apt source --download-only lwip &&
			rm -rf source && dpkg-source --no-check -x lwip_*.dsc source
	) >"$dir/source.log" 2>&1
}

# Makes build-lwip/liblwip.a; the list of objects is lwIP's own choice of files, without link layers.
build_library() {
	rm -rf "$dir/objects" && mkdir -p "$dir/objects" || return 1
	(
		cd "$dir/objects" &&
			cc -c -g -O1 -w -fno-pie -D_GNU_SOURCE -I ../../ci/stacks/lwip -I ../source/src/include \
				-I ../source/port/include ../source/src/core/*.c ../source/src/core/ipv4/*.c \
				../source/src/core/ipv6/*.c ../source/src/api/*.c ../source/port/sys_arch.c
	) && rm -f "$dir/liblwip.a" && ar rc "$dir/liblwip.a" "$dir"/objects/*.o
}

# What lwIP lacks, from the reasons of the skips.
say_lacks() {
	echo "skipped on lwIP, by reason:"
	sed -n 's/.*"verdict":"skip".*"reason":"\([^"]*\)".*/\1/p' "$out" | LC_ALL=C sort | uniq -c | sort -rn
}

need_packages dpkg-dev gcc libc6-dev meson ninja-build
mkdir -p "$dir" || give_up "cannot make $dir"
get_source || give_up "cannot get lwIP's source package: see $dir/source.log"
build_library || give_up "cannot build lwIP from $dir/source"
build_runner "$dir/runner" -Dos=lwip -Dlwip="$dir"
version=$(sed -n 's/^Version: //p' "$dir"/lwip_*.dsc | head -n 1 | tr -c 'A-Za-z0-9._+-\n' '.')
"$dir/runner/sockdrill" run --stack "lwip/$version" --report "jsonl:$dir/run.jsonl" \
	--expect reports/expected/lwip.expect
status=$?
mkdir -p "$(dirname "$out")"
record "$dir/run.jsonl" "$out"
say_lacks
exit "$status"
