/* oob.c -- TCP urgent data: one byte beside the stream, and how a program hears of it. */
#include "case.h"

/* The last byte is urgent. The connection stays open until the client is done. */
static void urgent_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "ready");
	saw(me, "send", send(conn, "abc", 3, MSG_OOB));
	meet(me, "done");
}

static void separating_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	meet(me, "ready");
	wait_for(me, fd, POLLPRI);
	saw_bytes(me, "recv MSG_OOB", bytes, recv(fd, bytes, sizeof bytes, MSG_OOB));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "recv after all", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "done");
}

const struct sock_case oob_single_byte = {
	.claim = "Of what is sent with MSG_OOB only the last byte is urgent on Linux: "
		 "recv(MSG_OOB) gives it, plain recv() the others.",
	.source = "tcp(7), DESCRIPTION (urgent data); no standard limits it to one byte: RFC "
		  "6093, section 3.3",
	.standing = SYSTEM,
	.portable = "RFC 6093: new programs should not use urgent data; open a second connection.",
	.families = INET | INET6,
	.server = urgent_server,
	.client = separating_client,
	.expect = {
		{ SERVER, "send", EQ(3) },
		{ CLIENT, "recv MSG_OOB", TEXT("1:c") },
		{ CLIENT, "recv", TEXT("2:ab") },
		{ CLIENT, "recv after all", FAILS(EAGAIN) },
	},
};

static void polling_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte;

	saw_flags(me, "poll before", poll_now(fd, POLLPRI));
	meet(me, "ready");
	saw_flags(me, "poll with urgent data", wait_for(me, fd, POLLPRI));
	must(recv(fd, &byte, 1, MSG_OOB));
	saw_flags(me, "poll after recv MSG_OOB", poll_now(fd, POLLPRI));
	meet(me, "done");
}

const struct sock_case oob_poll_pri = {
	.claim = "Urgent data makes poll() on Linux report POLLPRI until it has been received.",
	.source = "tcp(7), DESCRIPTION (urgent data); POSIX.1-2024 poll(), POLLPRI leaves open "
		  "what has priority",
	.standing = SYSTEM,
	.portable = "Look for POLLPRI before recv(MSG_OOB) only: elsewhere it may stay until the "
		    "mark is passed.",
	.families = INET | INET6,
	.server = urgent_server,
	.client = polling_client,
	.expect = {
		{ SERVER, "send", EQ(3) },
		{ CLIENT, "poll before", FLAGS("0") },
		{ CLIENT, "poll with urgent data", FLAGS("PRI") },
		{ CLIENT, "poll after recv MSG_OOB", FLAGS("0") },
	},
};

/* Is fd in the set of exceptional conditions after select()? limit NULL: waits. */
static int exceptional(int fd, struct timeval *limit)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	must(select(fd + 1, NULL, NULL, &set, limit));
	return FD_ISSET(fd, &set) != 0;
}

static void selecting_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct timeval at_once = { 0 };
	char byte;

	saw(me, "in set before", exceptional(fd, &at_once));
	meet(me, "ready");
	saw(me, "in set with urgent data", exceptional(fd, NULL));
	must(recv(fd, &byte, 1, MSG_OOB));
	saw(me, "in set after recv MSG_OOB", exceptional(fd, &at_once));
	meet(me, "done");
}

const struct sock_case oob_select_exceptfds = {
	.claim = "Urgent data puts a socket into the third set of select(), that of exceptions, "
		 "until its mark is passed; on Linux until it has been received.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (a mark in the receive queue is an "
		  "exceptional condition); tcp(7), DESCRIPTION (urgent data)",
	.standing = SHALL,
	.portable = "After recv(MSG_OOB) read past the mark before you ask for exceptions again.",
	.families = INET | INET6,
	.server = urgent_server,
	.client = selecting_client,
	.expect = {
		{ SERVER, "send", EQ(3) },
		{ CLIENT, "in set before", EQ(0) },
		{ CLIENT, "in set with urgent data", EQ(1) },
		{ CLIENT, "in set after recv MSG_OOB", EQ(1), .on[OS_LINUX] = EQ(0),
		  .why = "POSIX goes by the mark, which is still queued; Linux by the byte" },
	},
};

static void greedy_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte;

	meet(me, "ready");
	wait_for(me, fd, POLLPRI);
	saw_bytes(me, "recv MSG_OOB", &byte, recv(fd, &byte, 1, MSG_OOB));
	saw(me, "recv MSG_OOB again", recv(fd, &byte, 1, MSG_OOB));
	meet(me, "done");
}

