/* seqpacket_end.c -- how a SOCK_SEQPACKET connection ends. */
#include "case.h"

static int accept_records(struct role *me)
{
	return must(accept(listen_on_type(me, SOCK_SEQPACKET, 1), NULL, NULL));
}

static void leaving_client(struct role *me)
{
	int fd = connect_type(me, SOCK_SEQPACKET);

	must_be(send(fd, "abc", 3, MSG_NOSIGNAL) == 3);
	must_be(send(fd, "de", 2, MSG_NOSIGNAL) == 2);
	must(close(fd));
	meet(me, "closed");
	meet(me, "end was seen");
}

static void remaining_server(struct role *me)
{
	int conn = accept_records(me);
	char bytes[8];

	meet(me, "closed");
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw_bytes(me, "second recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw_bytes(me, "third recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw_bytes(me, "fourth recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	meet(me, "end was seen");
}

const struct sock_case seqpacket_close_eof = {
	.claim = "After the peer has closed, its records are read one by one; then comes 0.",
	.source = "POSIX.1-2024 recv(), RETURN VALUE",
	.standing = SHALL,
	.families = UNIX,
	.server = remaining_server,
	.client = leaving_client,
	.expect = {
		{ SERVER, "recv", TEXT("3:abc") },
		{ SERVER, "second recv", TEXT("2:de") },
		{ SERVER, "third recv", TEXT("0:") },
		{ SERVER, "fourth recv", TEXT("0:") },
	},
};

static void empty_leaving_client(struct role *me)
{
	must(close(connect_type(me, SOCK_SEQPACKET)));
	meet(me, "closed");
	meet(me, "end was seen");
}

static void answering_server(struct role *me)
{
	int conn = accept_records(me);

	count_signals(SIGPIPE, 0);
	meet(me, "closed");
	saw(me, "send with MSG_NOSIGNAL", send(conn, "x", 1, MSG_NOSIGNAL));
	saw(me, "signals", signals_seen(SIGPIPE));
	saw(me, "send without", send(conn, "x", 1, 0));
	saw(me, "signals then", signals_seen(SIGPIPE));
	meet(me, "end was seen");
}

const struct sock_case seqpacket_send_after_peer_close = {
	.claim = "After the peer has closed send() fails with EPIPE, and with SIGPIPE unless told "
		 "not to; Linux raises none.",
	.source = "POSIX.1-2024 send(), ERRORS EPIPE (SOCK_STREAM or SOCK_SEQPACKET)",
	.standing = SHALL,
	.portable = "Pass MSG_NOSIGNAL and look for EPIPE; count on no signal.",
	.families = UNIX,
	.needs = NEEDS_PROCESS,
	.server = answering_server,
	.client = empty_leaving_client,
	.expect = {
		{ SERVER, "send with MSG_NOSIGNAL", FAILS(EPIPE) },
		{ SERVER, "signals", EQ(0) },
		{ SERVER, "send without", FAILS(EPIPE) },
		{ SERVER, "signals then", EQ(1), .on[OS_LINUX] = EQ(0),
		  .why = "Linux raises SIGPIPE for streams only; POSIX asks for it here too" },
	},
};

static void careless_client(struct role *me)
{
	int fd = connect_type(me, SOCK_SEQPACKET);

	wait_queued(me, fd, 3);
	must(close(fd));
	meet(me, "closed");
	meet(me, "end was seen");
}

static void ignored_server(struct role *me)
{
	int conn = accept_records(me);
	char bytes[8];

	must_be(send(conn, "abc", 3, MSG_NOSIGNAL) == 3);
	meet(me, "closed");
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw_bytes(me, "second recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	meet(me, "end was seen");
}

const struct sock_case seqpacket_unread_close_econnreset = {
	.claim = "A peer that closes with records unread may give ECONNRESET once, as on Linux, "
		 "or just its end.",
	.source = "POSIX.1-2024 recv(), ERRORS ECONNRESET (when it occurs is left open)",
	.standing = MAY,
	.portable = "Take ECONNRESET and an end of file alike for a lost peer.",
	.notes = "FreeBSD is said to give an end of file.",
	.families = UNIX,
	.server = ignored_server,
	.client = careless_client,
	.expect = {
		{ SERVER, "recv", ONE_OF(FAILS(ECONNRESET), TEXT("0:")),
		  .on[OS_LINUX] = FAILS(ECONNRESET), .why = "Linux tells that records were lost" },
		{ SERVER, "second recv", TEXT("0:"), .standing = SHALL },
	},
};

static void half_closing_client(struct role *me)
{
	int fd = connect_type(me, SOCK_SEQPACKET);
	char bytes[8];

	must_be(send(fd, "abc", 3, MSG_NOSIGNAL) == 3);
	saw(me, "shutdown", shutdown(fd, SHUT_WR));
	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "both have read");
}

static void half_closed_server(struct role *me)
{
	int conn = accept_records(me);
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw_bytes(me, "second recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw(me, "send", send(conn, "late", 4, MSG_NOSIGNAL));
	meet(me, "both have read");
}

const struct sock_case seqpacket_shutdown_wr = {
	.claim = "shutdown(SHUT_WR) ends one direction: the peer reads the end and can still send.",
	.source = "POSIX.1-2024 shutdown(), DESCRIPTION; send(), ERRORS EPIPE",
	.standing = SHALL,
	.families = UNIX,
	.server = half_closed_server,
	.client = half_closing_client,
	.expect = {
		{ CLIENT, "shutdown", EQ(0) },
		{ CLIENT, "send", FAILS(EPIPE) },
		{ SERVER, "recv", TEXT("3:abc") },
		{ SERVER, "second recv", TEXT("0:") },
		{ SERVER, "send", EQ(4) },
		{ CLIENT, "recv", TEXT("4:late") },
	},
};
