/* ready_udp.c -- what a UDP socket is ready for while it is idle, holds datagrams or an error. */
#include "cases/mux/ready.h"

/* How long an ICMP error may take. It takes no time; a stack that never reports it is judged. */
enum { ERROR_MS = 500 };

static void fresh(struct role *me)
{
	observe(me, open_socket(me, SOCK_DGRAM));
}

const struct sock_case ready_poll_udp_fresh = {
	.claim = "A fresh UDP socket polls writable and nothing else.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = INET | INET6,
	.row = &by_poll,
	.client = fresh,
	.expect = { POLL_ROWS(CLIENT, "OUT", "0") },
};

const struct sock_case ready_select_udp_fresh = {
	.claim = "select() finds a fresh UDP socket writable only.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.client = fresh,
	.expect = { SELECT_ROWS(CLIENT, 0, 1, 0) },
};

static void bound(struct role *me)
{
	observe(me, bind_on(me, SOCK_DGRAM));
}

const struct sock_case ready_poll_udp_bound_idle = {
	.claim = "A bound UDP socket to which nothing has come polls writable only.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = INET | INET6,
	.row = &by_poll,
	.server = bound,
	.expect = { POLL_ROWS(SERVER, "OUT", "0") },
};

const struct sock_case ready_select_udp_bound_idle = {
	.claim = "select() finds a bound UDP socket to which nothing has come writable only.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.server = bound,
	.expect = { SELECT_ROWS(SERVER, 0, 1, 0) },
};

static void staying_datagram_server(struct role *me)
{
	bind_and_stay(me, SOCK_DGRAM, "observed");
}

static void connected_client(struct role *me)
{
	observe(me, connect_type(me, SOCK_DGRAM));
	meet(me, "observed");
}

const struct sock_case ready_poll_udp_connected_idle = {
	.claim = "A connected UDP socket to which nothing has come polls writable only.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = INET | INET6,
	.row = &by_poll,
	.server = staying_datagram_server,
	.client = connected_client,
	.expect = { POLL_ROWS(CLIENT, "OUT", "0") },
};

const struct sock_case ready_select_udp_connected_idle = {
	.claim = "select() finds a connected UDP socket to which nothing has come writable only.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.server = staying_datagram_server,
	.client = connected_client,
	.expect = { SELECT_ROWS(CLIENT, 0, 1, 0) },
};

static void saw_datagram(struct role *me, int fd)
{
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void holding_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);

	wait_queued(me, fd, 5);
	observe(me, fd);
	saw_datagram(me, fd);
}

static void sending_client(struct role *me)
{
	send_all(connect_type(me, SOCK_DGRAM), "hello", 5);
}

const struct sock_case ready_poll_udp_datagram_queued = {
	.claim = "A UDP socket that holds a datagram polls readable and writable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = INET | INET6,
	.row = &by_poll,
	.server = holding_server,
	.client = sending_client,
	.expect = {
		POLL_ROWS(SERVER, "IN|OUT", "0"),
		{ SERVER, "recv", TEXT("5:hello") },
	},
};

const struct sock_case ready_select_udp_datagram_queued = {
	.claim = "select() finds a UDP socket that holds a datagram readable and writable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.server = holding_server,
	.client = sending_client,
	.expect = {
		SELECT_ROWS(SERVER, 1, 1, 0),
		{ SERVER, "recv", TEXT("5:hello") },
	},
};

static void empty_holding_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char byte;

	/* FIONREAD cannot tell an empty datagram from none. */
	must_be(recv(fd, &byte, 1, MSG_PEEK) == 0);
	observe(me, fd);
	saw_datagram(me, fd);
}

static void empty_sending_client(struct role *me)
{
	must(send(connect_type(me, SOCK_DGRAM), "", 0, 0));
}

