/* reuse.c -- when SO_REUSEADDR and SO_REUSEPORT let two stream sockets have one address. */
#include "case.h"

enum { NEITHER = -1 }; /* the number of no option */

/* What the first socket and the second do before the second one's bind(). */
struct sharing {
	int first, second; /* the option each sets */
	bool listening;    /* the first one listens */
	bool wild;         /* the first one is bound to the wildcard */
};

static int socket_with(struct role *me, int option)
{
	int fd = open_socket(me, SOCK_STREAM);

	if (option != NEITHER)
		try_option(me, fd, SOL_SOCKET, option, 1,
			   option == SO_REUSEPORT ? "SO_REUSEPORT" : "SO_REUSEADDR");
	return fd;
}

static void first_server(struct role *me)
{
	const struct sharing *row = row_of(me);
	int fd = socket_with(me, row->first);
	struct address here = row->wild ? wildcard(me) : loopback(me);

	must(bind(fd, &here.any, here.len));
	if (row->listening)
		must(listen(fd, 1));
	here = name_of(fd);
	send_address(me, &here);
	meet(me, "second has tried");
}

static void second_client(struct role *me)
{
	const struct sharing *row = row_of(me);
	int fd = socket_with(me, row->second);
	struct address taken = peer_address(me);
	struct address here = loopback(me);

	set_port(&here, port_of(&taken));
	if (family_of(me) == UNIX)
		here = taken;
	saw(me, "bind", bind(fd, &here.any, here.len));
	meet(me, "second has tried");
}

static void default_client(struct role *me)
{
	struct address here = loopback(me);
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "SO_REUSEADDR", ask_option(fd, SOL_SOCKET, SO_REUSEADDR));
	saw(me, "SO_REUSEPORT", ask_option(fd, SOL_SOCKET, SO_REUSEPORT));
	must(bind(fd, &here.any, here.len));
	here = name_of(fd);
	saw(me, "bind of a second", bind(open_socket(me, SOCK_STREAM), &here.any, here.len));
}

const struct sock_case reuse_default_off = {
	.claim = "A new socket has neither SO_REUSEADDR nor SO_REUSEPORT: two cannot be bound to "
		 "one address.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_REUSEADDR; bind(), ERRORS EADDRINUSE; socket(7), "
		  "SO_REUSEPORT",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.client = default_client,
	.expect = {
		{ CLIENT, "SO_REUSEADDR", EQ(0) },
		{ CLIENT, "bind of a second", FAILS(EADDRINUSE) },
		{ CLIENT, "SO_REUSEPORT", EQ(0), .standing = SYSTEM },
	},
};

const struct sock_case reuse_ra_ra_both_bound = {
	.claim = "Two sockets with SO_REUSEADDR can have one address on Linux while none listens.",
	.source = "socket(7), SO_REUSEADDR; POSIX.1-2024 XSH 2.10.16, SO_REUSEADDR (the rules are "
		  "left open)",
	.standing = MAY,
	.portable = "Use SO_REUSEADDR to restart a server only, never to share an address.",
	.notes = "FreeBSD and macOS are said to give EADDRINUSE, Windows to let both in.",
	.families = INET | INET6,
	.row = &(const struct sharing){ .first = SO_REUSEADDR, .second = SO_REUSEADDR },
	.server = first_server,
	.client = second_client,
	.expect = {
		{ CLIENT, "bind", ONE_OF(EQ(0), FAILS(EADDRINUSE)), .on[OS_LINUX] = EQ(0),
		  .why = "Linux refuses only while one of them listens" },
	},
};

const struct sock_case reuse_ra_ra_first_listening = {
	.claim = "On Linux SO_REUSEADDR does not give away the address of a listening socket: "
		 "EADDRINUSE.",
	.source = "socket(7), SO_REUSEADDR; POSIX.1-2024 XSH 2.10.16, SO_REUSEADDR (the rules are "
		  "left open)",
	.standing = SYSTEM,
	.portable = "On Windows set SO_EXCLUSIVEADDRUSE instead.",
	.notes = "Windows is said to let the second take over.",
	.families = INET | INET6,
	.row = &(const struct sharing){ .first = SO_REUSEADDR,
					.second = SO_REUSEADDR,
					.listening = true },
	.server = first_server,
	.client = second_client,
	.expect = { { CLIENT, "bind", FAILS(EADDRINUSE) } },
};

const struct sock_case reuse_ra_none = {
	.claim = "SO_REUSEADDR of the first socket alone does not let a second one in.",
	.source = "POSIX.1-2024 bind(), ERRORS EADDRINUSE",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &(const struct sharing){ .first = SO_REUSEADDR, .second = NEITHER },
	.server = first_server,
	.client = second_client,
	.expect = { { CLIENT, "bind", FAILS(EADDRINUSE) } },
};

const struct sock_case reuse_none_ra = {
	.claim = "On Linux SO_REUSEADDR of the second socket alone does not let it in.",
	.source = "no standard says it: POSIX.1-2024 XSH 2.10.16, SO_REUSEADDR (the rules are "
		  "left open)",
	.standing = MAY,
	.portable = "On Windows set SO_EXCLUSIVEADDRUSE instead.",
	.notes = "Windows is said to let the second take over.",
	.families = INET | INET6,
	.row = &(const struct sharing){ .first = NEITHER, .second = SO_REUSEADDR },
	.server = first_server,
	.client = second_client,
	.expect = {
		{ CLIENT, "bind", ONE_OF(EQ(0), FAILS(EADDRINUSE)),
		  .on[OS_LINUX] = FAILS(EADDRINUSE),
		  .why = "Linux wants the option on both" },
	},
};

