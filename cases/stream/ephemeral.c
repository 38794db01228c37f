/* ephemeral.c -- the ports that bind() and connect() choose: from where, how, and how many. */
#include "case.h"

enum {
	MANY = 20,        /* ports that show from where and in which order they come */
	SMALL_STEP = 64,  /* from one to the next, of the tens of thousands there are */
	HELD = 200,       /* ports held at once */
	LOW = 2000,       /* a range for a network of the case's own, apart from the usual one */
	FEW = 4,          /* ports in it */
	CONNECTIONS = 64, /* ports in it, where every one but the listener's gets used */
};

/* The range from which this system takes ports that nobody asked for. */
static void read_range(struct role *me, int range[2])
{
	FILE *file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");

	if (!file)
		unsupported(me, "this system has no ip_local_port_range");
	must_be(fscanf(file, "%d %d", &range[0], &range[1]) == 2);
	fclose(file);
}

static void choosing_server(struct role *me)
{
	int range[2], within = 0;
	struct address any = loopback(me);

	read_range(me, range);
	for (int i = 0; i < MANY; i++) {
		int fd = open_socket(me, SOCK_STREAM);
		must(bind(fd, &any.any, any.len));
		struct address got = name_of(fd);
		within += port_of(&got) >= range[0] && port_of(&got) <= range[1];
	}
	saw(me, "ports within the range", within);
}

const struct sock_case bind_port0_in_configured_range = {
	.claim = "On Linux the ports that bind() chooses lie in the range that is configured.",
	.source = "ip(7), ip_local_port_range",
	.standing = SYSTEM,
	.portable = "Do not rely on a range: ask getsockname() for the port.",
	.notes = "FreeBSD is said to use 10000-65535, macOS 49152-65535.",
	.families = INET | INET6,
	.server = choosing_server,
	.expect = { { SERVER, "ports within the range", EQ(MANY) } },
};

/* Makes the range LOW to LOW + n - 1. */
static void set_range(struct role *me, int n)
{
	char text[32];

	snprintf(text, sizeof text, "%d %d", LOW, LOW + n - 1);
	set_sysctl(me, "net/ipv4/ip_local_port_range", text);
}

/* What a call that should fail has given, without the port, which is another in every run. */
static int success_of(int port)
{
	return port == -1 ? -1 : 0;
}

/* bind() with port 0: the port, or -1 and errno. */
static int bind_any(struct role *me)
{
	struct address any = loopback(me);
	int fd = open_socket(me, SOCK_STREAM);

	if (bind(fd, &any.any, any.len) == -1)
		return -1;
	any = name_of(fd);
	return port_of(&any);
}

