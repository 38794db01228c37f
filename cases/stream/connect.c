/* connect.c -- what connect() reaches, and what it says to a socket that is not fresh. */
#include "case.h"

/* Accepts only when the client tells that its connect() has succeeded. */
static void unhurried_server(struct role *me)
{
	int listener = listen_on(me, 1);
	char byte;

	int conn = recv_number(me) == 0 ? accept(listener, NULL, NULL) : -1;
	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
}

static void eager_client(struct role *me)
{
	struct address to = peer_address(me);
	struct address peer = { .len = sizeof peer.storage };
	int fd = open_socket(me, SOCK_STREAM);

	long long connected = saw(me, "connect", connect(fd, &to.any, to.len));
	saw(me, "getpeername", getpeername(fd, &peer.any, &peer.len));
	saw(me, "peer is the listener", same_address(&peer, &to));
	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
	send_number(me, connected);
}

const struct sock_case connect_success_before_accept = {
	.claim = "connect() succeeds, and data can be sent, before the server calls accept().",
	.source = "POSIX.1-2024 XSH 2.10.13, Connection Indication Queue; RFC 9293, section 3.5",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = unhurried_server,
	.client = eager_client,
	.expect = {
		{ CLIENT, "connect", EQ(0) },
		{ CLIENT, "getpeername", EQ(0) },
		{ CLIENT, "peer is the listener", EQ(1) },
		{ CLIENT, "send", EQ(1) },
		{ SERVER, "recv", TEXT("1:x") },
	},
};

static void wildcard_client(struct role *me)
{
	struct address server = peer_address(me);
	struct address any = wildcard(me);
	struct address peer = { .len = sizeof peer.storage };
	int fd = open_socket(me, SOCK_STREAM);

	set_port(&any, port_of(&server));
	long long connected = saw(me, "connect", connect(fd, &any.any, any.len));
	saw(me, "getpeername", getpeername(fd, &peer.any, &peer.len));
	saw_host(me, "peer's host", &peer);
	saw(me, "peer is the listener", same_address(&peer, &server));
	if (!connected)
		send_all(fd, "x", 1);
	send_number(me, connected);
}

const struct sock_case connect_any_means_loopback = {
	.claim = "On Linux connect() to the wildcard address reaches a listener on the loopback "
		 "address.",
	.source = "no standard says it: to RFC 1122, section 3.2.1.3 (a) it is no destination; "
		  "Linux net/ipv4/route.c",
	.standing = SYSTEM,
	.portable = "Connect to INADDR_LOOPBACK or in6addr_loopback by name.",
	.notes = "The BSDs are said to do so too or to take the primary address; Windows to "
		 "fail with WSAEADDRNOTAVAIL.",
	.families = INET | INET6,
	.server = unhurried_server,
	.client = wildcard_client,
	.expect = {
		{ CLIENT, "connect", EQ(0) },
		{ CLIENT, "getpeername", EQ(0) },
		{ CLIENT, "peer's host", BY_FAMILY(TEXT("127.0.0.1"), TEXT("::1"), NOT_HERE) },
		{ CLIENT, "peer is the listener", EQ(1) },
		{ SERVER, "recv", TEXT("1:x") },
	},
};

/* 127.0.0.5, an address of loopback that nobody configured, and those at the ends of the range. */
enum { FURTHER = 0x7f000005, LOWEST = 0x7f000002, MIDDLE = 0x7f800000, HIGHEST = 0x7ffffffe };
enum { ENDS = 3 };

/* Binds and listens there; the address goes to the other role. Gives what bind() gave. */
static int listen_at(struct role *me, int listener, in_addr_t host)
{
	struct address at = loopback(me);

	at.in.sin_addr.s_addr = htonl(host);
	int bound = bind(listener, &at.any, at.len);
	int err = errno;
	if (!bound)
		must(listen(listener, 1));
	/* Where the address is not one of the host's the client is sent to port 0 of it. */
	struct address listening = name_of(listener);
	set_port(&at, bound ? 0 : port_of(&listening));
	send_address(me, &at);
	errno = err;
	return bound;
}

