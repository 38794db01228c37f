/* create.c -- what socket() and socketpair() give, and what they refuse. */
#include "case.h"

enum { UNDEFINED_TYPE = 75, UNKNOWN_DOMAIN = 10000 };

/* socket() as the behaviour in question: it may fail. */
static int new_socket(struct role *me, int type)
{
	return socket(domain_of(me), type, 0);
}

static void hole_filling_client(struct role *me)
{
	int fd[4];

	for (int i = 0; i < 4; i++)
		fd[i] = open_socket(me, SOCK_STREAM);
	/* In either order, so that neither the first nor the last one closed passes for the lowest.
	 */
	must(close(fd[1]));
	must(close(fd[2]));
	saw(me, "lower hole is filled", new_socket(me, SOCK_STREAM) == fd[1]);
	saw(me, "upper hole is filled", new_socket(me, SOCK_STREAM) == fd[2]);
	must(close(fd[2]));
	must(close(fd[1]));
	saw(me, "lower hole is filled again", new_socket(me, SOCK_STREAM) == fd[1]);
	saw(me, "upper hole is filled again", new_socket(me, SOCK_STREAM) == fd[2]);
	saw(me, "next is above all", new_socket(me, SOCK_STREAM) > fd[3]);
}

const struct sock_case sock_create_lowest_free_fd = {
	.claim = "socket() returns the lowest descriptor that is not open.",
	.source = "POSIX.1-2024 XSH 2.6, File Descriptor Allocation",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.client = hole_filling_client,
	.expect = {
		{ CLIENT, "lower hole is filled", EQ(1) },
		{ CLIENT, "upper hole is filled", EQ(1) },
		{ CLIENT, "lower hole is filled again", EQ(1) },
		{ CLIENT, "upper hole is filled again", EQ(1) },
		{ CLIENT, "next is above all", EQ(1) },
	},
};

static void bad_domain_client(struct role *me)
{
	saw(me, "domain 0", socket(0, SOCK_STREAM, 0));
	saw(me, "unknown domain", socket(UNKNOWN_DOMAIN, SOCK_STREAM, 0));
	saw(me, "negative domain", socket(-1, SOCK_STREAM, 0));
	saw(me, "known domain succeeds", new_socket(me, SOCK_STREAM) >= 0);
}

const struct sock_case sock_create_bad_domain = {
	.claim = "socket() of a domain that the system does not know fails with EAFNOSUPPORT.",
	.source = "POSIX.1-2024 socket(), ERRORS EAFNOSUPPORT",
	.standing = SHALL,
	.portable = "Take any failure of socket() to mean that the family cannot be used here.",
	.notes = "FreeBSD is said to give EPROTONOSUPPORT in some releases.",
	.families = INET | INET6 | UNIX,
	.client = bad_domain_client,
	.expect = {
		{ CLIENT, "domain 0", FAILS(EAFNOSUPPORT) },
		{ CLIENT, "unknown domain", FAILS(EAFNOSUPPORT) },
		{ CLIENT, "negative domain", FAILS(EAFNOSUPPORT) },
		{ CLIENT, "known domain succeeds", EQ(1) },
	},
};

static void bad_type_client(struct role *me)
{
	saw(me, "undefined type", new_socket(me, UNDEFINED_TYPE));
	saw(me, "defined type succeeds", new_socket(me, SOCK_STREAM) >= 0);
}

const struct sock_case sock_create_bad_type = {
	.claim = "socket() of a type that does not exist fails, by an error in which systems "
		 "differ.",
	.source = "POSIX.1-2024 socket(), ERRORS EPROTOTYPE and EPROTONOSUPPORT; socket(2), "
		  "ERRORS EINVAL",
	.standing = MAY,
	.portable = "Expect EPROTOTYPE, EPROTONOSUPPORT or EINVAL.",
	.notes = "FreeBSD, OpenBSD and macOS are said to give EPROTOTYPE.",
	.families = INET | INET6,
	.client = bad_type_client,
	.expect = {
		{ CLIENT, "undefined type", FAILS_ANY, .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux tests the number of the type before it looks for a protocol" },
		{ CLIENT, "defined type succeeds", EQ(1) },
	},
};

static void greeting_server(struct role *me)
{
	send_all(accept_peer(me), "abc", 3);
}

static void explicit_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = socket(domain_of(me), SOCK_STREAM, IPPROTO_TCP);
	int protocol = -1;
	socklen_t len = sizeof protocol;
	char bytes[8];

	saw(me, "socket is open", fd >= 0);
	saw(me, "getsockopt", getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len));
	saw_value(me, "SO_PROTOCOL", protocol);
	saw(me, "connect", connect(fd, &to.any, to.len));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

const struct sock_case sock_create_explicit_tcp_proto = {
	.claim = "IPPROTO_TCP as the protocol of a stream socket gives the same TCP that 0 gives.",
	.source = "POSIX.1-2024 socket(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.server = greeting_server,
	.client = explicit_client,
	.expect = {
		{ CLIENT, "socket is open", EQ(1) },
		{ CLIENT, "getsockopt", EQ(0) },
		{ CLIENT, "SO_PROTOCOL", EQ(IPPROTO_TCP) },
		{ CLIENT, "connect", EQ(0) },
		{ CLIENT, "recv", TEXT("3:abc") },
	},
};

/* Whether a flag is set, or -1 and errno. */
static int has_flag(int fd, int command, int flag)
{
	int flags = fcntl(fd, command);

	return flags == -1 ? -1 : (flags & flag) != 0;
}

