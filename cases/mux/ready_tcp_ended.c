/* ready_tcp_ended.c -- what a TCP connection is ready for after one side has ended it, or both. */
#include "cases/mux/ready.h"

static void finishing_server(struct role *me)
{
	int conn = accept_peer(me);

	must(shutdown(conn, SHUT_WR));
	meet(me, "observed");
}

static void saw_end_of_input(struct role *me, int fd)
{
	char byte;

	saw(me, "recv", recv(fd, &byte, 1, MSG_DONTWAIT));
}

static void closing_server(struct role *me)
{
	accept_and_close(me, "observed");
}

static void finished_client(struct role *me)
{
	int fd = connect_to_peer(me);

	wait_state(me, fd, "CLOSE-WAIT");
	observe(me, fd);
	saw_end_of_input(me, fd);
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_peer_fin = {
	.claim = "A TCP connection whose peer has shut down writing polls readable and writable, "
		 "not hung up; Linux adds POLLRDHUP.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Take recv() returning 0 for the end, not POLLRDHUP or POLLHUP.",
	.notes = "macOS is said to add POLLHUP; FreeBSD to have POLLRDHUP from 13 on.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = finishing_server,
	.client = finished_client,
	.expect = {
		POLL_ROWS_PARTLY(CLIENT, END_OF_INPUT, "IN|OUT|RDHUP", WHY_RDHUP),
		{ CLIENT, "recv", EQ(0) },
	},
};

const struct sock_case ready_select_tcp_peer_fin = {
	.claim = "select() finds a TCP connection whose peer has shut down readable and writable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.server = finishing_server,
	.client = finished_client,
	.expect = {
		SELECT_ROWS(CLIENT, 1, 1, 0),
		{ CLIENT, "recv", EQ(0) },
	},
};

const struct sock_case ready_poll_tcp_peer_closed = {
	.claim = "A TCP connection whose peer has closed polls readable and still writable, not "
		 "hung up; Linux adds POLLRDHUP.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Take recv() returning 0 for the end, not POLLRDHUP or POLLHUP.",
	.notes = "macOS is said to add POLLHUP, Windows to report it alone.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = closing_server,
	.client = finished_client,
	.expect = {
		POLL_ROWS_PARTLY(CLIENT, END_OF_INPUT, "IN|OUT|RDHUP", WHY_RDHUP),
		{ CLIENT, "recv", EQ(0) },
	},
};

const struct sock_case ready_select_tcp_peer_closed = {
	.claim = "select() finds a TCP connection whose peer has closed readable and writable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.server = closing_server,
	.client = finished_client,
	.expect = {
		SELECT_ROWS(CLIENT, 1, 1, 0),
		{ CLIENT, "recv", EQ(0) },
	},
};

static void staying_server(struct role *me)
{
	accept_and_stay(me, "observed");
}

static void client_past_writing(struct role *me)
{
	int fd = connect_to_peer(me);

	must(shutdown(fd, SHUT_WR));
	wait_state(me, fd, "FIN-WAIT-2");
	observe(me, fd);
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_own_shut_wr = {
	.claim = "A TCP connection after its own SHUT_WR is neither readable nor hung up; it may "
		 "poll writable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Do not ask for POLLOUT after SHUT_WR.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = staying_server,
	.client = client_past_writing,
	.expect = { POLL_ROWS_PARTLY(CLIENT, MAYBE_OUT, "OUT", WHY_SHUT_WR) },
};

const struct sock_case ready_select_tcp_own_shut_wr = {
	.claim = "select() finds a TCP connection writable after its own SHUT_WR: send() fails.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Do not ask whether a socket is writable after SHUT_WR.",
	.notes = "Linux 2.4 is said to have found it not writable.",
	.families = INET | INET6,
	.row = &by_select,
	.server = staying_server,
	.client = client_past_writing,
	.expect = { SELECT_ROWS(CLIENT, 0, 1, 0) },
};

static void client_past_reading(struct role *me)
{
	int fd = connect_to_peer(me);

	must(shutdown(fd, SHUT_RD));
	observe(me, fd);
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_own_shut_rd = {
	.claim = "A TCP connection after its own SHUT_RD polls writable still; it may poll "
		 "readable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Remember that you called shutdown(); do not learn it from poll().",
	.notes = "BSD is said to report POLLIN.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = staying_server,
	.client = client_past_reading,
	.expect = { POLL_ROWS_PARTLY(CLIENT, OUT_MAYBE_IN, "IN|OUT|RDHUP", WHY_SHUT_RD) },
};

const struct sock_case ready_select_tcp_own_shut_rd = {
	.claim = "select() finds a TCP connection writable after its own SHUT_RD still.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Remember that you called shutdown(); do not learn it from select().",
	.families = INET | INET6,
	.row = &by_select,
	.server = staying_server,
	.client = client_past_reading,
	.expect = { SELECT_ROWS_READ_OPEN(CLIENT, 1, 1, 0, WHY_SHUT_RD) },
};

static void client_past_both(struct role *me)
{
	int fd = connect_to_peer(me);

	must(shutdown(fd, SHUT_RDWR));
	wait_state(me, fd, "FIN-WAIT-2");
	observe(me, fd);
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_own_shut_rdwr = {
	.claim = "After its own SHUT_RDWR a TCP connection may poll as hung up, the peer open.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = MAY,
	.portable = "Do not poll a socket that you have shut down; close it.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = staying_server,
	.client = client_past_both,
	.expect = { POLL_ROWS_OPEN(CLIENT, "IN|OUT|HUP|RDHUP", "HUP", WHY_HUP) },
};

const struct sock_case ready_select_tcp_own_shut_rdwr = {
	.claim = "select() finds a TCP connection writable after its own SHUT_RDWR: send() fails.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Remember that you called shutdown(); do not learn it from select().",
	.families = INET | INET6,
	.row = &by_select,
	.server = staying_server,
	.client = client_past_both,
	.expect = { SELECT_ROWS_READ_OPEN(CLIENT, 1, 1, 0, WHY_SHUT_RD) },
};

static void done_client(struct role *me)
{
	int fd = connect_to_peer(me);

	/* Second to send its FIN, it is through when that is acknowledged. */
	wait_state(me, fd, "CLOSE-WAIT");
	must(shutdown(fd, SHUT_WR));
	wait_state(me, fd, "CLOSED");
	observe(me, fd);
	saw_end_of_input(me, fd);
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_both_fin = {
	.claim = "A TCP connection that both sides have shut down polls readable; it may be hung "
		 "up or writable, not both.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Take recv() returning 0 for the end, not POLLHUP.",
	.notes = "FreeBSD is said to report IN|OUT|HUP.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = finishing_server,
	.client = done_client,
	.expect = {
		POLL_ROWS_AT_END(CLIENT, "IN|OUT|HUP|RDHUP", "HUP", WHY_HUP),
		{ CLIENT, "recv", EQ(0) },
	},
};

const struct sock_case ready_select_tcp_both_fin = {
	.claim = "select() finds a TCP connection ready that both sides have shut down.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.server = finishing_server,
	.client = done_client,
	.expect = {
		SELECT_ROWS(CLIENT, 1, 1, 0),
		{ CLIENT, "recv", EQ(0) },
	},
};

static void resetting_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "connected");
	close_with_reset(conn);
	meet(me, "observed");
}

/* A socket whose peer has reset the connection. */
static int reset_socket(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "connected");
	wait_state(me, fd, "CLOSED");
	return fd;
}

static void reset_client(struct role *me)
{
	int fd = reset_socket(me);

	observe(me, fd);
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_reset = {
	.claim = "A TCP connection that was reset polls with POLLERR, POLLHUP or both, unasked; "
		 "Linux has both and all but POLLPRI.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION POLLERR, POLLHUP",
	.standing = SHALL,
	.portable = "Ask for POLLIN and take the error from recv(), whatever the bits.",
	.notes = "FreeBSD is said to report IN|OUT|HUP, Windows ERR|HUP.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = resetting_server,
	.client = reset_client,
	.expect = {
		POLL_ROWS_FAILED(CLIENT, FAILED, "IN|OUT|ERR|HUP|RDHUP", "ERR|HUP", WHY_HUP),
		{ CLIENT, "SO_ERROR", TEXT("ECONNRESET") },
	},
};

const struct sock_case ready_select_tcp_reset = {
	.claim = "select() finds a TCP connection that was reset readable and writable; by POSIX "
		 "exceptional too, not on Linux.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (pending error)",
	.standing = SHALL,
	.portable = "Look for errors of a socket in the readable set, not in the exceptional one.",
	.families = INET | INET6,
	.row = &by_select,
	.server = resetting_server,
	.client = reset_client,
	.expect = {
		SELECT_ROWS_ERROR(CLIENT),
		{ CLIENT, "SO_ERROR", TEXT("ECONNRESET") },
	},
};

static void reset_and_told_client(struct role *me)
{
	int fd = reset_socket(me);

	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	observe(me, fd);
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_reset_error_read = {
	.claim = "A TCP connection that was reset has no POLLERR after SO_ERROR was read; POLLHUP "
		 "may stay, as on Linux.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION; 2.10.16 Use of Options, SO_ERROR",
	.standing = SHALL,
	.portable = "Close the socket once its error is known; do not poll it again.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = resetting_server,
	.client = reset_and_told_client,
	.expect = {
		{ CLIENT, "SO_ERROR", TEXT("ECONNRESET") },
		POLL_ROWS_FAILED(CLIENT, MAYBE_HUP, "IN|OUT|HUP|RDHUP", "HUP", WHY_HUP),
	},
};

const struct sock_case ready_select_tcp_reset_error_read = {
	.claim = "select() finds a reset TCP connection ready after SO_ERROR was read, too.",
	.source = "POSIX.1-2024 select(), DESCRIPTION; 2.10.16 Use of Options, SO_ERROR",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.server = resetting_server,
	.client = reset_and_told_client,
	.expect = {
		{ CLIENT, "SO_ERROR", TEXT("ECONNRESET") },
		SELECT_ROWS(CLIENT, 1, 1, 0),
	},
};