const struct sock_case oob_second_read_einval = {
	.claim = "The urgent byte can be received once: a second recv(MSG_OOB) fails with EINVAL.",
	.source = "POSIX.1-2024 recv(), ERRORS EINVAL",
	.standing = SHALL,
	.families = INET | INET6,
	.server = urgent_server,
	.client = greedy_client,
	.expect = {
		{ SERVER, "send", EQ(3) },
		{ CLIENT, "recv MSG_OOB", TEXT("1:c"), .standing = SYSTEM },
		{ CLIENT, "recv MSG_OOB again", FAILS(EINVAL) },
	},
};

static void peeking_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte;

	meet(me, "ready");
	wait_for(me, fd, POLLPRI);
	saw_bytes(me, "peek", &byte, recv(fd, &byte, 1, MSG_OOB | MSG_PEEK));
	saw_bytes(me, "recv MSG_OOB", &byte, recv(fd, &byte, 1, MSG_OOB));
	saw(me, "peek afterwards", recv(fd, &byte, 1, MSG_OOB | MSG_PEEK));
	meet(me, "done");
}

const struct sock_case oob_peek = {
	.claim = "recv(MSG_OOB | MSG_PEEK) gives the urgent byte and leaves it.",
	.source = "POSIX.1-2024 recv(), MSG_OOB, MSG_PEEK and ERRORS EINVAL",
	.standing = SHALL,
	.families = INET | INET6,
	.server = urgent_server,
	.client = peeking_client,
	.expect = {
		{ SERVER, "send", EQ(3) },
		{ CLIENT, "peek", TEXT("1:c") },
		{ CLIENT, "recv MSG_OOB", TEXT("1:c") },
		{ CLIENT, "peek afterwards", FAILS(EINVAL) },
	},
};

static void inline_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	set_option(fd, SOL_SOCKET, SO_OOBINLINE, 1);
	meet(me, "ready");
	wait_queued(me, fd, 3);
	saw(me, "recv MSG_OOB", recv(fd, bytes, sizeof bytes, MSG_OOB));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "sockatmark", sockatmark(fd));
	saw_bytes(me, "recv at the mark", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "done");
}

const struct sock_case oob_inline = {
	.claim = "With SO_OOBINLINE the urgent byte stays in the stream, at the mark, and "
		 "recv(MSG_OOB) fails with EINVAL.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_OOBINLINE; sockatmark(), RETURN VALUE; recv(), "
		  "ERRORS EINVAL",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_SOCKATMARK,
	.server = urgent_server,
	.client = inline_client,
	.expect = {
		{ SERVER, "send", EQ(3) },
		{ CLIENT, "recv MSG_OOB", FAILS(EINVAL) },
		{ CLIENT, "recv", TEXT("2:ab") },
		{ CLIENT, "sockatmark", EQ(1) },
		{ CLIENT, "recv at the mark", TEXT("1:c") },
	},
};

static void signalled_client(struct role *me)
{
	int fd = connect_to_peer(me);

	count_signals(SIGURG, 0);
	must(fcntl(fd, F_SETOWN, getpid()));
	meet(me, "owner is set");
	wait_queued(me, fd, 2);
	saw(me, "signals by plain data", signals_seen(SIGURG));
	meet(me, "ready");
	until (me, "SIGURG came", signals_seen(SIGURG) > 0) {
	}
	saw(me, "signals by urgent data", signals_seen(SIGURG));
	meet(me, "done");
}

static void plain_then_urgent_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "owner is set");
	send_all(conn, "ab", 2);
	meet(me, "ready");
	saw(me, "send", send(conn, "c", 1, MSG_OOB));
	meet(me, "done");
}

const struct sock_case oob_sigurg = {
	.claim = "The owner that F_SETOWN has set for a socket gets SIGURG when urgent data comes.",
	.source = "POSIX.1-2024 fcntl(), F_SETOWN; XSH 2.10.14, Signals",
	.standing = SHALL,
	.portable = "Wait with poll() for POLLPRI.",
	.notes = "Windows is said to have nothing of the kind.",
	.families = INET | INET6,
	.needs = NEEDS_PROCESS,
	.server = plain_then_urgent_server,
	.client = signalled_client,
	.expect = {
		{ CLIENT, "signals by plain data", EQ(0) },
		{ SERVER, "send", EQ(1) },
		{ CLIENT, "signals by urgent data", EQ(1) },
	},
};
