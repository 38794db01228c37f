/* ioctl.c -- what ioctl() tells of a stream's queues, and FIONBIO. */
#include "case.h"

static int readable(int fd)
{
	int n = -2;

	return ioctl(fd, FIONREAD, &n) ? -1 : n;
}

/* Waits until n bytes are queued, by other means than FIONREAD. */
static void wait_peeked(struct role *me, int fd, ssize_t n)
{
	char bytes[16];

	until (me, "data can be peeked at",
	       recv(fd, bytes, sizeof bytes, MSG_PEEK | MSG_DONTWAIT) == n) {
	}
}

static void sending_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "looked");
	send_all(conn, "abcde", 5);
	meet(me, "read");
}

static void counting_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[2];

	saw(me, "with nothing queued", readable(fd));
	meet(me, "looked");
	wait_peeked(me, fd, 5);
	saw(me, "with 5 queued", readable(fd));
	must(recv(fd, bytes, sizeof bytes, 0));
	saw(me, "after recv of 2", readable(fd));
	meet(me, "read");
}

const struct sock_case ioctl_fionread_counts = {
	.claim = "FIONREAD tells how many bytes can be read without blocking.",
	.source = "tcp(7), SIOCINQ; unix(7), SIOCINQ",
	.standing = SYSTEM,
	.families = INET | INET6 | UNIX,
	.server = sending_server,
	.client = counting_client,
	.expect = {
		{ CLIENT, "with nothing queued", EQ(0) },
		{ CLIENT, "with 5 queued", EQ(5) },
		{ CLIENT, "after recv of 2", EQ(3) },
	},
};

static void ending_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abcde", 5);
	must(shutdown(conn, SHUT_WR));
	meet(me, "ended");
	meet(me, "looked");
}

static void end_counting_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	meet(me, "ended");
	if (family_of(me) != UNIX)
		wait_state(me, fd, "CLOSE-WAIT");
	saw(me, "with 5 and the end queued", readable(fd));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "with only the end", readable(fd));
	meet(me, "looked");
}

const struct sock_case ioctl_fionread_after_fin = {
	.claim = "FIONREAD counts data only, not the end of the stream behind it.",
	.source = "tcp(7), SIOCINQ; unix(7), SIOCINQ",
	.standing = SYSTEM,
	.portable = "A readable socket for which FIONREAD gives 0 has come to its end.",
	.families = INET | INET6 | UNIX,
	.server = ending_server,
	.client = end_counting_client,
	.expect = {
		{ CLIENT, "with 5 and the end queued", EQ(5) },
		{ CLIENT, "recv", TEXT("5:abcde") },
		{ CLIENT, "with only the end", EQ(0) },
	},
};

static void connected_server(struct role *me)
{
	(void)accept_peer(me);
	meet(me, "looked");
}

static void waking_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "about to read");
	saw(me, "recv stays blocked", peer_silent_for(me, PROOF_MS));
	send_all(conn, "x", 1);
	meet(me, "read");
}

static void switching_client(struct role *me)
{
	int fd = connect_to_peer(me);
	int on = 1;
	int off = 0;
	char byte;

	saw(me, "FIONBIO 1", ioctl(fd, FIONBIO, &on));
	saw(me, "O_NONBLOCK is set", (must(fcntl(fd, F_GETFL)) & O_NONBLOCK) != 0);
	saw(me, "recv", recv(fd, &byte, 1, 0));
	saw(me, "FIONBIO 0", ioctl(fd, FIONBIO, &off));
	saw(me, "O_NONBLOCK is still set", (must(fcntl(fd, F_GETFL)) & O_NONBLOCK) != 0);
	meet(me, "about to read");
	saw_bytes(me, "recv after FIONBIO 0", &byte, recv(fd, &byte, 1, 0));
	meet(me, "read");
}

