/* shutdown_errors.c -- calls of shutdown() that are refused, and that they change nothing. */
#include "case.h"

static void unconnected_client(struct role *me)
{
	saw(me, "SHUT_RD", shutdown(open_socket(me, SOCK_STREAM), SHUT_RD));
	saw(me, "SHUT_WR", shutdown(open_socket(me, SOCK_STREAM), SHUT_WR));
	saw(me, "SHUT_RDWR", shutdown(open_socket(me, SOCK_STREAM), SHUT_RDWR));
}

const struct sock_case shutdown_unconnected_enotconn = {
	.claim = "shutdown() of a TCP socket that was never connected fails with ENOTCONN.",
	.source = "POSIX.1-2024 shutdown(), ERRORS ENOTCONN",
	.standing = SHALL,
	.notes = "FreeBSD is said to have let it succeed long ago (4.6).",
	.families = INET | INET6,
	.client = unconnected_client,
	.expect = {
		{ CLIENT, "SHUT_RD", FAILS(ENOTCONN) },
		{ CLIENT, "SHUT_WR", FAILS(ENOTCONN) },
		{ CLIENT, "SHUT_RDWR", FAILS(ENOTCONN) },
	},
};

static void surprised_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	char byte;

	saw(me, "recv before", recv(fd, &byte, 1, MSG_DONTWAIT));
	saw(me, "shutdown", shutdown(fd, SHUT_RDWR));
	saw(me, "recv after", recv(fd, &byte, 1, MSG_DONTWAIT));
	saw(me, "send after", send(fd, "x", 1, MSG_NOSIGNAL));
}

static const char marked_anyway[] = "Linux marks the socket as shut down, then finds that it is "
				    "not connected.";

const struct sock_case shutdown_unconnected_takes_effect = {
	.claim = "A shutdown() that failed with ENOTCONN changes nothing: recv() fails with "
		 "ENOTCONN as before; on Linux it then finds an end of file.",
	.source = "POSIX.1-2024 recv(), ERRORS ENOTCONN; send(), ERRORS ENOTCONN and EPIPE",
	.standing = SHALL,
	.portable = "Close a socket whose shutdown() failed, and use it no more.",
	.families = INET | INET6,
	.client = surprised_client,
	.expect = {
		{ CLIENT, "recv before", FAILS(ENOTCONN) },
		{ CLIENT, "shutdown", FAILS(ENOTCONN) },
		{ CLIENT, "recv after", FAILS(ENOTCONN), .on[OS_LINUX] = EQ(0),
		  .why = marked_anyway },
		{ CLIENT, "send after", ONE_OF(FAILS(ENOTCONN), FAILS(EPIPE)),
		  .on[OS_LINUX] = FAILS(EPIPE), .why = "Linux has EPIPE for both reasons" },
	},
};

static void mistaken_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	saw(me, "how = 3", shutdown(fd, 3));
	saw(me, "how = -1", shutdown(fd, -1));
	saw(me, "send", send(fd, "ping", 4, MSG_NOSIGNAL));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

static void echoing_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw(me, "send", send(conn, "pong", 4, MSG_NOSIGNAL));
}

const struct sock_case shutdown_bad_how = {
	.claim = "shutdown() with an unknown how fails with EINVAL; both directions go on working.",
	.source = "POSIX.1-2024 shutdown(), ERRORS EINVAL",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = echoing_server,
	.client = mistaken_client,
	.expect = {
		{ CLIENT, "how = 3", FAILS(EINVAL) },
		{ CLIENT, "how = -1", FAILS(EINVAL) },
		{ CLIENT, "send", EQ(4) },
		{ SERVER, "recv", TEXT("4:ping") },
		{ SERVER, "send", EQ(4) },
		{ CLIENT, "recv", TEXT("4:pong") },
	},
};
