/* integrity.c -- every byte of a stream arrives, once and in its place. */
#include "case.h"

/* What is sent repeats after a prime number of bytes, so that a piece of any size that is lost,
 * doubled or moved puts the rest out of place. */
enum { PERIOD = 65521, PIECE_MAX = 65536 };

struct pattern {
	unsigned char bytes[PERIOD + PIECE_MAX];
};

static void make_pattern(struct pattern *pattern, uint32_t seed)
{
	for (size_t i = 0; i < sizeof pattern->bytes; i++) {
		seed = seed * 1664525 + 1013904223;
		pattern->bytes[i] =
			i < PERIOD ? (unsigned char)(seed >> 24) : pattern->bytes[i - PERIOD];
	}
}

static const unsigned char *bytes_at(const struct pattern *pattern, size_t position)
{
	return pattern->bytes + position % PERIOD;
}

struct arrived {
	size_t bytes;
	size_t right; /* how many of them, from the first on, are in place */
};

static void check(struct arrived *arrived, const struct pattern *pattern, const unsigned char *got,
		  size_t n)
{
	const unsigned char *wanted = bytes_at(pattern, arrived->bytes);
	size_t same = memcmp(got, wanted, n) ? 0 : n;

	while (same < n && got[same] == wanted[same])
		same++;
	if (arrived->right == arrived->bytes)
		arrived->right += same;
	arrived->bytes += n;
}

/* Receives to the end of file; gives what the last recv() gave. */
static ssize_t receive(int fd, const struct pattern *pattern, struct arrived *arrived)
{
	unsigned char bytes[PIECE_MAX];
	ssize_t n;

	while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0)
		check(arrived, pattern, bytes, (size_t)n);
	return n;
}

struct transfer {
	size_t bytes;
	size_t piece; /* of each write */
};

static void receiving_server(struct role *me)
{
	struct arrived arrived = { 0 };
	struct pattern pattern;
	int conn = accept_peer(me);

	make_pattern(&pattern, 1);
	saw(me, "last recv", receive(conn, &pattern, &arrived));
	saw(me, "bytes received", (long long)arrived.bytes);
	saw(me, "bytes in place", (long long)arrived.right);
}

static void sending_client(struct role *me)
{
	const struct transfer *transfer = row_of(me);
	struct pattern pattern;
	int fd = connect_to_peer(me);

	make_pattern(&pattern, 1);
	for (size_t sent = 0, n; sent < transfer->bytes; sent += n) {
		size_t left = transfer->bytes - sent;
		n = left < transfer->piece ? left : transfer->piece;
		send_all(fd, bytes_at(&pattern, sent), n);
	}
	must(close(fd));
}

enum { LARGE = (4 << 20) + 1, MEDIUM = 1 << 20, FEW = 2000 };

static const struct transfer large = { .bytes = LARGE, .piece = PIECE_MAX };

const struct sock_case integrity_large_transfer = {
	.claim = "A long stream arrives complete and in order; then comes the end of file.",
	.source = "RFC 9293, section 2.2 (a reliable, in-order byte stream); POSIX.1-2024 XSH "
		  "2.10.6, Socket Types",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.row = &large,
	.server = receiving_server,
	.client = sending_client,
	.expect = {
		{ SERVER, "last recv", EQ(0) },
		{ SERVER, "bytes received", EQ(LARGE) },
		{ SERVER, "bytes in place", EQ(LARGE) },
	},
};

static const struct transfer single_bytes = { .bytes = FEW, .piece = 1 };

const struct sock_case integrity_one_byte_writes = {
	.claim = "Bytes that are written one by one arrive one after the other, none lost.",
	.source = "RFC 9293, section 2.2 (a reliable, in-order byte stream); POSIX.1-2024 XSH "
		  "2.10.6, Socket Types",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.row = &single_bytes,
	.server = receiving_server,
	.client = sending_client,
	.expect = {
		{ SERVER, "last recv", EQ(0) },
		{ SERVER, "bytes received", EQ(FEW) },
		{ SERVER, "bytes in place", EQ(FEW) },
	},
};

static const struct transfer odd_pieces = { .bytes = MEDIUM, .piece = 4099 };

const struct sock_case integrity_odd_chunks = {
	.claim = "Writes of an odd size, larger than a page, read in other sizes, arrive intact.",
	.source = "RFC 9293, section 2.2 (a reliable, in-order byte stream); POSIX.1-2024 XSH "
		  "2.10.6, Socket Types",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.row = &odd_pieces,
	.server = receiving_server,
	.client = sending_client,
	.expect = {
		{ SERVER, "last recv", EQ(0) },
		{ SERVER, "bytes received", EQ(MEDIUM) },
		{ SERVER, "bytes in place", EQ(MEDIUM) },
	},
};

