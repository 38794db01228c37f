/* epoll.c -- Linux's epoll: registering, edges, one shot, time-outs. */
#include "case.h"

/* How long an event may take that is bound to come; no part of any claim. */
enum { TIMEOUT_MS = 100, EVENT_MS = 1000 };

static int open_epoll(void)
{
	return must(epoll_create1(EPOLL_CLOEXEC));
}

static int control(int epfd, int op, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	return epoll_ctl(epfd, op, fd, &event);
}

/* The events of the one descriptor that is reported within timeout_ms, 0 for none. */
static int wait_one(int epfd, int timeout_ms)
{
	struct epoll_event event = { 0 };
	int n = must(epoll_wait(epfd, &event, 1, timeout_ms));

	return n ? (int)event.events : 0;
}

static void sending_server(struct role *me)
{
	struct address client = peer_address(me);
	int fd = open_socket(me, SOCK_DGRAM);

	must(sendto(fd, "x", 1, 0, &client.any, client.len));
	meet(me, "reported");
	must(sendto(fd, "y", 1, 0, &client.any, client.len));
}

static void edge_client(struct role *me)
{
	int epfd = open_epoll();
	int fd = open_socket(me, SOCK_DGRAM);
	struct address own = loopback(me);

	/* Registered before the sender knows where to send: so one datagram makes one edge. */
	must(bind(fd, &own.any, own.len));
	must(control(epfd, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLET));
	own = name_of(fd);
	send_address(me, &own);
	saw_flags(me, "with a datagram", wait_one(epfd, EVENT_MS));
	saw_flags(me, "with the same datagram", wait_one(epfd, 0));
	saw_flags(me, "poll", poll_now(fd, POLLIN));
	meet(me, "reported");
	saw_flags(me, "with another datagram", wait_one(epfd, EVENT_MS));
	saw_flags(me, "with the same two", wait_one(epfd, 0));
}

const struct sock_case mux_epoll_edge_once = {
	.claim = "With EPOLLET a datagram is reported once, though it stays unread.",
	.source = "Linux epoll(7), Level-triggered and edge-triggered",
	.standing = SYSTEM,
	.portable = "Read until EAGAIN after each edge.",
	.notes = "kqueue's EV_CLEAR is said to be similar.",
	.families = NO_FAMILY,
	.needs = NEEDS_EPOLL,
	.server = sending_server,
	.client = edge_client,
	.expect = {
		{ CLIENT, "with a datagram", FLAGS("IN") },
		{ CLIENT, "with the same datagram", FLAGS("0") },
		{ CLIENT, "poll", FLAGS("IN") },
		{ CLIENT, "with another datagram", FLAGS("IN") },
		{ CLIENT, "with the same two", FLAGS("0") },
	},
};

static void resetting_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "x", 1);
	meet(me, "reported");
	close_with_reset(conn);
}

static void one_shot_client(struct role *me)
{
	int epfd = open_epoll();
	int fd = connect_to_peer(me);

	must(control(epfd, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLONESHOT));
	saw_flags(me, "with data", wait_one(epfd, EVENT_MS));
	saw_flags(me, "with data again", wait_one(epfd, 0));
	meet(me, "reported");
	wait_state(me, fd, "CLOSED");
	saw_flags(me, "poll after reset", poll_now(fd, POLLIN));
	saw_flags(me, "after reset", wait_one(epfd, 0));
	must(control(epfd, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLONESHOT));
	saw_flags(me, "armed again", wait_one(epfd, 0));
	saw_flags(me, "and once more", wait_one(epfd, 0));
}

