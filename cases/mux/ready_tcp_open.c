/* ready_tcp_open.c -- what an open TCP connection is ready for: idle, with data, full, urgent. */
#include "cases/mux/ready.h"

/* What is last sent before the buffers are full is acknowledged by a delayed acknowledgement. */
enum { DELAYED_ACK_MS = 40 };

static void staying_server(struct role *me)
{
	accept_and_stay(me, "observed");
}

static void idle_client(struct role *me)
{
	observe(me, connect_to_peer(me));
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_established_idle = {
	.claim = "An idle TCP connection polls writable and nothing else.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = INET | INET6,
	.row = &by_poll,
	.server = staying_server,
	.client = idle_client,
	.expect = { POLL_ROWS(CLIENT, "OUT", "0") },
};

const struct sock_case ready_select_tcp_established_idle = {
	.claim = "select() finds an idle TCP connection writable only.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.server = staying_server,
	.client = idle_client,
	.expect = { SELECT_ROWS(CLIENT, 0, 1, 0) },
};

static void saw_data(struct role *me, int fd)
{
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void sending_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "prepared");
	send_all(conn, "hello", 5);
	meet(me, "observed");
}

static void holding_client(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "prepared");
	wait_queued(me, fd, 5);
	observe(me, fd);
	saw_data(me, fd);
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_data_queued = {
	.claim = "A TCP connection that holds data polls readable and writable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = INET | INET6,
	.row = &by_poll,
	.server = sending_server,
	.client = holding_client,
	.expect = {
		POLL_ROWS(CLIENT, "IN|OUT", "0"),
		{ CLIENT, "recv", TEXT("5:hello") },
	},
};

const struct sock_case ready_select_tcp_data_queued = {
	.claim = "select() finds a TCP connection that holds data readable and writable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.server = sending_server,
	.client = holding_client,
	.expect = {
		SELECT_ROWS(CLIENT, 1, 1, 0),
		{ CLIENT, "recv", TEXT("5:hello") },
	},
};

