#!/bin/sh
# parsers.sh -- runs per second of each fuzz target beside a target that does nothing, in turns with the same
# corpus, and bytes per second of two parsers. Prints a line per figure: name value unit.
# usage: parsers.sh [ROUNDS [TARGET...]]
set -eu
cd "$(dirname "$0")/../.."
. ci/numbers.sh
. ci/quietly.sh
. ci/section.sh
rounds=${1:-4}
expect_positive ROUNDS "$rounds"
[ $# -eq 0 ] || shift
dir=build-bench-afl
section "building in $dir"
# How it is instrumented: as in harness/fuzz/binaries.c, and for its reason.
export AFL_LLVM_INSTRUMENT=LLVM-NATIVE
export AFL_QUIET=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
[ -e $dir/build.ninja ] ||
	quietly env CC=afl-clang-fast meson setup $dir --buildtype=release -Dfuzz=engine -Dtests=disabled
quietly ninja -C $dir fuzzers
afl-clang-fast -O2 -fsanitize=fuzzer -o $dir/empty ci/bench/empty_target.c

# speed NAME PROGRAM CORPUS: a line more in WORK/NAME.
speed() {
	rm -rf "$work/out"
	quietly afl-fuzz -i "$3" -o "$work/out" -s 1 -V 3 -- "$2"
	runs=$(sed -n 's/^execs_per_sec *: *//p' "$work/out/default/fuzzer_stats")
	case $runs in
	*[1-9]*) echo "$runs" >>"$work/$1" ;;
	*)
		echo "parsers.sh: afl-fuzz tells of '$runs' runs per second of $1" >&2
		exit 3
		;;
	esac
}

# The fastest round is the least disturbed one: nothing makes a fuzzer faster than it is.
best() {
	sort -n "$work/$1" | tail -n 1
}

# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $(ls fuzz/corpus)
for target; do
	section "fuzzing $target and an empty target in turns"
	round=0
	while [ $round -lt "$rounds" ]; do
		round=$((round + 1))
		speed "empty_$target" $dir/empty "fuzz/corpus/$target"
		speed "$target" "$dir/fuzz/fuzz_$target" "fuzz/corpus/$target"
	done
	awk -v name="$target" -v a="$(best "$target")" -v b="$(best "empty_$target")" 'BEGIN {
		printf "fuzz_%s %.0f runs/s\nfuzz_%s_to_empty %.3f ratio\n", name, a, name, a / b
	}'
done

section "parsing"
# shellcheck disable=SC2046 # a list of words
cc -O2 -D_GNU_SOURCE -Iharness -o "$work/parse" ci/bench/parse.c \
	$(find harness/protocol -maxdepth 1 -name '*.c' ! -name '*_test.c') -lm
"$work/parse"
