#!/bin/bash -eu
# build.sh -- builds the fuzz targets as OSS-Fuzz asks for it: with $CC, $CFLAGS and $LIB_FUZZING_ENGINE, into
# $OUT, each with its seed corpus, dictionary and options.
cd "$SRC/sockdrill"
rm -rf "$WORK/build"
meson setup "$WORK/build" -Dbuildtype=plain -Dwerror=false -Dtests=disabled -Dtools=disabled -Db_lundef=false \
	-Dfuzz=engine -Dfuzz_engine="$LIB_FUZZING_ENGINE"
ninja -C "$WORK/build" fuzzers

for program in "$WORK"/build/fuzz/fuzz_*; do
	[ -f "$program" ] || continue
	target=${program##*/}
	name=${target#fuzz_}
	cp "$program" "$OUT/"
	inputs=()
	for folder in corpus regress; do
		[ ! -d "fuzz/$folder/$name" ] || inputs+=("fuzz/$folder/$name")
	done
	if [ ${#inputs[@]} -gt 0 ]; then
		rm -f "$OUT/${target}_seed_corpus.zip"
		zip -q -j -r "$OUT/${target}_seed_corpus.zip" "${inputs[@]}"
	fi
	printf '[libfuzzer]\nmax_len = 4096\n' >"$OUT/$target.options"
	if [ -e "fuzz/dict/$name.dict" ]; then
		cp "fuzz/dict/$name.dict" "$OUT/$target.dict"
		echo "dict = $target.dict" >>"$OUT/$target.options"
	fi
done
