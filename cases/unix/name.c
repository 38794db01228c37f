/* name.c -- pathnames as socket addresses: what bind() makes of them and what connect() finds. */
#include "case.h"

enum { PATH_AT = offsetof(struct sockaddr_un, sun_path) };

static struct address named(const char *path)
{
	struct address a = { .len = sizeof a.un };

	a.un.sun_family = AF_UNIX;
	must_be(strlen(path) < sizeof a.un.sun_path);
	strcpy(a.un.sun_path, path);
	return a;
}

static void unnamed_client(struct role *me)
{
	struct address name = { .len = sizeof name.storage, .any.sa_family = 99 };
	int fd = open_socket(me, SOCK_DGRAM);

	saw(me, "getsockname", getsockname(fd, &name.any, &name.len));
	saw(me, "length", name.len);
	saw(me, "family is AF_UNIX", name.any.sa_family == AF_UNIX);
}

const struct sock_case unix_name_unnamed_getsockname = {
	.claim = "The name of an AF_UNIX socket that was not bound may be anything; on Linux it "
		 "has a family and no path.",
	.source = "POSIX.1-2024 getsockname(), DESCRIPTION (of an unbound socket the value is "
		  "unspecified); unix(7), Address format",
	.standing = MAY,
	.portable = "Read sun_path only if the length goes beyond it and its first byte is not 0.",
	.notes = "FreeBSD and macOS are said to give a length of 16 or 2, with sun_path[0] 0.",
	.families = UNIX,
	.client = unnamed_client,
	.expect = {
		{ CLIENT, "getsockname", EQ(0), .standing = SHALL },
		{ CLIENT, "length", ANY, .on[OS_LINUX] = EQ(PATH_AT),
		  .why = "unix(7) documents a length of sizeof(sa_family_t)."},
		{ CLIENT, "family is AF_UNIX", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "POSIX leaves the whole name open; Linux gives the family."},
	},
};

/* Binds to "name" with this length and shows what getsockname() makes of it. Its bytes are
 * preset, so that a missing 0 after the path is seen. */
static void saw_bound_name(struct role *me, const char *path_label, const char *len_label,
			   socklen_t len)
{
	struct address path = named("name"), name = { .len = sizeof name.storage };
	int fd = open_socket(me, SOCK_DGRAM);

	must(bind(fd, &path.any, len));
	memset(&name.storage, 'x', 20);
	must(getsockname(fd, &name.any, &name.len));
	saw_text(me, path_label, name.un.sun_path);
	saw(me, len_label, name.len);
	must(unlink("name"));
}

static void bound_name_client(struct role *me)
{
	saw_bound_name(me, "path", "length", sizeof(struct sockaddr_un));
	saw_bound_name(me, "path bound without its 0", "length then", PATH_AT + 4);
}

const struct sock_case unix_name_pathname_getsockname = {
	.claim = "getsockname() gives back the path an AF_UNIX socket was bound to; Linux adds a "
		 "0 that it counts.",
	.source = "POSIX.1-2024 getsockname(), DESCRIPTION; unix(7), Address format",
	.standing = SHALL,
	.portable = "Copy the path up to its 0 or the length given, whichever comes first.",
	.notes = "FreeBSD is said to give the length as passed; NetBSD not to count the 0.",
	.families = UNIX,
	.client = bound_name_client,
	.expect = {
		{ CLIENT, "path", TEXT("name") },
		{ CLIENT, "length", ANY, .on[OS_LINUX] = EQ(PATH_AT + 5),
		  .why = "unix(7): the family, the path and its 0.", .standing = MAY },
		{ CLIENT, "path bound without its 0", ANY, .on[OS_LINUX] = TEXT("name"),
		  .why = "Linux puts a 0 after a path that came without one.", .standing = MAY },
		{ CLIENT, "length then", ANY, .on[OS_LINUX] = EQ(PATH_AT + 5),
		  .why = "unix(7): the family, the path and its 0.", .standing = MAY },
	},
};

/* A path as long as sun_path, so that no byte is left for a 0. */
static struct address longest_path(void)
{
	struct address a = { .len = sizeof a.un };

	a.un.sun_family = AF_UNIX;
	memset(a.un.sun_path, 'p', sizeof a.un.sun_path);
	return a;
}

static void longest_name_server(struct role *me)
{
	struct address path = longest_path(), name = { .len = sizeof name.storage };
	int fd = open_socket(me, SOCK_DGRAM);
	char bytes[8] = "";

	saw(me, "size of sun_path", sizeof path.un.sun_path);
	int bound = saw(me, "bind", bind(fd, &path.any, path.len)) == 0;
	must(getsockname(fd, &name.any, &name.len));
	saw(me, "length of the name", name.len);
	meet(me, "bound");
	meet(me, "sent");
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, bound ? 0 : MSG_DONTWAIT));
}

static void longest_name_client(struct role *me)
{
	struct address path = longest_path();
	int fd = open_socket(me, SOCK_DGRAM);

	meet(me, "bound");
	saw(me, "sendto", sendto(fd, "abc", 3, 0, &path.any, path.len));
	meet(me, "sent");
}

