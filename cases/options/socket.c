/* socket.c -- options that every socket has: bad arguments, and switches. */
#include "case.h"

static long long set_value(int fd, int option, int value)
{
	return setsockopt(fd, SOL_SOCKET, option, &value, sizeof value);
}

static void misguided_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	int value = 0;
	socklen_t len = sizeof value;
	void *nowhere = no_access();

	saw(me, "set from nowhere",
	    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, nowhere, sizeof value));
	saw(me, "get into nowhere", getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, nowhere, &len));
	saw(me, "get, length nowhere", getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, nowhere));
	saw(me, "value then", ask_option(fd, SOL_SOCKET, SO_KEEPALIVE));
}

const struct sock_case sockopt_efault = {
	.claim = "An option's value at an address that cannot be used fails with EFAULT.",
	.source = "getsockopt(2), ERRORS EFAULT; POSIX.1-2024 2.3 leaves its detection open",
	.portable = "Never rely on it: a C library that looks at the value itself crashes.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.client = misguided_client,
	.expect = {
		{ CLIENT, "set from nowhere", ANY, .on[OS_LINUX] = FAILS(EFAULT),
		  .why = "getsockopt(2) promises EFAULT" },
		{ CLIENT, "get into nowhere", ANY, .on[OS_LINUX] = FAILS(EFAULT),
		  .why = "getsockopt(2) promises EFAULT" },
		{ CLIENT, "get, length nowhere", ANY, .on[OS_LINUX] = FAILS(EFAULT),
		  .why = "getsockopt(2) promises EFAULT" },
		{ CLIENT, "value then", EQ(0) },
	},
};

static void lengthy_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	int value = 77;
	socklen_t len = (socklen_t)-1;

	saw(me, "getsockopt", getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &len));
	saw(me, "value is untouched", value == 77);
}

const struct sock_case sockopt_getsockopt_negative_len = {
	.claim = "getsockopt() takes a length of -1 for negative and refuses it with EINVAL.",
	.source = "getsockopt(2); POSIX.1-2024 <sys/socket.h> (socklen_t is unsigned)",
	.portable = "Pass the size of the object, never a number that came from elsewhere.",
	.families = INET | INET6 | UNIX,
	.client = lengthy_client,
	.expect = {
		{ CLIENT, "getsockopt", ONE_OF(FAILS(EINVAL), EQ(0)), .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux reads the length as an int" },
		{ CLIENT, "value is untouched", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux reads the length as an int" },
	},
};

static void asking_client(struct role *me)
{
	enum { UNDEFINED = 9999 };
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "set", set_value(fd, UNDEFINED, 1));
	saw(me, "get", ask_option(fd, SOL_SOCKET, UNDEFINED));
}

const struct sock_case sockopt_unknown_sol_socket = {
	.claim = "A socket option that does not exist fails with ENOPROTOOPT, set or read.",
	.source = "POSIX.1-2024 setsockopt() and getsockopt(), ERRORS ENOPROTOOPT",
	.families = INET | INET6 | UNIX,
	.client = asking_client,
	.expect = {
		{ CLIENT, "set", FAILS(ENOPROTOOPT) },
		{ CLIENT, "get", FAILS(ENOPROTOOPT) },
	},
};

static void switching_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "set SO_KEEPALIVE 7", set_value(fd, SO_KEEPALIVE, 7));
	saw(me, "SO_KEEPALIVE", ask_option(fd, SOL_SOCKET, SO_KEEPALIVE));
	saw(me, "set SO_OOBINLINE 7", set_value(fd, SO_OOBINLINE, 7));
	saw(me, "SO_OOBINLINE", ask_option(fd, SOL_SOCKET, SO_OOBINLINE));
	saw(me, "set SO_REUSEADDR 7", set_value(fd, SO_REUSEADDR, 7));
	saw(me, "SO_REUSEADDR", ask_option(fd, SOL_SOCKET, SO_REUSEADDR));
	saw(me, "set SO_REUSEADDR 0", set_value(fd, SO_REUSEADDR, 0));
	saw(me, "SO_REUSEADDR then", ask_option(fd, SOL_SOCKET, SO_REUSEADDR));
}

