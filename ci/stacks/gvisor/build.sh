#!/bin/sh
# build.sh -- builds gVisor's runsc, static, from Debian's golang-gvisor-gvisor-dev.
# usage: build.sh DIRECTORY PROGRAM     works in DIRECTORY and leaves PROGRAM (an absolute path)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
gopath=/usr/share/gocode
module=src/gvisor.dev/gvisor
source=$PWD/gopath/$module

# A copy, because the sentry embeds the vDSO from its own folder, where Debian has an empty file.
rm -rf gopath
mkdir -p "$source"
cp -R "$gopath/$module/." "$source"
g++ -I"$source" -O2 -std=c++11 -fPIC -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables \
	-shared -nostdlib -Wl,-soname=linux-vdso.so.1 -Wl,--hash-style=sysv -Wl,-Bsymbolic \
	-Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-T,"$here/vdso.lds" -o "$source/pkg/sentry/loader/vdsodata/vdso.so" \
	"$source/vdso/vdso.cc" "$source/vdso/vdso_time.cc"

# Static, for it starts its sandbox behind namespaces where no library is found. Nothing is fetched.
GO111MODULE=off GOPROXY=off CGO_ENABLED=0 GOPATH=$PWD/gopath:$gopath GOCACHE=$PWD/cache \
	go build -o runsc.part gvisor.dev/gvisor/runsc
rm -rf gopath cache
mv runsc.part "$2"
