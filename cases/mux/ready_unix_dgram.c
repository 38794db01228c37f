/* ready_unix_dgram.c -- what an AF_UNIX datagram socket is ready for in each of its states. */
#include "cases/mux/ready.h"

static void fresh(struct role *me)
{
	observe(me, open_socket(me, SOCK_DGRAM));
}

const struct sock_case ready_poll_unix_dgram_fresh = {
	.claim = "A fresh AF_UNIX datagram socket polls writable and nothing else.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = UNIX,
	.row = &by_poll,
	.client = fresh,
	.expect = { POLL_ROWS(CLIENT, "OUT", "0") },
};

const struct sock_case ready_select_unix_dgram_fresh = {
	.claim = "select() finds a fresh AF_UNIX datagram socket writable only.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.row = &by_select,
	.client = fresh,
	.expect = { SELECT_ROWS(CLIENT, 0, 1, 0) },
};

static void idle_pair(struct role *me)
{
	int pair[2];

	must(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
	observe(me, pair[0]);
}

const struct sock_case ready_poll_unix_dgram_pair_idle = {
	.claim = "An end of an idle AF_UNIX datagram socket pair polls writable and nothing else.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = UNIX,
	.needs = NEEDS_SOCKETPAIR,
	.row = &by_poll,
	.client = idle_pair,
	.expect = { POLL_ROWS(CLIENT, "OUT", "0") },
};

const struct sock_case ready_select_unix_dgram_pair_idle = {
	.claim = "select() finds an end of an idle AF_UNIX datagram socket pair writable only.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.needs = NEEDS_SOCKETPAIR,
	.row = &by_select,
	.client = idle_pair,
	.expect = { SELECT_ROWS(CLIENT, 0, 1, 0) },
};

static void holding_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[8];

	meet(me, "sent"); /* and with that queued here */
	observe(me, fd);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void sending_client(struct role *me)
{
	send_all(connect_type(me, SOCK_DGRAM), "hello", 5);
	meet(me, "sent");
}

const struct sock_case ready_poll_unix_dgram_datagram_queued = {
	.claim = "An AF_UNIX datagram socket that holds a datagram polls readable and writable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = UNIX,
	.row = &by_poll,
	.server = holding_server,
	.client = sending_client,
	.expect = {
		POLL_ROWS(SERVER, "IN|OUT", "0"),
		{ SERVER, "recv", TEXT("5:hello") },
	},
};

const struct sock_case ready_select_unix_dgram_datagram_queued = {
	.claim = "select() finds an AF_UNIX datagram socket with a datagram readable and writable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.row = &by_select,
	.server = holding_server,
	.client = sending_client,
	.expect = {
		SELECT_ROWS(SERVER, 1, 1, 0),
		{ SERVER, "recv", TEXT("5:hello") },
	},
};

/* Two sockets that are each connected to the other, one in each role: what socketpair() makes,
 * but across processes. */
static int paired_socket(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct address peer = peer_address(me);

	must(connect(fd, &peer.any, peer.len));
	meet(me, "paired");
	return fd;
}

static void closing_peer(struct role *me)
{
	must(close(paired_socket(me)));
	meet(me, "closed");
}

static void left_client(struct role *me)
{
	int fd = paired_socket(me);

	meet(me, "closed");
	observe(me, fd);
	saw(me, "send", send(fd, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL));
}

const struct sock_case ready_poll_unix_dgram_pair_peer_closed = {
	.claim = "An AF_UNIX datagram pair may not show that the other end was closed; on Linux it "
		 "does not.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = MAY,
	.portable = "Use SOCK_SEQPACKET or SOCK_STREAM where the end of the peer must be noticed.",
	.notes = "FreeBSD is said to report IN|HUP.",
	.families = UNIX,
	.row = &by_poll,
	.server = closing_peer,
	.client = left_client,
	.expect = {
		POLL_ROWS_OPEN(CLIENT, "OUT", "0", WHY_PEER_UNKNOWN),
		{ CLIENT, "send", ANY, .on[OS_LINUX] = FAILS(ECONNREFUSED), .why = WHY_PEER_UNKNOWN,
		  .standing = MAY },
	},
};

const struct sock_case ready_select_unix_dgram_pair_peer_closed = {
	.claim = "select() finds an AF_UNIX datagram pair writable after its peer has closed; it "
		 "may be readable too.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Use SOCK_SEQPACKET or SOCK_STREAM where the end of the peer must be noticed.",
	.families = UNIX,
	.row = &by_select,
	.server = closing_peer,
	.client = left_client,
	.expect = {
		SELECT_ROWS_WRITABLE(CLIENT, 0, 0, WHY_PEER_UNKNOWN),
		{ CLIENT, "send", ANY, .on[OS_LINUX] = FAILS(ECONNREFUSED), .why = WHY_PEER_UNKNOWN,
		  .standing = MAY },
	},
};

static void leaving_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);

	meet(me, "connected");
	must(close(fd));
	meet(me, "closed");
}

