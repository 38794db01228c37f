#!/bin/sh
# broken.sh -- each fault of a broken socket layer is noticed.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_all
test_in build --suite broken
