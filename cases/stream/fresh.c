/* fresh.c -- what a stream socket says of itself: its kind, its file, its readiness. */
#include "case.h"

/* An option that tells how a socket was made, and what it has to say in each family. */
struct kind {
	int option;
	int flags;    /* given in the type of the fresh one */
	int value[3]; /* of AF_INET, AF_INET6, AF_UNIX */
};

static int kind_wanted(struct role *me, const struct kind *kind)
{
	switch (family_of(me)) {
	case INET6:
		return kind->value[1];
	case UNIX:
		return kind->value[2];
	default:
		return kind->value[0];
	}
}

/* "as made", or what else it said. */
static void saw_kind(struct role *me, const char *label, int fd)
{
	const struct kind *kind = row_of(me);
	long long value = ask_option(fd, SOL_SOCKET, kind->option);

	if (value == kind_wanted(me, kind))
		saw_text(me, label, "as made");
	else
		saw(me, label, value);
}

static void kind_server(struct role *me)
{
	int listener = listen_on(me, 1);

	saw_kind(me, "listening", listener);
	saw_kind(me, "accepted", must(accept(listener, NULL, NULL)));
}

static void kind_client(struct role *me)
{
	const struct kind *kind = row_of(me);

	saw_kind(me, "fresh", open_socket(me, SOCK_STREAM | kind->flags));
	saw_kind(me, "connected", connect_to_peer(me));
}

const struct sock_case sock_opt_so_domain = {
	.claim = "SO_DOMAIN tells the domain with which a socket was made, or its listener was.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_DOMAIN",
	.standing = SHALL,
	.portable = "Where SO_DOMAIN is missing, take the family from getsockname().",
	.notes = "macOS is said to lack it (ENOPROTOOPT).",
	.families = INET | INET6 | UNIX,
	.row = &(const struct kind){ SO_DOMAIN, 0, { AF_INET, AF_INET6, AF_UNIX } },
	.server = kind_server,
	.client = kind_client,
	.expect = {
		{ SERVER, "listening", TEXT("as made") },
		{ SERVER, "accepted", TEXT("as made") },
		{ CLIENT, "fresh", TEXT("as made") },
		{ CLIENT, "connected", TEXT("as made") },
	},
};

const struct sock_case sock_opt_so_protocol = {
	.claim = "SO_PROTOCOL tells what protocol 0 has become: IPPROTO_TCP, or 0 for AF_UNIX.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_PROTOCOL",
	.standing = SHALL,
	.portable = "Where SO_PROTOCOL is missing, remember how the socket was made.",
	.notes = "macOS is said to lack it (ENOPROTOOPT).",
	.families = INET | INET6 | UNIX,
	.row = &(const struct kind){ SO_PROTOCOL, 0, { IPPROTO_TCP, IPPROTO_TCP, 0 } },
	.server = kind_server,
	.client = kind_client,
	.expect = {
		{ SERVER, "listening", TEXT("as made") },
		{ SERVER, "accepted", TEXT("as made") },
		{ CLIENT, "fresh", TEXT("as made") },
		{ CLIENT, "connected", TEXT("as made") },
	},
};

const struct sock_case sock_opt_so_type = {
	.claim = "SO_TYPE tells the type without the flags that were given together with it.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_TYPE",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_SOCKET_FLAGS,
	.row = &(const struct kind){ SO_TYPE, SOCK_NONBLOCK | SOCK_CLOEXEC,
				     { SOCK_STREAM, SOCK_STREAM, SOCK_STREAM } },
	.server = kind_server,
	.client = kind_client,
	.expect = {
		{ SERVER, "listening", TEXT("as made") },
		{ SERVER, "accepted", TEXT("as made") },
		{ CLIENT, "fresh", TEXT("as made") },
		{ CLIENT, "connected", TEXT("as made") },
	},
};

static void becoming_server(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	struct address here = loopback(me);

	saw(me, "fresh", ask_option(fd, SOL_SOCKET, SO_ACCEPTCONN));
	must(bind(fd, &here.any, here.len));
	saw(me, "bound", ask_option(fd, SOL_SOCKET, SO_ACCEPTCONN));
	must(listen(fd, 1));
	saw(me, "listening", ask_option(fd, SOL_SOCKET, SO_ACCEPTCONN));
	here = name_of(fd);
	send_address(me, &here);
	int conn = must(accept(fd, NULL, NULL));
	saw(me, "accepted", ask_option(conn, SOL_SOCKET, SO_ACCEPTCONN));
	saw(me, "listening after accept", ask_option(fd, SOL_SOCKET, SO_ACCEPTCONN));
}

static void calling_client(struct role *me)
{
	saw(me, "connected", ask_option(connect_to_peer(me), SOL_SOCKET, SO_ACCEPTCONN));
}