const struct sock_case mux_epoll_oneshot = {
	.claim = "With EPOLLONESHOT nothing follows the first report, no error either, until MOD.",
	.source = "Linux epoll_ctl(2), EPOLLONESHOT",
	.standing = SYSTEM,
	.notes = "kqueue's EV_ONESHOT is said to delete, its EV_DISPATCH to disable.",
	.families = NO_FAMILY,
	.needs = NEEDS_EPOLL,
	.server = resetting_server,
	.client = one_shot_client,
	.expect = {
		{ CLIENT, "with data", FLAGS("IN") },
		{ CLIENT, "with data again", FLAGS("0") },
		{ CLIENT, "poll after reset", FLAGS("IN|ERR|HUP") },
		{ CLIENT, "after reset", FLAGS("0") },
		{ CLIENT, "armed again", FLAGS("IN|ERR|HUP") },
		{ CLIENT, "and once more", FLAGS("0") },
	},
};

static void forgetful_client(struct role *me)
{
	int epfd = open_epoll();
	int fd = open_socket(me, SOCK_DGRAM);

	must(control(epfd, EPOLL_CTL_ADD, fd, EPOLLOUT));
	saw_flags(me, "while open", wait_one(epfd, 0));
	must(close(fd));
	saw_flags(me, "after close", wait_one(epfd, 0));
	must_be(open_socket(me, SOCK_DGRAM) == fd);
	saw_flags(me, "with the number in use again", wait_one(epfd, 0));
	saw(me, "add the number again", control(epfd, EPOLL_CTL_ADD, fd, EPOLLOUT));
	saw_flags(me, "after adding", wait_one(epfd, 0));
}

const struct sock_case mux_epoll_close_removes = {
	.claim = "Closing the last descriptor of a socket takes it out of the epoll set that "
		 "watches it.",
	.source = "Linux epoll(7), Questions and answers",
	.standing = SYSTEM,
	.notes = "kqueue is said to do the same.",
	.families = NO_FAMILY,
	.needs = NEEDS_EPOLL,
	.client = forgetful_client,
	.expect = {
		{ CLIENT, "while open", FLAGS("OUT") },
		{ CLIENT, "after close", FLAGS("0") },
		{ CLIENT, "with the number in use again", FLAGS("0") },
		{ CLIENT, "add the number again", EQ(0) },
		{ CLIENT, "after adding", FLAGS("OUT") },
	},
};

static void registers_wrongly(struct role *me)
{
	int epfd = open_epoll();
	int fd = open_socket(me, SOCK_DGRAM);

	saw(me, "MOD before ADD", control(epfd, EPOLL_CTL_MOD, fd, EPOLLIN));
	saw(me, "DEL before ADD", control(epfd, EPOLL_CTL_DEL, fd, EPOLLIN));
	saw(me, "ADD", control(epfd, EPOLL_CTL_ADD, fd, EPOLLOUT));
	saw(me, "ADD again", control(epfd, EPOLL_CTL_ADD, fd, EPOLLIN));
	saw_flags(me, "events of the first", wait_one(epfd, 0));
	saw(me, "DEL", control(epfd, EPOLL_CTL_DEL, fd, 0));
	saw(me, "DEL again", control(epfd, EPOLL_CTL_DEL, fd, 0));
}

const struct sock_case mux_epoll_add_twice_eexist = {
	.claim = "EPOLL_CTL_ADD fails with EEXIST the second time; MOD and DEL need an ADD before.",
	.source = "Linux epoll_ctl(2), ERRORS EEXIST, ENOENT",
	.standing = SYSTEM,
	.notes = "kqueue's EV_ADD is said to update without a word.",
	.families = NO_FAMILY,
	.needs = NEEDS_EPOLL,
	.client = registers_wrongly,
	.expect = {
		{ CLIENT, "MOD before ADD", FAILS(ENOENT) },
		{ CLIENT, "DEL before ADD", FAILS(ENOENT) },
		{ CLIENT, "ADD", EQ(0) },
		{ CLIENT, "ADD again", FAILS(EEXIST) },
		{ CLIENT, "events of the first", FLAGS("OUT") },
		{ CLIENT, "DEL", EQ(0) },
		{ CLIENT, "DEL again", FAILS(ENOENT) },
	},
};

