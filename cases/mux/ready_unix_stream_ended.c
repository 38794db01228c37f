/* ready_unix_stream_ended.c -- what an AF_UNIX stream is ready for after an end of it was ended. */
#include "cases/mux/ready.h"

static void leaving_server(struct role *me)
{
	must(close(accept_peer(me)));
	meet(me, "done");
	meet(me, "observed");
}

static void observe_stream(struct role *me, int fd)
{
	char bytes[8];

	meet(me, "done");
	observe(me, fd);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "observed");
}

static void watching_client(struct role *me)
{
	observe_stream(me, connect_to_peer(me));
}

const struct sock_case ready_poll_unix_stream_peer_closed = {
	.claim = "An AF_UNIX stream whose peer has closed polls readable; it may be hung up, as on "
		 "Linux, or writable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Take recv() returning 0 for the end, not POLLHUP.",
	.families = UNIX,
	.row = &by_poll,
	.server = leaving_server,
	.client = watching_client,
	.expect = {
		POLL_ROWS_AT_END(CLIENT, "IN|OUT|HUP|RDHUP", "HUP", WHY_HUP),
		{ CLIENT, "recv", TEXT("0:") },
	},
};

const struct sock_case ready_select_unix_stream_peer_closed = {
	.claim = "select() finds an AF_UNIX stream whose peer has closed readable and writable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.row = &by_select,
	.server = leaving_server,
	.client = watching_client,
	.expect = {
		SELECT_ROWS(CLIENT, 1, 1, 0),
		{ CLIENT, "recv", TEXT("0:") },
	},
};

static void careless_server(struct role *me)
{
	int conn = accept_peer(me);

	wait_queued(me, conn, 5);
	must(close(conn));
	meet(me, "done");
	meet(me, "observed");
}

static void unread_client(struct role *me)
{
	int fd = connect_to_peer(me);

	send_all(fd, "hello", 5);
	meet(me, "done");
	observe(me, fd);
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	meet(me, "observed");
}

#define WHY_UNREAD "POSIX does not say that unread data makes an error; Linux sets ECONNRESET"

const struct sock_case ready_poll_unix_stream_peer_closed_unread = {
	.claim = "An AF_UNIX stream whose peer closed with data unread may poll with POLLERR.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = MAY,
	.portable = "Ask for POLLIN and take end or error from recv().",
	.notes = "BSD is said to report POLLHUP without ECONNRESET.",
	.families = UNIX,
	.row = &by_poll,
	.server = careless_server,
	.client = unread_client,
	.expect = {
		POLL_ROWS_OPEN(CLIENT, "IN|OUT|ERR|HUP|RDHUP", "ERR|HUP", WHY_UNREAD),
		{ CLIENT, "SO_ERROR", ANY, .on[OS_LINUX] = TEXT("ECONNRESET"), .why = WHY_UNREAD,
		  .standing = MAY },
	},
};

const struct sock_case ready_select_unix_stream_peer_closed_unread = {
	.claim = "select() finds an AF_UNIX stream readable and writable whose peer closed with "
		 "data unread; it may be exceptional.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Ask for reading and take end or error from recv().",
	.families = UNIX,
	.row = &by_select,
	.server = careless_server,
	.client = unread_client,
	.expect = {
		SELECT_ROWS_EXCEPT_OPEN(CLIENT, 1, 1, 0, WHY_ERROR_SET),
		{ CLIENT, "SO_ERROR", ANY, .on[OS_LINUX] = TEXT("ECONNRESET"), .why = WHY_UNREAD,
		  .standing = MAY },
	},
};

static void last_word_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "hello", 5);
	must(close(conn));
	meet(me, "done");
	meet(me, "observed");
}

const struct sock_case ready_poll_unix_stream_peer_closed_data = {
	.claim = "An AF_UNIX stream whose peer sent and closed polls readable, the data there; it "
		 "may be hung up.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Read until recv() returns 0, even when POLLHUP is there.",
	.families = UNIX,
	.row = &by_poll,
	.server = last_word_server,
	.client = watching_client,
	.expect = {
		POLL_ROWS_AT_END(CLIENT, "IN|OUT|HUP|RDHUP", "HUP", WHY_HUP),
		{ CLIENT, "recv", TEXT("5:hello") },
	},
};

const struct sock_case ready_select_unix_stream_peer_closed_data = {
	.claim = "select() finds an AF_UNIX stream ready whose peer sent data and closed.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.row = &by_select,
	.server = last_word_server,
	.client = watching_client,
	.expect = {
		SELECT_ROWS(CLIENT, 1, 1, 0),
		{ CLIENT, "recv", TEXT("5:hello") },
	},
};

static void shut_down_as_server(struct role *me, int how)
{
	must(shutdown(accept_peer(me), how));
	meet(me, "done");
	meet(me, "observed");
}

static void finishing_server(struct role *me)
{
	shut_down_as_server(me, SHUT_WR);
}

