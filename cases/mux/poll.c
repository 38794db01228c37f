/* poll.c -- poll(): its array, its return value, signals. */
#include "case.h"

/* revents begins wrong, so that it shows when poll() does not write it. */
static struct pollfd entry(int fd, int events)
{
	return (struct pollfd){ .fd = fd, .events = (short)events, .revents = -1 };
}

static void polls_negatives(struct role *me)
{
	int fd = open_socket(me, SOCK_DGRAM);
	struct pollfd call[] = { entry(-1, POLLIN | POLLOUT), entry(fd, POLLOUT),
				 entry(INT_MIN, POLLIN | POLLOUT) };

	saw(me, "poll", poll(call, 3, -1));
	saw_flags(me, "of -1", call[0].revents);
	saw_flags(me, "of the socket", call[1].revents);
	saw_flags(me, "of INT_MIN", call[2].revents);
	call[0].revents = -1;
	saw(me, "poll of -1 alone", poll(call, 1, 0));
	saw_flags(me, "of -1 alone", call[0].revents);
}

const struct sock_case mux_poll_negative_fd_ignored = {
	.claim = "poll() ignores entries with a negative descriptor and clears their revents.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.families = NO_FAMILY,
	.client = polls_negatives,
	.expect = {
		{ CLIENT, "poll", EQ(1) },
		{ CLIENT, "of -1", FLAGS("0") },
		{ CLIENT, "of the socket", FLAGS("OUT") },
		{ CLIENT, "of INT_MIN", FLAGS("0") },
		{ CLIENT, "poll of -1 alone", EQ(0) },
		{ CLIENT, "of -1 alone", FLAGS("0") },
	},
};

static void polls_closed(struct role *me)
{
	int closed = closed_descriptor(me);
	struct pollfd asked = entry(closed, POLLIN | POLLOUT), unasked = entry(closed, 0);

	/* Without a limit: a closed descriptor must not be waited for. */
	saw(me, "poll", poll(&asked, 1, -1));
	saw_flags(me, "revents", asked.revents);
	saw(me, "poll for nothing", poll(&unasked, 1, -1));
	saw_flags(me, "revents for nothing", unasked.revents);
}

const struct sock_case mux_poll_closed_fd_nval = {
	.claim = "poll() reports a closed descriptor at once by POLLNVAL, asked for events or not.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION POLLNVAL",
	.standing = SHALL,
	.portable = "POLLNVAL means that the program has lost track of its descriptors: fix that.",
	.notes = "macOS is said to report POLLNVAL for devices, too.",
	.families = NO_FAMILY,
	.client = polls_closed,
	.expect = {
		{ CLIENT, "poll", EQ(1) },
		{ CLIENT, "revents", FLAGS("NVAL") },
		{ CLIENT, "poll for nothing", EQ(1) },
		{ CLIENT, "revents for nothing", FLAGS("NVAL") },
	},
};

