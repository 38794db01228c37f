#!/bin/sh
# disturb.sh -- one case in some with its calls disturbed; all of them: sockdrill run --disturb, some minutes.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_all
need_tracing build/sockdrill
build/sockdrill run --disturb --max-wait 0 --shard "1/$(count disturb)"
