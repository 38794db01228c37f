/* outq.c -- what SIOCOUTQ tells of bytes on their way. */
#include "case.h"

static int readable(int fd)
{
	int n = -2;

	return ioctl(fd, FIONREAD, &n) ? -1 : n;
}

static int unacknowledged(int fd)
{
	int n = -2;

	return ioctl(fd, SIOCOUTQ, &n) ? -1 : n;
}

/* Reads what has come; true once the client goes on, which it does when all is acknowledged. */
static bool drained(struct role *me, int conn)
{
	drain(conn);
	return !peer_silent_for(me, 0);
}

static void filled_server(struct role *me)
{
	int conn = accept_peer(me);

	/* Much smaller than the client's: the window closes before all is sent. */
	set_option(conn, SOL_SOCKET, SO_RCVBUF, 1 << 16);
	meet(me, "made narrow");
	long long acknowledged = recv_number(me);
	saw(me, "acknowledged bytes are here", readable(conn) >= acknowledged);
	meet(me, "looked");
	until (me, "the client has seen all acknowledged", drained(me, conn)) {
	}
	meet(me, "drained");
}

static void filling_client(struct role *me)
{
	int fd = connect_to_peer(me);

	set_option(fd, SOL_SOCKET, SO_SNDBUF, 1 << 18);
	meet(me, "made narrow");
	saw(me, "with nothing sent", unacknowledged(fd));
	long long sent = fill_up(fd);
	int left = unacknowledged(fd);
	saw(me, "more than nothing when full", left > 0 && left <= sent ? 1 : left);
	send_number(me, sent - left);
	meet(me, "looked");
	until (me, "the peer has read everything", unacknowledged(fd) <= 0) {
	}
	saw(me, "when all is read", unacknowledged(fd));
	meet(me, "drained");
}

const struct sock_case ioctl_siocoutq = {
	.claim = "SIOCOUTQ tells how many sent bytes the peer's system has not yet acknowledged.",
	.source = "tcp(7), SIOCOUTQ",
	.standing = SYSTEM,
	.portable = "Where there is none, let the peer's program answer.",
	.notes = "FreeBSD is said to call it FIONWRITE, macOS SO_NWRITE.",
	.families = INET | INET6,
	.server = filled_server,
	.client = filling_client,
	.expect = {
		{ CLIENT, "with nothing sent", EQ(0) },
		{ CLIENT, "more than nothing when full", EQ(1) },
		{ SERVER, "acknowledged bytes are here", EQ(1) },
		{ CLIENT, "when all is read", EQ(0) },
	},
};

static void reading_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[8];

	meet(me, "sent");
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	meet(me, "read");
	meet(me, "looked");
}

static void storing_client(struct role *me)
{
	int fd = connect_to_peer(me);

	saw(me, "with nothing sent", unacknowledged(fd));
	send_all(fd, "abcde", 5);
	saw(me, "at least what is unread", unacknowledged(fd) >= 5);
	meet(me, "sent");
	meet(me, "read");
	saw(me, "when all is read", unacknowledged(fd));
	meet(me, "looked");
}

const struct sock_case ioctl_siocoutq_unix = {
	.claim = "SIOCOUTQ on AF_UNIX tells the memory held by data that the peer has not read.",
	.source = "Linux include/uapi/linux/sockios.h, SIOCOUTQ; no manual page describes it for "
		  "AF_UNIX",
	.standing = SYSTEM,
	.portable = "Where there is none, let the peer's program answer.",
	.notes = "Other systems are said to lack it.",
	.families = UNIX,
	.server = reading_server,
	.client = storing_client,
	.expect = {
		{ CLIENT, "with nothing sent", EQ(0) },
		{ CLIENT, "at least what is unread", EQ(1) },
		{ SERVER, "recv", TEXT("5:abcde") },
		{ CLIENT, "when all is read", EQ(0) },
	},
};
