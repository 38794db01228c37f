/* buffer.c -- the sizes of the send and receive buffers: what is asked, what is given. */
#include "case.h"

static long long set_size(int fd, int option, int size)
{
	return setsockopt(fd, SOL_SOCKET, option, &size, sizeof size);
}

struct buffer {
	int option;
};

static const struct buffer receive_buffer = { SO_RCVBUF };
static const struct buffer send_buffer = { SO_SNDBUF };

static void sizing_client(struct role *me)
{
	const struct buffer *buffer = row_of(me);
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "set 4096", set_size(fd, buffer->option, 4096));
	saw(me, "after 4096", ask_option(fd, SOL_SOCKET, buffer->option));
	saw(me, "set 50001", set_size(fd, buffer->option, 50001));
	saw(me, "after 50001", ask_option(fd, SOL_SOCKET, buffer->option));
	saw(me, "set 20000", set_size(fd, buffer->option, 20000));
	saw(me, "after 20000", ask_option(fd, SOL_SOCKET, buffer->option));
}

const struct sock_case sockbuf_rcvbuf_doubles = {
	.claim = "SO_RCVBUF asks for a size: Linux gives twice that, other systems may give as "
		 "much.",
	.source = "POSIX.1-2024 2.10.16 Use of Options, SO_RCVBUF (requests a size); socket(7), "
		  "SO_RCVBUF",
	.standing = MAY,
	.portable = "Compare what is read with >=, never with ==.",
	.notes = "FreeBSD, macOS and Windows are said to read back the very number.",
	.families = INET | INET6 | UNIX,
	.row = &receive_buffer,
	.client = sizing_client,
	.expect = {
		{ CLIENT, "set 4096", EQ(0), .standing = SHALL },
		{ CLIENT, "after 4096", AT_LEAST(4096), .on[OS_LINUX] = EQ(8192),
		  .why = "socket(7): Linux doubles the size, to have room for bookkeeping" },
		{ CLIENT, "set 50001", EQ(0), .standing = SHALL },
		{ CLIENT, "after 50001", AT_LEAST(50001), .on[OS_LINUX] = EQ(100002),
		  .why = "socket(7): Linux doubles the size, to have room for bookkeeping" },
		{ CLIENT, "set 20000", EQ(0), .standing = SHALL },
		{ CLIENT, "after 20000", AT_LEAST(20000), .on[OS_LINUX] = EQ(40000),
		  .why = "socket(7): Linux doubles the size, to have room for bookkeeping" },
	},
};

const struct sock_case sockbuf_sndbuf_doubles = {
	.claim = "SO_SNDBUF asks for a size: Linux gives twice that, other systems may give as "
		 "much.",
	.source = "POSIX.1-2024 2.10.16 Use of Options, SO_SNDBUF (requests a size); socket(7), "
		  "SO_SNDBUF",
	.standing = MAY,
	.portable = "Compare what is read with >=, never with ==.",
	.notes = "FreeBSD and macOS are said to read back the very number.",
	.families = INET | INET6 | UNIX,
	.row = &send_buffer,
	.client = sizing_client,
	.expect = {
		{ CLIENT, "set 4096", EQ(0), .standing = SHALL },
		{ CLIENT, "after 4096", AT_LEAST(4096), .on[OS_LINUX] = EQ(8192),
		  .why = "socket(7): Linux doubles the size, to have room for bookkeeping" },
		{ CLIENT, "set 50001", EQ(0), .standing = SHALL },
		{ CLIENT, "after 50001", AT_LEAST(50001), .on[OS_LINUX] = EQ(100002),
		  .why = "socket(7): Linux doubles the size, to have room for bookkeeping" },
		{ CLIENT, "set 20000", EQ(0), .standing = SHALL },
		{ CLIENT, "after 20000", AT_LEAST(20000), .on[OS_LINUX] = EQ(40000),
		  .why = "socket(7): Linux doubles the size, to have room for bookkeeping" },
	},
};

static void roomy_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[8];

	send_all(conn, "s", 1);
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	meet(me, "exchanged");
}

/* Makes its buffer as small as it gets, and then exchanges a byte all the same. */
static void shrunk_client(struct role *me)
{
	const struct buffer *buffer = row_of(me);
	int fd = connect_to_peer(me);
	char bytes[8];

	saw(me, "set 0", set_size(fd, buffer->option, 0));
	long long least = saw(me, "after 0", ask_option(fd, SOL_SOCKET, buffer->option));
	saw(me, "set 1", set_size(fd, buffer->option, 1));
	saw(me, "after 1 as after 0", ask_option(fd, SOL_SOCKET, buffer->option) == least);
	send_all(fd, "c", 1);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "exchanged");
}

