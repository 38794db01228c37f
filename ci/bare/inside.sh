# inside.sh -- what bare.sh runs in its chroot, where it is the first process: the two commands of the README.
# usage: inside.sh "hosts dev-null 32bit" "STEP..."     what is lacking; steps of ci/test.sh, or "none"
# shellcheck shell=sh
set -eu
lacking=" $1 " steps=$2
cd /root/sockdrill
set -a
# shellcheck source=/dev/null # made by root.sh
. /root/network.env
set +a

# lacks NAME: whether the machine is to lack it.
lacks() {
	case $lacking in
	*" $1 "*) ;;
	*) return 1 ;;
	esac
}

# What is taken away is taken away from a machine that is set up: installing has need of it.
as_if=""
if [ "$lacking" != "  " ]; then
	sh ci/setup.sh test
fi
if lacks 32bit; then
	cc -O1 -pthread -o /root/simulate ci/simulate.c
	as_if="/root/simulate --without 32-bit"
fi
if lacks hosts; then
	rm -f /etc/hosts
fi
if lacks dev-null; then
	umount /dev/null
	rm /dev/null
fi

# try COMMAND...: says how it ended, and after how long.
try() {
	begin=$(date +%s) status=0
	echo "== bare: $*"
	# shellcheck disable=SC2086 # words
	$as_if "$@" || status=$?
	echo "== bare: '$*' ended with $status after $(($(date +%s) - begin)) s"
	[ "$status" -eq 0 ] || exit "$status"
}

try sh ci/run.sh
# shellcheck disable=SC2086 # a list of words
[ "$steps" = " none" ] || try sh ci/test.sh $steps