const struct sock_case sock_opt_so_acceptconn_lifecycle = {
	.claim = "SO_ACCEPTCONN is non-zero of a listening socket only.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_ACCEPTCONN",
	.standing = SHALL,
	.portable = "Test it for zero and non-zero, not for 1.",
	.notes = "FreeBSD 4.6 is said to have refused the option (ENOPROTOOPT).",
	.families = INET | INET6 | UNIX,
	.server = becoming_server,
	.client = calling_client,
	.expect = {
		{ SERVER, "fresh", EQ(0) },
		{ SERVER, "bound", EQ(0) },
		{ SERVER, "listening", AT_LEAST(1), .on[OS_LINUX] = EQ(1), .standing = MAY,
		  .why = "the standard says non-zero; Linux gives 1" },
		{ SERVER, "accepted", EQ(0) },
		{ SERVER, "listening after accept", AT_LEAST(1), .on[OS_LINUX] = EQ(1),
		  .standing = MAY, .why = "the standard says non-zero; Linux gives 1" },
		{ CLIENT, "connected", EQ(0) },
	},
};

static void sending_server(struct role *me)
{
	send_all(accept_peer(me), "abc", 3);
}

static void seeking_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	saw(me, "fresh", lseek(open_socket(me, SOCK_STREAM), 0, SEEK_SET));
	wait_queued(me, fd, 3);
	saw(me, "from the start", lseek(fd, 1, SEEK_SET));
	saw(me, "from here", lseek(fd, 0, SEEK_CUR));
	saw(me, "from the end", lseek(fd, 0, SEEK_END));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

const struct sock_case sock_file_lseek_espipe = {
	.claim = "lseek() on a socket fails with ESPIPE and skips no data.",
	.source = "POSIX.1-2024 lseek(), ERRORS ESPIPE",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = sending_server,
	.client = seeking_client,
	.expect = {
		{ CLIENT, "fresh", FAILS(ESPIPE) },
		{ CLIENT, "from the start", FAILS(ESPIPE) },
		{ CLIENT, "from here", FAILS(ESPIPE) },
		{ CLIENT, "from the end", FAILS(ESPIPE) },
		{ CLIENT, "recv", TEXT("3:abc") },
	},
};

/* 1, 0, or -1 and errno. */
static int is_socket(int fd)
{
	struct stat info;

	return fstat(fd, &info) == -1 ? -1 : S_ISSOCK(info.st_mode);
}

static void looking_server(struct role *me)
{
	int listener = listen_on(me, 1);

	saw(me, "listening", is_socket(listener));
	saw(me, "accepted", is_socket(must(accept(listener, NULL, NULL))));
}

static void looking_client(struct role *me)
{
	saw(me, "fresh", is_socket(open_socket(me, SOCK_STREAM)));
	saw(me, "connected", is_socket(connect_to_peer(me)));
}

const struct sock_case sock_file_fstat_issock = {
	.claim = "fstat() shows a socket as a file of type socket: S_ISSOCK(st_mode) is true.",
	.source = "POSIX.1-2024 <sys/stat.h>, S_ISSOCK",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = looking_server,
	.client = looking_client,
	.expect = {
		{ SERVER, "listening", EQ(1) },
		{ SERVER, "accepted", EQ(1) },
		{ CLIENT, "fresh", EQ(1) },
		{ CLIENT, "connected", EQ(1) },
	},
};

static void polling_client(struct role *me)
{
	struct pollfd one = { .fd = open_socket(me, SOCK_STREAM), .events = POLLIN | POLLOUT };

	saw(me, "poll", poll(&one, 1, 0));
	saw_flags(me, "asked for in and out", one.revents);
	one.events = 0;
	saw(me, "poll again", poll(&one, 1, 0));
	saw_flags(me, "asked for nothing", one.revents);
}

const struct sock_case sock_poll_fresh_unconnected = {
	.claim = "poll() may say what it likes of a stream socket before connect(); Linux reports "
		 "HUP.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION (nothing is said of unconnected sockets)",
	.standing = MAY,
	.portable = "Poll a stream socket only after connect() or listen() was called.",
	.notes = "FreeBSD and macOS are said to report other bits, and others for AF_UNIX.",
	.families = INET | INET6 | UNIX,
	.client = polling_client,
	.expect = {
		{ CLIENT, "poll", BETWEEN(0, 1), .on[OS_LINUX] = EQ(1),
		  .why = "Linux reports HUP of a stream socket that is not connected" },
		{ CLIENT, "asked for in and out", ANY, .on[OS_LINUX] = FLAGS("OUT|HUP"),
		  .why = "Linux reports HUP, and OUT because a send would not block but fail" },
		{ CLIENT, "poll again", BETWEEN(0, 1), .on[OS_LINUX] = EQ(1),
		  .why = "HUP is reported without being asked for" },
		{ CLIENT, "asked for nothing", ANY, .on[OS_LINUX] = FLAGS("HUP"),
		  .why = "HUP is reported without being asked for" },
	},
};