const struct sock_case ready_poll_udp_empty_datagram_queued = {
	.claim = "A UDP socket that holds an empty datagram polls readable all the same.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = INET | INET6,
	.row = &by_poll,
	.server = empty_holding_server,
	.client = empty_sending_client,
	.expect = {
		POLL_ROWS(SERVER, "IN|OUT", "0"),
		{ SERVER, "recv", TEXT("0:") },
	},
};

const struct sock_case ready_select_udp_empty_datagram_queued = {
	.claim = "select() finds a UDP socket that holds an empty datagram readable all the same.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.server = empty_holding_server,
	.client = empty_sending_client,
	.expect = {
		SELECT_ROWS(SERVER, 1, 1, 0),
		{ SERVER, "recv", TEXT("0:") },
	},
};

/* Connected to itself, a socket keeps its port and takes datagrams of nobody else: they are
 * refused, and no other program can come to have the port. */
static void go_deaf(int fd)
{
	struct address own = name_of(fd);

	must(connect(fd, &own.any, own.len));
}

/* Sends what will be refused and waits until poll() reports it, by itself or as one of `events`:
 * nothing else tells of a pending error without taking it. */
static void be_refused(int fd, int events)
{
	struct pollfd one = { .fd = fd, .events = (short)events };

	must(send(fd, "x", 1, 0));
	must(poll(&one, 1, ERROR_MS));
}

static void deaf_server(struct role *me)
{
	go_deaf(bind_on(me, SOCK_DGRAM));
	meet(me, "deaf");
	meet(me, "observed");
}

static void refused_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	meet(me, "deaf");
	be_refused(fd, POLLIN);
	observe(me, fd);
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	meet(me, "observed");
}

#define WHY_PENDING "POSIX does not say whether a pending error makes POLLERR; on Linux it does"

#define MAYBE_ERR ONE_OF(FLAGS("0"), FLAGS("ERR"))

const struct sock_case ready_poll_udp_icmp_error_pending = {
	.claim = "A connected UDP socket whose datagram was refused may poll with POLLERR, "
		 "unasked, as it does on Linux.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION POLLERR; RFC 1122, section 4.1.3.3",
	.standing = MAY,
	.portable = "Ask for POLLIN and take the error from recv(), whatever the bits.",
	.notes = "FreeBSD and macOS are said to report IN|OUT without POLLERR, Windows IN.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = deaf_server,
	.client = refused_client,
	.expect = {
		{ CLIENT, "poll", ANY, .on[OS_LINUX] = FLAGS("OUT|ERR"), .why = WHY_PENDING,
		  .standing = MAY },
		EPOLL_ROW(CLIENT, FLAGS("OUT|ERR"))
		{ CLIENT, "poll for nothing", MAYBE_ERR, .on[OS_LINUX] = FLAGS("ERR"),
		  .why = WHY_PENDING, .standing = MAY },
		{ CLIENT, "SO_ERROR", TEXT("ECONNREFUSED") },
	},
};

const struct sock_case ready_select_udp_icmp_error_pending = {
	.claim = "select() finds a UDP socket with a pending error readable and writable; by POSIX "
		 "exceptional too, not on Linux.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (pending error); RFC 1122, section 4.1.3.3",
	.standing = SHALL,
	.portable = "Look for errors of a socket in the readable set, not in the exceptional one.",
	.families = INET | INET6,
	.row = &by_select,
	.server = deaf_server,
	.client = refused_client,
	.expect = {
		SELECT_ROWS_ERROR(CLIENT),
		{ CLIENT, "SO_ERROR", TEXT("ECONNREFUSED") },
	},
};

static void last_word_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct address client = peer_address(me);

	must(sendto(fd, "hello", 5, 0, &client.any, client.len));
	go_deaf(fd);
	meet(me, "deaf");
	meet(me, "observed");
}

static void refused_holding_client(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct address server = peer_address(me);

	must(connect(fd, &server.any, server.len));
	wait_queued(me, fd, 5);
	meet(me, "deaf");
	be_refused(fd, 0);
	observe(me, fd);
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw_datagram(me, fd);
	meet(me, "observed");
}

