/* listen_backlog.c -- how many connections the backlog lets wait, and where that can be read. */
#include "case.h"

/* Of a listener Linux's TCP_INFO tells how many connections wait (tcpi_unacked) and how many may
 * (tcpi_sacked). */
static struct tcp_info queue_of(struct role *me, int listener)
{
	struct tcp_info info = { 0 };

	take_tcp_info(me, listener, 0, &info, offsetof(struct tcp_info, tcpi_lost));
	return info;
}

/* More clients than the first backlog can hold in any system's rounding. */
enum { FIRST_BACKLOG = 1, SECOND_BACKLOG = 8, CROWD = 6 };

static void relistening_server(struct role *me)
{
	int listener = listen_on(me, FIRST_BACKLOG);
	int accepted = 0;

	saw(me, "listen again", listen(listener, SECOND_BACKLOG));
	meet(me, "listens again");
	for (long long left = recv_number(me); left > 0; left--)
		accepted += accept(listener, NULL, NULL) >= 0;
	saw_value(me, "accepted", accepted);
	meet(me, "accepted");
}

static void crowding_client(struct role *me)
{
	struct sockaddr_storage peer;
	int fd[CROWD], connected = 0;

	(void)peer_address(me);
	meet(me, "listens again");
	for (int i = 0; i < CROWD; i++)
		fd[i] = start_connect(me);
	for (int i = 0; i < CROWD; i++) {
		socklen_t len = sizeof peer;
		wait_for(me, fd[i], POLLOUT);
		connected += !getpeername(fd[i], (struct sockaddr *)&peer, &len);
	}
	saw_value(me, "connected without accept", connected);
	send_number(me, connected);
	meet(me, "accepted");
}

const struct sock_case listen_twice_ok = {
	.claim = "On Linux listen() on a listening socket succeeds and changes its backlog.",
	.source = "POSIX.1-2024 listen(), ERRORS has none for it; Linux net/ipv4/af_inet.c, "
		  "inet_listen() and net/unix/af_unix.c",
	.standing = SYSTEM,
	.portable = "Call listen() once, with the backlog that you want.",
	.families = INET | INET6 | UNIX,
	.server = relistening_server,
	.client = crowding_client,
	.expect = {
		{ SERVER, "listen again", EQ(0) },
		{ CLIENT, "connected without accept", EQ(CROWD) },
		{ SERVER, "accepted", EQ(CROWD) },
	},
};

static void greedy_server(struct role *me)
{
	int listener = bind_on(me, SOCK_STREAM);
	long long limit = get_sysctl(me, "net/core/somaxconn");

	must_be(limit < INT_MAX);
	saw(me, "listen beyond the limit", listen(listener, (int)limit + 1));
	saw_value(me, "backlog above somaxconn", queue_of(me, listener).tcpi_sacked - limit);
	saw(me, "listen with 1", listen(listener, 1));
	saw_value(me, "small backlog", queue_of(me, listener).tcpi_sacked);
}

const struct sock_case listen_backlog_clamped_somaxconn = {
	.claim = "On Linux a backlog above net.core.somaxconn is cut to it, silently.",
	.source = "listen(2), NOTES (somaxconn); POSIX.1-2024 listen(), DESCRIPTION allows it",
	.standing = SYSTEM,
	.portable = "Pass SOMAXCONN or more for \"as many as allowed\"; never count on the number.",
	.notes = "FreeBSD is said to have kern.ipc.soacceptqueue for it.",
	.families = INET | INET6,
	.needs = NEEDS_TCP_INFO,
	.server = greedy_server,
	.expect = {
		{ SERVER, "listen beyond the limit", EQ(0) },
		{ SERVER, "backlog above somaxconn", EQ(0) },
		{ SERVER, "listen with 1", EQ(0) },
		{ SERVER, "small backlog", EQ(1) },
	},
};

enum { WAITING = 3 };

static void counting_server(struct role *me)
{
	int listener = listen_on(me, 2 * WAITING);

	saw_value(me, "idle", queue_of(me, listener).tcpi_unacked);
	meet(me, "idle was seen");
	meet(me, "all have connected");
	until (me, "all are queued", queue_of(me, listener).tcpi_unacked >= WAITING) {
	}
	saw_value(me, "all wait", queue_of(me, listener).tcpi_unacked);
	must(accept(listener, NULL, NULL));
	saw_value(me, "after one accept", queue_of(me, listener).tcpi_unacked);
	must(accept(listener, NULL, NULL));
	must(accept(listener, NULL, NULL));
	saw_value(me, "all accepted", queue_of(me, listener).tcpi_unacked);
	meet(me, "all are counted");
}

static void counted_client(struct role *me)
{
	(void)peer_address(me);
	meet(me, "idle was seen");
	for (int i = 0; i < WAITING; i++)
		connect_to_peer(me);
	meet(me, "all have connected");
	meet(me, "all are counted");
}

const struct sock_case listen_tcpinfo_queue_depth = {
	.claim = "On Linux TCP_INFO of a listener tells how many connections wait for accept().",
	.source = "Linux net/ipv4/tcp.c, tcp_get_info() of a socket in LISTEN; no manual page "
		  "says it",
	.standing = SYSTEM,
	.portable = "There is no portable way to ask; poll() tells whether at least one waits.",
	.notes = "FreeBSD is said to have SO_LISTENQLEN for it.",
	.families = INET | INET6,
	.needs = NEEDS_TCP_INFO,
	.server = counting_server,
	.client = counted_client,
	.expect = {
		{ SERVER, "idle", EQ(0) },
		{ SERVER, "all wait", EQ(WAITING) },
		{ SERVER, "after one accept", EQ(WAITING - 1) },
		{ SERVER, "all accepted", EQ(0) },
	},
};

static void modest_server(struct role *me)
{
	int listener = listen_on(me, 0);
	char byte;

	/* Nobody is in accept() while the client connects. */
	int conn = recv_number(me) == 0 ? accept(listener, NULL, NULL) : -1;
	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
}

static void single_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);
	long long connected = saw(me, "connect", connect(fd, &to.any, to.len));

	if (connected == 0)
		send_all(fd, "x", 1);
	send_number(me, connected);
}

static const char one_more[] = "Linux holds one connection more than the backlog says.";

const struct sock_case listen_backlog0_accepts_one = {
	.claim = "With a backlog of 0 one client may still connect before the server accepts it, "
		 "as on Linux.",
	.source = "POSIX.1-2024 listen(), DESCRIPTION (\"A backlog argument of 0 may allow\")",
	.standing = MAY,
	.portable = "Pass a backlog of at least 1.",
	.families = INET | INET6 | UNIX,
	.server = modest_server,
	.client = single_client,
	.expect = {
		{ CLIENT, "connect", ONE_OF(EQ(0), FAILS(ECONNREFUSED)),
		  .on[OS_LINUX] = EQ(0),
		  .why = one_more },
		{ SERVER, "recv", ONE_OF(TEXT("1:x"), FAILS_ANY), .on[OS_LINUX] = TEXT("1:x"),
		  .why = one_more },
	},
};
