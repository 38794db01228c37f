/* readiness_stream.c -- what poll() says of a stream socket: idle, with data, full, closed. */
#include "case.h"

enum { EVERYTHING = POLLIN | POLLPRI | POLLOUT | POLLRDHUP };

static void idle_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "connected");
	saw_flags(me, "events", poll_now(conn, EVERYTHING));
	meet(me, "looked");
}

static void idle_client(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "connected");
	saw_flags(me, "events", poll_now(fd, EVERYTHING));
	meet(me, "looked");
}

const struct sock_case poll_established_idle = {
	.claim = "An idle connection is ready for writing and for nothing else, on both sides.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = idle_server,
	.client = idle_client,
	.expect = {
		{ CLIENT, "events", FLAGS("OUT") },
		{ SERVER, "events", FLAGS("OUT") },
	},
};

static void two_byte_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "looked");
	send_all(conn, "ab", 2);
	meet(me, "read");
}

static void reading_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte;

	saw_flags(me, "before data", poll_now(fd, POLLIN));
	meet(me, "looked");
	saw_flags(me, "with data", wait_for(me, fd, POLLIN));
	saw(me, "POLLRDNORM too", (poll_now(fd, POLLRDNORM) & POLLRDNORM) != 0);
	wait_queued(me, fd, 2);
	recv_all(fd, &byte, 1);
	saw_flags(me, "with the rest", poll_now(fd, POLLIN));
	recv_all(fd, &byte, 1);
	saw_flags(me, "after all was read", poll_now(fd, POLLIN));
	meet(me, "read");
}

const struct sock_case poll_readable_on_data = {
	.claim = "POLLIN is set while there is data to read, and cleared with the last byte.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION (POLLIN, POLLRDNORM)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = two_byte_server,
	.client = reading_client,
	.expect = {
		{ CLIENT, "before data", FLAGS("0") },
		{ CLIENT, "with data", FLAGS("IN") },
		{ CLIENT, "POLLRDNORM too", EQ(1) },
		{ CLIENT, "with the rest", FLAGS("IN") },
		{ CLIENT, "after all was read", FLAGS("0") },
	},
};

/* The sender's buffer is far larger than what a receiver with SMALL takes unread, so that late
 * acknowledgements free little of it. */
enum { SMALL = 4096, LARGE = 65536 };

static int accept_narrow(struct role *me)
{
	int listener = open_socket(me, SOCK_STREAM);
	struct address a = loopback(me);

	set_option(listener, SOL_SOCKET, SO_RCVBUF, SMALL);
	must(bind(listener, &a.any, a.len));
	must(listen(listener, 1));
	a = name_of(listener);
	send_address(me, &a);
	return must(accept(listener, NULL, NULL));
}

static void unread_server(struct role *me)
{
	int conn = accept_narrow(me);
	long long got = 0;
	char byte;

	meet(me, "full");
	long long sent = recv_number(me);
	recv_all(conn, &byte, 1);
	meet(me, "one byte read");
	meet(me, "looked");
	until (me, "all was read", (got += drain(conn)) >= sent - 1) {
	}
	meet(me, "all read");
}

static void filling_client(struct role *me)
{
	int fd = connect_to_peer(me);

	set_option(fd, SOL_SOCKET, SO_SNDBUF, LARGE);
	saw_flags(me, "with an empty buffer", poll_now(fd, POLLOUT));
	long long sent = fill_up(fd);
	saw_flags(me, "with a full buffer", poll_now(fd, POLLOUT));
	meet(me, "full");
	send_number(me, sent);
	meet(me, "one byte read");
	saw_flags(me, "after one byte was read", poll_now(fd, POLLOUT));
	meet(me, "looked");
	saw_flags(me, "after all was read", wait_for(me, fd, POLLOUT));
	meet(me, "all read");
}

const struct sock_case poll_full_send_buffer_clears_out = {
	.claim = "POLLOUT is cleared by a full send buffer and set when the peer has read enough.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION (POLLOUT)",
	.standing = SHALL,
	.portable = "Do not take POLLOUT for 'a byte fits' or its absence for 'nothing does'.",
	.families = INET | INET6 | UNIX,
	.server = unread_server,
	.client = filling_client,
	.expect = {
		{ CLIENT, "with an empty buffer", FLAGS("OUT") },
		{ CLIENT, "with a full buffer", FLAGS("0") },
		{ CLIENT, "after one byte was read", ONE_OF(FLAGS("0"), FLAGS("OUT")),
		  .on[OS_LINUX] = FLAGS("0"), .why = "Linux waits for far more room than that",
		  .standing = MAY },
		{ CLIENT, "after all was read", FLAGS("OUT") },
	},
};

static void sipping_server(struct role *me)
{
	int conn = accept_narrow(me);
	char bytes[SMALL];

	meet(me, "full");
	while (recv_number(me))
		recv_all(conn, bytes, sizeof bytes);
}

/* Has the peer read until a byte fits again, and asks then whether the socket is writable. */
static void sparing_client(struct role *me)
{
	int fd = connect_to_peer(me);

	set_option(fd, SOL_SOCKET, SO_SNDBUF, LARGE);
	must_be(fill_up(fd) > SMALL);
	meet(me, "full");
	send_number(me, 1);
	until (me, "a byte fits", send(fd, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1) {
	}
	saw_flags(me, "when a byte fits again", poll_now(fd, POLLOUT));
	send_number(me, 0);
}

const struct sock_case poll_out_threshold = {
	.claim = "POLLOUT may stay away although a byte could be sent: it waits for more room.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION POLLOUT; no text says how much room that takes",
	.standing = MAY,
	.portable = "Wait for POLLOUT after EAGAIN only; without it something may still fit.",
	.notes = "BSD systems are said to wait for SO_SNDLOWAT bytes of room.",
	.families = INET | INET6,
	.server = sipping_server,
	.client = sparing_client,
	.expect = {
		{ CLIENT, "when a byte fits again", ONE_OF(FLAGS("0"), FLAGS("OUT")),
		  .on[OS_LINUX] = FLAGS("0"),
		  .why = "Linux wants a third of the buffer to be free" },
	},
};

static void polling_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	struct pollfd one[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = -1, .events = POLLIN, .revents = POLLIN },
	};

	must(close(fd));
	saw(me, "poll", poll(one, 2, -1));
	saw_flags(me, "closed descriptor", one[0].revents);
	saw_flags(me, "negative descriptor", one[1].revents);
}

const struct sock_case poll_nval_closed_fd = {
	.claim = "poll() reports POLLNVAL for a closed descriptor and ignores a negative one.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION (POLLNVAL)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS, /* so that nobody else opens the number meanwhile */
	.client = polling_client,
	.expect = {
		{ CLIENT, "poll", EQ(1) },
		{ CLIENT, "closed descriptor", FLAGS("NVAL") },
		{ CLIENT, "negative descriptor", FLAGS("0") },
	},
};
