#!/bin/sh
# 32_bit.sh -- the runner as a 32-bit program.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

[ "$(uname -m)" = x86_64 ] || skip "32-bit programs are tried on x86_64, and this is $(uname -m)"
need_programs "32-bit programs" cc -m32
build_to_run build-32 -Dtools=disabled -Dc_args=-m32 -Dc_link_args=-m32
build-32/sockdrill run
