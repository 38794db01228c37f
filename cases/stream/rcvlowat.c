/* rcvlowat.c -- SO_RCVLOWAT, the amount that must be queued before a reader is bothered. */
#include "case.h"

/* Sets the mark of the client. A system may refuse to (POSIX.1-2024 2.10.16). */
static void set_mark(struct role *me, int fd, int bytes)
{
	try_option(me, fd, SOL_SOCKET, SO_RCVLOWAT, bytes, "SO_RCVLOWAT");
}

static void two_step_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abcde", 5);
	meet(me, "looked at 5");
	send_all(conn, "fghij", 5);
	meet(me, "read");
}

static void polling_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[100];

	set_mark(me, fd, 10);
	wait_queued(me, fd, 5);
	saw_flags(me, "poll with 5", poll_now(fd, POLLIN));
	meet(me, "looked at 5");
	wait_queued(me, fd, 10);
	saw_flags(me, "poll with 10", poll_now(fd, POLLIN));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "read");
}

const struct sock_case rcvlowat_poll_threshold = {
	.claim = "poll() reports POLLIN only once SO_RCVLOWAT bytes are queued.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_RCVLOWAT; poll(), DESCRIPTION (readable is what "
		  "does not block)",
	.standing = SHALL,
	.portable = "Be ready to read fewer bytes than the mark.",
	.families = INET | INET6,
	.server = two_step_server,
	.client = polling_client,
	.expect = {
		{ CLIENT, "poll with 5", FLAGS("0") },
		{ CLIENT, "poll with 10", FLAGS("IN") },
		{ CLIENT, "recv", TEXT("10:abcdefghij") },
	},
};

static void closing_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abcde", 5);
	meet(me, "about to read");
	saw(me, "recv stays blocked with 5", peer_silent_for(me, PROOF_MS));
	must(close(conn));
	meet(me, "read");
}

static void patient_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[100];

	set_mark(me, fd, 10);
	wait_queued(me, fd, 5);
	meet(me, "about to read");
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "read");
}

const struct sock_case rcvlowat_recv_blocks = {
	.claim = "A blocking recv() with fewer than SO_RCVLOWAT bytes queued waits; the end of "
		 "the stream ends the wait.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_RCVLOWAT",
	.standing = SHALL,
	.families = INET | INET6,
	.waits_ms = PROOF_MS,
	.server = closing_server,
	.client = patient_client,
	.expect = {
		{ SERVER, "recv stays blocked with 5", EQ(1) },
		{ CLIENT, "recv", TEXT("5:abcde") },
	},
};

static void three_step_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abcde", 5);
	meet(me, "recv has taken 5");
	saw(me, "recv stays blocked with 5", peer_silent_for(me, PROOF_MS));
	send_all(conn, "fghij", 5);
	saw(me, "recv stays blocked with 10", peer_silent_for(me, PROOF_MS));
	send_all(conn, "klmno", 5);
	meet(me, "read");
}

static int receiving_helper(struct role *me, void *arg)
{
	const int *fd = arg;
	char bytes[100];

	saw_bytes(me, "recv", bytes, recv(*fd, bytes, sizeof bytes, 0));
	return 0;
}

static int queued(int fd)
{
	int n = 0;

	must(ioctl(fd, FIONREAD, &n));
	return n;
}

static void watching_client(struct role *me)
{
	int fd = connect_to_peer(me);

	set_mark(me, fd, 10);
	wait_queued(me, fd, 5);
	pid_t pid = helper(me, receiving_helper, &fd);
	until (me, "the helper's recv has taken the 5 bytes", queued(fd) == 0) {
	}
	meet(me, "recv has taken 5");
	saw_end(me, "helper", helper_status(me, pid));
	meet(me, "read");
}

