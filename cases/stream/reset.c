/* reset.c -- what calls return once a connection has been reset. */
#include "case.h"

static void resetting_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "connected"); /* or connect() could be what the RST ends */
	close_with_reset(conn);
}

/* POLLERR alone may be seen a moment before the reset is complete: then the socket is readable,
 * too, or says POLLHUP. */
static bool is_reset(int fd)
{
	int events = poll_now(fd, POLLIN);

	return events & POLLHUP || (events & POLLIN && events & POLLERR);
}

static void await_reset(struct role *me, int fd)
{
	until (me, "the reset has arrived", is_reset(fd)) {
	}
}

/* A connection whose RST has arrived; nothing has asked for its error yet. */
static int connect_and_be_reset(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "connected");
	await_reset(me, fd);
	return fd;
}

static void receiving_client(struct role *me)
{
	int fd = connect_and_be_reset(me);
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "second recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "third recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "fourth recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

const struct sock_case rst_recv_econnreset_once = {
	.claim = "After a reset the first recv() fails with ECONNRESET; the next ones may fail, "
		 "and return 0 on Linux.",
	.source = "POSIX.1-2024 recv(), ERRORS ECONNRESET, which does not say how often",
	.standing = SHALL,
	.portable = "Keep the first error: later calls look like an orderly end.",
	.families = INET | INET6,
	.server = resetting_server,
	.client = receiving_client,
	.expect = {
		{ CLIENT, "recv", FAILS(ECONNRESET) },
		{ CLIENT, "second recv", ONE_OF(TEXT("0:"), FAILS(ECONNRESET), FAILS(ENOTCONN)),
		  .on[OS_LINUX] = TEXT("0:"), .why = "the error is told once", .standing = MAY },
		{ CLIENT, "third recv", ONE_OF(TEXT("0:"), FAILS(ECONNRESET), FAILS(ENOTCONN)),
		  .on[OS_LINUX] = TEXT("0:"), .why = "the error is told once", .standing = MAY },
		{ CLIENT, "fourth recv", ONE_OF(TEXT("0:"), FAILS(ECONNRESET), FAILS(ENOTCONN)),
		  .on[OS_LINUX] = TEXT("0:"), .why = "the error is told once", .standing = MAY },
	},
};

static void sending_client(struct role *me)
{
	int fd = connect_and_be_reset(me);

	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
	saw(me, "second send", send(fd, "x", 1, MSG_NOSIGNAL));
	saw(me, "third send", send(fd, "x", 1, MSG_NOSIGNAL));
}

const struct sock_case rst_send_econnreset_then_epipe = {
	.claim = "After a reset the first send() fails with ECONNRESET or EPIPE, the next ones "
		 "with EPIPE.",
	.source = "POSIX.1-2024 send(), ERRORS ECONNRESET and EPIPE",
	.standing = SHALL,
	.portable = "Treat EPIPE and ECONNRESET of send() alike.",
	.notes = "The BSDs are said to fail with EPIPE at once.",
	.families = INET | INET6,
	.server = resetting_server,
	.client = sending_client,
	.expect = {
		{ CLIENT, "send", ONE_OF(FAILS(ECONNRESET), FAILS(EPIPE)),
		  .on[OS_LINUX] = FAILS(ECONNRESET), .why = "the pending error comes first" },
		{ CLIENT, "second send", FAILS(EPIPE) },
		{ CLIENT, "third send", FAILS(EPIPE) },
	},
};

static void asking_client(struct role *me)
{
	int fd = connect_and_be_reset(me);
	char bytes[8];

	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw_errno(me, "SO_ERROR again", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

const struct sock_case rst_so_error_consumed = {
	.claim = "After a reset SO_ERROR gives ECONNRESET and clears it: no later call reports it.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_ERROR",
	.standing = SHALL,
	.portable = "Keep the error that SO_ERROR gave: later calls may look like an orderly end.",
	.families = INET | INET6,
	.server = resetting_server,
	.client = asking_client,
	.expect = {
		{ CLIENT, "SO_ERROR", TEXT("ECONNRESET") },
		{ CLIENT, "SO_ERROR again", TEXT("0") },
		{ CLIENT, "recv", ONE_OF(TEXT("0:"), FAILS(ENOTCONN)), .on[OS_LINUX] = TEXT("0:"),
		  .why = "without its error a reset connection reads like one that has ended" },
	},
};

static void nameless_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct address before = name_of(fd), name = { .len = sizeof name.storage };
	struct address peer = { .len = sizeof peer.storage };

	must(getpeername(fd, &peer.any, &peer.len));
	meet(me, "connected");
	await_reset(me, fd);
	saw(me, "getpeername", getpeername(fd, &peer.any, &peer.len));
	saw(me, "getsockname", getsockname(fd, &name.any, &name.len));
	saw(me, "own name is kept", same_address(&before, &name));
}

const struct sock_case rst_getpeername_after = {
	.claim = "After a reset getpeername() fails with ENOTCONN or EINVAL; getsockname() still "
		 "works.",
	.source = "POSIX.1-2024 getpeername(), ERRORS ENOTCONN and EINVAL",
	.standing = SHALL,
	.portable = "Keep the peer's address of accept() or connect() for the log.",
	.notes = "FreeBSD is said to fail with EINVAL or ECONNRESET.",
	.families = INET | INET6,
	.server = resetting_server,
	.client = nameless_client,
	.expect = {
		{ CLIENT, "getpeername", ONE_OF(FAILS(ENOTCONN), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(ENOTCONN), .why = "Linux forgets the peer's name" },
		{ CLIENT, "getsockname", EQ(0) },
		{ CLIENT, "own name is kept", EQ(1) },
	},
};

static void late_resetting_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "about to read");
	saw(me, "recv stays blocked", peer_silent_for(me, PROOF_MS));
	close_with_reset(conn);
	meet(me, "read");
}

static void blocked_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	meet(me, "about to read");
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "read");
}

