/* select_wait.c -- how long select() and pselect() wait, and what signals do to them. */
#include "case.h"

/* EVENT_MS is for what is there already; no part of any claim. */
enum { SOON_MS = 50, TIMEOUT_MS = 100, EVENT_MS = 1000, LONG_MS = 10000 };

static struct timeval in_ms(long long ms)
{
	return (struct timeval){ .tv_sec = (time_t)(ms / 1000),
				 .tv_usec = (suseconds_t)(ms % 1000 * 1000) };
}

static long long us_of(const struct timeval *time)
{
	return (long long)time->tv_sec * 1000000 + time->tv_usec;
}

static void waits_for_nothing(struct role *me)
{
	struct timeval limit = in_ms(TIMEOUT_MS);
	long long start = now_ms();

	saw(me, "select", select(0, NULL, NULL, NULL, &limit));
	saw_time(me, "time", start, TIMEOUT_MS - 10, 4 * TIMEOUT_MS);
}

const struct sock_case mux_select_timeout_elapses = {
	.claim = "select() without descriptors returns 0 after its time-out.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = NO_FAMILY,
	.waits_ms = TIMEOUT_MS,
	.timed = true,
	.client = waits_for_nothing,
	.expect = {
		{ CLIENT, "select", EQ(0) },
		{ CLIENT, "time", ON_TIME },
	},
};

static void slow_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "about to select");
	saw(me, "select stays blocked", peer_silent_for(me, PROOF_MS));
	send_all(conn, "x", 1);
	meet(me, "selected");
}

static void counting_down_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct timeval left = in_ms(SOON_MS);
	fd_set readable = set_of(fd);

	saw(me, "select in vain", select(fd + 1, &readable, NULL, NULL, &left));
	saw(me, "left after time-out, us", us_of(&left));
	left = in_ms(LONG_MS);
	readable = set_of(fd);
	meet(me, "about to select");
	long long start = now_ms();
	saw(me, "select", select(fd + 1, &readable, NULL, NULL, &left));
	/* Rounded up: both times are cut to whole milliseconds. */
	long long spent_ms = now_ms() - start + 2;
	saw(me, "less is left", us_of(&left) < LONG_MS * 1000);
	saw(me, "left and spent are all", us_of(&left) + spent_ms * 1000 >= LONG_MS * 1000);
	meet(me, "selected");
}

#define WHY_LEFT "POSIX allows a change of the time-out; Linux leaves what was not spent"

const struct sock_case mux_select_timeval_modified = {
	.claim = "select() may change its time-out; on Linux to what was left of it.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (may be modified); Linux select(2), "
		  "DESCRIPTION",
	.standing = MAY,
	.portable = "Set the time-out anew before every select().",
	.notes = "The BSDs, macOS, Solaris and Windows are said to leave it as it was.",
	.families = NO_FAMILY,
	.waits_ms = SOON_MS + PROOF_MS,
	.server = slow_server,
	.client = counting_down_client,
	.expect = {
		{ SERVER, "select stays blocked", EQ(1), .standing = SHALL },
		{ CLIENT, "select in vain", EQ(0), .standing = SHALL },
		{ CLIENT, "left after time-out, us", ANY, .on[OS_LINUX] = EQ(0), .why = WHY_LEFT },
		{ CLIENT, "select", EQ(1) },
		{ CLIENT, "less is left", ANY, .on[OS_LINUX] = EQ(1), .why = WHY_LEFT },
		{ CLIENT, "left and spent are all", ANY, .on[OS_LINUX] = EQ(1), .why = WHY_LEFT },
	},
};

static void patient_client(struct role *me)
{
	int fd = connect_to_peer(me);
	fd_set readable = set_of(fd);
	char bytes[8];

	meet(me, "about to select");
	saw(me, "select", select(fd + 1, &readable, NULL, NULL, NULL));
	saw(me, "readable", FD_ISSET(fd, &readable) != 0);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "selected");
}

const struct sock_case mux_select_null_timeout_blocks = {
	.claim = "Without a time-out select() blocks until a descriptor is ready.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = NO_FAMILY,
	.waits_ms = PROOF_MS,
	.server = slow_server,
	.client = patient_client,
	.expect = {
		{ SERVER, "select stays blocked", EQ(1) },
		{ CLIENT, "select", EQ(1) },
		{ CLIENT, "readable", EQ(1) },
		{ CLIENT, "recv", TEXT("1:x") },
	},
};

