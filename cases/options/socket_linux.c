/* socket_linux.c -- socket options that need privileges, and Linux's own ones. */
#include "case.h"

static long long set_value(int fd, int option, int value)
{
	return setsockopt(fd, SOL_SOCKET, option, &value, sizeof value);
}

struct guarded {
	int option;
};

static void unprivileged_client(struct role *me)
{
	const struct guarded *guarded = row_of(me);
	int fd = open_socket(me, SOCK_STREAM);

	drop_privileges(me);
	saw(me, "set", set_value(fd, guarded->option, 1));
	saw(me, "value then", ask_option(fd, SOL_SOCKET, guarded->option));
}

static const struct guarded debug = { SO_DEBUG };

const struct sock_case sockopt_so_debug_needs_cap = {
	.claim = "SO_DEBUG is for the privileged: without CAP_NET_ADMIN it fails with EACCES.",
	.source = "socket(7), SO_DEBUG; POSIX.1-2024 2.10.16 Use of Options, SO_DEBUG, has no word "
		  "of rights",
	.standing = SYSTEM,
	.portable = "Expect either answer.",
	.notes = "FreeBSD is said to let everybody.",
	.families = INET | INET6,
	.needs = NEEDS_PROCESS,
	.row = &debug,
	.client = unprivileged_client,
	.expect = {
		{ CLIENT, "set", ONE_OF(EQ(0), FAILS(EACCES)), .on[OS_LINUX] = FAILS(EACCES),
		  .why = "socket(7): needs CAP_NET_ADMIN" },
		{ CLIENT, "value then", AT_LEAST(0), .on[OS_LINUX] = EQ(0),
		  .why = "what was refused changes nothing" },
	},
};

static const struct guarded mark = { SO_MARK };

const struct sock_case sockopt_so_mark_needs_cap = {
	.claim = "SO_MARK fails with EPERM without CAP_NET_ADMIN, and the mark stays 0.",
	.source = "socket(7), SO_MARK",
	.standing = SYSTEM,
	.portable = "Do without: marks are Linux's own.",
	.notes = "FreeBSD is said to have SO_USER_COOKIE instead.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.row = &mark,
	.client = unprivileged_client,
	.expect = {
		{ CLIENT, "set", FAILS(EPERM) },
		{ CLIENT, "value then", EQ(0) },
	},
};

static void urgent_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	drop_privileges(me);
	saw(me, "set 0", set_value(fd, SO_PRIORITY, 0));
	saw(me, "set 6", set_value(fd, SO_PRIORITY, 6));
	saw(me, "set 7", set_value(fd, SO_PRIORITY, 7));
	saw(me, "set -1", set_value(fd, SO_PRIORITY, -1));
	saw(me, "value then", ask_option(fd, SOL_SOCKET, SO_PRIORITY));
}

const struct sock_case sockopt_so_priority_bounds = {
	.claim = "Anyone may set SO_PRIORITY from 0 to 6; the rest needs CAP_NET_ADMIN: EPERM.",
	.source = "socket(7), SO_PRIORITY",
	.standing = SYSTEM,
	.portable = "Do without: priorities of sockets are Linux's own.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.client = urgent_client,
	.expect = {
		{ CLIENT, "set 0", EQ(0) },
		{ CLIENT, "set 6", EQ(0) },
		{ CLIENT, "set 7", FAILS(EPERM) },
		{ CLIENT, "set -1", FAILS(EPERM) },
		{ CLIENT, "value then", EQ(6) },
	},
};

static void answering_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	send_all(conn, "pong", 4);
	meet(me, "talked");
}

static void tied_client(struct role *me)
{
	static const char lo[] = "lo", missing[] = "no-such-device";
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);
	char bytes[IFNAMSIZ] = "";
	socklen_t len = sizeof bytes;

	saw(me, "tie to nothing",
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, missing, sizeof missing));
	saw(me, "tie to lo", setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, lo, sizeof lo));
	saw(me, "getsockopt", getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, bytes, &len));
	saw_text(me, "device", bytes);
	saw(me, "connect", connect(fd, &to.any, to.len));
	send_all(fd, "ping", 4);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "talked");
}

const struct sock_case sockopt_so_bindtodevice_lo = {
	.claim = "SO_BINDTODEVICE ties a socket to a device such as lo; an unknown one is ENODEV.",
	.source = "socket(7), SO_BINDTODEVICE",
	.standing = SYSTEM,
	.portable = "Bind to an address of the device.",
	.notes = "Linux before 5.7 is said to want CAP_NET_RAW; macOS to have IP_BOUND_IF.",
	.families = INET | INET6,
	.server = answering_server,
	.client = tied_client,
	.expect = {
		{ CLIENT, "tie to nothing", FAILS(ENODEV) },
		{ CLIENT, "getsockopt", EQ(0) },
		{ CLIENT, "tie to lo", EQ(0) },
		{ CLIENT, "device", TEXT("lo") },
		{ CLIENT, "connect", EQ(0) },
		{ CLIENT, "recv", TEXT("4:pong") },
		{ SERVER, "recv", TEXT("4:ping") },
	},
};

static void located_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	needs_option(fd, SOL_SOCKET, SO_INCOMING_CPU);
	send_all(fd, "ping", 4);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	long long cpu = ask_option(fd, SOL_SOCKET, SO_INCOMING_CPU);
	saw(me, "a processor of this machine", cpu >= 0 && cpu < sysconf(_SC_NPROCESSORS_CONF));
	meet(me, "talked");
}

const struct sock_case sockopt_so_incoming_cpu_read = {
	.claim = "SO_INCOMING_CPU reads as a processor of this machine once a segment was "
		 "received.",
	.source = "socket(7), SO_INCOMING_CPU",
	.standing = SYSTEM,
	.portable = "Do without: the option is Linux's own.",
	.families = INET | INET6,
	.server = answering_server,
	.client = located_client,
	.expect = {
		{ CLIENT, "recv", TEXT("4:pong") },
		{ CLIENT, "a processor of this machine", EQ(1) },
		{ SERVER, "recv", TEXT("4:ping") },
	},
};