static void registers_exclusively(struct role *me)
{
	int epfd = open_epoll();
	int exclusive = open_socket(me, SOCK_DGRAM), plain = open_socket(me, SOCK_DGRAM);
	int other = open_socket(me, SOCK_DGRAM);

	saw(me, "ADD", control(epfd, EPOLL_CTL_ADD, exclusive, EPOLLOUT | EPOLLEXCLUSIVE));
	saw_flags(me, "events", wait_one(epfd, 0));
	saw(me, "MOD", control(epfd, EPOLL_CTL_MOD, exclusive, EPOLLIN));
	saw_flags(me, "events after MOD", wait_one(epfd, 0));
	must(control(epfd, EPOLL_CTL_ADD, plain, EPOLLIN));
	saw(me, "MOD to exclusive", control(epfd, EPOLL_CTL_MOD, plain, EPOLLIN | EPOLLEXCLUSIVE));
	saw(me, "ADD with one shot",
	    control(epfd, EPOLL_CTL_ADD, other, EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT));
}

const struct sock_case mux_epoll_exclusive_mod_einval = {
	.claim = "EPOLLEXCLUSIVE comes with ADD only, forbids MOD, and excludes EPOLLONESHOT.",
	.source = "Linux epoll_ctl(2), EPOLLEXCLUSIVE, ERRORS EINVAL",
	.standing = SYSTEM,
	.families = NO_FAMILY,
	.needs = NEEDS_EPOLL,
	.client = registers_exclusively,
	.expect = {
		{ CLIENT, "ADD", EQ(0) },
		{ CLIENT, "events", FLAGS("OUT") },
		{ CLIENT, "MOD", FAILS(EINVAL) },
		{ CLIENT, "events after MOD", FLAGS("OUT") },
		{ CLIENT, "MOD to exclusive", FAILS(EINVAL) },
		{ CLIENT, "ADD with one shot", FAILS(EINVAL) },
	},
};

static void late_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "about to wait");
	saw(me, "epoll_wait stays blocked", peer_silent_for(me, PROOF_MS));
	send_all(conn, "x", 1);
	meet(me, "woken");
}

static void waiting_client(struct role *me)
{
	int fd = connect_to_peer(me);
	int epfd = open_epoll();
	struct epoll_event event = { 0 };

	must(control(epfd, EPOLL_CTL_ADD, fd, EPOLLIN));
	long long start = now_ms();
	saw(me, "100 ms", epoll_wait(epfd, &event, 1, TIMEOUT_MS));
	saw_time(me, "time of 100 ms", start, TIMEOUT_MS - 10, 4 * TIMEOUT_MS);
	start = now_ms();
	saw(me, "0 ms", epoll_wait(epfd, &event, 1, 0));
	saw_time(me, "time of 0 ms", start, 0, 200);
	meet(me, "about to wait");
	saw(me, "no limit", epoll_wait(epfd, &event, 1, -1));
	saw_flags(me, "events", (int)event.events);
	meet(me, "woken");
}

const struct sock_case mux_epoll_timeout = {
	.claim = "epoll_wait() returns 0 after its time-out, at once for 0, and never for -1.",
	.source = "Linux epoll_wait(2), DESCRIPTION",
	.standing = SYSTEM,
	.families = NO_FAMILY,
	.needs = NEEDS_EPOLL,
	.waits_ms = TIMEOUT_MS + PROOF_MS,
	.timed = true,
	.server = late_server,
	.client = waiting_client,
	.expect = {
		{ CLIENT, "100 ms", EQ(0) },
		{ CLIENT, "time of 100 ms", ON_TIME },
		{ CLIENT, "0 ms", EQ(0) },
		{ CLIENT, "time of 0 ms", ON_TIME },
		{ SERVER, "epoll_wait stays blocked", EQ(1) },
		{ CLIENT, "no limit", EQ(1) },
		{ CLIENT, "events", FLAGS("IN") },
	},
};
