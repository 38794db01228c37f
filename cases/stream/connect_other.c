/* connect_other.c -- connect() with an address of another family, or of none, or by a listener. */
#include "case.h"

static void left_server(struct role *me)
{
	int listener = listen_on(me, 1);
	int first = must(accept(listener, NULL, NULL));
	char byte;

	meet(me, "connected");
	saw_bytes(me, "recv from the left one", &byte, recv(first, &byte, 1, 0));
	int second = recv_number(me) == 0 ? accept(listener, NULL, NULL) : -1;
	saw_bytes(me, "recv from the new one", &byte, recv(second, &byte, 1, 0));
}

static void leaving_client(struct role *me)
{
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	int fd = connect_to_peer(me);
	struct address to = peer_address(me);

	meet(me, "connected");
	saw(me, "connect to AF_UNSPEC", connect(fd, &nobody, sizeof nobody));
	saw_state(me, "state", fd);
	long long connected = saw(me, "connect again", connect(fd, &to.any, to.len));
	if (connected == 0)
		send_all(fd, "x", 1);
	/* Where it was never disconnected, this ends the server's wait. */
	must(close(fd));
	send_number(me, connected);
}

const struct sock_case connect_unspec_disconnects = {
	.claim = "On Linux connect() to AF_UNSPEC resets a TCP connection and frees its socket.",
	.source = "connect(2), DESCRIPTION (AF_UNSPEC); POSIX.1-2024 connect(), DESCRIPTION has "
		  "it for datagrams only",
	.standing = SYSTEM,
	.portable = "Close the socket and make a new one; for the reset set SO_LINGER to 0 first.",
	.notes = "FreeBSD and macOS are said to fail with EAFNOSUPPORT.",
	.families = INET | INET6,
	.server = left_server,
	.client = leaving_client,
	.expect = {
		{ CLIENT, "connect to AF_UNSPEC", EQ(0) },
		{ CLIENT, "state", TEXT("CLOSED") },
		{ CLIENT, "connect again", EQ(0) },
		{ SERVER, "recv from the left one", FAILS(ECONNRESET) },
		{ SERVER, "recv from the new one", TEXT("1:x") },
	},
};

/* As long as the longest address, so that only the family can be wrong. */
static int connect_whole(int fd, const struct address *to)
{
	return connect(fd, &to->any, sizeof to->storage);
}

static struct address of_other_version(struct role *me, int port)
{
	struct address a = { 0 };

	if (family_of(me) == INET) {
		a.in6.sin6_family = AF_INET6;
		a.in6.sin6_addr = in6addr_loopback;
	} else {
		a.in.sin_family = AF_INET;
		a.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	}
	set_port(&a, port);
	return a;
}

static void right_server(struct role *me)
{
	int listener = listen_on(me, 1);
	char byte;

	int conn = must(accept(listener, NULL, NULL));
	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
}

static void mistaken_client(struct role *me)
{
	struct address right = peer_address(me);
	struct address wrong = of_other_version(me, port_of(&right));
	struct address path = { 0 };
	int fd = open_socket(me, SOCK_STREAM);

	path.un.sun_family = AF_UNIX;
	strcpy(path.un.sun_path, "nothing");
	saw(me, "connect to the other IP version", connect_whole(fd, &wrong));
	saw(me, "connect to AF_UNIX", connect_whole(fd, &path));
	saw(me, "connect to the right family", connect(fd, &right.any, right.len));
	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
}

const struct sock_case connect_wrong_family = {
	.claim = "connect() with an address of another family fails with EAFNOSUPPORT.",
	.source = "POSIX.1-2024 connect(), ERRORS EAFNOSUPPORT",
	.standing = SHALL,
	.families = INET | INET6,
	.server = right_server,
	.client = mistaken_client,
	.expect = {
		{ CLIENT, "connect to the other IP version", FAILS(EAFNOSUPPORT) },
		{ CLIENT, "connect to AF_UNIX", FAILS(EAFNOSUPPORT) },
		{ CLIENT, "connect to the right family", EQ(0) },
		{ CLIENT, "send", EQ(1) },
		{ SERVER, "recv", TEXT("1:x") },
	},
};

static void listening_server(struct role *me)
{
	int listener = listen_on(me, 1);
	struct address there = next_address(me);
	char byte;

	saw(me, "connect", connect(listener, &there.any, there.len));
	meet(me, "listener has tried");
	int conn = accept(listener, NULL, NULL);
	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
}

static void other_listener(struct role *me)
{
	struct address to = peer_address(me);

	listen_on(me, 1);
	meet(me, "listener has tried");
	int fd = open_socket(me, SOCK_STREAM);
	saw(me, "connect", connect(fd, &to.any, to.len));
	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
}

const struct sock_case listen_connect_on_listener = {
	.claim = "connect() on a listening socket may fail, by errors in which systems differ, "
		 "and the socket goes on listening.",
	.source = "POSIX.1-2024 connect(), ERRORS EOPNOTSUPP (may fail)",
	.standing = MAY,
	.portable = "Expect any error: EOPNOTSUPP, EISCONN and EINVAL are all in use.",
	.families = INET | INET6 | UNIX,
	.server = listening_server,
	.client = other_listener,
	.expect = {
		{ SERVER, "connect", FAILS_ANY,
		  .on[OS_LINUX] = BY_FAMILY(FAILS(EISCONN), FAILS(EISCONN), FAILS(EINVAL)),
		  .why = "Linux has EISCONN for every TCP that is not new, EINVAL for AF_UNIX" },
		{ CLIENT, "connect", EQ(0) },
		{ CLIENT, "send", EQ(1) },
		{ SERVER, "recv", TEXT("1:x") },
	},
};
