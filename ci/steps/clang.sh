#!/bin/sh
# clang.sh -- clang builds it, and all cases run.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

CC=clang build_to_run build-clang
build-clang/sockdrill run
