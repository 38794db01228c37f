#!/bin/sh
# coverage.sh -- what the inputs of the fuzz targets reach.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

sh ci/coverage.sh