static void further_server(struct role *me)
{
	static const in_addr_t ends[ENDS] = { LOWEST, MIDDLE, HIGHEST };
	int listener = open_socket(me, SOCK_STREAM);
	char bytes[] = "---";
	char byte;

	saw(me, "bind", listen_at(me, listener, FURTHER));
	int conn = recv_number(me) == 0 ? accept(listener, NULL, NULL) : -1;
	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
	for (int i = 0; i < ENDS; i++) {
		listener = open_socket(me, SOCK_STREAM);
		(void)listen_at(me, listener, ends[i]);
		if (recv_number(me) == 0)
			recv_all(must(accept(listener, NULL, NULL)), bytes + i, 1);
	}
	saw_bytes(me, "recv at 127.0.0.2, 127.128.0.0 and 127.255.255.254", bytes, ENDS);
}

static void ranging_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);
	long long connected = saw(me, "connect", connect(fd, &to.any, to.len));
	struct address mine = name_of(fd);

	saw_host(me, "client's host", &mine);
	if (!connected)
		send_all(fd, "x", 1);
	send_number(me, connected);
	for (int i = 0; i < ENDS; i++) {
		to = next_address(me);
		fd = open_socket(me, SOCK_STREAM);
		int failed = connect(fd, &to.any, to.len);
		if (!failed)
			send_all(fd, &"abc"[i], 1);
		send_number(me, failed);
	}
}

const struct sock_case connect_loopback_range = {
	.claim = "On Linux all of 127.0.0.0/8 is this host: a server can be reached at any of its "
		 "addresses.",
	.source = "RFC 1122, section 3.2.1.3 (g) keeps them off the network; that a host answers "
		  "at them is how Linux sets up lo",
	.standing = SYSTEM,
	.portable = "Use 127.0.0.1 only; other systems want further addresses configured first.",
	.notes = "FreeBSD and macOS are said to have 127.0.0.1 alone, Windows the whole range.",
	.families = INET,
	.server = further_server,
	.client = ranging_client,
	.expect = {
		{ SERVER, "bind", EQ(0) },
		{ CLIENT, "connect", EQ(0) },
		/* The source of the route to 127.0.0.0/8. */
		{ CLIENT, "client's host", TEXT("127.0.0.1") },
		{ SERVER, "recv", TEXT("1:x") },
		{ SERVER, "recv at 127.0.0.2, 127.128.0.0 and 127.255.255.254", TEXT("3:abc") },
	},
};

enum { AT_ONCE = 16 };

static int count_distinct(const int *port, int n)
{
	int distinct = 0;

	for (int i = 0; i < n; i++) {
		bool seen = port[i] == 0;
		for (int k = 0; k < i; k++)
			seen |= port[k] == port[i];
		distinct += !seen;
	}
	return distinct;
}

static void crowded_server(struct role *me)
{
	int listener = listen_on(me, AT_ONCE);
	int port[AT_ONCE];

	for (int i = 0; i < AT_ONCE; i++) {
		struct address from = { .len = sizeof from.storage };
		must(accept(listener, &from.any, &from.len));
		port[i] = port_of(&from);
	}
	saw_value(me, "different ports of clients", count_distinct(port, AT_ONCE));
	meet(me, "all are accepted");
}

static void many_clients(struct role *me)
{
	int fd[AT_ONCE], port[AT_ONCE];

	for (int i = 0; i < AT_ONCE; i++)
		fd[i] = start_connect(me);
	for (int i = 0; i < AT_ONCE; i++) {
		wait_for(me, fd[i], POLLOUT);
		struct address mine = name_of(fd[i]);
		port[i] = port_of(&mine);
	}
	saw_value(me, "different ports", count_distinct(port, AT_ONCE));
	meet(me, "all are accepted");
}

