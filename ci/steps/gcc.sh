#!/bin/sh
# gcc.sh -- the main build and its tests, but for those with a broken socket layer.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_all
test_in build --no-suite broken
