/* lowat.c -- the values of SO_RCVLOWAT and SO_SNDLOWAT. */
#include "case.h"

static void connected_server(struct role *me)
{
	int conn = accept_peer(me);

	saw(me, "accepted", get_option(conn, SOL_SOCKET, SO_RCVLOWAT));
	meet(me, "looked");
	send_all(conn, "x", 1);
	meet(me, "polled");
}

static void looking_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	struct address server = peer_address(me);

	saw(me, "new", get_option(fd, SOL_SOCKET, SO_RCVLOWAT));
	must(connect(fd, &server.any, server.len));
	saw(me, "connected", get_option(fd, SOL_SOCKET, SO_RCVLOWAT));
	saw_flags(me, "poll with nothing queued", poll_now(fd, POLLIN));
	meet(me, "looked");
	wait_queued(me, fd, 1);
	saw_flags(me, "poll with a byte queued", poll_now(fd, POLLIN));
	meet(me, "polled");
}

const struct sock_case rcvlowat_default_one = {
	.claim = "SO_RCVLOWAT is 1 unless it is set: one byte makes a socket readable.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_RCVLOWAT",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = connected_server,
	.client = looking_client,
	.expect = {
		{ CLIENT, "new", EQ(1) },
		{ CLIENT, "connected", EQ(1) },
		{ SERVER, "accepted", EQ(1) },
		{ CLIENT, "poll with nothing queued", FLAGS("0") },
		{ CLIENT, "poll with a byte queued", FLAGS("IN") },
	},
};

static void idle_server(struct role *me)
{
	(void)accept_peer(me);
	meet(me, "looked");
}

static void zero_setting_client(struct role *me)
{
	int fd = connect_to_peer(me);
	int zero = 0;

	try_option(me, fd, SOL_SOCKET, SO_RCVLOWAT, 7, "SO_RCVLOWAT");
	saw(me, "reads back 7", get_option(fd, SOL_SOCKET, SO_RCVLOWAT));
	saw(me, "set to 0", setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &zero, sizeof zero));
	saw(me, "reads back after 0", get_option(fd, SOL_SOCKET, SO_RCVLOWAT));
	meet(me, "looked");
}

const struct sock_case rcvlowat_zero_becomes_one = {
	.claim = "SO_RCVLOWAT set to 0 may be taken for the default.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_RCVLOWAT says nothing of 0; socket(7), SO_RCVLOWAT",
	.standing = MAY,
	.portable = "Set 1 to get the default.",
	.notes = "FreeBSD is said to refuse 0 with EINVAL.",
	.families = INET | INET6 | UNIX,
	.server = idle_server,
	.client = zero_setting_client,
	.expect = {
		{ CLIENT, "reads back 7", EQ(7), .standing = SHALL },
		{ CLIENT, "set to 0", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux takes any value" },
		{ CLIENT, "reads back after 0", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux stores 1 for 0" },
	},
};

static void mark_setting_client(struct role *me)
{
	int fd = connect_to_peer(me);
	int mark = 4096;

	saw(me, "before", ask_option(fd, SOL_SOCKET, SO_SNDLOWAT));
	saw(me, "setsockopt", setsockopt(fd, SOL_SOCKET, SO_SNDLOWAT, &mark, sizeof mark));
	saw(me, "after", ask_option(fd, SOL_SOCKET, SO_SNDLOWAT));
	meet(me, "looked");
}

const struct sock_case sndlowat_readonly = {
	.claim = "SO_SNDLOWAT can be read; it may be settable, which it is not on Linux.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_SNDLOWAT; socket(7), SO_SNDLOWAT",
	.standing = MAY,
	.portable = "Do without it: poll() for POLLOUT and send without blocking.",
	.notes = "FreeBSD and macOS are said to let it be set, with a default of 2048.",
	.families = INET | INET6 | UNIX,
	.server = idle_server,
	.client = mark_setting_client,
	.expect = {
		{ CLIENT, "before", AT_LEAST(1), .on[OS_LINUX] = EQ(1),
		  .why = "Linux has no such mark and always answers 1" },
		{ CLIENT, "setsockopt", ONE_OF(EQ(0), FAILS(ENOPROTOOPT)),
		  .on[OS_LINUX] = FAILS(ENOPROTOOPT), .why = "Linux has no such mark" },
		{ CLIENT, "after", AT_LEAST(1), .on[OS_LINUX] = EQ(1),
		  .why = "Linux has no such mark and always answers 1" },
	},
};
