/* timewait.c -- TIME-WAIT: the end that closed first cannot have its port back at once. */
#include "case.h"

static int socket_with_reuse(struct role *me, bool reuse)
{
	int fd = open_socket(me, SOCK_STREAM);

	set_option(fd, SOL_SOCKET, SO_REUSEADDR, reuse);
	return fd;
}

static int listen_with_reuse(struct role *me, bool reuse)
{
	int fd = socket_with_reuse(me, reuse);
	struct address here = loopback(me);

	must(bind(fd, &here.any, here.len));
	must(listen(fd, 1));
	here = name_of(fd);
	send_address(me, &here);
	return fd;
}

/* Closes first: has the other end's ACK before that one closes too. An ACK that came later than
 * its FIN would be answered from TIME-WAIT, and the RST to that answer would end TIME-WAIT
 * (RFC 1337). */
static void close_first(struct role *me, int fd)
{
	must(shutdown(fd, SHUT_WR));
	wait_state(me, fd, "FIN-WAIT-2");
	meet(me, "first has closed");
	wait_time_wait(me, fd);
	must(close(fd));
}

/* Closes when the other end has closed; afterwards nothing is left of this end. */
static void close_second(struct role *me, int fd)
{
	char byte;

	meet(me, "first has closed");
	must_be(recv(fd, &byte, 1, 0) == 0);
	must(shutdown(fd, SHUT_WR));
	wait_state(me, fd, "CLOSED");
	must(close(fd));
}

/* ---- A server that starts again ---- */

struct restart {
	bool old_reuses, new_reuses; /* SO_REUSEADDR */
	bool serves_again;
};

static void restarting_server(struct role *me)
{
	const struct restart *row = row_of(me);
	int listener = listen_with_reuse(me, row->old_reuses);
	struct address here = name_of(listener);

	close_first(me, must(accept(listener, NULL, NULL)));
	must(close(listener));
	int again = socket_with_reuse(me, row->new_reuses);
	bool bound = saw(me, "bind", bind(again, &here.any, here.len)) == 0;
	if (!row->serves_again)
		return;
	bool listens = saw(me, "listen", listen(again, 1)) == 0;
	meet(me, "server has tried");
	if (bound && listens)
		send_all(must(accept(again, NULL, NULL)), "again", 5);
}

static void calling_client(struct role *me)
{
	close_second(me, connect_to_peer(me));
}

static void returning_client(struct role *me)
{
	char bytes[8];

	close_second(me, connect_to_peer(me));
	meet(me, "server has tried");
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);
	saw(me, "connect", connect(fd, &to.any, to.len));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

const struct sock_case timewait_server_active_close_rebind = {
	.claim = "On Linux a server that closed a connection first cannot bind its port again: "
		 "EADDRINUSE.",
	.source = "no standard says it: RFC 9293, section 3.6 keeps the connection; POSIX.1-2024 "
		  "bind(), ERRORS EADDRINUSE does not say what uses an address",
	.standing = MAY,
	.portable = "Set SO_REUSEADDR on every listening socket before bind().",
	.notes = "Windows is said to allow it, and the first releases of Linux 6.1.",
	.families = INET | INET6,
	.needs = NEEDS_OWN_NET,
	.row = &(const struct restart){ .old_reuses = false, .new_reuses = false },
	.server = restarting_server,
	.client = calling_client,
	.expect = {
		{ SERVER, "bind", ONE_OF(EQ(0), FAILS(EADDRINUSE)),
		  .on[OS_LINUX] = FAILS(EADDRINUSE),
		  .why = "on Linux a connection in TIME-WAIT has its port still" },
	},
};

const struct sock_case timewait_rebind_reuseaddr = {
	.claim = "With SO_REUSEADDR a server starts again at once, TIME-WAIT or not.",
	.source = "POSIX.1-2024 XSH 2.10.16, SO_REUSEADDR; socket(7), SO_REUSEADDR",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_OWN_NET,
	.row = &(const struct restart){ .old_reuses = true,
					.new_reuses = true,
					.serves_again = true },
	.server = restarting_server,
	.client = returning_client,
	.expect = {
		{ SERVER, "bind", EQ(0) },
		{ SERVER, "listen", EQ(0) },
		{ CLIENT, "connect", EQ(0) },
		{ CLIENT, "recv", TEXT("5:again") },
	},
};

