#!/bin/sh
# aarch64.sh -- the half of the tracer that this machine's compiler does not see; ci/stacks/trace_aarch64.sh runs it.
# shellcheck source=ci/steps/common.sh
. "$(dirname "$0")/common.sh"

# No header of this machine's own: those of its processor lie where clang looks first (gcc-multilib puts them there).
headers=/usr/aarch64-linux-gnu/include
find harness/trace -name '*.c' | grep -vE '_test\.c$|/(x86_64|none)\.c$' |
	xargs clang --target=aarch64-linux-gnu -nostdinc -isystem "$(clang -print-resource-dir)/include" \
		-isystem "$headers" -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wconversion -Wno-sign-conversion \
		-Wno-missing-field-initializers -Wshadow -Werror -fsyntax-only -I. -Iharness
