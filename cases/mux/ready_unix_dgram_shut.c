/* ready_unix_dgram_shut.c -- what an AF_UNIX datagram pair is ready for after a shutdown(). */
#include "cases/mux/ready.h"

static void observe_after(struct role *me, int how)
{
	int pair[2];

	must(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
	must(shutdown(pair[0], how));
	observe(me, pair[0]);
}

static void past_reading(struct role *me)
{
	observe_after(me, SHUT_RD);
}

const struct sock_case ready_poll_unix_dgram_shut_rd = {
	.claim = "An AF_UNIX datagram socket after its own SHUT_RD polls writable still; it may "
		 "poll readable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Remember that you called shutdown(); do not learn it from poll().",
	.families = UNIX,
	.needs = NEEDS_SOCKETPAIR,
	.row = &by_poll,
	.client = past_reading,
	.expect = { POLL_ROWS_PARTLY(CLIENT, OUT_MAYBE_IN, "IN|OUT|RDHUP", WHY_SHUT_RD) },
};

const struct sock_case ready_select_unix_dgram_shut_rd = {
	.claim = "select() finds an AF_UNIX datagram socket writable after its own SHUT_RD.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Remember that you called shutdown(); do not learn it from select().",
	.families = UNIX,
	.needs = NEEDS_SOCKETPAIR,
	.row = &by_select,
	.client = past_reading,
	.expect = { SELECT_ROWS_READ_OPEN(CLIENT, 1, 1, 0, WHY_SHUT_RD) },
};

static void past_writing(struct role *me)
{
	observe_after(me, SHUT_WR);
}

const struct sock_case ready_poll_unix_dgram_shut_wr = {
	.claim = "An AF_UNIX datagram socket after SHUT_WR is neither readable nor hung up; it may "
		 "poll writable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Do not ask for POLLOUT after SHUT_WR.",
	.families = UNIX,
	.needs = NEEDS_SOCKETPAIR,
	.row = &by_poll,
	.client = past_writing,
	.expect = { POLL_ROWS_PARTLY(CLIENT, MAYBE_OUT, "OUT", WHY_SHUT_WR) },
};

const struct sock_case ready_select_unix_dgram_shut_wr = {
	.claim = "select() finds an AF_UNIX datagram socket writable after SHUT_WR: send() fails.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.needs = NEEDS_SOCKETPAIR,
	.row = &by_select,
	.client = past_writing,
	.expect = { SELECT_ROWS(CLIENT, 0, 1, 0) },
};

static void past_both(struct role *me)
{
	observe_after(me, SHUT_RDWR);
}

const struct sock_case ready_poll_unix_dgram_shut_rdwr = {
	.claim = "After its own SHUT_RDWR an AF_UNIX datagram socket may poll as hung up.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = MAY,
	.portable = "Do not poll a socket that you have shut down; close it.",
	.notes = "BSD is said to report other bits.",
	.families = UNIX,
	.needs = NEEDS_SOCKETPAIR,
	.row = &by_poll,
	.client = past_both,
	.expect = { POLL_ROWS_OPEN(CLIENT, "IN|OUT|HUP|RDHUP", "HUP", WHY_HUP) },
};

const struct sock_case ready_select_unix_dgram_shut_rdwr = {
	.claim = "select() finds an AF_UNIX datagram socket writable after its own SHUT_RDWR.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Remember that you called shutdown(); do not learn it from select().",
	.families = UNIX,
	.needs = NEEDS_SOCKETPAIR,
	.row = &by_select,
	.client = past_both,
	.expect = { SELECT_ROWS_READ_OPEN(CLIENT, 1, 1, 0, WHY_SHUT_RD) },
};

/* One in each role, each connected to the other: what socketpair() makes, but across processes. */
static int paired_socket(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct address peer = peer_address(me);

	must(connect(fd, &peer.any, peer.len));
	meet(me, "paired");
	return fd;
}

static void stopping_peer(struct role *me)
{
	int fd = paired_socket(me);

	must(shutdown(fd, SHUT_RDWR));
	meet(me, "shut down");
	meet(me, "observed");
}

static void stopped_client(struct role *me)
{
	int fd = paired_socket(me);

	meet(me, "shut down");
	observe(me, fd);
	saw(me, "send", send(fd, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL));
	meet(me, "observed");
}

const struct sock_case ready_poll_unix_dgram_pair_peer_shut_rdwr = {
	.claim = "An AF_UNIX datagram socket may not show that its peer was shut down; on Linux it "
		 "does not.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = MAY,
	.portable = "Learn it from send().",
	.families = UNIX,
	.row = &by_poll,
	.server = stopping_peer,
	.client = stopped_client,
	.expect = {
		POLL_ROWS_OPEN(CLIENT, "OUT", "0", WHY_PEER_UNKNOWN),
		{ CLIENT, "send", ANY, .on[OS_LINUX] = FAILS(EPIPE), .why = WHY_PEER_UNKNOWN,
		  .standing = MAY },
	},
};

const struct sock_case ready_select_unix_dgram_pair_peer_shut_rdwr = {
	.claim = "select() finds an AF_UNIX datagram socket writable after its peer's SHUT_RDWR; "
		 "it may be readable too.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Learn it from send().",
	.families = UNIX,
	.row = &by_select,
	.server = stopping_peer,
	.client = stopped_client,
	.expect = {
		SELECT_ROWS_WRITABLE(CLIENT, 0, 0, WHY_PEER_UNKNOWN),
		{ CLIENT, "send", ANY, .on[OS_LINUX] = FAILS(EPIPE), .why = WHY_PEER_UNKNOWN,
		  .standing = MAY },
	},
};