static void polls_all_ways(struct role *me)
{
	enum { MOST = 16 };
	struct rlimit limit;
	struct pollfd call[MOST + 1];
	struct pollfd ready = entry(open_socket(me, SOCK_DGRAM), POLLIN | POLLPRI | POLLOUT);
	struct pollfd idle = entry(ready.fd, POLLIN | POLLPRI);
	struct pollfd closed = entry(closed_descriptor(me), POLLIN | POLLOUT);
	bool kept = true;

	saw(me, "poll of a ready one", poll(&ready, 1, 0));
	saw_flags(me, "events of a ready one", ready.events);
	saw(me, "poll of an idle one", poll(&idle, 1, 0));
	saw_flags(me, "events of an idle one", idle.events);
	saw(me, "poll of a closed one", poll(&closed, 1, 0));
	saw_flags(me, "events of a closed one", closed.events);

	must(getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = MOST;
	must(setrlimit(RLIMIT_NOFILE, &limit));
	for (int i = 0; i <= MOST; i++)
		call[i] = entry(ready.fd, POLLIN | POLLOUT);
	saw(me, "poll of too many", poll(call, MOST + 1, 0));
	for (int i = 0; i <= MOST; i++)
		kept = kept && call[i].events == (POLLIN | POLLOUT);
	saw(me, "events of too many are kept", kept);
}

const struct sock_case mux_poll_events_unmodified = {
	.claim = "poll() never changes the events of an entry, not even when it fails.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION; ERRORS EINVAL",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_PROCESS,
	.client = polls_all_ways,
	.expect = {
		{ CLIENT, "poll of a ready one", EQ(1) },
		{ CLIENT, "events of a ready one", FLAGS("IN|PRI|OUT") },
		{ CLIENT, "poll of an idle one", EQ(0) },
		{ CLIENT, "events of an idle one", FLAGS("IN|PRI") },
		{ CLIENT, "poll of a closed one", EQ(1) },
		{ CLIENT, "events of a closed one", FLAGS("IN|OUT") },
		{ CLIENT, "poll of too many", FAILS(EINVAL) },
		{ CLIENT, "events of too many are kept", EQ(1) },
	},
};

static void sending_server(struct role *me)
{
	accept_and_send(me, "x", "polled");
}

static void client_that_asks_twice(struct role *me)
{
	int fd = connect_to_peer(me);
	struct pollfd call[] = { entry(fd, POLLIN), entry(fd, POLLIN | POLLOUT) };

	wait_queued(me, fd, 1);
	saw(me, "poll", poll(call, 2, 0));
	saw_flags(me, "first entry", call[0].revents);
	saw_flags(me, "second entry", call[1].revents);
	meet(me, "polled");
}

const struct sock_case mux_poll_duplicate_fd_entries = {
	.claim = "A descriptor that is listed twice is reported in both entries and counts twice.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION (each entry), RETURN VALUE (counts entries)",
	.standing = SHALL,
	.families = NO_FAMILY,
	.server = sending_server,
	.client = client_that_asks_twice,
	.expect = {
		{ CLIENT, "poll", EQ(2) },
		{ CLIENT, "first entry", FLAGS("IN") },
		{ CLIENT, "second entry", FLAGS("IN|OUT") },
	},
};

static void client_that_reads_late(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	wait_queued(me, fd, 1);
	saw_flags(me, "poll", poll_now(fd, POLLIN));
	/* Ten times, or until it reports something else. */
	int bits = poll_now(fd, POLLIN);
	for (int i = 1; i < 10 && bits == POLLIN; i++)
		bits = poll_now(fd, POLLIN);
	saw_flags(me, "poll again", bits);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	saw_flags(me, "poll after recv", poll_now(fd, POLLIN));
	meet(me, "polled");
}

const struct sock_case mux_poll_level_triggered = {
	.claim = "poll() reports POLLIN every time until the data was read.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.families = NO_FAMILY,
	.server = sending_server,
	.client = client_that_reads_late,
	.expect = {
		{ CLIENT, "poll", FLAGS("IN") },
		{ CLIENT, "poll again", FLAGS("IN") },
		{ CLIENT, "recv", TEXT("1:x") },
		{ CLIENT, "poll after recv", FLAGS("0") },
	},
};

static void signalling_server(struct role *me)
{
	meet(me, "about to poll");
	interrupt_peer(me, SIGUSR1);
	meet(me, "interrupted");
	meet(me, "about to poll again");
	interrupt_peer(me, SIGUSR1);
	meet(me, "interrupted again");
}

static void interrupted_client(struct role *me)
{
	/* Restarted, poll() has to end by itself; no part of the claim. */
	enum { LIMIT_MS = 1000 };
	struct pollfd call = entry(open_socket(me, SOCK_DGRAM), POLLIN);

	count_signals(SIGUSR1, 0);
	meet(me, "about to poll");
	saw(me, "poll", poll(&call, 1, -1));
	saw(me, "signal was handled", signals_seen(SIGUSR1) > 0);
	meet(me, "interrupted");

	count_signals(SIGUSR1, SA_RESTART);
	meet(me, "about to poll again");
	saw(me, "poll with SA_RESTART", poll(&call, 1, LIMIT_MS));
	meet(me, "interrupted again");
}

const struct sock_case mux_poll_eintr = {
	.claim = "A signal handler makes poll() fail with EINTR; on Linux even with SA_RESTART.",
	.source = "POSIX.1-2024 poll(), ERRORS EINTR; sigaction() SA_RESTART; Linux signal(7)",
	.standing = SHALL,
	.portable = "Call poll() again after EINTR, whatever the flags of the handler.",
	.families = NO_FAMILY,
	.needs = NEEDS_PROCESS,
	.server = signalling_server,
	.client = interrupted_client,
	.expect = {
		{ CLIENT, "poll", FAILS(EINTR) },
		{ CLIENT, "signal was handled", EQ(1) },
		{ CLIENT, "poll with SA_RESTART", ONE_OF(FAILS(EINTR), EQ(0)),
		  .on[OS_LINUX] = FAILS(EINTR), .why = "signal(7): poll() is never restarted",
		  .standing = MAY },
	},
};
