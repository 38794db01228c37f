#!/bin/sh
# runner.sh -- the runner alone: no library beyond the C library, and its command line.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_to_run build-runner -Dtools=disabled
foreign=$(ldd build-runner/sockdrill | grep -vE 'linux-vdso|libc\.so|ld-linux|libpthread|libm\.so' || true)
[ -z "$foreign" ] || {
	echo "the runner needs foreign libraries: $foreign"
	exit 1
}
sh harness/cli/cli_test.sh "$PWD/build-runner/sockdrill"
