#!/bin/sh
# posix.sh -- the seam to systems of which no more than POSIX is known.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_to_run build-posix -Dos=posix
build-posix/sockdrill run
