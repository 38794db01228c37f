/* tcp.c -- what the TCP options are until they are set, and then. */
#include "case.h"

static long long set_tcp(int fd, int name, int value)
{
	return setsockopt(fd, IPPROTO_TCP, name, &value, sizeof value);
}

struct option {
	int level;
	int name;
	int new_value;
};

static void default_server(struct role *me)
{
	const struct option *option = row_of(me);
	int conn = accept_peer(me);

	needs_option(conn, option->level, option->name);
	saw(me, "accepted socket", ask_option(conn, option->level, option->name));
}

static void default_client(struct role *me)
{
	const struct option *option = row_of(me);
	int fresh = open_socket(me, SOCK_STREAM);
	int fd = connect_to_peer(me);

	needs_option(fd, option->level, option->name);
	saw(me, "fresh socket", ask_option(fresh, option->level, option->name));
	saw(me, "connected socket", ask_option(fd, option->level, option->name));
}

static void changing_client(struct role *me)
{
	const struct option *option = row_of(me);
	int fd = connect_to_peer(me);
	int fresh = open_socket(me, SOCK_STREAM);
	int value = option->new_value;

	needs_option(fd, option->level, option->name);
	saw(me, "fresh socket", ask_option(fresh, option->level, option->name));
	saw(me, "connected socket", ask_option(fd, option->level, option->name));
	saw(me, "set", setsockopt(fd, option->level, option->name, &value, sizeof value));
	saw(me, "after set", ask_option(fd, option->level, option->name));
	saw(me, "the fresh one then", ask_option(fresh, option->level, option->name));
}

static const struct option nodelay = { IPPROTO_TCP, TCP_NODELAY, 0 };

const struct sock_case tcpopt_nodelay_default = {
	.claim = "TCP_NODELAY reads as off until it is set, on a fresh, a connected and an "
		 "accepted socket.",
	.source = "tcp(7), TCP_NODELAY; RFC 9293, section 3.7.4, has the Nagle algorithm, but no "
		  "option",
	.standing = SYSTEM,
	.families = INET | INET6,
	.row = &nodelay,
	.server = default_server,
	.client = default_client,
	.expect = {
		{ CLIENT, "fresh socket", EQ(0) },
		{ CLIENT, "connected socket", EQ(0) },
		{ SERVER, "accepted socket", EQ(0) },
	},
};

static const struct option keepalive = { SOL_SOCKET, SO_KEEPALIVE, 1 };

const struct sock_case tcpopt_keepalive_default = {
	.claim = "SO_KEEPALIVE reads as off until it is set, on a fresh, a connected and an "
		 "accepted socket.",
	.source = "RFC 9293, section 3.8.4 (keep-alives default to off); POSIX.1-2024 2.10.16, "
		  "SO_KEEPALIVE",
	.standing = SHALL,
	.portable = "Test the value for being other than 0, never for being 1.",
	.families = INET | INET6 | UNIX,
	.row = &keepalive,
	.server = default_server,
	.client = changing_client,
	.expect = {
		{ CLIENT, "fresh socket", EQ(0) },
		{ CLIENT, "connected socket", EQ(0) },
		{ CLIENT, "set", EQ(0) },
		{ CLIENT, "after set", AT_LEAST(1), .on[OS_LINUX] = EQ(1),
		  .why = "Linux reports a switch that is on as 1" },
		{ CLIENT, "the fresh one then", EQ(0) },
		{ SERVER, "accepted socket", EQ(0) },
	},
};

static const struct option user_timeout = { IPPROTO_TCP, TCP_USER_TIMEOUT, 1234 };

const struct sock_case tcpopt_user_timeout_default = {
	.claim = "TCP_USER_TIMEOUT reads as 0, for the system's own limit, until it is set.",
	.source = "tcp(7), TCP_USER_TIMEOUT; RFC 5482, section 3",
	.standing = SYSTEM,
	.portable = "Bound the wait yourself, with poll() or SO_SNDTIMEO.",
	.notes = "FreeBSD and macOS are said to lack the option.",
	.families = INET | INET6,
	.row = &user_timeout,
	.server = default_server,
	.client = changing_client,
	.expect = {
		{ CLIENT, "fresh socket", EQ(0) },
		{ CLIENT, "connected socket", EQ(0) },
		{ CLIENT, "set", EQ(0) },
		{ CLIENT, "after set", EQ(1234) },
		{ CLIENT, "the fresh one then", EQ(0) },
		{ SERVER, "accepted socket", EQ(0) },
	},
};

static void switching_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "set 1", set_tcp(fd, TCP_NODELAY, 1));
	saw(me, "after 1", ask_option(fd, IPPROTO_TCP, TCP_NODELAY));
	saw(me, "set 0", set_tcp(fd, TCP_NODELAY, 0));
	saw(me, "after 0", ask_option(fd, IPPROTO_TCP, TCP_NODELAY));
	saw(me, "set 5", set_tcp(fd, TCP_NODELAY, 5));
	saw(me, "after 5", ask_option(fd, IPPROTO_TCP, TCP_NODELAY));
}

