/* rights.c -- SCM_RIGHTS: descriptors that travel over an AF_UNIX stream. */
#include "case.h"

enum { DESCRIPTORS_MAX = 3, CONTROL_ROOM = CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int)) };

/* What one recvmsg() gave. */
struct parcel {
	ssize_t n;
	char word;
	int flags, count;
	int fd[DESCRIPTORS_MAX];
};

/* One byte of data with descriptors beside it. */
static ssize_t send_parcel(int sock, char word, const int *fd, size_t count)
{
	struct whole_message m;

	fill_message(&m, &word, 1);
	attach_control(&m, SOL_SOCKET, SCM_RIGHTS, fd, count * sizeof *fd);
	return sendmsg(sock, &m.header, MSG_NOSIGNAL);
}

static struct parcel receive_parcel(int sock, size_t control_room, int flags)
{
	struct parcel parcel = { .fd = { -1, -1, -1 } };
	struct control_message one;
	struct whole_message m;
	size_t at = 0;

	empty_message(&m, 1, control_room);
	parcel.n = recvmsg(sock, &m.header, flags);
	parcel.word = m.bytes[0];
	parcel.flags = m.header.msg_flags;
	if (parcel.n > 0 && next_control(&m.header, &at, &one) && one.level == SOL_SOCKET &&
	    one.type == SCM_RIGHTS) {
		must_be(one.size <= sizeof parcel.fd);
		memcpy(parcel.fd, one.data, one.size);
		parcel.count = (int)(one.size / sizeof *parcel.fd);
	}
	return parcel;
}

static void saw_parcel(struct role *me, const struct parcel *parcel)
{
	saw_bytes(me, "recvmsg", &parcel->word, parcel->n);
	saw(me, "descriptors", parcel->count);
}

/* Whether the file has this status flag; -1 when there is no such descriptor. */
static int has_flag(int fd, int flag)
{
	int flags = fcntl(fd, F_GETFL);

	return flags == -1 ? -1 : !!(flags & flag);
}

static void giving_server(struct role *me)
{
	int conn = accept_peer(me), ends[2];
	char bytes[8];

	must(pipe(ends));
	saw(me, "sendmsg", send_parcel(conn, 'x', &ends[1], 1));
	meet(me, "receiver has written");
	saw(me, "O_NONBLOCK is set here", has_flag(ends[1], O_NONBLOCK));
	must(close(ends[1]));
	saw_bytes(me, "pipe", bytes, read(ends[0], bytes, sizeof bytes));
}

static void taking_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct parcel parcel = receive_parcel(fd, CONTROL_ROOM, 0);

	saw_parcel(me, &parcel);
	saw(me, "O_NONBLOCK was set", has_flag(parcel.fd[0], O_NONBLOCK));
	(void)fcntl(parcel.fd[0], F_SETFL, O_NONBLOCK);
	saw(me, "write", write(parcel.fd[0], "abc", 3));
	meet(me, "receiver has written");
}

const struct sock_case scm_rights_pass_one = {
	.claim = "A descriptor sent with SCM_RIGHTS arrives as a new one of the same open file.",
	.source = "POSIX.1-2024 <sys/socket.h>, SCM_RIGHTS; unix(7), SCM_RIGHTS",
	.standing = SHALL,
	.families = UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = giving_server,
	.client = taking_client,
	.expect = {
		{ SERVER, "sendmsg", EQ(1) },
		{ CLIENT, "recvmsg", TEXT("1:x") },
		{ CLIENT, "descriptors", EQ(1) },
		{ CLIENT, "O_NONBLOCK was set", EQ(0) },
		{ CLIENT, "write", EQ(3) },
		{ SERVER, "O_NONBLOCK is set here", EQ(1) },
		{ SERVER, "pipe", TEXT("3:abc") },
	},
};

static void generous_server(struct role *me)
{
	int conn = accept_peer(me), ends[DESCRIPTORS_MAX][2], gift[DESCRIPTORS_MAX];
	char bytes[8];

	for (int i = 0; i < DESCRIPTORS_MAX; i++) {
		must(pipe(ends[i]));
		gift[i] = ends[i][1];
	}
	saw(me, "sendmsg", send_parcel(conn, 'x', gift, DESCRIPTORS_MAX));
	for (int i = 0; i < DESCRIPTORS_MAX; i++)
		must(close(gift[i]));
	saw_bytes(me, "first pipe", bytes, read(ends[0][0], bytes, sizeof bytes));
	saw_bytes(me, "second pipe", bytes, read(ends[1][0], bytes, sizeof bytes));
	saw_bytes(me, "third pipe", bytes, read(ends[2][0], bytes, sizeof bytes));
}

