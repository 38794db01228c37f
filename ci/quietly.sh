# quietly.sh -- runs what tells much and matters only when it fails; for `.`.
# shellcheck shell=sh

# quietly COMMAND...: what it prints comes on standard error, and only when it fails. Ends as the command does.
quietly() {
	_said=$("$@" 2>&1) && return 0
	_status=$?
	printf '%s\n' "$_said" >&2
	return "$_status"
}
