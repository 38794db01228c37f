/* linger.c -- SO_LINGER: its values, and what close() does because of it. */
#include "case.h"

static struct linger linger_of(int fd)
{
	struct linger linger = { .l_onoff = -1, .l_linger = -1 };
	socklen_t len = sizeof linger;

	must(getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &len));
	must_be(len == sizeof linger);
	return linger;
}

static int set_linger(int fd, int onoff, int seconds)
{
	struct linger linger = { .l_onoff = onoff, .l_linger = seconds };

	return setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

static void accepting_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[16384];
	long long got = 0;

	saw(me, "accepted lingers", linger_of(conn).l_onoff);
	/* Reads nothing before the client has closed: that cannot wait for it. */
	long long sent = recv_number(me);
	for (ssize_t n; (n = must(recv(conn, bytes, sizeof bytes, 0))) > 0;)
		got += n;
	saw_value(me, "bytes missing", sent - got);
	meet(me, "end was read");
}

/* The shortest time that a close() can linger is a second. */
enum { SEND_ROOM = 1 << 16, AT_ONCE_MS = 800 };

static void connecting_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "new socket lingers", linger_of(fd).l_onoff);
	saw(me, "seconds", linger_of(fd).l_linger);
	fd = connect_to_peer(me);
	saw(me, "connected lingers", linger_of(fd).l_onoff);
	set_option(fd, SOL_SOCKET, SO_SNDBUF, SEND_ROOM);
	long long sent = fill_up(fd);
	long long start = now_ms();
	must(close(fd));
	saw_time(me, "close with unsent data took", start, 0, AT_ONCE_MS);
	send_number(me, sent);
	meet(me, "end was read");
}

const struct sock_case linger_default_off = {
	.claim = "SO_LINGER is off at first, on new, connected and accepted sockets: close() does "
		 "not wait.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_LINGER",
	.standing = SHALL,
	.portable = "Look at l_linger only while l_onoff is not 0.",
	.families = INET | INET6 | UNIX,
	.waits_ms = PROOF_MS,
	.timed = true,
	.server = accepting_server,
	.client = connecting_client,
	.expect = {
		{ CLIENT, "new socket lingers", EQ(0) },
		{ CLIENT, "seconds", ANY, .on[OS_LINUX] = EQ(0), .standing = MAY,
		  .why = "without lingering the time means nothing; Linux starts it at 0" },
		{ CLIENT, "connected lingers", EQ(0) },
		{ SERVER, "accepted lingers", EQ(0) },
		{ CLIENT, "close with unsent data took", ON_TIME },
		{ SERVER, "bytes missing", EQ(0) },
	},
};

static void setting_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "set 1, 7", set_linger(fd, 1, 7));
	saw(me, "on", linger_of(fd).l_onoff);
	saw(me, "seconds", linger_of(fd).l_linger);
	saw(me, "set 5, 9", set_linger(fd, 5, 9));
	saw(me, "still on", linger_of(fd).l_onoff);
	saw(me, "new seconds", linger_of(fd).l_linger);
	saw(me, "set 0, 0", set_linger(fd, 0, 0));
	saw(me, "off", linger_of(fd).l_onoff);
}

const struct sock_case linger_roundtrip = {
	.claim = "SO_LINGER reads back as it was set, where any l_onoff but 0 means on.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_LINGER",
	.standing = SHALL,
	.portable = "Compare l_onoff with 0, never with 1.",
	.notes = "FreeBSD is said to read back l_onoff as 0x80.",
	.families = INET | INET6 | UNIX,
	.client = setting_client,
	.expect = {
		{ CLIENT, "set 1, 7", EQ(0) },
		{ CLIENT, "on", AT_LEAST(1), .on[OS_LINUX] = EQ(1), .standing = MAY,
		  .why = "Linux keeps one bit and reads it as 1" },
		{ CLIENT, "seconds", EQ(7) },
		{ CLIENT, "set 5, 9", EQ(0) },
		{ CLIENT, "still on", AT_LEAST(1), .on[OS_LINUX] = EQ(1), .standing = MAY,
		  .why = "Linux keeps one bit and reads it as 1" },
		{ CLIENT, "new seconds", EQ(9) },
		{ CLIENT, "set 0, 0", EQ(0) },
		{ CLIENT, "off", EQ(0) },
	},
};