const struct sock_case connect_autobind_distinct_ports = {
	.claim = "connect() gives each client a port of its own; no bind() is needed.",
	.source = "POSIX.1-2024 connect(), DESCRIPTION (\"an unused local address\"); RFC 9293, "
		  "section 3.3.1",
	.standing = SHALL,
	.families = INET | INET6,
	.server = crowded_server,
	.client = many_clients,
	.expect = {
		{ CLIENT, "different ports", EQ(AT_ONCE) },
		{ SERVER, "different ports of clients", EQ(AT_ONCE) },
	},
};

static void two_servers(struct role *me)
{
	int listener = listen_on(me, 1);
	int other = listen_on(me, 1);
	char byte;

	int conn = must(accept(listener, NULL, NULL));
	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
	saw_flags(me, "the other listener", poll_now(other, POLLIN));
}

static void repeating_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct address same = peer_address(me);
	struct address other = next_address(me);

	saw(me, "connect to the same again", connect(fd, &same.any, same.len));
	saw(me, "connect to another", connect(fd, &other.any, other.len));
	struct address peer = peer_name_of(fd);
	saw(me, "peer is the first", same_address(&peer, &same));
	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
}

const struct sock_case connect_connected_eisconn = {
	.claim = "connect() on a connected stream socket fails with EISCONN; the connection stays.",
	.source = "POSIX.1-2024 connect(), ERRORS EISCONN",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = two_servers,
	.client = repeating_client,
	.expect = {
		{ CLIENT, "connect to the same again", FAILS(EISCONN) },
		{ CLIENT, "connect to another", FAILS(EISCONN) },
		{ CLIENT, "peer is the first", EQ(1) },
		{ CLIENT, "send", EQ(1) },
		{ SERVER, "recv", TEXT("1:x") },
		{ SERVER, "the other listener", FLAGS("0") },
	},
};

static void narcissus(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	struct address own = loopback(me);
	struct address peer = { .len = sizeof peer.storage };
	char bytes[8];

	must(bind(fd, &own.any, own.len));
	own = name_of(fd);
	saw(me, "connect", connect(fd, &own.any, own.len));
	saw_state(me, "state", fd);
	saw(me, "getpeername", getpeername(fd, &peer.any, &peer.len));
	saw(me, "peer is itself", same_address(&peer, &own));
	saw(me, "send", send(fd, "echo", 4, MSG_NOSIGNAL));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

static const char crossed_syns[] = "To TCP it is a simultaneous open: the SYN meets itself.";

const struct sock_case connect_self_connect = {
	.claim = "A TCP socket that connects to its own address may get connected to itself, as "
		 "on Linux.",
	.source = "RFC 9293, section 3.5, Figure 7 (simultaneous open); no standard speaks of one "
		  "socket alone",
	.standing = MAY,
	.portable = "Where a port of the own host is tried again and again, compare both names.",
	.notes = "FreeBSD is said to do so too, Windows and macOS to refuse it.",
	.families = INET | INET6,
	.client = narcissus,
	.expect = {
		{ CLIENT, "connect", ONE_OF(EQ(0), FAILS_ANY), .on[OS_LINUX] = EQ(0),
		  .why = crossed_syns },
		{ CLIENT, "state", ANY, .on[OS_LINUX] = TEXT("ESTABLISHED"), .why = crossed_syns },
		{ CLIENT, "getpeername", ONE_OF(EQ(0), FAILS_ANY), .on[OS_LINUX] = EQ(0),
		  .why = crossed_syns },
		{ CLIENT, "peer is itself", BETWEEN(0, 1), .on[OS_LINUX] = EQ(1),
		  .why = crossed_syns },
		{ CLIENT, "send", ONE_OF(EQ(4), FAILS_ANY), .on[OS_LINUX] = EQ(4),
		  .why = crossed_syns },
		{ CLIENT, "recv", ONE_OF(TEXT("4:echo"), FAILS_ANY), .on[OS_LINUX] = TEXT("4:echo"),
		  .why = crossed_syns },
	},
};
