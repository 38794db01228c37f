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
	.claim = "An option's value at an address that cannot be used may fail with EFAULT, as it "
		 "does on Linux.",
	.source = "getsockopt(2), ERRORS EFAULT; POSIX.1-2024 2.3 Error Numbers, EFAULT, leaves it "
		  "open",
	.standing = MAY,
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
	.claim = "getsockopt() may take a length of -1 for negative: Linux refuses it with EINVAL.",
	.source = "no standard says it: socklen_t is unsigned in POSIX.1-2024 <sys/socket.h>; "
		  "getsockopt(2), ERRORS",
	.standing = MAY,
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

#define WHY_UNKNOWN "POSIX has two errors for it; Linux uses ENOPROTOOPT, as getsockopt(2) says"

const struct sock_case sockopt_unknown_sol_socket = {
	.claim = "A socket option that does not exist fails with ENOPROTOOPT or EINVAL, set or "
		 "read; on Linux with ENOPROTOOPT.",
	.source = "POSIX.1-2024 setsockopt() and getsockopt(), ERRORS ENOPROTOOPT, EINVAL",
	.standing = SHALL,
	.portable = "Treat ENOPROTOOPT and EINVAL alike: the option is not there.",
	.families = INET | INET6 | UNIX,
	.client = asking_client,
	.expect = {
		{ CLIENT, "set", ONE_OF(FAILS(ENOPROTOOPT), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(ENOPROTOOPT), .why = WHY_UNKNOWN },
		{ CLIENT, "get", ONE_OF(FAILS(ENOPROTOOPT), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(ENOPROTOOPT), .why = WHY_UNKNOWN },
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
	.source = "POSIX.1-2024 2.10.16, Use of Options (a boolean option is on when it is not 0)",
	.standing = SHALL,
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
	.claim = "SO_OOBINLINE reads as off at first, on a fresh, a connected and an accepted "
		 "socket.",
	.source = "POSIX.1-2024 2.10.12 Socket Out-of-Band Data State; 2.10.16 Use of Options, "
		  "SO_OOBINLINE",
	.standing = SHALL,
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

#define WHY_BROADCAST "POSIX has the option for datagrams; Linux keeps the switch for any socket"

const struct sock_case sockopt_so_broadcast_on_stream = {
	.claim = "SO_BROADCAST may be set on a stream socket, as on Linux, and changes nothing "
		 "there.",
	.source = "POSIX.1-2024 2.10.16 Use of Options, SO_BROADCAST (of datagrams); socket(7), "
		  "SO_BROADCAST",
	.standing = MAY,
	.portable = "Set SO_BROADCAST on datagram sockets only.",
	.families = INET | INET6 | UNIX,
	.row = &broadcast,
	.server = unswayed_server,
	.client = unswayed_client,
	.expect = {
		{ CLIENT, "at first", ONE_OF(EQ(0), FAILS_ANY), .on[OS_LINUX] = EQ(0),
		  .why = WHY_BROADCAST },
		{ CLIENT, "set", ONE_OF(EQ(0), FAILS_ANY), .on[OS_LINUX] = EQ(0),
		  .why = WHY_BROADCAST },
		{ CLIENT, "then", ONE_OF(AT_LEAST(1), FAILS_ANY), .on[OS_LINUX] = EQ(1),
		  .why = WHY_BROADCAST },
		{ CLIENT, "connect", EQ(0), .standing = SHALL },
		{ CLIENT, "recv", TEXT("4:pong"), .standing = SHALL },
		{ SERVER, "set", ONE_OF(EQ(0), FAILS_ANY), .on[OS_LINUX] = EQ(0),
		  .why = WHY_BROADCAST },
		{ SERVER, "recv", TEXT("4:ping"), .standing = SHALL },
	},
};

static const struct harmless dontroute = { SO_DONTROUTE };

const struct sock_case sockopt_so_dontroute = {
	.claim = "SO_DONTROUTE leaves hosts that are directly connected in reach, such as "
		 "loopback.",
	.source = "POSIX.1-2024 2.10.16 Use of Options, SO_DONTROUTE",
	.standing = SHALL,
	.portable = "Test the value for being other than 0, never for being 1.",
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
