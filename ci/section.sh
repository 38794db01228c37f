# section.sh -- has a script say what it was at when it ends with another status than 0, and gives it a directory, work,
# that goes when it ends; for `.`.
# shellcheck shell=sh

_section="its beginning"
work=$(mktemp -d) || exit 3

# section WHAT: what is done from here on.
section() {
	_section=$1
}

_end() {
	_status=$?
	rm -rf "$work"
	[ "$_status" -eq 0 ] || echo "${0##*/}: ended with status $_status at: $_section" >&2
}
trap _end EXIT
