/* listen.c -- what a listening socket is, shows and refuses. */
#include "case.h"

/* Gives -1 when there is no connection, so that the reading of it shows the same. */
static int accept_if(bool comes, int listener)
{
	return comes ? accept(listener, NULL, NULL) : -1;
}

static void unbound_server(struct role *me)
{
	int listener = open_socket(me, SOCK_STREAM);
	char byte;

	saw(me, "listen", listen(listener, 1));
	struct address chosen = name_of(listener);
	struct address reachable = loopback(me);
	saw_host(me, "host", &chosen);
	saw(me, "port is chosen", port_of(&chosen) > 0);
	set_port(&reachable, port_of(&chosen));
	send_address(me, &reachable);
	int conn = accept_if(recv_number(me) == 0, listener);
	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
}

static void finding_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);
	long long connected = saw(me, "connect", connect(fd, &to.any, to.len));

	if (connected == 0)
		send_all(fd, "x", 1);
	send_number(me, connected);
}

const struct sock_case listen_unbound_tcp_autobinds = {
	.claim = "On Linux listen() on an unbound TCP socket chooses a port, of every local "
		 "address.",
	.source = "ip(7), ip_local_port_range; POSIX.1-2024 listen(), ERRORS EDESTADDRREQ lets a "
		  "protocol refuse",
	.standing = SYSTEM,
	.portable = "bind() before listen(), with port 0 if any port will do.",
	.notes = "FreeBSD and macOS are said to do as Linux does, Windows to fail with WSAEINVAL.",
	.families = INET | INET6,
	.server = unbound_server,
	.client = finding_client,
	.expect = {
		{ SERVER, "listen", EQ(0) },
		{ SERVER, "host", BY_FAMILY(TEXT("0.0.0.0"), TEXT("::"), NOT_HERE) },
		{ SERVER, "port is chosen", EQ(1) },
		{ CLIENT, "connect", EQ(0) },
		{ SERVER, "recv", TEXT("1:x") },
	},
};

enum { IN_A_ROW = 4 };

static void fifo_server(struct role *me)
{
	int listener = listen_on(me, IN_A_ROW);
	char order[IN_A_ROW];

	meet(me, "all are queued");
	for (int i = 0; i < IN_A_ROW; i++)
		recv_all(must(accept(listener, NULL, NULL)), order + i, 1);
	saw_bytes(me, "order of accept", order, IN_A_ROW);
	meet(me, "all are accepted");
}

static void numbered_client(struct role *me)
{
	for (int i = 0; i < IN_A_ROW; i++) {
		int fd = connect_to_peer(me);
		send_all(fd, &"1234"[i], 1);
		/* An answer to data shows that the server's side of the handshake is over. */
		if (family_of(me) != UNIX)
			wait_acknowledged(me, fd);
	}
	meet(me, "all are queued");
	meet(me, "all are accepted");
}

const struct sock_case listen_accept_order_fifo = {
	.claim = "accept() hands out waiting connections in the order in which they were made.",
	.source = "POSIX.1-2024 accept(), DESCRIPTION (\"the first connection on the queue\")",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = fifo_server,
	.client = numbered_client,
	.expect = {
		{ SERVER, "order of accept", TEXT("4:1234") },
	},
};

static void talking_server(struct role *me)
{
	int listener = listen_on(me, 1);

	wait_for(me, listener, POLLIN);
	saw(me, "send on the listener", send(listener, "x", 1, MSG_NOSIGNAL));
	int conn = must(accept(listener, NULL, NULL));
	saw(me, "send on the connection", send(conn, "y", 1, MSG_NOSIGNAL));
	must(close(conn));
}

static void hearing_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[4];

	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "recv again", bytes, recv(fd, bytes, sizeof bytes, 0));
}

const struct sock_case listen_send_on_listener = {
	.claim = "A listening TCP socket cannot send: send() fails, and no client gets the bytes.",
	.source = "POSIX.1-2024 send(), ERRORS ENOTCONN and EPIPE",
	.standing = SHALL,
	.portable = "Send on the descriptor that accept() returned, never on the listener.",
	.notes = "The BSDs are said to give ENOTCONN.",
	.families = INET | INET6,
	.server = talking_server,
	.client = hearing_client,
	.expect = {
		{ SERVER, "send on the listener", ONE_OF(FAILS(ENOTCONN), FAILS(EPIPE)),
		  .on[OS_LINUX] = FAILS(EPIPE), .standing = MAY,
		  .why = "To Linux a socket in state LISTEN is one that may not send any more." },
		{ SERVER, "send on the connection", EQ(1) },
		{ CLIENT, "recv", TEXT("1:y") },
		{ CLIENT, "recv again", TEXT("0:") },
	},
};

static void listening_reader(struct role *me)
{
	int listener = listen_on(me, 1);
	char bytes[4];

	meet(me, "data was sent");
	wait_for(me, listener, POLLIN);
	saw_bytes(me, "recv on the listener", bytes, recv(listener, bytes, sizeof bytes, 0));
	int conn = must(accept(listener, NULL, NULL));
	saw_bytes(me, "recv on the connection", bytes, recv(conn, bytes, sizeof bytes, 0));
}

