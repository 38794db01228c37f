# common.sh -- what the steps of CI share; each of them sources it first. It goes to the top of the project.
#
# A step is a program of its own, ci/steps/NAME.sh, and `order` says when it comes. It ends with 0 when it has passed,
# with 77 when the machine lacks what it is about (its last line says what: see skip), and has failed otherwise.
# It can be run by itself, too. test.sh gives it in the environment:
#   CI_NOTES   a directory for what steps of one run leave to each other
#   CI_FACTOR  how slow the machine is, see ../machine_factor.c; 1.0 unless it is set
# shellcheck shell=sh
set -eu
cd "$(dirname "$0")/../.."
. ci/quietly.sh
notes=${CI_NOTES:-}
factor=${CI_FACTOR:-1.0}

# skip REASON: ends the step; the machine lacks what it needs.
skip() {
	echo "skipped: $1"
	exit 77
}

# count NAME: how often something is done on a machine of this speed, see ../counts.sh.
count() {
	sh ci/counts.sh "$1" "$factor"
}

# build DIRECTORY [ARGUMENT...]: builds in it, with further arguments of meson setup. A directory that is there already
# may have been made before everything was installed: meson looks again.
build() {
	dir=$1
	shift
	[ ! -e "$dir/build.ninja" ] || set -- --reconfigure "$@"
	quietly meson setup "$dir" "$@" || return
	ninja --quiet -C "$dir"
}

# build_to_run DIRECTORY [ARGUMENT...]: a build for few runs of the program, which wait and are in the kernel: compiling
# costs more than any optimiser saves.
build_to_run() {
	build "$@" -Dtests=disabled -Doptimization=0 -Ddebug=false
}

# build_all: the main build, with everything that can be tested, once in a run of CI. Steps that run at once wait for
# the one that builds.
build_all() {
	if [ -z "$notes" ]; then
		build build -Dtests=enabled -Dtools=enabled
		return
	fi
	exec 9>"$notes/build.lock"
	flock 9
	if [ ! -e "$notes/built" ]; then
		build build -Dtests=enabled -Dtools=enabled 9>&-
		: >"$notes/built"
	fi
	exec 9>&-
}

# test_in DIRECTORY ARGUMENT...: meson's tests. On a slow machine they have more time, and where the variable
# slower_build says how many times slower this build is.
slower_build=1
test_in() {
	dir=$1
	shift
	meson test -C "$dir" --print-errorlogs --timeout-multiplier $((slower_build * $(count timeouts))) "$@"
}

# sources: the files in C.
sources() {
	find cases ci fuzz harness reports \( -name '*.c' -o -name '*.h' \) | sort
}

# as_user COMMAND...: runs it as an ordinary user.
as_user() {
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
		return
	fi
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# need_programs WHAT COMPILER [ARGUMENT...]: skips the step where the compiler makes none or the kernel runs none.
need_programs() {
	what=$1
	shift
	probe=$(mktemp -d "$PWD/build-probe.XXXXXX")
	echo 'int main(void) { return 42; }' >"$probe/main.c"
	lack="" status=0
	if ! said=$("$@" -o "$probe/main" "$probe/main.c" 2>&1); then
		lack="the compiler makes no $what ('$*': $(echo "$said" | grep -m 1 . || echo "no reason"))"
	else
		said=$("$probe/main" 2>&1) || status=$?
		[ "$status" -eq 42 ] ||
			lack="this kernel runs no $what: status $status, '$(echo "$said" | head -n 1)'"
	fi
	rm -rf "$probe"
	[ -z "$lack" ] || skip "$lack"
}

# need_tracing SOCKDRILL: skips the step where no process can be traced.
need_tracing() {
	lack=$("$1" doctor | sed -n 's/^NO  tracing *//p')
	[ -z "$lack" ] || skip "$lack"
}