const struct sock_case reuse_ra_wild_then_specific_listening = {
	.claim = "On Linux SO_REUSEADDR opens no wildcard listener's port to a single address.",
	.source = "socket(7), SO_REUSEADDR; POSIX.1-2024 XSH 2.10.16, SO_REUSEADDR (the rules are "
		  "left open)",
	.standing = MAY,
	.portable = "Give a listener at a single address a port of its own.",
	.notes = "FreeBSD and macOS are said to allow it; the more specific one gets the calls.",
	.families = INET | INET6,
	.row = &(const struct sharing){ .first = SO_REUSEADDR,
					.second = SO_REUSEADDR,
					.listening = true,
					.wild = true },
	.server = first_server,
	.client = second_client,
	.expect = {
		{ CLIENT, "bind", ONE_OF(EQ(0), FAILS(EADDRINUSE)),
		  .on[OS_LINUX] = FAILS(EADDRINUSE),
		  .why = "on Linux a wildcard listener has every address of its port" },
	},
};

const struct sock_case reuse_ra_wild_then_specific_bound = {
	.claim = "On Linux SO_REUSEADDR lets a single address stand beside a wildcard only bound.",
	.source = "socket(7), SO_REUSEADDR; POSIX.1-2024 XSH 2.10.16, SO_REUSEADDR (the rules are "
		  "left open)",
	.standing = MAY,
	.portable = "Give a socket at a single address a port of its own.",
	.families = INET | INET6,
	.row = &(const struct sharing){ .first = SO_REUSEADDR,
					.second = SO_REUSEADDR,
					.wild = true },
	.server = first_server,
	.client = second_client,
	.expect = {
		{ CLIENT, "bind", ONE_OF(EQ(0), FAILS(EADDRINUSE)), .on[OS_LINUX] = EQ(0),
		  .why = "Linux refuses only while one of them listens" },
	},
};

const struct sock_case reuse_rp_rp_bound = {
	.claim = "Two sockets of one user that both have SO_REUSEPORT can be bound to one address.",
	.source = "socket(7), SO_REUSEPORT",
	.standing = SYSTEM,
	.portable = "Where SO_REUSEPORT is missing, bind once and share the socket by fork().",
	.notes = "Windows is said to lack the option.",
	.families = INET | INET6,
	.row = &(const struct sharing){ .first = SO_REUSEPORT, .second = SO_REUSEPORT },
	.server = first_server,
	.client = second_client,
	.expect = { { CLIENT, "bind", EQ(0) } },
};

const struct sock_case reuse_rp_none = {
	.claim = "SO_REUSEPORT of the first socket alone does not let a second one in.",
	.source = "socket(7), SO_REUSEPORT (each socket must set it)",
	.standing = SYSTEM,
	.families = INET | INET6,
	.row = &(const struct sharing){ .first = SO_REUSEPORT, .second = NEITHER },
	.server = first_server,
	.client = second_client,
	.expect = { { CLIENT, "bind", FAILS(EADDRINUSE) } },
};

const struct sock_case reuse_none_rp = {
	.claim = "SO_REUSEPORT of the second socket alone does not let it in.",
	.source = "socket(7), SO_REUSEPORT (each socket must set it)",
	.standing = SYSTEM,
	.families = INET | INET6,
	.row = &(const struct sharing){ .first = NEITHER, .second = SO_REUSEPORT },
	.server = first_server,
	.client = second_client,
	.expect = { { CLIENT, "bind", FAILS(EADDRINUSE) } },
};

const struct sock_case reuse_ra_vs_rp = {
	.claim = "On Linux SO_REUSEADDR of one socket and SO_REUSEPORT of the other do not add up.",
	.source = "no standard says it: socket(7), SO_REUSEPORT; POSIX.1-2024 XSH 2.10.16, "
		  "SO_REUSEADDR (the rules are left open)",
	.standing = MAY,
	.portable = "Set the same options on every socket that is to share an address.",
	.notes = "FreeBSD is said to differ.",
	.families = INET | INET6,
	.row = &(const struct sharing){ .first = SO_REUSEADDR, .second = SO_REUSEPORT },
	.server = first_server,
	.client = second_client,
	.expect = {
		{ CLIENT, "bind", ONE_OF(EQ(0), FAILS(EADDRINUSE)),
		  .on[OS_LINUX] = FAILS(EADDRINUSE),
		  .why = "Linux wants the same option on both" },
	},
};

const struct sock_case reuse_unix_reuseaddr_no_effect = {
	.claim = "SO_REUSEADDR does not let a socket take the path of another one: EADDRINUSE.",
	.source = "POSIX.1-2024 bind(), ERRORS EADDRINUSE; unix(7), Socket options",
	.standing = SHALL,
	.portable = "unlink() the path of a socket that nobody serves before bind().",
	.families = UNIX,
	.row = &(const struct sharing){ .first = SO_REUSEADDR, .second = SO_REUSEADDR },
	.server = first_server,
	.client = second_client,
	.expect = { { CLIENT, "bind", FAILS(EADDRINUSE) } },
};
