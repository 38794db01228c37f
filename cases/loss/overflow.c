/* overflow.c -- a UDP receive buffer that is full: what is kept, what is lost, and who is told. */
#include "case.h"

enum {
	SIZE = 100,    /* bytes of a datagram */
	FLOOD = 200,   /* datagrams, far more than NARROW holds */
	NARROW = 2304, /* the smallest buffer Linux gives */
	WIDE = 65536,
	LATER = 1000000, /* the number of the first datagram after the flood */
	HELD_MAX = 20    /* datagrams in NARROW at most: it is counted in buffers, not in bytes */
};

/* The receiving side: the socket that overflows, and one to which the client sends last, so that
 * what it gets says that all before has come or is lost. */
struct basin {
	int fd, marker;
};

static struct basin make_basin(struct role *me, int size)
{
	struct basin basin = { bind_on(me, SOCK_DGRAM), bind_on(me, SOCK_DGRAM) };

	set_option(basin.fd, SOL_SOCKET, SO_RCVBUF, size);
	meet(me, "ready");
	return basin;
}

static void await_marker(const struct basin *basin)
{
	char byte;

	must(recv(basin->marker, &byte, 1, 0));
}

/* Reads without waiting while the datagrams are numbered from `first` on without a gap; gives
 * their number. */
static int read_numbered(int fd, int first)
{
	int got[SIZE / sizeof(int)];
	int n = 0;

	while (recv(fd, got, sizeof got, MSG_DONTWAIT | MSG_PEEK) == SIZE && got[0] == first + n) {
		must(recv(fd, got, sizeof got, 0));
		n++;
	}
	return n;
}

/* The sending side, connected to the basin's two sockets. */
static struct basin reach_basin(struct role *me)
{
	struct basin basin = { .fd = connect_type(me, SOCK_DGRAM) };
	struct address marker = next_address(me);

	basin.marker = open_socket(me, SOCK_DGRAM);
	must(connect(basin.marker, &marker.any, marker.len));
	meet(me, "ready");
	return basin;
}

/* Sends n datagrams numbered from `first` on and then the marker; gives how many were taken. */
static int pour(const struct basin *basin, int first, int n)
{
	int bytes[SIZE / sizeof(int)] = { 0 };
	int taken = 0;

	for (int i = 0; i < n; i++) {
		bytes[0] = first + i;
		taken += send(basin->fd, bytes, sizeof bytes, 0) == SIZE;
	}
	must(send(basin->marker, "m", 1, 0));
	return taken;
}

static void flooding_client(struct role *me)
{
	struct basin basin = reach_basin(me);

	saw(me, "sends that took all", pour(&basin, 0, FLOOD));
	saw_errno(me, "SO_ERROR", get_option(basin.fd, SOL_SOCKET, SO_ERROR));
}

static void overflowing_server(struct role *me)
{
	struct basin basin = make_basin(me, NARROW);
	char byte;

	await_marker(&basin);
	saw(me, "datagrams read", read_numbered(basin.fd, 0));
	saw(me, "recv after them", recv(basin.fd, &byte, 1, MSG_DONTWAIT));
	saw_errno(me, "SO_ERROR", get_option(basin.fd, SOL_SOCKET, SO_ERROR));
}

