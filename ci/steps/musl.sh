#!/bin/sh
# musl.sh -- the runner as one static program with musl.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

need_programs "static programs with musl" musl-gcc -static
build_to_run build-musl --native-file ci/musl.ini -Dtools=disabled
build-musl/sockdrill run --expect reports/expected/musl.expect
