/* ready_unix_stream.c -- what an AF_UNIX stream socket is ready for until its connection ends. */
#include "cases/mux/ready.h"

static void fresh(struct role *me)
{
	observe(me, open_socket(me, SOCK_STREAM));
}

const struct sock_case ready_poll_unix_stream_fresh = {
	.claim = "An AF_UNIX stream socket that was never connected may poll as hung up.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = MAY,
	.portable = "Do not poll a socket before connect() or listen().",
	.notes = "FreeBSD and macOS are believed not to report POLLHUP.",
	.families = UNIX,
	.row = &by_poll,
	.client = fresh,
	.expect = { POLL_ROWS_OPEN(CLIENT, "OUT|HUP", "HUP", WHY_HUP) },
};

const struct sock_case ready_select_unix_stream_fresh = {
	.claim = "select() finds an AF_UNIX stream socket ready that was never connected.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.row = &by_select,
	.client = fresh,
	.expect = { SELECT_ROWS(CLIENT, 1, 1, 0) },
};

static void listening(struct role *me)
{
	observe(me, listen_on(me, 1));
}

const struct sock_case ready_poll_unix_stream_listening_idle = {
	.claim = "A listening AF_UNIX socket without a pending connection polls nothing.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = UNIX,
	.row = &by_poll,
	.server = listening,
	.expect = { POLL_ROWS(SERVER, "0", "0") },
};

const struct sock_case ready_select_unix_stream_listening_idle = {
	.claim = "select() finds a listening AF_UNIX socket without a pending connection not "
		 "readable; by POSIX writable, as send() fails, not on Linux.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = NO_WRITE_LISTENER,
	.families = UNIX,
	.row = &by_select,
	.server = listening,
	.expect = { SELECT_ROWS_WRITE_FAILS(SERVER, 0, WHY_LISTENER) },
};

static void besieged_server(struct role *me)
{
	int listener = listen_on(me, 1);
	char bytes[8];

	meet(me, "pending");
	observe(me, listener);
	set_nonblocking(listener);
	int conn = must(accept(listener, NULL, NULL));
	saw_bytes(me, "recv of accepted", bytes, recv(conn, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "observed");
}

static void waiting_client(struct role *me)
{
	send_all(connect_to_peer(me), "x", 1);
	meet(me, "pending");
	meet(me, "observed");
}

const struct sock_case ready_poll_unix_stream_listening_pending = {
	.claim = "A listening AF_UNIX socket with a pending connection polls readable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = UNIX,
	.row = &by_poll,
	.server = besieged_server,
	.client = waiting_client,
	.expect = {
		POLL_ROWS(SERVER, "IN", "0"),
		{ SERVER, "recv of accepted", TEXT("1:x") },
	},
};

const struct sock_case ready_select_unix_stream_listening_pending = {
	.claim = "select() finds a listening AF_UNIX socket with a pending connection readable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = NO_WRITE_LISTENER,
	.families = UNIX,
	.row = &by_select,
	.server = besieged_server,
	.client = waiting_client,
	.expect = {
		SELECT_ROWS_WRITE_FAILS(SERVER, 1, WHY_LISTENER),
		{ SERVER, "recv of accepted", TEXT("1:x") },
	},
};

static void staying_server(struct role *me)
{
	accept_and_stay(me, "observed");
}

static void idle_client(struct role *me)
{
	observe(me, connect_to_peer(me));
	meet(me, "observed");
}

const struct sock_case ready_poll_unix_stream_idle = {
	.claim = "An idle AF_UNIX stream polls writable and nothing else.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = UNIX,
	.row = &by_poll,
	.server = staying_server,
	.client = idle_client,
	.expect = { POLL_ROWS(CLIENT, "OUT", "0") },
};

const struct sock_case ready_select_unix_stream_idle = {
	.claim = "select() finds an idle AF_UNIX stream writable only.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.row = &by_select,
	.server = staying_server,
	.client = idle_client,
	.expect = { SELECT_ROWS(CLIENT, 0, 1, 0) },
};

static void sending_server(struct role *me)
{
	accept_and_send(me, "hello", "observed");
}

static void holding_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	wait_queued(me, fd, 5);
	observe(me, fd);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "observed");
}

const struct sock_case ready_poll_unix_stream_data_queued = {
	.claim = "An AF_UNIX stream that holds data polls readable and writable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = UNIX,
	.row = &by_poll,
	.server = sending_server,
	.client = holding_client,
	.expect = {
		POLL_ROWS(CLIENT, "IN|OUT", "0"),
		{ CLIENT, "recv", TEXT("5:hello") },
	},
};

