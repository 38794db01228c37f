/* hangup_stream.c -- what poll() says when a stream ends, in order, by a reset, or by own hand. */
#include "cases/mux/ready.h"

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

/* Of TCP only the peer's direction is over: there is room to send, hence no hang-up. Of AF_UNIX
 * both may be; POSIX rules out only POLLOUT beside POLLHUP. */
const struct sock_case poll_peer_close_rdhup = {
	.claim = "When the peer has closed, poll() reports that there is an end of file to be "
		 "read; Linux adds POLLRDHUP.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION (POLLIN, POLLOUT, POLLHUP); poll(2), POLLRDHUP",
	.standing = SHALL,
	.portable = "Ask for POLLIN and let recv() tell: systems differ in POLLHUP and POLLRDHUP.",
	.notes = "BSD systems are said to set POLLHUP for TCP too.",
	.families = INET | INET6 | UNIX,
	.server = closing_server,
	.client = hearing_client,
	.expect = {
		{ CLIENT, "POLLIN is set", EQ(1) },
		{ CLIENT, "events", BY_FAMILY(END_OF_INPUT, END_OF_INPUT, AT_END),
		  .on[OS_LINUX] = BY_FAMILY(FLAGS("IN|OUT|RDHUP"), FLAGS("IN|OUT|RDHUP"),
					    FLAGS("IN|OUT|HUP|RDHUP")),
		  .why = "POLLRDHUP is Linux's; there a close() ends both directions of AF_UNIX" },
	},
};

static void hanging_client(struct role *me)
{
	int fd = connect_to_peer(me);

	wait_for(me, fd, POLLIN);
	must(shutdown(fd, SHUT_WR));
	int asked = poll_now(fd, EVERYTHING), unasked = poll_now(fd, 0);
	if ((asked & POLLHUP) != (unasked & POLLHUP))
		saw_text(me, "POLLHUP is set though not asked for", "only when asked for");
	else
		saw(me, "POLLHUP is set though not asked for", (unasked & POLLHUP) != 0);
	meet(me, "looked");
}

const struct sock_case poll_hup_not_maskable = {
	.claim = "POLLHUP is reported alike whether or not it was asked for; on Linux it is when "
		 "both directions are over.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION (POLLHUP is only valid in revents)",
	.standing = SHALL,
	.portable = "Look for POLLHUP in revents whatever you ask for, and take recv() returning 0 "
		  "for the end.",
	.families = INET | INET6 | UNIX,
	.server = closing_server,
	.client = hanging_client,
	.expect = {
		{ CLIENT, "POLLHUP is set though not asked for", BETWEEN(0, 1),
		  .on[OS_LINUX] = EQ(1),
		  .why = "POSIX does not say that the end of both directions is a hang-up" },
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
	.claim = "A reset is reported by POLLERR, POLLHUP or both, whatever was asked for; on "
		 "Linux the socket is ready for everything.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION (POLLERR, POLLHUP)",
	.standing = SHALL,
	.portable = "Treat POLLERR and POLLHUP like POLLIN: call recv() and look at what it gives.",
	.notes = "BSD systems are said to set POLLHUP alone.",
	.families = INET | INET6,
	.server = resetting_server,
	.client = reset_client,
	.expect = {
		{ CLIENT, "events when none were asked for",
		  FAILED,
		  .on[OS_LINUX] = FLAGS("ERR|HUP"),
		  .why = "Linux: an error is pending, and both directions are over" },
		{ CLIENT, "events", ANY, .on[OS_LINUX] = FLAGS("IN|OUT|ERR|HUP|RDHUP"),
		  .why = "Linux: no call would block", .standing = MAY },
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
	.claim = "Reading SO_ERROR after a reset clears the error and POLLERR; POLLHUP may stay, "
		 "as on Linux.",
	.source = "POSIX.1-2024 2.10.16 Use of Options, SO_ERROR (reports and clears); poll(), "
		  "DESCRIPTION",
	.standing = SHALL,
	.portable = "Close the socket once its error is known; do not poll it again.",
	.families = INET | INET6,
	.server = resetting_server,
	.client = forgiving_client,
	.expect = {
		{ CLIENT, "SO_ERROR", TEXT("ECONNRESET") },
		{ CLIENT, "events then", MAYBE_HUP, .on[OS_LINUX] = FLAGS("HUP"),
		  .why = "POSIX does not say that a reset is a hang-up, too; on Linux it is" },
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
	.standing = SYSTEM,
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
	.claim = "shutdown() in one thread may wake poll() in another, on Linux by POLLHUP; data "
		 "not asked for does not.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION (POLLHUP); shutdown(), DESCRIPTION; neither "
		  "names the other",
	.standing = MAY,
	.portable = "Wake a thread in poll() by a pipe of its own, not by shutdown().",
	.families = INET | INET6 | UNIX,
	.waits_ms = PROOF_MS,
	.server = prompting_server,
	.client = threaded_client,
	.expect = {
		{ SERVER, "poll stays blocked", EQ(1), .standing = SHALL },
		{ CLIENT, "events when none were asked for", ANY, .on[OS_LINUX] = FLAGS("HUP"),
		  .why = "POSIX does not say when a socket has hung up; on Linux by SHUT_RDWR" },
	},
};
