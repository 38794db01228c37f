/* recv.c -- how much one recv() takes, what it leaves, and what it says when there is nothing. */
#include "case.h"

/* The connection stays open until the bytes are read: its end must not be what ends a recv(). */
static void sending_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abcdef", 6);
	meet(me, "read");
}

static void generous_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[100];

	wait_queued(me, fd, 6);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "read");
}

const struct sock_case recv_short_read_available = {
	.claim = "recv() with room for more returns what is queued and waits for nothing further.",
	.source = "POSIX.1-2024 recv(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = sending_server,
	.client = generous_client,
	.expect = {
		{ CLIENT, "recv", TEXT("6:abcdef") },
	},
};

static void nibbling_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[2];

	wait_queued(me, fd, 6);
	saw_bytes(me, "first recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "second recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "third recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "recv after all", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "read");
}

const struct sock_case recv_split_reads = {
	.claim = "What was sent at once may be received in pieces: a recv() never takes more than "
		 "it asks for, and the rest stays, in order.",
	.source = "POSIX.1-2024 recv(), DESCRIPTION; RFC 9293, section 2.2",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = sending_server,
	.client = nibbling_client,
	.expect = {
		{ CLIENT, "first recv", TEXT("2:ab") },
		{ CLIENT, "second recv", TEXT("2:cd") },
		{ CLIENT, "third recv", TEXT("2:ef") },
		{ CLIENT, "recv after all", FAILS(EAGAIN) },
	},
};

static void portioning_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "ab", 2);
	send_all(conn, "cd", 2);
	send_all(conn, "ef", 2);
	meet(me, "read");
}

static void gathering_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[100];
	ssize_t total = 0;
	int calls = 0;

	wait_queued(me, fd, 6);
	for (; total < 6; calls++)
		total += must(recv(fd, bytes + total, sizeof bytes - (size_t)total, 0));
	saw_bytes(me, "bytes", bytes, total);
	saw(me, "calls of recv", calls);
	meet(me, "read");
}

const struct sock_case recv_coalesces_writes = {
	.claim = "Three sends may be received by one recv(): a stream keeps no borders of "
		 "messages.",
	.source = "POSIX.1-2024 recv(), DESCRIPTION (boundaries are ignored on a stream); RFC "
		  "9293, section 2.2",
	.standing = MAY,
	.portable = "Loop until the length is complete that the protocol itself tells.",
	.families = INET | INET6 | UNIX,
	.server = portioning_server,
	.client = gathering_client,
	.expect = {
		{ CLIENT, "bytes", TEXT("6:abcdef"), .standing = SHALL },
		{ CLIENT, "calls of recv", BETWEEN(1, 6), .on[OS_LINUX] = EQ(1),
		  .why = "Linux hands over all that is queued, whatever the borders of the sends" },
	},
};

static void peeking_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	wait_queued(me, fd, 6);
	saw_bytes(me, "peek at 3", bytes, recv(fd, bytes, 3, MSG_PEEK));
	saw_bytes(me, "peek at all", bytes, recv(fd, bytes, sizeof bytes, MSG_PEEK));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "peek after recv", recv(fd, bytes, sizeof bytes, MSG_PEEK | MSG_DONTWAIT));
	meet(me, "read");
}

const struct sock_case recv_peek_keeps_data = {
	.claim = "recv(MSG_PEEK) gives the data and leaves it: the next recv() gives it again.",
	.source = "POSIX.1-2024 recv(), MSG_PEEK",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = sending_server,
	.client = peeking_client,
	.expect = {
		{ CLIENT, "peek at 3", TEXT("3:abc") },
		{ CLIENT, "peek at all", TEXT("6:abcdef") },
		{ CLIENT, "recv", TEXT("6:abcdef") },
		{ CLIENT, "peek after recv", FAILS(EAGAIN) },
	},
};

static void halfway_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	wait_queued(me, fd, 6);
	saw_bytes(me, "recv of 2", bytes, recv(fd, bytes, 2, 0));
	saw_bytes(me, "peek at 2", bytes, recv(fd, bytes, 2, MSG_PEEK));
	saw_bytes(me, "peek at the rest", bytes, recv(fd, bytes, sizeof bytes, MSG_PEEK));
	saw_bytes(me, "recv of 1", bytes, recv(fd, bytes, 1, 0));
	saw_bytes(me, "peek then", bytes, recv(fd, bytes, sizeof bytes, MSG_PEEK));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "read");
}

const struct sock_case recv_peek_after_partial_recv = {
	.claim = "recv(MSG_PEEK) after a recv() that took a part gives the bytes that are next, and "
		 "leaves them.",
	.source = "POSIX.1-2024 recv(), MSG_PEEK",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = sending_server,
	.client = halfway_client,
	.expect = {
		{ CLIENT, "recv of 2", TEXT("2:ab") },
		{ CLIENT, "peek at 2", TEXT("2:cd") },
		{ CLIENT, "peek at the rest", TEXT("4:cdef") },
		{ CLIENT, "recv of 1", TEXT("1:c") },
		{ CLIENT, "peek then", TEXT("3:def") },
		{ CLIENT, "recv", TEXT("3:def") },
	},
};

static void idle_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "found empty");
	send_all(conn, "x", 1);
	meet(me, "read");
}

static void impatient_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	saw(me, "recv without waiting", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	saw(me, "O_NONBLOCK afterwards", must(fcntl(fd, F_GETFL)) & O_NONBLOCK);
	meet(me, "found empty");
	/* Blocks until the byte is there, unless the flag has outlived its call. */
	saw_bytes(me, "plain recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "read");
}

const struct sock_case recv_dontwait_empty_eagain = {
	.claim = "recv(MSG_DONTWAIT) with nothing queued fails with EAGAIN, for this call only.",
	.source = "recv(2), MSG_DONTWAIT",
	.standing = SYSTEM,
	.portable = "Where there is no MSG_DONTWAIT: poll() with timeout 0 before recv().",
	.notes = "Windows is said to lack the flag.",
	.families = INET | INET6 | UNIX,
	.server = idle_server,
	.client = impatient_client,
	.expect = {
		{ CLIENT, "recv without waiting", FAILS(EAGAIN) },
		{ CLIENT, "O_NONBLOCK afterwards", EQ(0) },
		{ CLIENT, "plain recv", TEXT("1:x") },
	},
};

static void nonblocking_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct whole_message m;
	char bytes[8];

	empty_message(&m, sizeof bytes, 0);
	set_nonblocking(fd);
	saw(me, "recv", recv(fd, bytes, sizeof bytes, 0));
	saw(me, "read", read(fd, bytes, sizeof bytes));
	saw(me, "recvmsg", recvmsg(fd, &m.header, 0));
	meet(me, "found empty");
	wait_queued(me, fd, 1);
	saw_bytes(me, "recv with data", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "read");
}

const struct sock_case recv_nonblock_empty_eagain = {
	.claim = "On a non-blocking socket recv(), read() and recvmsg() fail with EAGAIN while "
		 "nothing is queued.",
	.source = "POSIX.1-2024 recv(), ERRORS EAGAIN",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = idle_server,
	.client = nonblocking_client,
	.expect = {
		{ CLIENT, "recv", FAILS(EAGAIN) },
		{ CLIENT, "read", FAILS(EAGAIN) },
		{ CLIENT, "recvmsg", FAILS(EAGAIN) },
		{ CLIENT, "recv with data", TEXT("1:x") },
	},
};
