/* ready_tcp_opening.c -- what a TCP socket is ready for before it is a connection. */
#include "cases/mux/ready.h"

static void fresh(struct role *me)
{
	observe(me, open_socket(me, SOCK_STREAM));
}

const struct sock_case ready_poll_tcp_fresh = {
	.claim = "A TCP socket that was never connected may poll as hung up.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = MAY,
	.portable = "Do not poll a socket before connect() or listen().",
	.notes = "FreeBSD and macOS are said to report OUT, maybe HUP; Windows nothing.",
	.families = INET | INET6,
	.row = &by_poll,
	.client = fresh,
	.expect = { POLL_ROWS_OPEN(CLIENT, "OUT|HUP", "HUP", WHY_HUP) },
};

const struct sock_case ready_select_tcp_fresh = {
	.claim = "select() finds a TCP socket ready that was never connected: calls fail.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Do not pass a socket to select() before connect() or listen().",
	.notes = "Only Linux is said to do so; BSD to find it neither readable nor writable.",
	.families = INET | INET6,
	.row = &by_select,
	.client = fresh,
	.expect = { SELECT_ROWS(CLIENT, 1, 1, 0) },
};

static void bound(struct role *me)
{
	observe(me, bind_on(me, SOCK_STREAM));
}

const struct sock_case ready_poll_tcp_bound = {
	.claim = "A TCP socket that is bound but does not listen may poll as hung up.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = MAY,
	.portable = "Do not poll a socket before connect() or listen().",
	.notes = "FreeBSD is said to report variants with POLLHUP, OpenBSD nothing.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = bound,
	.expect = { POLL_ROWS_OPEN(SERVER, "OUT|HUP", "HUP", WHY_HUP) },
};

const struct sock_case ready_select_tcp_bound = {
	.claim = "select() finds a TCP socket ready that is only bound: calls fail.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Do not pass a socket to select() before connect() or listen().",
	.families = INET | INET6,
	.row = &by_select,
	.server = bound,
	.expect = { SELECT_ROWS(SERVER, 1, 1, 0) },
};

static void listening(struct role *me)
{
	observe(me, listen_on(me, 1));
}

const struct sock_case ready_poll_tcp_listening_idle = {
	.claim = "A listening TCP socket without a pending connection polls nothing.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = INET | INET6,
	.row = &by_poll,
	.server = listening,
	.expect = { POLL_ROWS(SERVER, "0", "0") },
};

const struct sock_case ready_select_tcp_listening_idle = {
	.claim = "select() finds a listening TCP socket without a pending connection not readable; "
		 "by POSIX writable, as send() fails, not on Linux.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = NO_WRITE_LISTENER,
	.families = INET | INET6,
	.row = &by_select,
	.server = listening,
	.expect = { SELECT_ROWS_WRITE_FAILS(SERVER, 0, WHY_LISTENER) },
};

