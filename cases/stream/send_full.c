/* send_full.c -- sending more than fits: how much is taken, and that this much arrives. */
#include "case.h"

/* With SMALL buffers a BLOCK never fits, whatever a system makes of the sizes that it is given. */
enum { BLOCK = 1 << 20, SMALL = 1 << 16, PIECE = 1 << 14 };
enum { LIMIT_MS = 100, TICK_MS = 10, LATE_MS = 4 * LIMIT_MS };

static unsigned char *patterned_block(void)
{
	unsigned char *block = malloc(BLOCK);

	must_be(block != NULL);
	fill_payload(block, 0, BLOCK);
	return block;
}

static int accept_with_little_room(struct role *me)
{
	int conn = accept_peer(me);

	set_option(conn, SOL_SOCKET, SO_RCVBUF, SMALL);
	return conn;
}

static int connect_with_little_room(struct role *me)
{
	int fd = connect_to_peer(me);

	set_option(fd, SOL_SOCKET, SO_SNDBUF, SMALL);
	return fd;
}

/* 1 for a part of a block; else what send() gave. */
static long long is_part(ssize_t n)
{
	return n > 0 && n < BLOCK ? 1 : n;
}

/* Receives up to `most` bytes more, or to the end of the stream. */
static void take(int fd, size_t most, struct arrived *arrived)
{
	must(receive_payload(fd, most, arrived));
}

static void saw_wrong_bytes(struct role *me, const struct arrived *arrived)
{
	saw(me, "wrong bytes", (long long)(arrived->bytes - arrived->in_place));
}

/* Receives all that the client sent before it closed, and compares it with its count. */
static void compare_with_count(struct role *me, int conn, long long count)
{
	struct arrived arrived = { 0 };

	take(conn, SIZE_MAX, &arrived);
	saw_value(me, "bytes missing", count - (long long)arrived.bytes);
	saw_wrong_bytes(me, &arrived);
}

static void counting_server(struct role *me)
{
	int conn = accept_with_little_room(me);

	compare_with_count(me, conn, recv_number(me));
}

static void overreaching_client(struct role *me)
{
	int fd = connect_with_little_room(me);
	unsigned char *block = patterned_block();

	set_nonblocking(fd);
	ssize_t n = send(fd, block, BLOCK, 0);
	saw(me, "send took a part", is_part(n));
	send_number(me, n);
	must(close(fd));
	free(block);
}

const struct sock_case send_nonblock_partial = {
	.claim = "A non-blocking send() of more than fits may take a part: it returns its length, "
		 "and exactly this part arrives.",
	.source = "POSIX.1-2024 send(), RETURN VALUE (the number of bytes sent); send(2), NOTES",
	.standing = SHALL,
	.portable = "Loop: send the rest once poll() reports POLLOUT.",
	.families = INET | INET6,
	.server = counting_server,
	.client = overreaching_client,
	.expect = {
		{ CLIENT, "send took a part", EQ(1), .standing = MAY },
		{ SERVER, "bytes missing", EQ(0) },
		{ SERVER, "wrong bytes", EQ(0) },
	},
};

static void late_server(struct role *me)
{
	int conn = accept_with_little_room(me);
	size_t count = (size_t)recv_number(me);
	struct arrived arrived = { 0 };

	take(conn, count, &arrived);
	take(conn, SIZE_MAX, &arrived);
	saw(me, "bytes of the last send", (long long)(arrived.bytes - count));
	saw_wrong_bytes(me, &arrived);
}

static void persistent_client(struct role *me)
{
	int fd = connect_with_little_room(me);
	unsigned char *block = patterned_block();
	ssize_t total = 0;
	ssize_t n;

	set_nonblocking(fd);
	while ((n = send(fd, block + total, PIECE, 0)) > 0 && total + n <= BLOCK - PIECE)
		total += n;
	saw(me, "send when full", n);
	send_number(me, total);
	wait_for(me, fd, POLLOUT);
	saw(me, "send after the peer has read", send(fd, block + total, 1, 0));
	must(close(fd));
	free(block);
}