const struct sock_case sockopt_boolean_normalised = {
	.claim = "Any value but 0 turns a switch on; it reads other than 0 then, if not the same.",
	.source = "POSIX.1-2024 2.10.16 (boolean options)",
	.portable = "Test the value for being other than 0, never for being 1.",
	.notes = "FreeBSD and macOS are said to report the bit of the flag, such as 8 or 4.",
	.families = INET | INET6 | UNIX,
	.client = switching_client,
	.expect = {
		{ CLIENT, "set SO_KEEPALIVE 7", EQ(0) },
		{ CLIENT, "SO_KEEPALIVE", AT_LEAST(1), .on[OS_LINUX] = EQ(1),
		  .on[OS_LWIP] = EQ(8),
		  .why = "Linux reports a switch that is on as 1, lwIP as its bit, SOF_KEEPALIVE" },
		{ CLIENT, "set SO_OOBINLINE 7", EQ(0) },
		{ CLIENT, "SO_OOBINLINE", AT_LEAST(1), .on[OS_LINUX] = EQ(1),
		  .why = "Linux reports a switch that is on as 1" },
		{ CLIENT, "set SO_REUSEADDR 7", EQ(0) },
		{ CLIENT, "SO_REUSEADDR", AT_LEAST(1), .on[OS_LINUX] = EQ(1),
		  .on[OS_LWIP] = EQ(4),
		  .why = "Linux reports a switch that is on as 1, lwIP as its bit, SOF_REUSEADDR" },
		{ CLIENT, "set SO_REUSEADDR 0", EQ(0) },
		{ CLIENT, "SO_REUSEADDR then", EQ(0) },
	},
};

static void inlining_server(struct role *me)
{
	int conn = accept_peer(me);

	saw(me, "accepted", ask_option(conn, SOL_SOCKET, SO_OOBINLINE));
	meet(me, "looked");
}

static void inlining_client(struct role *me)
{
	int fd = connect_to_peer(me);

	saw(me, "fresh", ask_option(open_socket(me, SOCK_STREAM), SOL_SOCKET, SO_OOBINLINE));
	saw(me, "connected", ask_option(fd, SOL_SOCKET, SO_OOBINLINE));
	meet(me, "looked");
}

const struct sock_case sockopt_so_oobinline_default_off = {
	.claim = "SO_OOBINLINE is off at first: urgent data is kept apart.",
	.source = "POSIX.1-2024 2.10.12 (out-of-band data) and 2.10.16, SO_OOBINLINE; socket(7)",
	.families = INET | INET6 | UNIX,
	.server = inlining_server,
	.client = inlining_client,
	.expect = {
		{ SERVER, "accepted", EQ(0) },
		{ CLIENT, "fresh", EQ(0) },
		{ CLIENT, "connected", EQ(0) },
	},
};

struct harmless {
	int option;
};

static void talk(struct role *me, int fd, const char *word)
{
	char bytes[8];

	send_all(fd, word, strlen(word));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "talked");
}

static void unswayed_server(struct role *me)
{
	const struct harmless *harmless = row_of(me);
	int conn = accept_peer(me);

	saw(me, "set", set_value(conn, harmless->option, 1));
	talk(me, conn, "pong");
}

static void unswayed_client(struct role *me)
{
	const struct harmless *harmless = row_of(me);
	int fd = open_socket(me, SOCK_STREAM);
	struct address to = peer_address(me);

	saw(me, "at first", ask_option(fd, SOL_SOCKET, harmless->option));
	saw(me, "set", set_value(fd, harmless->option, 1));
	saw(me, "then", ask_option(fd, SOL_SOCKET, harmless->option));
	saw(me, "connect", connect(fd, &to.any, to.len));
	talk(me, fd, "ping");
}

static const struct harmless broadcast = { SO_BROADCAST };

const struct sock_case sockopt_so_broadcast_on_stream = {
	.claim = "SO_BROADCAST can be set on a stream socket and changes nothing there.",
	.source = "POSIX.1-2024 2.10.16, SO_BROADCAST; socket(7)",
	.families = INET | INET6 | UNIX,
	.row = &broadcast,
	.server = unswayed_server,
	.client = unswayed_client,
	.expect = {
		{ CLIENT, "at first", EQ(0) },
		{ CLIENT, "set", EQ(0) },
		{ CLIENT, "then", AT_LEAST(1), .on[OS_LINUX] = EQ(1),
		  .why = "Linux reports a switch that is on as 1" },
		{ CLIENT, "connect", EQ(0) },
		{ CLIENT, "recv", TEXT("4:pong") },
		{ SERVER, "set", EQ(0) },
		{ SERVER, "recv", TEXT("4:ping") },
	},
};

static const struct harmless dontroute = { SO_DONTROUTE };

const struct sock_case sockopt_so_dontroute = {
	.claim = "SO_DONTROUTE keeps to directly connected hosts; loopback is one of them.",
	.source = "POSIX.1-2024 2.10.16, SO_DONTROUTE; socket(7)",
	.families = INET | INET6 | UNIX,
	.row = &dontroute,
	.server = unswayed_server,
	.client = unswayed_client,
	.expect = {
		{ CLIENT, "at first", EQ(0) },
		{ CLIENT, "set", EQ(0) },
		{ CLIENT, "then", AT_LEAST(1), .on[OS_LINUX] = EQ(1),
		  .why = "Linux reports a switch that is on as 1" },
		{ CLIENT, "connect", EQ(0) },
		{ CLIENT, "recv", TEXT("4:pong") },
		{ SERVER, "set", EQ(0) },
		{ SERVER, "recv", TEXT("4:ping") },
	},
};