const struct sock_case ready_select_unix_stream_data_queued = {
	.claim = "select() finds an AF_UNIX stream that holds data readable and writable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.row = &by_select,
	.server = sending_server,
	.client = holding_client,
	.expect = {
		SELECT_ROWS(CLIENT, 1, 1, 0),
		{ CLIENT, "recv", TEXT("5:hello") },
	},
};

static void filling_client(struct role *me)
{
	int fd = connect_to_peer(me);

	must_be(fill_up(fd) > 0);
	observe(me, fd);
	saw(me, "send", send(fd, "x", 1, MSG_DONTWAIT));
	meet(me, "observed");
}

const struct sock_case ready_poll_unix_stream_send_buffer_full = {
	.claim = "An AF_UNIX stream whose send buffer is full polls nothing.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = UNIX,
	.row = &by_poll,
	.server = staying_server,
	.client = filling_client,
	.expect = {
		POLL_ROWS(CLIENT, "0", "0"),
		{ CLIENT, "send", FAILS(EAGAIN) },
	},
};

const struct sock_case ready_select_unix_stream_send_buffer_full = {
	.claim = "select() finds an AF_UNIX stream whose send buffer is full in no set.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.row = &by_select,
	.server = staying_server,
	.client = filling_client,
	.expect = {
		SELECT_ROWS(CLIENT, 0, 0, 0),
		{ CLIENT, "send", FAILS(EAGAIN) },
	},
};

static void urgent_server(struct role *me)
{
	int conn = accept_peer(me);

	if (send(conn, "x", 1, MSG_OOB) == -1) {
		must_be(errno == EOPNOTSUPP || errno == EINVAL);
		unsupported(me, "this system has no urgent data on AF_UNIX sockets");
	}
	meet(me, "sent");
	meet(me, "observed");
}

static void alarmed_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte;

	meet(me, "sent");
	observe(me, fd);
	saw_bytes(me, "urgent recv", &byte, recv(fd, &byte, 1, MSG_OOB));
	meet(me, "observed");
}

#define WHY_URGENT "urgent data on AF_UNIX sockets is Linux's own; POLLPRI for it came with 5.18"
/* Stable releases took it over. */
/* clang-format off */
#define SINCE_5_18                                                                                 \
	{ OS_LINUX, VERSION(5, 18), ONE_OF(FLAGS("IN|OUT"), FLAGS("IN|PRI|OUT")) }
/* clang-format on */

const struct sock_case ready_poll_unix_stream_oob_pending = {
	.claim = "On Linux an urgent byte of an AF_UNIX stream polls as data and with POLLPRI.",
	.source = "unix(7), BUGS, and send(2), MSG_OOB; no standard has urgent data of AF_UNIX",
	.standing = SYSTEM,
	.portable = "Send no urgent data over AF_UNIX sockets.",
	.notes = "Stable releases of 5.15 may have it; BSD is said to lack MSG_OOB here.",
	.families = UNIX,
	.row = &by_poll,
	.server = urgent_server,
	.client = alarmed_client,
	.expect = {
		{ CLIENT, "poll", ANY, .on[OS_LINUX] = FLAGS("IN|PRI|OUT"),
		  .before = SINCE_5_18, .why = WHY_URGENT },
		EPOLL_ROW(CLIENT, FLAGS("IN|PRI|OUT"), .before = SINCE_5_18)
		{ CLIENT, "poll for nothing", FLAGS("0") },
		{ CLIENT, "urgent recv", TEXT("1:x") },
	},
};

const struct sock_case ready_select_unix_stream_oob_pending = {
	.claim = "On Linux select() finds an AF_UNIX stream with an urgent byte in all three sets.",
	.source = "unix(7), BUGS, and send(2), MSG_OOB; no standard has urgent data of AF_UNIX",
	.standing = SYSTEM,
	.portable = "Send no urgent data over AF_UNIX sockets.",
	.families = UNIX,
	.row = &by_select,
	.server = urgent_server,
	.client = alarmed_client,
	.expect = {
		{ CLIENT, "select", BETWEEN(1, 3), .on[OS_LINUX] = EQ(3),
		  .before = { OS_LINUX, VERSION(5, 18), BETWEEN(2, 3) }, .why = WHY_URGENT },
		{ CLIENT, "readable", BETWEEN(0, 1), .on[OS_LINUX] = EQ(1), .why = WHY_URGENT },
		{ CLIENT, "writable", EQ(1) },
		{ CLIENT, "exceptional", BETWEEN(0, 1), .on[OS_LINUX] = EQ(1),
		  .before = { OS_LINUX, VERSION(5, 18), BETWEEN(0, 1) }, .why = WHY_URGENT },
		{ CLIENT, "urgent recv", TEXT("1:x") },
	},
};