static void collecting_client(struct role *me)
{
	static const char *const words[DESCRIPTORS_MAX] = { "one", "two", "three" };
	int fd = connect_to_peer(me);
	struct parcel parcel = receive_parcel(fd, CONTROL_ROOM, 0);

	saw_parcel(me, &parcel);
	for (int i = 0; i < parcel.count && i < DESCRIPTORS_MAX; i++)
		must(write(parcel.fd[i], words[i], strlen(words[i])));
}

const struct sock_case scm_rights_pass_three = {
	.claim = "Several descriptors in one SCM_RIGHTS message arrive together, in their order.",
	.source = "POSIX.1-2024 <sys/socket.h>, SCM_RIGHTS (an array of descriptors)",
	.standing = SHALL,
	.families = UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = generous_server,
	.client = collecting_client,
	.expect = {
		{ SERVER, "sendmsg", EQ(1) },
		{ CLIENT, "recvmsg", TEXT("1:x") },
		{ CLIENT, "descriptors", EQ(DESCRIPTORS_MAX) },
		{ SERVER, "first pipe", TEXT("3:one") },
		{ SERVER, "second pipe", TEXT("3:two") },
		{ SERVER, "third pipe", TEXT("5:three") },
	},
};

static void losing_server(struct role *me)
{
	int conn = accept_peer(me), ends[2];
	char bytes[8];

	must(pipe(ends));
	saw(me, "sendmsg", send_parcel(conn, 'x', &ends[1], 1));
	must(close(ends[1]));
	saw_bytes(me, "pipe", bytes, read(ends[0], bytes, sizeof bytes));
	meet(me, "end of the pipe was read");
}

static void cramped_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct parcel parcel = receive_parcel(fd, 0, 0);

	saw_parcel(me, &parcel);
	saw_msg_flags(me, "msg_flags", parcel.flags);
	meet(me, "end of the pipe was read"); /* had it leaked, this process would hold it */
}

const struct sock_case scm_rights_ctrunc_no_space = {
	.claim = "A descriptor without room is closed, not leaked, and MSG_CTRUNC is set.",
	.source = "POSIX.1-2024 recvmsg(), MSG_CTRUNC; unix(7), SCM_RIGHTS for the descriptor",
	.standing = SHALL,
	.families = UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = losing_server,
	.client = cramped_client,
	.expect = {
		{ SERVER, "sendmsg", EQ(1) },
		{ CLIENT, "recvmsg", TEXT("1:x") },
		{ CLIENT, "descriptors", EQ(0) },
		{ CLIENT, "msg_flags", FLAGS("CTRUNC") },
		{ SERVER, "pipe", TEXT("0:"), .standing = SYSTEM },
	},
};

static void marking_server(struct role *me)
{
	int conn = accept_peer(me), ends[2];

	must(pipe(ends));
	must(fcntl(ends[1], F_SETFD, FD_CLOEXEC));
	saw(me, "sendmsg of one with FD_CLOEXEC", send_parcel(conn, 'a', &ends[1], 1));
	saw(me, "sendmsg of one without", send_parcel(conn, 'b', &ends[0], 1));
	meet(me, "flags were seen");
}

/* Whether it closes on exec; -1 when there is no such descriptor. */
static int closes_on_exec(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	return flags == -1 ? -1 : !!(flags & FD_CLOEXEC);
}

static void flagging_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct parcel plain = receive_parcel(fd, CONTROL_ROOM, 0);
	struct parcel flagged = receive_parcel(fd, CONTROL_ROOM, MSG_CMSG_CLOEXEC);

	saw_bytes(me, "recvmsg", &plain.word, plain.n);
	saw(me, "FD_CLOEXEC", closes_on_exec(plain.fd[0]));
	saw_bytes(me, "recvmsg with MSG_CMSG_CLOEXEC", &flagged.word, flagged.n);
	saw(me, "FD_CLOEXEC then", closes_on_exec(flagged.fd[0]));
	meet(me, "flags were seen");
}

const struct sock_case scm_rights_cloexec_flag = {
	.claim = "MSG_CMSG_CLOEXEC alone decides on FD_CLOEXEC of what arrives, not the sender.",
	.source = "POSIX.1-2024 recvmsg(), MSG_CMSG_CLOEXEC",
	.standing = SHALL,
	.portable = "Where MSG_CMSG_CLOEXEC is missing, set FD_CLOEXEC at once, before any fork().",
	.notes = "macOS is said to lack the flag.",
	.families = UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = marking_server,
	.client = flagging_client,
	.expect = {
		{ SERVER, "sendmsg of one with FD_CLOEXEC", EQ(1) },
		{ SERVER, "sendmsg of one without", EQ(1) },
		{ CLIENT, "recvmsg", TEXT("1:a") },
		{ CLIENT, "FD_CLOEXEC", EQ(0) },
		{ CLIENT, "recvmsg with MSG_CMSG_CLOEXEC", TEXT("1:b") },
		{ CLIENT, "FD_CLOEXEC then", EQ(1) },
	},
};
