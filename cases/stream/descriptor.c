/* descriptor.c -- one connection, many descriptors: copies and children. */
#include "case.h"

static void doubling_client(struct role *me)
{
	int fd = connect_to_peer(me);
	int copy = must(dup(fd));
	char byte;

	saw(me, "copy is O_NONBLOCK", !!(must(fcntl(copy, F_GETFL)) & O_NONBLOCK));
	set_nonblocking(fd);
	saw(me, "copy is O_NONBLOCK then", !!(must(fcntl(copy, F_GETFL)) & O_NONBLOCK));
	saw(me, "recv on the copy", recv(copy, &byte, 1, 0));
	must(fcntl(copy, F_SETFL, must(fcntl(copy, F_GETFL)) & ~O_NONBLOCK));
	saw(me, "first is O_NONBLOCK in the end", !!(must(fcntl(fd, F_GETFL)) & O_NONBLOCK));
	meet(me, "flags were seen");
}

static void silent_server(struct role *me)
{
	(void)accept_peer(me);
	meet(me, "flags were seen");
}

const struct sock_case fd_dup_shares_nonblock = {
	.claim = "O_NONBLOCK belongs to the connection: set by one descriptor, it holds for all.",
	.source = "POSIX.1-2024 dup(), DESCRIPTION; fcntl(), F_SETFL (file status flags)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = silent_server,
	.client = doubling_client,
	.expect = {
		{ CLIENT, "copy is O_NONBLOCK", EQ(0) },
		{ CLIENT, "copy is O_NONBLOCK then", EQ(1) },
		{ CLIENT, "recv on the copy", FAILS(EAGAIN) },
		{ CLIENT, "first is O_NONBLOCK in the end", EQ(0) },
	},
};

/* Two bytes of the server let the child speak and leave. */
static int heir(struct role *me, void *arg)
{
	int fd = *(int *)arg;
	char word;

	(void)me;
	recv_all(fd, &word, 1);
	send_all(fd, "child", 5);
	recv_all(fd, &word, 1);
	return 0;
}

static void bequeathing_client(struct role *me)
{
	int fd = connect_to_peer(me);
	pid_t child = helper(me, heir, &fd);

	saw(me, "close in the parent", close(fd));
	meet(me, "parent has closed");
	saw_end(me, "child", helper_status(me, child));
}

static void conversing_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[8];

	meet(me, "parent has closed");
	saw_flags(me, "poll", poll_now(conn, POLLIN));
	saw(me, "send", send(conn, "1", 1, MSG_NOSIGNAL));
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw(me, "send again", send(conn, "2", 1, MSG_NOSIGNAL));
	saw_bytes(me, "recv after the child's exit", bytes, recv(conn, bytes, sizeof bytes, 0));
}

const struct sock_case fd_parent_close_no_fin = {
	.claim = "close() in the parent ends nothing while a child holds the connection.",
	.source = "POSIX.1-2024 fork(), DESCRIPTION; close(), DESCRIPTION (the last descriptor)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.server = conversing_server,
	.client = bequeathing_client,
	.expect = {
		{ CLIENT, "close in the parent", EQ(0) },
		{ SERVER, "poll", FLAGS("0") },
		{ SERVER, "send", EQ(1) },
		{ SERVER, "recv", TEXT("5:child") },
		{ SERVER, "send again", EQ(1) },
		{ SERVER, "recv after the child's exit", TEXT("0:") },
		{ CLIENT, "child", TEXT("exit 0") },
	},
};

/* The parent and the child of one connection take turns by a pair of pipes. */
struct turns {
	int fd, to_child[2], to_parent[2];
};

static void pass_turn(const int pipe_ends[2])
{
	must_be(must(write(pipe_ends[1], "!", 1)) == 1);
}

static void await_turn(const int pipe_ends[2])
{
	char word;

	must_be(must(read(pipe_ends[0], &word, 1)) == 1);
}