const struct sock_case send_nonblock_full_eagain = {
	.claim = "When nobody reads, a non-blocking send() in the end fails with EAGAIN; nothing "
		 "that was taken before is lost.",
	.source = "POSIX.1-2024 send(), ERRORS EAGAIN",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = late_server,
	.client = persistent_client,
	.expect = {
		{ CLIENT, "send when full", FAILS(EAGAIN) },
		{ CLIENT, "send after the peer has read", EQ(1) },
		{ SERVER, "bytes of the last send", EQ(1) },
		{ SERVER, "wrong bytes", EQ(0) },
	},
};

static void half_reading_server(struct role *me)
{
	int conn = accept_with_little_room(me);
	struct arrived arrived = { 0 };

	meet(me, "about to send");
	saw(me, "send stays blocked", peer_silent_for(me, PROOF_MS));
	take(conn, BLOCK / 2, &arrived);
	saw(me, "send stays blocked after half", peer_silent_for(me, PROOF_MS));
	take(conn, BLOCK - BLOCK / 2, &arrived);
	meet(me, "sent");
	saw(me, "bytes received", (long long)arrived.bytes);
	saw_wrong_bytes(me, &arrived);
}

static void thorough_client(struct role *me)
{
	int fd = connect_with_little_room(me);
	unsigned char *block = patterned_block();

	meet(me, "about to send");
	saw(me, "send", send(fd, block, BLOCK, 0));
	meet(me, "sent");
	free(block);
}

const struct sock_case send_blocking_large_completes = {
	.claim = "A blocking send() of more than fits returns only once the peer has read enough, "
		 "and then the whole length.",
	.source = "POSIX.1-2024 send(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.waits_ms = 2 * PROOF_MS,
	.server = half_reading_server,
	.client = thorough_client,
	.expect = {
		{ SERVER, "send stays blocked", EQ(1) },
		{ SERVER, "send stays blocked after half", EQ(1) },
		{ CLIENT, "send", EQ(BLOCK) },
		{ SERVER, "bytes received", EQ(BLOCK) },
		{ SERVER, "wrong bytes", EQ(0) },
	},
};

static void breaking_off_client(struct role *me)
{
	int fd = connect_with_little_room(me);
	unsigned char *block = patterned_block();

	set_timeout(fd, SO_SNDTIMEO, LIMIT_MS);
	long long start = now_ms();
	ssize_t n = send(fd, block, BLOCK, 0);
	saw(me, "send took a part", is_part(n));
	saw_time(me, "send took", start, LIMIT_MS - TICK_MS, LATE_MS);
	send_number(me, n);
	must(close(fd));
	free(block);
}

const struct sock_case send_sndtimeo_partial = {
	.claim = "When SO_SNDTIMEO runs out after a part was taken, send() returns the length of "
		 "this part, and exactly it arrives.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_SNDTIMEO",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.waits_ms = LIMIT_MS,
	.timed = true,
	.server = counting_server,
	.client = breaking_off_client,
	.expect = {
		{ CLIENT, "send took a part", EQ(1) },
		{ CLIENT, "send took", ON_TIME },
		{ SERVER, "bytes missing", EQ(0) },
		{ SERVER, "wrong bytes", EQ(0) },
	},
};

static void signalling_server(struct role *me)
{
	int conn = accept_with_little_room(me);

	meet(me, "about to send");
	wait_queued(me, conn, 1);
	interrupt_peer(me, SIGUSR1);
	compare_with_count(me, conn, recv_number(me));
}

static void interrupted_client(struct role *me)
{
	int fd = connect_with_little_room(me);
	unsigned char *block = patterned_block();

	count_signals(SIGUSR1, 0);
	meet(me, "about to send");
	ssize_t n = send(fd, block, BLOCK, 0);
	saw(me, "send took a part", is_part(n));
	saw(me, "signal was handled", signals_seen(SIGUSR1) > 0);
	send_number(me, n);
	must(close(fd));
	free(block);
}

const struct sock_case send_eintr_partial = {
	.claim = "A handler that interrupts send() after a part was taken makes it return the "
		 "length of this part, not EINTR.",
	.source = "POSIX.1-2024 send(), ERRORS EINTR (before any data was transmitted)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.server = signalling_server,
	.client = interrupted_client,
	.expect = {
		{ CLIENT, "send took a part", EQ(1) },
		{ CLIENT, "signal was handled", EQ(1) },
		{ SERVER, "bytes missing", EQ(0) },
		{ SERVER, "wrong bytes", EQ(0) },
	},
};