const struct sock_case timewait_rebind_reuseaddr_new_only = {
	.claim = "On Linux SO_REUSEADDR helps after a restart only if the old server had it too.",
	.source = "no standard says it: socket(7), SO_REUSEADDR; POSIX.1-2024 XSH 2.10.16, "
		  "SO_REUSEADDR (the rules are left open)",
	.standing = MAY,
	.portable = "Set SO_REUSEADDR in the first start of a server already.",
	.notes = "The BSDs are said to allow it.",
	.families = INET | INET6,
	.needs = NEEDS_OWN_NET,
	.row = &(const struct restart){ .old_reuses = false, .new_reuses = true },
	.server = restarting_server,
	.client = calling_client,
	.expect = {
		{ SERVER, "bind", ONE_OF(EQ(0), FAILS(EADDRINUSE)),
		  .on[OS_LINUX] = FAILS(EADDRINUSE),
		  .why = "Linux keeps the option with the connection in TIME-WAIT and wants both" },
	},
};

static void passive_server(struct role *me)
{
	int listener = listen_with_reuse(me, false);
	struct address here = name_of(listener);

	close_second(me, must(accept(listener, NULL, NULL)));
	must(close(listener));
	int again = socket_with_reuse(me, false);
	saw(me, "bind", bind(again, &here.any, here.len));
	saw(me, "listen", listen(again, 1));
}

static void active_client(struct role *me)
{
	close_first(me, connect_to_peer(me));
}

const struct sock_case timewait_passive_close_no_time_wait = {
	.claim = "A server whose clients closed first can bind its port at once, without options.",
	.source = "RFC 9293, section 3.6 (only the end that closes first enters TIME-WAIT)",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_OWN_NET,
	.server = passive_server,
	.client = active_client,
	.expect = {
		{ SERVER, "bind", EQ(0) },
		{ SERVER, "listen", EQ(0) },
	},
};

/* ---- A client with a port of its own choice ---- */

/* A connection from a port that is bound first. */
static int connect_bound(struct role *me, bool reuse)
{
	int fd = socket_with_reuse(me, reuse);
	struct address here = loopback(me), to = peer_address(me);

	must(bind(fd, &here.any, here.len));
	must(connect(fd, &to.any, to.len));
	return fd;
}

static void rebinding_client(struct role *me)
{
	int fd = connect_bound(me, false);
	struct address here = name_of(fd);

	close_first(me, fd);
	fd = socket_with_reuse(me, false);
	saw(me, "bind", bind(fd, &here.any, here.len));
}

static void waiting_server(struct role *me)
{
	close_second(me, accept_peer(me));
}

const struct sock_case timewait_client_port_rebind = {
	.claim = "On Linux a client that closed first cannot bind its own port again: EADDRINUSE.",
	.source = "no standard says it: RFC 9293, section 3.6 keeps the connection; POSIX.1-2024 "
		  "bind(), ERRORS EADDRINUSE does not say what uses an address",
	.standing = MAY,
	.portable = "Let connect() choose the port of a client.",
	.notes = "Windows is said to differ.",
	.families = INET | INET6,
	.needs = NEEDS_OWN_NET,
	.server = waiting_server,
	.client = rebinding_client,
	.expect = {
		{ CLIENT, "bind", ONE_OF(EQ(0), FAILS(EADDRINUSE)),
		  .on[OS_LINUX] = FAILS(EADDRINUSE),
		  .why = "on Linux a connection in TIME-WAIT has its port still" },
	},
};

static void twice_server(struct role *me)
{
	int listener = listen_on(me, 1);

	close_second(me, must(accept(listener, NULL, NULL)));
	meet(me, "first is over");
	set_nonblocking(listener);
	if (recv_number(me) == 0)
		wait_for(me, listener, POLLIN);
	saw(me, "accept", accept(listener, NULL, NULL) >= 0);
}

