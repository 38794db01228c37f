/* select.c -- select(): what it looks at, what it counts and what it leaves in the sets. */
#include "case.h"

static void looks_once(struct role *me)
{
	int fd = stuck_stream();
	fd_set readable = set_of(fd), writable = readable, exceptional = readable, none;
	struct timeval now = { 0 };
	long long start = now_ms();

	FD_ZERO(&none);
	saw(me, "select", select(fd + 1, &readable, &writable, &exceptional, &now));
	saw_time(me, "time", start, 0, 200);
	saw(me, "read set is empty", same_set(&readable, &none));
	saw(me, "write set is empty", same_set(&writable, &none));
	saw(me, "exception set is empty", same_set(&exceptional, &none));
}

const struct sock_case mux_select_zero_timeout_polls = {
	.claim = "With a time-out of zero select() returns at once; none ready: empty sets.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (time-out of zero; sets when it expires)",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_SOCKETPAIR,
	.timed = true,
	.client = looks_once,
	.expect = {
		{ CLIENT, "select", EQ(0) },
		{ CLIENT, "time", ON_TIME },
		{ CLIENT, "read set is empty", EQ(1) },
		{ CLIENT, "write set is empty", EQ(1) },
		{ CLIENT, "exception set is empty", EQ(1) },
	},
};

static void asks_for_less_than_nothing(struct role *me)
{
	struct timeval now = { 0 };

	saw(me, "select", select(-1, NULL, NULL, NULL, &now));
}

const struct sock_case mux_select_negative_nfds = {
	.claim = "select() of a negative number of descriptors fails with EINVAL.",
	.source = "POSIX.1-2024 select(), ERRORS EINVAL",
	.standing = SHALL,
	.notes = "Windows is said to ignore the number.",
	.families = NO_FAMILY,
	.client = asks_for_less_than_nothing,
	.expect = { { CLIENT, "select", FAILS(EINVAL) } },
};

/* With the closed descriptor in one set after the other, beside one that would be taken out. */
static void asks_for_closed(struct role *me)
{
	static const char *const labels[][2] = { { "closed in read set", "read set is kept" },
						 { "closed in write set", "write set is kept" },
						 { "closed in exception set",
						   "exception set is kept" } };
	int stuck = stuck_stream();
	int closed = closed_descriptor(me);
	fd_set both = set_of(stuck);

	FD_SET(closed, &both);
	for (int turn = 0; turn < 3; turn++) {
		struct timeval now = { 0 };
		fd_set set = both;
		fd_set *sets[3] = { NULL };

		sets[turn] = &set;
		saw(me, labels[turn][0],
		    select((closed > stuck ? closed : stuck) + 1, sets[0], sets[1], sets[2], &now));
		saw(me, labels[turn][1], same_set(&set, &both));
	}
}

const struct sock_case mux_select_closed_fd_ebadf = {
	.claim = "select() with a closed descriptor in a set fails with EBADF, the sets kept.",
	.source = "POSIX.1-2024 select(), ERRORS EBADF; RETURN VALUE (sets are not modified)",
	.standing = SHALL,
	.notes = "FreeBSD 4.6 is said to have called it ready.",
	.families = NO_FAMILY,
	.needs = NEEDS_SOCKETPAIR,
	.client = asks_for_closed,
	.expect = {
		{ CLIENT, "closed in read set", FAILS(EBADF) },
		{ CLIENT, "read set is kept", EQ(1) },
		{ CLIENT, "closed in write set", FAILS(EBADF) },
		{ CLIENT, "write set is kept", EQ(1) },
		{ CLIENT, "closed in exception set", FAILS(EBADF) },
		{ CLIENT, "exception set is kept", EQ(1) },
	},
};

static void asks_twice_of_one(struct role *me)
{
	int fd = loaded_socket(me);
	fd_set readable = set_of(fd), writable = readable;
	struct timeval now = { 0 };

	saw(me, "select", select(fd + 1, &readable, &writable, NULL, &now));
	saw(me, "readable", FD_ISSET(fd, &readable) != 0);
	saw(me, "writable", FD_ISSET(fd, &writable) != 0);
}

const struct sock_case mux_select_counts_bits = {
	.claim = "select() counts a descriptor that is ready for reading and for writing twice.",
	.source = "POSIX.1-2024 select(), RETURN VALUE",
	.standing = SHALL,
	.families = NO_FAMILY,
	.client = asks_twice_of_one,
	.expect = {
		{ CLIENT, "select", EQ(2) },
		{ CLIENT, "readable", EQ(1) },
		{ CLIENT, "writable", EQ(1) },
	},
};

