/* dualstack.c -- how far an IPv6 socket stands for IPv4 too: IPV6_V6ONLY and mapped addresses. */
#include "case.h"

enum host {
	V6_ANY,         /* :: */
	V6_LOOPBACK,    /* ::1 */
	V4_ANY,         /* 0.0.0.0 */
	V4_LOOPBACK,    /* 127.0.0.1 */
	MAPPED_ANY,     /* ::ffff:0.0.0.0 */
	MAPPED_LOOPBACK /* ::ffff:127.0.0.1 */
};

static struct address address_at(enum host host, int port)
{
	static const char *const texts[] = {
		[V6_ANY] = "::",
		[V6_LOOPBACK] = "::1",
		[V4_ANY] = "0.0.0.0",
		[V4_LOOPBACK] = "127.0.0.1",
		[MAPPED_ANY] = "::ffff:0.0.0.0",
		[MAPPED_LOOPBACK] = "::ffff:127.0.0.1",
	};
	struct address a = { 0 };

	if (host == V4_ANY || host == V4_LOOPBACK) {
		a.len = sizeof a.in;
		a.in.sin_family = AF_INET;
		must_be(inet_pton(AF_INET, texts[host], &a.in.sin_addr) == 1);
	} else {
		a.len = sizeof a.in6;
		a.in6.sin6_family = AF_INET6;
		must_be(inet_pton(AF_INET6, texts[host], &a.in6.sin6_addr) == 1);
	}
	set_port(&a, port);
	return a;
}

/* A stream socket for the host; an IPv6 one with IPV6_V6ONLY as given. */
static int socket_for(enum host host, int v6only)
{
	struct address a = address_at(host, 0);
	int fd = must(socket(a.any.sa_family, SOCK_STREAM, 0));

	if (a.any.sa_family == AF_INET6)
		set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
	return fd;
}

static int bound_to(struct role *me, enum host host, int v6only)
{
	struct address a = address_at(host, free_port(me));
	int fd = socket_for(host, v6only);

	must(bind(fd, &a.any, a.len));
	a = name_of(fd);
	send_number(me, port_of(&a));
	return fd;
}

/* ---- Which bound addresses take which others ---- */

struct clash {
	enum host first, second;
};

static void first_server(struct role *me)
{
	const struct clash *row = row_of(me);

	(void)bound_to(me, row->first, 0);
	meet(me, "second has tried");
}

static void second_client(struct role *me)
{
	const struct clash *row = row_of(me);
	struct address a = address_at(row->second, (int)recv_number(me));
	int fd = socket_for(row->second, 0);

	saw(me, "bind", bind(fd, &a.any, a.len));
	meet(me, "second has tried");
	set_port(&a, 0);
	saw(me, "bind again, port 0", bind(fd, &a.any, a.len));
}

const struct sock_case dualstack_v6any_reserves_v4any = {
	.claim = "On Linux a port bound at :: with IPV6_V6ONLY off is taken at 0.0.0.0 too.",
	.source = "no standard says it: RFC 3493, section 3.7 is silent on bind(); ipv6(7), "
		  "IPV6_V6ONLY",
	.standing = MAY,
	.portable = "Serve both families by one socket with IPV6_V6ONLY off, or two with it on.",
	.notes = "Windows is said to allow it.",
	.families = INET6,
	.row = &(const struct clash){ V6_ANY, V4_ANY },
	.server = first_server,
	.client = second_client,
	.expect = {
		{ CLIENT, "bind", ONE_OF(FAILS(EADDRINUSE), EQ(0)),
		  .on[OS_LINUX] = FAILS(EADDRINUSE),
		  .why = "on Linux an open :: stands for every IPv4 address" },
		{ CLIENT, "bind again, port 0", ONE_OF(EQ(0), FAILS(EINVAL)), .on[OS_LINUX] = EQ(0),
		  .why = "the first try failed, so the socket is still unbound" },
	},
};

const struct sock_case dualstack_v6any_reserves_v4loopback = {
	.claim = "On Linux a port bound at :: with IPV6_V6ONLY off is taken at 127.0.0.1 too.",
	.source = "no standard says it: RFC 3493, section 3.7 is silent on bind(); ipv6(7), "
		  "IPV6_V6ONLY",
	.standing = MAY,
	.portable = "Serve both families by one socket with IPV6_V6ONLY off, or two with it on.",
	.notes = "macOS is said to allow it.",
	.families = INET6,
	.row = &(const struct clash){ V6_ANY, V4_LOOPBACK },
	.server = first_server,
	.client = second_client,
	.expect = {
		{ CLIENT, "bind", ONE_OF(FAILS(EADDRINUSE), EQ(0)),
		  .on[OS_LINUX] = FAILS(EADDRINUSE),
		  .why = "on Linux an open :: stands for every IPv4 address" },
		{ CLIENT, "bind again, port 0", ONE_OF(EQ(0), FAILS(EINVAL)), .on[OS_LINUX] = EQ(0),
		  .why = "the first try failed, so the socket is still unbound" },
	},
};

