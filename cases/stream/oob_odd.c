/* oob_odd.c -- urgent data where it is rare: behind a closed window, and on AF_UNIX. */
#include "case.h"

/* MUCH is more than the window of a SMALL buffer, and less than the urgent pointer's 64 KiB. */
enum { SMALL = 1 << 12, MUCH = 1 << 15, PROBE_MS = 250 };

/* Sends more than the client's window takes, and an urgent byte behind it. */
static void stuffing_server(struct role *me)
{
	static const char block[MUCH];
	int conn = accept_peer(me);

	set_option(conn, SOL_SOCKET, SO_SNDBUF, 2 * MUCH);
	send_all(conn, block, sizeof block);
	saw(me, "send", send(conn, "!", 1, MSG_OOB));
	meet(me, "done");
}

/* Whether recv(MSG_OOB) tells that urgent data is on its way: EAGAIN, no longer EINVAL. */
static bool urgent_is_announced(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_OOB | MSG_PEEK) != -1 || errno != EINVAL;
}

static void narrow_client(struct role *me)
{
	struct address server = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);
	char bytes[MUCH];
	long long total = 0;

	set_option(fd, SOL_SOCKET, SO_RCVBUF, SMALL);
	must(connect(fd, &server.any, server.len));
	until (me, "urgent data is announced", urgent_is_announced(fd)) {
	}
	saw(me, "recv MSG_OOB", recv(fd, bytes, 1, MSG_OOB));
	saw_flags(me, "poll", poll_now(fd, POLLPRI));
	while (total < MUCH)
		total += must(recv(fd, bytes, sizeof bytes, 0));
	saw(me, "bytes before the mark", total);
	wait_for(me, fd, POLLPRI);
	saw_bytes(me, "recv MSG_OOB at the mark", bytes, recv(fd, bytes, 1, MSG_OOB));
	saw(me, "recv", recv(fd, bytes, 1, MSG_DONTWAIT));
	meet(me, "done");
}

const struct sock_case oob_zero_window_urg_notified = {
	.claim = "Urgent data is announced to a receiver whose window is closed: recv(MSG_OOB) "
		 "fails with EAGAIN until the byte itself can come.",
	.source = "RFC 9293, sections 3.8.5 and 3.8.6.1; POSIX.1-2024 recv(), ERRORS EAGAIN",
	.standing = SHALL,
	.portable = "Read plain data until sockatmark() gives 1, then receive the urgent byte.",
	.notes = "The BSDs are said to set POLLPRI by the announcement.",
	.families = INET | INET6,
	.waits_ms = PROBE_MS,
	.server = stuffing_server,
	.client = narrow_client,
	.expect = {
		{ SERVER, "send", EQ(1) },
		{ CLIENT, "recv MSG_OOB", FAILS(EAGAIN) },
		{ CLIENT, "poll", ANY, .on[OS_LINUX] = FLAGS("0"),
		  .why = "Linux sets POLLPRI once the urgent byte itself has come",
		  .standing = MAY },
		{ CLIENT, "bytes before the mark", EQ(MUCH) },
		{ CLIENT, "recv MSG_OOB at the mark", TEXT("1:!") },
		{ CLIENT, "recv", FAILS(EAGAIN) },
	},
};

static void marking_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "ab", 2);
	ssize_t n = send(conn, "c", 1, MSG_OOB);
	if (n == -1 && errno == EOPNOTSUPP)
		unsupported(me, "this system has no urgent data on AF_UNIX");
	saw(me, "send", n);
	meet(me, "sent");
	meet(me, "done");
}

static void mark_seeking_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[100];
	int mark = -2;

	meet(me, "sent");
	saw(me, "before the mark", ioctl(fd, SIOCATMARK, &mark) ? -1 : mark);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "at the mark", ioctl(fd, SIOCATMARK, &mark) ? -1 : mark);
	saw_bytes(me, "recv MSG_OOB", bytes, recv(fd, bytes, sizeof bytes, MSG_OOB));
	meet(me, "done");
}

const struct sock_case oob_sockatmark_unix = {
	.claim = "Where AF_UNIX streams have urgent data, SIOCATMARK is 1 when it is next.",
	.source = "Linux 5.15 and later (CONFIG_AF_UNIX_OOB); the unix(7) of older releases knows "
		  "no MSG_OOB",
	.standing = SYSTEM,
	.portable = "Use no urgent data on AF_UNIX: most systems lack it.",
	.notes = "Linux has it since 5.15; elsewhere it is said to be missing.",
	.families = UNIX,
	.server = marking_server,
	.client = mark_seeking_client,
	.expect = {
		{ SERVER, "send", EQ(1) },
		{ CLIENT, "before the mark", EQ(0) },
		{ CLIENT, "recv", TEXT("2:ab") },
		{ CLIENT, "at the mark", EQ(1) },
		{ CLIENT, "recv MSG_OOB", TEXT("1:c") },
	},
};
