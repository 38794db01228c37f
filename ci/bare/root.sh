# root.sh -- makes the chroot of bare.sh, in the directory `cache`; to be sourced by it.
# shellcheck shell=sh disable=SC2154 # cache is of bare.sh

# unpack_base ROOT: Debian's base system; made once, kept as a tar file.
unpack_base() {
	base=$cache/base.tar
	if [ ! -e "$base" ]; then
		# shellcheck disable=SC2016 # apt's own variables
		# The first of this machine's sources of the release has all of it.
		mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
			sed -n 's/ bookworm$//p' | head -n 1)
		[ -n "$mirror" ] || give_up "apt has no source of bookworm: try apt-get update"
		rm -rf "$cache/base"
		debootstrap --variant=minbase bookworm "$cache/base" "$mirror" >"$cache/debootstrap.log" 2>&1 ||
			give_up "debootstrap failed: see $cache/debootstrap.log"
		rm -f "$cache/base/var/cache/apt/archives"/*.deb
		tar -C "$cache/base" -cf "$base.part" . || give_up "cannot write $base"
		mv "$base.part" "$base"
		rm -rf "$cache/base"
	fi
	tar -C "$1" -xf "$base" || give_up "cannot unpack $base"
}

# lend_network ROOT: what this machine needs to reach packages of Debian and of npm.
lend_network() {
	rm -f "$1/etc/apt/sources.list"
	for path in /etc/resolv.conf /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/trusted.gpg \
		/etc/apt/trusted.gpg.d /etc/apt/keyrings /etc/apt/auth.conf /etc/apt/auth.conf.d /usr/share/keyrings \
		/usr/local/share/ca-certificates /etc/npmrc /usr/etc/npmrc "$HOME/.npmrc" \
		"${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" /etc/ssl/certs/ca-certificates.crt; do
		[ -e "$path" ] || continue
		to=$1$path
		[ "$path" != "$HOME/.npmrc" ] || to=$1/root/.npmrc
		mkdir -p "$(dirname "$to")"
		cp -rLT "$path" "$to" || give_up "cannot copy $path"
	done
	apt-config dump | grep '^Acquire::' | grep -v '^Acquire::IndexTargets' >"$1/etc/apt/apt.conf.d/90machine" || true
	# As words of a shell.
	env | sed -nE "s/'/'\\\\''/g; s/^((https?_proxy|no_proxy|npm_config_[a-z_]*|NODE_EXTRA_CA_CERTS)=)(.*)/\\1'\\3'/Ip" \
		>"$1/root/network.env"
}

# mount_inside ROOT CACHE: its devices and the kernel's file systems, in a mount namespace of their own.
mount_inside() {
	mount -t proc proc "$1/proc" && mount -t sysfs -o ro sysfs "$1/sys" &&
		mount --bind "$2/archives" "$1/var/cache/apt/archives" &&
		mount -t tmpfs -o mode=755 dev "$1/dev" && mkdir "$1/dev/pts" "$1/dev/shm" || return
	for device in null zero full random urandom tty; do
		: >"$1/dev/$device" && mount --bind "/dev/$device" "$1/dev/$device" || return
	done
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$1/dev/pts" &&
		mount -t tmpfs shm "$1/dev/shm" && ln -s pts/ptmx "$1/dev/ptmx" &&
		ln -s /proc/self/fd "$1/dev/fd" && ln -s fd/0 "$1/dev/stdin" && ln -s fd/1 "$1/dev/stdout" &&
		ln -s fd/2 "$1/dev/stderr"
}
