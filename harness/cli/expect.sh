# expect.sh -- what the shell tests share: a directory of their own, what must be so, and an end that tells.
# usage: in a test, once the paths that it was given are absolute and it is known that it can be done here:
#	. "$(dirname "$0")/expect.sh"
#	expect 0 'usage: ' "$sockdrill" --help
#	one_line
#	finish "the program helps"
#
# From here on a test is in `dir`, a directory that goes when it ends. What is expected in a subshell or behind a
# pipe is not counted: do that in the test's own shell. Variables of this file begin with an underscore.
# shellcheck shell=sh
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99
failures=0
# Wherever a test runs, the output is the same.
unset GITHUB_STEP_SUMMARY COLUMNS NO_COLOR LANG LC_CTYPE
export LC_ALL=C

# not_so WHAT [FILE]: says that it is not, and counts it; FILE shows why.
not_so() {
	echo "NOT SO: $1"
	[ $# -lt 2 ] || cut -c1-300 "$2" | sed 's/^/  | /' | head -n 30
	failures=$((failures + 1))
}

# expect STATUS TEXT COMMAND...: runs it; its output, in the file `out`, must hold TEXT (a fixed string; "" for any).
expect() {
	_want=$1 _text=$2
	shift 2
	"$@" >out 2>&1 </dev/null
	_got=$?
	[ "$_got" -eq "$_want" ] && { [ -z "$_text" ] || grep -qF -- "$_text" out; } && return
	not_so "status $_want (it is $_got) and '$_text': $*" out
}

# one_line: the last output was a single line.
one_line() {
	_lines=$(wc -l <out)
	[ "$_lines" -eq 1 ] || not_so "one line, but $_lines" out
}

# holds FILE TEXT...: each fixed string is in it.
holds() {
	_file=$1
	shift
	for _text; do
		grep -qF -- "$_text" "$_file" || not_so "'$_text' in $_file" "$_file"
	done
}

# lacks FILE TEXT: there is such a file, and the fixed string is not in it.
lacks() {
	grep -qF -- "$2" "$1"
	[ $? -eq 1 ] || not_so "no '$2' in $1" "$1"
}

# same WHAT GOT WANTED: two values.
same() {
	[ "$2" = "$3" ] || not_so "$1: got '$2', wanted '$3'"
}

# same_files WHAT FILE FILE: both have something in them, and the same.
same_files() {
	[ -s "$2" ] && cmp -s "$2" "$3" && return
	diff "$2" "$3" >differences 2>&1
	not_so "$1: the same" differences
}

# survivors NAME: the processes of that name. Those that have ended do not count: they wait to be reaped (Z), or just
# are (X).
survivors() {
	grep -hosE "^[0-9]+ \($1\) [^ZX]" /proc/[0-9]*/stat | cut -d ' ' -f 1
}

# await_end NAME: gives the processes of that name two seconds to end; prints those that have not.
await_end() {
	_tries=0
	_left=$(survivors "$1")
	while [ -n "$_left" ] && [ "$_tries" -lt 100 ]; do
		perl -e 'select undef, undef, undef, 0.02'
		_tries=$((_tries + 1))
		_left=$(survivors "$1")
	done
	echo "$_left"
}

# finish SENTENCE: ends the test; the sentence is what a good one has shown.
finish() {
	[ "$failures" -eq 0 ] || exit 1
	echo "$1"
	exit 0
}
