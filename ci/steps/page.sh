#!/bin/sh
# page.sh -- the HTML pages in a browser.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

# The tests run in the build directory, where their package is installed. What takes the time runs alone, the
# others side by side.
browser=${CHROMIUM:-/usr/bin/chromium}
said=$("$browser" --headless --no-sandbox --disable-gpu --dump-dom about:blank 2>&1) ||
	skip "$browser does not start here: $(echo "$said" | tail -n 1)"
build_all
mkdir -p build/page
cp ci/page/* build/page/
(
	cd build/page
	quietly npm ci --no-audit --no-fund
)
rm -rf build/page/work
mkdir build/page/work
export SOCKDRILL="$PWD/build/sockdrill" PAGE_WORK="$PWD/build/page/work"
find build/page -maxdepth 1 -name '*_test.mjs' ! -name speed_test.mjs -exec node --test --test-concurrency=2 {} +
node --test build/page/speed_test.mjs
