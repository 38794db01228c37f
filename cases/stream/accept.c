/* accept.c -- what accept() gives: a new descriptor and the address of the peer. */
#include "case.h"

static void accepting_server(struct role *me)
{
	int listener = listen_on(me, 1);
	char bytes[8];

	meet(me, "connected");
	int conn = accept(listener, NULL, NULL);
	saw(me, "descriptor is a new one", conn >= 0 && conn != listener);
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw(me, "send", send(conn, "pong", 4, MSG_NOSIGNAL));
	saw(me, "listener listens", get_option(listener, SOL_SOCKET, SO_ACCEPTCONN) != 0);
	saw(me, "connection listens", get_option(conn, SOL_SOCKET, SO_ACCEPTCONN) != 0);
}

static void queued_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	meet(me, "connected");
	send_all(fd, "ping", 4);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

const struct sock_case accept_returns_pending = {
	.claim = "accept() gives a waiting connection as a new descriptor, for both directions.",
	.source = "POSIX.1-2024 accept(), DESCRIPTION and RETURN VALUE",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = accepting_server,
	.client = queued_client,
	.expect = {
		{ SERVER, "descriptor is a new one", EQ(1) },
		{ SERVER, "recv", TEXT("4:ping") },
		{ SERVER, "send", EQ(4) },
		{ SERVER, "listener listens", EQ(1) },
		{ SERVER, "connection listens", EQ(0) },
		{ CLIENT, "recv", TEXT("4:pong") },
	},
};

static void forgetful_server(struct role *me)
{
	int fd = bind_on(me, SOCK_STREAM);

	saw(me, "accept before listen", accept(fd, NULL, NULL));
	set_nonblocking(fd);
	must(listen(fd, 1));
	saw(me, "accept after listen", accept(fd, NULL, NULL));
}

const struct sock_case accept_not_listening_einval = {
	.claim = "accept() on a socket that does not listen fails with EINVAL, though it is bound.",
	.source = "POSIX.1-2024 accept(), ERRORS EINVAL",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = forgetful_server,
	.expect = {
		{ SERVER, "accept before listen", FAILS(EINVAL) },
		{ SERVER, "accept after listen", FAILS(EAGAIN) },
	},
};

static void naming_server(struct role *me)
{
	int listener = listen_on(me, 1);
	struct address client = peer_address(me);
	struct address from = { .len = sizeof from.storage };

	int conn = must(accept(listener, &from.any, &from.len));
	struct address peer = peer_name_of(conn);
	struct address local = name_of(conn);
	saw_host(me, "host from accept", &from);
	saw(me, "accept names the client", same_address(&from, &client));
	saw(me, "getpeername names the client", same_address(&peer, &client));
	send_address(me, &local);
}

static void named_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct address mine = name_of(fd);
	struct address peer = peer_name_of(fd);

	send_address(me, &mine);
	struct address server = next_address(me);
	saw(me, "getpeername names the server", same_address(&peer, &server));
}

const struct sock_case accept_peer_addr_matches_client = {
	.claim = "accept() tells the client's own address, as getpeername() does afterwards.",
	.source = "POSIX.1-2024 accept(), DESCRIPTION (\"the address of the peer\")",
	.standing = SHALL,
	.families = INET | INET6,
	.server = naming_server,
	.client = named_client,
	.expect = {
		{ SERVER, "host from accept", BY_FAMILY(TEXT("127.0.0.1"), TEXT("::1"), NOT_HERE) },
		{ SERVER, "accept names the client", EQ(1) },
		{ SERVER, "getpeername names the client", EQ(1) },
		{ CLIENT, "getpeername names the server", EQ(1) },
	},
};

static void wildcard_server(struct role *me)
{
	int listener = open_socket(me, SOCK_STREAM);
	struct address any = wildcard(me);
	struct address reachable = loopback(me);

	must(bind(listener, &any.any, any.len));
	must(listen(listener, 1));
	struct address listening = name_of(listener);
	set_port(&reachable, port_of(&listening));
	send_address(me, &reachable);
	struct address local = name_of(must(accept(listener, NULL, NULL)));
	saw_host(me, "listener's host", &listening);
	saw_host(me, "connection's host", &local);
	saw(me, "ports are the same", port_of(&local) == port_of(&listening));
}

