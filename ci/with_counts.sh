#!/bin/sh
# with_counts.sh -- runs a program with counts that fit the machine: the word count:NAME becomes the number that
# counts.sh has for CI_FACTOR, 1.0 unless it is set. usage: with_counts.sh PROGRAM [ARGUMENT...]
set -u
counts=$(dirname "$0")/counts.sh
for word; do
	shift
	case $word in
	count:*) word=$(sh "$counts" "${word#count:}" "${CI_FACTOR:-1.0}") || exit 99 ;;
	esac
	set -- "$@" "$word"
done
exec "$@"
