/* precedence_bind.c -- which error wins when bind() has two reasons to fail.
 *
 * POSIX leaves the order open (2.3: any one of the possible errors may be returned). Each case also
 * shows what the error that lost gives alone. */
#include "case.h"

static int bound_socket(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	struct address a = loopback(me);

	must(bind(fd, &a.any, a.len));
	return fd;
}

static void no_descriptor_binding(struct role *me)
{
	socklen_t len = loopback(me).len;

	saw(me, "bind", bind(-1, no_access(), len));
	saw(me, "address alone", bind(open_socket(me, SOCK_STREAM), no_access(), len));
}

const struct sock_case prec_bind_ebadf_before_efault = {
	.claim = "bind() with a bad descriptor and a bad address may fail with either error.",
	.source = "POSIX.1-2024 XSH 2.3, Error Numbers (the order in which errors are found is "
		  "undefined)",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.client = no_descriptor_binding,
	.expect = {
		{ CLIENT, "bind", ONE_OF(FAILS(EBADF), FAILS(EFAULT)), .on[OS_LINUX] = FAILS(EBADF),
		  .why = "Linux looks the descriptor up first" },
		{ CLIENT, "address alone", FAILS(EFAULT), .standing = SYSTEM },
	},
};

static void pipe_binding(struct role *me)
{
	struct address a = loopback(me);
	int ends[2];

	must(pipe(ends));
	saw(me, "bind", bind(ends[0], &a.any, (socklen_t)-1));
	saw(me, "length alone", bind(open_socket(me, SOCK_STREAM), &a.any, (socklen_t)-1));
}

const struct sock_case prec_bind_enotsock_before_einval_len = {
	.claim = "bind() of what is no socket, with a bad length, may fail with either error.",
	.source = "POSIX.1-2024 XSH 2.3, Error Numbers (the order in which errors are found is "
		  "undefined)",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.client = pipe_binding,
	.expect = {
		{ CLIENT, "bind", ONE_OF(FAILS(ENOTSOCK), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(ENOTSOCK),
		  .why = "Linux asks first whether this is a socket" },
		{ CLIENT, "length alone", FAILS(EINVAL), .standing = SYSTEM },
	},
};

static void endless_address_binding(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "bind", bind(fd, no_access(), (socklen_t)-1));
	saw(me, "address alone", bind(fd, no_access(), loopback(me).len));
}

const struct sock_case prec_bind_einval_len_before_efault = {
	.claim = "bind() with a bad length and a bad address may fail with either error.",
	.source = "POSIX.1-2024 XSH 2.3, Error Numbers (the order in which errors are found is "
		  "undefined)",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.client = endless_address_binding,
	.expect = {
		{ CLIENT, "bind", ONE_OF(FAILS(EINVAL), FAILS(EFAULT)),
		  .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux checks the length before it copies the address" },
		{ CLIENT, "address alone", FAILS(EFAULT), .standing = SYSTEM },
	},
};

static void nowhere_binding_again(struct role *me)
{
	struct address other = loopback(me);
	int fd = bound_socket(me);

	saw(me, "bind again", bind(fd, no_access(), other.len));
	saw(me, "second address alone", bind(fd, &other.any, other.len));
}

const struct sock_case prec_bind_efault_before_already_bound = {
	.claim = "bind() of a bound socket to a bad address may fail with either error.",
	.source = "POSIX.1-2024 XSH 2.3, Error Numbers (the order in which errors are found is "
		  "undefined)",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.client = nowhere_binding_again,
	.expect = {
		{ CLIENT, "bind again", ONE_OF(FAILS(EFAULT), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(EFAULT),
		  .why = "Linux copies the address before the protocol sees it" },
		{ CLIENT, "second address alone", FAILS(EINVAL), .standing = SHALL },
	},
};

static void stranger_binding_again(struct role *me)
{
	struct address other = loopback(me), strange = other;
	int fd = bound_socket(me);

	strange.any.sa_family = AF_UNIX;
	saw(me, "bind again", bind(fd, &strange.any, strange.len));
	saw(me, "second address alone", bind(fd, &other.any, other.len));
}

const struct sock_case prec_bind_family_before_already_bound = {
	.claim = "bind() of a bound socket to another family may fail with either error.",
	.source = "POSIX.1-2024 XSH 2.3, Error Numbers (the order in which errors are found is "
		  "undefined)",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.notes = "FreeBSD is said to find first that the socket is bound.",
	.families = INET,
	.client = stranger_binding_again,
	.expect = {
		{ CLIENT, "bind again", ONE_OF(FAILS(EAFNOSUPPORT), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(EAFNOSUPPORT), .why = "Linux looks at the address first" },
		{ CLIENT, "second address alone", FAILS(EINVAL), .standing = SHALL },
	},
};

static void foreigner_binding_again(struct role *me)
{
	struct address foreign = unassigned_address(me), other = loopback(me);
	int fd = bound_socket(me);

	saw(me, "bind again", bind(fd, &foreign.any, foreign.len));
	saw(me, "foreign address alone",
	    bind(open_socket(me, SOCK_STREAM), &foreign.any, foreign.len));
	saw(me, "second address alone", bind(fd, &other.any, other.len));
}

const struct sock_case prec_bind_addr_before_already_bound = {
	.claim = "bind() of a bound socket to a foreign address may fail with either error.",
	.source = "POSIX.1-2024 XSH 2.3, Error Numbers (the order in which errors are found is "
		  "undefined)",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.notes = "FreeBSD is said to find first that the socket is bound.",
	.families = INET | INET6,
	.client = foreigner_binding_again,
	.expect = {
		{ CLIENT, "bind again", ONE_OF(FAILS(EADDRNOTAVAIL), FAILS(EINVAL)),
		  .on[OS_LINUX] = BY_FAMILY(FAILS(EADDRNOTAVAIL), FAILS(EINVAL), NOT_HERE),
		  .why = "Linux looks at an IPv4 address first, but asks first whether an IPv6 "
			 "socket is bound" },
		{ CLIENT, "foreign address alone", FAILS(EADDRNOTAVAIL), .standing = SHALL },
		{ CLIENT, "second address alone", FAILS(EINVAL), .standing = SHALL },
	},
};
