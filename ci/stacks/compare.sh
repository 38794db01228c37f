#!/bin/sh
# compare.sh -- makes the page of all recorded stacks, reports/stacks/index.html, or tells the same on the terminal.
# usage: compare.sh [ARGUMENT...]     arguments are those of sockdrill compare; --html reports/stacks/index.html by default
#
# Linux is what the others are held against. What the baselines say of them counts as documented. Ends with 1
# when a stack does what neither a case nor its baseline expects.
set -u
cd "$(dirname "$0")/../.." || exit 99
. ci/quietly.sh
[ -x build/sockdrill ] || { quietly meson setup build && quietly ninja -C build; } || exit 3

[ "$#" -gt 0 ] || set -- --html reports/stacks/index.html
set -- reports/stacks/linux.jsonl "$@"
for results in reports/stacks/*.jsonl; do
	[ "$results" = reports/stacks/linux.jsonl ] || set -- "$@" "$results"
done
for baseline in reports/expected/*.expect; do
	[ "$baseline" = reports/expected/sanitizers.expect ] || set -- "$@" --expect "$baseline"
done
exec build/sockdrill compare "$@"
