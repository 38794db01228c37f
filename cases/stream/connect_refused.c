/* connect_refused.c -- connect() that finds nobody. */
#include "case.h"

static void vanishing_server(struct role *me)
{
	int fd = bind_on(me, SOCK_STREAM);

	meet(me, "client has a port");
	must(close(fd));
	meet(me, "port is free");
}

static void lonely_client(struct role *me)
{
	struct address to = peer_address(me);
	struct address own = loopback(me);
	int fd = open_socket(me, SOCK_STREAM);

	/* Its port is taken before the other is given up, so that it cannot meet itself. */
	must(bind(fd, &own.any, own.len));
	meet(me, "client has a port");
	meet(me, "port is free");
	saw(me, "connect", connect(fd, &to.any, to.len));
}

const struct sock_case connect_refused_no_listener = {
	.claim = "connect() to a port that nobody has bound is refused with ECONNREFUSED.",
	.source = "POSIX.1-2024 connect(), ERRORS ECONNREFUSED; RFC 9293, section 3.5.2",
	.standing = SHALL,
	.notes = "Windows is said to try again for a second or two first.",
	.families = INET | INET6,
	.needs = NEEDS_NETNS,
	.server = vanishing_server,
	.client = lonely_client,
	.expect = {
		{ CLIENT, "connect", FAILS(ECONNREFUSED) },
	},
};

static void deaf_server(struct role *me)
{
	/* Bound, so that nobody else can come to listen there. */
	bind_on(me, SOCK_STREAM);
	meet(me, "refused");
}

static void refused_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "connect", connect(fd, &to.any, to.len));
	meet(me, "refused");
}

const struct sock_case connect_refused_bound_not_listening = {
	.claim = "connect() to a port that is bound but not listened on is refused.",
	.source = "POSIX.1-2024 connect(), ERRORS ECONNREFUSED",
	.standing = SHALL,
	.families = INET | INET6,
	.server = deaf_server,
	.client = refused_client,
	.expect = {
		{ CLIENT, "connect", FAILS(ECONNREFUSED) },
	},
};

static void asking_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "connect", connect(fd, &to.any, to.len));
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	meet(me, "refused");
}

const struct sock_case connect_refused_so_error_cleared = {
	.claim = "An error that a blocking connect() has returned is not in SO_ERROR any more.",
	.source = "POSIX.1-2024 XSH 2.10.10, Pending Error; connect(), ERRORS ECONNREFUSED",
	.standing = SHALL,
	.families = INET | INET6,
	.server = deaf_server,
	.client = asking_client,
	.expect = {
		{ CLIENT, "connect", FAILS(ECONNREFUSED) },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};

static void client_of_port_zero(struct role *me)
{
	struct address to = loopback(me);
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "connect", connect(fd, &to.any, to.len));
}

const struct sock_case connect_port_zero = {
	.claim = "Nobody can be reached at port 0: connect() to it fails, by an error in which "
		 "systems differ.",
	.source = "RFC 6335, section 6 (port 0 is reserved), which does not speak of the error",
	.standing = MAY,
	.portable = "Check that a port is from 1 to 65535 before you connect.",
	.notes = "FreeBSD, macOS and Windows are said to fail with EADDRNOTAVAIL.",
	.families = INET | INET6,
	.client = client_of_port_zero,
	.expect = {
		{ CLIENT, "connect", FAILS_ANY, .on[OS_LINUX] = FAILS(ECONNREFUSED),
		  .why = "To Linux port 0 is a port like any other at which nobody listens." },
	},
};

static void client_of_no_path(struct role *me)
{
	struct address to = unused_address(me);
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "connect", connect(fd, &to.any, to.len));
}

const struct sock_case connect_unix_enoent = {
	.claim = "connect() to a path that does not exist fails with ENOENT.",
	.source = "POSIX.1-2024 connect(), ERRORS ENOENT",
	.standing = SHALL,
	.families = UNIX,
	.client = client_of_no_path,
	.expect = {
		{ CLIENT, "connect", FAILS(ENOENT) },
	},
};

/* Listens at the path and leaves it behind. */
static int short_lived_owner(struct role *me, void *arg)
{
	const struct address *at = arg;
	int listener = open_socket(me, SOCK_STREAM);

	must(bind(listener, &at->any, at->len));
	must(listen(listener, 1));
	return 0;
}

static void bequeathing_server(struct role *me)
{
	struct address at = loopback(me);

	must_be(helper_status(me, helper(me, short_lived_owner, &at)) == 0);
	send_address(me, &at);
	meet(me, "refused");
}

static void visitor_of_the_dead(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);
	struct stat info = { 0 };

	saw(me, "stat", stat(to.un.sun_path, &info));
	saw(me, "node is a socket", S_ISSOCK(info.st_mode) != 0);
	saw(me, "connect", connect(fd, &to.any, to.len));
	meet(me, "refused");
}

const struct sock_case connect_unix_stale_node = {
	.claim = "The socket file of a process that has ended stays; connect() to it is refused.",
	.source = "POSIX.1-2024 connect(), ERRORS ECONNREFUSED; unlink(), DESCRIPTION (what "
		  "removes a file)",
	.standing = SHALL,
	.portable = "A server may unlink() a path at which connect() is refused, before it binds.",
	.families = UNIX,
	.needs = NEEDS_PROCESS,
	.server = bequeathing_server,
	.client = visitor_of_the_dead,
	.expect = {
		{ CLIENT, "stat", EQ(0) },
		{ CLIENT, "node is a socket", EQ(1) },
		{ CLIENT, "connect", FAILS(ECONNREFUSED) },
	},
};

/* The SYN is sent again after one second, and its answer awaited for two. Either timer may be a
 * tick of the kernel early. */
enum { GIVES_UP_MS = 3000, TICK_MS = 10, SURE_MS = GIVES_UP_MS - 2 * TICK_MS };

static void silent_server(struct role *me)
{
	int listener = listen_on(me, 0);

	/* With a backlog of 0 the first connection fills the queue, and further SYNs are lost. */
	wait_for(me, listener, POLLIN);
	meet(me, "queue is full");
	/* The client's own clock tells: this role may come to look later than it. */
	saw(me, "connect stays blocked", recv_number(me) >= SURE_MS);
}

static void limited_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);

	connect_to_peer(me);
	try_option(me, fd, IPPROTO_TCP, TCP_SYNCNT, 1, "TCP_SYNCNT");
	meet(me, "queue is full");
	long long start_ms = now_ms();
	saw(me, "connect", connect(fd, &to.any, to.len));
	send_number(me, now_ms() - start_ms);
}

const struct sock_case connect_syncnt_etimedout = {
	.claim = "A connect() whose SYNs are lost fails with ETIMEDOUT; TCP_SYNCNT says when.",
	.source = "tcp(7), TCP_SYNCNT; POSIX.1-2024 connect(), ERRORS ETIMEDOUT",
	.standing = SYSTEM,
	.portable = "Connect without blocking and bound the wait in poll(): limits are minutes.",
	.notes = "macOS is said to have TCP_CONNECTIONTIMEOUT, Windows TCP_MAXRT.",
	.families = INET | INET6,
	.waits_ms = GIVES_UP_MS,
	.server = silent_server,
	.client = limited_client,
	.expect = {
		{ SERVER, "connect stays blocked", EQ(1) },
		{ CLIENT, "connect", FAILS(ETIMEDOUT), .standing = SHALL },
	},
};
