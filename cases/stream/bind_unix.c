/* bind_unix.c -- the file that bind() makes for an AF_UNIX socket, and the names it can take. */
#include "case.h"

/* Type and permissions of a file: "socket 0755", or why there are none. */
static void saw_node(struct role *me, const char *label, const char *path)
{
	struct stat info;
	char text[40];

	if (lstat(path, &info) == -1) {
		saw(me, label, -1);
		return;
	}
	snprintf(text, sizeof text, "%s %04o", S_ISSOCK(info.st_mode) ? "socket" : "other",
		 (unsigned)info.st_mode & 07777);
	saw_text(me, label, text);
}

static void noding_server(struct role *me)
{
	struct address open_to_all = loopback(me);
	struct address closed_to_others = loopback(me);
	int first = open_socket(me, SOCK_STREAM);
	int second = open_socket(me, SOCK_STREAM);

	saw_node(me, "before bind", open_to_all.un.sun_path);
	umask(0);
	saw(me, "bind, umask 000", bind(first, &open_to_all.any, open_to_all.len));
	umask(027);
	saw(me, "bind, umask 027", bind(second, &closed_to_others.any, closed_to_others.len));
	saw_node(me, "node, umask 000", open_to_all.un.sun_path);
	saw_node(me, "node, umask 027", closed_to_others.un.sun_path);
	must(listen(second, 1));
	send_address(me, &closed_to_others);
	(void)must(accept(second, NULL, NULL));
}

static void finding_client(struct role *me)
{
	struct address to = peer_address(me);
	struct stat info;

	saw(me, "stat", stat(to.un.sun_path, &info));
	saw(me, "is a socket", S_ISSOCK(info.st_mode));
	saw(me, "connect", connect(open_socket(me, SOCK_STREAM), &to.any, to.len));
}

const struct sock_case bind_unix_creates_socket_node = {
	.claim = "bind() of a path makes a file of type socket there, which connect() finds.",
	.source = "POSIX.1-2024 bind(), DESCRIPTION; unix(7), Pathname socket ownership and "
		  "permissions",
	.standing = SHALL,
	.portable = "Guard the socket by the permissions of its directory.",
	.notes = "FreeBSD and Solaris are said to ignore the permissions of the file in connect().",
	.families = UNIX,
	.needs = NEEDS_PROCESS, /* umask */
	.server = noding_server,
	.client = finding_client,
	.expect = {
		{ SERVER, "before bind", FAILS(ENOENT) },
		{ SERVER, "bind, umask 000", EQ(0) },
		{ SERVER, "bind, umask 027", EQ(0) },
		{ SERVER, "node, umask 000", ANY, .on[OS_LINUX] = TEXT("socket 0777"),
		  .standing = MAY, .why = "Linux gives all permissions that the umask leaves" },
		{ SERVER, "node, umask 027", ANY, .on[OS_LINUX] = TEXT("socket 0750"),
		  .standing = MAY, .why = "Linux gives all permissions that the umask leaves" },
		{ CLIENT, "stat", EQ(0) },
		{ CLIENT, "is a socket", EQ(1) },
		{ CLIENT, "connect", EQ(0) },
	},
};

/* An address whose path fills all but `spare` bytes of sun_path with one letter. */
static struct address long_path(char letter, size_t spare)
{
	struct address a = { .len = (socklen_t)sizeof a.un };

	a.un.sun_family = AF_UNIX;
	memset(a.un.sun_path, letter, sizeof a.un.sun_path - spare);
	return a;
}

static int listen_at(struct role *me, const char *label, const struct address *address)
{
	int fd = open_socket(me, SOCK_STREAM);

	if (saw(me, label, bind(fd, &address->any, address->len)) == 0)
		must(listen(fd, 1));
	return fd;
}

/* The name of the file in full, which sun_path has no room to end with a NUL. */
static int node_exists(const struct address *address)
{
	char path[sizeof address->un.sun_path + 1] = "";

	memcpy(path, address->un.sun_path, sizeof address->un.sun_path);
	return access(path, F_OK);
}

static void long_server(struct role *me)
{
	struct address ended = long_path('e', 1), full = long_path('f', 0);
	struct address over = long_path('o', 1);
	int at_ended = listen_at(me, "with its NUL", &ended);
	int at_full = listen_at(me, "without NUL", &full);

	over.len = sizeof over.un + 1;
	(void)listen_at(me, "length over sockaddr_un", &over);
	saw(me, "node of the first", node_exists(&ended));
	saw(me, "node of the second", node_exists(&full));
	meet(me, "bound");
	meet(me, "called");
	saw(me, "first was called", poll_now(at_ended, POLLIN) == POLLIN);
	saw(me, "second was called", poll_now(at_full, POLLIN) == POLLIN);
}

