/* hangup_stream.c -- what poll() says when a stream ends, in order, by a reset, or by own hand. */
#include "case.h"

enum { EVERYTHING = POLLIN | POLLPRI | POLLOUT | POLLRDHUP };

static void closing_server(struct role *me)
{
	accept_and_close(me, "looked");
}

static void hearing_client(struct role *me)
{
	int fd = connect_to_peer(me);

	wait_for(me, fd, POLLIN | POLLRDHUP);
	int events = poll_now(fd, EVERYTHING);
	saw(me, "POLLIN is set", (events & POLLIN) != 0);
	saw_flags(me, "events", events);
	meet(me, "looked");
}

const struct sock_case poll_peer_close_rdhup = {
	.claim = "When the peer has closed, poll() reports that there is an end of file to be read.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION; poll(2), POLLRDHUP",
	.portable = "Ask for POLLIN and let recv() tell: systems differ in POLLHUP and POLLRDHUP.",
	.notes = "BSD systems are said to set POLLHUP for TCP too.",
	.families = INET | INET6 | UNIX,
	.server = closing_server,
	.client = hearing_client,
	.expect = {
		{ CLIENT, "POLLIN is set", EQ(1) },
		{ CLIENT, "events", ANY, .only = INET | INET6,
		  .on[OS_LINUX] = FLAGS("IN|OUT|RDHUP"),
		  .why = "Linux: the peer's half is over, this side's is not, hence no POLLHUP" },
		{ CLIENT, "events", ANY, .only = UNIX,
		  .on[OS_LINUX] = FLAGS("IN|OUT|HUP|RDHUP"),
		  .why = "Linux: when one side closes, both directions are over" },
	},
};

static void hanging_client(struct role *me)
{
	int fd = connect_to_peer(me);

	wait_for(me, fd, POLLIN);
	must(shutdown(fd, SHUT_WR));
	saw(me, "POLLHUP is set though not asked for", (poll_now(fd, 0) & POLLHUP) != 0);
	meet(me, "looked");
}

const struct sock_case poll_hup_not_maskable = {
	.claim = "POLLHUP is reported whether or not it was asked for.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION (POLLHUP is only valid in revents)",
	.families = INET | INET6 | UNIX,
	.server = closing_server,
	.client = hanging_client,
	.expect = {
		{ CLIENT, "POLLHUP is set though not asked for", EQ(1) },
	},
};

static void resetting_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "connected"); /* else connect() may be what the reset hits */
	close_with_reset(conn);
	meet(me, "looked");
}

static void reset_client(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "connected");
	wait_state(me, fd, "CLOSED");
	saw_flags(me, "events when none were asked for", poll_now(fd, 0));
	saw_flags(me, "events", poll_now(fd, EVERYTHING));
	meet(me, "looked");
}

const struct sock_case poll_reset_err = {
	.claim = "A reset is reported whatever was asked for; the socket is ready for everything.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION (POLLERR, POLLHUP)",
	.portable = "Treat POLLERR and POLLHUP like POLLIN: call recv() and look at what it gives.",
	.notes = "BSD systems are said to set POLLHUP alone.",
	.families = INET | INET6,
	.server = resetting_server,
	.client = reset_client,
	.expect = {
		{ CLIENT, "events when none were asked for",
		  ONE_OF(FLAGS("HUP"), FLAGS("ERR"), FLAGS("ERR|HUP")),
		  .on[OS_LINUX] = FLAGS("ERR|HUP"),
		  .why = "Linux: an error is pending, and both directions are over" },
		{ CLIENT, "events", ANY, .on[OS_LINUX] = FLAGS("IN|OUT|ERR|HUP|RDHUP"),
		  .why = "Linux: no call would block" },
	},
};

static void forgiving_client(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "connected");
	wait_state(me, fd, "CLOSED");
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw_flags(me, "events then", poll_now(fd, 0));
	saw_errno(me, "SO_ERROR again", get_option(fd, SOL_SOCKET, SO_ERROR));
	meet(me, "looked");
}

const struct sock_case poll_err_cleared_by_so_error = {
	.claim = "Reading SO_ERROR after a reset clears POLLERR; the hang-up stays.",
	.source = "POSIX.1-2024 2.10.16, SO_ERROR (reports and clears); poll()",
	.families = INET | INET6,
	.server = resetting_server,
	.client = forgiving_client,
	.expect = {
		{ CLIENT, "SO_ERROR", TEXT("ECONNRESET") },
		{ CLIENT, "events then", FLAGS("HUP") },
		{ CLIENT, "SO_ERROR again", TEXT("0") },
	},
};

static void half_closing_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "about to poll");
	saw(me, "poll stays blocked", peer_silent_for(me, PROOF_MS));
	must(shutdown(conn, SHUT_WR));
	meet(me, "polled");
}

static void waiting_client(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "about to poll");
	saw_flags(me, "events", wait_for(me, fd, POLLRDHUP));
	meet(me, "polled");
}

const struct sock_case poll_woken_by_peer_shutdown = {
	.claim = "poll() for POLLRDHUP alone sleeps until the peer shuts its sending side down.",
	.source = "poll(2), POLLRDHUP",
	.portable = "Wait for POLLIN and read: an end of file says the same everywhere.",
	.notes = "FreeBSD is said to have POLLRDHUP since release 14.",
	.families = INET | INET6 | UNIX,
	.waits_ms = PROOF_MS,
	.server = half_closing_server,
	.client = waiting_client,
	.expect = {
		{ SERVER, "poll stays blocked", EQ(1) },
		{ CLIENT, "events", FLAGS("RDHUP") },
	},
};

static void prompting_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "about to poll");
	saw(me, "poll stays blocked", peer_silent_for(me, PROOF_MS));
	send_all(conn, "!", 1); /* tells the other thread to shut down */
	meet(me, "polled");
}

/* Runs as a thread of its own; gives NULL when the shutdown went well. */
static void *shut_down_when_told(void *arg)
{
	struct pollfd one = { .fd = *(int *)arg, .events = POLLIN };

	if (poll(&one, 1, -1) != 1 || shutdown(one.fd, SHUT_RDWR))
		return arg;
	return NULL;
}

static void threaded_client(struct role *me)
{
	int fd = connect_to_peer(me);
	pthread_t thread;
	void *failed;

	must_be(!pthread_create(&thread, NULL, shut_down_when_told, &fd));
	meet(me, "about to poll");
	saw_flags(me, "events when none were asked for", wait_for(me, fd, 0));
	meet(me, "polled");
	must_be(!pthread_join(thread, &failed) && !failed);
}

const struct sock_case poll_woken_by_own_shutdown_other_thread = {
	.claim = "shutdown() in one thread wakes poll() in another; data not asked for does not.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION (POLLHUP); shutdown()",
	.families = INET | INET6 | UNIX,
	.waits_ms = PROOF_MS,
	.server = prompting_server,
	.client = threaded_client,
	.expect = {
		{ SERVER, "poll stays blocked", EQ(1) },
		{ CLIENT, "events when none were asked for", FLAGS("HUP") },
	},
};
