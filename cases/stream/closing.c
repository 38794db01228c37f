/* closing.c -- what close() and the end of a process do to a connection.
 *
 * Who has closed stays until the other has seen it: the end of its process would close, too.
 */
#include "case.h"

static void tidy_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw(me, "close", close(conn));
	meet(me, "end was read");
}

static void sending_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	send_all(fd, "abc", 3);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	meet(me, "end was read");
}

const struct sock_case close_orderly_fin = {
	.claim = "close() after all data was read gives the peer an end of file, not an error.",
	.source = "RFC 9293, sections 3.6 and 3.10.4; POSIX.1-2024 recv(), RETURN VALUE",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = tidy_server,
	.client = sending_client,
	.expect = {
		{ SERVER, "recv", TEXT("3:abc") },
		{ SERVER, "close", EQ(0) },
		{ CLIENT, "recv", TEXT("0:") },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};

static void careless_server(struct role *me)
{
	int conn = accept_peer(me);

	wait_queued(me, conn, 3);
	saw(me, "close", close(conn));
	meet(me, "end was read");
}

const struct sock_case close_unread_data_rst = {
	.claim = "close() with received data unread may reset, as on Linux: the peer's recv() "
		 "gets ECONNRESET.",
	.source = "RFC 9293, section 3.6.1 (SHOULD send a RST); RFC 2525, section 2.17; unix(7), "
		  "ERRORS ECONNRESET",
	.standing = MAY,
	.portable = "Read until recv() returns 0 before close(); take ECONNRESET for a lost peer.",
	.notes = "FreeBSD and macOS are said to give an end of file on AF_UNIX.",
	.families = INET | INET6 | UNIX,
	.server = careless_server,
	.client = sending_client,
	.expect = {
		{ SERVER, "close", EQ(0), .standing = SHALL },
		{ CLIENT, "recv", ONE_OF(FAILS(ECONNRESET), TEXT("0:")),
		  .on[OS_LINUX] = FAILS(ECONNRESET),
		  .why = "Linux sends the RST that RFC 1122 recommends, and treats AF_UNIX alike" },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};

static void copying_client(struct role *me)
{
	int fd = connect_to_peer(me);
	int copy = must(dup(fd));
	char bytes[8];

	saw(me, "close of one", close(fd));
	saw(me, "send on the other", send(copy, "ping", 4, MSG_NOSIGNAL));
	saw_bytes(me, "recv on the other", bytes, recv(copy, bytes, sizeof bytes, 0));
	saw(me, "close of the other", close(copy));
	meet(me, "end was read");
}

static void answering_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw(me, "send", send(conn, "pong", 4, MSG_NOSIGNAL));
	saw_bytes(me, "recv after both", bytes, recv(conn, bytes, sizeof bytes, 0));
	meet(me, "end was read");
}

const struct sock_case close_last_reference_only = {
	.claim = "A copied connection ends only with the close() of its last descriptor.",
	.source = "POSIX.1-2024 close(), DESCRIPTION (the last descriptor); dup(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = answering_server,
	.client = copying_client,
	.expect = {
		{ CLIENT, "close of one", EQ(0) },
		{ CLIENT, "send on the other", EQ(4) },
		{ SERVER, "recv", TEXT("4:ping") },
		{ SERVER, "send", EQ(4) },
		{ CLIENT, "recv on the other", TEXT("4:pong") },
		{ CLIENT, "close of the other", EQ(0) },
		{ SERVER, "recv after both", TEXT("0:") },
	},
};

static void twice_closing_client(struct role *me)
{
	int fd = connect_to_peer(me);

	saw(me, "close", close(fd));
	saw(me, "close again", close(fd));
	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
	meet(me, "end was read");
}

static void reading_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	meet(me, "end was read");
}

const struct sock_case close_double_close_ebadf = {
	.claim = "A second close() of the same descriptor fails with EBADF, as does any use of it.",
	.source = "POSIX.1-2024 close(), ERRORS EBADF",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = reading_server,
	.client = twice_closing_client,
	.expect = {
		{ CLIENT, "close", EQ(0) },
		{ CLIENT, "close again", FAILS(EBADF) },
		{ CLIENT, "send", FAILS(EBADF) },
		{ SERVER, "recv", TEXT("0:") },
	},
};

/* Children that hold a connection until they end: one does so by itself once the client speaks, the
 * other has to be killed. */
static int leaving_child(struct role *me, void *arg)
{
	char word;

	(void)me;
	recv_all(*(int *)arg, &word, 1);
	return 0;
}

static int staying_child(struct role *me, void *arg)
{
	(void)me;
	(void)arg;
	pause();
	return 0;
}

static void dying_server(struct role *me)
{
	int listener = listen_on(me, 1);
	int conn = must(accept(listener, NULL, NULL));
	pid_t child = helper(me, leaving_child, &conn);

	must(close(conn));
	meet(me, "only the first child holds it");
	saw_end(me, "first child", helper_status(me, child));
	conn = must(accept(listener, NULL, NULL));
	child = helper(me, staying_child, NULL);
	must(close(conn));
	meet(me, "only the second child holds it");
	must(kill(child, SIGKILL));
	saw_end(me, "second child", helper_status(me, child));
	meet(me, "end was read");
}

static void surviving_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	meet(me, "only the first child holds it");
	saw(me, "send to the first", send(fd, "x", 1, MSG_NOSIGNAL));
	saw_bytes(me, "recv after exit", bytes, recv(fd, bytes, sizeof bytes, 0));
	fd = connect_to_peer(me);
	meet(me, "only the second child holds it");
	saw_bytes(me, "recv after SIGKILL", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "end was read");
}

const struct sock_case close_process_exit_fin = {
	.claim = "When a process exits or dies of SIGKILL, its peers read an orderly end of file.",
	.source = "POSIX.1-2024 _exit(), Consequences of Process Termination",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.server = dying_server,
	.client = surviving_client,
	.expect = {
		{ CLIENT, "send to the first", EQ(1) },
		{ SERVER, "first child", TEXT("exit 0") },
		{ CLIENT, "recv after exit", TEXT("0:") },
		{ SERVER, "second child", TEXT("SIGKILL") },
		{ CLIENT, "recv after SIGKILL", TEXT("0:") },
	},
};