const struct sock_case dualstack_v4any_then_v6any = {
	.claim = "On Linux a port bound at 0.0.0.0 keeps :: with IPV6_V6ONLY off from being bound "
		 "there.",
	.source = "no standard says it: RFC 3493, section 3.7 is silent on bind(); ipv6(7), "
		  "IPV6_V6ONLY",
	.standing = MAY,
	.portable = "Serve both families by one socket with IPV6_V6ONLY off, or two with it on.",
	.families = INET6,
	.row = &(const struct clash){ V4_ANY, V6_ANY },
	.server = first_server,
	.client = second_client,
	.expect = {
		{ CLIENT, "bind", ONE_OF(FAILS(EADDRINUSE), EQ(0)),
		  .on[OS_LINUX] = FAILS(EADDRINUSE),
		  .why = "on Linux an open :: stands for every IPv4 address" },
		{ CLIENT, "bind again, port 0", ONE_OF(EQ(0), FAILS(EINVAL)), .on[OS_LINUX] = EQ(0),
		  .why = "the first try failed, so the socket is still unbound" },
	},
};

const struct sock_case dualstack_mapped_bind_conflicts_v4 = {
	.claim = "A port bound at one of ::ffff:127.0.0.1 and 127.0.0.1 is taken at the other.",
	.source = "POSIX.1-2024 bind(), ERRORS EADDRINUSE; XSH 2.10.20, Compatibility with IPv4; "
		  "RFC 3493, section 3.7",
	.standing = SHALL,
	.notes = "Linux 6.1 is said to have let both bind; 6.6 and later stable releases do not.",
	.families = INET6,
	.row = &(const struct clash){ MAPPED_LOOPBACK, V4_LOOPBACK },
	.server = first_server,
	.client = second_client,
	.expect = {
		{ CLIENT, "bind", FAILS(EADDRINUSE) },
		{ CLIENT, "bind again, port 0", EQ(0) },
	},
};

const struct sock_case dualstack_v6loopback_does_not_reserve_v4 = {
	.claim = "A port bound at ::1 is free at 127.0.0.1.",
	.source = "POSIX.1-2024 bind(), ERRORS EADDRINUSE and EINVAL; RFC 3493, section 3.7",
	.standing = SHALL,
	.families = INET6,
	.needs = NEEDS_NETNS,
	.row = &(const struct clash){ V6_LOOPBACK, V4_LOOPBACK },
	.server = first_server,
	.client = second_client,
	.expect = {
		{ CLIENT, "bind", EQ(0) },
		{ CLIENT, "bind again, port 0", FAILS(EINVAL) },
	},
};

/* ---- Whom a listener serves ---- */

struct door {
	enum host host;
	int v6only;
};

static void door_server(struct role *me)
{
	const struct door *row = row_of(me);
	int fd = socket_for(row->host, row->v6only);
	struct address a = address_at(row->host, 0);

	must(bind(fd, &a.any, a.len));
	must(listen(fd, 2));
	a = name_of(fd);
	send_number(me, port_of(&a));
	meet(me, "both have called");
}

static void door_client(struct role *me)
{
	int port = (int)recv_number(me);
	struct address v4 = address_at(V4_LOOPBACK, port), v6 = address_at(V6_LOOPBACK, port);

	saw(me, "connect over IPv4", connect(socket_for(V4_LOOPBACK, 0), &v4.any, v4.len));
	saw(me, "connect over IPv6", connect(socket_for(V6_LOOPBACK, 0), &v6.any, v6.len));
	meet(me, "both have called");
}

const struct sock_case dualstack_v6only_refuses_v4 = {
	.claim = "A listener at :: with IPV6_V6ONLY on does not serve IPv4.",
	.source = "POSIX.1-2024 XSH 2.10.20, IPV6_V6ONLY; RFC 3493, section 5.3",
	.standing = SHALL,
	.families = INET6,
	.needs = NEEDS_NETNS,
	.row = &(const struct door){ V6_ANY, 1 },
	.server = door_server,
	.client = door_client,
	.expect = {
		{ CLIENT, "connect over IPv4", FAILS(ECONNREFUSED) },
		{ CLIENT, "connect over IPv6", EQ(0) },
	},
};

