#!/bin/sh
# planted.sh -- the fuzzer's own test: one bug of each parser and one of what reads records. Without names planted.py takes all.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

build_all
python3 fuzz/planted/planted.py build/sockdrill use_of_partial_delimiter use_of_partial_header \
	off_by_one_in_body off_by_one_in_pascal_string use_of_partial_pointer use_of_partial_address \
	use_of_partial_percent missing_limit_of_records
