/* accept_wait.c -- how accept() waits, and what ends the wait. */
#include "case.h"

static void waiting_server(struct role *me)
{
	int listener = listen_on(me, 1);
	char byte;

	meet(me, "about to accept");
	int conn = accept(listener, NULL, NULL);
	meet(me, "accepted");
	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
}

static void late_client(struct role *me)
{
	(void)peer_address(me);
	meet(me, "about to accept");
	saw(me, "accept stays blocked", peer_silent_for(me, PROOF_MS));
	send_all(connect_to_peer(me), "x", 1);
	meet(me, "accepted");
}

const struct sock_case accept_blocks_until_connect = {
	.claim = "accept() on a blocking listener waits until a client connects.",
	.source = "POSIX.1-2024 accept(), DESCRIPTION (\"shall block\")",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.waits_ms = PROOF_MS,
	.server = waiting_server,
	.client = late_client,
	.expect = {
		{ CLIENT, "accept stays blocked", EQ(1) },
		{ SERVER, "recv", TEXT("1:x") },
	},
};

static void polling_server(struct role *me)
{
	int listener = listen_on(me, 1);
	char byte;

	set_nonblocking(listener);
	saw(me, "accept while idle", accept(listener, NULL, NULL));
	meet(me, "idle was seen");
	wait_for(me, listener, POLLIN);
	int conn = accept(listener, NULL, NULL);
	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
	saw(me, "accept when idle again", accept(listener, NULL, NULL));
}

static void awaited_client(struct role *me)
{
	(void)peer_address(me);
	meet(me, "idle was seen");
	send_all(connect_to_peer(me), "x", 1);
}

const struct sock_case accept_nonblock_eagain = {
	.claim = "accept() on an idle non-blocking listener fails with EAGAIN at once.",
	.source = "POSIX.1-2024 accept(), ERRORS EAGAIN or EWOULDBLOCK",
	.standing = SHALL,
	.portable = "Test for EAGAIN and EWOULDBLOCK: they may be different numbers.",
	.families = INET | INET6 | UNIX,
	.server = polling_server,
	.client = awaited_client,
	.expect = {
		{ SERVER, "accept while idle", FAILS(EAGAIN) },
		{ SERVER, "recv", TEXT("1:x") },
		{ SERVER, "accept when idle again", FAILS(EAGAIN) },
	},
};

/* A client that saves an accept() without a time-out waits so long before it does. */
enum { TIMEOUT_MS = 100, TICK_MS = 10, RESCUE_MS = 1000 };

static void limited_server(struct role *me)
{
	int listener = listen_on(me, 2);
	char byte;

	set_timeout(listener, SO_RCVTIMEO, TIMEOUT_MS);
	meet(me, "about to accept");
	long long start = now_ms();
	saw(me, "accept", accept(listener, NULL, NULL));
	saw_time(me, "time", start, TIMEOUT_MS - TICK_MS, 4 * TIMEOUT_MS);
	meet(me, "accept has returned");
	meet(me, "client has come");
	int conn = accept(listener, NULL, NULL);
	saw_bytes(me, "recv from a client that comes later", &byte, recv(conn, &byte, 1, 0));
	meet(me, "read");
}

static void absent_client(struct role *me)
{
	(void)peer_address(me);
	meet(me, "about to accept");
	if (peer_silent_for(me, RESCUE_MS))
		connect_to_peer(me);
	meet(me, "accept has returned");
	send_all(connect_to_peer(me), "x", 1);
	meet(me, "client has come");
	meet(me, "read");
}

const struct sock_case accept_rcvtimeo_eagain = {
	.claim = "On Linux SO_RCVTIMEO bounds the wait of accept(), which then fails with EAGAIN.",
	.source = "socket(7), SO_RCVTIMEO; POSIX.1-2024 XSH 2.10.16, SO_RCVTIMEO does not speak "
		  "of accept()",
	.standing = SYSTEM,
	.portable = "Wait in poll() with a time limit before accept() on a non-blocking listener.",
	.notes = "macOS and Windows are said to let accept() wait on.",
	.families = INET | INET6 | UNIX,
	.waits_ms = TIMEOUT_MS,
	.timed = true,
	.server = limited_server,
	.client = absent_client,
	.expect = {
		{ SERVER, "accept", FAILS(EAGAIN) },
		{ SERVER, "time", ON_TIME },
		{ SERVER, "recv from a client that comes later", TEXT("1:x") },
	},
};

static void interrupted_server(struct role *me)
{
	int listener = listen_on(me, 1);

	count_signals(SIGUSR1, 0);
	meet(me, "about to accept");
	saw(me, "accept", accept(listener, NULL, NULL));
	saw(me, "signal was handled", signals_seen(SIGUSR1) > 0);
	meet(me, "interrupted");
}

static void signalling_client(struct role *me)
{
	(void)peer_address(me);
	meet(me, "about to accept");
	interrupt_peer(me, SIGUSR1);
	meet(me, "interrupted");
}

const struct sock_case accept_eintr = {
	.claim = "A handler without SA_RESTART makes an accept() that waits fail with EINTR.",
	.source = "POSIX.1-2024 accept(), ERRORS EINTR",
	.standing = SHALL,
	.portable = "Call accept() again after EINTR.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.server = interrupted_server,
	.client = signalling_client,
	.expect = {
		{ SERVER, "accept", FAILS(EINTR) },
		{ SERVER, "signal was handled", EQ(1) },
	},
};

static void restarting_server(struct role *me)
{
	int listener = listen_on(me, 1);
	char byte;

	count_signals(SIGUSR1, SA_RESTART);
	meet(me, "about to accept");
	int conn = accept(listener, NULL, NULL);
	meet(me, "accepted");
	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
	saw(me, "signal was handled", signals_seen(SIGUSR1) > 0);
}

/* Many signals, so that some come while the server is in accept() and not on its way there. */
enum { SIGNALS = 10, BETWEEN_MS = PROOF_MS / SIGNALS };

static void disturbing_client(struct role *me)
{
	int silent = 1;

	(void)peer_address(me);
	meet(me, "about to accept");
	for (int i = 0; i < SIGNALS && silent; i++) {
		must(kill(peer_pid(me), SIGUSR1));
		silent = peer_silent_for(me, BETWEEN_MS);
	}
	saw(me, "accept stays blocked", silent);
	send_all(connect_to_peer(me), "x", 1);
	meet(me, "accepted");
}

const struct sock_case accept_sa_restart = {
	.claim = "After a handler with SA_RESTART accept() goes on waiting and gets its client.",
	.source = "POSIX.1-2024 sigaction(), SA_RESTART",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.waits_ms = PROOF_MS,
	.server = restarting_server,
	.client = disturbing_client,
	.expect = {
		{ CLIENT, "accept stays blocked", EQ(1) },
		{ SERVER, "recv", TEXT("1:x") },
		{ SERVER, "signal was handled", EQ(1) },
	},
};