const struct sock_case tcpopt_nodelay_roundtrip = {
	.claim = "TCP_NODELAY is a switch: any value but 0 turns it on, 0 turns it off again.",
	.source = "POSIX.1-2024 <netinet/tcp.h>, TCP_NODELAY; getsockopt(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Test the value for being other than 0, never for being 1.",
	.notes = "FreeBSD and macOS are said to report the bit of the flag, 4.",
	.families = INET | INET6,
	.client = switching_client,
	.expect = {
		{ CLIENT, "set 1", EQ(0) },
		{ CLIENT, "after 1", AT_LEAST(1), .on[OS_LINUX] = EQ(1),
		  .why = "Linux reports a switch that is on as 1" },
		{ CLIENT, "set 0", EQ(0) },
		{ CLIENT, "after 0", EQ(0) },
		{ CLIENT, "set 5", EQ(0) },
		{ CLIENT, "after 5", AT_LEAST(1), .on[OS_LINUX] = EQ(1),
		  .why = "Linux reports a switch that is on as 1" },
	},
};

static void timing_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "TCP_KEEPIDLE", ask_option(fd, IPPROTO_TCP, TCP_KEEPIDLE));
	saw(me, "TCP_KEEPINTVL", ask_option(fd, IPPROTO_TCP, TCP_KEEPINTVL));
	saw(me, "TCP_KEEPCNT", ask_option(fd, IPPROTO_TCP, TCP_KEEPCNT));
}

const struct sock_case tcpopt_keepidle_defaults = {
	.claim = "TCP_KEEPIDLE reads two hours or more until it is set; on Linux 7200 s, then 9 "
		 "probes 75 s apart.",
	.source = "RFC 9293, section 3.8.4 (no less than two hours); tcp(7), tcp_keepalive_time",
	.standing = SHALL,
	.portable = "Set all three where the numbers matter.",
	.notes = "macOS is said to name the first one TCP_KEEPALIVE and to send 8 probes.",
	.families = INET | INET6,
	.needs = NEEDS_NETNS, /* the machine's own network may have been tuned */
	.client = timing_client,
	.expect = {
		{ CLIENT, "TCP_KEEPIDLE", AT_LEAST(7200), .on[OS_LINUX] = EQ(7200),
		  .why = "tcp(7): tcp_keepalive_time is 7200 s" },
		{ CLIENT, "TCP_KEEPINTVL", AT_LEAST(1), .on[OS_LINUX] = EQ(75),
		  .why = "tcp(7): tcp_keepalive_intvl is 75 s", .standing = MAY },
		{ CLIENT, "TCP_KEEPCNT", AT_LEAST(1), .on[OS_LINUX] = EQ(9),
		  .why = "tcp(7): tcp_keepalive_probes is 9", .standing = MAY },
	},
};

static void switch_quickack(struct role *me, int fd)
{
	needs_option(fd, IPPROTO_TCP, TCP_QUICKACK);
	saw(me, "at first", ask_option(fd, IPPROTO_TCP, TCP_QUICKACK));
	saw(me, "set 0", set_tcp(fd, TCP_QUICKACK, 0));
	saw(me, "after 0", ask_option(fd, IPPROTO_TCP, TCP_QUICKACK));
	saw(me, "set 1", set_tcp(fd, TCP_QUICKACK, 1));
	saw(me, "after 1", ask_option(fd, IPPROTO_TCP, TCP_QUICKACK));
	meet(me, "done"); /* because a FIN changes the mode */
}

static void quick_server(struct role *me)
{
	switch_quickack(me, accept_peer(me));
}

static void quick_client(struct role *me)
{
	switch_quickack(me, connect_to_peer(me));
}

const struct sock_case tcpopt_quickack_default_on = {
	.claim = "TCP_QUICKACK reads as on for a new connection; it can be switched off and on "
		 "again.",
	.source = "tcp(7), TCP_QUICKACK",
	.standing = SYSTEM,
	.portable = "Do not rely on it: tcp(7) says that TCP may change the mode at any time.",
	.families = INET | INET6,
	.server = quick_server,
	.client = quick_client,
	.expect = {
		{ CLIENT, "at first", EQ(1) },
		{ CLIENT, "set 0", EQ(0) },
		{ CLIENT, "after 0", EQ(0) },
		{ CLIENT, "set 1", EQ(0) },
		{ CLIENT, "after 1", EQ(1) },
		{ SERVER, "at first", EQ(1) },
		{ SERVER, "set 0", EQ(0) },
		{ SERVER, "after 0", EQ(0) },
		{ SERVER, "set 1", EQ(0) },
		{ SERVER, "after 1", EQ(1) },
	},
};
