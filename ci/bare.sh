#!/bin/sh
# bare.sh -- tries what the README promises as on a new machine: in a chroot with Debian 12's base system and nothing
# else it runs ci/run.sh, then ci/test.sh, of a clone of HEAD. Needs root, debootstrap, and this machine to be Debian 12,
# for its apt sources are the chroot's.
# usage: bare.sh [OPTION...] [STEP...]
#   STEP...              steps of ci/test.sh, all without any; "none": ci/run.sh alone
#   --cache DIRECTORY    where the base system and packages are kept for the next time; build-bare
#   --keep               keeps the chroot, and says where
#   --without-hosts      there is no /etc/hosts when the commands run
#   --without-dev-null   there is no /dev/null at first; whoever redirects to it makes a file of that name
#   --without-32bit      the kernel runs no 32-bit programs (ci/simulate.c)
# Ends as ci/run.sh does when that fails, else as ci/test.sh; with 2 for a wrong option, with 3 when it cannot try.
#
# The commands have an environment of PATH, HOME and CI=true, no standard input, and processes, mounts and devices of
# their own: all of it ends with this script. The network is the machine's, and so is what reaches it: apt's sources,
# keys and Acquire options, the certificates, npm's configuration, proxies of the environment.
set -eu
cd "$(dirname "$0")/.."
cache=$PWD/build-bare keep="" without="" steps=""

give_up() {
	echo "bare.sh: $*" >&2
	exit 3
}

refuse() {
	echo "bare.sh: $*" >&2
	exit 2
}

# end_early STATUS: a signal has come.
# shellcheck disable=SC2317 # traps call it
end_early() {
	kill -KILL "$inside"
	wait "$inside" || exit "$1"
}

while [ $# -gt 0 ]; do
	case $1 in
	--cache)
		[ $# -gt 1 ] || refuse "--cache needs a directory"
		cache=$2
		shift
		;;
	--keep) keep=yes ;;
	--without-hosts | --without-dev-null | --without-32bit) without="$without ${1#--without-}" ;;
	-*) refuse "no option '$1': see the head of ci/bare.sh" ;;
	*) steps="$steps $1" ;;
	esac
	shift
done
. ci/steps/names.sh
[ "$steps" = " none" ] || check_steps "$steps"
[ "$(id -u)" -eq 0 ] || give_up "a chroot takes root"
[ "$(. /etc/os-release && echo "$VERSION_CODENAME")" = bookworm ] || give_up "this machine is not Debian 12 (bookworm)"
command -v debootstrap >/dev/null || give_up "debootstrap is missing: apt-get install debootstrap"
mkdir -p "$cache/archives/partial" || give_up "cannot make $cache"
cache=$(realpath "$cache")
. ci/bare/root.sh

root=$(mktemp -d "$cache/root.XXXXXX")
[ -n "$keep" ] || trap 'rm -rf --one-file-system "$root"' EXIT
unpack_base "$root"
lend_network "$root"
git clone --quiet --depth 1 "file://$PWD" "$root/root/sockdrill" || give_up "cannot clone HEAD"
[ -z "$(git status --porcelain)" ] || echo "bare.sh: what is not committed is not tried" >&2
cp ci/bare/inside.sh "$root/root/inside.sh"

# The end of unshare is the end of all processes inside, and the end of this script is the end of unshare.
status=0
# shellcheck disable=SC2016 # for the shell inside
setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child sh -c '
	. ci/bare/root.sh
	mount_inside "$1" "$2" && shift 2 && exec chroot "$@"' inside "$root" "$cache" "$root" \
	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root CI=true \
	sh /root/inside.sh "$without" "$steps" </dev/null &
inside=$!
trap 'end_early 129' HUP
trap 'end_early 130' INT
trap 'end_early 143' TERM
wait "$inside" || status=$?
[ -z "$keep" ] || echo "bare.sh: kept: $root"
exit "$status"