const struct sock_case rst_wakes_blocked_recv = {
	.claim = "A recv() that blocks fails with ECONNRESET when a reset arrives.",
	.source = "POSIX.1-2024 recv(), ERRORS ECONNRESET",
	.standing = SHALL,
	.families = INET | INET6,
	.waits_ms = PROOF_MS,
	.server = late_resetting_server,
	.client = blocked_client,
	.expect = {
		{ SERVER, "recv stays blocked", EQ(1) },
		{ CLIENT, "recv", FAILS(ECONNRESET) },
	},
};

static void two_ways_server(struct role *me)
{
	int listener = listen_on(me, 1);

	close_with_reset(must(accept(listener, NULL, NULL)));
	int conn = must(accept(listener, NULL, NULL));
	wait_queued(me, conn, 1);
	must(close(conn));
	meet(me, "both are closed");
}

static void two_ways_client(struct role *me)
{
	int clean = connect_to_peer(me), unread = connect_to_peer(me);
	char bytes[8];

	send_all(unread, "x", 1);
	meet(me, "both are closed");
	saw_bytes(me, "recv, all was read", bytes, recv(clean, bytes, sizeof bytes, 0));
	saw_bytes(me, "recv, some was unread", bytes, recv(unread, bytes, sizeof bytes, 0));
	saw(me, "send, all was read", send(clean, "x", 1, MSG_NOSIGNAL));
	saw(me, "send, some was unread", send(unread, "x", 1, MSG_NOSIGNAL));
}

const struct sock_case rst_unix_none = {
	.claim = "On AF_UNIX a close() may give ECONNRESET if it left data unread, as on Linux, "
		 "and otherwise an end of file.",
	.source = "POSIX.1-2024 recv(), ERRORS ECONNRESET (when it occurs is left open) and "
		  "RETURN VALUE; send(), ERRORS EPIPE",
	.standing = MAY,
	.portable = "Take ECONNRESET and an end of file alike for a lost peer.",
	.notes = "FreeBSD and macOS are said never to give ECONNRESET on AF_UNIX.",
	.families = UNIX,
	.server = two_ways_server,
	.client = two_ways_client,
	.expect = {
		{ CLIENT, "recv, all was read", TEXT("0:"), .standing = SHALL },
		{ CLIENT, "recv, some was unread", ONE_OF(TEXT("0:"), FAILS(ECONNRESET)),
		  .on[OS_LINUX] = FAILS(ECONNRESET),
		  .why = "Linux tells that the data was lost, as TCP does" },
		{ CLIENT, "send, all was read", FAILS(EPIPE), .standing = SHALL },
		{ CLIENT, "send, some was unread", FAILS(EPIPE), .standing = SHALL },
	},
};
