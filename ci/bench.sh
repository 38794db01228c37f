#!/bin/sh
# bench.sh -- the speed of the runner beside the floor (the same pairs and isolation done bare) and beside
# Criterion's empty tests, in one run, in turns. Prints a line per figure: name value unit. Needs root.
# usage: bench.sh [ROUNDS]
# The tracer follows, beside strace -f (ci/bench/trace.sh), and the parsers: their fuzz targets beside an empty one, and
# their bytes per second (ci/bench/parsers.sh). Ends with 1 when the tracer costs too much; whatever else ends it early,
# it says at what.
set -eu
cd "$(dirname "$0")/.."
. ci/numbers.sh
. ci/quietly.sh
. ci/section.sh
rounds=${1:-7}
expect_positive ROUNDS "$rounds"
section "installing what is missing (ci/setup.sh test)"
sh ci/setup.sh test >&2
section "building"
dir=build-bench
[ -e $dir/build.ninja ] || quietly meson setup $dir --buildtype=release -Dtests=disabled
ninja -C $dir >&2
sockdrill=$PWD/$dir/sockdrill
cc -O2 -D_GNU_SOURCE -o $dir/floor ci/bench/floor.c
cc -O2 -D_GNU_SOURCE -o $dir/measure ci/bench/measure.c
measure=$PWD/$dir/measure

# The middle of the numbers on standard input.
median() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# column FILE N: its median.
column() {
	awk -v n="$2" '{ print $n }' "$1" | median
}

# figure NAME VALUE UNIT: a value that is missing is an error.
figure() {
	[ -n "$2" ] || return 3
	awk -v name="$1" -v value="$2" -v unit="$3" 'BEGIN { printf "%s %.3f %s\n", name, value, unit }'
}

# quotient A B: a number that is missing or zero is an error.
quotient() {
	awk -v a="$1" -v b="$2" 'BEGIN {
		if (a == "" || b + 0 == 0) {
			print "bench.sh: cannot divide \047" a "\047 by \047" b "\047" >"/dev/stderr"
			exit 3
		}
		printf "%.4f", a / b
	}'
}

section "counting the case instances that run at once"
"$sockdrill" run --max-wait 0 --report jsonl:"$work/quick.jsonl"
instances=$(grep -c '"type":"result"' "$work/quick.jsonl")
ran=$((instances - $(grep -c '"verdict":"skip"' "$work/quick.jsonl" || true)))

section "making 20 results files (ci/bench/compare_files.sh)"
# Twenty systems to compare; what the files make new is to be found, with status 1.
mkdir "$work/systems"
sh ci/bench/compare_files.sh "$work/quick.jsonl" "$work/systems" 20 3000
compare() {
	"$measure" --status 1 "$sockdrill" compare "$work"/systems/*.jsonl >>"$work/compare"
}

section "building empty tests with Criterion"
# As many empty tests as instances ran.
{
	echo '#include <criterion/criterion.h>'
	i=0
	while [ $i -lt $ran ]; do
		echo "Test(empty, t$i) {}"
		i=$((i + 1))
	done
} >"$work/empty.c"
cc -O2 -o "$work/empty" "$work/empty.c" -lcriterion

round=0
while [ $round -lt "$rounds" ]; do
	round=$((round + 1))
	section "measuring, round $round of $rounds"
	"$measure" "$sockdrill" run --max-wait 0 --report jsonl >>"$work/quick"
	"$measure" $dir/floor $ran 4 >>"$work/floor"
	"$measure" "$sockdrill" run --report jsonl >>"$work/whole"
	# Into a new directory each time: some file systems take their time to forget files.
	"$measure" "$sockdrill" run --report jsonl --pcap always --pcap-dir "$work/pcap$round" >>"$work/captured"
	"$measure" "$sockdrill" list >>"$work/list"
	compare
	[ $round -gt 3 ] || "$measure" "$work/empty" -j2 >>"$work/criterion"
done

section "making figures"
quick_wall=$(column "$work/quick" 1) quick_cpu=$(column "$work/quick" 2)
floor_cpu=$(column "$work/floor" 2)
whole_wall=$(column "$work/whole" 1) whole_cpu=$(column "$work/whole" 2)
criterion_wall=$(column "$work/criterion" 1) criterion_cpu=$(column "$work/criterion" 2)
cores=$(nproc)
longest=$("$sockdrill" list --json | sed -n 's/.*"waits_ms":\([0-9]*\).*/\1/p' | awk '$1 <= 4000' | sort -n | tail -n 1)
bound=$(awk -v w="$longest" -v c="$whole_cpu" -v n="$cores" 'BEGIN { x = c / n; print (x > w ? x : w) }')
quick_bound=$(quotient "$quick_cpu" "$cores")

figure instances_quick "$ran" instances
figure cpu_per_quick_instance "$(quotient "$quick_cpu" $ran)" ms
figure cpu_per_floor_pair "$(quotient "$floor_cpu" $ran)" ms
figure cpu_quick_to_floor "$(quotient "$quick_cpu" "$floor_cpu")" ratio
figure wall_quick "$quick_wall" ms
figure wall_quick_to_cpu_per_core "$(quotient "$quick_wall" "$quick_bound")" ratio
figure wall_whole_run "$whole_wall" ms
figure longest_wait "$longest" ms
figure wall_whole_to_bound "$(quotient "$whole_wall" "$bound")" ratio
figure wall_captured_run "$(column "$work/captured" 1)" ms
figure wall_captured_to_whole "$(quotient "$(column "$work/captured" 1)" "$whole_wall")" ratio
figure cpu_captured_to_whole "$(quotient "$(column "$work/captured" 2)" "$whole_cpu")" ratio
figure cpu_criterion_empty_test "$(quotient "$criterion_cpu" $ran)" ms
figure cpu_quick_to_criterion "$(quotient "$quick_cpu" "$criterion_cpu")" ratio
figure wall_criterion "$criterion_wall" ms
figure wall_quick_to_criterion "$(quotient "$quick_wall" "$criterion_wall")" ratio
figure memory_peak "$(quotient "$(column "$work/whole" 3)" 1024)" MiB
figure list_wall "$(column "$work/list" 1)" ms
figure compare_20_times_3000_wall "$(column "$work/compare" 1)" ms
figure compare_20_times_3000_cpu "$(column "$work/compare" 2)" ms
figure compare_20_times_3000_memory "$(quotient "$(column "$work/compare" 3)" 1024)" MiB

section "measuring the tracer (ci/bench/trace.sh)"
within_limits=0
sh ci/bench/trace.sh "$sockdrill" || within_limits=$?
# 1: figures there are, but they are too high.
[ "$within_limits" -le 1 ] || exit "$within_limits"
section "measuring the parsers (ci/bench/parsers.sh)"
sh ci/bench/parsers.sh
section "judging the tracer, see above"
exit "$within_limits"