const struct sock_case sockbuf_rcvbuf_minimum = {
	.claim = "Linux makes no receive buffer too small to receive: a size of 0 is raised to a "
		 "minimum.",
	.source = "socket(7), SO_RCVBUF",
	.standing = SYSTEM,
	.portable = "Ask for what you need; a size of 0 may be refused.",
	.notes = "FreeBSD is said to refuse 0. socket(7) names a minimum of 256.",
	.families = INET | INET6 | UNIX,
	.row = &receive_buffer,
	.server = roomy_server,
	.client = shrunk_client,
	.expect = {
		{ CLIENT, "set 0", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux raises a size to its minimum" },
		{ CLIENT, "after 0", AT_LEAST(1), .on[OS_LINUX] = BETWEEN(2048 + 128, 2048 + 512),
		  .why = "Linux keeps room for a packet of 2048 bytes: 2304 on x86-64" },
		{ CLIENT, "set 1", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux raises a size to its minimum" },
		{ CLIENT, "after 1 as after 0", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux raises a size to its minimum" },
		{ CLIENT, "recv", TEXT("1:s") },
		{ SERVER, "recv", TEXT("1:c") },
	},
};

const struct sock_case sockbuf_sndbuf_minimum = {
	.claim = "Linux makes no send buffer too small to send: a size of 0 is raised to a "
		 "minimum.",
	.source = "socket(7), SO_SNDBUF",
	.standing = SYSTEM,
	.portable = "Ask for what you need; a size of 0 may be refused.",
	.notes = "FreeBSD is said to refuse 0. socket(7) names a minimum of 2048.",
	.families = INET | INET6 | UNIX,
	.row = &send_buffer,
	.server = roomy_server,
	.client = shrunk_client,
	.expect = {
		{ CLIENT, "set 0", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux raises a size to its minimum" },
		{ CLIENT, "after 0", AT_LEAST(1),
		  .on[OS_LINUX] = BETWEEN(2 * (2048 + 128), 2 * (2048 + 512)),
		  .why = "Linux keeps room for two packets of 2048 bytes: 4608 on x86-64" },
		{ CLIENT, "set 1", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux raises a size to its minimum" },
		{ CLIENT, "after 1 as after 0", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux raises a size to its minimum" },
		{ CLIENT, "recv", TEXT("1:s") },
		{ SERVER, "recv", TEXT("1:c") },
	},
};

static void greedy_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "set the half", set_size(fd, SO_RCVBUF, INT_MAX / 2));
	long long most = ask_option(fd, SOL_SOCKET, SO_RCVBUF);
	saw(me, "less than asked", most > 0 && most < INT_MAX / 2);
	saw(me, "set all", set_size(fd, SO_RCVBUF, INT_MAX));
	saw(me, "no more than before", ask_option(fd, SOL_SOCKET, SO_RCVBUF) == most);
}

const struct sock_case sockbuf_rcvbuf_above_max = {
	.claim = "No program gets a receive buffer above the system's limit: Linux lowers the size "
		 "without a word.",
	.source = "socket(7), SO_RCVBUF and rmem_max",
	.standing = SYSTEM,
	.portable = "Read the size back after setting it.",
	.notes = "FreeBSD and macOS are said to fail with ENOBUFS.",
	.families = INET | INET6 | UNIX,
	.client = greedy_client,
	.expect = {
		{ CLIENT, "set the half", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux lowers a size to rmem_max without a word" },
		{ CLIENT, "less than asked", EQ(1) },
		{ CLIENT, "set all", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux lowers a size to rmem_max without a word" },
		{ CLIENT, "no more than before", EQ(1) },
	},
};

static void negative_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	int other = open_socket(me, SOCK_STREAM);

	(void)set_size(other, SO_RCVBUF, INT_MAX);
	saw(me, "set -1", set_size(fd, SO_RCVBUF, -1));
	saw(me, "size is positive", ask_option(fd, SOL_SOCKET, SO_RCVBUF) > 0);
	saw(me, "size is the largest",
	    ask_option(fd, SOL_SOCKET, SO_RCVBUF) == ask_option(other, SOL_SOCKET, SO_RCVBUF));
}

const struct sock_case sockbuf_negative = {
	.claim = "A negative size makes no negative buffer: Linux takes it for a huge one, and "
		 "lowers it to the limit.",
	.source = "no standard says what a negative size is; socket(7), SO_RCVBUF and rmem_max, "
		  "names the limit",
	.standing = SYSTEM,
	.portable = "Never pass a size that may be negative: Linux takes it for a huge one.",
	.notes = "FreeBSD is said to fail.",
	.families = INET | INET6 | UNIX,
	.client = negative_client,
	.expect = {
		{ CLIENT, "set -1", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux reads the size as unsigned and lowers it to rmem_max" },
		{ CLIENT, "size is positive", EQ(1) },
		{ CLIENT, "size is the largest", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux reads the size as unsigned and lowers it to rmem_max" },
	},
};

static void unprivileged_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	long long before = ask_option(fd, SOL_SOCKET, SO_RCVBUF);

	drop_privileges(me);
	saw(me, "set", set_size(fd, SO_RCVBUFFORCE, 50000));
	saw(me, "size is kept", ask_option(fd, SOL_SOCKET, SO_RCVBUF) == before);
}

const struct sock_case sockbuf_rcvbufforce_needs_cap = {
	.claim = "SO_RCVBUFFORCE is refused without CAP_NET_ADMIN: EPERM, and the size is kept.",
	.source = "socket(7), SO_RCVBUFFORCE",
	.standing = SYSTEM,
	.portable = "Use SO_RCVBUF and live with the limit.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.client = unprivileged_client,
	.expect = {
		{ CLIENT, "set", FAILS(EPERM) },
		{ CLIENT, "size is kept", EQ(1) },
	},
};

static void short_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	long long before = ask_option(fd, SOL_SOCKET, SO_RCVBUF);
	int size = 50000;

	saw(me, "set 3 bytes", setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size - 1));
	saw(me, "set 0 bytes", setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, 0));
	saw(me, "size is kept", ask_option(fd, SOL_SOCKET, SO_RCVBUF) == before);
}

const struct sock_case sockbuf_short_optlen = {
	.claim = "Linux refuses a value shorter than an int with EINVAL, and changes nothing.",
	.source = "setsockopt(2), ERRORS EINVAL (optlen); POSIX.1-2024 2.10.16, SO_RCVBUF, has no "
		  "word for it",
	.standing = SYSTEM,
	.families = INET | INET6 | UNIX,
	.client = short_client,
	.expect = {
		{ CLIENT, "set 3 bytes", FAILS(EINVAL) },
		{ CLIENT, "set 0 bytes", FAILS(EINVAL) },
		{ CLIENT, "size is kept", EQ(1) },
	},
};
