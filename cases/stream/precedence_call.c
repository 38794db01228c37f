/* precedence_call.c -- which error wins when accept() or setsockopt() has two reasons to fail.
 *
 * POSIX leaves the order open (2.3: any one of the possible errors may be returned). Each case also
 * shows what the error that lost gives alone. */
#include "case.h"

/* Listens; nobody ever comes. */
static int idle_listener(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	struct address a = loopback(me);

	set_nonblocking(fd);
	must(bind(fd, &a.any, a.len));
	must(listen(fd, 1));
	return fd;
}

static void deaf_socket_accepting(struct role *me)
{
	int deaf = open_socket(me, SOCK_STREAM);

	set_nonblocking(deaf);
	saw(me, "accept", accept(deaf, NULL, NULL));
	saw(me, "nobody there, alone", accept(idle_listener(me), NULL, NULL));
}

const struct sock_case prec_accept_einval_before_eagain = {
	.claim = "accept() on a non-blocking socket that does not listen may fail with EINVAL or "
		 "with EAGAIN.",
	.source = "POSIX.1-2024 accept(), ERRORS EINVAL and EAGAIN; XSH 2.3, Error Numbers",
	.standing = MAY,
	.portable = "Call listen() first; take EAGAIN of accept() for no more than: nobody now.",
	.families = INET | INET6 | UNIX,
	.client = deaf_socket_accepting,
	.expect = {
		{ CLIENT, "accept", ONE_OF(FAILS(EINVAL), FAILS(EAGAIN)),
		  .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux looks at the socket's state before its queue" },
		{ CLIENT, "nobody there, alone", FAILS(EAGAIN), .standing = SHALL },
	},
};

/* Lowers the limit until no descriptor is free. */
static void use_up_descriptors(void)
{
	struct rlimit limit;
	int lowest_free = must(dup(STDIN_FILENO));

	must(close(lowest_free));
	must(getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = (rlim_t)lowest_free;
	must(setrlimit(RLIMIT_NOFILE, &limit));
}

static void idle_listener_accepting(struct role *me)
{
	int fd = idle_listener(me);

	saw(me, "nobody there, alone", accept(fd, NULL, NULL));
	use_up_descriptors();
	saw(me, "accept", accept(fd, NULL, NULL));
}

const struct sock_case prec_accept_emfile_before_eagain = {
	.claim = "accept() without a free descriptor and without a connection may fail with "
		 "EMFILE or with EAGAIN.",
	.source = "POSIX.1-2024 accept(), ERRORS EMFILE and EAGAIN; XSH 2.3, Error Numbers",
	.standing = MAY,
	.portable = "Do not conclude from EMFILE that a connection is waiting.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS | NEEDS_DESCRIPTORS | NEEDS_SOCKET_FLAGS,
	.client = idle_listener_accepting,
	.expect = {
		{ CLIENT, "nobody there, alone", FAILS(EAGAIN), .standing = SHALL },
		{ CLIENT, "accept", ONE_OF(FAILS(EMFILE), FAILS(EAGAIN)),
		  .on[OS_LINUX] = FAILS(EMFILE),
		  .why = "Linux takes a descriptor before it looks for a connection" },
	},
};

static void destitute_accepting(struct role *me)
{
	int deaf = open_socket(me, SOCK_STREAM);

	saw(me, "not listening, alone", accept(deaf, NULL, NULL));
	use_up_descriptors();
	saw(me, "accept", accept(deaf, NULL, NULL));
}

const struct sock_case prec_accept_emfile_before_einval = {
	.claim = "accept() without a free descriptor or a listening socket may fail with EMFILE "
		 "or with EINVAL.",
	.source = "POSIX.1-2024 accept(), ERRORS EMFILE and EINVAL; XSH 2.3, Error Numbers",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.notes = "FreeBSD is said to give EINVAL.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS | NEEDS_DESCRIPTORS,
	.client = destitute_accepting,
	.expect = {
		{ CLIENT, "not listening, alone", FAILS(EINVAL), .standing = SHALL },
		{ CLIENT, "accept", ONE_OF(FAILS(EMFILE), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(EMFILE),
		  .why = "Linux takes a descriptor before it looks at the socket's state" },
	},
};

static void flagged_accepting(struct role *me)
{
	enum { NO_SUCH_FLAG = 0x10000 };

	saw(me, "accept4", accept4(-1, NULL, NULL, NO_SUCH_FLAG));
	saw(me, "flag alone", accept4(idle_listener(me), NULL, NULL, NO_SUCH_FLAG));
}

const struct sock_case prec_accept4_flags_before_ebadf = {
	.claim = "accept4() with a bad descriptor and an unknown flag may fail with either error.",
	.source = "POSIX.1-2024 accept4(), ERRORS EBADF; XSH 2.3, Error Numbers; accept(2), "
		  "ERRORS EINVAL",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.notes = "Linux releases long before 5.10 are said to give EINVAL.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_SOCKET_FLAGS,
	.client = flagged_accepting,
	.expect = {
		{ CLIENT, "accept4", ONE_OF(FAILS(EBADF), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(EBADF),
		  .why = "Linux looks the descriptor up first" },
		{ CLIENT, "flag alone", FAILS(EINVAL), .standing = SYSTEM },
	},
};

enum { NO_SUCH_OPTION = 9999 };

static void no_descriptor_setting(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	int value = 1;

	saw(me, "setsockopt", setsockopt(-1, SOL_SOCKET, NO_SUCH_OPTION, &value, sizeof value));
	saw(me, "option alone", setsockopt(fd, SOL_SOCKET, NO_SUCH_OPTION, &value, sizeof value));
}

const struct sock_case prec_setsockopt_ebadf_before_enoprotoopt = {
	.claim = "setsockopt() of an unknown option on a bad descriptor: the descriptor decides.",
	.source = "POSIX.1-2024 setsockopt(), ERRORS EBADF, and ENOPROTOOPT, which takes a "
		  "protocol that lacks the option",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.client = no_descriptor_setting,
	.expect = {
		{ CLIENT, "setsockopt", FAILS(EBADF) },
		{ CLIENT, "option alone", FAILS(ENOPROTOOPT) },
	},
};

static void short_value_nowhere(struct role *me)
{
	void *nowhere = no_access();
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "setsockopt", setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, nowhere, 1));
	saw(me, "address alone", setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, nowhere, sizeof(int)));
}

const struct sock_case prec_setsockopt_einval_before_efault = {
	.claim = "setsockopt() of a short value at a bad address may fail with either error.",
	.source = "POSIX.1-2024 setsockopt(), ERRORS EINVAL; XSH 2.3, Error Numbers",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.client = short_value_nowhere,
	.expect = {
		{ CLIENT, "setsockopt", ONE_OF(FAILS(EINVAL), FAILS(EFAULT)),
		  .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux checks the length before it copies the value" },
		{ CLIENT, "address alone", FAILS(EFAULT), .standing = SYSTEM },
	},
};

static void short_unknown_setting(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	int value = 1;

	saw(me, "setsockopt", setsockopt(fd, SOL_SOCKET, NO_SUCH_OPTION, &value, 1));
	saw(me, "option alone", setsockopt(fd, SOL_SOCKET, NO_SUCH_OPTION, &value, sizeof value));
}

const struct sock_case prec_setsockopt_short_len_before_unknown = {
	.claim = "setsockopt() of an unknown option with a short value may fail with either error.",
	.source = "POSIX.1-2024 setsockopt(), ERRORS EINVAL and ENOPROTOOPT; XSH 2.3, Error "
		  "Numbers",
	.standing = MAY,
	.portable = "To find out whether an option exists, give it a value of the right size.",
	.notes = "FreeBSD is said to give ENOPROTOOPT.",
	.families = INET | INET6 | UNIX,
	.client = short_unknown_setting,
	.expect = {
		{ CLIENT, "setsockopt", ONE_OF(FAILS(EINVAL), FAILS(ENOPROTOOPT)),
		  .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux checks the length before the option" },
		{ CLIENT, "option alone", FAILS(ENOPROTOOPT), .standing = SHALL },
	},
};
