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
	.claim = "bind() with a bad descriptor and a bad address: either error is possible.",
	.source = "POSIX.1-2024 2.3 (the order in which errors are found is not specified)",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.client = no_descriptor_binding,
	.expect = {
		{ CLIENT, "bind", ONE_OF(FAILS(EBADF), FAILS(EFAULT)), .on[OS_LINUX] = FAILS(EBADF),
		  .why = "Linux looks the descriptor up first" },
		{ CLIENT, "address alone", FAILS(EFAULT) },
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
	.claim = "bind() of what is no socket, with a bad length: either error is possible.",
	.source = "POSIX.1-2024 2.3 (the order in which errors are found is not specified)",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.client = pipe_binding,
	.expect = {
		{ CLIENT, "bind", ONE_OF(FAILS(ENOTSOCK), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(ENOTSOCK),
		  .why = "Linux asks first whether this is a socket" },
		{ CLIENT, "length alone", FAILS(EINVAL) },
	},
};

static void endless_address_binding(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "bind", bind(fd, no_access(), (socklen_t)-1));
	saw(me, "address alone", bind(fd, no_access(), loopback(me).len));
}

const struct sock_case prec_bind_einval_len_before_efault = {
	.claim = "bind() with a bad length and a bad address: either error is possible.",
	.source = "POSIX.1-2024 2.3 (the order in which errors are found is not specified)",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.client = endless_address_binding,
	.expect = {
		{ CLIENT, "bind", ONE_OF(FAILS(EINVAL), FAILS(EFAULT)),
		  .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux checks the length before it copies the address" },
		{ CLIENT, "address alone", FAILS(EFAULT) },
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
	.claim = "bind() of a bound socket to a bad address: either error is possible.",
	.source = "POSIX.1-2024 2.3 (the order in which errors are found is not specified)",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.client = nowhere_binding_again,
	.expect = {
		{ CLIENT, "bind again", ONE_OF(FAILS(EFAULT), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(EFAULT),
		  .why = "Linux copies the address before the protocol sees it" },
		{ CLIENT, "second address alone", FAILS(EINVAL) },
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
	.claim = "bind() of a bound socket to another family: either error is possible.",
	.source = "POSIX.1-2024 2.3 (the order in which errors are found is not specified)",
	.portable = "Treat either error alike.",
	.notes = "FreeBSD is said to find first that the socket is bound.",
	.families = INET,
	.client = stranger_binding_again,
	.expect = {
		{ CLIENT, "bind again", ONE_OF(FAILS(EAFNOSUPPORT), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(EAFNOSUPPORT), .why = "Linux looks at the address first" },
		{ CLIENT, "second address alone", FAILS(EINVAL) },
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
	.claim = "bind() of a bound socket to a foreign address: either error is possible.",
	.source = "POSIX.1-2024 2.3 (the order in which errors are found is not specified)",
	.portable = "Treat either error alike.",
	.notes = "FreeBSD is said to find first that the socket is bound.",
	.families = INET | INET6,
	.client = foreigner_binding_again,
	.expect = {
		{ CLIENT, "bind again", ONE_OF(FAILS(EADDRNOTAVAIL), FAILS(EINVAL)), .only = INET,
		  .on[OS_LINUX] = FAILS(EADDRNOTAVAIL),
		  .why = "Linux looks at an IPv4 address first" },
		{ CLIENT, "bind again", ONE_OF(FAILS(EADDRNOTAVAIL), FAILS(EINVAL)), .only = INET6,
		  .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux asks first whether an IPv6 socket is bound, unlike with IPv4" },
		{ CLIENT, "foreign address alone", FAILS(EADDRNOTAVAIL) },
		{ CLIENT, "second address alone", FAILS(EINVAL) },
	},
};
