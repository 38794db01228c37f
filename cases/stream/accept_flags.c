/* accept_flags.c -- O_NONBLOCK and FD_CLOEXEC of what accept() and accept4() return. */
#include "case.h"

/* How the connection is made; the listener has both flags or neither. */
struct making {
	bool listener_has_flags;
	bool by_accept4;
	int flags; /* of accept4() */
};

/* 1 or 0, and -1 with errno for what is no descriptor. */
static int has_flag(int fd, int command, int flag)
{
	int flags = fcntl(fd, command);

	return flags == -1 ? -1 : (flags & flag) != 0;
}

static void flagged_server(struct role *me)
{
	const struct making *making = row_of(me);
	int listener = listen_on(me, 1);

	if (making->listener_has_flags) {
		set_nonblocking(listener);
		must(fcntl(listener, F_SETFD, FD_CLOEXEC));
	}
	saw(me, "listener has O_NONBLOCK", has_flag(listener, F_GETFL, O_NONBLOCK));
	saw(me, "listener has FD_CLOEXEC", has_flag(listener, F_GETFD, FD_CLOEXEC));
	wait_for(me, listener, POLLIN);
	int conn = making->by_accept4 ? accept4(listener, NULL, NULL, making->flags)
				      : accept(listener, NULL, NULL);
	saw(me, "connection has O_NONBLOCK", has_flag(conn, F_GETFL, O_NONBLOCK));
	saw(me, "connection has FD_CLOEXEC", has_flag(conn, F_GETFD, FD_CLOEXEC));
	meet(me, "accepted");
}

static void any_client(struct role *me)
{
	connect_to_peer(me);
	meet(me, "accepted");
}

static const struct making plain_accept = { .listener_has_flags = true };

const struct sock_case accept_nonblock_not_inherited = {
	.claim = "On Linux a connection does not inherit O_NONBLOCK from its listener.",
	.source = "POSIX.1-2024 accept(), DESCRIPTION (implementation-defined); accept(2), NOTES",
	.standing = MAY,
	.portable = "Set O_NONBLOCK as you need it after accept(), or use accept4().",
	.notes = "FreeBSD's accept(2) says that O_NONBLOCK is inherited; macOS, NetBSD and "
		 "Windows are said to do so too.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_DESCRIPTORS | NEEDS_SOCKET_FLAGS,
	.row = &plain_accept,
	.server = flagged_server,
	.client = any_client,
	.expect = {
		{ SERVER, "listener has O_NONBLOCK", EQ(1), .standing = SHALL },
		{ SERVER, "listener has FD_CLOEXEC", EQ(1), .standing = SHALL },
		{ SERVER, "connection has O_NONBLOCK", BETWEEN(0, 1),
		  .on[OS_LINUX] = EQ(0),
		  .why = "On Linux a connection inherits no file status flags." },
		{ SERVER, "connection has FD_CLOEXEC", EQ(0), .standing = SHALL },
	},
};

const struct sock_case accept_cloexec_not_inherited = {
	.claim = "A connection has no FD_CLOEXEC, even if its listener has it.",
	.source = "POSIX.1-2024 accept(), DESCRIPTION (FD_CLOEXEC of the new descriptor)",
	.standing = SHALL,
	.portable = "Use accept4() with SOCK_CLOEXEC, or fcntl() F_SETFD before any fork().",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_SOCKET_FLAGS | NEEDS_DESCRIPTORS,
	.row = &plain_accept,
	.server = flagged_server,
	.client = any_client,
	.expect = {
		{ SERVER, "listener has O_NONBLOCK", EQ(1) },
		{ SERVER, "listener has FD_CLOEXEC", EQ(1) },
		{ SERVER, "connection has O_NONBLOCK", ANY, .standing = MAY },
		{ SERVER, "connection has FD_CLOEXEC", EQ(0) },
	},
};

static const struct making with_both_flags = {
	.by_accept4 = true,
	.flags = SOCK_NONBLOCK | SOCK_CLOEXEC,
};

const struct sock_case accept4_flags_set = {
	.claim = "accept4() gives the new descriptor O_NONBLOCK and FD_CLOEXEC as its flags say.",
	.source = "POSIX.1-2024 accept4(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Where accept4() is missing, use accept() and fcntl() F_SETFL and F_SETFD.",
	.notes = "macOS and Windows are said to lack accept4().",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_SOCKET_FLAGS,
	.row = &with_both_flags,
	.server = flagged_server,
	.client = any_client,
	.expect = {
		{ SERVER, "listener has O_NONBLOCK", EQ(0) },
		{ SERVER, "listener has FD_CLOEXEC", EQ(0) },
		{ SERVER, "connection has O_NONBLOCK", EQ(1) },
		{ SERVER, "connection has FD_CLOEXEC", EQ(1) },
	},
};

static const struct making without_flags = { .listener_has_flags = true, .by_accept4 = true };

const struct sock_case accept4_zero_flags_blocking = {
	.claim = "accept4() without flags gives a blocking socket even of a non-blocking listener.",
	.source = "POSIX.1-2024 accept4(), DESCRIPTION (\"solely by the flag argument\")",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_SOCKET_FLAGS,
	.row = &without_flags,
	.server = flagged_server,
	.client = any_client,
	.expect = {
		{ SERVER, "listener has O_NONBLOCK", EQ(1) },
		{ SERVER, "listener has FD_CLOEXEC", EQ(1) },
		{ SERVER, "connection has O_NONBLOCK", EQ(0) },
		{ SERVER, "connection has FD_CLOEXEC", EQ(0) },
	},
};

/* A bit that is no SOCK_ flag of any system we know. */
enum { UNKNOWN_FLAG = 0x40 };

static void mistaken_server(struct role *me)
{
	int listener = listen_on(me, 1);
	char byte;

	wait_for(me, listener, POLLIN);
	saw(me, "accept4 with an unknown flag", accept4(listener, NULL, NULL, UNKNOWN_FLAG));
	set_nonblocking(listener);
	int conn = accept4(listener, NULL, NULL, 0);
	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
	meet(me, "read");
}

static void sending_client(struct role *me)
{
	send_all(connect_to_peer(me), "x", 1);
	meet(me, "read");
}

const struct sock_case accept4_bad_flags = {
	.claim = "accept4() may refuse unknown flags with EINVAL, as on Linux: the connection "
		 "goes on waiting.",
	.source = "POSIX.1-2024 accept4(), ERRORS EINVAL (may fail); accept(2), ERRORS EINVAL",
	.standing = MAY,
	.portable = "Give SOCK_NONBLOCK and SOCK_CLOEXEC only; do not probe for other flags.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_SOCKET_FLAGS,
	.server = mistaken_server,
	.client = sending_client,
	.expect = {
		{ SERVER, "accept4 with an unknown flag", ONE_OF(FAILS(EINVAL), AT_LEAST(0)),
		  .on[OS_LINUX] = FAILS(EINVAL), .why = "Linux refuses what it does not know." },
		{ SERVER, "recv", ONE_OF(TEXT("1:x"), FAILS_ANY), .on[OS_LINUX] = TEXT("1:x"),
		  .why = "Linux looks at the flags before it takes a connection." },
	},
};