const struct sock_case ready_poll_udp_icmp_error_and_data = {
	.claim = "A UDP socket with a datagram and a pending error polls readable; it may poll "
		 "with POLLERR as well.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION POLLIN, POLLERR; RFC 1122, section 4.1.3.3",
	.standing = MAY,
	.portable = "Ask for POLLIN; take the data and the error from recv().",
	.families = INET | INET6,
	.row = &by_poll,
	.server = last_word_server,
	.client = refused_holding_client,
	.expect = {
		{ CLIENT, "poll",
		  ONE_OF(FLAGS("IN"), FLAGS("IN|OUT"), FLAGS("IN|ERR"), FLAGS("IN|OUT|ERR")),
		  .on[OS_LINUX] = FLAGS("IN|OUT|ERR"), .why = WHY_PENDING, .standing = SHALL },
		EPOLL_ROW(CLIENT, FLAGS("IN|OUT|ERR"))
		{ CLIENT, "poll for nothing", MAYBE_ERR,
		  .on[OS_LINUX] = FLAGS("ERR"), .why = WHY_PENDING, .standing = MAY },
		{ CLIENT, "SO_ERROR", TEXT("ECONNREFUSED") },
		{ CLIENT, "recv", TEXT("5:hello") },
	},
};

const struct sock_case ready_select_udp_icmp_error_and_data = {
	.claim = "select() finds a UDP socket with a datagram and a pending error readable and "
		 "writable; by POSIX exceptional too, not on Linux.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (pending error); RFC 1122, section 4.1.3.3",
	.standing = SHALL,
	.portable = "Look for errors of a socket in the readable set, not in the exceptional one.",
	.families = INET | INET6,
	.row = &by_select,
	.server = last_word_server,
	.client = refused_holding_client,
	.expect = {
		SELECT_ROWS_ERROR(CLIENT),
		{ CLIENT, "SO_ERROR", TEXT("ECONNREFUSED") },
		{ CLIENT, "recv", TEXT("5:hello") },
	},
};

static void choosy_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);

	try_option(me, fd, SOL_SOCKET, SO_RCVLOWAT, 100, "SO_RCVLOWAT");
	wait_queued(me, fd, 5);
	observe(me, fd);
	saw_datagram(me, fd);
}

const struct sock_case ready_poll_udp_rcvlowat_ignored = {
	.claim = "SO_RCVLOWAT may or may not keep a UDP socket with a short datagram from POLLIN; "
		 "on Linux it does not.",
	.source = "POSIX.1-2024 2.10.16 Use of Options, SO_RCVLOWAT",
	.standing = MAY,
	.portable = "Do not set SO_RCVLOWAT on datagram sockets.",
	.notes = "BSD is said to compare byte counts, so that POLLIN may stay clear.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = choosy_server,
	.client = sending_client,
	.expect = {
		POLL_ROWS_PARTLY(SERVER, ONE_OF(FLAGS("OUT"), FLAGS("IN|OUT")), "IN|OUT",
				 "POSIX does not say what SO_RCVLOWAT means to datagrams"),
		{ SERVER, "recv", TEXT("5:hello") },
	},
};

const struct sock_case ready_select_udp_rcvlowat_ignored = {
	.claim = "SO_RCVLOWAT may or may not keep select() from finding a short UDP datagram; on "
		 "Linux it does not.",
	.source = "POSIX.1-2024 2.10.16 Use of Options, SO_RCVLOWAT",
	.standing = MAY,
	.portable = "Do not set SO_RCVLOWAT on datagram sockets.",
	.families = INET | INET6,
	.row = &by_select,
	.server = choosy_server,
	.client = sending_client,
	.expect = {
		SELECT_ROWS_READ_OPEN(SERVER, 1, 1, 0,
				      "POSIX does not say what SO_RCVLOWAT means to datagrams"),
		{ SERVER, "recv", TEXT("5:hello") },
	},
};
