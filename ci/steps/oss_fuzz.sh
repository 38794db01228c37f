#!/bin/sh
# oss_fuzz.sh -- the fuzz targets as OSS-Fuzz builds them.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

sh ci/oss_fuzz.sh
