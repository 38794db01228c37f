/* bind.c -- which address and port bind() gives, and when it gives none. */
#include "case.h"

enum {
	SHORTEST_INET6 = 24 /* sockaddr_in6 of RFC 2133, without the scope; some accept it */
};

static void naming_server(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	struct address asked = loopback(me);

	saw(me, "bind", bind(fd, &asked.any, asked.len));
	struct address got = name_of(fd);
	saw(me, "port is not 0", port_of(&got) > 0);
	set_port(&asked, port_of(&got));
	saw(me, "host is kept", same_address(&asked, &got));
	must(listen(fd, 1));
	send_address(me, &got);
	struct address later = name_of(must(accept(fd, NULL, NULL)));
	saw(me, "port serves", same_address(&later, &got));
}

static void naming_client(struct role *me)
{
	(void)connect_to_peer(me);
}

const struct sock_case bind_port0_assigns_ephemeral = {
	.claim = "bind() with port 0 chooses a port at once; getsockname() tells it.",
	.source = "no standard says it (RFC 6056, section 2.1 describes it); ip(7), "
		  "ip_local_port_range",
	.standing = SYSTEM,
	.families = INET | INET6,
	.server = naming_server,
	.client = naming_client,
	.expect = {
		{ SERVER, "bind", EQ(0) },
		{ SERVER, "port is not 0", EQ(1) },
		{ SERVER, "host is kept", EQ(1) },
		{ SERVER, "port serves", EQ(1) },
	},
};

static void exact_server(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	struct address asked = loopback(me);
	struct address got = { .len = sizeof got.storage };

	set_port(&asked, free_port(me));
	saw(me, "bind", bind(fd, &asked.any, asked.len));
	saw(me, "getsockname", getsockname(fd, &got.any, &got.len));
	saw(me, "family is kept", got.any.sa_family == asked.any.sa_family);
	saw(me, "port is kept", port_of(&got) == port_of(&asked));
	saw(me, "host is kept", same_address(&got, &asked));
	saw(me, "length is of the family", got.len == asked.len);
}

const struct sock_case bind_getsockname_exact = {
	.claim = "After bind(), getsockname() gives exactly the address and port that were bound.",
	.source = "POSIX.1-2024 getsockname(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.server = exact_server,
	.expect = {
		{ SERVER, "bind", EQ(0) },
		{ SERVER, "getsockname", EQ(0) },
		{ SERVER, "family is kept", EQ(1) },
		{ SERVER, "port is kept", EQ(1) },
		{ SERVER, "host is kept", EQ(1) },
		{ SERVER, "length is of the family", EQ(1) },
	},
};

static void moving_server(struct role *me)
{
	int fd = bind_on(me, SOCK_STREAM);
	struct address first = name_of(fd);
	struct address other = loopback(me);

	saw(me, "same address", bind(fd, &first.any, first.len));
	saw(me, "other address", bind(fd, &other.any, other.len));
	struct address now = name_of(fd);
	saw(me, "name is the first", same_address(&now, &first));
}

const struct sock_case bind_twice_einval = {
	.claim = "A bound socket cannot be bound again, and its name stays.",
	.source = "POSIX.1-2024 bind(), ERRORS EINVAL and EADDRINUSE",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = moving_server,
	.expect = {
		/* Both are true, and no standard says which is told. */
		{ SERVER, "same address", ONE_OF(FAILS(EINVAL), FAILS(EADDRINUSE)) },
		{ SERVER, "other address", FAILS(EINVAL) },
		{ SERVER, "name is the first", EQ(1) },
	},
};

static void wildcard_server(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	struct address here = wildcard(me);

	must(bind(fd, &here.any, here.len));
	here = name_of(fd);
	send_address(me, &here);
	meet(me, "second has tried");
}

static void specific_client(struct role *me)
{
	struct address taken = peer_address(me);
	struct address here = loopback(me);
	int fd = open_socket(me, SOCK_STREAM);

	set_port(&here, port_of(&taken));
	saw(me, "bind", bind(fd, &here.any, here.len));
	meet(me, "second has tried");
	set_port(&here, 0);
	saw(me, "bind to another port", bind(fd, &here.any, here.len));
}

