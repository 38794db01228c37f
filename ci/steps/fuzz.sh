#!/bin/sh
# fuzz.sh -- a fixed seed and fixed numbers of runs: what is red here is red everywhere. The engines take turns.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_all
targets=$(build/sockdrill fuzz --list)
how="--execs 10000 --engine afl"
for target in $targets; do
	# shellcheck disable=SC2086 # words
	build/sockdrill fuzz --quiet --seed 1 $how "$target"
	case $how in
	*afl) how="--execs 20000 --engine libfuzzer" ;;
	*) how="--execs 10000 --engine afl" ;;
	esac
done
test_in build-fuzz/replay --suite replay
