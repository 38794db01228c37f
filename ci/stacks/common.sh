# common.sh -- what the scripts of this folder share; to be sourced by them from the top of the project.
#
# Each script NAME.sh installs or builds one socket stack, runs the cases on it and writes their results to the
# file its first argument names (reports/stacks/NAME.jsonl by default). It ends as `sockdrill run` does: with 0
# when everything is as reports/expected/NAME.expect says.

# Says why the script cannot go on, and ends it.
give_up() {
	echo "${0##*/}: $*" >&2
	exit 3
}

# Installs the Debian packages that are missing.
need_packages() {
	missing=""
	for package in "$@"; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
			missing="$missing $package"
	done
	[ -z "$missing" ] && return 0
	[ "$(id -u)" -eq 0 ] || give_up "missing:$missing: install them, or run this as root"
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086 # a list of words
	{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >&2 ||
		give_up "cannot install$missing"
}

# A version on standard input as --stack takes it.
kept() {
	tr -d '\n' | tr -c 'A-Za-z0-9._+-' '.' | cut -c 1-31
}

# The version of an installed Debian package, as --stack takes it.
package_version() {
	dpkg-query -W -f '${Version}' "$1" | kept
}

# Builds the runner, without libraries, in the directory $1 with the further arguments of meson setup.
build_runner() {
	dir=$1
	shift
	if [ -e "$dir/build.ninja" ]; then
		set -- --reconfigure "$@"
	fi
	# Linkers warn of static programs that ask the resolver; only a failure is worth a word.
	if ! said=$(meson setup "$dir" -Dtools=disabled -Dtests=disabled "$@" 2>&1 && ninja -C "$dir" 2>&1); then
		echo "$said" >&2
		give_up "cannot build the runner in $dir"
	fi
}

# Puts the results in file $1 in the order of their names, so that two runs of a stack can be compared line by
# line, and at $2; nowhere when that is "-". A run that ended early is not recorded.
record() {
	[ "$2" = - ] && return 0
	[ ! -e "$2" ] || [ -f "$2" ] || give_up "$2 is no file: give another, or - for none"
	[ "$(tail -n 1 "$1" | cut -c 1-29)" = '{"type":"end","complete":true' ] ||
		give_up "the run ended early: $1 has not all that was planned"
	{
		head -n 1 "$1"
		sed '1d;$d' "$1" | LC_ALL=C sort
		tail -n 1 "$1"
	} >"$2.part" && mv "$2.part" "$2" || give_up "cannot write $2"
}

# Runs cases on this machine with the runner in the directory $1, as the stack NAME/VERSION $2 with the baseline
# $3, and records them at $4: all cases, or what the further arguments of sockdrill run say. Ends the script as
# the run ended.
run_here() {
	runner=$1/sockdrill stack=$2 baseline=$3 file=$4
	shift 4
	raw=$(mktemp) || give_up "cannot make a file: set TMPDIR to a writable directory"
	"$runner" run --stack "$stack" --expect "$baseline" --report pretty --report "jsonl:$raw" "$@"
	status=$?
	[ "$status" -gt 1 ] || record "$raw" "$file"
	rm -f "$raw"
	exit "$status"
}

# From now on apt-get and apt-cache speak of the packages of Debian's architecture $1; their state is in the
# directory $2, so that this machine does not come to know of that architecture.
use_packages_of() {
	mkdir -p "$2/lists/partial" "$2/cache/archives/partial" && : >"$2/status" &&
		cat >"$2/apt.conf" <<-END || give_up "cannot fill $2"
			APT::Architecture "$1";
			APT::Architectures "$1";
			APT::Sandbox::User "root";
			Dir::State "$2";
			Dir::State::status "$2/status";
			Dir::State::lists "$2/lists";
			Dir::Cache "$2/cache";
		END
	export APT_CONFIG="$2/apt.conf"
	apt-get update -qq >&2 || give_up "cannot learn of Debian's packages of $1: is there a network?"
}

# Extracts Debian packages into the directory $1 without installing them: the further arguments are their names.
unpack_packages() {
	into=$1
	shift
	for package in "$@"; do
		[ -e "$into/$package.unpacked" ] && continue
		mkdir -p "$into/deb" || give_up "cannot make $into/deb"
		rm -f "$into/deb/${package}_"*
		(cd "$into/deb" &&
			apt-get -o APT::Sandbox::User=root download -qq "$package" >&2) ||
			give_up "cannot download $package: try apt-get update"
		dpkg-deb -x "$into/deb/${package}_"*.deb "$into" || give_up "cannot extract $package"
		: >"$into/$package.unpacked"
	done
}

# Puts into the directory $1 what a guest kernel runs: the static runner of the directory $2 and guest_init.c,
# which the further arguments compile.
make_guest() {
	home=$1 runner=$2
	shift 2
	mkdir -p "$home/modules" "$home/out" && rm -f "$home"/out/* && cp "$runner/sockdrill" "$home/sockdrill" &&
		"$@" -Wall -Wextra -O1 -static -o "$home/init" ci/stacks/guest_init.c ||
		give_up "cannot fill $home"
}

# Has the guest of the directory $1 run the cases, with the further arguments as options.
tell_guest_to_run() {
	home=$1
	shift
	tell_guest "$home" /media/sockdrill run --color never --report pretty --report jsonl:/media/out/run.jsonl "$@"
}

# Has the guest of the directory $1 run the command that the further arguments are, instead.
tell_guest() {
	home=$1
	shift
	printf '%s\n' "$@" >"$home/command" || give_up "cannot write $home/command"
}

# Copies kernel modules into the directory $1 from the tree $2, numbered, so that they are loaded in the order
# in which the further arguments name them.
copy_modules() {
	into=$1 tree=$2 number=10
	shift 2
	rm -f "$into"/*.ko
	for module in "$@"; do
		file=$(find "$tree" -name "$module.ko" | head -n 1)
		[ -n "$file" ] && cp "$file" "$into/$number-$module.ko" || give_up "no module $module in $tree"
		number=$((number + 1))
	done
}

# Shows what a guest left in the directory $1, records its results at $2 and ends as its run did.
finish_guest() {
	[ -s "$1/status" ] || give_up "the guest did not come to its end: see $1 and $1.log"
	cat "$1/run.txt"
	record "$1/run.jsonl" "$2"
	exit "$(cat "$1/status")"
}
