#!/bin/sh
# oss_fuzz.sh -- runs fuzz/oss-fuzz/build.sh with the variables that OSS-Fuzz sets, and looks at what it made.
# usage: oss_fuzz.sh
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src" "$work/out" "$work/work"
ln -s "$PWD" "$work/src/sockdrill"

for sanitizer in address undefined; do
	rm -rf "$work/out" && mkdir "$work/out"
	flags="-O1 -gline-tables-only -fsanitize=$sanitizer -fsanitize=fuzzer-no-link"
	SRC=$work/src OUT=$work/out WORK=$work/work SANITIZER=$sanitizer FUZZING_ENGINE=libfuzzer ARCHITECTURE=x86_64 \
		CC=clang CXX=clang++ CFLAGS=$flags CXXFLAGS=$flags LIB_FUZZING_ENGINE=-fsanitize=fuzzer \
		bash -eu fuzz/oss-fuzz/build.sh >"$work/log" 2>&1 || {
		cat "$work/log"
		exit 1
	}
	count=0
	for source in fuzz/targets/*.c; do
		target=fuzz_$(basename "$source" .c)
		# Targets that need more than the parsers are not built without their libraries.
		[ -e "$work/out/$target" ] || continue
		count=$((count + 1))
		for file in "${target}_seed_corpus.zip" "$target.options" "$target.dict"; do
			[ -s "$work/out/$file" ] && continue
			echo "oss_fuzz.sh: $file was not made"
			exit 1
		done
		rm -rf "$work/seeds" && mkdir "$work/seeds"
		unzip -q "$work/out/${target}_seed_corpus.zip" -d "$work/seeds"
		"$work/out/$target" -runs=0 -dict="$work/out/$target.dict" "$work/seeds" >"$work/log" 2>&1 || {
			cat "$work/log"
			exit 1
		}
		echo "$sanitizer: $target runs its $(find "$work/seeds" -type f | wc -l) seeds"
	done
	[ "$count" -gt 0 ] || {
		echo "oss_fuzz.sh: no target was built"
		exit 1
	}
done
