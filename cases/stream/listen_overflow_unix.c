/* listen_overflow_unix.c -- what connect() does when an AF_UNIX listener has its queue full. */
#include "case.h"

enum { UNIX_BACKLOG = 2, TRIES = 64 };

static void unix_server(struct role *me)
{
	int listener = listen_on(me, UNIX_BACKLOG);

	meet(me, "queue is full");
	must(accept(listener, NULL, NULL));
	meet(me, "there is room");
	meet(me, "retry was seen");
}

static int try_connect(struct role *me, int fd)
{
	struct address to = peer_address(me);

	set_nonblocking(fd);
	return connect(fd, &to.any, to.len);
}

static void hasty_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	int connected = 0;

	while (connected < TRIES && !try_connect(me, fd)) {
		connected++;
		fd = open_socket(me, SOCK_STREAM);
	}
	saw_value(me, "connections that fit", connected);
	saw(me, "connect to the full queue", try_connect(me, fd));
	meet(me, "queue is full");
	meet(me, "there is room");
	saw(me, "connect after accept", try_connect(me, fd));
	meet(me, "retry was seen");
}

const struct sock_case listen_unix_backlog_overflow_nonblock = {
	.claim = "A full AF_UNIX queue makes a non-blocking connect() fail with EAGAIN at once.",
	.source = "connect(2), ERRORS EAGAIN; POSIX.1-2024 listen(), DESCRIPTION (a hint)",
	.portable = "Expect EAGAIN and ECONNREFUSED alike, and retry with a new socket.",
	.notes = "FreeBSD and macOS are said to give ECONNREFUSED at 1.5 times the backlog.",
	.families = UNIX,
	.server = unix_server,
	.client = hasty_client,
	.expect = {
		{ CLIENT, "connections that fit", AT_LEAST(1),
		  .on[OS_LINUX] = EQ(UNIX_BACKLOG + 1),
		  .why = "A backlog of n lets n + 1 connections wait." },
		{ CLIENT, "connect to the full queue", ONE_OF(FAILS(EAGAIN), FAILS(ECONNREFUSED)),
		  .on[OS_LINUX] = FAILS(EAGAIN),
		  .why = "On Linux the queue has no room yet; AF_UNIX knows no EINPROGRESS." },
		{ CLIENT, "connect after accept", ANY,
		  .on[OS_LINUX] = EQ(0),
		  .why = "The socket of a failed attempt can be used again." },
	},
};

static void unblocking_server(struct role *me)
{
	int listener = listen_on(me, 0);

	meet(me, "queue is full");
	saw(me, "connect stays blocked", peer_silent_for(me, PROOF_MS));
	must(accept(listener, NULL, NULL));
	meet(me, "connect has returned");
	set_nonblocking(listener);
	saw(me, "newcomer waits", accept(listener, NULL, NULL) >= 0);
}

static void blocking_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);

	connect_to_peer(me);
	meet(me, "queue is full");
	saw(me, "connect", connect(fd, &to.any, to.len));
	meet(me, "connect has returned");
}

static const char patient[] = "Linux lets the caller wait for room in the queue.";

const struct sock_case listen_unix_backlog_overflow_blocking = {
	.claim = "A blocking connect() to a full AF_UNIX queue waits until accept() makes room.",
	.source = "POSIX.1-2024 connect(), DESCRIPTION (\"shall block for up to\"); unix(7)",
	.portable = "Be ready for ECONNREFUSED from a server that is merely busy: wait and retry.",
	.notes = "FreeBSD and macOS are said to fail with ECONNREFUSED at once.",
	.families = UNIX,
	.waits_ms = PROOF_MS,
	.server = unblocking_server,
	.client = blocking_client,
	.expect = {
		{ SERVER, "connect stays blocked", BETWEEN(0, 1),
		  .on[OS_LINUX] = EQ(1),
		  .why = patient },
		{ CLIENT, "connect", ONE_OF(EQ(0), FAILS(ECONNREFUSED)),
		  .on[OS_LINUX] = EQ(0),
		  .why = patient },
		{ SERVER, "newcomer waits", BETWEEN(0, 1),
		  .on[OS_LINUX] = EQ(1),
		  .why = patient },
	},
};
