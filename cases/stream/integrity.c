/* integrity.c -- every byte of a stream arrives, once and in its place. */
#include "case.h"

enum { PIECE_MAX = 65536 };

struct transfer {
	size_t bytes;
	size_t piece; /* of each write */
};

static void receiving_server(struct role *me)
{
	struct arrived arrived = { 0 };
	int conn = accept_peer(me);

	saw(me, "last recv", receive_payload(conn, SIZE_MAX, &arrived));
	saw(me, "bytes received", (long long)arrived.bytes);
	saw(me, "bytes in place", (long long)arrived.in_place);
}

static void sending_client(struct role *me)
{
	const struct transfer *transfer = row_of(me);
	unsigned char piece[PIECE_MAX];
	int fd = connect_to_peer(me);

	for (size_t sent = 0, n; sent < transfer->bytes; sent += n) {
		size_t left = transfer->bytes - sent;
		n = left < transfer->piece ? left : transfer->piece;
		fill_payload(piece, sent, n);
		send_all(fd, piece, n);
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
	unsigned char piece[4096];
	int conn = accept_peer(me);
	size_t sent = 0;
	ssize_t n;

	set_option(conn, SOL_SOCKET, SO_SNDBUF, 2 * ENOUGH);
	do {
		fill_payload(piece, sent, sizeof piece);
		n = send(conn, piece, sizeof piece, MSG_DONTWAIT | MSG_NOSIGNAL);
		sent += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	must(close(conn));
	must_be(sent >= ENOUGH);
	send_number(me, (long long)sent);
}

static void late_client(struct role *me)
{
	struct arrived arrived = { 0 };
	int fd = connect_to_peer(me);
	size_t sent = (size_t)recv_number(me);

	saw(me, "last recv", receive_payload(fd, SIZE_MAX, &arrived));
	saw(me, "every byte came", arrived.bytes == sent);
	saw(me, "every byte is in place", arrived.in_place == sent);
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

static size_t send_some(int fd, size_t at, size_t left)
{
	unsigned char piece[16384];
	size_t size = left < sizeof piece ? left : sizeof piece;

	fill_payload(piece, at, size);
	ssize_t n = send(fd, piece, size, MSG_DONTWAIT | MSG_NOSIGNAL);
	must_be(n > 0 || errno == EAGAIN);
	return n > 0 ? (size_t)n : 0;
}

static void receive_some(int fd, struct arrived *arrived)
{
	unsigned char piece[16384];
	ssize_t n = must(recv(fd, piece, sizeof piece, MSG_DONTWAIT));

	must_be(n > 0);
	check_arrived(arrived, piece, (size_t)n);
}

/* Sends and receives EACH_WAY bytes, whichever is possible. */
static void send_and_receive(struct role *me, int fd, size_t mine, size_t theirs)
{
	struct arrived arrived = { .begins = theirs };
	size_t sent = 0;

	set_option(fd, SOL_SOCKET, SO_SNDBUF, BUFFER);
	set_option(fd, SOL_SOCKET, SO_RCVBUF, BUFFER);
	meet(me, "connected");
	while (sent < EACH_WAY || arrived.bytes < EACH_WAY) {
		int ready = wait_for(me, fd, sent < EACH_WAY ? POLLIN | POLLOUT : POLLIN);
		if (ready & POLLOUT)
			sent += send_some(fd, mine + sent, EACH_WAY - sent);
		if (ready & POLLIN)
			receive_some(fd, &arrived);
	}
	saw(me, "bytes received", (long long)arrived.bytes);
	saw(me, "bytes in place", (long long)arrived.in_place);
	meet(me, "done");
}

static void duplex_server(struct role *me)
{
	send_and_receive(me, accept_peer(me), 0, EACH_WAY);
}

static void duplex_client(struct role *me)
{
	send_and_receive(me, connect_to_peer(me), EACH_WAY, 0);
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