const struct sock_case bind_inuse_wildcard_then_specific = {
	.claim = "On Linux a port bound for every address is taken for each single one too: "
		 "EADDRINUSE.",
	.source = "POSIX.1-2024 bind(), ERRORS EADDRINUSE does not say which addresses overlap; "
		  "socket(7), SO_REUSEADDR",
	.standing = MAY,
	.portable = "Bind one port either for every address or for single ones, and not for both.",
	.families = INET | INET6,
	.server = wildcard_server,
	.client = specific_client,
	.expect = {
		{ CLIENT, "bind", ONE_OF(FAILS(EADDRINUSE), EQ(0)),
		  .on[OS_LINUX] = FAILS(EADDRINUSE),
		  .why = "To Linux the wildcard is every local address." },
		{ CLIENT, "bind to another port", ONE_OF(EQ(0), FAILS(EINVAL)),
		  .on[OS_LINUX] = EQ(0),
		  .why = "The first try failed, so the socket is still unbound." },
	},
};

static void holding_server(struct role *me)
{
	int listener = listen_on(me, 1);
	char bytes[8];

	int conn = must(accept(listener, NULL, NULL));
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
}

static void intruding_client(struct role *me)
{
	struct address taken = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "bind", bind(fd, &taken.any, taken.len));
	send_all(connect_to_peer(me), "abc", 3);
}

const struct sock_case bind_inuse_listening = {
	.claim = "The address of a listening socket is taken: bind() fails with EADDRINUSE.",
	.source = "POSIX.1-2024 bind(), ERRORS EADDRINUSE",
	.standing = SHALL,
	.families = INET | INET6,
	.server = holding_server,
	.client = intruding_client,
	.expect = {
		{ CLIENT, "bind", FAILS(EADDRINUSE) },
		{ SERVER, "recv", TEXT("3:abc") },
	},
};

static void tcp_server(struct role *me)
{
	int listener = listen_on(me, 1);

	meet(me, "both are bound");
	(void)must(accept(listener, NULL, NULL));
}

static void udp_client(struct role *me)
{
	struct address tcp = peer_address(me);
	int fd = open_socket(me, SOCK_DGRAM);

	saw(me, "bind", bind(fd, &tcp.any, tcp.len));
	meet(me, "both are bound");
	struct address udp = name_of(fd);
	saw(me, "same address and port", same_address(&tcp, &udp));
	saw(me, "TCP still serves", connect_to_peer(me) >= 0);
}

const struct sock_case bind_inuse_tcp_udp_independent = {
	.claim = "TCP and UDP have ports of their own: one number can be bound in both.",
	.source = "RFC 6335, section 6 (each transport protocol has its own range of ports)",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_NETNS,
	.server = tcp_server,
	.client = udp_client,
	.expect = {
		{ CLIENT, "bind", EQ(0) },
		{ CLIENT, "same address and port", EQ(1) },
		{ CLIENT, "TCP still serves", EQ(1) },
	},
};

static int bind_to_port(struct role *me, int port)
{
	struct address here = loopback(me);
	int fd = open_socket(me, SOCK_STREAM);

	set_port(&here, port);
	int result = bind(fd, &here.any, here.len);
	int err = errno;
	must(close(fd));
	errno = err;
	return result;
}

static void unprivileged_server(struct role *me)
{
	const int first_free = (int)get_sysctl(me, "net/ipv4/ip_unprivileged_port_start");

	if (first_free < 2)
		unsupported(me, "every port is open to everybody here");
	/* With the privilege first: nothing else keeps these ports from being bound. */
	saw(me, "highest privileged port, with it", bind_to_port(me, first_free - 1));
	saw(me, "port 1, with it", bind_to_port(me, 1));
	drop_privileges(me);
	saw(me, "highest privileged port", bind_to_port(me, first_free - 1));
	saw(me, "port 1", bind_to_port(me, 1));
	saw(me, "first port open to all", bind_to_port(me, first_free));
}

