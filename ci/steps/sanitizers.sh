#!/bin/sh
# sanitizers.sh -- tests and cases with address and undefined-behaviour sanitizers.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

export UBSAN_OPTIONS=halt_on_error=1 LSAN_OPTIONS="suppressions=$PWD/ci/lsan.supp:print_suppressions=0"
build build-asan -Dtests=enabled -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false
slower_build=2
test_in build-asan --suite unit --suite cli
test_in build-asan trace faults spy
build-asan/sockdrill run --timeout-multiplier 3 --expect reports/expected/sanitizers.expect
