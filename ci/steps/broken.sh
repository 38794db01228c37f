#!/bin/sh
# broken.sh -- each fault of a broken socket layer is noticed.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_all
# Its tests wait more than they compute.
test_in build --suite broken --num-processes $((2 * $(nproc)))