/* Records that the connection was there and what it brings. */
static void saw_pending(struct role *me, int listener)
{
	char bytes[8];

	set_nonblocking(listener);
	int conn = must(accept(listener, NULL, NULL));
	saw_bytes(me, "recv of accepted", bytes, recv(conn, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void besieged_server(struct role *me)
{
	int listener = listen_on(me, 1);

	meet(me, "pending");
	observe(me, listener);
	saw_pending(me, listener);
	meet(me, "observed");
}

static void waiting_client(struct role *me)
{
	int fd = connect_to_peer(me);

	/* connect() returns before the listener has the last segment of the handshake; when it
	 * has acknowledged data, the connection is in its queue. */
	send_all(fd, "x", 1);
	wait_acknowledged(me, fd);
	meet(me, "pending");
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_listening_pending = {
	.claim = "A listening TCP socket with a pending connection polls readable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = INET | INET6,
	.row = &by_poll,
	.server = besieged_server,
	.client = waiting_client,
	.expect = {
		POLL_ROWS(SERVER, "IN", "0"),
		{ SERVER, "recv of accepted", TEXT("1:x") },
	},
};

const struct sock_case ready_select_tcp_listening_pending = {
	.claim = "select() finds a listening TCP socket with a pending connection readable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = NO_WRITE_LISTENER,
	.families = INET | INET6,
	.row = &by_select,
	.server = besieged_server,
	.client = waiting_client,
	.expect = {
		SELECT_ROWS_WRITE_FAILS(SERVER, 1, WHY_LISTENER),
		{ SERVER, "recv of accepted", TEXT("1:x") },
	},
};

static void leaving_client(struct role *me)
{
	int fd = connect_to_peer(me);

	/* In FIN-WAIT-2 the other side has acknowledged the FIN; close() adds nothing to it. */
	must(shutdown(fd, SHUT_WR));
	wait_state(me, fd, "FIN-WAIT-2");
	must(close(fd));
	meet(me, "pending");
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_listening_pending_client_closed = {
	.claim = "A listening TCP socket whose pending client has already closed polls readable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = INET | INET6,
	.row = &by_poll,
	.server = besieged_server,
	.client = leaving_client,
	.expect = {
		POLL_ROWS(SERVER, "IN", "0"),
		{ SERVER, "recv of accepted", TEXT("0:") },
	},
};

const struct sock_case ready_select_tcp_listening_pending_client_closed = {
	.claim = "select() finds a listening TCP socket readable whose pending client has closed.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = NO_WRITE_LISTENER,
	.families = INET | INET6,
	.row = &by_select,
	.server = besieged_server,
	.client = leaving_client,
	.expect = {
		SELECT_ROWS_WRITE_FAILS(SERVER, 1, WHY_LISTENER),
		{ SERVER, "recv of accepted", TEXT("0:") },
	},
};

static void retired_listener(struct role *me)
{
	int listener = listen_on(me, 1);

	saw(me, "shutdown", shutdown(listener, SHUT_RD));
	observe(me, listener);
}

#define WHY_RETIRED "POSIX has no shutdown() of a listener; Linux makes it stop listening"

const struct sock_case ready_poll_tcp_listening_shut_rd = {
	.claim = "shutdown(SHUT_RD) may end a listening TCP socket: it polls as hung up then.",
	.source = "POSIX.1-2024 shutdown(), ERRORS ENOTCONN",
	.standing = MAY,
	.portable = "Close a listener to stop listening.",
	.notes = "BSD is said to fail with ENOTCONN.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = retired_listener,
	.expect = {
		{ SERVER, "shutdown", FAILS(ENOTCONN), .on[OS_LINUX] = EQ(0), .why = WHY_RETIRED },
		POLL_ROWS_OPEN(SERVER, "OUT|HUP", "HUP", WHY_RETIRED),
	},
};

const struct sock_case ready_select_tcp_listening_shut_rd = {
	.claim = "select() finds a listening TCP socket writable after shutdown(SHUT_RD); it may "
		 "be readable, as on Linux.",
	.source = "POSIX.1-2024 shutdown(), ERRORS ENOTCONN",
	.standing = MAY,
	.portable = "Close a listener to stop listening.",
	.families = INET | INET6,
	.row = &by_select,
	.server = retired_listener,
	.expect = {
		{ SERVER, "shutdown", FAILS(ENOTCONN), .on[OS_LINUX] = EQ(0), .why = WHY_RETIRED },
		SELECT_ROWS_WRITABLE(SERVER, 1, 0, WHY_RETIRED),
	},
};

static void full_server(struct role *me)
{
	listen_on(me, 0);
	meet(me, "observed");
}

static void unanswered_client(struct role *me)
{
	int first = connect_to_peer(me);

	/* The first connection fills the queue; then no more SYNs are answered. */
	send_all(first, "x", 1);
	wait_acknowledged(me, first);
	int fd = start_connect(me);
	observe(me, fd);
	saw_state(me, "state", fd);
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_connecting = {
	.claim = "A TCP socket whose SYN is not answered yet polls nothing.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION; RFC 9293, sections 3.10.2 and 3.10.3 "
		  "(SYN-SENT queues)",
	.standing = SHALL,
	.portable = USE_POLL,
	.notes = "That a full queue leaves SYNs unanswered is Linux's way; others may refuse.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = full_server,
	.client = unanswered_client,
	.expect = {
		POLL_ROWS(CLIENT, "0", "0"),
		{ CLIENT, "state", TEXT("SYN-SENT") },
	},
};

const struct sock_case ready_select_tcp_connecting = {
	.claim = "select() finds a TCP socket whose SYN is not answered yet in no set.",
	.source = "POSIX.1-2024 select(), DESCRIPTION; RFC 9293, sections 3.10.2 and 3.10.3 "
		  "(SYN-SENT queues)",
	.standing = SHALL,
	.notes = "That a full queue leaves SYNs unanswered is Linux's way; others may refuse.",
	.families = INET | INET6,
	.row = &by_select,
	.server = full_server,
	.client = unanswered_client,
	.expect = {
		SELECT_ROWS(CLIENT, 0, 0, 0),
		{ CLIENT, "state", TEXT("SYN-SENT") },
	},
};

/* A socket whose non-blocking connect() has been refused. */
static int refused_socket(struct role *me)
{
	struct address nobody = unused_address(me);
	int fd = open_socket(me, SOCK_STREAM);

	set_nonblocking(fd);
	if (connect(fd, &nobody.any, nobody.len) == -1)
		must_be(errno == EINPROGRESS);
	wait_state(me, fd, "CLOSED");
	return fd;
}

static void refused(struct role *me)
{
	int fd = refused_socket(me);

	observe(me, fd);
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
}

const struct sock_case ready_poll_tcp_refused = {
	.claim = "A refused TCP socket polls with POLLERR, POLLHUP or both, unasked; Linux has "
		 "both and all but POLLPRI.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION POLLERR, POLLHUP",
	.standing = SHALL,
	.portable = "Ask for POLLOUT, then read SO_ERROR, whatever the bits.",
	.notes = "FreeBSD is said to report IN|OUT|HUP, macOS HUP with IN, Windows ERR|HUP.",
	.families = INET | INET6,
	.row = &by_poll,
	.client = refused,
	.expect = {
		POLL_ROWS_FAILED(CLIENT, FAILED, "IN|OUT|ERR|HUP|RDHUP", "ERR|HUP", WHY_HUP),
		{ CLIENT, "SO_ERROR", TEXT("ECONNREFUSED") },
	},
};

const struct sock_case ready_select_tcp_refused = {
	.claim = "select() finds a refused TCP socket readable and writable; by POSIX exceptional "
		 "too, not on Linux.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (connect() that failed, pending error)",
	.standing = SHALL,
	.portable = "Wait until it is writable, then read SO_ERROR.",
	.notes = "Windows is said to use the exceptional set instead.",
	.families = INET | INET6,
	.row = &by_select,
	.client = refused,
	.expect = {
		SELECT_ROWS_ERROR(CLIENT),
		{ CLIENT, "SO_ERROR", TEXT("ECONNREFUSED") },
	},
};

static void refused_and_told(struct role *me)
{
	int fd = refused_socket(me);

	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	observe(me, fd);
}

const struct sock_case ready_poll_tcp_refused_error_read = {
	.claim = "A refused TCP socket has no POLLERR after SO_ERROR was read; POLLHUP may stay, "
		 "as on Linux.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION; 2.10.16 Use of Options, SO_ERROR",
	.standing = SHALL,
	.portable = "Close the socket once its error is known; do not poll it again.",
	.families = INET | INET6,
	.row = &by_poll,
	.client = refused_and_told,
	.expect = {
		{ CLIENT, "SO_ERROR", TEXT("ECONNREFUSED") },
		POLL_ROWS_FAILED(CLIENT, MAYBE_HUP, "IN|OUT|HUP|RDHUP", "HUP", WHY_HUP),
	},
};

const struct sock_case ready_select_tcp_refused_error_read = {
	.claim = "select() finds a refused TCP socket ready after SO_ERROR was read, too.",
	.source = "POSIX.1-2024 select(), DESCRIPTION; 2.10.16 Use of Options, SO_ERROR",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.client = refused_and_told,
	.expect = {
		{ CLIENT, "SO_ERROR", TEXT("ECONNREFUSED") },
		SELECT_ROWS(CLIENT, 1, 1, 0),
	},
};
