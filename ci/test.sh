#!/bin/sh
# test.sh -- everything CI checks: builds, tests, style, and runs under load. Ends with 0 when all is well.
# usage: test.sh [STEP...]     without arguments all steps; 'test.sh list' names them
#
# STEP+STEP are done at once: what waits a lot beside what only computes. The second one's words come after the
# first one's. Where time is looked at (no_isolation, user, repeat, load) a step has the machine for itself.
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

# A build for few runs of the program: compiling costs more than it saves them. What it is built with comes after
# the directory.
build_to_run() {
	build "$@" -Dtests=disabled -Doptimization=1 -Ddebug=false
}

# The main build, with everything that can be tested; the first step that needs it makes it.
build_all() {
	[ -e "$notes/built" ] && return
	build build -Dtests=enabled -Dtools=enabled && : >"$notes/built"
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
	CC=clang build_to_run build-clang && build-clang/sockdrill run
}

step_sanitizers() {
	(
		export UBSAN_OPTIONS=halt_on_error=1 LSAN_OPTIONS="suppressions=$PWD/ci/lsan.supp:print_suppressions=0"
		build build-asan -Dtests=enabled -Doptimization=1 -Db_sanitize=address,undefined \
			-Db_lundef=false &&
			meson test -C build-asan --print-errorlogs --suite unit --suite cli \
				--timeout-multiplier 4 &&
			meson test -C build-asan --print-errorlogs --timeout-multiplier 4 \
				trace faults spy &&
			build-asan/sockdrill run --timeout-multiplier 3 \
				--expect reports/expected/sanitizers.expect
	)
}

step_runner() {
	build_to_run build-runner -Dtools=disabled &&
		! ldd build-runner/sockdrill | grep -vE 'linux-vdso|libc\.so|ld-linux|libpthread|libm\.so' &&
		sh harness/cli/cli_test.sh "$PWD/build-runner/sockdrill"
}

step_musl() {
	build_to_run build-musl --native-file ci/musl.ini -Dtools=disabled &&
		build-musl/sockdrill run --expect reports/expected/musl.expect
}

step_32_bit() {
	[ "$(uname -m)" = x86_64 ] || return 0
	build_to_run build-32 -Dtools=disabled -Dc_args=-m32 -Dc_link_args=-m32 &&
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
	build_to_run build-posix -Dos=posix && build-posix/sockdrill run
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

# One case in ten with its calls disturbed; all of them: sockdrill run --disturb, some minutes.
step_disturb() {
	build_all && build/sockdrill run --disturb --max-wait 0 --shard 1/10
}

# A tracer changes nothing.
step_traced() {
	build_all && build/sockdrill run --trace always && build/sockdrill run --trace always --isolation none
}

step_format() {
	sources | xargs clang-format --dry-run --Werror
}

# A function's paths are followed as far as the analyzer does in its shallow mode: to three times as many nodes it
# took four times as long and told nothing more. It gives way to what is done beside it. What is another machine's
# has no headers here.
step_tidy() {
	[ "$(uname -m)" = x86_64 ] && other=aarch64 || other=x86_64
	build_all && sources | grep '\.c$' | grep -v "trace/$other\.c" |
		grep -vE '_test\.c$|^ci/|os/posix\.c|os/lwip|read_none\.c|commands_runner\.c|embed_' |
		nice xargs -n 6 -P 2 clang-tidy --quiet -p build --warnings-as-errors='*' \
			--extra-arg=-Xclang --extra-arg=-analyzer-config \
			--extra-arg=-Xclang --extra-arg=max-nodes=75000
}

# A fixed seed and fixed runs: what is red here is red everywhere. The engines take turns, a target each.
fuzz_briefly() {
	how="--execs 10000"
	for target in $(build/sockdrill fuzz --list); do
		# shellcheck disable=SC2086 # words
		build/sockdrill fuzz --quiet --seed 1 $how "$target" || return 1
		case $how in
		*engine*) how="--execs 10000" ;;
		*) how="--execs 20000 --engine libfuzzer" ;;
		esac
	done
}

step_fuzz() {
	build_all && fuzz_briefly && meson test -C build-fuzz/replay --print-errorlogs --suite replay
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

# The HTML pages in a browser. The tests run in the build directory, where their package is installed. What takes the time
# runs alone, the others side by side.
step_page() {
	build_all && mkdir -p build/page && cp ci/page/* build/page/ &&
		(cd build/page && npm ci --silent --no-audit --no-fund) &&
		rm -rf build/page/work && mkdir build/page/work &&
		(
			export SOCKDRILL="$PWD/build/sockdrill" PAGE_WORK="$PWD/build/page/work"
			find build/page -maxdepth 1 -name '*_test.mjs' ! -name speed_test.mjs |
				xargs node --test --test-concurrency=2 && node --test build/page/speed_test.mjs
		)
}

steps="format gcc broken clang sanitizers runner musl 32_bit aarch64 posix no_isolation user traced disturb repeat load stacks page fuzz
coverage planted+tidy oss_fuzz"
if [ "${1:-}" = list ]; then
	echo "$steps" | tr '+\n' '  '
	echo
	exit 0
fi
sh ci/setup.sh test || exit 1
notes=$(mktemp -d) || exit 99
trap 'rm -rf "$notes"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Does one step; the file $notes/table gets its line of the table, $notes/failures what a failed one said of it.
do_step() {
	start=$(date +%s)
	echo "== $1"
	{
		"step_$1" && : >"$notes/passed_$1"
	} 2>&1 | tee "$notes/log_$1"
	result=passed
	[ -e "$notes/passed_$1" ] || result=FAILED
	seconds=$(($(date +%s) - start))
	[ "$result" = passed ] || tell_failure "$1" >>"$notes/failures"
	echo "== $1 took $seconds s"
	printf '%-14s %5d s  %s\n' "$1" "$seconds" "$result" >>"$notes/table"
}

# The lines of a failed step $1 that tell most, once more: a log may be kept only in part.
tell_failure() {
	echo "== $1 FAILED"
	grep -aE ' FAIL |TIMEOUT|NOT SO|\[(FAIL|CRASH)\]|ERROR|error:|[Aa]ssert|^not ok|^(fail|broken)' "$notes/log_$1" |
		cut -c 1-300 | head -n 30
	echo "-- its end"
	tail -n 15 "$notes/log_$1" | cut -c 1-300
}

# Does the steps $1 at once, with the words of the second where they can be read. What both would build is built.
do_pair() {
	build_all
	do_step "${1#*+}" >"$notes/said" 2>&1 &
	do_step "${1%%+*}"
	wait $!
	cat "$notes/said"
}

begin=$(date +%s)
for step in ${*:-$steps}; do
	case $step in
	*+*) do_pair "$step" ;;
	*) do_step "$step" ;;
	esac
done
failed=$(grep -c 'FAILED$' "$notes/table")
[ "$failed" -eq 0 ] || cat "$notes/failures"
echo "== all steps"
cat "$notes/table"
printf '%-14s %5d s  %d passed, %d failed\n' total $(($(date +%s) - begin)) \
	$(($(wc -l <"$notes/table") - failed)) "$failed"
[ "$failed" -eq 0 ]