const struct sock_case rcvlowat_recv_stall_quirk = {
	.claim = "A recv() that waits for SO_RCVLOWAT bytes returns once as many have come, those "
		 "included that it has taken already; Linux does not count these.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_RCVLOWAT",
	.standing = SHALL,
	.portable = "Use MSG_WAITALL to wait for an amount, and poll() to wait for any.",
	.notes = "FreeBSD is said to wake the reader at 10 bytes in all.",
	.families = INET | INET6,
	.needs = NEEDS_PROCESS,
	.waits_ms = 2 * PROOF_MS,
	.server = three_step_server,
	.client = watching_client,
	.expect = {
		{ SERVER, "recv stays blocked with 5", EQ(1) },
		{ SERVER, "recv stays blocked with 10", EQ(0), .on[OS_LINUX] = EQ(1),
		  .why = "Linux wakes the reader by what is queued, not by what it has in all" },
		{ CLIENT, "recv", TEXT("10:abcdefghij"), .on[OS_LINUX] = TEXT("15:abcdefghijklmno"),
		  .why = "the 5 bytes taken first do not count, so 10 more are waited for" },
		{ CLIENT, "helper", TEXT("exit 0") },
	},
};

static void hasty_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[100];

	set_mark(me, fd, 10);
	set_nonblocking(fd);
	wait_queued(me, fd, 5);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "looked at 5");
	meet(me, "read");
}

const struct sock_case rcvlowat_nonblock_returns_less = {
	.claim = "A non-blocking recv() with fewer than SO_RCVLOWAT bytes queued does not wait: "
		 "it may return them, as on Linux, or fail with EAGAIN.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_RCVLOWAT (which does not say what a call that may "
		  "not wait does)",
	.standing = MAY,
	.portable = "Wait with poll(), and be ready for either.",
	.notes = "The BSDs are said to fail with EAGAIN at times.",
	.families = INET | INET6,
	.server = two_step_server,
	.client = hasty_client,
	.expect = {
		{ CLIENT, "recv", ONE_OF(TEXT("5:abcde"), FAILS(EAGAIN)),
		  .on[OS_LINUX] = TEXT("5:abcde"), .why = "on Linux the mark is for waiting only" },
	},
};

static void ending_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abcde", 5);
	meet(me, "looked at 5");
	must(close(conn));
}

static void outliving_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[100];

	set_mark(me, fd, 10);
	wait_queued(me, fd, 5);
	saw_flags(me, "poll before the end", poll_now(fd, POLLIN));
	meet(me, "looked at 5");
	saw_flags(me, "poll", wait_for(me, fd, POLLIN));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "recv again", bytes, recv(fd, bytes, sizeof bytes, 0));
}

const struct sock_case rcvlowat_eof_overrides = {
	.claim = "When the stream ends below SO_RCVLOWAT, poll() reports POLLIN and recv() "
		 "returns what there is.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_RCVLOWAT; poll(), DESCRIPTION (readable is what "
		  "does not block)",
	.standing = SHALL,
	.families = INET | INET6,
	.server = ending_server,
	.client = outliving_client,
	.expect = {
		{ CLIENT, "poll before the end", FLAGS("0") },
		{ CLIENT, "poll", FLAGS("IN") },
		{ CLIENT, "recv", TEXT("5:abcde") },
		{ CLIENT, "recv again", TEXT("0:") },
	},
};

static void drip_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "a", 1);
	meet(me, "about to read");
	saw(me, "recv stays blocked with 1", peer_silent_for(me, PROOF_MS));
	send_all(conn, "bcdefghij", 9);
	meet(me, "read");
}

static void misled_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[100];

	set_mark(me, fd, 10);
	wait_queued(me, fd, 1);
	saw_flags(me, "poll with 1", poll_now(fd, POLLIN));
	meet(me, "about to read");
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "read");
}

const struct sock_case rcvlowat_unix_ignored_by_poll = {
	.claim = "On AF_UNIX, too, a blocking recv() waits for SO_RCVLOWAT bytes and poll() does "
		 "not report POLLIN before; on Linux it does.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_RCVLOWAT; poll(), DESCRIPTION (readable is what "
		  "does not block)",
	.standing = SHALL,
	.portable = "After poll() receive without blocking.",
	.families = UNIX,
	.waits_ms = PROOF_MS,
	.server = drip_server,
	.client = misled_client,
	.expect = {
		{ CLIENT, "poll with 1", FLAGS("0"), .on[OS_LINUX] = FLAGS("IN"),
		  .why = "poll() of AF_UNIX on Linux asks only whether anything is queued" },
		{ SERVER, "recv stays blocked with 1", EQ(1) },
		{ CLIENT, "recv", TEXT("10:abcdefghij") },
	},
};