static void twice_client(struct role *me)
{
	int fd = connect_bound(me, true);
	struct address here = name_of(fd), to = peer_address(me);

	close_first(me, fd);
	meet(me, "first is over");
	fd = socket_with_reuse(me, true);
	saw(me, "bind", bind(fd, &here.any, here.len));
	send_number(me, saw(me, "connect", connect(fd, &to.any, to.len)));
}

const struct sock_case timewait_same_4tuple_reconnect_lo = {
	.claim = "On Linux a client can connect at once between the same two ports a second time.",
	.source = "RFC 6191, section 2 (timestamps tell old segments from new); tcp(7), "
		  "tcp_timestamps",
	.standing = MAY,
	.portable = "Let connect() choose another port for the next connection.",
	.notes = "FreeBSD and Windows are said to give EADDRINUSE or EADDRNOTAVAIL.",
	.families = INET | INET6,
	.needs = NEEDS_OWN_NET,
	.server = twice_server,
	.client = twice_client,
	.expect = {
		{ CLIENT, "bind", ONE_OF(EQ(0), FAILS(EADDRINUSE)), .on[OS_LINUX] = EQ(0),
		  .why = "SO_REUSEADDR was set on both sockets" },
		{ CLIENT, "connect", ONE_OF(EQ(0), FAILS(EADDRINUSE), FAILS(EADDRNOTAVAIL)),
		  .on[OS_LINUX] = EQ(0),
		  .why = "timestamps were in use, so nothing old can be mistaken" },
		{ SERVER, "accept", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "the second connection is a connection" },
	},
};

/* ---- As the administrator sees it ---- */

enum { STATES = 16 }; /* more than TCP has */

/* Counts the lines of /proc/net/tcp with this local port by their state, a TCP_ number. The kernel
 * walks a large table for each reading, so all states are taken at once. */
static void count_lines(struct role *me, int port, int count[STATES])
{
	FILE *file = fopen(family_of(me) == INET6 ? "/proc/net/tcp6" : "/proc/net/tcp", "re");
	char line[256];

	must_be(file != NULL);
	memset(count, 0, STATES * sizeof *count);
	while (fgets(line, sizeof line, file)) {
		unsigned its_port = 0, state = 0;
		sscanf(line, " %*d: %*[^:]:%x %*[^:]:%*x %x", &its_port, &state);
		if ((int)its_port == port && state < STATES)
			count[state]++;
	}
	fclose(file);
}

static void watching_server(struct role *me)
{
	int listener = listen_on(me, 1), count[STATES];
	struct address here = name_of(listener);
	int conn = must(accept(listener, NULL, NULL));

	count_lines(me, port_of(&here), count);
	saw(me, "established before the close", count[TCP_ESTABLISHED]);
	saw(me, "TIME-WAIT before the close", count[TCP_TIME_WAIT]);
	close_first(me, conn);
	count_lines(me, port_of(&here), count);
	saw(me, "established after the close", count[TCP_ESTABLISHED]);
	saw(me, "TIME-WAIT after the close", count[TCP_TIME_WAIT]);
	saw(me, "still listening", count[TCP_LISTEN]);
}

const struct sock_case timewait_in_proc_net_tcp = {
	.claim = "Linux shows a connection in TIME-WAIT in /proc/net/tcp, in state 06.",
	.source = "proc(5), /proc/net/tcp; RFC 9293, section 3.3.2",
	.standing = SYSTEM,
	.families = INET | INET6,
	.needs = NEEDS_OWN_NET | NEEDS_PROC_NET,
	.server = watching_server,
	.client = calling_client,
	.expect = {
		{ SERVER, "established before the close", EQ(1) },
		{ SERVER, "TIME-WAIT before the close", EQ(0) },
		{ SERVER, "established after the close", EQ(0) },
		{ SERVER, "TIME-WAIT after the close", EQ(1) },
		{ SERVER, "still listening", EQ(1) },
	},
};
