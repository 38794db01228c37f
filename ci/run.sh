#!/bin/sh
# run.sh -- builds sockdrill and runs every case. Arguments go to 'sockdrill run'.
set -eu
cd "$(dirname "$0")/.."
sh ci/setup.sh run
[ -e build/build.ninja ] || meson setup build
ninja -C build sockdrill
exec build/sockdrill run "$@"
