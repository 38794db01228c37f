/* send_wait.c -- a send() that waits for room: what ends its wait. */
#include "case.h"

/* With SMALL buffers a BLOCK never fits, whatever a system makes of the sizes that it is given. */
enum { BLOCK = 1 << 20, SMALL = 1 << 16, PIECE = 1 << 14 };
enum { LIMIT_MS = 100, TICK_MS = 10, LATE_MS = 4 * LIMIT_MS };

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

static void reopening_server(struct role *me)
{
	int conn = accept_with_little_room(me);
	long long filling = recv_number(me);
	long long total = 0;
	long long x = 0;
	char piece[PIECE];

	meet(me, "about to send");
	saw(me, "send stays blocked", peer_silent_for(me, PROOF_MS));
	for (ssize_t n; (n = must(recv(conn, piece, sizeof piece, 0))) > 0; total += n)
		for (ssize_t i = 0; i < n; i++)
			x += piece[i] == 'x';
	meet(me, "sent");
	saw_value(me, "earlier bytes missing", filling - (total - x));
	saw(me, "bytes of the blocked send", x);
}

static void stuck_client(struct role *me)
{
	int fd = connect_with_little_room(me);
	char *block = malloc(BLOCK);

	must_be(block != NULL);
	memset(block, 'x', BLOCK);
	send_number(me, fill_up(fd));
	meet(me, "about to send");
	saw(me, "send", send(fd, block, BLOCK, 0));
	must(close(fd));
	meet(me, "sent");
	free(block);
}

const struct sock_case send_full_unblocks_on_read = {
	.claim = "A send() that is blocked by full buffers goes on when the peer reads.",
	.source = "POSIX.1-2024 send(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.waits_ms = PROOF_MS,
	.server = reopening_server,
	.client = stuck_client,
	.expect = {
		{ SERVER, "send stays blocked", EQ(1) },
		{ CLIENT, "send", EQ(BLOCK) },
		{ SERVER, "earlier bytes missing", EQ(0) },
		{ SERVER, "bytes of the blocked send", EQ(BLOCK) },
	},
};

/* More than any system queues for a reader that sleeps; read in two parts. */
enum { STREAM = 8 << 20, HALF = STREAM / 2 };

/* Receives `most` bytes, or to the end; gives how many of them are not as sent. */
static long long receive_counted(int conn, long long at, long long most, long long *ret_wrong)
{
	char piece[PIECE];
	long long total = 0;

	while (total < most) {
		long long left = most - total;
		ssize_t n = must(recv(conn, piece, left < PIECE ? (size_t)left : sizeof piece, 0));
		if (!n)
			break;
		for (ssize_t i = 0; i < n; i++, total++)
			*ret_wrong += (unsigned char)piece[i] != (at + total) % 251;
	}
	return total;
}

static void sleepy_server(struct role *me)
{
	int conn = accept_with_little_room(me);
	long long wrong = 0;

	meet(me, "about to send");
	saw(me, "sender stays blocked", peer_silent_for(me, PROOF_MS));
	long long total = receive_counted(conn, 0, HALF, &wrong);
	saw(me, "sender stays blocked again", peer_silent_for(me, PROOF_MS));
	total += receive_counted(conn, total, STREAM, &wrong);
	saw(me, "bytes received", total);
	saw(me, "bytes that are not as sent", wrong);
	meet(me, "all is read");
}

static void far_ahead_client(struct role *me)
{
	int fd = connect_with_little_room(me);
	long long sent = 0;
	ssize_t n = 0;

	meet(me, "about to send");
	for (; sent < STREAM; sent += n) {
		char piece[PIECE];
		for (int i = 0; i < PIECE; i++)
			piece[i] = (char)((sent + i) % 251);
		n = send(fd, piece, sizeof piece, MSG_NOSIGNAL);
		if (n <= 0)
			break;
	}
	saw(me, "last send", n);
	saw(me, "bytes sent", sent);
	must(shutdown(fd, SHUT_WR));
	meet(me, "all is read");
}

const struct sock_case send_full_far_ahead_only_waits = {
	.claim = "A sender that is far ahead of a reader who pauses waits, however much was sent "
		 "before: no blocking send() fails or is short, and every byte arrives.",
	.source = "POSIX.1-2024 send(), DESCRIPTION (it shall block until space is available)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.waits_ms = 2 * PROOF_MS,
	.server = sleepy_server,
	.client = far_ahead_client,
	.expect = {
		{ SERVER, "sender stays blocked", EQ(1) },
		{ SERVER, "sender stays blocked again", EQ(1) },
		{ CLIENT, "last send", EQ(PIECE) },
		{ CLIENT, "bytes sent", EQ(STREAM) },
		{ SERVER, "bytes received", EQ(STREAM) },
		{ SERVER, "bytes that are not as sent", EQ(0) },
	},
};

static void unreading_server(struct role *me)
{
	int conn = accept_with_little_room(me);
	char piece[PIECE];

	meet(me, "timed out");
	while (must(recv(conn, piece, sizeof piece, 0)) > 0)
		;
}

static void time_limited_client(struct role *me)
{
	int fd = connect_with_little_room(me);
	long long start;
	ssize_t n;

	set_timeout(fd, SO_SNDTIMEO, LIMIT_MS);
	/* A late acknowledgement may still make room for a byte: then it was not full yet. */
	do {
		fill_up(fd);
		start = now_ms();
		n = send(fd, "x", 1, 0);
	} while (n == 1);
	saw(me, "send", n);
	saw_time(me, "send took", start, LIMIT_MS - TICK_MS, LATE_MS);
	meet(me, "timed out");
	wait_for(me, fd, POLLOUT);
	saw(me, "send after the peer has read", send(fd, "x", 1, 0));
	must(close(fd));
}

const struct sock_case send_sndtimeo = {
	.claim = "With SO_SNDTIMEO a send() for which there is no room fails with EAGAIN after "
		 "that time; the connection lives on.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_SNDTIMEO",
	.standing = SHALL,
	.portable = "Or poll() for POLLOUT with a timeout, and send without blocking.",
	.notes = "Windows is said to report WSAETIMEDOUT.",
	.families = INET | INET6 | UNIX,
	.waits_ms = LIMIT_MS,
	.timed = true,
	.server = unreading_server,
	.client = time_limited_client,
	.expect = {
		{ CLIENT, "send", FAILS(EAGAIN) },
		{ CLIENT, "send took", ON_TIME },
		{ CLIENT, "send after the peer has read", EQ(1) },
	},
};
