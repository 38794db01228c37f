#!/bin/sh
# stacks.sh -- the stack without processes, in threads; what was recorded of all stacks is as cases and baselines have it.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_all
sh ci/stacks/lwip.sh - -q
sh ci/stacks/compare.sh --report json:/dev/null
