#!/bin/sh
# traced.sh -- a tracer changes nothing.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_all
need_tracing build/sockdrill
build/sockdrill run --trace always
build/sockdrill run --trace always --isolation none
