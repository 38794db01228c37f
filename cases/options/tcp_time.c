/* tcp_time.c -- what TCP options do to the course of a connection: what is held back, what is told
 * of it, and how long it waits. */
#include "case.h"

/* Where Linux's struct tcp_info holds what C libraries do not all name. */
enum {
	BYTES_ACKED_AT = 120,
	BYTES_RECEIVED_AT = 128,
	DATA_SEGMENTS_OUT_AT = 156,
	SEND_WINDOW_AT = 228
};

static long long info_number(struct role *me, int fd, size_t at)
{
	uint64_t number;

	take_tcp_info(me, fd, at, &number, sizeof number);
	return (long long)number;
}

static void stateful_server(struct role *me)
{
	int listener = open_socket(me, SOCK_STREAM);
	struct address a = loopback(me);

	must(bind(listener, &a.any, a.len));
	saw_state(me, "fresh socket", listener);
	must(listen(listener, 1));
	saw_state(me, "listener", listener);
	a = name_of(listener);
	send_address(me, &a);
	int conn = must(accept(listener, NULL, NULL));
	saw_state(me, "accepted socket", conn);
	meet(me, "looked");
	must(close(conn));
}

static void stateful_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte;

	saw_state(me, "connected socket", fd);
	meet(me, "looked");
	must_be(recv(fd, &byte, 1, 0) == 0);
	saw_state(me, "after the peer closed", fd);
}

const struct sock_case tcpopt_info_state_transitions = {
	.claim = "TCP_INFO tells the state: CLOSED, LISTEN, ESTABLISHED, CLOSE-WAIT at its end.",
	.source = "tcp(7), TCP_INFO; RFC 9293, section 3.3.2",
	.standing = SYSTEM,
	.portable = "Do without: tcp(7) keeps TCP_INFO from code meant to be portable.",
	.notes = "FreeBSD is said to number the states differently, macOS to have another option.",
	.families = INET | INET6,
	.server = stateful_server,
	.client = stateful_client,
	.expect = {
		{ SERVER, "fresh socket", TEXT("CLOSED") },
		{ SERVER, "listener", TEXT("LISTEN") },
		{ SERVER, "accepted socket", TEXT("ESTABLISHED") },
		{ CLIENT, "connected socket", TEXT("ESTABLISHED") },
		{ CLIENT, "after the peer closed", TEXT("CLOSE-WAIT") },
	},
};

enum { REQUEST = 1000, REPLY = 300 };

/* Sends one size, receives the other, and tells by how much the counters have moved. */
static void exchange(struct role *me, int fd, size_t out, size_t in)
{
	char bytes[REQUEST] = "";
	long long acked = info_number(me, fd, BYTES_ACKED_AT);
	long long received = info_number(me, fd, BYTES_RECEIVED_AT);

	meet(me, "counted");
	send_all(fd, bytes, out);
	recv_all(fd, bytes, in);
	wait_acknowledged(me, fd);
	saw(me, "bytes acknowledged", info_number(me, fd, BYTES_ACKED_AT) - acked);
	saw(me, "bytes received", info_number(me, fd, BYTES_RECEIVED_AT) - received);
	meet(me, "counted again"); /* because a FIN counts as a byte */
}

static void counting_server(struct role *me)
{
	exchange(me, accept_peer(me), REPLY, REQUEST);
}

static void counting_client(struct role *me)
{
	exchange(me, connect_to_peer(me), REQUEST, REPLY);
}

const struct sock_case tcpopt_info_bytes_acked = {
	.claim = "TCP_INFO counts the bytes that were acknowledged and those that were received.",
	.source = "tcp(7), TCP_INFO; RFC 4898, section 4, tcpEStatsAppHCThruOctetsAcked and "
		  "-Received",
	.standing = SYSTEM,
	.portable = "Have the peer answer: no other acknowledgement is portable.",
	.families = INET | INET6,
	.needs = NEEDS_TCP_INFO,
	.server = counting_server,
	.client = counting_client,
	.expect = {
		{ CLIENT, "bytes acknowledged", EQ(REQUEST) },
		{ CLIENT, "bytes received", EQ(REPLY) },
		{ SERVER, "bytes acknowledged", EQ(REPLY) },
		{ SERVER, "bytes received", EQ(REQUEST) },
	},
};

/* Linux lets a cork go after 200 ms, so a look that took this long proves nothing. */
enum { CORK_LOOK_MS = 100 };

static int unsent_bytes(struct role *me, int fd)
{
	int n = 0;

	int result = ioctl(fd, SIOCOUTQNSD, &n);
	if (result == -1 && is_unknown(errno))
		unsupported(me, "this system does not tell what was not sent yet");
	must(result);
	return n;
}

