/* sigpipe.c -- SIGPIPE: when writing raises it, for whom, and how it is kept away.
 *
 * POSIX asks for the signal when the peer is gone. Of a stream that only this side has shut down it
 * says no more than EPIPE; so most cases here write to a peer that is gone.
 */
#include "case.h"

/* A close() after which the peer cannot send any more: on TCP it resets. */
static void leave(struct role *me, int conn)
{
	meet(me, "connected"); /* or connect() could be what the RST ends */
	close_with_reset(conn);
}

static void leaving_server(struct role *me)
{
	leave(me, accept_peer(me));
}

/* A connection whose peer is gone and whose pending error was taken: what is written fails. */
static int connect_and_be_left(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "connected");
	wait_for(me, fd, POLLIN);
	(void)get_option(fd, SOL_SOCKET, SO_ERROR);
	return fd;
}

static void leaving_then_reading_server(struct role *me)
{
	int listener = listen_on(me, 1);
	char bytes[8];

	leave(me, must(accept(listener, NULL, NULL)));
	int conn = must(accept(listener, NULL, NULL));
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
}

/* A second connection, on which this side has shut down sending. */
static int connect_and_shut(struct role *me)
{
	int fd = connect_to_peer(me);

	must(shutdown(fd, SHUT_WR));
	return fd;
}