const struct sock_case ready_poll_unix_stream_peer_shut_wr = {
	.claim = "An AF_UNIX stream whose peer has shut down writing polls readable and writable; "
		 "Linux adds POLLRDHUP.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Take recv() returning 0 for the end, not POLLRDHUP or POLLHUP.",
	.families = UNIX,
	.row = &by_poll,
	.server = finishing_server,
	.client = watching_client,
	.expect = {
		POLL_ROWS_PARTLY(CLIENT, END_OF_INPUT, "IN|OUT|RDHUP", WHY_RDHUP),
		{ CLIENT, "recv", TEXT("0:") },
	},
};

const struct sock_case ready_select_unix_stream_peer_shut_wr = {
	.claim = "select() finds an AF_UNIX stream ready whose peer has shut down writing.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.row = &by_select,
	.server = finishing_server,
	.client = watching_client,
	.expect = {
		SELECT_ROWS(CLIENT, 1, 1, 0),
		{ CLIENT, "recv", TEXT("0:") },
	},
};

#define WHY_PEER_SHUT_RD                                                                           \
	"POSIX does not say that a sender learns of its peer's SHUT_RD; Linux: EPIPE"

static void deaf_server(struct role *me)
{
	shut_down_as_server(me, SHUT_RD);
}

static void unheard_client(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "done");
	observe(me, fd);
	saw(me, "send", send(fd, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL));
	meet(me, "observed");
}

const struct sock_case ready_poll_unix_stream_peer_shut_rd = {
	.claim = "An AF_UNIX stream whose peer has shut down reading is not hung up; it may poll "
		 "writable, and send() may fail.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Take EPIPE from send(); poll() does not announce it.",
	.notes = "FreeBSD is said to report POLLOUT, with EPIPE for the write.",
	.families = UNIX,
	.row = &by_poll,
	.server = deaf_server,
	.client = unheard_client,
	.expect = {
		POLL_ROWS_PARTLY(CLIENT, MAYBE_OUT, "OUT", WHY_SHUT_WR),
		{ CLIENT, "send", ONE_OF(EQ(1), FAILS(EPIPE)), .on[OS_LINUX] = FAILS(EPIPE),
		  .why = WHY_PEER_SHUT_RD, .standing = MAY },
	},
};

const struct sock_case ready_select_unix_stream_peer_shut_rd = {
	.claim = "select() finds an AF_UNIX stream writable whose peer has shut down reading.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Take EPIPE from send(); select() does not announce it.",
	.families = UNIX,
	.row = &by_select,
	.server = deaf_server,
	.client = unheard_client,
	.expect = {
		SELECT_ROWS(CLIENT, 0, 1, 0),
		{ CLIENT, "send", ONE_OF(EQ(1), FAILS(EPIPE)), .on[OS_LINUX] = FAILS(EPIPE),
		  .why = WHY_PEER_SHUT_RD, .standing = MAY },
	},
};

static void observe_after(struct role *me, int how)
{
	int fd = connect_to_peer(me);

	must(shutdown(fd, how));
	observe(me, fd);
	meet(me, "observed");
}

static void staying_server(struct role *me)
{
	accept_and_stay(me, "observed");
}

static void client_past_writing(struct role *me)
{
	observe_after(me, SHUT_WR);
}

const struct sock_case ready_poll_unix_stream_own_shut_wr = {
	.claim = "An AF_UNIX stream after its own SHUT_WR is neither readable nor hung up; it may "
		 "poll writable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Do not ask for POLLOUT after SHUT_WR.",
	.families = UNIX,
	.row = &by_poll,
	.server = staying_server,
	.client = client_past_writing,
	.expect = { POLL_ROWS_PARTLY(CLIENT, MAYBE_OUT, "OUT", WHY_SHUT_WR) },
};

const struct sock_case ready_select_unix_stream_own_shut_wr = {
	.claim = "select() finds an AF_UNIX stream writable after its own SHUT_WR: send() fails.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.row = &by_select,
	.server = staying_server,
	.client = client_past_writing,
	.expect = { SELECT_ROWS(CLIENT, 0, 1, 0) },
};

static void client_past_reading(struct role *me)
{
	observe_after(me, SHUT_RD);
}

const struct sock_case ready_poll_unix_stream_own_shut_rd = {
	.claim = "An AF_UNIX stream after its own SHUT_RD polls writable still; it may poll "
		 "readable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Remember that you called shutdown(); do not learn it from poll().",
	.families = UNIX,
	.row = &by_poll,
	.server = staying_server,
	.client = client_past_reading,
	.expect = { POLL_ROWS_PARTLY(CLIENT, OUT_MAYBE_IN, "IN|OUT|RDHUP", WHY_SHUT_RD) },
};

const struct sock_case ready_select_unix_stream_own_shut_rd = {
	.claim = "select() finds an AF_UNIX stream writable after its own SHUT_RD still.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Remember that you called shutdown(); do not learn it from select().",
	.families = UNIX,
	.row = &by_select,
	.server = staying_server,
	.client = client_past_reading,
	.expect = { SELECT_ROWS_READ_OPEN(CLIENT, 1, 1, 0, WHY_SHUT_RD) },
};
