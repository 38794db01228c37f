#!/bin/sh
# format.sh -- the form of the files in C.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

sources | xargs clang-format --dry-run --Werror
