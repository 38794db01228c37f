#!/bin/sh
# load.sh -- all cases while four busy loops compete for the processors.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_all
loops=""
for _ in 1 2 3 4; do
	sh -c 'while :; do :; done' &
	loops="$loops $!"
done
# shellcheck disable=SC2064,SC2086 # a list of numbers, known now
trap "kill $loops" EXIT
build/sockdrill run --repeat "$(count load)" --shuffle
