#!/bin/sh
# fuzz_test.sh -- sockdrill fuzz as a user meets it: what it finds, what it says when something is missing or
# wrong, and what it leaves behind. Skips (77) without AFL++. usage: fuzz_test.sh SOCKDRILL
set -u
sockdrill=$(realpath "$1")
for program in afl-fuzz afl-clang-fast clang gcc; do
	command -v $program >/dev/null && continue
	echo "skipped: $program is missing: install it (ci/setup.sh test)"
	exit 77
done
# shellcheck source=harness/cli/expect.sh
. "$(dirname "$0")/../cli/expect.sh"

# fuzz ARGUMENT...: for expect.
# shellcheck disable=SC2317
fuzz() {
	"$sockdrill" fuzz "$@"
}

# A directory of programs without those named: PATH for what is not installed.
path_without() {
	rm -rf bin && mkdir bin
	echo "$PATH" | tr : '\n' | while read -r folder; do
		ln -s "$folder"/* bin/ 2>/dev/null
	done
	for program; do
		rm -f "bin/$program"
	done
}

# ---- What cannot be done ----

expect 2 "give a TARGET" fuzz
expect 2 "is no name" fuzz ../line
expect 2 "is no name" fuzz parser /dev/null main
expect 2 "there is no target 'nothing'" fuzz nothing
expect 2 "give --source" fuzz line --source /nowhere
one_line
expect 2 "give --source" fuzz --list --source /nowhere
expect 2 "cannot read none.c" fuzz parser none.c parse
expect 2 "--time cannot be 'soon': it takes seconds from 1" fuzz line --time soon
expect 2 "--jobs cannot be '0': it takes a number from 1 to 64" fuzz line --jobs=0
expect 2 "--engine cannot be 'both': it takes afl or libfuzzer" fuzz line --engine both
expect 2 "cannot read none.dict" fuzz line --dict none.dict
expect 3 "cannot make /proc/none" fuzz line --work /proc/none
expect 0 "frame" fuzz --list
path_without afl-fuzz
expect 3 "install Debian's afl++" env PATH="$dir/bin" "$sockdrill" fuzz line
one_line
path_without clang
expect 3 "install Debian's clang" env PATH="$dir/bin" "$sockdrill" fuzz parser /dev/null f --engine libfuzzer
path_without gcc
expect 3 "gcc is missing" env PATH="$dir/bin" "$sockdrill" fuzz parser /dev/null f
[ ! -e build-fuzz/line.1 ] || not_so "nothing is made for what cannot be done"

# ---- Anybody's function ----

cat >mine.c <<'C'
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int parse(const uint8_t *bytes, size_t len)
{
	if (len < 2)
		return 0;
	char *copy = malloc(len);
	memcpy(copy, bytes, len);
	if (copy[0] == 'A')
		abort();
	if (copy[0] == 'H')
		for (volatile int i = 1; i;)
			;
	if (copy[0] == 'L')
		return 1;
	if (copy[0] == 'O')
		printf("%d", copy[len]);
	volatile int sum = 0x7fffffff - 'T' + copy[0];
	free(copy);
	return sum;
}
int sound(const uint8_t *bytes, size_t len)
{
	return len && bytes[0];
}
int main(void)
{
	return puts("its own") < 0;
}
C
printf 'int f(const unsigned char *b, unsigned long n)\n{\n\treturn m;\n}\n' >wrong.c
expect 3 "wrong.c:3" fuzz parser wrong.c f
one_line
expect 3 'undefined reference to' fuzz parser mine.c not_there
mkdir seeds && printf 11 >seeds/one
expect 2 "cannot read" fuzz parser seeds/none.c parse
expect 3 "no files in" sh -c "mkdir empty && $sockdrill fuzz parser mine.c sound --seeds empty"
expect 0 ": 0 causes" fuzz parser mine.c sound --execs 5000 -q
for engine in afl libfuzzer; do
	expect 1 "replay: " fuzz parser mine.c parse --time 3 --seeds seeds --timeout 500 --engine $engine -q
done
expect 1 "" fuzz parser mine.c parse --time 6 --seeds seeds --timeout 200 -q
holds out "ABRT in parse (mine.c:12)" "undefined behaviour: signed integer overflow: N + N" \
	"heap-buffer-overflow in parse (mine.c:19)" "broke in 5 of 5 runs"
# The fuzzer does not tell of leaks: the replay of its corpus does.
printf 'La' >seeds/leak
expect 1 "detected memory leaks in parse (mine.c:9)" fuzz parser mine.c parse --execs 1000 --seeds seeds -q
holds out "1 of the seeds break it already"
printf 'Ha' >seeds/leak
expect 1 "1. hang" fuzz parser mine.c parse --execs 1000 --seeds seeds --timeout 100 -q
holds out "mine.c:14"
# The command it tells is the command that shows it.
replay=$(sed -n "s|^  replay: ||p" out | head -n 1)
# shellcheck disable=SC2086 # a program and a file
timeout 2 $replay >/dev/null 2>&1
[ $? -eq 124 ] || not_so "the replay of a hang hangs"

# ---- A target of the project: equal seeds, equal runs ----

for engine in afl libfuzzer; do
	rm -f names
	for run in 1 2; do
		expect 0 "20000 runs with seed 7" fuzz line --execs 20000 --seed 7 --engine $engine --work same -q
		output=$(sed -n 's/^everything is in //p' out)
		# Of a file of AFL's its time differs.
		find "$output" -path '*queue/id*' -o -path '*corpus0/*' | sed 's/.*\///; s/time:[0-9]*,//' | sort >names.$run
	done
	# libFuzzer's runs are equal where addresses can be, which not every container allows.
	[ $engine = libfuzzer ] && ! setarch -R true 2>/dev/null && continue
	same_files "two runs of $engine with the same seed" names.1 names.2
done
mkdir -p other/fuzz/targets && touch other/fuzz/targets/line.c
expect 3 "was built from another tree" fuzz line --source other --work same

# ---- Ended by a signal ----

# Processes that were started in this directory. Those that have ended wait to be reaped (Z).
survivors() {
	for process in /proc/[0-9]*; do
		case $(readlink "$process/cwd" 2>/dev/null) in
		"$dir"*) ;;
		*) continue ;;
		esac
		[ "${process#/proc/}" = $$ ] || ! grep -qE 'afl|parse|mine|line' "$process/comm" 2>/dev/null ||
			grep -q '^State:.Z' "$process/status" 2>/dev/null || echo "${process#/proc/}"
	done
}

for signal in INT TERM; do
	for moment in building running; do
		rm -rf ended
		# A shell's background process ignores SIGINT, and so would this.
		perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$sockdrill" fuzz parser mine.c sound --time 60 \
			--jobs 2 --work ended -q >out 2>&1 &
		pid=$!
		tries=0
		while [ $moment = running ] && [ $tries -lt 400 ] && ! [ -e ended/sound.1/afl/job0/fuzzer_stats ]; do
			perl -e 'select undef, undef, undef, 0.05'
			tries=$((tries + 1))
		done
		[ $moment = running ] || perl -e 'select undef, undef, undef, 0.2'
		kill -$signal $pid
		wait $pid
		status=$?
		[ "$(kill -l $status)" = $signal ] || not_so "SIG$signal while $moment ends it (status $status)" out
		tries=0
		while [ -n "$(survivors)" ] && [ $tries -lt 100 ]; do
			perl -e 'select undef, undef, undef, 0.05'
			tries=$((tries + 1))
		done
		[ -z "$(survivors)" ] || not_so "SIG$signal while $moment leaves no process: $(survivors | tr '\n' ' ')"
	done
done

# ---- A full disk ----

# The first run builds; before the second but a little room is left.
cat >full_disk <<'SH'
mount -t tmpfs -o size=16m none full || exit 77
"$1" fuzz parser mine.c sound --execs 1000 --work full -q >/dev/null || exit 99
dd if=/dev/zero of=full/filler bs=1k 2>/dev/null
truncate -s "-$2" full/filler
"$1" fuzz parser mine.c sound --execs 1000 --work full -q
SH
mkdir full
if unshare -m true 2>/dev/null; then
	for left in 4k 12k; do
		expect 3 "full" unshare -m sh full_disk "$sockdrill" $left
		one_line
	done
fi

finish "fuzzing is as documented"