static int writing_child(struct role *me, void *arg)
{
	const struct turns *turns = arg;

	saw(me, "child writes", write(turns->fd, "2nd ", 4));
	pass_turn(turns->to_parent);
	await_turn(turns->to_child);
	saw(me, "child writes again", write(turns->fd, "4th ", 4));
	return 0;
}

static void writing_parent(struct role *me)
{
	struct turns turns = { .fd = connect_to_peer(me) };

	must(pipe(turns.to_child));
	must(pipe(turns.to_parent));
	saw(me, "parent writes", write(turns.fd, "1st ", 4));
	pid_t child = helper(me, writing_child, &turns);
	await_turn(turns.to_parent);
	saw(me, "parent writes again", write(turns.fd, "3rd ", 4));
	pass_turn(turns.to_child);
	must_be(helper_status(me, child) == 0);
	saw(me, "parent writes last", write(turns.fd, "5th", 3));
	must(shutdown(turns.fd, SHUT_WR));
	meet(me, "all was read");
}

static void collecting_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[32];

	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, MSG_WAITALL));
	meet(me, "all was read");
}

const struct sock_case fd_child_writes_parent_reads_order = {
	.claim = "What parent and child write to a connection arrives in the order of the calls.",
	.source = "POSIX.1-2024 fork(), DESCRIPTION (shared open file descriptions); write(), "
		  "DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS | NEEDS_DESCRIPTORS,
	.server = collecting_server,
	.client = writing_parent,
	.expect = {
		{ CLIENT, "parent writes", EQ(4) },
		{ CLIENT, "child writes", EQ(4) },
		{ CLIENT, "parent writes again", EQ(4) },
		{ CLIENT, "child writes again", EQ(4) },
		{ CLIENT, "parent writes last", EQ(3) },
		{ SERVER, "recv", TEXT("19:1st 2nd 3rd 4th 5th") },
	},
};

enum { VALUES = 256, PARENT = 0, CHILD = 1 };

/* What parent and child have received, in memory they share. */
struct tallies {
	int fd;
	_Atomic int received[2];   /* how many bytes each of them */
	_Atomic int times[VALUES]; /* how often each value */
};

/* Receives byte by byte until the end; goes on only once the other process also has one. */
static void take_bytes(struct role *me, struct tallies *tallies, int self)
{
	unsigned char byte;

	while (must(recv(tallies->fd, &byte, 1, 0)) == 1) {
		tallies->times[byte]++;
		tallies->received[self]++;
		until (me, "the other process has a byte", tallies->received[!self] > 0) {
		}
	}
}

static int taking_child(struct role *me, void *arg)
{
	take_bytes(me, arg, CHILD);
	return 0;
}

static void two_readers_client(struct role *me)
{
	struct tallies *tallies = mmap(NULL, sizeof *tallies, PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int once = 0;

	must_be(tallies != MAP_FAILED);
	tallies->fd = connect_to_peer(me);
	pid_t child = helper(me, taking_child, tallies);
	take_bytes(me, tallies, PARENT);
	must_be(helper_status(me, child) == 0);
	for (int i = 0; i < VALUES; i++)
		once += tallies->times[i] == 1;
	saw(me, "bytes received", tallies->received[PARENT] + tallies->received[CHILD]);
	saw(me, "values received once", once);
}

static void counting_server(struct role *me)
{
	int conn = accept_peer(me);
	unsigned char bytes[VALUES];

	for (int i = 0; i < VALUES; i++)
		bytes[i] = (unsigned char)i;
	send_all(conn, bytes, sizeof bytes);
	must(close(conn));
}

const struct sock_case fd_fork_shares_socket = {
	.claim = "Parent and child may both read a connection: each byte goes to one, once.",
	.source = "POSIX.1-2024 fork(), DESCRIPTION (shared open file descriptions); recv(), "
		  "DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS,
	.server = counting_server,
	.client = two_readers_client,
	.expect = {
		{ CLIENT, "bytes received", EQ(VALUES) },
		{ CLIENT, "values received once", EQ(VALUES) },
	},
};
