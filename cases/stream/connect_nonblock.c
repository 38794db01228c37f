/* connect_nonblock.c -- connect() that does not wait, and how its end is learnt. */
#include "case.h"

enum { ALL_EVENTS = POLLIN | POLLPRI | POLLOUT | POLLRDHUP };

static int connect_without_waiting(struct role *me, int fd)
{
	struct address to = peer_address(me);

	set_nonblocking(fd);
	return connect(fd, &to.any, to.len);
}

static void accepting_server(struct role *me)
{
	int conn = accept_peer(me);
	char byte;

	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
	meet(me, "read");
}

static void starting_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "connect", connect_without_waiting(me, fd));
	wait_for(me, fd, POLLOUT);
	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
	meet(me, "read");
}

const struct sock_case connect_nonblock_einprogress = {
	.claim = "A non-blocking TCP connect() that cannot end at once fails with EINPROGRESS and "
		 "goes on by itself.",
	.source = "POSIX.1-2024 connect(), ERRORS EINPROGRESS",
	.standing = SHALL,
	.portable = "Take 0 as well as EINPROGRESS: on loopback the handshake may be over at once.",
	.notes = "FreeBSD is said to return 0 at times, Windows to fail with WSAEWOULDBLOCK.",
	.families = INET | INET6,
	.server = accepting_server,
	.client = starting_client,
	.expect = {
		{ CLIENT, "connect", ONE_OF(FAILS(EINPROGRESS), EQ(0)),
		  .on[OS_LINUX] = FAILS(EINPROGRESS), .standing = MAY,
		  .why = "Linux never looks whether the answer has already come." },
		{ CLIENT, "send", EQ(1) },
		{ SERVER, "recv", TEXT("1:x") },
	},
};

static void polling_client(struct role *me)
{
	int fd = start_connect(me);
	struct address to = peer_address(me);
	struct address peer = { .len = sizeof peer.storage };

	saw_flags(me, "poll", wait_for(me, fd, ALL_EVENTS));
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw(me, "getpeername", getpeername(fd, &peer.any, &peer.len));
	saw(me, "peer is the listener", same_address(&peer, &to));
	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
	meet(me, "read");
}

const struct sock_case connect_nonblock_completion_pollout = {
	.claim = "When a connection started without blocking is made, poll() says POLLOUT alone.",
	.source = "POSIX.1-2024 connect(), DESCRIPTION (\"ready for writing\")",
	.standing = SHALL,
	.families = INET | INET6,
	.server = accepting_server,
	.client = polling_client,
	.expect = {
		{ CLIENT, "poll", FLAGS("OUT") },
		{ CLIENT, "SO_ERROR", TEXT("0") },
		{ CLIENT, "getpeername", EQ(0) },
		{ CLIENT, "peer is the listener", EQ(1) },
		{ CLIENT, "send", EQ(1) },
		{ SERVER, "recv", TEXT("1:x") },
	},
};

static void deaf_server(struct role *me)
{
	/* Bound, so that nobody else can come to listen there. */
	bind_on(me, SOCK_STREAM);
	meet(me, "refused");
}

static void refused_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "connect", connect_without_waiting(me, fd));
	/* The error may be seen a moment before the rest. */
	until (me, "the refusal is complete", wait_for(me, fd, POLLOUT) & (POLLOUT | POLLHUP)) {
	}
	saw_flags(me, "poll", poll_now(fd, ALL_EVENTS));
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw_errno(me, "SO_ERROR again", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw_flags(me, "poll afterwards", poll_now(fd, ALL_EVENTS));
	meet(me, "refused");
}

const struct sock_case connect_nonblock_refused_poll = {
	.claim = "poll() reports the refusal of a connect() in progress, by bits in which systems "
		 "differ; SO_ERROR tells it once.",
	.source = "POSIX.1-2024 connect(), DESCRIPTION; XSH 2.10.16, SO_ERROR",
	.standing = SHALL,
	.portable = "After any bit ask SO_ERROR; the bits themselves differ by system.",
	.notes = "FreeBSD and macOS are said to set POLLHUP without POLLERR.",
	.families = INET | INET6,
	.server = deaf_server,
	.client = refused_client,
	.expect = {
		{ CLIENT, "connect", ONE_OF(FAILS(EINPROGRESS), FAILS(ECONNREFUSED)),
		  .on[OS_LINUX] = FAILS(EINPROGRESS), .standing = MAY,
		  .why = "Linux never looks whether the answer has already come." },
		{ CLIENT, "poll", ANY, .on[OS_LINUX] = FLAGS("IN|OUT|ERR|HUP|RDHUP"),
		  .standing = MAY,
		  .why = "Linux sets every bit of a socket that is closed and has an error." },
		{ CLIENT, "SO_ERROR", ONE_OF(TEXT("ECONNREFUSED"), TEXT("0")),
		  .on[OS_LINUX] = TEXT("ECONNREFUSED"), .standing = MAY,
		  .why = "connect() has not told it." },
		{ CLIENT, "SO_ERROR again", TEXT("0") },
		{ CLIENT, "poll afterwards", ANY, .on[OS_LINUX] = FLAGS("IN|OUT|HUP|RDHUP"),
		  .standing = MAY, .why = "The error is gone; the socket is still closed." },
	},
};

static void full_server(struct role *me)
{
	int listener = listen_on(me, 0);

	/* With a backlog of 0 the first connection fills the queue, and the next SYN is lost. */
	wait_for(me, listener, POLLIN);
	meet(me, "queue is full");
	meet(me, "tried");
}

static void impatient_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	connect_to_peer(me);
	meet(me, "queue is full");
	saw(me, "connect", connect_without_waiting(me, fd));
	saw(me, "connect again", connect_without_waiting(me, fd));
	saw_state(me, "state", fd);
	meet(me, "tried");
}

const struct sock_case connect_already_in_progress_ealready = {
	.claim = "A second connect() while the first is in progress fails with EALREADY.",
	.source = "POSIX.1-2024 connect(), ERRORS EALREADY",
	.standing = SHALL,
	.portable = "Wait for POLLOUT and ask SO_ERROR instead of calling connect() again.",
	.notes = "Windows is said to fail with WSAEALREADY or WSAEINVAL.",
	.families = INET | INET6,
	.server = full_server,
	.client = impatient_client,
	.expect = {
		{ CLIENT, "connect", FAILS(EINPROGRESS) },
		{ CLIENT, "connect again", FAILS(EALREADY) },
		{ CLIENT, "state", TEXT("SYN-SENT") },
	},
};