static void waits_precisely(struct role *me)
{
	const struct timespec asked = { .tv_nsec = SOON_MS * 1000000L };
	const struct timespec longer = { .tv_sec = LONG_MS / 1000, .tv_nsec = 1 };
	int fd = loaded_socket(me);
	fd_set readable = set_of(fd);
	struct timespec limit = asked;

	saw(me, "pselect in vain", pselect(0, NULL, NULL, NULL, &limit, NULL));
	saw(me, "unchanged by time-out",
	    limit.tv_sec == asked.tv_sec && limit.tv_nsec == asked.tv_nsec);
	limit = longer;
	saw(me, "pselect", pselect(fd + 1, &readable, NULL, NULL, &limit, NULL));
	saw(me, "unchanged by success",
	    limit.tv_sec == longer.tv_sec && limit.tv_nsec == longer.tv_nsec);
}

const struct sock_case mux_pselect_timespec_unmodified = {
	.claim = "pselect() leaves its time-out as it was.",
	.source = "POSIX.1-2024 pselect(), DESCRIPTION",
	.standing = SHALL,
	.notes = "The system call of Linux changes it; C libraries hand it a copy.",
	.families = NO_FAMILY,
	.needs = NEEDS_PSELECT,
	.waits_ms = SOON_MS,
	.client = waits_precisely,
	.expect = {
		{ CLIENT, "pselect in vain", EQ(0) },
		{ CLIENT, "unchanged by time-out", EQ(1) },
		{ CLIENT, "pselect", EQ(1) },
		{ CLIENT, "unchanged by success", EQ(1) },
	},
};

/* select() and pselect() with the same sets, for at most `ms`. */
struct call {
	int (*look)(int nfds, fd_set *readable, fd_set *writable, long long ms);
};

static int by_select(int nfds, fd_set *readable, fd_set *writable, long long ms)
{
	struct timeval limit = in_ms(ms);

	return select(nfds, readable, writable, NULL, &limit);
}

static int by_pselect(int nfds, fd_set *readable, fd_set *writable, long long ms)
{
	const struct timespec limit = { .tv_sec = (time_t)(ms / 1000),
					.tv_nsec = (long)(ms % 1000 * 1000000) };

	return pselect(nfds, readable, writable, NULL, &limit, NULL);
}

static const struct call select_call = { by_select };
static const struct call pselect_call = { by_pselect };

/* Three sockets, of which the middle one holds data. */
static void asks_of_three(struct role *me)
{
	const struct call *call = row_of(me);
	int first = open_socket(me, SOCK_DGRAM), loaded = loaded_socket(me);
	int last = open_socket(me, SOCK_DGRAM);
	fd_set all = set_of(first), one = set_of(loaded), none;

	must_be(first < loaded && loaded < last);
	FD_ZERO(&none);
	FD_SET(loaded, &all);
	FD_SET(last, &all);
	fd_set readable = all, writable = all;
	saw(me, "all", call->look(last + 1, &readable, &writable, EVENT_MS));
	saw(me, "one is readable", same_set(&readable, &one));
	saw(me, "all are writable", same_set(&writable, &all));
	readable = all;
	saw(me, "reading only", call->look(last + 1, &readable, NULL, EVENT_MS));
	saw(me, "one is readable again", same_set(&readable, &one));
	FD_CLR(loaded, &all);
	readable = all;
	saw(me, "in vain", call->look(last + 1, &readable, NULL, SOON_MS));
	saw(me, "none is readable", same_set(&readable, &none));
}

const struct sock_case mux_select_leaves_ready_in_sets = {
	.claim = "select() judges each of several descriptors: only the ready ones stay in its "
		 "sets, and are counted, and none when the time-out expires.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (sets on return); RETURN VALUE",
	.standing = SHALL,
	.families = NO_FAMILY,
	.waits_ms = SOON_MS,
	.row = &select_call,
	.client = asks_of_three,
	.expect = {
		{ CLIENT, "all", EQ(4) },
		{ CLIENT, "one is readable", EQ(1) },
		{ CLIENT, "all are writable", EQ(1) },
		{ CLIENT, "reading only", EQ(1) },
		{ CLIENT, "one is readable again", EQ(1) },
		{ CLIENT, "in vain", EQ(0) },
		{ CLIENT, "none is readable", EQ(1) },
	},
};

const struct sock_case mux_pselect_leaves_ready_in_sets = {
	.claim = "pselect() judges each of several descriptors: only the ready ones stay in its "
		 "sets, and are counted, and none when the time-out expires.",
	.source = "POSIX.1-2024 pselect(), DESCRIPTION (sets on return); RETURN VALUE",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_PSELECT,
	.waits_ms = SOON_MS,
	.row = &pselect_call,
	.client = asks_of_three,
	.expect = {
		{ CLIENT, "all", EQ(4) },
		{ CLIENT, "one is readable", EQ(1) },
		{ CLIENT, "all are writable", EQ(1) },
		{ CLIENT, "reading only", EQ(1) },
		{ CLIENT, "one is readable again", EQ(1) },
		{ CLIENT, "in vain", EQ(0) },
		{ CLIENT, "none is readable", EQ(1) },
	},
};

