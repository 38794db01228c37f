/* overflow.c -- a UDP receive buffer that is full: what is kept, what is lost, and who is told. */
#include "case.h"

enum {
	SIZE = 100,  /* bytes of a datagram */
	FLOOD = 200, /* datagrams, far more than NARROW holds, and no more than a flood may have */
	NARROW = 2304, /* the smallest buffer Linux gives */
	WIDE = 65536,
	LATER = 1000000, /* the number of the first datagram after the flood */
	LATE = 10,
	HELD_MAX = 20 /* datagrams in NARROW at most: it is counted in buffers, not in bytes */
};

static int bind_narrow(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);

	set_option(fd, SOL_SOCKET, SO_RCVBUF, NARROW);
	meet(me, "ready");
	return fd;
}

static int reach_narrow(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	meet(me, "ready");
	return fd;
}

static void flooding_client(struct role *me)
{
	int fd = reach_narrow(me);

	saw(me, "sends that took all", send_numbered(fd, 0, FLOOD, SIZE));
	meet(me, "flood is sent");
	meet(me, "flood is read or lost");
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
}

static void overflowing_server(struct role *me)
{
	int fd = bind_narrow(me);
	struct numbered seen = numbered_from(0);
	char byte;

	meet(me, "flood is sent");
	read_flood(me, fd, FLOOD, &seen);
	saw(me, "some were lost", dropped_by(me, fd) > 0);
	saw(me, "datagrams read", seen.read);
	saw(me, "recv after them", recv(fd, &byte, 1, MSG_DONTWAIT));
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	meet(me, "flood is read or lost");
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
		{ SERVER, "some were lost", EQ(1) },
		{ SERVER, "datagrams read", BETWEEN(1, HELD_MAX) },
		{ SERVER, "recv after them", FAILS(EAGAIN) },
		{ SERVER, "SO_ERROR", TEXT("0") },
		{ CLIENT, "sends that took all", EQ(FLOOD) },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};

/* Waits until a flood has come to a socket that is not read meanwhile: all is queued or lost. How
 * many are queued, nobody tells; but a flood before it, of which all was read, has shown how many
 * at most. What of either flood is still on its way when it is read would be counted too many
 * there, and be missed here; both at once do not happen. */
static void await_second_flood(struct role *me, int fd)
{
	struct numbered first = numbered_from(0);

	meet(me, "flood is sent");
	until (me, "the first flood overflows", dropped_by(me, fd) >= FLOOD - HELD_MAX) {
	}
	read_flood(me, fd, FLOOD, &first);
	meet(me, "second flood begins");
	meet(me, "second flood is sent");
	const long long lost = 2LL * (FLOOD - first.read);
	until (me, "the second flood overflows", dropped_by(me, fd) >= lost) {
	}
}

static int send_two_floods(struct role *me)
{
	int fd = reach_narrow(me);

	must_be(send_numbered(fd, 0, FLOOD, SIZE) == FLOOD);
	meet(me, "flood is sent");
	meet(me, "second flood begins");
	saw(me, "sends that took all", send_numbered(fd, 0, FLOOD, SIZE));
	meet(me, "second flood is sent");
	return fd;
}

static void keeping_server(struct role *me)
{
	int fd = bind_narrow(me);
	struct numbered seen = numbered_from(0);

	await_second_flood(me, fd);
	const long long lost = dropped_by(me, fd);
	read_numbered(fd, &seen);
	saw(me, "some were lost", lost > 0 && seen.read < FLOOD);
	saw(me, "datagrams without a gap", seen.in_a_row);
	saw(me, "datagrams after a gap", seen.read - seen.in_a_row);
}

static void two_floods_client(struct role *me)
{
	int fd = send_two_floods(me);

	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
}

