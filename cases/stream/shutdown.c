/* shutdown.c -- what shutdown() ends, on this side and on the other, and what it leaves alone. */
#include "case.h"

static void finishing_client(struct role *me)
{
	int fd = connect_to_peer(me);

	send_all(fd, "abc", 3);
	saw(me, "shutdown", shutdown(fd, SHUT_WR));
	meet(me, "both are there"); /* what is queued has to outlive the end that comes behind it */
	meet(me, "end was read");   /* the descriptor stays open until then */
}

static void reading_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[8];

	meet(me, "both are there");
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw_bytes(me, "second recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw_bytes(me, "third recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	meet(me, "end was read");
}

const struct sock_case shutdown_wr_peer_reads_eof = {
	.claim = "After shutdown(SHUT_WR) the peer reads what was sent before, then gets 0.",
	.source = "POSIX.1-2024 shutdown(), DESCRIPTION; recv(), RETURN VALUE",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = reading_server,
	.client = finishing_client,
	.expect = {
		{ CLIENT, "shutdown", EQ(0) },
		{ SERVER, "recv", TEXT("3:abc") },
		{ SERVER, "second recv", TEXT("0:") },
		{ SERVER, "third recv", TEXT("0:") },
	},
};

static void answering_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw(me, "send after the end was read", send(conn, "late", 4, MSG_NOSIGNAL));
	must(close(conn));
}

static void half_closed_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	must(shutdown(fd, SHUT_WR));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "second recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

const struct sock_case shutdown_wr_still_reads = {
	.claim = "After shutdown(SHUT_WR) this side still receives what the peer sends.",
	.source = "POSIX.1-2024 shutdown(), DESCRIPTION; RFC 9293, section 3.6 (case 1)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = answering_server,
	.client = half_closed_client,
	.expect = {
		{ SERVER, "recv", TEXT("0:") },
		{ SERVER, "send after the end was read", EQ(4) },
		{ CLIENT, "recv", TEXT("4:late") },
		{ CLIENT, "second recv", TEXT("0:") },
	},
};

static void sending_after_end_client(struct role *me)
{
	int fd = connect_to_peer(me);

	must(shutdown(fd, SHUT_WR));
	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
	saw(me, "send again", send(fd, "y", 1, MSG_NOSIGNAL));
	meet(me, "end was read");
}

static void empty_handed_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	meet(me, "end was read");
}

const struct sock_case shutdown_wr_local_send_epipe = {
	.claim = "After shutdown(SHUT_WR) each send() of this side fails with EPIPE.",
	.source = "POSIX.1-2024 send(), ERRORS EPIPE",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = empty_handed_server,
	.client = sending_after_end_client,
	.expect = {
		{ CLIENT, "send", FAILS(EPIPE) },
		{ CLIENT, "send again", FAILS(EPIPE) },
		{ SERVER, "recv", TEXT("0:") },
	},
};

static void silent_server(struct role *me)
{
	(void)accept_peer(me); /* neither sends nor closes until the client has seen its zeros */
	meet(me, "client has read");
}

static void deaf_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	saw(me, "shutdown", shutdown(fd, SHUT_RD));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "recv again", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "client has read");
}

const struct sock_case shutdown_rd_local_recv_zero = {
	.claim = "After shutdown(SHUT_RD) with nothing queued recv() may fail, or returns 0 as on "
		 "Linux, but does not wait.",
	.source = "no standard says it: POSIX.1-2024 shutdown(), DESCRIPTION disables receiving, "
		  "without a word on recv(); shutdown(2)",
	.standing = MAY,
	.portable = "Call no recv() after shutdown(SHUT_RD).",
	.families = INET | INET6 | UNIX,
	.server = silent_server,
	.client = deaf_client,
	.expect = {
		{ CLIENT, "shutdown", EQ(0), .standing = SHALL },
		{ CLIENT, "recv", ONE_OF(TEXT("0:"), FAILS_ANY), .on[OS_LINUX] = TEXT("0:"),
		  .why = "Linux takes it for the end of the stream" },
		{ CLIENT, "recv again", ONE_OF(TEXT("0:"), FAILS_ANY), .on[OS_LINUX] = TEXT("0:"),
		  .why = "Linux takes it for the end of the stream" },
	},
};

struct ear {
	struct role *me;
	int fd;
	int result, err; /* of shutdown() */
};

static void *stop_ear(void *arg)
{
	struct ear *ear = arg;

	(void)recv_number(ear->me); /* the word of the server, which has seen that recv() blocks */
	ear->result = shutdown(ear->fd, SHUT_RD);
	ear->err = errno;
	return NULL;
}

