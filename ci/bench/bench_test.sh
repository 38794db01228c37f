#!/bin/sh
# bench_test.sh -- benchmarks say why they end: a tracer that costs too much, a command that fails, and where it was.
# usage: bench_test.sh
set -u
ci=$(realpath "$(dirname "$0")/..")
strace -f -o /dev/null true 2>/dev/null || { echo "skipped: strace cannot trace here"; exit 77; }
# shellcheck source=harness/cli/expect.sh
. "$ci/../harness/cli/expect.sh"

# A tracer that prints the stack at each call is not cheaper than strace without.
printf '#!/bin/sh\nshift\nexec strace -f -k "$@"\n' >slow_tracer
printf '#!/bin/sh\nexit 5\n' >no_tracer
chmod +x slow_tracer no_tracer
expect 1 'trace.sh: the tracer is too slow: a call ' sh "$ci/bench/trace.sh" "$dir/slow_tracer" 1
holds out 'trace_strace_to_sockdrill ' 'trace.sh: ended with status 1 at: judging the figures'
expect 3 'no answer' sh "$ci/bench/trace.sh" "$dir/no_tracer" 1
holds out 'trace.sh: ended with status 3 at: measuring, round 1 of 1'

cc -D_GNU_SOURCE -o measure "$ci/bench/measure.c" || not_so "measure.c compiles"
expect 0 '' ./measure true
expect 0 '' ./measure --status 1 false
expect 1 'status 1, wanted 0: false' ./measure false
# shellcheck disable=SC2016 # for another shell
expect 1 'signal 9: sh -c kill' ./measure sh -c 'kill -9 $$'

cat >script <<'SH'
set -eu
. "$1/section.sh"
section "first"
: >"$work/file"
echo "$work"
section "second"
number=$(false)
echo "$number: not reached"
SH
expect 1 'script: ended with status 1 at: second' sh script "$ci"
[ ! -e "$(head -n 1 out)" ] || not_so "its directory is gone" out
lacks out 'not reached'
finish "benchmarks say why they end"
