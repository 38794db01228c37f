/* precedence_connect.c -- which error wins when connect(), listen() and their kind have two.
 *
 * POSIX leaves the order open (2.3: any one of the possible errors may be returned). Each case also
 * shows what the error that lost gives alone. */
#include "case.h"

static void no_descriptor_connecting(struct role *me)
{
	socklen_t len = loopback(me).len;

	saw(me, "connect", connect(-1, no_access(), len));
	saw(me, "address alone", connect(open_socket(me, SOCK_STREAM), no_access(), len));
}

const struct sock_case prec_connect_ebadf_before_efault = {
	.claim = "connect() with a bad descriptor and a bad address may fail with either error.",
	.source = "POSIX.1-2024 XSH 2.3, Error Numbers (the order in which errors are found is "
		  "undefined)",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.client = no_descriptor_connecting,
	.expect = {
		{ CLIENT, "connect", ONE_OF(FAILS(EBADF), FAILS(EFAULT)),
		  .on[OS_LINUX] = FAILS(EBADF),
		  .why = "Linux looks the descriptor up first" },
		{ CLIENT, "address alone", FAILS(EFAULT), .standing = SYSTEM },
	},
};

static void pipe_connecting(struct role *me)
{
	struct address to = loopback(me);
	int ends[2];

	must(pipe(ends));
	saw(me, "connect", connect(ends[0], no_access(), to.len));
	saw(me, "descriptor alone", connect(ends[0], &to.any, to.len));
}

const struct sock_case prec_connect_enotsock_vs_efault = {
	.claim = "connect() of what is no socket, to a bad address, may fail with either error.",
	.source = "POSIX.1-2024 XSH 2.3, Error Numbers (the order in which errors are found is "
		  "undefined)",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.notes = "FreeBSD is said to copy the address first too.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_DESCRIPTORS | NEEDS_POINTER_CHECKS,
	.client = pipe_connecting,
	.expect = {
		{ CLIENT, "connect", ONE_OF(FAILS(ENOTSOCK), FAILS(EFAULT)),
		  .on[OS_LINUX] = FAILS(EFAULT),
		  .why = "Linux copies the address before it asks whether this is a socket" },
		{ CLIENT, "descriptor alone", FAILS(ENOTSOCK), .standing = SHALL },
	},
};

static void accepting_server(struct role *me)
{
	(void)accept_peer(me);
	meet(me, "tried");
}

static void stranger_connecting_again(struct role *me)
{
	int fd = connect_to_peer(me);
	struct address to = peer_address(me);

	to.any.sa_family = AF_UNIX;
	saw(me, "connect again", connect(fd, &to.any, to.len));
	saw(me, "family alone", connect(open_socket(me, SOCK_STREAM), &to.any, to.len));
	meet(me, "tried");
}

const struct sock_case prec_connect_family_before_isconn = {
	.claim = "connect() of a connected socket to another family may fail with either error.",
	.source = "POSIX.1-2024 XSH 2.3, Error Numbers (the order in which errors are found is "
		  "undefined)",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.families = INET | INET6,
	.server = accepting_server,
	.client = stranger_connecting_again,
	.expect = {
		{ CLIENT, "connect again", ONE_OF(FAILS(EISCONN), FAILS(EAFNOSUPPORT)),
		  .on[OS_LINUX] = FAILS(EISCONN),
		  .why = "Linux looks at the socket's state first" },
		{ CLIENT, "family alone", FAILS(EAFNOSUPPORT), .standing = SHALL },
	},
};

static void short_address_connecting_again(struct role *me)
{
	int fd = connect_to_peer(me);
	struct address to = peer_address(me);

	saw(me, "connect again", connect(fd, &to.any, 1));
	saw(me, "second time alone", connect(fd, &to.any, to.len));
	meet(me, "tried");
}

