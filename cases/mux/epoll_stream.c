/* epoll_stream.c -- Linux's epoll: an edge once, one shot, a descriptor that was closed. */
#include "case.h"

static int watch(int fd, uint32_t events)
{
	int epoll = must(epoll_create1(EPOLL_CLOEXEC));
	struct epoll_event event = { .events = events, .data = { .fd = fd } };

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	return epoll;
}

/* The number of events; with timeout_ms -1 it waits for one. */
static int events_of(int epoll, int timeout_ms)
{
	struct epoll_event events[4];

	return must(epoll_wait(epoll, events, 4, timeout_ms));
}

static void twice_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "watching");
	send_all(conn, "ab", 2);
	meet(me, "looked");
	send_all(conn, "c", 1);
	meet(me, "done");
}

static void edge_client(struct role *me)
{
	int fd = connect_to_peer(me);
	int epoll = watch(fd, EPOLLIN | EPOLLET);
	char bytes[8];

	saw(me, "before data", events_of(epoll, 0));
	meet(me, "watching");
	saw(me, "on data", events_of(epoll, -1));
	saw(me, "again, unread", events_of(epoll, 0));
	recv_all(fd, bytes, 1);
	saw(me, "again, half read", events_of(epoll, 0));
	meet(me, "looked");
	saw(me, "on more data", events_of(epoll, -1));
	saw(me, "again then", events_of(epoll, 0));
	saw_bytes(me, "all the while unread", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "done");
}

const struct sock_case epoll_edge_triggered_once = {
	.claim = "EPOLLET reports an arrival once, read or not; then only a new arrival.",
	.source = "epoll(7), Level-triggered and edge-triggered",
	.standing = SYSTEM,
	.portable = "Read until EAGAIN after each event; that is right for either kind.",
	.notes = "kqueue has EV_CLEAR for it.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_EPOLL,
	.server = twice_server,
	.client = edge_client,
	.expect = {
		{ CLIENT, "before data", EQ(0) },
		{ CLIENT, "on data", EQ(1) },
		{ CLIENT, "again, unread", EQ(0) },
		{ CLIENT, "again, half read", EQ(0) },
		{ CLIENT, "on more data", EQ(1) },
		{ CLIENT, "again then", EQ(0) },
		{ CLIENT, "all the while unread", TEXT("2:bc") },
	},
};

static void one_shot_client(struct role *me)
{
	int fd = connect_to_peer(me);
	int epoll = watch(fd, EPOLLIN | EPOLLONESHOT);
	struct epoll_event event = { .events = EPOLLIN | EPOLLONESHOT };
	char bytes[8];

	meet(me, "watching");
	saw(me, "on data", events_of(epoll, -1));
	saw(me, "again, unread", events_of(epoll, 0));
	meet(me, "looked");
	wait_queued(me, fd, 3);
	saw(me, "on more data", events_of(epoll, 0));
	must(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event));
	saw(me, "armed again", events_of(epoll, 0));
	saw(me, "after that", events_of(epoll, 0));
	saw_bytes(me, "all the while unread", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "done");
}

const struct sock_case epoll_oneshot = {
	.claim = "EPOLLONESHOT reports one event, then nothing until EPOLL_CTL_MOD arms it again.",
	.source = "epoll_ctl(2), EPOLLONESHOT",
	.standing = SYSTEM,
	.portable = "poll() needs no arming: it asks anew with every call.",
	.notes = "kqueue has EV_ONESHOT and EV_DISPATCH for it.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_EPOLL,
	.server = twice_server,
	.client = one_shot_client,
	.expect = {
		{ CLIENT, "on data", EQ(1) },
		{ CLIENT, "again, unread", EQ(0) },
		{ CLIENT, "on more data", EQ(0) },
		{ CLIENT, "armed again", EQ(1) },
		{ CLIENT, "after that", EQ(0) },
		{ CLIENT, "all the while unread", TEXT("3:abc") },
	},
};

static void late_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "closed");
	send_all(conn, "x", 1);
	meet(me, "done");
}

static void copying_client(struct role *me)
{
	int fd = connect_to_peer(me);
	int copy = must(dup(fd));
	int epoll = watch(fd, EPOLLIN);
	struct epoll_event event = { 0 };

	must(close(fd));
	meet(me, "closed");
	saw(me, "epoll_wait", epoll_wait(epoll, &event, 1, -1));
	saw(me, "it names the closed descriptor", event.data.fd == fd);
	saw(me, "remove it", epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL));
	must(close(copy));
	saw(me, "after the copy is closed", events_of(epoll, 0));
	meet(me, "done");
}

const struct sock_case epoll_closed_dup_still_reports = {
	.claim = "A descriptor that was closed goes on being reported while a copy of it is open.",
	.source = "epoll(7), Questions and answers, 6",
	.standing = SYSTEM,
	.portable = "Remove a descriptor with EPOLL_CTL_DEL before closing it.",
	.families = INET | INET6 | UNIX,
	/* A process, so that nobody else opens the number meanwhile. */
	.needs = NEEDS_PROCESS | NEEDS_DESCRIPTORS | NEEDS_EPOLL,
	.server = late_server,
	.client = copying_client,
	.expect = {
		{ CLIENT, "epoll_wait", EQ(1) },
		{ CLIENT, "it names the closed descriptor", EQ(1) },
		{ CLIENT, "remove it", FAILS(EBADF) },
		{ CLIENT, "after the copy is closed", EQ(0) },
	},
};