static void plain_client(struct role *me)
{
	connect_to_peer(me);
}

const struct sock_case accept_wildcard_listener_concrete_local = {
	.claim = "A connection to a wildcard listener has the address the client connected to.",
	.source = "RFC 9293, section 3.9.1.1; POSIX.1-2024 getsockname(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.server = wildcard_server,
	.client = plain_client,
	.expect = {
		{ SERVER, "listener's host", BY_FAMILY(TEXT("0.0.0.0"), TEXT("::"), NOT_HERE) },
		{ SERVER, "connection's host",
		  BY_FAMILY(TEXT("127.0.0.1"), TEXT("::1"), NOT_HERE) },
		{ SERVER, "ports are the same", EQ(1) },
	},
};

static void frugal_server(struct role *me)
{
	int listener = listen_on(me, 2);
	int descriptor[5];

	meet(me, "connected");
	for (int i = 0; i < 5; i++)
		descriptor[i] = must(dup(listener));
	must(close(descriptor[3]));
	must(close(descriptor[1]));
	saw(me, "first is the lowest free", accept(listener, NULL, NULL) == descriptor[1]);
	saw(me, "second is the next free", accept(listener, NULL, NULL) == descriptor[3]);
	meet(me, "accepted");
}

static void double_client(struct role *me)
{
	connect_to_peer(me);
	connect_to_peer(me);
	/* From here to the next meeting only the server opens anything. */
	meet(me, "connected");
	meet(me, "accepted");
}

const struct sock_case accept_lowest_fd = {
	.claim = "accept() returns the lowest descriptor number that is free.",
	.source = "POSIX.1-2024 accept(), DESCRIPTION; XSH 2.6, File Descriptor Allocation",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = frugal_server,
	.client = double_client,
	.expect = {
		{ SERVER, "first is the lowest free", EQ(1) },
		{ SERVER, "second is the next free", EQ(1) },
	},
};

static void exhausted_server(struct role *me)
{
	int listener = listen_on(me, 1);
	struct rlimit limit;
	char byte;

	wait_for(me, listener, POLLIN);
	set_nonblocking(listener);
	must(getrlimit(RLIMIT_NOFILE, &limit));
	const struct rlimit before = limit;
	/* The lowest number that is free becomes the first one too high. */
	int lowest = must(dup(listener));
	must(close(lowest));
	limit.rlim_cur = (rlim_t)lowest;
	must(setrlimit(RLIMIT_NOFILE, &limit));
	saw(me, "accept without descriptors", accept(listener, NULL, NULL));
	saw_flags(me, "poll", poll_now(listener, POLLIN));
	must(setrlimit(RLIMIT_NOFILE, &before));
	int conn = accept(listener, NULL, NULL);
	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
	meet(me, "read");
}

static void patient_client(struct role *me)
{
	send_all(connect_to_peer(me), "x", 1);
	meet(me, "read");
}

static const char looks_first[] = "Linux looks for a descriptor before it takes the connection.";

const struct sock_case accept_emfile_keeps_connection = {
	.claim = "Without a free descriptor accept() fails with EMFILE; on Linux the client waits "
		 "on.",
	.source = "POSIX.1-2024 accept(), ERRORS EMFILE",
	.standing = SHALL,
	.portable = "Keep a spare descriptor: on EMFILE close it, accept, close, open it again.",
	.notes = "Some BSDs are said to drop the connection.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS | NEEDS_DESCRIPTORS,
	.server = exhausted_server,
	.client = patient_client,
	.expect = {
		{ SERVER, "accept without descriptors", FAILS(EMFILE) },
		{ SERVER, "poll", ANY, .on[OS_LINUX] = FLAGS("IN"), .standing = MAY,
		  .why = looks_first },
		{ SERVER, "recv", ANY, .on[OS_LINUX] = TEXT("1:x"), .standing = MAY,
		  .why = looks_first },
	},
};
