#!/bin/sh
# user.sh -- an ordinary user's run: nothing but root may be missing. What a container forbids is no failure.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_all
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
chmod 755 "$copy"
cp build/sockdrill "$copy/sockdrill"
cd /
status=0
as_user "$copy/sockdrill" run --color never >"$copy/out" 2>&1 || status=$?
cat "$copy/out"
as_user "$copy/sockdrill" run --isolation none || status=1
as_user "$copy/sockdrill" doctor >"$copy/doctor" || status=1
if grep -q '^yes isolation' "$copy/doctor" &&
	grep '^skipped' "$copy/out" | grep -vE ': needs (root|the netem)'; then
	echo "an ordinary user should miss root only"
	status=1
fi
exit "$status"
