/* udp_wait.c -- order, waiting and time-outs of recv() on UDP. */
#include "case.h"

enum { COUNT = 100, SAFETY_MS = 1000 };

static void ordering_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct numbered seen = numbered_from(0);
	unsigned char byte;

	meet(me, "all are sent");
	set_timeout(fd, SO_RCVTIMEO, SAFETY_MS); /* only spent when one is lost */
	while (seen.read < COUNT && recv(fd, &byte, 1, 0) == 1)
		note_number(&seen, byte);
	saw(me, "datagrams in order", seen.in_a_row);
}

static void numbering_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	must_be(send_numbered(fd, 0, COUNT, 1) == COUNT);
	meet(me, "all are sent");
}

const struct sock_case udp_recv_order_loopback = {
	.claim = "Over loopback Linux gives datagrams of one socket in order and without loss, "
		 "while the receiver has room.",
	.source = "no standard says it: RFC 768, section Introduction, promises neither; measured "
		 "on Linux",
	.standing = SYSTEM,
	.portable = "Number your datagrams; a network may lose, double and reorder them.",
	.families = INET | INET6,
	.server = ordering_server,
	.client = numbering_client,
	.expect = {
		{ SERVER, "datagrams in order", EQ(COUNT) },
	},
};

static void outliving_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct address client = peer_address(me);
	char bytes[8];

	must(connect(fd, &client.any, client.len));
	meet(me, "connected");
	meet(me, "closed");
	saw_bytes(me, "first recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "second recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "recv with all read", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	saw(me, "and again", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void closing_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = bind_on(me, SOCK_DGRAM);

	meet(me, "connected");
	must(sendto(fd, "abc", 3, 0, &to.any, to.len));
	must(sendto(fd, "def", 3, 0, &to.any, to.len));
	must(close(fd));
	meet(me, "closed");
}

const struct sock_case udp_recv_survives_sender_close = {
	.claim = "Queued datagrams outlive the socket that sent them; after them recv() finds "
		 "nothing, not an end.",
	.source = "POSIX.1-2024 XSH 2.10.6 Socket Types, SOCK_DGRAM, and 2.10.11 Socket Receive "
		 "Queue",
	.standing = SHALL,
	.families = INET | INET6,
	.server = outliving_server,
	.client = closing_client,
	.expect = {
		{ SERVER, "first recv", TEXT("3:abc") },
		{ SERVER, "second recv", TEXT("3:def") },
		{ SERVER, "recv with all read", FAILS(EAGAIN) },
		{ SERVER, "and again", FAILS(EAGAIN) },
	},
};

enum { TIMEOUT_MS = 100, TICK_MS = 10 };

static void impatient_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[8];

	set_timeout(fd, SO_RCVTIMEO, TIMEOUT_MS);
	long long start = now_ms();
	saw(me, "recv of nothing", recv(fd, bytes, sizeof bytes, 0));
	saw_time(me, "time", start, TIMEOUT_MS - TICK_MS, 4 * TIMEOUT_MS);
	meet(me, "timed out");
	saw_bytes(me, "recv of a datagram", bytes, recv(fd, bytes, sizeof bytes, 0));
}

static void late_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	meet(me, "timed out");
	must(send(fd, "abc", 3, 0));
}

const struct sock_case udp_recv_rcvtimeo_eagain = {
	.claim = "With SO_RCVTIMEO a recv() to which no datagram comes fails with EAGAIN when that "
		 "time is over.",
	.source = "POSIX.1-2024 XSH 2.10.16 Use of Options, SO_RCVTIMEO; recv(), ERRORS EAGAIN",
	.standing = SHALL,
	.notes = "Windows is said to fail with WSAETIMEDOUT.",
	.families = INET | INET6,
	.waits_ms = TIMEOUT_MS,
	.timed = true,
	.server = impatient_server,
	.client = late_client,
	.expect = {
		{ SERVER, "recv of nothing", FAILS(EAGAIN) },
		{ SERVER, "time", ON_TIME },
		{ SERVER, "recv of a datagram", TEXT("3:abc") },
	},
};

static void blocked_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	long long sent = 0;

	meet(me, "about to recv");
	saw(me, "recv", recv(fd, &sent, sizeof sent, 0));
	saw_time(me, "time since the send", sent, 0, 200);
	meet(me, "received");
}

static void waking_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	meet(me, "about to recv");
	saw(me, "recv stays blocked", peer_silent_for(me, PROOF_MS));
	long long now = now_ms();
	must(send(fd, &now, sizeof now, 0));
	meet(me, "received");
}

const struct sock_case udp_recv_blocked_woken_by_data = {
	.claim = "A recv() that waits for a datagram returns as soon as one comes.",
	.source = "POSIX.1-2024 recv(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.waits_ms = PROOF_MS,
	.timed = true,
	.server = blocked_server,
	.client = waking_client,
	.expect = {
		{ SERVER, "recv", EQ(sizeof(long long)) },
		{ SERVER, "time since the send", ON_TIME },
		{ CLIENT, "recv stays blocked", EQ(1) },
	},
};
