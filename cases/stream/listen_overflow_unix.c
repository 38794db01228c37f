/* listen_overflow_unix.c -- what connect() does when an AF_UNIX listener has its queue full. */
#include "case.h"

enum { UNIX_BACKLOG = 2, TRIES = 64 };

static void unix_server(struct role *me)
{
	int listener = listen_on(me, UNIX_BACKLOG);
	int last = -1;
	char byte;

	meet(me, "queue is full");
	must(accept(listener, NULL, NULL));
	meet(me, "there is room");
	meet(me, "retry was seen");
	set_nonblocking(listener);
	for (int conn; (conn = accept(listener, NULL, NULL)) != -1;)
		last = conn;
	saw_bytes(me, "recv from the last", &byte, recv(last, &byte, 1, MSG_DONTWAIT));
	meet(me, "read");
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
	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
	meet(me, "retry was seen");
	meet(me, "read");
}

const struct sock_case listen_unix_backlog_overflow_nonblock = {
	.claim = "On Linux a full AF_UNIX queue makes a non-blocking connect() fail with EAGAIN, "
		 "and it succeeds once there is room.",
	.source = "connect(2), ERRORS EAGAIN; POSIX.1-2024 listen(), DESCRIPTION (the backlog is "
		  "a hint)",
	.standing = SYSTEM,
	.portable = "Expect EAGAIN and ECONNREFUSED alike, and retry with a new socket.",
	.notes = "FreeBSD and macOS are said to give ECONNREFUSED at 1.5 times the backlog.",
	.families = UNIX,
	.server = unix_server,
	.client = hasty_client,
	.expect = {
		/* A backlog of n lets n + 1 connections wait. */
		{ CLIENT, "connections that fit", EQ(UNIX_BACKLOG + 1) },
		{ CLIENT, "connect to the full queue", FAILS(EAGAIN) },
		{ CLIENT, "connect after accept", EQ(0) },
		{ CLIENT, "send", EQ(1) },
		{ SERVER, "recv from the last", TEXT("1:x") },
	},
};

static void unblocking_server(struct role *me)
{
	int listener = listen_on(me, 0);
	char byte;

	meet(me, "queue is full");
	saw(me, "connect stays blocked", peer_silent_for(me, PROOF_MS));
	must(accept(listener, NULL, NULL));
	meet(me, "connect has returned");
	set_nonblocking(listener);
	int newcomer = accept(listener, NULL, NULL);
	saw(me, "newcomer waits", newcomer >= 0);
	saw_bytes(me, "recv from the newcomer", &byte, recv(newcomer, &byte, 1, MSG_DONTWAIT));
	meet(me, "read");
}

static void blocking_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);

	connect_to_peer(me);
	meet(me, "queue is full");
	saw(me, "connect", connect(fd, &to.any, to.len));
	(void)send(fd, "x", 1, MSG_NOSIGNAL);
	meet(me, "connect has returned");
	meet(me, "read");
}

const struct sock_case listen_unix_backlog_overflow_blocking = {
	.claim = "On Linux a blocking connect() to a full AF_UNIX queue waits until accept() "
		 "makes room.",
	.source = "Linux net/unix/af_unix.c, unix_stream_connect(); POSIX.1-2024 connect(), "
		  "DESCRIPTION (\"shall block for up to\")",
	.standing = SYSTEM,
	.portable = "Be ready for ECONNREFUSED from a server that is merely busy: wait and retry.",
	.notes = "FreeBSD and macOS are said to fail with ECONNREFUSED at once.",
	.families = UNIX,
	.waits_ms = PROOF_MS,
	.server = unblocking_server,
	.client = blocking_client,
	.expect = {
		{ SERVER, "connect stays blocked", EQ(1) },
		{ CLIENT, "connect", EQ(0) },
		{ SERVER, "newcomer waits", EQ(1) },
		{ SERVER, "recv from the newcomer", TEXT("1:x") },
	},
};