const struct sock_case ioctl_fionbio = {
	.claim = "FIONBIO switches the same property as O_NONBLOCK of fcntl().",
	.source = "Linux include/uapi/asm-generic/ioctls.h, FIONBIO; no standard has it",
	.standing = SYSTEM,
	.portable = "fcntl(F_SETFL) with O_NONBLOCK.",
	.notes = "Windows is said to call it ioctlsocket().",
	.families = INET | INET6 | UNIX,
	.waits_ms = PROOF_MS,
	.server = waking_server,
	.client = switching_client,
	.expect = {
		{ CLIENT, "FIONBIO 1", EQ(0) },
		{ CLIENT, "O_NONBLOCK is set", EQ(1) },
		{ CLIENT, "recv", FAILS(EAGAIN) },
		{ CLIENT, "FIONBIO 0", EQ(0) },
		{ CLIENT, "O_NONBLOCK is still set", EQ(0) },
		{ SERVER, "recv stays blocked", EQ(1) },
		{ CLIENT, "recv after FIONBIO 0", TEXT("1:x") },
	},
};

static void nonsense_client(struct role *me)
{
	int fd = connect_to_peer(me);
	int value = 0;

	saw(me, "ioctl", ioctl(fd, _IO('~', 42), &value));
	meet(me, "looked");
}

const struct sock_case ioctl_unknown_enotty = {
	.claim = "An ioctl() that sockets do not know fails with ENOTTY.",
	.source = "ioctl(2), ERRORS ENOTTY",
	.standing = SYSTEM,
	.portable = "Take any failure for: not known here.",
	.notes = "FreeBSD is said to fail with EINVAL at times.",
	.families = INET | INET6 | UNIX,
	.server = connected_server,
	.client = nonsense_client,
	.expect = {
		{ CLIENT, "ioctl", FAILS(ENOTTY) },
	},
};

static void unconnected_client(struct role *me)
{
	saw(me, "unconnected", readable(open_socket(me, SOCK_STREAM)));
}

const struct sock_case ioctl_fionread_unconnected = {
	.claim = "On Linux FIONREAD on a TCP socket that was never connected gives 0.",
	.source = "tcp(7), SIOCINQ speaks of connections only; Linux net/ipv4/tcp.c, tcp_ioctl()",
	.standing = SYSTEM,
	.families = INET | INET6,
	.client = unconnected_client,
	.expect = {
		{ CLIENT, "unconnected", EQ(0) },
	},
};

static void listening_server(struct role *me)
{
	saw(me, "listening", readable(listen_on(me, 1)));
}

const struct sock_case ioctl_fionread_unix_unconnected = {
	.claim = "On Linux FIONREAD on AF_UNIX gives 0 before a connection, and fails with EINVAL "
		 "on a listener.",
	.source = "unix(7), Ioctls, SIOCINQ (not for a socket in LISTEN state)",
	.standing = SYSTEM,
	.families = UNIX,
	.server = listening_server,
	.client = unconnected_client,
	.expect = {
		{ CLIENT, "unconnected", EQ(0) },
		{ SERVER, "listening", FAILS(EINVAL) },
	},
};

static int at_mark(int fd)
{
	int answer = -2;

	return ioctl(fd, SIOCATMARK, &answer) ? -1 : answer;
}

static void unmarked_client(struct role *me)
{
	int fd = connect_to_peer(me);

	saw(me, "with nothing queued", at_mark(fd));
	meet(me, "looked");
	wait_peeked(me, fd, 5);
	saw(me, "with plain data", at_mark(fd));
	saw(me, "sockatmark", sockatmark(fd));
	meet(me, "read");
}

const struct sock_case ioctl_sioccatmark = {
	.claim = "SIOCATMARK gives 0 while there is no urgent data, as sockatmark() does.",
	.source = "tcp(7), Ioctls, SIOCATMARK; POSIX.1-2024 sockatmark(), RETURN VALUE",
	.standing = SYSTEM,
	.portable = "sockatmark().",
	.families = INET | INET6,
	.needs = NEEDS_SOCKATMARK,
	.server = sending_server,
	.client = unmarked_client,
	.expect = {
		{ CLIENT, "with nothing queued", EQ(0) },
		{ CLIENT, "with plain data", EQ(0) },
		{ CLIENT, "sockatmark", EQ(0), .standing = SHALL },
	},
};
