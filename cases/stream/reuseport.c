/* reuseport.c -- listeners that share one port by SO_REUSEPORT, and who gets which call. */
#include "case.h"

enum {
	LISTENERS = 4,
	CALLS = 200,   /* enough for each of the listeners to get some */
	FEW_CALLS = 16 /* enough to tell always from often */
};

static int sharing_socket(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	try_option(me, fd, SOL_SOCKET, SO_REUSEPORT, 1, "SO_REUSEPORT");
	return fd;
}

static void first_listener(struct role *me)
{
	int fd = sharing_socket(me);
	struct address here = loopback(me);

	must(bind(fd, &here.any, here.len));
	must(listen(fd, 1));
	here = name_of(fd);
	send_address(me, &here);
	meet(me, "both listen");
	meet(me, "second has gone");
	(void)must(accept(fd, NULL, NULL));
}

static void second_listener(struct role *me)
{
	int fd = sharing_socket(me);
	struct address here = peer_address(me);

	saw(me, "bind", bind(fd, &here.any, here.len));
	saw(me, "listen", listen(fd, 1));
	struct address name = name_of(fd);
	saw(me, "same address and port", same_address(&name, &here));
	meet(me, "both listen");
	must(close(fd));
	meet(me, "second has gone");
	saw(me, "the first still serves", connect_to_peer(me) >= 0);
}

const struct sock_case reuse_rp_rp_listening = {
	.claim = "Two processes can both listen at one address when both set SO_REUSEPORT.",
	.source = "socket(7), SO_REUSEPORT",
	.standing = SYSTEM,
	.portable = "Do not count on calls being shared out; some systems give all to one.",
	.notes = "FreeBSD is said to balance with SO_REUSEPORT_LB only, macOS to call the last.",
	.families = INET | INET6,
	.server = first_listener,
	.client = second_listener,
	.expect = {
		{ CLIENT, "bind", EQ(0) },
		{ CLIENT, "listen", EQ(0) },
		{ CLIENT, "same address and port", EQ(1) },
		{ CLIENT, "the first still serves", EQ(1) },
	},
};

/* Accepts all calls that wait; gives their number. */
static int accept_waiting(int listener)
{
	int n = 0;

	while (accept(listener, NULL, NULL) >= 0)
		n++;
	must_be(errno == EAGAIN);
	return n;
}

static int accept_all(const int listener[LISTENERS], int share[LISTENERS])
{
	int sum = 0;

	for (int i = 0; i < LISTENERS; i++) {
		share[i] += accept_waiting(listener[i]);
		sum += share[i];
	}
	return sum;
}

static void sharing_server(struct role *me)
{
	struct address here = loopback(me);
	int listener[LISTENERS], share[LISTENERS] = { 0 }, least = CALLS;

	for (int i = 0; i < LISTENERS; i++) {
		listener[i] = sharing_socket(me);
		must(bind(listener[i], &here.any, here.len));
		must(listen(listener[i], CALLS));
		set_nonblocking(listener[i]);
		here = name_of(listener[i]);
	}
	send_address(me, &here);
	meet(me, "all have called");
	until (me, "all calls are accepted", accept_all(listener, share) >= CALLS) {
	}
	meet(me, "all are accepted");
	saw(me, "calls accepted", accept_all(listener, share));
	for (int i = 0; i < LISTENERS; i++)
		least = share[i] < least ? share[i] : least;
	saw(me, "each got some", least > 0);
}

static void calling_client(struct role *me)
{
	const struct linger reset = { .l_onoff = 1, .l_linger = 0 };
	struct address to = peer_address(me);
	int connected = 0;

	for (int i = 0; i < CALLS; i++) {
		int fd = open_socket(me, SOCK_STREAM);
		/* So many need not linger in TIME-WAIT. */
		must(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset));
		connected += connect(fd, &to.any, to.len) == 0;
	}
	saw(me, "calls connected", connected);
	meet(me, "all have called");
	meet(me, "all are accepted");
}

const struct sock_case reuse_rp_distribution = {
	.claim = "Of listeners that share a port each call reaches one; Linux spreads the calls.",
	.source = "socket(7), SO_REUSEPORT",
	.standing = SYSTEM,
	.portable = "Do not count on calls being shared out; some systems give all to one.",
	.notes = "FreeBSD is said to balance with SO_REUSEPORT_LB only; on macOS one gets all.",
	.families = INET | INET6,
	.server = sharing_server,
	.client = calling_client,
	.expect = {
		{ CLIENT, "calls connected", EQ(CALLS) },
		{ SERVER, "calls accepted", EQ(CALLS) },
		/* That one of four gets none of 200 happens once in 10^24 runs. */
		{ SERVER, "each got some", ANY,
		  .on[OS_LINUX] = EQ(1),
		  .why = "Linux chooses by a hash of the addresses" },
	},
};

static void general_server(struct role *me)
{
	int fd = sharing_socket(me);
	struct address here = wildcard(me);

	must(bind(fd, &here.any, here.len));
	must(listen(fd, FEW_CALLS));
	set_nonblocking(fd);
	here = name_of(fd);
	send_address(me, &here);
	meet(me, "all have called");
	saw(me, "calls to the wildcard", accept_waiting(fd));
	meet(me, "wildcard is alone");
	meet(me, "another has called");
	saw(me, "calls once it is alone", accept_waiting(fd));
}

/* Calls, and waits until a listener has the call: only an accepted connection acknowledges data. */
static long long call(struct role *me, const struct address *to)
{
	int fd = open_socket(me, SOCK_STREAM);

	if (connect(fd, &to->any, to->len) == -1)
		return -1;
	send_all(fd, "x", 1);
	wait_acknowledged(me, fd);
	return 0;
}

static void special_client(struct role *me)
{
	int fd = sharing_socket(me), connected = 0;
	struct address any = peer_address(me), here = loopback(me);

	set_port(&here, port_of(&any));
	set_nonblocking(fd);
	saw(me, "bind", bind(fd, &here.any, here.len));
	saw(me, "listen", listen(fd, FEW_CALLS));
	for (int i = 0; i < FEW_CALLS; i++)
		connected += call(me, &here) == 0;
	saw(me, "calls connected", connected);
	saw(me, "calls to the single address", accept_waiting(fd));
	meet(me, "all have called");
	must(close(fd));
	meet(me, "wildcard is alone");
	saw(me, "connect again", call(me, &here));
	meet(me, "another has called");
}

const struct sock_case reuse_rp_wild_vs_specific = {
	.claim = "Of two listeners on a shared port, Linux gives the call to the one at the "
		 "called address.",
	.source = "no standard says it; socket(7), SO_REUSEPORT describes Linux, and not this "
		  "choice",
	.standing = SYSTEM,
	.families = INET | INET6,
	.server = general_server,
	.client = special_client,
	.expect = {
		{ CLIENT, "bind", EQ(0) },
		{ CLIENT, "listen", EQ(0) },
		{ CLIENT, "calls connected", EQ(FEW_CALLS) },
		{ CLIENT, "calls to the single address", EQ(FEW_CALLS) },
		{ SERVER, "calls to the wildcard", EQ(0) },
		{ CLIENT, "connect again", EQ(0) },
		{ SERVER, "calls once it is alone", EQ(1) },
	},
};
