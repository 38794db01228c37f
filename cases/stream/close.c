/* close.c -- what one end sees after the other has closed. */
#include "case.h"

static void closing_server(struct role *me)
{
	int conn = accept_peer(me);

	must(close(conn));
	meet(me, "closed");
}

static void reading_client(struct role *me)
{
	int fd = connect_to_peer(me);
	ssize_t again = 0;
	char byte;

	meet(me, "closed");
	saw(me, "recv", recv(fd, &byte, 1, 0));
	for (int i = 0; i < 9 && again == 0; i++)
		again = recv(fd, &byte, 1, 0);
	saw(me, "recv again", again);
}

const struct sock_case recv_zero_on_orderly_close = {
	.claim = "After the peer has closed and all data was read, recv() returns 0, every time.",
	.source = "POSIX.1-2024 recv(), RETURN VALUE",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = closing_server,
	.client = reading_client,
	.expect = {
		{ CLIENT, "recv", EQ(0) },
		{ CLIENT, "recv again", EQ(0) },
	},
};

static void sending_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abc", 3);
	must(close(conn));
	meet(me, "closed");
}

/* Waits until the end has come behind the data; where poll() does not tell that, no longer than for
 * a proof. */
static void await_end(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLRDHUP };

	must(poll(&one, 1, PROOF_MS));
}

static void draining_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	meet(me, "closed");
	await_end(fd);
	saw_bytes(me, "first recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "second recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

const struct sock_case recv_data_then_zero = {
	.claim = "Data sent before the peer closed is read first; then recv() returns 0.",
	.source = "POSIX.1-2024 recv(), RETURN VALUE",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = sending_server,
	.client = draining_client,
	.expect = {
		{ CLIENT, "first recv", TEXT("3:abc") },
		{ CLIENT, "second recv", TEXT("0:") },
	},
};

static void late_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "about to read");
	saw(me, "recv stays blocked", peer_silent_for(me, PROOF_MS));
	send_all(conn, "x", 1);
	meet(me, "read");
}

static void patient_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	meet(me, "about to read");
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "read");
}

const struct sock_case recv_blocks_until_data = {
	.claim = "recv() on a blocking socket with nothing queued blocks until data comes.",
	.source = "POSIX.1-2024 recv(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.waits_ms = PROOF_MS,
	.server = late_server,
	.client = patient_client,
	.expect = {
		{ SERVER, "recv stays blocked", EQ(1) },
		{ CLIENT, "recv", TEXT("1:x") },
	},
};

static void signalling_server(struct role *me)
{
	(void)accept_peer(me);
	meet(me, "about to read");
	interrupt_peer(me, SIGUSR1);
	meet(me, "interrupted");
}

static void interrupted_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte;

	count_signals(SIGUSR1, 0);
	meet(me, "about to read");
	saw(me, "recv", recv(fd, &byte, 1, 0));
	saw(me, "signal was handled", signals_seen(SIGUSR1) > 0);
	meet(me, "interrupted");
}

const struct sock_case recv_eintr = {
	.claim = "A handler without SA_RESTART makes a recv() that has nothing yet fail with "
		 "EINTR.",
	.source = "POSIX.1-2024 recv(), ERRORS EINTR",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.server = signalling_server,
	.client = interrupted_client,
	.expect = {
		{ CLIENT, "recv", FAILS(EINTR) },
		{ CLIENT, "signal was handled", EQ(1) },
	},
};
