/* rights_kept.c -- what stays alive, and shared, while a descriptor travels and after it. */
#include "case.h"

/* One byte of data with a descriptor beside it. */
static void send_descriptor(int sock, int fd)
{
	struct whole_message m;

	fill_message(&m, "x", 1);
	attach_control(&m, SOL_SOCKET, SCM_RIGHTS, &fd, sizeof fd);
	must_be(sendmsg(sock, &m.header, MSG_NOSIGNAL) == 1);
}

static int receive_descriptor(int sock)
{
	struct whole_message m;
	int fd = -1;

	empty_message(&m, 1, CMSG_SPACE(sizeof fd));
	must_be(recvmsg(sock, &m.header, 0) == 1);
	must_be(only_control(&m.header, SOL_SOCKET, SCM_RIGHTS, &fd, sizeof fd));
	return fd;
}

static void half_reading_server(struct role *me)
{
	int conn = accept_peer(me);
	int file = must(open("shared", O_RDWR | O_CREAT | O_EXCL, 0600));
	char bytes[8];

	must(unlink("shared"));
	must_be(must(write(file, "abcdef", 6)) == 6);
	must(lseek(file, 0, SEEK_SET));
	saw_bytes(me, "first read", bytes, read(file, bytes, 2));
	send_descriptor(conn, file);
	meet(me, "receiver has read");
	saw_bytes(me, "third read", bytes, read(file, bytes, 2));
	must(lseek(file, 1, SEEK_SET));
	meet(me, "sender has sought");
}

static void continuing_client(struct role *me)
{
	int file = receive_descriptor(connect_to_peer(me));
	char bytes[8];

	saw_bytes(me, "second read", bytes, read(file, bytes, 2));
	meet(me, "receiver has read");
	meet(me, "sender has sought");
	saw(me, "offset", lseek(file, 0, SEEK_CUR));
}

const struct sock_case scm_rights_shared_offset = {
	.claim = "Sender and receiver of a file's descriptor share its offset.",
	.source = "POSIX.1-2024 <sys/socket.h>, SCM_RIGHTS (the same open file description)",
	.standing = SHALL,
	.families = UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = half_reading_server,
	.client = continuing_client,
	.expect = {
		{ SERVER, "first read", TEXT("2:ab") },
		{ CLIENT, "second read", TEXT("2:cd") },
		{ SERVER, "third read", TEXT("2:ef") },
		{ CLIENT, "offset", EQ(1) },
	},
};

/* A TCP connection within this process. */
static void tcp_pair(int fd[2])
{
	struct sockaddr_in name = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof name;
	int listener = must(socket(AF_INET, SOCK_STREAM, 0));

	must(bind(listener, (struct sockaddr *)&name, sizeof name));
	must(listen(listener, 1));
	must(getsockname(listener, (struct sockaddr *)&name, &len));
	fd[0] = must(socket(AF_INET, SOCK_STREAM, 0));
	must(connect(fd[0], (struct sockaddr *)&name, sizeof name));
	fd[1] = must(accept(listener, NULL, NULL));
	must(close(listener));
}

static void handing_over_server(struct role *me)
{
	int conn = accept_peer(me), tcp[2];
	char bytes[8];

	tcp_pair(tcp);
	send_descriptor(conn, tcp[0]);
	saw(me, "close after sending it", close(tcp[0]));
	saw(me, "send to it", send(tcp[1], "ping", 4, MSG_NOSIGNAL));
	saw_bytes(me, "recv from it", bytes, recv(tcp[1], bytes, sizeof bytes, 0));
	saw_bytes(me, "recv in the end", bytes, recv(tcp[1], bytes, sizeof bytes, 0));
}

static void taking_over_client(struct role *me)
{
	int tcp = receive_descriptor(connect_to_peer(me));
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(tcp, bytes, sizeof bytes, 0));
	saw(me, "send", send(tcp, "pong", 4, MSG_NOSIGNAL));
	must(close(tcp));
}

const struct sock_case scm_rights_pass_connected_tcp = {
	.claim = "A TCP connection that was passed on goes on, though the sender closes it.",
	.source = "POSIX.1-2024 <sys/socket.h>, SCM_RIGHTS; close(), DESCRIPTION (the last "
		  "descriptor)",
	.standing = SHALL,
	.families = UNIX,
	.server = handing_over_server,
	.client = taking_over_client,
	.expect = {
		{ SERVER, "close after sending it", EQ(0) },
		{ SERVER, "send to it", EQ(4) },
		{ CLIENT, "recv", TEXT("4:ping") },
		{ CLIENT, "send", EQ(4) },
		{ SERVER, "recv from it", TEXT("4:pong") },
		{ SERVER, "recv in the end", TEXT("0:") },
	},
};

struct letter_box {
	int conn, writer;
};

static int posting_child(struct role *me, void *arg)
{
	const struct letter_box *box = arg;

	(void)me;
	send_descriptor(box->conn, box->writer);
	return 0;
}

static void waiting_server(struct role *me)
{
	int ends[2];
	char bytes[8];

	must(pipe(ends));
	struct letter_box box = { .conn = accept_peer(me), .writer = ends[1] };
	pid_t child = helper(me, posting_child, &box);
	must(close(ends[1]));
	must_be(helper_status(me, child) == 0);
	saw_flags(me, "poll in flight", poll_now(ends[0], POLLIN));
	meet(me, "sender has ended");
	saw_bytes(me, "read", bytes, read(ends[0], bytes, sizeof bytes));
	saw_bytes(me, "read in the end", bytes, read(ends[0], bytes, sizeof bytes));
}

static void late_client(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "sender has ended");
	int writer = receive_descriptor(fd);
	saw(me, "write", write(writer, "late", 4));
	must(close(writer));
}

const struct sock_case scm_rights_in_flight_keeps_open = {
	.claim = "A descriptor under way keeps its file open, even after the sender has ended.",
	.source = "POSIX.1-2024 <sys/socket.h>, SCM_RIGHTS; unix(7), SCM_RIGHTS",
	.standing = SHALL,
	.families = UNIX,
	.needs = NEEDS_PROCESS | NEEDS_DESCRIPTORS,
	.server = waiting_server,
	.client = late_client,
	.expect = {
		{ SERVER, "poll in flight", FLAGS("0") },
		{ CLIENT, "write", EQ(4) },
		{ SERVER, "read", TEXT("4:late") },
		{ SERVER, "read in the end", TEXT("0:") },
	},
};
