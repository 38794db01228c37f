#!/bin/sh
# corpus.sh -- makes fuzz/corpus/TARGET anew: its seeds, and the fewest and smallest of all other inputs that
# reach what all of them reach. usage: corpus.sh TARGET [DIRECTORY...]
#   DIRECTORY: further inputs, such as the queue of a fuzzer; its present corpus is always among them.
# Ends with 2, and leaves the corpus as it was, when it would be more files than are wanted.
set -eu
target=$1
shift
cd "$(dirname "$0")/.."
most=200 # files; what is beyond is a corpus of another size of bug, and slow to replay

# No optimiser: it would join branches of the source, and one of them would seem to be enough.
dir=build-fuzz/minimise
export AFL_QUIET=1 AFL_DONT_OPTIMIZE=1 AFL_LLVM_INSTRUMENT=LLVM-NATIVE # as harness/fuzz/binaries.c, and for its reason
[ -e $dir/build.ninja ] ||
	CC=afl-clang-fast meson setup $dir -Dfuzz=engine -Dtests=disabled -Doptimization=0 -Dwerror=false >/dev/null
ninja --quiet -C $dir "fuzz/fuzz_$target" >/dev/null

work=$(mktemp -d build-fuzz/corpus.XXXXXX)
trap 'rm -rf "$work"' EXIT
mkdir "$work/all" "$work/new"
if [ -e "fuzz/seeds/$target.py" ]; then
	PYTHONDONTWRITEBYTECODE=1 python3 "fuzz/seeds/$target.py" "$work/seeds"
fi
# Under the name of its content each input is there once. Great inputs make every run slow.
for from in "$work/seeds" "fuzz/corpus/$target" "$@"; do
	[ -d "$from" ] || continue
	find "$from" -maxdepth 1 -type f ! -name '.*' ! -name README.txt -size -5k -exec sha1sum {} + |
		while read -r sum file; do
			cp "$file" "$work/all/$(printf %.16s "$sum")"
		done
done
# afl-cmin refuses to work in /tmp, where a tree may well be.
AFL_ALLOW_TMP=1 afl-cmin -i "$work/all" -o "$work/fewest" -- "$dir/fuzz/fuzz_$target" - >"$work/cmin.log" 2>&1 || {
	cat "$work/cmin.log" >&2
	exit 1
}
cp "$work/fewest"/* "$work/new"
# A seed stands for a case that its author thought of, whatever it reaches.
for seed in "$work/seeds"/*; do
	[ -f "$seed" ] || continue
	rm -f "$work/new/$(sha1sum "$seed" | cut -c 1-16)"
	cp "$seed" "$work/new"
done
count=$(find "$work/new" -type f | wc -l)
if [ "$count" -gt "$most" ]; then
	echo "corpus.sh: $target: $count files would be more than $most: the corpus stays as it was" >&2
	exit 2
fi
mkdir -p fuzz/corpus
rm -rf "fuzz/corpus/$target"
mv "$work/new" "fuzz/corpus/$target"
echo "$target: $count files, $(find "fuzz/corpus/$target" -type f -exec cat {} + | wc -c) bytes"