static void long_client(struct role *me)
{
	struct address ended = long_path('e', 1), full = long_path('f', 0);

	meet(me, "bound");
	saw(me, "connect to the first",
	    connect(open_socket(me, SOCK_STREAM), &ended.any, ended.len));
	saw(me, "connect to the second",
	    connect(open_socket(me, SOCK_STREAM), &full.any, full.len));
	meet(me, "called");
}

const struct sock_case bind_unix_path_107_ok_108_no_nul = {
	.claim = "A path that fills sun_path, NUL included, can be bound; on Linux the NUL may go.",
	.source = "POSIX.1-2024 <sys/un.h>, DESCRIPTION; unix(7), BUGS and Pathname sockets",
	.standing = SHALL,
	.portable = "Keep paths below 92 bytes, NUL included.",
	.notes = "macOS and FreeBSD have a sun_path of 104 bytes; NetBSD is said to allow 253.",
	.families = UNIX,
	.server = long_server,
	.client = long_client,
	.expect = {
		{ SERVER, "with its NUL", EQ(0) },
		{ SERVER, "without NUL", ANY, .on[OS_LINUX] = EQ(0), .standing = MAY,
		  .why = "Linux ends the path at the length of the address" },
		{ SERVER, "length over sockaddr_un", ANY, .on[OS_LINUX] = FAILS(EINVAL),
		  .standing = MAY,
		  .why = "Linux takes no address that is longer than its sockaddr_un" },
		{ SERVER, "node of the first", EQ(0) },
		{ SERVER, "node of the second", ANY, .on[OS_LINUX] = EQ(0), .standing = MAY,
		  .why = "Linux makes the file under the unterminated name" },
		{ SERVER, "first was called", EQ(1) },
		{ SERVER, "second was called", ANY, .on[OS_LINUX] = EQ(1), .standing = MAY,
		  .why = "Linux finds the unterminated name again" },
		{ CLIENT, "connect to the first", EQ(0) },
		{ CLIENT, "connect to the second", ANY, .on[OS_LINUX] = EQ(0), .standing = MAY,
		  .why = "Linux finds the unterminated name again" },
	},
};

static struct address path(const char *name)
{
	struct address a = { .len = sizeof a.un };

	a.un.sun_family = AF_UNIX;
	snprintf(a.un.sun_path, sizeof a.un.sun_path, "%s", name);
	return a;
}

static void occupying_server(struct role *me)
{
	int file = must(open("file", O_RDWR | O_CREAT | O_EXCL, 0600));
	struct address stale = path("stale");
	int left = open_socket(me, SOCK_STREAM);
	char bytes[8];

	must(write(file, "abc", 3));
	must(mkdir("directory", 0700));
	must(symlink("nowhere", "link"));
	must(bind(left, &stale.any, stale.len));
	must(close(left));
	int listener = listen_on(me, 1);
	(void)must(accept(listener, NULL, NULL));
	meet(me, "all were tried");
	saw_bytes(me, "file", bytes, pread(file, bytes, sizeof bytes, 0));
}

static void covering_client(struct role *me)
{
	struct address live = peer_address(me);
	struct address file = path("file"), stale = path("stale");
	struct address directory = path("directory"), link = path("link");
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "a regular file", bind(fd, &file.any, file.len));
	saw(me, "a directory", bind(fd, &directory.any, directory.len));
	saw(me, "a dangling link", bind(fd, &link.any, link.len));
	saw(me, "an abandoned socket", bind(fd, &stale.any, stale.len));
	saw(me, "a socket in use", bind(fd, &live.any, live.len));
	saw(me, "the socket in use serves", connect_to_peer(me) >= 0);
	meet(me, "all were tried");
}

const struct sock_case bind_unix_exists_eaddrinuse = {
	.claim = "bind() never takes a path where anything exists, and replaces nothing.",
	.source = "POSIX.1-2024 bind(), DESCRIPTION and ERRORS EADDRINUSE",
	.standing = SHALL,
	.portable = "unlink() a socket that nobody serves before bind(); close() leaves the file.",
	.families = UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = occupying_server,
	.client = covering_client,
	.expect = {
		{ CLIENT, "a regular file", FAILS(EADDRINUSE) },
		{ CLIENT, "a directory", FAILS(EADDRINUSE) },
		{ CLIENT, "a dangling link", FAILS(EADDRINUSE) },
		{ CLIENT, "an abandoned socket", FAILS(EADDRINUSE) },
		{ CLIENT, "a socket in use", FAILS(EADDRINUSE) },
		{ CLIENT, "the socket in use serves", EQ(1) },
		{ SERVER, "file", TEXT("3:abc") },
	},
};
