#!/bin/sh
# tidy.sh -- clang-tidy and the static analyzer.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

# A function's paths are followed as far as the analyzer does in its shallow mode: to three times as many nodes it
# took four times as long and told nothing more. It gives way to what is done beside it. What is another machine's
# has no headers here.
[ "$(uname -m)" = x86_64 ] && other=aarch64 || other=x86_64
build_all
sources | grep '\.c$' | grep -v "trace/$other\.c" |
	grep -vE '_test\.c$|^ci/|os/posix\.c|os/lwip|read_none\.c|commands_runner\.c|embed_' |
	nice xargs -n 6 -P 2 clang-tidy --quiet -p build --warnings-as-errors='*' \
		--extra-arg=-Xclang --extra-arg=-analyzer-config \
		--extra-arg=-Xclang --extra-arg=max-nodes=75000
