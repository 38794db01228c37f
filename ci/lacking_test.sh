#!/bin/sh
# lacking_test.sh -- steps of CI on machines that lack something: each skips and says why, or does without it.
# usage: lacking_test.sh SOCKDRILL
set -u
sockdrill=$(realpath "$1") ci=$(realpath "$(dirname "$0")")
# shellcheck source=harness/cli/expect.sh
. "$ci/../harness/cli/expect.sh"
unset CI_NOTES CI_FACTOR # of a run of CI that this test is part of

cc -O1 -pthread -o simulate "$ci/simulate.c" || exit 99
./simulate --without ptrace true || { echo "skipped: no calls can be filtered here"; exit 77; }
# The project, with nothing to be built.
mkdir -p tree/build notes
for name in cases ci harness; do
	ln -s "$ci/../$name" "tree/$name"
done
ln -s "$sockdrill" tree/build/sockdrill
: >notes/built
export CI_NOTES="$dir/notes"

# step NAME [WORD...]: the step NAME; the words are what it runs under. For expect.
# shellcheck disable=SC2317
step() {
	_name=$1
	shift
	"$@" sh "tree/ci/steps/$_name.sh"
}

# skips REASON NAME [WORD...]: such a step skips; the reason is its last line.
skips() {
	_reason=$1
	shift
	expect 77 '' step "$@"
	tail -n 1 out | grep -qF "skipped: $_reason" || not_so "$* says last: skipped: $_reason" out
}

# ---- Programs that the compiler cannot make, or the kernel not run ----

mkdir bin
# shellcheck disable=SC2016 # for another shell
printf '#!/bin/sh\necho "cc: error: no such option: $1" >&2\nexit 1\n' >bin/cc
cp bin/cc bin/musl-gcc
chmod +x bin/*
if [ "$(uname -m)" = x86_64 ]; then
	skips "the compiler makes no 32-bit programs ('cc -m32': cc: error: no such option: -m32)" 32_bit \
		env PATH="$dir/bin:$PATH"
	if echo 'int main(void) { return 0; }' | cc -m32 -o 32 -x c - 2>/dev/null && ./32; then
		skips "this kernel runs no 32-bit programs: status " 32_bit ./simulate --without 32-bit
		holds out 'Exec format error'
		# What musl-gcc makes is none the kernel runs: here one of 32 bits.
		printf '#!/bin/sh\nshift\nexec cc -m32 "$@"\n' >bin/musl-gcc
		rm bin/cc
		skips "this kernel runs no static programs with musl: status " musl \
			env PATH="$dir/bin:$PATH" ./simulate --without 32-bit
	fi
else
	skips "32-bit programs are tried on x86_64, and this is $(uname -m)" 32_bit
fi
printf '#!/bin/sh\nexit 1\n' >bin/musl-gcc
skips "the compiler makes no static programs with musl ('musl-gcc -static': no reason)" musl env PATH="$dir/bin:$PATH"

# ---- Tracing, a browser ----

for name in traced disturb; do
	skips "trace, run --trace and run --disturb do not work: " $name ./simulate --without ptrace
done
skips "$dir/no_browser does not start here: " page env CHROMIUM="$dir/no_browser"
printf '#!/bin/sh\necho "a warning"\necho "cannot open display" >&2\nexit 3\n' >bin/browser
chmod +x bin/browser
skips "$dir/bin/browser does not start here: cannot open display" page env CHROMIUM="$dir/bin/browser"

# ---- Namespaces: what needs them is skipped by the run itself ----

expect 0 ' isolation none' ./simulate --without namespaces "$sockdrill" run --max-wait 0

# ---- Headers of this machine, where the other processor's are meant ----

arm=/usr/aarch64-linux-gnu/include
if [ -d $arm ] && command -v clang >/dev/null && unshare -m true 2>/dev/null; then
	mkdir headers
	# shellcheck disable=SC2016 # for another shell
	printf 'for place in /usr/include /usr/local/include; do mount --bind headers $place || exit 99; done\nexec "$@"\n' \
		>with_headers
	expect 0 '' step aarch64 unshare -m sh with_headers
	# Every header is there under this machine's name for it, too, as gcc-multilib links some.
	(cd $arm && find . -name '*.h') | while read -r file; do
		for place in headers "headers/$(uname -m)-linux-gnu"; do
			mkdir -p "$place/${file%/*}"
			echo '#error a header of this machine' >"$place/$file"
		done
	done
	expect 1 'a header of this machine' unshare -m sh with_headers sh -c \
		'echo "#include <pthread.h>" | clang --target=aarch64-linux-gnu -fsyntax-only -x c -'
	expect 0 '' step aarch64 unshare -m sh with_headers
fi

finish "what is lacking is told, and what is there is tested"