/* Records both kinds of flags, so that one kind asked for is seen not to set the other. */
static void saw_flags_of(struct role *me, int fd)
{
	saw(me, "close-on-exec", has_flag(fd, F_GETFD, FD_CLOEXEC));
	saw(me, "non-blocking", has_flag(fd, F_GETFL, O_NONBLOCK));
	saw(me, "reads and writes", (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
}

static void plain_client(struct role *me)
{
	saw_flags_of(me, open_socket(me, SOCK_STREAM));
}

const struct sock_case sock_create_default_flags = {
	.claim = "A socket made without flags has neither O_NONBLOCK nor FD_CLOEXEC and is for "
		 "both directions.",
	.source = "POSIX.1-2024 socket(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.client = plain_client,
	.expect = {
		{ CLIENT, "close-on-exec", EQ(0) },
		{ CLIENT, "non-blocking", EQ(0) },
		{ CLIENT, "reads and writes", EQ(1) },
	},
};

static void cloexec_client(struct role *me)
{
	int fd = new_socket(me, SOCK_STREAM | SOCK_CLOEXEC);

	saw(me, "socket is open", fd >= 0);
	saw_flags_of(me, fd);
}

const struct sock_case sock_create_cloexec_flag = {
	.claim = "SOCK_CLOEXEC in the type gives a socket that has FD_CLOEXEC from the start.",
	.source = "POSIX.1-2024 socket(), DESCRIPTION (SOCK_CLOEXEC)",
	.standing = SHALL,
	.portable = "Where SOCK_CLOEXEC is missing, set FD_CLOEXEC with fcntl() before any fork().",
	.notes = "macOS is said to lack the flag.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_SOCKET_FLAGS,
	.client = cloexec_client,
	.expect = {
		{ CLIENT, "socket is open", EQ(1) },
		{ CLIENT, "close-on-exec", EQ(1) },
		{ CLIENT, "non-blocking", EQ(0) },
		{ CLIENT, "reads and writes", EQ(1) },
	},
};

static void nonblocking_server(struct role *me)
{
	int fd = new_socket(me, SOCK_STREAM | SOCK_NONBLOCK);
	struct address here = loopback(me);

	saw(me, "socket is open", fd >= 0);
	saw_flags_of(me, fd);
	saw(me, "bind", bind(fd, &here.any, here.len));
	saw(me, "listen", listen(fd, 1));
	saw(me, "accept", accept(fd, NULL, NULL));
}

const struct sock_case sock_create_nonblock_flag = {
	.claim = "SOCK_NONBLOCK in the type gives a socket that does not block from the start, as "
		 "in accept().",
	.source = "POSIX.1-2024 socket(), DESCRIPTION (SOCK_NONBLOCK)",
	.standing = SHALL,
	.portable = "Where SOCK_NONBLOCK is missing, set O_NONBLOCK with fcntl().",
	.notes = "macOS is said to lack the flag.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_SOCKET_FLAGS,
	.server = nonblocking_server,
	.expect = {
		{ SERVER, "socket is open", EQ(1) },
		{ SERVER, "close-on-exec", EQ(0) },
		{ SERVER, "non-blocking", EQ(1) },
		{ SERVER, "reads and writes", EQ(1) },
		{ SERVER, "bind", EQ(0) },
		{ SERVER, "listen", EQ(0) },
		{ SERVER, "accept", FAILS(EAGAIN) },
	},
};

static void exhausted_client(struct role *me)
{
	int last = open_socket(me, SOCK_STREAM);
	struct rlimit limit;

	must(getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = (rlim_t)last + 1;
	must(setrlimit(RLIMIT_NOFILE, &limit));
	saw(me, "socket", new_socket(me, SOCK_STREAM));
	must(close(last));
	saw(me, "socket after a close", new_socket(me, SOCK_STREAM) == last);
}

const struct sock_case sock_create_emfile = {
	.claim = "With all descriptors of the process open, socket() fails with EMFILE.",
	.source = "POSIX.1-2024 socket(), ERRORS EMFILE",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.client = exhausted_client,
	.expect = {
		{ CLIENT, "socket", FAILS(EMFILE) },
		{ CLIENT, "socket after a close", EQ(1) },
	},
};

static void paired_client(struct role *me)
{
	int fd[2] = { -1, -1 };
	char bytes[8];

	saw(me, "socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, fd));
	saw(me, "ends differ", fd[0] != fd[1]);
	saw(me, "send there", send(fd[0], "abc", 3, 0));
	saw(me, "send back", send(fd[1], "defgh", 5, 0));
	saw_bytes(me, "recv there", bytes, recv(fd[1], bytes, sizeof bytes, MSG_DONTWAIT));
	saw_bytes(me, "recv back", bytes, recv(fd[0], bytes, sizeof bytes, MSG_DONTWAIT));
	must(close(fd[0]));
	saw_bytes(me, "end of file", bytes, recv(fd[1], bytes, sizeof bytes, MSG_DONTWAIT));
}

const struct sock_case sock_pair_unix_stream = {
	.claim = "socketpair() gives two stream sockets that are connected to each other.",
	.source = "POSIX.1-2024 socketpair(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.needs = NEEDS_SOCKETPAIR,
	.client = paired_client,
	.expect = {
		{ CLIENT, "socketpair", EQ(0) },
		{ CLIENT, "ends differ", EQ(1) },
		{ CLIENT, "send there", EQ(3) },
		{ CLIENT, "send back", EQ(5) },
		{ CLIENT, "recv there", TEXT("3:abc") },
		{ CLIENT, "recv back", TEXT("5:defgh") },
		{ CLIENT, "end of file", TEXT("0:") },
	},
};