const struct sock_case dualstack_v4_listener_refuses_v6 = {
	.claim = "A listener at 0.0.0.0 does not serve IPv6.",
	.source = "POSIX.1-2024 connect(), ERRORS ECONNREFUSED; RFC 3493, section 3.7",
	.standing = SHALL,
	.families = INET6,
	.needs = NEEDS_NETNS,
	.row = &(const struct door){ V4_ANY, 0 },
	.server = door_server,
	.client = door_client,
	.expect = {
		{ CLIENT, "connect over IPv4", EQ(0) },
		{ CLIENT, "connect over IPv6", FAILS(ECONNREFUSED) },
	},
};

const struct sock_case dualstack_mapped_wildcard_listener = {
	.claim = "An IPv6 listener at ::ffff:0.0.0.0 never serves IPv6, and may serve IPv4, as on "
		 "Linux.",
	.source = "RFC 3493, section 3.7, which names no mapped wildcard",
	.standing = MAY,
	.portable = "Use an AF_INET socket to serve IPv4 only.",
	.notes = "Systems are said to differ.",
	.families = INET6,
	.needs = NEEDS_NETNS,
	.row = &(const struct door){ MAPPED_ANY, 0 },
	.server = door_server,
	.client = door_client,
	.expect = {
		{ CLIENT, "connect over IPv4", ONE_OF(EQ(0), FAILS(ECONNREFUSED)),
		  .on[OS_LINUX] = EQ(0),
		  .why = "Linux treats the mapped wildcard as that of IPv4" },
		{ CLIENT, "connect over IPv6", FAILS(ECONNREFUSED) },
	},
};

/* ---- The addresses that a dual listener shows ---- */

static void open_server(struct role *me)
{
	int fd = bound_to(me, V6_ANY, 0);
	struct address own, theirs;

	must(listen(fd, 1));
	meet(me, "listening");
	int conn = must(accept(fd, NULL, NULL));
	own = name_of(conn);
	theirs = peer_name_of(conn);
	saw_host(me, "own host", &own);
	saw_host(me, "peer's host", &theirs);
	saw(me, "peer's port is the client's", port_of(&theirs) == recv_number(me));
}

static void old_client(struct role *me)
{
	struct address a = address_at(V4_LOOPBACK, (int)recv_number(me));
	int fd = socket_for(V4_LOOPBACK, 0);

	meet(me, "listening");
	saw(me, "connect", connect(fd, &a.any, a.len));
	a = name_of(fd);
	saw_host(me, "own host", &a);
	send_number(me, port_of(&a));
}

const struct sock_case dualstack_mapped_sockname_on_accept = {
	.claim = "A dual listener shows an IPv4 connection with mapped addresses, ::ffff:a.b.c.d.",
	.source = "POSIX.1-2024 XSH 2.10.20, Compatibility with IPv4; RFC 3493, section 3.7",
	.standing = SHALL,
	.families = INET6,
	.server = open_server,
	.client = old_client,
	.expect = {
		{ SERVER, "own host", TEXT("::ffff:127.0.0.1") },
		{ SERVER, "peer's host", TEXT("::ffff:127.0.0.1") },
		{ SERVER, "peer's port is the client's", EQ(1) },
		{ CLIENT, "connect", EQ(0) },
		{ CLIENT, "own host", TEXT("127.0.0.1") },
	},
};

static void mapping_server(struct role *me)
{
	struct address mapped = address_at(MAPPED_LOOPBACK, 0);

	saw(me, "IPV6_V6ONLY on", bind(socket_for(V6_ANY, 1), &mapped.any, mapped.len));
	saw(me, "IPV6_V6ONLY off", bind(socket_for(V6_ANY, 0), &mapped.any, mapped.len));
}

const struct sock_case dualstack_mapped_bind_v6only_einval = {
	.claim = "With IPV6_V6ONLY on a socket cannot be bound to a mapped IPv4 address, by an "
		 "error in which systems differ.",
	.source = "RFC 3493, section 5.3 (IPv6 only), which does not speak of bind(); ipv6(7), "
		  "IPV6_V6ONLY",
	.standing = MAY,
	.portable = "Expect EINVAL, EADDRNOTAVAIL or EAFNOSUPPORT.",
	.notes = "FreeBSD is said to give EADDRNOTAVAIL or EINVAL.",
	.families = INET6,
	.server = mapping_server,
	.expect = {
		{ SERVER, "IPV6_V6ONLY on", FAILS_ANY, .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux finds the address unfit for the socket" },
		{ SERVER, "IPV6_V6ONLY off", EQ(0) },
	},
};