const struct sock_case loss_rcvbuf_keeps_oldest = {
	.claim = "A full UDP receive buffer keeps what it has and loses what comes later.",
	.source = "no standard says it; measured on Linux",
	.standing = SYSTEM,
	.portable = "Do not rely on which datagrams survive.",
	.families = INET | INET6,
	.server = keeping_server,
	.client = two_floods_client,
	.expect = {
		{ SERVER, "some were lost", EQ(1) },
		{ SERVER, "datagrams without a gap", BETWEEN(1, HELD_MAX) },
		{ SERVER, "datagrams after a gap", EQ(0) },
		{ CLIENT, "sends that took all", EQ(FLOOD) },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};

static void growing_server(struct role *me)
{
	int fd = bind_narrow(me);
	struct numbered seen = numbered_from(0);

	await_second_flood(me, fd);
	const long long lost = dropped_by(me, fd);
	set_option(fd, SOL_SOCKET, SO_RCVBUF, WIDE);
	meet(me, "buffer has grown");
	meet(me, "later ones are sent");
	/* Each of the second flood was lost, or is the first to be read. */
	until (me, "later ones are read or lost",
	       read_numbered(fd, &seen) - seen.in_a_row + dropped_by(me, fd) - lost >= LATE) {
	}
	saw(me, "some were lost before", lost > 0);
	saw(me, "old ones read", seen.in_a_row);
	saw(me, "new ones read next", seen.read - seen.in_a_row);
	saw(me, "the last one read is the last one sent", seen.last == LATER + LATE - 1);
	saw(me, "out of order", seen.fell);
}

static void continuing_client(struct role *me)
{
	int fd = send_two_floods(me);

	meet(me, "buffer has grown");
	saw(me, "later sends that took all", send_numbered(fd, LATER, LATE, SIZE));
	meet(me, "later ones are sent");
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
		{ SERVER, "some were lost before", EQ(1) },
		{ SERVER, "old ones read", BETWEEN(1, HELD_MAX) },
		{ SERVER, "new ones read next", EQ(LATE) },
		{ SERVER, "the last one read is the last one sent", EQ(1) },
		{ SERVER, "out of order", EQ(0) },
		{ CLIENT, "sends that took all", EQ(FLOOD) },
		{ CLIENT, "later sends that took all", EQ(LATE) },
	},
};

static void recovering_server(struct role *me)
{
	int fd = bind_narrow(me);
	struct numbered flood = numbered_from(0), later = numbered_from(LATER);

	meet(me, "flood is sent");
	read_flood(me, fd, FLOOD, &flood);
	const long long lost = dropped_by(me, fd);
	saw(me, "some were lost before", lost > 0);
	for (unsigned i = 1; i <= LATE; i++) {
		meet(me, "drained");
		meet(me, "one more is sent");
		until (me, "it is read or lost",
		       read_numbered(fd, &later) + dropped_by(me, fd) - lost >= i) {
		}
	}
	saw(me, "datagrams read later", later.in_a_row);
	saw(me, "others read later", later.read - later.in_a_row);
}

static void resuming_client(struct role *me)
{
	int fd = reach_narrow(me);
	unsigned taken = 0;

	must_be(send_numbered(fd, 0, FLOOD, SIZE) == FLOOD);
	meet(me, "flood is sent");
	for (unsigned i = 0; i < LATE; i++) {
		meet(me, "drained");
		taken += send_numbered(fd, LATER + i, 1, SIZE);
		meet(me, "one more is sent");
	}
	saw(me, "later sends that took all", taken);
}

const struct sock_case loss_rcvbuf_drop_then_recover = {
	.claim = "Once a UDP socket that overflowed is drained, it receives like a new one.",
	.source = "POSIX.1-2024 XSH 2.10.9 Socket Queue Limits and 2.10.11 Socket Receive Queue",
	.standing = SHALL,
	.families = INET | INET6,
	.server = recovering_server,
	.client = resuming_client,
	.expect = {
		{ SERVER, "some were lost before", EQ(1) },
		{ SERVER, "datagrams read later", EQ(LATE) },
		{ SERVER, "others read later", EQ(0) },
		{ CLIENT, "later sends that took all", EQ(LATE) },
	},
};

enum { NEIGHBOURS = 25 };

static void neighbouring_server(struct role *me)
{
	int neighbour = bind_on(me, SOCK_DGRAM);
	int narrow = bind_narrow(me);
	struct numbered flood = numbered_from(0), beside = numbered_from(LATER);

	meet(me, "flood is sent");
	read_flood(me, narrow, FLOOD, &flood);
	read_flood(me, neighbour, NEIGHBOURS, &beside);
	saw(me, "the full one lost some", dropped_by(me, narrow) > 0);
	saw(me, "its neighbour read", beside.in_a_row);
	saw(me, "others it read", beside.read - beside.in_a_row);
}

static void alternating_client(struct role *me)
{
	int neighbour = connect_type(me, SOCK_DGRAM);

	(void)next_address(me);
	int narrow = reach_narrow(me);
	for (unsigned i = 0; i < FLOOD; i++) {
		must_be(send_numbered(narrow, i, 1, SIZE) == 1);
		if (i % (FLOOD / NEIGHBOURS) == 0)
			must_be(send_numbered(neighbour, LATER + i * NEIGHBOURS / FLOOD, 1, SIZE) ==
				1);
	}
	meet(me, "flood is sent");
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
		{ SERVER, "the full one lost some", EQ(1) },
		{ SERVER, "its neighbour read", EQ(NEIGHBOURS) },
		{ SERVER, "others it read", EQ(0) },
	},
};
