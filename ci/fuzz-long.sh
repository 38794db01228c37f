#!/bin/sh
# fuzz-long.sh -- fuzzes all targets for as long as asked, and takes what was learnt into the corpora.
# usage: fuzz-long.sh [MINUTES [TARGET...]]     30 minutes in all, and all targets, unless it is said
#
# Each target gets an equal share: one fuzzer with sanitizers (afl-fuzz -M) beside one that learns compared
# values (-S, CMPLOG). SEED in the environment makes another run of it; the date's number unless it is set.
# Ends with 1 when something crashed or hung; what and why is printed, and stays in build-fuzz.
set -eu
cd "$(dirname "$0")/.."
. ci/numbers.sh
. ci/quietly.sh
minutes=${1:-30}
expect_positive MINUTES "$minutes"
[ $# -eq 0 ] || shift
sh ci/setup.sh test >&2
[ -e build/build.ninja ] || quietly meson setup build -Dtools=enabled
ninja --quiet -C build sockdrill >&2
# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $(build/sockdrill fuzz --list)
seconds=$((minutes * 60 / $#))
[ "$seconds" -gt 0 ] || seconds=1
seed=${SEED:-$(date +%s)}

status=0
for target; do
	echo "== $target: $seconds s, seed $seed"
	said=build-fuzz/$target.said
	mkdir -p build-fuzz
	build/sockdrill fuzz "$target" --jobs 2 --time "$seconds" --seed "$seed" >"$said" || status=1
	cat "$said"
	output=$(sed -n 's/^everything is in //p' "$said")
	# What crashes is no corpus: it becomes a file of fuzz/regress with its repair.
	[ -n "$output" ] || continue
	sh fuzz/corpus.sh "$target" "$output"/afl/job*/queue || [ $? -eq 2 ] || status=1
done
exit "$status"
