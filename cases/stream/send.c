/* send.c -- what the return value of send() says, and what it does not say. */
#include "case.h"

static void reading_server(struct role *me)
{
	saw_to_end(me, "peer got", accept_peer(me));
}

static void sending_client(struct role *me)
{
	int fd = connect_to_peer(me);

	saw(me, "send", send(fd, "abcdefghijklmnopqrstuvwxyz", 26, 0));
	must(close(fd));
}

const struct sock_case send_returns_full_when_room = {
	.claim = "With room in the send buffer, send() takes everything and returns its length.",
	.source = "POSIX.1-2024 send(), RETURN VALUE",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = reading_server,
	.client = sending_client,
	.expect = {
		{ CLIENT, "send", EQ(26) },
		{ SERVER, "peer got", TEXT("26:abcdefghijklmnopqrstuvwxyz") },
	},
};

static void departing_server(struct role *me)
{
	int conn = accept_peer(me);

	must(close(conn));
	meet(me, "closed");
}

static void unheard_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte;

	meet(me, "closed");
	saw(me, "recv before send", recv(fd, &byte, 1, 0));
	saw(me, "send", send(fd, "abc", 3, MSG_NOSIGNAL));
	/* A reset is the answer, which poll() tells unasked: nobody will read the three bytes. */
	wait_for(me, fd, 0);
	saw(me, "send again", send(fd, "abc", 3, MSG_NOSIGNAL));
}

const struct sock_case send_success_is_not_delivery = {
	.claim = "A peer that has closed reads nothing more, and yet the first send() to it "
		 "returns its full length.",
	.source = "POSIX.1-2024 send(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Only an answer of the peer's program proves that it has read.",
	.families = INET | INET6,
	.server = departing_server,
	.client = unheard_client,
	.expect = {
		{ CLIENT, "recv before send", EQ(0) },
		{ CLIENT, "send", EQ(3) },
		{ CLIENT, "send again", ONE_OF(FAILS(EPIPE), FAILS(ECONNRESET)),
		  .on[OS_LINUX] = FAILS(EPIPE),
		  .why = "Linux turns a reset that comes after the peer's end of file into EPIPE" },
	},
};

/* How the empty message is sent. */
struct empty {
	bool by_write;
};

static void empty_handed_client(struct role *me)
{
	const struct empty *row = row_of(me);
	int fd = connect_to_peer(me);

	saw(me, "0 bytes", row->by_write ? write(fd, "z", 0) : send(fd, "z", 0, 0));
	meet(me, "sent nothing");
	send_all(fd, "x", 1);
	must(close(fd));
}

static void undisturbed_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[8];

	meet(me, "sent nothing");
	/* The byte comes later: an empty message or an end of file would be read before it. */
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw_bytes(me, "recv again", bytes, recv(conn, bytes, sizeof bytes, 0));
}

static const struct empty by_send = { .by_write = false };
static const struct empty by_write = { .by_write = true };

const struct sock_case send_zero_length_noop = {
	.claim = "send() of 0 bytes on a stream may fail and returns 0 on Linux; the peer sees "
		 "neither data nor an end.",
	.source = "no standard says it: POSIX.1-2024 write(), DESCRIPTION leaves 0 bytes open, "
		  "and on a socket write() is send() without flags",
	.standing = MAY,
	.portable = "Do not send 0 bytes: it says nothing to the peer, and errors may go unseen.",
	.families = INET | INET6 | UNIX,
	.row = &by_send,
	.server = undisturbed_server,
	.client = empty_handed_client,
	.expect = {
		{ CLIENT, "0 bytes", ONE_OF(EQ(0), FAILS_ANY), .on[OS_LINUX] = EQ(0),
		  .why = "Linux sends nothing and returns that count" },
		{ SERVER, "recv", TEXT("1:x") },
		{ SERVER, "recv again", TEXT("0:") },
	},
};

const struct sock_case write_zero_length = {
	.claim = "write() of 0 bytes on a stream socket may fail and returns 0 on Linux; the peer "
		 "sees neither data nor an end.",
	.source = "no standard says it: POSIX.1-2024 write(), DESCRIPTION leaves 0 bytes open but "
		  "for regular files",
	.standing = MAY,
	.portable = "Do not write 0 bytes: it says nothing to the peer, and errors may go unseen.",
	.families = INET | INET6 | UNIX,
	.row = &by_write,
	.server = undisturbed_server,
	.client = empty_handed_client,
	.expect = {
		{ CLIENT, "0 bytes", ONE_OF(EQ(0), FAILS_ANY), .on[OS_LINUX] = EQ(0),
		  .why = "Linux passes it on as a send() of 0 bytes" },
		{ SERVER, "recv", TEXT("1:x") },
		{ SERVER, "recv again", TEXT("0:") },
	},
};

static void uncalled_server(struct role *me)
{
	int listener = listen_on(me, 1);
	char bytes[8];

	set_nonblocking(listener);
	meet(me, "sent");
	int conn = accept(listener, NULL, NULL);
	saw(me, "accept after sendto", conn);
	meet(me, "may connect");
	if (conn == -1) {
		wait_for(me, listener, POLLIN);
		conn = must(accept(listener, NULL, NULL));
	}
	wait_for(me, conn, POLLIN);
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
}

static void uninvited_client(struct role *me)
{
	struct address server = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "sendto", sendto(fd, "abc", 3, MSG_NOSIGNAL, &server.any, server.len));
	meet(me, "sent");
	meet(me, "may connect");
	saw(me, "connect", connect(fd, &server.any, server.len));
	send_all(fd, "x", 1);
}

const struct sock_case sendto_unconnected_tcp_with_addr = {
	.claim = "sendto() with an address on a TCP socket that is not connected fails and opens "
		 "no connection.",
	.source = "POSIX.1-2024 sendto(), ERRORS ENOTCONN",
	.standing = SHALL,
	.portable = "connect() first; take EPIPE and ENOTCONN alike for: not connected.",
	.notes = "FreeBSD is said to connect implicitly and to return the length.",
	.families = INET | INET6,
	.server = uncalled_server,
	.client = uninvited_client,
	.expect = {
		{ CLIENT, "sendto", FAILS(ENOTCONN), .on[OS_LINUX] = FAILS(EPIPE),
		  .why = "Linux does not tell never connected from no longer connected" },
		{ SERVER, "accept after sendto", FAILS(EAGAIN) },
		{ CLIENT, "connect", EQ(0) },
		{ SERVER, "recv", TEXT("1:x") },
	},
};
