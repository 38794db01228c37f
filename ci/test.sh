#!/bin/sh
# test.sh -- everything CI checks: builds, tests, style, and runs under load. Ends with 0 when all is well.
# usage: test.sh [STEP...]     without arguments all steps; 'test.sh list' names them
set -u
cd "$(dirname "$0")/.." || exit 99

# Builds in the directory $1 with the further arguments of meson setup. A directory that is there already may
# have been made before everything was installed: it looks again.
build() {
	dir=$1
	shift
	if [ -e "$dir/build.ninja" ]; then
		meson setup --reconfigure "$dir" "$@" >/dev/null || return 1
	else
		meson setup "$dir" "$@" >/dev/null || return 1
	fi
	ninja --quiet -C "$dir"
}

# The main build, with everything that can be tested.
build_all() {
	build build -Dtests=enabled -Dtools=enabled
}

sources() {
	find cases ci fuzz harness reports \( -name '*.c' -o -name '*.h' \) | sort
}

# An ordinary user's run: nothing but root may be missing. What a container forbids is no failure of ours.
as_user() {
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
		return
	fi
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

step_gcc() {
	build_all && meson test -C build --print-errorlogs --no-suite broken
}

step_broken() {
	build_all && meson test -C build --print-errorlogs --suite broken
}

step_clang() {
	CC=clang build build-clang -Dtests=disabled && build-clang/sockdrill run
}

step_sanitizers() {
	(
		export UBSAN_OPTIONS=halt_on_error=1 LSAN_OPTIONS="suppressions=$PWD/ci/lsan.supp:print_suppressions=0"
		build build-asan -Dtests=enabled -Db_sanitize=address,undefined -Db_lundef=false &&
			meson test -C build-asan --print-errorlogs --suite unit --suite cli \
				--timeout-multiplier 4 &&
			build-asan/sockdrill run --timeout-multiplier 3 \
				--expect reports/expected/sanitizers.expect
	)
}

step_runner() {
	build build-runner -Dtools=disabled -Dtests=disabled &&
		! ldd build-runner/sockdrill | grep -vE 'linux-vdso|libc\.so|ld-linux|libpthread|libm\.so' &&
		sh harness/cli/cli_test.sh "$PWD/build-runner/sockdrill"
}

step_musl() {
	build build-musl --native-file ci/musl.ini -Dtools=disabled -Dtests=disabled &&
		build-musl/sockdrill run --expect reports/expected/musl.expect
}

step_32_bit() {
	[ "$(uname -m)" = x86_64 ] || return 0
	build build-32 -Dtools=disabled -Dtests=disabled -Dc_args=-m32 -Dc_link_args=-m32 &&
		build-32/sockdrill run
}

# The half of the tracer that this machine's compiler does not see; ci/stacks/trace_aarch64.sh runs it.
step_aarch64() {
	find harness/trace -name '*.c' | grep -vE '_test\.c$|/(x86_64|none)\.c$' |
		xargs clang --target=aarch64-linux-gnu -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wconversion \
			-Wno-sign-conversion -Wno-missing-field-initializers -Wshadow -Werror -fsyntax-only \
			-I. -Iharness
}

step_posix() {
	build build-posix -Dos=posix -Dtests=disabled && build-posix/sockdrill run
}

step_no_isolation() {
	build_all && build/sockdrill run --isolation none
}

step_user() {
	build_all || return 1
	copy=$(mktemp -d) && chmod 755 "$copy" && cp build/sockdrill "$copy/sockdrill" || return 1
	(cd / && as_user "$copy/sockdrill" run --color never) >"$copy/out" 2>&1
	status=$?
	cat "$copy/out"
	(cd / && as_user "$copy/sockdrill" run --isolation none) || status=1
	if (cd / && as_user "$copy/sockdrill" doctor) | grep -q '^yes isolation' &&
		grep '^skipped' "$copy/out" | grep -vE ': needs (root|the netem)'; then
		echo "an ordinary user should miss root only"
		status=1
	fi
	rm -rf "$copy"
	return "$status"
}

step_repeat() {
	build_all && build/sockdrill run --repeat 25 --shuffle
}

# Four busy loops compete for the processors; they end with this step, by their process IDs.
step_load() {
	build_all || return 1
	loops=""
	for _ in 1 2 3 4; do
		sh -c 'while :; do :; done' &
		loops="$loops $!"
	done
	build/sockdrill run --repeat 10 --shuffle
	status=$?
	# shellcheck disable=SC2086 # a list of numbers
	kill $loops
	# shellcheck disable=SC2086
	wait $loops 2>/dev/null
	return "$status"
}

step_format() {
	sources | xargs clang-format --dry-run --Werror
}

step_tidy() {
	build_all && sources | grep '\.c$' |
		grep -vE '_test\.c$|^ci/|os/posix\.c|os/lwip|read_none\.c|commands_runner\.c|embed_' |
		xargs -n 12 -P 2 clang-tidy --quiet -p build --warnings-as-errors='*'
}

# A fixed seed and fixed runs: what is red here is red everywhere.
fuzz_briefly() {
	for target in $(build/sockdrill fuzz --list); do
		build/sockdrill fuzz --quiet --seed 1 --execs 20000 "$target" &&
			build/sockdrill fuzz --quiet --seed 1 --execs 50000 --engine libfuzzer "$target" ||
			return 1
	done
}

step_fuzz() {
	build_all && build build-replay -Dfuzz=replay -Dtests=disabled -Db_sanitize=address,undefined \
		-Db_lundef=false && meson test -C build-replay --print-errorlogs --suite replay &&
		fuzz_briefly
}

step_coverage() {
	sh ci/coverage.sh
}

# One bug of each parser and one of what reads records: the fuzzer's own test. Without names planted.py takes all.
step_planted() {
	build_all && python3 fuzz/planted/planted.py build/sockdrill use_of_partial_delimiter use_of_partial_header \
		off_by_one_in_body off_by_one_in_pascal_string use_of_partial_pointer use_of_partial_address \
		use_of_partial_percent missing_limit_of_records
}

step_oss_fuzz() {
	sh ci/oss_fuzz.sh
}

# The stack without processes, in threads; and what was recorded of all stacks is as cases and baselines have it.
step_stacks() {
	build_all && sh ci/stacks/lwip.sh - -q && sh ci/stacks/compare.sh --report json:/dev/null
}

# The HTML pages in a browser. The tests run in the build directory, where their package is installed.
step_page() {
	build_all && mkdir -p build/page && cp ci/page/* build/page/ &&
		(cd build/page && npm ci --silent --no-audit --no-fund) &&
		rm -rf build/page/work && mkdir build/page/work &&
		SOCKDRILL="$PWD/build/sockdrill" PAGE_WORK="$PWD/build/page/work" \
			node --test --test-concurrency=1 build/page/*_test.mjs
}

steps="format gcc broken clang sanitizers runner musl 32_bit aarch64 posix no_isolation user repeat load stacks page fuzz coverage planted oss_fuzz tidy"
if [ "${1:-}" = list ]; then
	echo "$steps"
	exit 0
fi
sh ci/setup.sh test || exit 1
passed=0
failed=0
for step in ${*:-$steps}; do
	start=$(date +%s)
	echo "== $step"
	if "step_$step"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "== $step FAILED" >&2
	fi
	echo "== $step took $(($(date +%s) - start)) s"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
