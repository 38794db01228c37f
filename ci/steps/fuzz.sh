#!/bin/sh
# fuzz.sh -- a fixed seed and fixed numbers of runs: what is red here is red everywhere. The engines take turns.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_all
targets=$(build/sockdrill fuzz --list)
engine=afl
for target in $targets; do
	build/sockdrill fuzz --quiet --seed 1 --engine $engine --execs "$(count "fuzz_$engine")" "$target"
	[ $engine = afl ] && engine=libfuzzer || engine=afl
done
test_in build-fuzz/replay --suite replay
