/* netem_stream.c -- what TCP makes good, and what only a slow network shows: Linux's netem. */
#include "case.h"

enum {
	PIECE = 100,
	PIECES = 300,
	AMOUNT = PIECE * PIECES,
	QUIET_MS = 100,
	RETRY_MS = 600, /* Linux sends again after 200 ms, then after twice as long */
	CROSSING_MS = 200
};

/* The byte of the stream at this place. */
static unsigned char pattern(size_t at)
{
	return (unsigned char)(at * 31 + at / 256);
}

static void comparing_server(struct role *me)
{
	int conn = accept_peer(me);
	unsigned char bytes[4096];
	size_t at = 0, wrong = 0;
	ssize_t n;

	while ((n = must(recv(conn, bytes, sizeof bytes, 0))) > 0)
		for (ssize_t i = 0; i < n; i++)
			wrong += bytes[i] != pattern(at++);
	saw(me, "bytes that came", (long long)at);
	saw(me, "bytes that differ", (long long)wrong);
}

static void chopping_client(struct role *me)
{
	unsigned char piece[PIECE];

	set_netem(me, "lo",
		  (struct netem){ .delay_us = 2000, .reorder = 4, .duplicate = NETEM_ALL });
	int fd = connect_to_peer(me);
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	for (size_t at = 0; at < AMOUNT;) {
		for (size_t i = 0; i < PIECE; i++)
			piece[i] = pattern(at++);
		send_all(fd, piece, PIECE);
	}
	must(close(fd));
}

const struct sock_case loss_netem_stream_intact = {
	.claim = "A stream arrives complete, once and in order, though the network doubles every "
		 "packet and lets every fourth overtake.",
	.source = "RFC 9293, section 3.4: sequence numbers; tc-netem(8), duplicate and reorder",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_NETEM | NEEDS_OWN_NET,
	.server = comparing_server,
	.client = chopping_client,
	.expect = {
		{ SERVER, "bytes that came", EQ(AMOUNT) },
		{ SERVER, "bytes that differ", EQ(0) },
	},
};

static void cut_off_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[16];

	meet(me, "sent into nothing");
	set_timeout(conn, SO_RCVTIMEO, QUIET_MS);
	saw(me, "recv in the outage", recv(conn, bytes, sizeof bytes, 0));
	set_timeout(conn, SO_RCVTIMEO, 0);
	meet(me, "nothing came");
	saw_bytes(me, "recv after it", bytes, recv(conn, bytes, sizeof bytes, 0));
	meet(me, "came at last");
}

static void persisting_client(struct role *me)
{
	int fd = connect_to_peer(me);

	set_netem(me, "lo", (struct netem){ .loss = NETEM_ALL });
	saw(me, "send", send(fd, "late", 4, 0));
	meet(me, "sent into nothing");
	meet(me, "nothing came");
	set_netem(me, "lo", (struct netem){ 0 });
	meet(me, "came at last");
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
}

const struct sock_case loss_netem_stream_outage = {
	.claim = "A connection outlives a network that loses all for a while: what was sent then "
		 "comes when it is over, and nobody sees an error.",
	.source = "RFC 9293, section 3.8.1, retransmission; RFC 1122, section 4.2.3.5",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_NETEM | NEEDS_OWN_NET,
	.waits_ms = QUIET_MS + RETRY_MS,
	.server = cut_off_server,
	.client = persisting_client,
	.expect = {
		{ SERVER, "recv in the outage", FAILS(EAGAIN) },
		{ SERVER, "recv after it", TEXT("4:late") },
		{ CLIENT, "send", EQ(4) },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};

/* Both roles connect to each other; what each sends is its own letter. */
static void connect_both_ways(struct role *me, int fd, const char *letter)
{
	char byte;

	struct address peer = peer_address(me);
	set_nonblocking(fd);
	meet(me, "connecting");
	saw(me, "connect", connect(fd, &peer.any, peer.len));
	wait_for(me, fd, POLLOUT);
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	must_be(send(fd, letter, 1, MSG_NOSIGNAL) == 1);
	wait_for(me, fd, POLLIN);
	saw_bytes(me, "recv", &byte, recv(fd, &byte, 1, 0));
	meet(me, "both have it");
}

static void crossing_server(struct role *me)
{
	int fd = bind_on(me, SOCK_STREAM);

	set_netem(me, "lo", (struct netem){ .delay_us = CROSSING_MS * 1000 });
	connect_both_ways(me, fd, "s");
}

static void crossing_client(struct role *me)
{
	connect_both_ways(me, bind_on(me, SOCK_STREAM), "c");
}

const struct sock_case connect_simultaneous_open = {
	.claim = "Two sockets that connect to each other at the same time get one connection, without "
		 "a listener.",
	.source = "RFC 9293, section 3.5, figure 7",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_NETEM | NEEDS_OWN_NET,
	.waits_ms = 3 * CROSSING_MS,
	.timed = true, /* both have to connect before either SYN has come */
	.server = crossing_server,
	.client = crossing_client,
	.expect = {
		{ SERVER, "connect", FAILS(EINPROGRESS) },
		{ SERVER, "SO_ERROR", TEXT("0") },
		{ SERVER, "recv", TEXT("1:c") },
		{ CLIENT, "connect", FAILS(EINPROGRESS) },
		{ CLIENT, "SO_ERROR", TEXT("0") },
		{ CLIENT, "recv", TEXT("1:s") },
	},
};
