/* bind_family.c -- bind() with an address of another family than the socket's. */
#include "case.h"

/* As long as the longest address, so that only the family can be wrong. */
static int bind_whole(int fd, const struct address *to)
{
	return bind(fd, &to->any, sizeof to->storage);
}

/* After a refusal the socket is as it was, and can be bound. */
static void saw_bind_of_own(struct role *me, int fd)
{
	struct address own = loopback(me);

	saw(me, "bind to the own family", bind(fd, &own.any, own.len));
}

static void path_client(struct role *me)
{
	struct address path = { .un = { .sun_family = AF_UNIX, .sun_path = "nothing" } };
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "bind to AF_UNIX", bind_whole(fd, &path));
	saw(me, "nothing was made", access(path.un.sun_path, F_OK));
	saw_bind_of_own(me, fd);
}

const struct sock_case bind_family_unix_on_inet = {
	.claim = "bind() of an IP socket to an AF_UNIX address fails with EAFNOSUPPORT.",
	.source = "POSIX.1-2024 bind(), ERRORS EAFNOSUPPORT",
	.standing = SHALL,
	.families = INET | INET6,
	.client = path_client,
	.expect = {
		{ CLIENT, "bind to AF_UNIX", FAILS(EAFNOSUPPORT) },
		{ CLIENT, "nothing was made", FAILS(ENOENT) },
		{ CLIENT, "bind to the own family", EQ(0) },
	},
};

static void newer_client(struct role *me)
{
	struct address newer = { .in6 = { .sin6_family = AF_INET6,
					  .sin6_addr = IN6ADDR_LOOPBACK_INIT } };
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "bind to AF_INET6", bind_whole(fd, &newer));
	saw_bind_of_own(me, fd);
}

const struct sock_case bind_family_inet6_on_inet = {
	.claim = "bind() of an IPv4 socket to an IPv6 address fails with EAFNOSUPPORT.",
	.source = "POSIX.1-2024 bind(), ERRORS EAFNOSUPPORT",
	.standing = SHALL,
	.families = INET,
	.client = newer_client,
	.expect = {
		{ CLIENT, "bind to AF_INET6", FAILS(EAFNOSUPPORT) },
		{ CLIENT, "bind to the own family", EQ(0) },
	},
};
