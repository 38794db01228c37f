/* ready_udp_shut.c -- what a UDP socket is ready for after the program has shut it down itself. */
#include "cases/mux/ready.h"

static void staying_datagram_server(struct role *me)
{
	bind_and_stay(me, SOCK_DGRAM, "observed");
}

static void observe_after(struct role *me, int how)
{
	int fd = connect_type(me, SOCK_DGRAM);

	if (shutdown(fd, how)) {
		must_be(errno == EOPNOTSUPP);
		unsupported(me, "this system does not shut down UDP sockets");
	}
	observe(me, fd);
	meet(me, "observed");
}

static void client_past_reading(struct role *me)
{
	observe_after(me, SHUT_RD);
}

const struct sock_case ready_poll_udp_shut_rd = {
	.claim = "A connected UDP socket after its own SHUT_RD polls writable still; it may poll "
		 "readable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Remember that you called shutdown(); do not learn it from poll().",
	.notes = "FreeBSD is said to report POLLIN as well, but no POLLRDHUP.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = staying_datagram_server,
	.client = client_past_reading,
	.expect = { POLL_ROWS_PARTLY(CLIENT, OUT_MAYBE_IN, "IN|OUT|RDHUP", WHY_SHUT_RD) },
};

const struct sock_case ready_select_udp_shut_rd = {
	.claim = "select() finds a connected UDP socket writable after its own SHUT_RD still.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Remember that you called shutdown(); do not learn it from select().",
	.notes = "Windows is said not to call it readable.",
	.families = INET | INET6,
	.row = &by_select,
	.server = staying_datagram_server,
	.client = client_past_reading,
	.expect = { SELECT_ROWS_READ_OPEN(CLIENT, 1, 1, 0, WHY_SHUT_RD) },
};

static void client_past_writing(struct role *me)
{
	observe_after(me, SHUT_WR);
}

const struct sock_case ready_poll_udp_shut_wr = {
	.claim = "A connected UDP socket after its own SHUT_WR is neither readable nor hung up; it "
		 "may poll writable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Do not ask for POLLOUT after SHUT_WR.",
	.notes = "BSD is said to report POLLOUT, with EPIPE for the send().",
	.families = INET | INET6,
	.row = &by_poll,
	.server = staying_datagram_server,
	.client = client_past_writing,
	.expect = { POLL_ROWS_PARTLY(CLIENT, MAYBE_OUT, "OUT", WHY_SHUT_WR) },
};

const struct sock_case ready_select_udp_shut_wr = {
	.claim = "select() finds a connected UDP socket writable after SHUT_WR: send() fails.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &by_select,
	.server = staying_datagram_server,
	.client = client_past_writing,
	.expect = { SELECT_ROWS(CLIENT, 0, 1, 0) },
};

static void client_past_both(struct role *me)
{
	observe_after(me, SHUT_RDWR);
}

const struct sock_case ready_poll_udp_shut_rdwr = {
	.claim = "After its own SHUT_RDWR a connected UDP socket may poll as hung up.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = MAY,
	.portable = "Do not poll a socket that you have shut down; close it.",
	.notes = "FreeBSD is said to report IN|OUT, newer releases POLLHUP too.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = staying_datagram_server,
	.client = client_past_both,
	.expect = { POLL_ROWS_OPEN(CLIENT, "IN|OUT|HUP|RDHUP", "HUP", WHY_HUP) },
};

const struct sock_case ready_select_udp_shut_rdwr = {
	.claim = "select() finds a connected UDP socket writable after its own SHUT_RDWR.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Remember that you called shutdown(); do not learn it from select().",
	.families = INET | INET6,
	.row = &by_select,
	.server = staying_datagram_server,
	.client = client_past_both,
	.expect = { SELECT_ROWS_READ_OPEN(CLIENT, 1, 1, 0, WHY_SHUT_RD) },
};

static void unconnected_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);

	saw(me, "shutdown", shutdown(fd, SHUT_RDWR));
	observe(me, fd);
}

#define WHY_FAILED "POSIX lets a call that fails have done its work; Linux shuts down nevertheless"

const struct sock_case ready_poll_udp_unconnected_shut_rdwr_enotconn = {
	.claim = "shutdown() of an unconnected UDP socket fails, and yet may change what it polls.",
	.source = "POSIX.1-2024 2.3 Error Numbers; shutdown(), ERRORS",
	.standing = MAY,
	.portable = "Do not shut down an unconnected socket; close it.",
	.notes = "FreeBSD from 11 on is said to fail with ENOTCONN and to wake readers.",
	.families = INET | INET6,
	.row = &by_poll,
	.server = unconnected_server,
	.expect = {
		{ SERVER, "shutdown", FAILS(ENOTCONN) },
		POLL_ROWS_OPEN(SERVER, "IN|OUT|HUP|RDHUP", "HUP", WHY_FAILED),
	},
};

const struct sock_case ready_select_udp_unconnected_shut_rdwr_enotconn = {
	.claim = "shutdown() of an unconnected UDP socket fails, and yet may make it readable.",
	.source = "POSIX.1-2024 2.3 Error Numbers; shutdown(), ERRORS",
	.standing = MAY,
	.portable = "Do not shut down an unconnected socket; close it.",
	.families = INET | INET6,
	.row = &by_select,
	.server = unconnected_server,
	.expect = {
		{ SERVER, "shutdown", FAILS(ENOTCONN) },
		SELECT_ROWS_READ_OPEN(SERVER, 1, 1, 0, WHY_FAILED),
	},
};