static void left_sender(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	meet(me, "connected");
	meet(me, "closed");
	observe(me, fd);
	saw(me, "send", send(fd, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL));
}

const struct sock_case ready_poll_unix_dgram_connected_peer_closed = {
	.claim = "poll() may not tell an AF_UNIX datagram sender that its receiver closed; Linux "
		 "does not.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = MAY,
	.portable = "Learn it from send().",
	.families = UNIX,
	.row = &by_poll,
	.server = leaving_server,
	.client = left_sender,
	.expect = {
		POLL_ROWS_OPEN(CLIENT, "OUT", "0", WHY_PEER_UNKNOWN),
		{ CLIENT, "send", ANY, .on[OS_LINUX] = FAILS(ECONNREFUSED), .why = WHY_PEER_UNKNOWN,
		  .standing = MAY },
	},
};

const struct sock_case ready_select_unix_dgram_connected_peer_closed = {
	.claim = "select() finds an AF_UNIX datagram sender writable when its receiver closed; it "
		 "may be readable too.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Learn it from send().",
	.families = UNIX,
	.row = &by_select,
	.server = leaving_server,
	.client = left_sender,
	.expect = {
		SELECT_ROWS_WRITABLE(CLIENT, 0, 0, WHY_PEER_UNKNOWN),
		{ CLIENT, "send", ANY, .on[OS_LINUX] = FAILS(ECONNREFUSED), .why = WHY_PEER_UNKNOWN,
		  .standing = MAY },
	},
};

static void staying_datagram_server(struct role *me)
{
	bind_and_stay(me, SOCK_DGRAM, "observed");
}

/* Other sockets fill the receiver's queue until not even a new one gets in: so it is the queue that
 * is full, not the send buffer of the socket that is looked at. */
static void crowded_client(struct role *me)
{
	const char filler[1024] = ""; /* a queue may be limited by bytes */
	int fd = connect_type(me, SOCK_DGRAM);

	for (long long taken = 1; taken > 0;) {
		int other = connect_type(me, SOCK_DGRAM);
		for (taken = 0; send(other, filler, sizeof filler, MSG_DONTWAIT) > 0;)
			taken++;
		must_be(errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS);
	}
	observe(me, fd);
	saw(me, "send", send(fd, "x", 1, MSG_DONTWAIT));
	meet(me, "observed");
}

#define WHY_RELIABLE "unix(7): on Linux AF_UNIX datagrams are reliable: the sender has to wait"
#define WHY_QUEUE    "POSIX does not say whose buffer counts; for Linux the receiver's does, too"

const struct sock_case ready_poll_unix_dgram_peer_queue_full = {
	.claim = "To a full receiver an AF_UNIX datagram sender may or may not poll writable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = MAY,
	.portable = "Take EAGAIN and ENOBUFS from a non-blocking send() even after POLLOUT.",
	.notes = "BSD is said to look at the own send buffer only, and so to report POLLOUT.",
	.families = UNIX,
	.row = &by_poll,
	.server = staying_datagram_server,
	.client = crowded_client,
	.expect = {
		POLL_ROWS_PARTLY(CLIENT, MAYBE_OUT, "0", WHY_QUEUE),
		{ CLIENT, "send", ONE_OF(FAILS(EAGAIN), FAILS(ENOBUFS)),
		  .on[OS_LINUX] = FAILS(EAGAIN),
		  .why = WHY_RELIABLE },
	},
};

const struct sock_case ready_select_unix_dgram_peer_queue_full = {
	.claim = "A full receiver may or may not keep select() from finding its sender writable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = MAY,
	.portable = "Take EAGAIN and ENOBUFS from a non-blocking send() even when writable.",
	.families = UNIX,
	.row = &by_select,
	.server = staying_datagram_server,
	.client = crowded_client,
	.expect = {
		SELECT_ROWS_WRITE_OPEN(CLIENT, 0, 0, 0, WHY_QUEUE),
		{ CLIENT, "send", ONE_OF(FAILS(EAGAIN), FAILS(ENOBUFS)),
		  .on[OS_LINUX] = FAILS(EAGAIN),
		  .why = WHY_RELIABLE },
	},
};