static void choosy_client(struct role *me)
{
	int fd = connect_to_peer(me);

	try_option(me, fd, SOL_SOCKET, SO_RCVLOWAT, 10, "SO_RCVLOWAT");
	meet(me, "prepared");
	wait_queued(me, fd, 5);
	observe(me, fd);
	saw_data(me, fd);
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_rcvlowat_not_met = {
	.claim = "A TCP connection with less data than SO_RCVLOWAT does not poll readable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION; 2.10.16 Use of Options, SO_RCVLOWAT",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = INET | INET6,
	.row = &by_poll,
	.server = sending_server,
	.client = choosy_client,
	.expect = {
		POLL_ROWS(CLIENT, "OUT", "0"),
		{ CLIENT, "recv", TEXT("5:hello") },
	},
};

const struct sock_case ready_select_tcp_rcvlowat_not_met = {
	.claim = "select() finds a TCP connection with less data than SO_RCVLOWAT not readable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION; 2.10.16 Use of Options, SO_RCVLOWAT",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.server = sending_server,
	.client = choosy_client,
	.expect = {
		SELECT_ROWS(CLIENT, 0, 1, 0),
		{ CLIENT, "recv", TEXT("5:hello") },
	},
};

/* Segments sent and not yet acknowledged. */
static unsigned in_flight(struct role *me, int fd)
{
	uint32_t unacked;

	take_tcp_info(me, fd, offsetof(struct tcp_info, tcpi_unacked), &unacked, sizeof unacked);
	return unacked;
}

static void filling_client(struct role *me)
{
	int fd = connect_to_peer(me);

	/* While a segment is under way its acknowledgement may make room again. Only when none is
	 * and nothing more is taken, the peer's buffer is full as well, and it stays so. */
	until (me, "the send buffer is full for good", in_flight(me, fd) == 0 && fill_up(fd) == 0) {
	}
	observe(me, fd);
	saw(me, "send", send(fd, "x", 1, MSG_DONTWAIT));
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_send_buffer_full = {
	.claim = "A TCP connection whose send buffer is full polls nothing.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = INET | INET6,
	.needs = NEEDS_TCP_INFO,
	.waits_ms = DELAYED_ACK_MS,
	.row = &by_poll,
	.server = staying_server,
	.client = filling_client,
	.expect = {
		POLL_ROWS(CLIENT, "0", "0"),
		{ CLIENT, "send", FAILS(EAGAIN) },
	},
};

const struct sock_case ready_select_tcp_send_buffer_full = {
	.claim = "select() finds a TCP connection whose send buffer is full in no set.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_TCP_INFO,
	.waits_ms = DELAYED_ACK_MS,
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

	meet(me, "prepared");
	must(send(conn, "x", 1, MSG_OOB));
	meet(me, "observed");
}

/* Until then recv() fails: EINVAL before the urgent byte is announced, EAGAIN before it is here. */
static void wait_urgent(struct role *me, int fd)
{
	char byte;

	until (me, "the urgent byte is here", recv(fd, &byte, 1, MSG_OOB | MSG_PEEK) == 1) {
	}
}

static void saw_urgent(struct role *me, int fd)
{
	char byte;

	saw_bytes(me, "urgent recv", &byte, recv(fd, &byte, 1, MSG_OOB));
}

static void alarmed_client(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "prepared");
	wait_urgent(me, fd);
	observe(me, fd);
	saw_urgent(me, fd);
	meet(me, "observed");
}

#define WHY_URGENT "POSIX leaves to the protocol what high-priority data is: the urgent byte"

const struct sock_case ready_poll_tcp_oob_pending = {
	.claim = "A TCP connection with an urgent byte out of line does not poll readable; it may "
		 "poll with POLLPRI.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Ask for POLLPRI|POLLRDBAND, and better do without urgent data.",
	.notes = "FreeBSD and macOS are said to report PRI|RDBAND, Windows RDBAND.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = urgent_server,
	.client = alarmed_client,
	.expect = {
		POLL_ROWS_PARTLY(CLIENT, ONE_OF(FLAGS("OUT"), FLAGS("PRI|OUT")), "PRI|OUT",
				 WHY_URGENT),
		{ CLIENT, "urgent recv", TEXT("1:x") },
	},
};

const struct sock_case ready_select_tcp_oob_pending = {
	.claim = "select() finds a TCP connection with an urgent byte writable and exceptional.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (MSG_OOB would not block: exceptional)",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.server = urgent_server,
	.client = alarmed_client,
	.expect = {
		SELECT_ROWS(CLIENT, 0, 1, 1),
		{ CLIENT, "urgent recv", TEXT("1:x") },
	},
};

static void inline_client(struct role *me)
{
	int fd = connect_to_peer(me);

	set_option(fd, SOL_SOCKET, SO_OOBINLINE, 1);
	meet(me, "prepared");
	wait_queued(me, fd, 1);
	observe(me, fd);
	saw(me, "at the mark", sockatmark(fd));
	saw_data(me, fd);
	meet(me, "observed");
}

const struct sock_case ready_poll_tcp_oob_inline = {
	.claim = "A TCP connection with SO_OOBINLINE polls readable for an urgent byte; it may "
		 "poll with POLLPRI.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION; 2.10.16 Use of Options, SO_OOBINLINE",
	.standing = SHALL,
	.portable = "Ask for POLLIN, then sockatmark(); better do without urgent data.",
	.families = INET | INET6,
	.needs = NEEDS_SOCKATMARK,
	.row = &by_poll,
	.server = urgent_server,
	.client = inline_client,
	.expect = {
		POLL_ROWS_PARTLY(CLIENT, ONE_OF(FLAGS("IN|OUT"), FLAGS("IN|PRI|OUT")), "IN|PRI|OUT",
				 WHY_URGENT),
		{ CLIENT, "at the mark", EQ(1) },
		{ CLIENT, "recv", TEXT("1:x") },
	},
};

const struct sock_case ready_select_tcp_oob_inline = {
	.claim = "select() finds a TCP connection with an urgent byte in line in all sets.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (SO_OOBINLINE, out-of-band mark)",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_SOCKATMARK,
	.row = &by_select,
	.server = urgent_server,
	.client = inline_client,
	.expect = {
		SELECT_ROWS(CLIENT, 1, 1, 1),
		{ CLIENT, "at the mark", EQ(1) },
		{ CLIENT, "recv", TEXT("1:x") },
	},
};

static void calmed_client(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "prepared");
	wait_urgent(me, fd);
	saw_urgent(me, fd);
	observe(me, fd);
	meet(me, "observed");
}

#define WHY_MARK "POSIX goes by the mark, which is still there; Linux by the byte, which is read"

const struct sock_case ready_poll_tcp_oob_read = {
	.claim = "A TCP connection does not poll readable after its urgent byte was read; POLLPRI "
		 "may stay.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Ask for POLLPRI before the urgent byte is read only; better do without it.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = urgent_server,
	.client = calmed_client,
	.expect = {
		{ CLIENT, "urgent recv", TEXT("1:x") },
		POLL_ROWS_PARTLY(CLIENT, ONE_OF(FLAGS("OUT"), FLAGS("PRI|OUT")), "OUT", WHY_MARK),
	},
};

const struct sock_case ready_select_tcp_oob_read = {
	.claim = "select() finds a TCP connection not readable after its urgent byte was read; by "
		 "POSIX the mark stays exceptional, not on Linux.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (a mark in the receive queue is exceptional)",
	.standing = SHALL,
	.portable = "Do without urgent data; look for it in the exceptional set before reading it.",
	.families = INET | INET6,
	.row = &by_select,
	.server = urgent_server,
	.client = calmed_client,
	.expect = {
		{ CLIENT, "urgent recv", TEXT("1:x") },
		SELECT_ROWS_EXCEPT(CLIENT, 0, 1, WHY_MARK),
	},
};
