/* select_stream.c -- what select() says of a stream socket at its end, and of a bad descriptor. */
#include "cases/mux/ready.h"

static void closing_server(struct role *me)
{
	accept_and_close(me, "looked");
}

static void ending_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte;

	wait_for(me, fd, POLLIN);
	saw_select(me, fd);
	saw(me, "recv", recv(fd, &byte, 1, 0));
	meet(me, "looked");
}

const struct sock_case select_readable_at_eof = {
	.claim = "At end of file a socket is ready for reading; it stays ready for writing.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (end-of-file: a read would not block)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = closing_server,
	.client = ending_client,
	.expect = {
		{ CLIENT, "select", EQ(2) },
		{ CLIENT, "readable", EQ(1) },
		{ CLIENT, "writable", EQ(1) },
		{ CLIENT, "exceptional", EQ(0) },
		{ CLIENT, "recv", EQ(0) },
	},
};

static void absent_server(struct role *me)
{
	struct address dead = unused_address(me);

	send_address(me, &dead);
	meet(me, "looked");
}

static void refused_client(struct role *me)
{
	int fd = start_connect(me);

	wait_for(me, fd, POLLOUT);
	saw_select(me, fd);
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	meet(me, "looked");
}

const struct sock_case select_refused_connect_sets = {
	.claim = "A refused non-blocking connect() is ready for reading and for writing; by POSIX "
		 "exceptional too, not on Linux.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (connect() failed; a pending error)",
	.standing = SHALL,
	.portable = "Wait for writing, then ask SO_ERROR; do not wait for the exceptional set.",
	.notes = "Windows is said to set the exceptional set alone.",
	.families = INET | INET6,
	.server = absent_server,
	.client = refused_client,
	.expect = {
		{ CLIENT, "select", EQ(3), .on[OS_LINUX] = EQ(2), .why = WHY_ERROR_SET },
		{ CLIENT, "readable", EQ(1) },
		{ CLIENT, "writable", EQ(1) },
		{ CLIENT, "exceptional", EQ(1), .on[OS_LINUX] = EQ(0), .why = WHY_ERROR_SET },
		{ CLIENT, "SO_ERROR", TEXT("ECONNREFUSED") },
	},
};

static void selecting_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);
	fd_set asked = set_of(fd), readable = asked, writable = asked, exceptional = asked;
	struct timeval now = { 0 };

	must(close(fd));
	saw(me, "select", select(fd + 1, &readable, &writable, &exceptional, &now));
	saw(me, "set is kept",
	    same_set(&readable, &asked) && same_set(&writable, &asked) &&
		    same_set(&exceptional, &asked));
}

const struct sock_case select_ebadf = {
	.claim = "select() fails with EBADF on a closed descriptor and leaves the sets alone.",
	.source = "POSIX.1-2024 select(), ERRORS EBADF; RETURN VALUE",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS, /* so that nobody else opens the number meanwhile */
	.client = selecting_client,
	.expect = {
		{ CLIENT, "select", FAILS(EBADF) },
		{ CLIENT, "set is kept", EQ(1) },
	},
};