static void aborting_server(struct role *me)
{
	int conn = accept_peer(me);

	must(set_linger(conn, 1, 0));
	meet(me, "connected"); /* or connect() could be what the RST ends */
	saw(me, "close", close(conn));
	meet(me, "reset has arrived");
}

static void reading_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	meet(me, "connected");
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "reset has arrived");
}

const struct sock_case linger_zero_close_rst = {
	.claim = "On Linux close() with SO_LINGER of 0 seconds resets: the peer's recv() gets "
		 "ECONNRESET.",
	.source = "no standard says it: POSIX.1-2024 XSH 2.10.16, SO_LINGER leaves it to the "
		  "protocol; Linux net/ipv4/tcp.c, tcp_close()",
	.standing = SYSTEM,
	.portable = "Rely on the reset only where you know the system; its peer must take an end "
		    "of file as well.",
	.families = INET | INET6,
	.server = aborting_server,
	.client = reading_client,
	.expect = {
		{ SERVER, "close", EQ(0) },
		{ CLIENT, "recv", FAILS(ECONNRESET) },
	},
};

static void sending_then_aborting_server(struct role *me)
{
	int conn = accept_peer(me);

	must(set_linger(conn, 1, 0));
	send_all(conn, "abc", 3);
	saw(me, "close", close(conn));
	meet(me, "end was read");
}

static void draining_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "second recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	meet(me, "end was read");
}

const struct sock_case linger_zero_unix_no_effect = {
	.claim = "On Linux SO_LINGER of 0 seconds resets nothing on AF_UNIX: the data arrives, "
		 "and the end.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_LINGER leaves it to the protocol; unix(7), "
		  "DESCRIPTION (ignores SO_LINGER)",
	.standing = MAY,
	.portable = "Read until the end before close(); set no SO_LINGER on AF_UNIX.",
	.families = UNIX,
	.server = sending_then_aborting_server,
	.client = draining_client,
	.expect = {
		{ SERVER, "close", EQ(0) },
		{ CLIENT, "recv", ONE_OF(TEXT("3:abc"), FAILS(ECONNRESET)),
		  .on[OS_LINUX] = TEXT("3:abc"), .why = "what was sent is in the peer's queue" },
		{ CLIENT, "second recv", ONE_OF(TEXT("0:"), FAILS(ECONNRESET)),
		  .on[OS_LINUX] = TEXT("0:"), .why = "Linux ignores SO_LINGER on AF_UNIX" },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};

static void twice_accepting_server(struct role *me)
{
	int listener = listen_on(me, 2);
	int conn = must(accept(listener, NULL, NULL));
	char byte;

	meet(me, "accepted");
	saw(me, "recv", recv(conn, &byte, 1, 0));
	meet(me, "reset has arrived");
	conn = must(accept(listener, NULL, NULL));
	saw(me, "recv of the second", recv(conn, &byte, 1, 0));
}

static void returning_client(struct role *me)
{
	struct address server = peer_address(me);
	struct address any_port = loopback(me);
	int fd = open_socket(me, SOCK_STREAM);

	must(bind(fd, &any_port.any, any_port.len));
	struct address own = name_of(fd);
	must(connect(fd, &server.any, server.len));
	meet(me, "accepted");
	close_with_reset(fd);
	meet(me, "reset has arrived");
	fd = open_socket(me, SOCK_STREAM);
	saw(me, "bind to the same port", bind(fd, &own.any, own.len));
	saw(me, "connect to the same server", connect(fd, &server.any, server.len));
	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
}

const struct sock_case linger_zero_no_time_wait = {
	.claim = "A reset leaves no TIME-WAIT: the same port connects to the same server at once.",
	.source = "RFC 9293, section 3.10.5 (ABORT enters CLOSED)",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_NETNS, /* elsewhere another program could take the port meanwhile */
	.server = twice_accepting_server,
	.client = returning_client,
	.expect = {
		{ SERVER, "recv", FAILS(ECONNRESET) },
		{ CLIENT, "bind to the same port", EQ(0) },
		{ CLIENT, "connect to the same server", EQ(0) },
		{ CLIENT, "send", EQ(1) },
		{ SERVER, "recv of the second", EQ(1) },
	},
};