static int naive_writer(struct role *me, void *arg)
{
	(void)me;
	must_be(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
	return write(*(int *)arg, "x", 1) == -1 ? 7 : 8;
}

static void parent_client(struct role *me)
{
	int left = connect_and_be_left(me);
	int shut = connect_and_shut(me);

	saw_end(me, "writer to nobody", helper_status(me, helper(me, naive_writer, &left)));
	saw_end(me, "writer after shutdown", helper_status(me, helper(me, naive_writer, &shut)));
}

const struct sock_case sigpipe_default_kills = {
	.claim = "By default a write() to a stream without a reader kills the process by SIGPIPE.",
	.source = "POSIX.1-2024 write(), ERRORS EPIPE; <signal.h>, SIGPIPE",
	.standing = SHALL,
	.portable = "Ignore SIGPIPE, or send with MSG_NOSIGNAL, and look for EPIPE.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.server = leaving_then_reading_server,
	.client = parent_client,
	.expect = {
		{ CLIENT, "writer to nobody", TEXT("SIGPIPE") },
		{ CLIENT, "writer after shutdown", ONE_OF(TEXT("SIGPIPE"), TEXT("exit 7")),
		  .on[OS_LINUX] = TEXT("SIGPIPE"),
		  .why = "Linux makes no difference between a peer that is gone and shutdown()" },
		{ SERVER, "recv", TEXT("0:") },
	},
};

static void careful_client(struct role *me)
{
	int left = connect_and_be_left(me);
	int shut = connect_and_shut(me);

	count_signals(SIGPIPE, 0);
	saw(me, "send after shutdown", send(shut, "x", 1, MSG_NOSIGNAL));
	saw(me, "send to nobody", send(left, "x", 1, MSG_NOSIGNAL));
	saw(me, "signals", signals_seen(SIGPIPE));
	saw(me, "send without the flag", send(left, "x", 1, 0));
	saw(me, "signals then", signals_seen(SIGPIPE));
}

const struct sock_case sigpipe_nosignal = {
	.claim = "send() with MSG_NOSIGNAL fails with EPIPE but raises no SIGPIPE.",
	.source = "POSIX.1-2024 send(), MSG_NOSIGNAL and ERRORS EPIPE",
	.standing = SHALL,
	.portable = "Where MSG_NOSIGNAL is missing, set SO_NOSIGPIPE or ignore SIGPIPE.",
	.notes = "macOS is said to have lacked MSG_NOSIGNAL before 2024.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.server = leaving_then_reading_server,
	.client = careful_client,
	.expect = {
		{ CLIENT, "send after shutdown", FAILS(EPIPE) },
		{ CLIENT, "send to nobody", FAILS(EPIPE) },
		{ CLIENT, "signals", EQ(0) },
		{ CLIENT, "send without the flag", FAILS(EPIPE) },
		{ CLIENT, "signals then", EQ(1) },
		{ SERVER, "recv", TEXT("0:") },
	},
};

static void ignoring_client(struct role *me)
{
	int fd = connect_and_be_left(me);

	must_be(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	saw(me, "write", write(fd, "x", 1));
	saw(me, "write again", write(fd, "x", 1));
	saw(me, "third write", write(fd, "x", 1));
}

const struct sock_case sigpipe_ignored = {
	.claim = "A process that ignores SIGPIPE survives: write() fails with EPIPE, every time.",
	.source = "POSIX.1-2024 write(), ERRORS EPIPE; signal(), DESCRIPTION (SIG_IGN)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.server = leaving_server,
	.client = ignoring_client,
	.expect = {
		{ CLIENT, "write", FAILS(EPIPE) },
		{ CLIENT, "write again", FAILS(EPIPE) },
		{ CLIENT, "third write", FAILS(EPIPE) },
	},
};

static void counting_client(struct role *me)
{
	int fd = connect_and_be_left(me);

	count_signals(SIGPIPE, 0);
	saw(me, "write", write(fd, "x", 1));
	saw(me, "signals", signals_seen(SIGPIPE));
	saw(me, "write again", write(fd, "x", 1));
	saw(me, "signals then", signals_seen(SIGPIPE));
	saw(me, "third write", write(fd, "x", 1));
	saw(me, "signals in the end", signals_seen(SIGPIPE));
}

const struct sock_case sigpipe_one_signal_per_call = {
	.claim = "Each write() that fails with EPIPE raises SIGPIPE once, before it returns.",
	.source = "POSIX.1-2024 write(), ERRORS EPIPE (a SIGPIPE is also sent to the thread)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.server = leaving_server,
	.client = counting_client,
	.expect = {
		{ CLIENT, "write", FAILS(EPIPE) },
		{ CLIENT, "signals", EQ(1) },
		{ CLIENT, "write again", FAILS(EPIPE) },
		{ CLIENT, "signals then", EQ(2) },
		{ CLIENT, "third write", FAILS(EPIPE) },
		{ CLIENT, "signals in the end", EQ(3) },
	},
};

static int is_pending(int signo)
{
	sigset_t pending;

	must(sigpending(&pending));
	return must(sigismember(&pending, signo));
}

/* Blocks SIGPIPE in this thread and those that it will start; gives the set. */
static sigset_t block_sigpipe(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	must_be(!pthread_sigmask(SIG_BLOCK, &set, NULL));
	return set;
}

static void blocking_client(struct role *me)
{
	int fd = connect_and_be_left(me), signo = 0;
	sigset_t sigpipe = block_sigpipe();

	saw(me, "pending before", is_pending(SIGPIPE));
	saw(me, "write", write(fd, "x", 1));
	if (saw(me, "pending after", is_pending(SIGPIPE)))
		must_be(!sigwait(&sigpipe, &signo));
	saw(me, "sigwait takes SIGPIPE", signo == SIGPIPE);
	saw(me, "pending then", is_pending(SIGPIPE));
}

const struct sock_case sigpipe_pending_blocked = {
	.claim = "With SIGPIPE blocked write() fails with EPIPE and leaves the signal pending.",
	.source = "POSIX.1-2024 write(), ERRORS EPIPE; sigpending(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.server = leaving_server,
	.client = blocking_client,
	.expect = {
		{ CLIENT, "pending before", EQ(0) },
		{ CLIENT, "write", FAILS(EPIPE) },
		{ CLIENT, "pending after", EQ(1) },
		{ CLIENT, "sigwait takes SIGPIPE", EQ(1) },
		{ CLIENT, "pending then", EQ(0) },
	},
};

struct writer {
	struct role *me;
	int fd, pending;
};

static void *write_in_thread(void *arg)
{
	struct writer *writer = arg;
	sigset_t pending;

	saw(writer->me, "write", write(writer->fd, "x", 1));
	sigpending(&pending);
	writer->pending = sigismember(&pending, SIGPIPE);
	return NULL;
}

static void two_thread_client(struct role *me)
{
	struct writer writer = { .me = me, .fd = connect_and_be_left(me), .pending = -1 };
	pthread_t thread;

	block_sigpipe();
	must_be(!pthread_create(&thread, NULL, write_in_thread, &writer));
	must_be(!pthread_join(thread, NULL));
	saw(me, "pending for the writer", writer.pending);
	saw(me, "pending for the other thread", is_pending(SIGPIPE));
}

const struct sock_case sigpipe_thread_directed = {
	.claim = "SIGPIPE goes to the thread that wrote; no other thread of the process sees it.",
	.source = "POSIX.1-2024 XSH 2.4.1, Signal Generation and Delivery; write(), ERRORS EPIPE "
		  "(sent to the thread)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.server = leaving_server,
	.client = two_thread_client,
	.expect = {
		{ CLIENT, "write", FAILS(EPIPE) },
		{ CLIENT, "pending for the writer", EQ(1) },
		{ CLIENT, "pending for the other thread", EQ(0) },
	},
};