static void uncorked_server(struct role *me)
{
	int listener = listen_on(me, 1);
	char bytes[8];
	int conn;

	do {
		int n = -1;
		conn = must(accept(listener, NULL, NULL));
		meet(me, "corked");
		must(ioctl(conn, FIONREAD, &n));
		send_number(me, n);
	} while (!recv_number(me));
	wait_queued(me, conn, 3);
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void corking_client(struct role *me)
{
	long long start, arrived, held;
	uint32_t segments;
	bool in_time;
	int fd;

	do {
		fd = connect_to_peer(me);
		set_option(fd, IPPROTO_TCP, TCP_CORK, 1);
		start = now_ms();
		send_all(fd, "a", 1);
		send_all(fd, "b", 1);
		send_all(fd, "c", 1);
		meet(me, "corked");
		arrived = recv_number(me);
		held = unsent_bytes(me, fd);
		in_time = now_ms() - start < CORK_LOOK_MS;
		send_number(me, in_time);
	} while (!in_time);
	saw(me, "arrived while corked", arrived);
	saw(me, "held while corked", held);
	saw(me, "uncork", setsockopt(fd, IPPROTO_TCP, TCP_CORK, &(int){ 0 }, sizeof(int)));
	saw(me, "held then", unsent_bytes(me, fd));
	take_tcp_info(me, fd, DATA_SEGMENTS_OUT_AT, &segments, sizeof segments);
	saw(me, "segments sent", segments);
}

const struct sock_case tcpopt_cork_holds_until_uncork = {
	.claim = "TCP_CORK holds small sends back; clearing it sends them at once, in one segment.",
	.source = "tcp(7), TCP_CORK",
	.standing = SYSTEM,
	.portable = "Gather the pieces in the program, with writev() or sendmsg().",
	.notes = "FreeBSD's and macOS's TCP_NOPUSH are said to wait for one more write.",
	.families = INET | INET6,
	.needs = NEEDS_TCP_INFO,
	.server = uncorked_server,
	.client = corking_client,
	.expect = {
		{ CLIENT, "arrived while corked", EQ(0) },
		{ CLIENT, "held while corked", EQ(3) },
		{ CLIENT, "uncork", EQ(0) },
		{ CLIENT, "held then", EQ(0) },
		{ CLIENT, "segments sent", EQ(1) },
		{ SERVER, "recv", TEXT("3:abc") },
	},
};

static void deferring_server(struct role *me)
{
	enum { SECONDS = 30 };
	int listener = bind_on(me, SOCK_STREAM);
	char bytes[8];

	try_option(me, listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, SECONDS, "TCP_DEFER_ACCEPT");
	must(listen(listener, 1));
	meet(me, "listening");
	meet(me, "about to wait");
	saw_flags(me, "listener", wait_for(me, listener, POLLIN));
	meet(me, "waited");
	int conn = must(accept(listener, NULL, NULL));
	saw_bytes(me, "first recv", bytes, recv(conn, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void mute_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);

	meet(me, "listening");
	saw(me, "connect", connect(fd, &to.any, to.len));
	meet(me, "about to wait");
	saw(me, "server stays blocked", peer_silent_for(me, PROOF_MS));
	send_all(fd, "hello", 5);
	meet(me, "waited");
}

const struct sock_case tcpopt_defer_accept_wakes_on_data = {
	.claim = "TCP_DEFER_ACCEPT: connect() succeeds, but data must come to wake the listener.",
	.source = "tcp(7), TCP_DEFER_ACCEPT",
	.standing = SYSTEM,
	.portable = "Accept, then wait for data with poll().",
	.notes = "FreeBSD has the accept filter dataready for it.",
	.families = INET | INET6,
	.waits_ms = PROOF_MS,
	.server = deferring_server,
	.client = mute_client,
	.expect = {
		{ CLIENT, "connect", EQ(0) },
		{ CLIENT, "server stays blocked", EQ(1) },
		{ SERVER, "listener", FLAGS("IN") },
		{ SERVER, "first recv", TEXT("5:hello") },
	},
};

/* Linux probes a closed window for the first time after 200 ms, and counts from there. A limit
 * below that lets the second probe end it, so that the case is soon done. */
enum { USER_TIMEOUT_MS = 100, FIRST_PROBE_MS = 200, SMALL_BUFFER = 4096 };

static void deaf_server(struct role *me)
{
	int listener = open_socket(me, SOCK_STREAM);
	struct address a = loopback(me);

	set_option(listener, SOL_SOCKET, SO_RCVBUF, SMALL_BUFFER);
	must(bind(listener, &a.any, a.len));
	must(listen(listener, 1));
	a = name_of(listener);
	send_address(me, &a);
	must(accept(listener, NULL, NULL));
	meet(me, "given up");
}

static uint32_t send_window(struct role *me, int fd)
{
	uint32_t window;

	take_tcp_info(me, fd, SEND_WINDOW_AT, &window, sizeof window);
	return window;
}

static void insisting_client(struct role *me)
{
	static const char block[16384];
	int fd = connect_to_peer(me);
	ssize_t n;

	set_option(fd, SOL_SOCKET, SO_SNDBUF, SMALL_BUFFER);
	must_be(send_window(me, fd) > 0); /* a stack that does not tell is not worth the filling */
	set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS);
	/* Before the window can close: how late this role runs after that must not count. */
	long long start = now_ms();
	while ((n = send(fd, block, sizeof block, MSG_NOSIGNAL)) > 0) {
	}
	saw(me, "send", n);
	saw(me, "send waited that long", now_ms() - start >= USER_TIMEOUT_MS - 10);
	saw(me, "send again", send(fd, "x", 1, MSG_NOSIGNAL));
	meet(me, "given up");
}

const struct sock_case tcpopt_user_timeout_zero_window = {
	.claim = "TCP_USER_TIMEOUT ends a connection whose window stays closed: ETIMEDOUT.",
	.source = "tcp(7), TCP_USER_TIMEOUT; RFC 5482, section 3",
	.standing = SYSTEM,
	.portable = "Bound the wait yourself: SO_SNDTIMEO or poll(), then close().",
	.notes = "FreeBSD, macOS and Windows are said to lack the option; Linux before 5.10.11 "
		 "is said to go on probing for ever.",
	.families = INET | INET6,
	.needs = NEEDS_TCP_INFO,
	.waits_ms = FIRST_PROBE_MS + USER_TIMEOUT_MS + 50,
	.server = deaf_server,
	.client = insisting_client,
	.expect = {
		{ CLIENT, "send", FAILS(ETIMEDOUT) },
		{ CLIENT, "send waited that long", EQ(1) },
		{ CLIENT, "send again", FAILS(EPIPE) },
	},
};