const struct sock_case loss_rcvbuf_overflow_silent = {
	.claim = "When a UDP receive buffer overflows, neither the sender nor the receiver is "
		 "told.",
	.source = "no standard says it: RFC 768, section Introduction, promises no delivery; "
		 "socket(7), SO_RCVBUF, and measured on Linux",
	.standing = SYSTEM,
	.portable = "Number your datagrams and acknowledge them; send() tells nothing of arrival.",
	.notes = "macOS is said to fail some sends with ENOBUFS.",
	.families = INET | INET6,
	.server = overflowing_server,
	.client = flooding_client,
	.expect = {
		{ SERVER, "datagrams read", BETWEEN(0, FLOOD), .on[OS_LINUX] = BETWEEN(1, HELD_MAX),
		  .why = "Linux counts whole buffers against SO_RCVBUF, of which few fit."},
		{ SERVER, "recv after them", FAILS(EAGAIN) },
		{ SERVER, "SO_ERROR", TEXT("0") },
		{ CLIENT, "sends that took all", EQ(FLOOD) },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};

static void keeping_server(struct role *me)
{
	struct basin basin = make_basin(me, NARROW);

	await_marker(&basin);
	saw(me, "datagrams without a gap", read_numbered(basin.fd, 0));
	saw(me, "bytes after a gap", drain(basin.fd));
}

const struct sock_case loss_rcvbuf_keeps_oldest = {
	.claim = "A full UDP receive buffer keeps what it has and loses what comes later.",
	.source = "no standard says it; measured on Linux",
	.standing = SYSTEM,
	.portable = "Do not rely on which datagrams survive.",
	.families = INET | INET6,
	.server = keeping_server,
	.client = flooding_client,
	.expect = {
		{ SERVER, "datagrams without a gap", BETWEEN(0, FLOOD),
		  .on[OS_LINUX] = BETWEEN(1, HELD_MAX), .why = "Linux drops the newest."},
		{ SERVER, "bytes after a gap", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Nothing is read meanwhile, so Linux finds no room later either."},
		{ CLIENT, "sends that took all", EQ(FLOOD) },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};

static void growing_server(struct role *me)
{
	struct basin basin = make_basin(me, NARROW);

	await_marker(&basin);
	set_option(basin.fd, SOL_SOCKET, SO_RCVBUF, WIDE);
	meet(me, "buffer has grown");
	await_marker(&basin);
	saw(me, "old ones read", read_numbered(basin.fd, 0));
	saw(me, "new ones read next", read_numbered(basin.fd, LATER));
	saw(me, "bytes after them", drain(basin.fd));
}

static void continuing_client(struct role *me)
{
	struct basin basin = reach_basin(me);

	must_be(pour(&basin, 0, FLOOD) == FLOOD);
	meet(me, "buffer has grown");
	saw(me, "later sends that took all", pour(&basin, LATER, 10));
}

const struct sock_case loss_rcvbuf_grow_after_overflow = {
	.claim = "Raising SO_RCVBUF of a full socket makes room at once; what was lost stays lost.",
	.source = "no standard says it; socket(7), SO_RCVBUF, and measured on Linux",
	.standing = SYSTEM,
	.portable = "Set SO_RCVBUF before bind(), when nothing can be lost yet.",
	.families = INET | INET6,
	.server = growing_server,
	.client = continuing_client,
	.expect = {
		{ SERVER, "old ones read", BETWEEN(0, FLOOD), .on[OS_LINUX] = BETWEEN(1, HELD_MAX),
		  .why = "What was queued before stays, in front."},
		{ SERVER, "new ones read next", BETWEEN(0, 10), .on[OS_LINUX] = EQ(10),
		  .why = "Linux compares with the buffer's size when a datagram comes."},
		{ SERVER, "bytes after them", EQ(0) },
		{ CLIENT, "later sends that took all", EQ(10) },
	},
};

static void recovering_server(struct role *me)
{
	struct basin basin = make_basin(me, NARROW);

	await_marker(&basin);
	drain(basin.fd);
	meet(me, "drained");
	await_marker(&basin);
	saw(me, "datagrams read later", read_numbered(basin.fd, LATER));
	saw(me, "bytes after it", drain(basin.fd));
}

static void resuming_client(struct role *me)
{
	struct basin basin = reach_basin(me);

	must_be(pour(&basin, 0, FLOOD) == FLOOD);
	meet(me, "drained");
	saw(me, "later sends that took all", pour(&basin, LATER, 1));
}

const struct sock_case loss_rcvbuf_drop_then_recover = {
	.claim = "Once a UDP socket that overflowed is drained, it receives like a new one.",
	.source = "POSIX.1-2024 XSH 2.10.9 Socket Queue Limits and 2.10.11 Socket Receive Queue",
	.standing = SHALL,
	.families = INET | INET6,
	.server = recovering_server,
	.client = resuming_client,
	.expect = {
		{ SERVER, "datagrams read later", EQ(1) },
		{ SERVER, "bytes after it", EQ(0) },
		{ CLIENT, "later sends that took all", EQ(1) },
	},
};

enum { NEIGHBOURS = 25 };

static void neighbouring_server(struct role *me)
{
	int neighbour = bind_on(me, SOCK_DGRAM);
	struct basin narrow = make_basin(me, NARROW);

	await_marker(&narrow);
	saw(me, "the full one lost some", read_numbered(narrow.fd, 0) < FLOOD);
	saw(me, "its neighbour read", read_numbered(neighbour, LATER));
	saw(me, "bytes after them", drain(neighbour));
}

static void alternating_client(struct role *me)
{
	int neighbour = connect_type(me, SOCK_DGRAM);
	int bytes[SIZE / sizeof(int)] = { 0 };

	(void)next_address(me);
	struct basin narrow = reach_basin(me);
	for (int i = 0; i < FLOOD; i++) {
		bytes[0] = i;
		must(send(narrow.fd, bytes, sizeof bytes, 0));
		bytes[0] = LATER + i * NEIGHBOURS / FLOOD;
		if (i % (FLOOD / NEIGHBOURS) == 0)
			must(send(neighbour, bytes, sizeof bytes, 0));
	}
	pour(&narrow, FLOOD, 1);
}

const struct sock_case loss_rcvbuf_rcvbuf_overflow_other_socket_unaffected = {
	.claim = "A UDP socket that overflows costs no other socket a datagram, even of the same "
		 "process.",
	.source = "POSIX.1-2024 XSH 2.10.9 Socket Queue Limits, and 2.10.16 Use of Options, "
		 "SO_RCVBUF: the buffer is a socket's own",
	.standing = SHALL,
	.families = INET | INET6,
	.server = neighbouring_server,
	.client = alternating_client,
	.expect = {
		{ SERVER, "the full one lost some", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Far more was sent to it than Linux holds."},
		{ SERVER, "its neighbour read", EQ(NEIGHBOURS) },
		{ SERVER, "bytes after them", EQ(0) },
	},
};