/* Sends what fits without waiting for the reader, and closes on top of it. */
static void hasty_server(struct role *me)
{
	enum { ENOUGH = 100000 };
	struct pattern pattern;
	int conn = accept_peer(me);
	size_t sent = 0;
	ssize_t n;

	make_pattern(&pattern, 1);
	set_option(conn, SOL_SOCKET, SO_SNDBUF, 2 * ENOUGH);
	while ((n = send(conn, bytes_at(&pattern, sent), 4096, MSG_DONTWAIT | MSG_NOSIGNAL)) > 0)
		sent += (size_t)n;
	must(close(conn));
	must_be(sent >= ENOUGH);
	send_number(me, (long long)sent);
}

static void late_client(struct role *me)
{
	struct arrived arrived = { 0 };
	struct pattern pattern;
	int fd = connect_to_peer(me);

	make_pattern(&pattern, 1);
	size_t sent = (size_t)recv_number(me);
	saw(me, "last recv", receive(fd, &pattern, &arrived));
	saw(me, "every byte came", arrived.bytes == sent);
	saw(me, "every byte is in place", arrived.right == sent);
}

const struct sock_case integrity_send_then_close_all_delivered = {
	.claim = "close() right after send() loses nothing: the peer reads all, then end of file.",
	.source = "RFC 9293, section 3.6 (everything sent before CLOSE is delivered)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = hasty_server,
	.client = late_client,
	.expect = {
		{ CLIENT, "last recv", EQ(0) },
		{ CLIENT, "every byte came", EQ(1) },
		{ CLIENT, "every byte is in place", EQ(1) },
	},
};

/* More than both buffers of a direction hold. */
enum { EACH_WAY = 512 << 10, BUFFER = 64 << 10 };

static size_t send_some(int fd, const struct pattern *pattern, size_t sent)
{
	size_t left = EACH_WAY - sent;
	ssize_t n = send(fd, bytes_at(pattern, sent), left < 16384 ? left : 16384,
			 MSG_DONTWAIT | MSG_NOSIGNAL);

	must_be(n > 0 || errno == EAGAIN);
	return n > 0 ? (size_t)n : 0;
}

static void receive_some(int fd, const struct pattern *pattern, struct arrived *arrived)
{
	unsigned char bytes[16384];

	ssize_t n = must(recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	must_be(n > 0);
	check(arrived, pattern, bytes, (size_t)n);
}

/* Sends and receives EACH_WAY bytes, whichever is possible. */
static void send_and_receive(struct role *me, int fd, uint32_t my_seed, uint32_t peer_seed)
{
	struct pattern mine, theirs;
	struct arrived arrived = { 0 };
	size_t sent = 0;

	make_pattern(&mine, my_seed);
	make_pattern(&theirs, peer_seed);
	set_option(fd, SOL_SOCKET, SO_SNDBUF, BUFFER);
	set_option(fd, SOL_SOCKET, SO_RCVBUF, BUFFER);
	meet(me, "connected");
	while (sent < EACH_WAY || arrived.bytes < EACH_WAY) {
		int ready = wait_for(me, fd, sent < EACH_WAY ? POLLIN | POLLOUT : POLLIN);
		if (ready & POLLOUT)
			sent += send_some(fd, &mine, sent);
		if (ready & POLLIN)
			receive_some(fd, &theirs, &arrived);
	}
	saw(me, "bytes received", (long long)arrived.bytes);
	saw(me, "bytes in place", (long long)arrived.right);
	meet(me, "done");
}

static void duplex_server(struct role *me)
{
	send_and_receive(me, accept_peer(me), 1, 2);
}

static void duplex_client(struct role *me)
{
	send_and_receive(me, connect_to_peer(me), 2, 1);
}

const struct sock_case integrity_full_duplex_simultaneous = {
	.claim = "Both sides send at once, more than the buffers hold: both streams arrive intact.",
	.source = "RFC 9293, section 2.2 (a reliable, in-order byte stream); POSIX.1-2024 XSH "
		  "2.10.6, Socket Types",
	.standing = SHALL,
	.portable = "Read while writing: two sides that only write block each other.",
	.families = INET | INET6 | UNIX,
	.server = duplex_server,
	.client = duplex_client,
	.expect = {
		{ SERVER, "bytes received", EQ(EACH_WAY) },
		{ SERVER, "bytes in place", EQ(EACH_WAY) },
		{ CLIENT, "bytes received", EQ(EACH_WAY) },
		{ CLIENT, "bytes in place", EQ(EACH_WAY) },
	},
};