static void early_client(struct role *me)
{
	send_all(connect_to_peer(me), "a", 1);
	meet(me, "data was sent");
}

const struct sock_case listen_recv_on_listener = {
	.claim = "recv() on a listening TCP socket fails with ENOTCONN; no data come there.",
	.source = "POSIX.1-2024 recv(), ERRORS ENOTCONN",
	.standing = SHALL,
	.families = INET | INET6,
	.server = listening_reader,
	.client = early_client,
	.expect = {
		{ SERVER, "recv on the listener", FAILS(ENOTCONN) },
		{ SERVER, "recv on the connection", TEXT("1:a") },
	},
};

static void leaving_server(struct role *me)
{
	int listener = listen_on(me, 1);

	wait_for(me, listener, POLLIN);
	meet(me, "connection waits");
	must(close(listener));
	meet(me, "listener is closed");
}

static void abandoned_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte;

	saw_flags(me, "poll before", poll_now(fd, POLLIN));
	meet(me, "connection waits");
	meet(me, "listener is closed");
	saw_bytes(me, "recv", &byte, recv(fd, &byte, 1, 0));
}

const struct sock_case listen_close_resets_pending = {
	.claim = "When a listener is closed, connections that wait for accept() may be reset, as "
		 "on Linux.",
	.source = "no standard says it: POSIX.1-2024 close(), DESCRIPTION and RFC 9293, section "
		  "3.10.4 are silent on them",
	.standing = MAY,
	.portable = "Take ECONNRESET and end of file alike before the first answer of a server.",
	.notes = "SmartOS is said to let the client see an end of file.",
	.families = INET | INET6,
	.server = leaving_server,
	.client = abandoned_client,
	.expect = {
		{ CLIENT, "poll before", FLAGS("0"), .standing = SHALL },
		{ CLIENT, "recv", ONE_OF(FAILS(ECONNRESET), TEXT("0:")),
		  .on[OS_LINUX] = FAILS(ECONNRESET),
		  .why = "Linux aborts what nobody can accept any more." },
	},
};

static void polling_server(struct role *me)
{
	int listener = listen_on(me, 1);

	saw_flags(me, "idle", poll_now(listener, POLLIN | POLLPRI));
	saw_flags(me, "idle, for writing", poll_now(listener, POLLOUT));
	meet(me, "idle was seen");
	wait_for(me, listener, POLLIN);
	saw_flags(me, "pending", poll_now(listener, POLLIN | POLLPRI));
	saw(me, "pending is POLLRDNORM", poll_now(listener, POLLRDNORM) == POLLRDNORM);
	must(accept(listener, NULL, NULL));
	saw_flags(me, "after accept", poll_now(listener, POLLIN | POLLPRI));
	meet(me, "accepted");
}

static void awaited_client(struct role *me)
{
	struct address to = peer_address(me);

	meet(me, "idle was seen");
	int fd = open_socket(me, SOCK_STREAM);
	must(connect(fd, &to.any, to.len));
	meet(me, "accepted");
}

const struct sock_case listen_poll_idle_vs_pending = {
	.claim = "A listener is readable in poll() exactly while a connection waits for accept().",
	.source = "POSIX.1-2024 XSH 2.10.13, Connection Indication Queue; accept(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Poll a listener for POLLIN only.",
	.families = INET | INET6 | UNIX,
	.server = polling_server,
	.client = awaited_client,
	.expect = {
		{ SERVER, "idle", FLAGS("0") },
		{ SERVER, "idle, for writing", ANY, .on[OS_LINUX] = FLAGS("0"), .standing = MAY,
		  .why = "A listener can never be written to." },
		{ SERVER, "pending", FLAGS("IN") },
		{ SERVER, "pending is POLLRDNORM", EQ(1) },
		{ SERVER, "after accept", FLAGS("0") },
	},
};

static void listens_on_nothing(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	must(close(fd));
	saw(me, "listen on -1", listen(-1, 1));
	saw(me, "listen on a closed descriptor", listen(fd, 1));
}

const struct sock_case listen_ebadf = {
	.claim = "listen() on what is no open descriptor fails with EBADF.",
	.source = "POSIX.1-2024 listen(), ERRORS EBADF",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = listens_on_nothing,
	.expect = {
		{ SERVER, "listen on -1", FAILS(EBADF) },
		{ SERVER, "listen on a closed descriptor", FAILS(EBADF) },
	},
};

static void listens_on_others(struct role *me)
{
	int ends[2];

	must(pipe(ends));
	saw(me, "listen on a pipe", listen(ends[0], 1));
	saw(me, "listen on a device", listen(must(open("/dev/null", O_RDWR)), 1));
}

const struct sock_case listen_enotsock = {
	.claim = "listen() on a descriptor that is no socket fails with ENOTSOCK.",
	.source = "POSIX.1-2024 listen(), ERRORS ENOTSOCK",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_DESCRIPTORS | NEEDS_DEV_NULL,
	.server = listens_on_others,
	.expect = {
		{ SERVER, "listen on a pipe", FAILS(ENOTSOCK) },
		{ SERVER, "listen on a device", FAILS(ENOTSOCK) },
	},
};