static void two_thread_client(struct role *me)
{
	struct ear ear = { .me = me, .fd = connect_to_peer(me) };
	pthread_t stopper;
	char bytes[8];

	must_be(!pthread_create(&stopper, NULL, stop_ear, &ear));
	meet(me, "about to read");
	saw_bytes(me, "recv", bytes, recv(ear.fd, bytes, sizeof bytes, 0));
	must_be(!pthread_join(stopper, NULL));
	errno = ear.err;
	saw(me, "shutdown by the other thread", ear.result);
	meet(me, "read");
}

static void prompting_server(struct role *me)
{
	(void)accept_peer(me);
	meet(me, "about to read");
	saw(me, "recv stays blocked", peer_silent_for(me, PROOF_MS));
	send_number(me, 0);
	meet(me, "read");
}

const struct sock_case shutdown_rd_wakes_blocked_reader = {
	.claim = "A recv() that blocks may fail, or returns 0 as on Linux, when another thread "
		 "calls shutdown(SHUT_RD).",
	.source = "no standard says it: POSIX.1-2024 shutdown(), DESCRIPTION disables receiving, "
		  "without a word on recv(); shutdown(2) neither",
	.standing = MAY,
	.portable = "Wake a reader by something that it waits for beside the socket, such as a "
		    "pipe in poll().",
	.families = INET | INET6 | UNIX,
	.waits_ms = PROOF_MS,
	.server = prompting_server,
	.client = two_thread_client,
	.expect = {
		{ SERVER, "recv stays blocked", EQ(1), .standing = SHALL },
		{ CLIENT, "shutdown by the other thread", EQ(0), .standing = SHALL },
		{ CLIENT, "recv", ONE_OF(TEXT("0:"), FAILS_ANY), .on[OS_LINUX] = TEXT("0:"),
		  .why = "Linux takes it for the end of the stream" },
	},
};

/* A child that shares the connection: it sends when the pipe says so, and ends with 0. */
struct shared {
	int fd, go[2];
};

static int sharing_child(struct role *me, void *arg)
{
	struct shared *shared = arg;
	char word;

	must(close(shared->go[1]));
	must_be(must(read(shared->go[0], &word, 1)) == 1);
	saw(me, "send in the child", send(shared->fd, "z", 1, MSG_NOSIGNAL));
	return 0;
}

static void copying_client(struct role *me)
{
	struct shared shared = { .fd = connect_to_peer(me) };
	int copy = must(dup(shared.fd));

	must(pipe(shared.go));
	pid_t child = helper(me, sharing_child, &shared);
	saw(me, "shutdown", shutdown(shared.fd, SHUT_WR));
	must(close(shared.fd));
	saw(me, "send on the copy", send(copy, "y", 1, MSG_NOSIGNAL));
	meet(me, "end was read");
	must(write(shared.go[1], "!", 1));
	must_be(helper_status(me, child) == 0);
}

const struct sock_case shutdown_affects_dup_and_forked_fds = {
	.claim = "shutdown() ends the connection at once, though copies and a child hold it open.",
	.source = "POSIX.1-2024 shutdown(), DESCRIPTION (the connection on the socket); dup(), "
		  "DESCRIPTION; fork(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS | NEEDS_DESCRIPTORS,
	.server = empty_handed_server,
	.client = copying_client,
	.expect = {
		{ CLIENT, "shutdown", EQ(0) },
		{ CLIENT, "send on the copy", FAILS(EPIPE) },
		{ SERVER, "recv", TEXT("0:") },
		{ CLIENT, "send in the child", FAILS(EPIPE) },
	},
};

static void half_closed_states_client(struct role *me)
{
	int fd = connect_to_peer(me);

	saw_state(me, "state before", fd);
	must(shutdown(fd, SHUT_WR));
	wait_acknowledged(me, fd); /* the FIN counts as one byte */
	saw_state(me, "state after", fd);
	meet(me, "states were seen");
}

static void half_closed_states_server(struct role *me)
{
	int conn = accept_peer(me);
	char byte;

	saw(me, "recv", recv(conn, &byte, 1, 0));
	saw_state(me, "state after the end", conn);
	meet(me, "states were seen");
}

const struct sock_case shutdown_wr_state_fin_wait2 = {
	.claim = "shutdown(SHUT_WR) brings this side to FIN-WAIT-2 and its peer to CLOSE-WAIT.",
	.source = "RFC 9293, sections 3.3.2 and 3.6",
	.standing = SHALL,
	.families = INET | INET6,
	.server = half_closed_states_server,
	.client = half_closed_states_client,
	.expect = {
		{ CLIENT, "state before", TEXT("ESTABLISHED") },
		{ CLIENT, "state after", TEXT("FIN-WAIT-2") },
		{ SERVER, "recv", EQ(0) },
		{ SERVER, "state after the end", TEXT("CLOSE-WAIT") },
	},
};
