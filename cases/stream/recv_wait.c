/* recv_wait.c -- how long recv() waits: MSG_WAITALL, SO_RCVTIMEO and signals. */
#include "case.h"

/* A timer may run out one tick early; of a slow machine four times the limit is expected. */
enum { LIMIT_MS = 100, TICK_MS = 10, LATE_MS = 4 * LIMIT_MS };

static void halting_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abcd", 4);
	meet(me, "about to read");
	saw(me, "recv stays blocked", peer_silent_for(me, PROOF_MS));
	send_all(conn, "efghij", 6);
	meet(me, "read");
}

static void demanding_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[10];

	wait_queued(me, fd, 4);
	meet(me, "about to read");
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_WAITALL));
	meet(me, "read");
}

const struct sock_case recv_waitall_blocks_for_full = {
	.claim = "recv(MSG_WAITALL) waits until the whole length it asks for has come.",
	.source = "POSIX.1-2024 recv(), MSG_WAITALL",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.waits_ms = PROOF_MS,
	.server = halting_server,
	.client = demanding_client,
	.expect = {
		{ SERVER, "recv stays blocked", EQ(1) },
		{ CLIENT, "recv", TEXT("10:abcdefghij") },
	},
};

static void stopping_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abcd", 4);
	meet(me, "about to read");
	saw(me, "recv stays blocked", peer_silent_for(me, PROOF_MS));
	must(close(conn));
	meet(me, "recv returned");
}

static void disappointed_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[10];

	wait_queued(me, fd, 4);
	meet(me, "about to read");
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_WAITALL));
	meet(me, "recv returned");
	saw_bytes(me, "recv again", bytes, recv(fd, bytes, sizeof bytes, MSG_WAITALL));
}

const struct sock_case recv_waitall_short_on_eof = {
	.claim = "recv(MSG_WAITALL) that waits for more returns what there is when the stream "
		 "ends.",
	.source = "POSIX.1-2024 recv(), MSG_WAITALL",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.waits_ms = PROOF_MS,
	.server = stopping_server,
	.client = disappointed_client,
	.expect = {
		{ SERVER, "recv stays blocked", EQ(1) },
		{ CLIENT, "recv", TEXT("4:abcd") },
		{ CLIENT, "recv again", TEXT("0:") },
	},
};

static void unfinished_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abcd", 4);
	meet(me, "read");
}

static void limited_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[10];

	set_timeout(fd, SO_RCVTIMEO, LIMIT_MS);
	wait_queued(me, fd, 4);
	long long start = now_ms();
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_WAITALL));
	saw_time(me, "recv took", start, LIMIT_MS - TICK_MS, LATE_MS);
	meet(me, "read");
}

const struct sock_case recv_waitall_rcvtimeo_partial = {
	.claim = "When SO_RCVTIMEO runs out, recv(MSG_WAITALL) returns the part that has come.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_RCVTIMEO",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.waits_ms = LIMIT_MS,
	.timed = true,
	.server = unfinished_server,
	.client = limited_client,
	.expect = {
		{ CLIENT, "recv", TEXT("4:abcd") },
		{ CLIENT, "recv took", ON_TIME },
	},
};

static void silent_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "timed out");
	send_all(conn, "x", 1);
	meet(me, "read");
}

static void time_limited_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	set_timeout(fd, SO_RCVTIMEO, LIMIT_MS);
	long long start = now_ms();
	saw(me, "recv", recv(fd, bytes, sizeof bytes, 0));
	saw_time(me, "recv took", start, LIMIT_MS - TICK_MS, LATE_MS);
	meet(me, "timed out");
	wait_queued(me, fd, 1);
	saw_bytes(me, "recv with data", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "read");
}

const struct sock_case recv_rcvtimeo = {
	.claim = "With SO_RCVTIMEO a recv() for which nothing comes fails with EAGAIN after that "
		 "time; the connection lives on.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_RCVTIMEO",
	.standing = SHALL,
	.portable = "Or poll() for POLLIN with a timeout, and receive without blocking.",
	.notes = "Windows is said to report WSAETIMEDOUT and to take the time as a DWORD of ms.",
	.families = INET | INET6 | UNIX,
	.waits_ms = LIMIT_MS,
	.timed = true,
	.server = silent_server,
	.client = time_limited_client,
	.expect = {
		{ CLIENT, "recv", FAILS(EAGAIN) },
		{ CLIENT, "recv took", ON_TIME },
		{ CLIENT, "recv with data", TEXT("1:x") },
	},
};

enum { SHORT_MS = LIMIT_MS / 2 };

static void polling_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct pollfd one = { .fd = fd, .events = POLLIN };
	char byte;

	set_timeout(fd, SO_RCVTIMEO, SHORT_MS);
	long long start = now_ms();
	saw(me, "poll", poll(&one, 1, LIMIT_MS));
	saw_time(me, "poll took", start, LIMIT_MS - TICK_MS, LATE_MS);
	start = now_ms();
	saw(me, "recv", recv(fd, &byte, 1, 0));
	saw_time(me, "recv took", start, SHORT_MS - TICK_MS, SHORT_MS + 200);
	meet(me, "timed out");
	meet(me, "read");
}

const struct sock_case recv_rcvtimeo_ignored_by_poll = {
	.claim = "SO_RCVTIMEO limits recv() only: poll() waits for its own time.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION (timeout); XSH 2.10.16, SO_RCVTIMEO",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.waits_ms = LIMIT_MS + SHORT_MS,
	.timed = true,
	.server = silent_server,
	.client = polling_client,
	.expect = {
		{ CLIENT, "poll", EQ(0) },
		{ CLIENT, "poll took", ON_TIME },
		{ CLIENT, "recv", FAILS(EAGAIN) },
		{ CLIENT, "recv took", ON_TIME },
	},
};

static void single_signal_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "about to read");
	saw(me, "recv stays blocked", peer_silent_for(me, PROOF_MS));
	must(kill(peer_pid(me), SIGUSR1));
	saw(me, "recv stays blocked after the signal", peer_silent_for(me, PROOF_MS));
	send_all(conn, "x", 1);
	meet(me, "read");
}

static void restarting_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	count_signals(SIGUSR1, SA_RESTART);
	meet(me, "about to read");
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "signals handled", signals_seen(SIGUSR1));
	meet(me, "read");
}

const struct sock_case recv_sa_restart = {
	.claim = "After a handler with SA_RESTART a blocked recv() goes on waiting and gets the "
		 "data.",
	.source = "POSIX.1-2024 sigaction(), SA_RESTART",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.waits_ms = 2 * PROOF_MS,
	.server = single_signal_server,
	.client = restarting_client,
	.expect = {
		{ SERVER, "recv stays blocked", EQ(1) },
		{ SERVER, "recv stays blocked after the signal", EQ(1) },
		{ CLIENT, "recv", TEXT("1:x") },
		{ CLIENT, "signals handled", EQ(1) },
	},
};
