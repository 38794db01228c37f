#!/bin/sh
# coverage.sh -- what the committed inputs of the fuzz targets reach, of harness/protocol above all, by clang's counts.
# usage: coverage.sh [HTML-DIRECTORY]     ends with 1 below 95 % of the lines or 90 % of the branches
set -eu
cd "$(dirname "$0")/.."
. ci/quietly.sh
sh ci/setup.sh test >&2
dir=build-coverage
counted='-fprofile-instr-generate -fcoverage-mapping'
# What the build itself runs, meson's own tries too, is instrumented and leaves no counts.
export LLVM_PROFILE_FILE=/dev/null
[ -e $dir/build.ninja ] || quietly env CC=clang meson setup $dir -Dfuzz=replay -Dtests=disabled -Doptimization=0 \
	-Dc_args="$counted" -Dc_link_args="$counted"
ninja --quiet -C $dir fuzzers >&2

rm -rf $dir/counts
programs=""
for program in "$dir"/fuzz/fuzz_*; do
	[ -f "$program" ] || continue
	name=${program##*/fuzz_}
	[ -d "fuzz/corpus/$name" ] || continue
	for folder in corpus regress; do
		[ -d "fuzz/$folder/$name" ] || continue
		quietly env LLVM_PROFILE_FILE="$dir/counts/$name.$folder.profraw" "$program" "fuzz/$folder/$name"
	done
	programs="$programs -object $program"
done
llvm-profdata-14 merge -o $dir/counts/all.profdata $dir/counts/*.profraw
# What tests the parsers is no part of them.
cov() {
	command=$1
	shift
	# shellcheck disable=SC2086 # a list of words
	llvm-cov-14 "$command" ${programs# -object} -instr-profile $dir/counts/all.profdata \
		-ignore-filename-regex='fuzz/(replay\.c|targets/)|property\.h$' "$@"
}
if [ $# -gt 0 ]; then
	cov show -format html -output-dir "$1" -show-branches=count >/dev/null
	echo "see $1/index.html"
fi
cov export -summary-only | python3 ci/coverage.py