const struct sock_case bind_privileged_eacces = {
	.claim = "On Linux a port below 1024 cannot be bound without the privilege: EACCES.",
	.source = "ip(7), ip_unprivileged_port_start; capabilities(7), CAP_NET_BIND_SERVICE; "
		  "POSIX.1-2024 bind(), ERRORS EACCES",
	.standing = SYSTEM,
	.portable = "Serve on a port from 1024 on, and do not rely on lower ones being refused.",
	.notes = "macOS is said to refuse them for single addresses only, Windows not at all.",
	.families = INET | INET6,
	.needs = NEEDS_PROCESS | NEEDS_NETNS,
	.server = unprivileged_server,
	.expect = {
		{ SERVER, "highest privileged port, with it", EQ(0) },
		{ SERVER, "port 1, with it", EQ(0) },
		{ SERVER, "highest privileged port", FAILS(EACCES) },
		{ SERVER, "port 1", FAILS(EACCES) },
		{ SERVER, "first port open to all", EQ(0) },
	},
};

/* The length from which on an address may be whole. */
static socklen_t shortest_length(struct role *me)
{
	if (family_of(me) == UNIX)
		return offsetof(struct sockaddr_un, sun_path);
	return family_of(me) == INET6 ? SHORTEST_INET6 : sizeof(struct sockaddr_in);
}

/* How many lengths below the shortest a new socket does not refuse with EINVAL. */
static int count_taken(struct role *me, const struct address *here)
{
	int taken = 0;

	for (socklen_t len = 0; len < shortest_length(me); len++) {
		int fd = open_socket(me, SOCK_STREAM);
		taken += bind(fd, &here->any, len) != -1 || errno != EINVAL;
		must(close(fd));
	}
	return taken;
}

static void cutting_server(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	struct address here = loopback(me);

	saw(me, "a byte", bind(fd, &here.any, 1));
	saw(me, "a byte too short", bind(fd, &here.any, shortest_length(me) - 1));
	saw_value(me, "shorter lengths not refused", count_taken(me, &here));
	saw(me, "right length", bind(fd, &here.any, here.len));
}

static const char too_short[] = "Linux compares the length with the family's structure.";

const struct sock_case bind_addrlen_too_short = {
	.claim = "bind() of an address cut short to any length may fail with EINVAL, as on Linux, "
		 "and then leaves the socket unbound.",
	.source = "POSIX.1-2024 bind(), ERRORS EINVAL (may fail); bind(2), ERRORS EINVAL",
	.standing = MAY,
	.portable = "Give bind() the whole structure of the family and its size.",
	.families = INET | INET6 | UNIX,
	.server = cutting_server,
	.expect = {
		{ SERVER, "a byte", ONE_OF(FAILS(EINVAL), EQ(0)), .on[OS_LINUX] = FAILS(EINVAL),
		  .why = too_short },
		{ SERVER, "a byte too short", ONE_OF(FAILS(EINVAL), EQ(0)),
		  .on[OS_LINUX] = FAILS(EINVAL), .why = too_short },
		{ SERVER, "shorter lengths not refused", AT_LEAST(0), .on[OS_LINUX] = EQ(0),
		  .why = too_short },
		{ SERVER, "right length", ONE_OF(EQ(0), FAILS(EINVAL)), .on[OS_LINUX] = EQ(0),
		  .why = "The refusals have left the socket unbound." },
	},
};

static void leaving_server(struct role *me)
{
	int fd = bind_on(me, SOCK_STREAM);

	meet(me, "bound");
	meet(me, "second has tried");
	must(close(fd));
	meet(me, "closed");
}

static void following_client(struct role *me)
{
	struct address taken = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);

	meet(me, "bound");
	saw(me, "bind before the close", bind(fd, &taken.any, taken.len));
	meet(me, "second has tried");
	meet(me, "closed");
	saw(me, "bind after the close", bind(fd, &taken.any, taken.len));
}

const struct sock_case bind_close_frees_port = {
	.claim = "close() of a bound socket that never was connected frees its port at once.",
	.source = "POSIX.1-2024 close(), DESCRIPTION (the socket is destroyed); bind(), ERRORS "
		  "EADDRINUSE",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_NETNS,
	.server = leaving_server,
	.client = following_client,
	.expect = {
		{ CLIENT, "bind before the close", FAILS(EADDRINUSE) },
		{ CLIENT, "bind after the close", EQ(0) },
	},
};
