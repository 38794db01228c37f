/* find.c -- how a path or an abstract name leads a peer to an AF_UNIX socket. */
#include "case.h"

enum { PATH_AT = offsetof(struct sockaddr_un, sun_path), ROOM = 108 };

static struct address named(const char *path)
{
	struct address a = { .len = sizeof a.un };

	a.un.sun_family = AF_UNIX;
	must_be(strlen(path) < sizeof a.un.sun_path);
	strcpy(a.un.sun_path, path);
	return a;
}

static long long send_to(struct role *me, const struct address *to, const char *text)
{
	return sendto(open_socket(me, SOCK_DGRAM), text, strlen(text), 0, &to->any, to->len);
}

static void resident_server(struct role *me)
{
	struct address name = named("here");
	int fd = open_socket(me, SOCK_DGRAM);
	char bytes[16];

	must(bind(fd, &name.any, name.len));
	must(mkdir("elsewhere", 0700));
	must(chdir("elsewhere"));
	meet(me, "bound");
	saw_bytes(me, "first recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "second recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	name = name_of(fd);
	saw_text(me, "its name", name.un.sun_path);
}

static void moving_client(struct role *me)
{
	char directory[PATH_MAX], path[PATH_MAX + 8];

	must_be(getcwd(directory, sizeof directory));
	snprintf(path, sizeof path, "%s/here", directory);
	if (strlen(path) >= ROOM)
		unsupported(me, "the working directory's path is too long for a socket address");
	struct address old = named("here"), from_below = named("../here"), absolute = named(path);
	meet(me, "bound");
	must(mkdir("below", 0700));
	must(chdir("below"));
	saw(me, "the old path from below", send_to(me, &old, "old"));
	saw(me, "the path from below", send_to(me, &from_below, "relative"));
	saw(me, "the absolute path", send_to(me, &absolute, "absolute"));
}

const struct sock_case unix_name_relative_path_cwd = {
	.claim = "A relative socket path is looked up from the working directory at each call; "
		 "the socket stays where it was bound.",
	.source = "POSIX.1-2024 XBD 4.16, Pathname Resolution; bind(), DESCRIPTION; sendto(), "
		  "ERRORS ENOENT",
	.standing = SHALL,
	.portable = "Use absolute paths, or chdir() before bind() and connect() only.",
	.families = UNIX,
	.needs = NEEDS_PROCESS,
	.server = resident_server,
	.client = moving_client,
	.expect = {
		{ SERVER, "first recv", TEXT("8:relative") },
		{ SERVER, "second recv", TEXT("8:absolute") },
		{ SERVER, "its name", TEXT("here") },
		{ CLIENT, "the old path from below", FAILS(ENOENT) },
		{ CLIENT, "the path from below", EQ(8) },
		{ CLIENT, "the absolute path", EQ(8) },
	},
};

/* 1 when the name is a 0 byte and five hexadecimal digits, as unix(7) says. */
static bool is_autobound(const struct address *name)
{
	bool fits = name->len == PATH_AT + 6 && name->un.sun_path[0] == '\0';

	for (int i = 1; i <= 5 && fits; i++)
		fits = strchr("0123456789abcdef", name->un.sun_path[i]) != NULL;
	return fits;
}

static void autobinding_server(struct role *me)
{
	struct address nothing = named("");
	int first = open_socket(me, SOCK_DGRAM), second = open_socket(me, SOCK_DGRAM);
	char bytes[8];

	saw(me, "bind", bind(first, &nothing.any, PATH_AT));
	must(bind(second, &nothing.any, PATH_AT));
	struct address one = name_of(first), other = name_of(second);
	saw(me, "length of its name", one.len);
	saw(me, "name is a 0 and five hex digits", is_autobound(&one));
	saw(me, "another's name differs", memcmp(one.un.sun_path, other.un.sun_path, 6) != 0);
	send_address(me, &one);
	saw_bytes(me, "recv", bytes, recv(first, bytes, sizeof bytes, 0));
}

static void finding_client(struct role *me)
{
	struct address to = peer_address(me);

	saw(me, "sendto", send_to(me, &to, "abc"));
}

const struct sock_case unix_name_addrlen_2_autobind = {
	.claim = "On Linux bind() to an AF_UNIX address without a path chooses an unused abstract "
		 "name.",
	.source = "unix(7), Autobind feature",
	.standing = SYSTEM,
	.portable = "Make a path of your own, in a directory of mkdtemp().",
	.notes = "BSD systems are said to fail with EINVAL or ENOENT.",
	.families = UNIX,
	.needs = NEEDS_ABSTRACT,
	.server = autobinding_server,
	.client = finding_client,
	.expect = {
		{ SERVER, "bind", ANY, .on[OS_LINUX] = EQ(0), .why = "unix(7), Autobind feature." },
		{ SERVER, "length of its name", ANY, .on[OS_LINUX] = EQ(PATH_AT + 6),
		  .why = "unix(7), Autobind feature."},
		{ SERVER, "name is a 0 and five hex digits", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "unix(7), Autobind feature."},
		{ SERVER, "another's name differs", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "unix(7), Autobind feature."},
		{ SERVER, "recv", ANY, .on[OS_LINUX] = TEXT("3:abc"),
		  .why = "The name chosen leads to the socket."},
		{ CLIENT, "sendto", ANY, .on[OS_LINUX] = EQ(3),
		  .why = "The name chosen leads to the socket."},
	},
};

/* "\0sockdrill-PID\0end": abstract names are the network's, so it must be this process's own; the
 * second 0 belongs to it like any byte. */
static struct address abstract(void)
{
	struct address a = { .un.sun_family = AF_UNIX };
	int n = snprintf(a.un.sun_path + 1, ROOM - 1, "sockdrill-%ld", (long)getpid());

	memcpy(a.un.sun_path + 1 + n + 1, "end", 3);
	a.len = (socklen_t)(PATH_AT + 1 + n + 1 + 3);
	return a;
}

static void abstract_server(struct role *me)
{
	struct address name = abstract();
	int fd = open_socket(me, SOCK_DGRAM);
	char bytes[8];

	saw(me, "bind", bind(fd, &name.any, name.len));
	struct address got = name_of(fd);
	saw(me, "name is the one given",
	    got.len == name.len && !memcmp(&got.un, &name.un, name.len));
	saw(me, "file of that name", access(name.un.sun_path + 1, F_OK));
	send_address(me, &name);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	must(close(fd));
	meet(me, "closed");
}

static void abstract_client(struct role *me)
{
	struct address to = peer_address(me);

	to.len--;
	saw(me, "sendto a byte less of the name", send_to(me, &to, "less"));
	to.len += 2;
	saw(me, "sendto a byte more", send_to(me, &to, "more"));
	to.len--;
	saw(me, "sendto the name", send_to(me, &to, "abc"));
	meet(me, "closed");
	saw(me, "sendto after close", send_to(me, &to, "late"));
}

const struct sock_case unix_name_abstract_bind = {
	.claim = "On Linux a name that begins with a 0 byte needs no file, counts all its bytes, "
		 "and goes with its socket.",
	.source = "unix(7), abstract",
	.standing = SYSTEM,
	.portable = "Abstract names are Linux only; use a path in a private directory.",
	.notes = "BSD systems are said to fail with ENOENT or EINVAL.",
	.families = UNIX,
	.needs = NEEDS_ABSTRACT,
	.server = abstract_server,
	.client = abstract_client,
	.expect = {
		{ SERVER, "bind", ANY, .on[OS_LINUX] = EQ(0), .why = "unix(7), abstract." },
		{ SERVER, "name is the one given", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "unix(7): the length is part of an abstract name."},
		{ SERVER, "file of that name", FAILS(ENOENT) },
		{ SERVER, "recv", ANY, .on[OS_LINUX] = TEXT("3:abc"), .why = "unix(7), abstract." },
		{ CLIENT, "sendto a byte less of the "
			  "name", ANY, .on[OS_LINUX] = FAILS(ECONNREFUSED),
		  .why = "unix(7): every byte of an abstract name counts."},
		{ CLIENT, "sendto a byte more", ANY, .on[OS_LINUX] = FAILS(ECONNREFUSED),
		  .why = "unix(7): every byte of an abstract name counts."},
		{ CLIENT, "sendto the name", ANY, .on[OS_LINUX] = EQ(3),
		  .why = "unix(7), abstract."},
		{ CLIENT, "sendto after close", ANY, .on[OS_LINUX] = FAILS(ECONNREFUSED),
		  .why = "unix(7): the name disappears with the last reference to the socket."},
	},
};

static void unlinking_server(struct role *me)
{
	int fd = listen_on(me, 1);
	struct address stream = name_of(fd);
	struct address datagram = name_of(bind_on(me, SOCK_DGRAM));

	must(unlink(stream.un.sun_path));
	must(unlink(datagram.un.sun_path));
	meet(me, "unlinked");
	meet(me, "done");
}

static long long connect_to(struct role *me, int type, const struct address *to)
{
	return connect(open_socket(me, type), &to->any, to->len);
}

static void lost_client(struct role *me)
{
	struct address nowhere = named("nowhere"), stream = peer_address(me);
	struct address datagram = next_address(me);

	meet(me, "unlinked");
	saw(me, "connect", connect_to(me, SOCK_STREAM, &nowhere));
	saw(me, "datagram connect", connect_to(me, SOCK_DGRAM, &nowhere));
	saw(me, "sendto", send_to(me, &nowhere, "x"));
	saw(me, "connect to an unlinked path", connect_to(me, SOCK_STREAM, &stream));
	saw(me, "sendto an unlinked path", send_to(me, &datagram, "x"));
	meet(me, "done");
}

const struct sock_case unix_name_connect_missing_enoent = {
	.claim = "connect() and sendto() to a path that does not exist fail with ENOENT, even "
		 "while a socket that was bound to it lives.",
	.source = "POSIX.1-2024 connect() and sendto(), ERRORS ENOENT",
	.standing = SHALL,
	.families = UNIX,
	.server = unlinking_server,
	.client = lost_client,
	.expect = {
		{ CLIENT, "connect", FAILS(ENOENT) },
		{ CLIENT, "datagram connect", FAILS(ENOENT) },
		{ CLIENT, "sendto", FAILS(ENOENT) },
		{ CLIENT, "connect to an unlinked path", FAILS(ENOENT) },
		{ CLIENT, "sendto an unlinked path", FAILS(ENOENT) },
	},
};

static void gone_server(struct role *me)
{
	must(close(listen_on(me, 1)));
	must(close(bind_on(me, SOCK_DGRAM)));
	(void)bind_on(me, SOCK_STREAM);
	meet(me, "closed");
	meet(me, "done");
}

static void refused_client(struct role *me)
{
	struct address stream = peer_address(me), datagram = next_address(me);
	struct address silent = next_address(me);

	meet(me, "closed");
	saw(me, "connect", connect_to(me, SOCK_STREAM, &stream));
	saw(me, "datagram connect", connect_to(me, SOCK_DGRAM, &datagram));
	saw(me, "sendto", send_to(me, &datagram, "x"));
	saw(me, "connect without listen", connect_to(me, SOCK_STREAM, &silent));
	meet(me, "done");
}

const struct sock_case unix_name_connect_stale_refused = {
	.claim = "connect() and sendto() to the path of a socket that was closed, or that does "
		 "not listen, fail with ECONNREFUSED.",
	.source = "POSIX.1-2024 connect(), ERRORS ECONNREFUSED; unix(7), ECONNREFUSED for "
		  "datagrams",
	.standing = SHALL,
	.portable = "ECONNREFUSED tells that a socket's path is stale and may be removed.",
	.families = UNIX,
	.server = gone_server,
	.client = refused_client,
	.expect = {
		{ CLIENT, "connect", FAILS(ECONNREFUSED) },
		{ CLIENT, "datagram connect", FAILS(ECONNREFUSED), .standing = SYSTEM },
		{ CLIENT, "sendto", FAILS(ECONNREFUSED), .standing = SYSTEM },
		{ CLIENT, "connect without listen", FAILS(ECONNREFUSED) },
	},
};