const struct sock_case unix_name_max_path_108 = {
	.claim = "Linux takes a path that fills all of sun_path, with no 0 after it.",
	.source = "unix(7), Pathname sockets and BUGS; POSIX.1-2024 <sys/un.h>, sun_path leaves "
		  "the size open",
	.standing = SYSTEM,
	.portable = "Keep paths shorter than 92 bytes and end them with a 0.",
	.notes = "FreeBSD, macOS and OpenBSD are said to have a sun_path of 104 bytes.",
	.families = UNIX,
	.server = longest_name_server,
	.client = longest_name_client,
	.expect = {
		{ SERVER, "size of sun_path", AT_LEAST(92), .on[OS_LINUX] = EQ(108),
		  .why = "unix(7): 108 bytes."},
		{ SERVER, "bind", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "unix(7): a path need not end in a 0, and Linux adds one."},
		{ SERVER, "length of the name", ANY, .on[OS_LINUX] = EQ(PATH_AT + 108 + 1),
		  .why = "The 0 that Linux adds counts, so the name is longer than sockaddr_un."},
		{ SERVER, "recv", ANY, .on[OS_LINUX] = TEXT("3:abc"),
		  .why = "The same path finds the socket."},
		{ CLIENT, "sendto", ANY, .on[OS_LINUX] = EQ(3),
		  .why = "The same path finds the socket."},
	},
};

static void occupying_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[8];

	meet(me, "bind was tried");
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

static long long bind_to(int fd, const char *path)
{
	struct address a = named(path);

	return bind(fd, &a.any, a.len);
}

/* Whether the path is of this kind, of S_IFMT. */
static bool is_kind(const char *path, mode_t kind)
{
	struct stat info;

	return !lstat(path, &info) && (info.st_mode & S_IFMT) == kind;
}

static void occupied_client(struct role *me)
{
	struct address live = peer_address(me);
	int fd = open_socket(me, SOCK_DGRAM), stale = open_socket(me, SOCK_DGRAM);

	must(open("file", O_CREAT | O_WRONLY, 0600));
	must(mkdir("directory", 0700));
	must(bind_to(stale, "stale"));
	must(close(stale));
	saw(me, "bind to a live socket's", bind_to(fd, live.un.sun_path));
	saw(me, "bind to a stale socket's", bind_to(fd, "stale"));
	saw(me, "bind to a file's", bind_to(fd, "file"));
	saw(me, "bind to a directory's", bind_to(fd, "directory"));
	saw(me, "file is kept", is_kind("file", S_IFREG));
	saw(me, "directory is kept", is_kind("directory", S_IFDIR));
	must(sendto(fd, "abc", 3, 0, &live.any, live.len));
	meet(me, "bind was tried");
}

const struct sock_case unix_name_exists_eaddrinuse = {
	.claim = "bind() to a path that exists, whatever it is, fails with EADDRINUSE and changes "
		 "nothing.",
	.source = "POSIX.1-2024 bind(), ERRORS EADDRINUSE",
	.standing = SHALL,
	.portable = "unlink() a stale socket's path first, once you know that nobody listens "
		    "there.",
	.families = UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = occupying_server,
	.client = occupied_client,
	.expect = {
		{ SERVER, "recv", TEXT("3:abc") },
		{ CLIENT, "bind to a live socket's", FAILS(EADDRINUSE) },
		{ CLIENT, "bind to a stale socket's", FAILS(EADDRINUSE) },
		{ CLIENT, "bind to a file's", FAILS(EADDRINUSE) },
		{ CLIENT, "bind to a directory's", FAILS(EADDRINUSE) },
		{ CLIENT, "file is kept", EQ(1) },
		{ CLIENT, "directory is kept", EQ(1) },
	},
};

static void leaving_server(struct role *me)
{
	must(close(bind_on(me, SOCK_DGRAM)));
	meet(me, "closed");
	meet(me, "done");
}

static void succeeding_client(struct role *me)
{
	struct address name = peer_address(me);
	int fd = open_socket(me, SOCK_DGRAM);
	struct stat info = { 0 };

	meet(me, "closed");
	saw(me, "stat", lstat(name.un.sun_path, &info));
	saw(me, "is a socket", S_ISSOCK(info.st_mode));
	saw(me, "bind", bind(fd, &name.any, name.len));
	saw(me, "unlink", unlink(name.un.sun_path));
	saw(me, "bind after unlink", bind(fd, &name.any, name.len));
	meet(me, "done");
}

const struct sock_case unix_name_close_leaves_file = {
	.claim = "close() leaves a bound AF_UNIX socket's path behind; bind() works again after "
		 "unlink().",
	.source = "POSIX.1-2024 bind(), APPLICATION USAGE and ERRORS EADDRINUSE; unlink(), "
		  "DESCRIPTION",
	.standing = SHALL,
	.portable = "unlink() the path before bind() and at the end.",
	.families = UNIX,
	.server = leaving_server,
	.client = succeeding_client,
	.expect = {
		{ CLIENT, "stat", EQ(0) },
		{ CLIENT, "is a socket", EQ(1) },
		{ CLIENT, "bind", FAILS(EADDRINUSE) },
		{ CLIENT, "unlink", EQ(0) },
		{ CLIENT, "bind after unlink", EQ(0) },
	},
};