const struct sock_case prec_connect_short_len_before_isconn = {
	.claim = "connect() of a connected socket to a one-byte address may fail with either "
		 "error.",
	.source = "POSIX.1-2024 XSH 2.3, Error Numbers (the order in which errors are found is "
		  "undefined)",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.families = INET | INET6,
	.server = accepting_server,
	.client = short_address_connecting_again,
	.expect = {
		{ CLIENT, "connect again", ONE_OF(FAILS(EINVAL), FAILS(EISCONN)),
		  .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux checks first that a family is there" },
		{ CLIENT, "second time alone", FAILS(EISCONN), .standing = SHALL },
	},
};

static void unconnected_asking(struct role *me)
{
	int pair[2];

	saw(me, "getpeername", getpeername(open_socket(me, SOCK_STREAM), no_access(), no_access()));
	connected_pair(me, SOCK_STREAM, pair);
	saw(me, "address alone", getpeername(pair[0], no_access(), no_access()));
}

const struct sock_case prec_getpeername_enotconn_before_efault = {
	.claim = "getpeername() of an unconnected socket, to a bad address, may fail with either "
		 "error.",
	.source = "POSIX.1-2024 XSH 2.3, Error Numbers (the order in which errors are found is "
		  "undefined)",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.notes = "FreeBSD is said to read the length first.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.client = unconnected_asking,
	.expect = {
		{ CLIENT, "getpeername", ONE_OF(FAILS(ENOTCONN), FAILS(EFAULT)),
		  .on[OS_LINUX] = FAILS(ENOTCONN),
		  .why = "Linux looks at the socket's state first" },
		{ CLIENT, "address alone", FAILS(EFAULT), .standing = SYSTEM },
	},
};

static void no_descriptor_shutting(struct role *me)
{
	enum { NO_SUCH_HOW = 99 };
	int pair[2];

	saw(me, "shutdown", shutdown(-1, NO_SUCH_HOW));
	connected_pair(me, SOCK_STREAM, pair);
	saw(me, "direction alone", shutdown(pair[0], NO_SUCH_HOW));
}

const struct sock_case prec_shutdown_ebadf_before_einval = {
	.claim = "shutdown() with a bad descriptor and a bad direction may fail with either error.",
	.source = "POSIX.1-2024 shutdown(), ERRORS EBADF and EINVAL; XSH 2.3, Error Numbers",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.families = INET | INET6 | UNIX,
	.client = no_descriptor_shutting,
	.expect = {
		{ CLIENT, "shutdown", ONE_OF(FAILS(EBADF), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(EBADF),
		  .why = "Linux looks the descriptor up first" },
		{ CLIENT, "direction alone", FAILS(EINVAL), .standing = SHALL },
	},
};

static void strange_opening(struct role *me)
{
	enum { NO_SUCH_DOMAIN = 9999, NO_SUCH_FLAG = 0x10000 };

	saw(me, "socket", socket(NO_SUCH_DOMAIN, SOCK_STREAM | NO_SUCH_FLAG, 0));
	saw(me, "domain alone", socket(NO_SUCH_DOMAIN, SOCK_STREAM, 0));
	saw(me, "flag alone", socket(domain_of(me), SOCK_STREAM | NO_SUCH_FLAG, 0));
}

const struct sock_case prec_socket_flags_einval_before_family = {
	.claim = "socket() of an unknown family with an unknown flag may fail with either error.",
	.source = "POSIX.1-2024 socket(), ERRORS EAFNOSUPPORT and EPROTOTYPE; XSH 2.3, Error "
		  "Numbers; socket(2), ERRORS EINVAL",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.families = INET | INET6 | UNIX,
	.client = strange_opening,
	.expect = {
		{ CLIENT, "socket", ONE_OF(FAILS(EINVAL), FAILS(EAFNOSUPPORT), FAILS(EPROTOTYPE)),
		  .on[OS_LINUX] = FAILS(EINVAL), .why = "Linux checks the flags first" },
		{ CLIENT, "domain alone", FAILS(EAFNOSUPPORT), .standing = SHALL },
		{ CLIENT, "flag alone", ONE_OF(FAILS(EINVAL), FAILS(EPROTOTYPE)),
		  .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "socket(2): EINVAL for invalid flags in type" },
	},
};

static void no_descriptor_listening(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	struct address a = loopback(me);

	must(bind(fd, &a.any, a.len));
	saw(me, "listen", listen(-1, -1));
	saw(me, "backlog alone", listen(fd, -1));
}

const struct sock_case prec_listen_ebadf_backlog = {
	.claim = "listen() with a bad descriptor fails with EBADF; a negative backlog is no error.",
	.source = "POSIX.1-2024 listen(), ERRORS EBADF; DESCRIPTION (a backlog below 0 is as 0)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.client = no_descriptor_listening,
	.expect = {
		{ CLIENT, "listen", FAILS(EBADF) },
		{ CLIENT, "backlog alone", EQ(0) },
	},
};
