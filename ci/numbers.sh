# numbers.sh -- what scripts of this folder ask of their numbers; for `.`.
# shellcheck shell=sh

# expect_positive NAME VALUE: ends the script with status 2 unless VALUE is a number from 1.
expect_positive() {
	case $2 in
	'' | 0* | *[!0-9]*)
		echo "${0##*/}: $1 must be a number from 1, not '$2'" >&2
		exit 2
		;;
	esac
}
