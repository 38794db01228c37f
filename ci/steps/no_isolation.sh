#!/bin/sh
# no_isolation.sh -- all cases in the machine's own network.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_all
build/sockdrill run --isolation none
