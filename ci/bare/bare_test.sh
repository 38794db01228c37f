#!/bin/sh
# bare_test.sh -- what bare.sh refuses, before it makes anything. usage: bare_test.sh
set -u
ci=$(realpath "$(dirname "$0")/..")
# shellcheck source=harness/cli/expect.sh
. "$ci/../harness/cli/expect.sh"

expect 2 "no option '--with-hosts'" sh "$ci/bare.sh" --with-hosts
one_line
expect 2 "there is no step 'none-such'" sh "$ci/bare.sh" --keep none-such
one_line
expect 2 "--cache needs a directory" sh "$ci/bare.sh" --cache
one_line
if [ "$(id -u)" -eq 0 ]; then
	chmod 755 "$dir"
	cp -r "$ci" ci
	expect 3 "a chroot takes root" setpriv --reuid=65534 --regid=65534 --clear-groups sh ci/bare.sh gcc
else
	expect 3 "a chroot takes root" sh "$ci/bare.sh" gcc
fi
one_line
[ ! -e build-bare ] || not_so "nothing is made"
finish "bare.sh refuses as documented"