static int compare_ports(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void holding_server(struct role *me)
{
	int port[HELD], distinct = 1;

	for (int i = 0; i < HELD; i++)
		port[i] = must(bind_any(me));
	qsort(port, HELD, sizeof *port, compare_ports);
	for (int i = 1; i < HELD; i++)
		distinct += port[i] != port[i - 1];
	saw(me, "distinct ports", distinct);
}

const struct sock_case ephemeral_no_reuse_while_bound = {
	.claim = "bind() with port 0 never chooses a port that another socket is bound to.",
	.source = "POSIX.1-2024 bind(), ERRORS EADDRINUSE; RFC 6056, section 3.1",
	.standing = SHALL,
	.families = INET | INET6,
	.server = holding_server,
	.expect = { { SERVER, "distinct ports", EQ(HELD) } },
};

static void watching_server(struct role *me)
{
	int port[MANY], repeats = 0, small = 0;

	for (int i = 0; i < MANY; i++)
		port[i] = must(bind_any(me));
	for (int i = 2; i < MANY; i++)
		repeats += port[i] - port[i - 1] == port[i - 1] - port[i - 2];
	for (int i = 1; i < MANY; i++)
		small += abs(port[i] - port[i - 1]) <= SMALL_STEP;
	saw(me, "most steps are alike", repeats > MANY / 2);
	saw(me, "most steps are small", small > MANY / 2);
}

const struct sock_case ephemeral_randomised = {
	.claim = "On Linux ports that bind() chooses one after the other are not in sequence.",
	.source = "RFC 6056, section 3.3 (SHOULD)",
	.standing = MAY,
	.portable = "Do not guess the next port, and do not take it for a secret.",
	.notes = "Older macOS and Windows are said to choose in sequence.",
	.families = INET | INET6,
	.server = watching_server,
	.expect = {
		{ SERVER, "most steps are alike", BETWEEN(0, 1), .on[OS_LINUX] = EQ(0),
		  .why = "Linux begins to look at a random port of the range." },
		{ SERVER, "most steps are small", BETWEEN(0, 1), .on[OS_LINUX] = EQ(0),
		  .why = "Linux begins to look at a random port of the range." },
	},
};

static void exhausting_server(struct role *me)
{
	struct address any = loopback(me);
	int bound = 0, fd = -1;

	set_range(me, FEW);
	for (int i = 0; i < FEW; i++) {
		fd = open_socket(me, SOCK_STREAM);
		bound += bind(fd, &any.any, any.len) == 0;
	}
	saw(me, "bound", bound);
	saw(me, "bind, range exhausted", success_of(bind_any(me)));
	struct address last = name_of(fd);
	must(close(fd));
	saw(me, "a closed one's port comes again", bind_any(me) == port_of(&last));
}

const struct sock_case ephemeral_exhaustion_bind = {
	.claim = "With every port of the range bound, bind() with port 0 fails, on Linux with "
		 "EADDRINUSE.",
	.source = "bind(2), ERRORS EADDRINUSE (the port number was specified as zero)",
	.standing = SYSTEM,
	.portable = "Expect EADDRINUSE or EADDRNOTAVAIL.",
	.notes = "FreeBSD is said to give EADDRNOTAVAIL.",
	.families = INET | INET6,
	.needs = NEEDS_OWN_NET,
	.server = exhausting_server,
	.expect = {
		{ SERVER, "bound", EQ(FEW) },
		{ SERVER, "bind, range exhausted", FAILS(EADDRINUSE) },
		{ SERVER, "a closed one's port comes again", EQ(1) },
	},
};

/* connect() from a port that it chooses: the port, or -1 and errno. */
static int connect_any(struct role *me, const struct address *to)
{
	int fd = open_socket(me, SOCK_STREAM);

	if (connect(fd, &to->any, to->len) == -1)
		return -1;
	struct address own = name_of(fd);
	return port_of(&own);
}

/* Listens at two ports of the usual range, which the client's small one leaves out. */
static void twofold_server(struct role *me)
{
	(void)listen_on(me, CONNECTIONS);
	(void)listen_on(me, CONNECTIONS);
	meet(me, "all have called");
}

static void exhausting_client(struct role *me)
{
	struct address first = peer_address(me), second = next_address(me);
	int connected = 0;

	set_range(me, FEW);
	for (int i = 0; i < FEW; i++)
		connected += connect_any(me, &first) != -1;
	saw(me, "connected", connected);
	saw(me, "connect, range exhausted", success_of(connect_any(me, &first)));
	saw(me, "connect elsewhere", connect_any(me, &second) != -1);
	meet(me, "all have called");
}

const struct sock_case ephemeral_exhaustion_connect = {
	.claim = "With every port of the range in use towards one address connect() there fails "
		 "with EADDRNOTAVAIL.",
	.source = "connect(2), ERRORS EADDRNOTAVAIL (Internet domain sockets)",
	.standing = SYSTEM,
	.portable = "Spread many connections over several addresses or ports of the server.",
	.notes = "Windows is said to give WSAENOBUFS or WSAEADDRINUSE.",
	.families = INET | INET6,
	.needs = NEEDS_OWN_NET,
	.server = twofold_server,
	.client = exhausting_client,
	.expect = {
		{ CLIENT, "connected", EQ(FEW) },
		{ CLIENT, "connect, range exhausted", FAILS(EADDRNOTAVAIL) },
		{ CLIENT, "connect elsewhere", EQ(1) },
	},
};

static void few_ports_client(struct role *me)
{
	struct address first = peer_address(me), second = next_address(me);
	int one, other;

	set_range(me, 2);
	one = connect_any(me, &first);
	other = connect_any(me, &first);
	saw(me, "first has both ports", one + other == LOW + LOW + 1);
	saw(me, "to the second", connect_any(me, &second) != -1);
	saw(me, "to the second again", connect_any(me, &second) != -1);
	saw(me, "to the first again", success_of(connect_any(me, &first)));
	meet(me, "all have called");
}

const struct sock_case ephemeral_connect_shares_port_across_dests = {
	.claim = "On Linux connect() may choose one port for several connections to different "
		 "addresses.",
	.source = "RFC 9293, section 3.3.1 (a connection is both its ends) allows it; Linux "
		  "net/ipv4/inet_hashtables.c does it",
	.standing = SYSTEM,
	.portable = "Tell connections apart by both ends, never by the client's port alone.",
	.notes = "FreeBSD is said to do it with SO_REUSEADDR only.",
	.families = INET,
	.needs = NEEDS_OWN_NET,
	.server = twofold_server,
	.client = few_ports_client,
	.expect = {
		{ CLIENT, "first has both ports", EQ(1) },
		{ CLIENT, "to the second", EQ(1) },
		{ CLIENT, "to the second again", EQ(1) },
		{ CLIENT, "to the first again", FAILS(EADDRNOTAVAIL) },
	},
};

static void among_server(struct role *me)
{
	set_range(me, CONNECTIONS);
	(void)listen_on(me, CONNECTIONS);
	meet(me, "all have called");
}

static void avoiding_client(struct role *me)
{
	struct address to = peer_address(me);
	int connected = 0, own_port = 0;

	for (int i = 1; i < CONNECTIONS; i++) {
		int port = connect_any(me, &to);
		connected += port != -1;
		own_port += port == port_of(&to);
	}
	saw(me, "listener's port is in the range",
	    port_of(&to) >= LOW && port_of(&to) < LOW + CONNECTIONS);
	saw(me, "connected", connected);
	saw(me, "from the listener's port", own_port);
	saw(me, "connect, only that port left", success_of(connect_any(me, &to)));
	meet(me, "all have called");
}

const struct sock_case ephemeral_connect_avoids_listener_port = {
	.claim = "connect() never chooses the port at which a listener of the same host is bound.",
	.source = "POSIX.1-2024 connect(), DESCRIPTION (\"an unused local address\"); RFC 6056, "
		  "section 3.1; connect(2), ERRORS EADDRNOTAVAIL",
	.standing = SHALL,
	.notes = "Once the listener is gone its port may be chosen: the socket calls itself.",
	.families = INET | INET6,
	.needs = NEEDS_OWN_NET,
	.server = among_server,
	.client = avoiding_client,
	.expect = {
		{ CLIENT, "listener's port is in the range", EQ(1) },
		{ CLIENT, "connected", EQ(CONNECTIONS - 1) },
		{ CLIENT, "from the listener's port", EQ(0) },
		{ CLIENT, "connect, only that port left", FAILS(EADDRNOTAVAIL),
		  .standing = SYSTEM },
	},
};