static void signalling_server(struct role *me)
{
	meet(me, "about to select");
	interrupt_peer(me, SIGUSR1);
	meet(me, "interrupted");
	meet(me, "about to select again");
	interrupt_peer(me, SIGUSR1);
	meet(me, "interrupted again");
}

static void interrupted_client(struct role *me)
{
	int fd = stuck_stream();
	fd_set readable = set_of(fd), writable = readable, exceptional = readable;
	/* Restarted, select() has to end by itself; no part of the claim. */
	struct timeval limit = in_ms(1000);

	count_signals(SIGUSR1, 0);
	meet(me, "about to select");
	saw(me, "select", select(fd + 1, &readable, &writable, &exceptional, NULL));
	saw(me, "signal was handled", signals_seen(SIGUSR1) > 0);
	saw(me, "still in read set", FD_ISSET(fd, &readable) != 0);
	saw(me, "still in write set", FD_ISSET(fd, &writable) != 0);
	saw(me, "still in exception set", FD_ISSET(fd, &exceptional) != 0);
	meet(me, "interrupted");

	count_signals(SIGUSR1, SA_RESTART);
	meet(me, "about to select again");
	saw(me, "select with SA_RESTART", select(fd + 1, &readable, NULL, NULL, &limit));
	meet(me, "interrupted again");
}

const struct sock_case mux_select_eintr = {
	.claim = "A signal handler makes select() fail with EINTR, the sets as they were.",
	.source = "POSIX.1-2024 select(), ERRORS EINTR, RETURN VALUE (sets are not modified); "
		  "signal(7)",
	.standing = SHALL,
	.portable = "Call select() again after EINTR, whatever the flags of the handler.",
	.notes = "FreeBSD is said to fail with EINTR in spite of SA_RESTART, too.",
	.families = NO_FAMILY,
	.needs = NEEDS_PROCESS | NEEDS_SOCKETPAIR,
	.server = signalling_server,
	.client = interrupted_client,
	.expect = {
		{ CLIENT, "select", FAILS(EINTR) },
		{ CLIENT, "signal was handled", EQ(1) },
		{ CLIENT, "still in read set", EQ(1) },
		{ CLIENT, "still in write set", EQ(1) },
		{ CLIENT, "still in exception set", EQ(1) },
		{ CLIENT, "select with SA_RESTART", ONE_OF(FAILS(EINTR), EQ(0)),
		  .on[OS_LINUX] = FAILS(EINTR),
		  .why = "POSIX leaves it to the system whether SA_RESTART restarts select()",
		  .standing = MAY },
	},
};

static bool is_blocked(int signo)
{
	sigset_t now;

	must(sigprocmask(SIG_BLOCK, NULL, &now));
	return sigismember(&now, signo) == 1;
}

static void unmasking_client(struct role *me)
{
	/* Long enough to be no part of the claim; it ends a wait that no signal ends. */
	const struct timespec limit = { .tv_sec = 1 };
	sigset_t none, one;

	sigemptyset(&none);
	sigemptyset(&one);
	sigaddset(&one, SIGUSR1);
	count_signals(SIGUSR1, 0);
	must(sigprocmask(SIG_BLOCK, &one, NULL));
	must(raise(SIGUSR1));
	saw(me, "handled before", signals_seen(SIGUSR1));
	saw(me, "pselect", pselect(0, NULL, NULL, NULL, &limit, &none));
	saw(me, "handled by then", signals_seen(SIGUSR1));
	saw(me, "blocked afterwards", is_blocked(SIGUSR1));
	must(raise(SIGUSR1));
	saw(me, "handled after another", signals_seen(SIGUSR1));
}

const struct sock_case mux_pselect_atomic_unmask = {
	.claim = "pselect() lets a pending signal in, fails with EINTR and blocks it again.",
	.source = "POSIX.1-2024 pselect(), DESCRIPTION",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_PROCESS | NEEDS_PSELECT,
	.client = unmasking_client,
	.expect = {
		{ CLIENT, "handled before", EQ(0) },
		{ CLIENT, "pselect", FAILS(EINTR) },
		{ CLIENT, "handled by then", EQ(1) },
		{ CLIENT, "blocked afterwards", EQ(1) },
		{ CLIENT, "handled after another", EQ(1) },
	},
};
