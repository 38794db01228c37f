#!/bin/sh
# repeat.sh -- all cases again and again, in another order each time.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_all
build/sockdrill run --repeat "$(count repeat)" --shuffle