static void asks_for_too_few(struct role *me)
{
	enum { NFDS = 50, READY = 80, CLOSED = 100 };
	fd_set readable = set_of(must(dup2(loaded_socket(me), READY)));
	struct timeval now = { 0 };

	must_be(fcntl(CLOSED, F_GETFD) == -1);
	FD_SET(CLOSED, &readable);
	saw(me, "select below both", select(NFDS, &readable, NULL, NULL, &now));
	readable = set_of(READY);
	FD_SET(CLOSED, &readable);
	saw(me, "select up to the ready one", select(READY + 1, &readable, NULL, NULL, &now));
	readable = set_of(READY);
	FD_SET(CLOSED, &readable);
	saw(me, "select up to the closed one", select(CLOSED + 1, &readable, NULL, NULL, &now));
}

const struct sock_case mux_select_bits_above_nfds_ignored = {
	.claim = "select() looks at no descriptor from nfds on, ready or closed.",
	.source = "POSIX.1-2024 select(), DESCRIPTION nfds",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.client = asks_for_too_few,
	.expect = {
		{ CLIENT, "select below both", EQ(0) },
		{ CLIENT, "select up to the ready one", EQ(1) },
		{ CLIENT, "select up to the closed one", FAILS(EBADF) },
	},
};

/* Whether the system still has a connection of our port with that port, as /proc/net/tcp tells. */
static bool has_connection(int port, int peer_port)
{
	FILE *table = fopen("/proc/net/tcp", "re");
	unsigned local, remote, state;
	char line[256];
	bool found = false;

	must_be(table != NULL);
	while (!found && fgets(line, sizeof line, table))
		found = sscanf(line, " %*u: %*x:%x %*x:%x %x", &local, &remote, &state) == 3 &&
			local == (unsigned)port && remote == (unsigned)peer_port &&
			state == TCP_ESTABLISHED;
	must(fclose(table));
	return found;
}

static void late_server(struct role *me)
{
	int listener = listen_on(me, 1);
	struct address own = name_of(listener);
	struct address client = peer_address(me);
	fd_set readable = set_of(listener);
	char byte;

	/* It was there, and then it was no more. */
	until (me, "the connection is there", has_connection(port_of(&own), port_of(&client))) {
	}
	meet(me, "connected");
	until (me, "the reset is here", !has_connection(port_of(&own), port_of(&client))) {
	}
	struct timeval now = { 0 };
	saw(me, "select", select(listener + 1, &readable, NULL, NULL, &now));
	set_nonblocking(listener);
	int conn = accept(listener, NULL, NULL);
	saw(me, "accept", conn == -1 ? -1 : 0);
	if (conn == -1) {
		saw_text(me, "recv", "no connection");
		return;
	}
	/* A table that changes while it is read may have lost a line. */
	wait_state(me, conn, "CLOSED");
	saw(me, "recv", recv(conn, &byte, 1, MSG_DONTWAIT));
}

static void fickle_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct address own = name_of(fd);

	send_address(me, &own);
	meet(me, "connected");
	close_with_reset(fd);
}

#define WHY_RACE "POSIX lets a reset take the connection from the queue; Linux keeps it there"

const struct sock_case mux_select_listen_blocking_accept_race = {
	.claim = "A connection reset before accept() may stay in the queue and fail in recv().",
	.source = "POSIX.1-2024 accept(), ERRORS ECONNABORTED; Linux accept(2)",
	.standing = MAY,
	.portable = "Make listeners non-blocking; ignore EAGAIN and ECONNABORTED of accept().",
	.notes = "BSD is said to remove it, so that accept() after select() may block.",
	.families = INET,
	.needs = NEEDS_PROC_NET,
	.server = late_server,
	.client = fickle_client,
	.expect = {
		{ SERVER, "select", BETWEEN(0, 1), .on[OS_LINUX] = EQ(1), .why = WHY_RACE },
		{ SERVER, "accept", ONE_OF(EQ(0), FAILS(ECONNABORTED), FAILS(EAGAIN)),
		  .on[OS_LINUX] = EQ(0), .why = WHY_RACE },
		{ SERVER, "recv", ONE_OF(FAILS(ECONNRESET), TEXT("no connection")),
		  .on[OS_LINUX] = FAILS(ECONNRESET), .why = WHY_RACE },
	},
};
