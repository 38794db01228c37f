#!/bin/sh
# clang.sh -- clang builds it, and all cases run.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

# With its optimiser, which the other small builds go without.
CC=clang build build-clang -Dtests=disabled -Doptimization=1 -Ddebug=false
build-clang/sockdrill run
