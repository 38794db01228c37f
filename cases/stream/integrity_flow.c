/* integrity_flow.c -- every byte arrives: past a closed window, from a file, beside others. */
#include "case.h"

/* Receives to the end of file and records what came. */
static void receive_all(struct role *me, int fd)
{
	struct arrived arrived = { 0 };

	saw(me, "last recv", receive_payload(fd, SIZE_MAX, &arrived));
	saw(me, "bytes received", (long long)arrived.bytes);
	saw(me, "bytes in place", (long long)arrived.in_place);
}

/* Linux's struct tcp_info, where C libraries do not all name the peer's window. */
static uint32_t send_window(struct role *me, int fd)
{
	enum { SEND_WINDOW_AT = 228 };
	uint32_t window;

	take_tcp_info(me, fd, SEND_WINDOW_AT, &window, sizeof window);
	return window;
}

enum { RESUMED = 100000 };

static void resuming_server(struct role *me)
{
	int listener = open_socket(me, SOCK_STREAM);
	struct address a = loopback(me);

	set_option(listener, SOL_SOCKET, SO_RCVBUF, 4096);
	must(bind(listener, &a.any, a.len));
	must(listen(listener, 1));
	a = name_of(listener);
	send_address(me, &a);
	int conn = must(accept(listener, NULL, NULL));
	meet(me, "full");
	send_all(conn, "!", 1); /* carries the acknowledgement that would come in 40 ms */
	meet(me, "closed");
	receive_all(me, conn);
}

static void stopped_client(struct role *me)
{
	unsigned char bytes[RESUMED];
	size_t sent = 0;
	ssize_t n;
	char mark;
	int fd = connect_to_peer(me);

	fill_payload(bytes, 0, sizeof bytes);
	set_option(fd, SOL_SOCKET, SO_SNDBUF, 32768);
	while ((n = send(fd, bytes + sent, RESUMED - sent, MSG_DONTWAIT | MSG_NOSIGNAL)) > 0)
		sent += (size_t)n;
	saw(me, "send", n);
	must_be(sent < RESUMED);
	meet(me, "full");
	until (me, "the peer's window is closed", send_window(me, fd) == 0) {
	}
	saw(me, "unsent bytes wait", poll_now(fd, POLLOUT) == 0);
	recv_all(fd, &mark, 1);
	meet(me, "closed");
	send_all(fd, bytes + sent, RESUMED - sent);
}

const struct sock_case integrity_zero_window_resume = {
	.claim = "A sender stopped by a closed window goes on when the receiver reads again.",
	.source = "RFC 9293, sections 3.8.6 and 3.8.6.1",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_TCP_INFO,
	.server = resuming_server,
	.client = stopped_client,
	.expect = {
		{ CLIENT, "send", FAILS(EAGAIN) },
		{ CLIENT, "unsent bytes wait", EQ(1) },
		{ SERVER, "last recv", EQ(0) },
		{ SERVER, "bytes received", EQ(RESUMED) },
		{ SERVER, "bytes in place", EQ(RESUMED) },
	},
};

enum { FILE_BYTES = 300000, FILE_POSITION = 5 };

/* An open file without a name. */
static int make_file(void)
{
	unsigned char bytes[FILE_BYTES];
	int file = must(open("integrity", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));

	must(unlink("integrity"));
	fill_payload(bytes, 0, sizeof bytes);
	must_be(write(file, bytes, sizeof bytes) == (ssize_t)sizeof bytes);
	must(lseek(file, FILE_POSITION, SEEK_SET));
	return file;
}

static void file_server(struct role *me)
{
	int conn = accept_peer(me);
	int file = make_file();
	long long total = 0;
	off_t offset = 0;
	ssize_t n;

	while ((n = sendfile(conn, file, &offset, (size_t)(FILE_BYTES - offset))) > 0)
		total += n;
	saw(me, "last sendfile", n);
	saw(me, "bytes sent", total);
	saw(me, "offset", offset);
	saw(me, "file position", lseek(file, 0, SEEK_CUR));
}

static void file_client(struct role *me)
{
	receive_all(me, connect_to_peer(me));
}

const struct sock_case integrity_sendfile_complete = {
	.claim = "Linux's sendfile() sends a file intact and moves its argument's offset, not the "
		 "file's.",
	.source = "sendfile(2), DESCRIPTION",
	.standing = SYSTEM,
	.portable = "read() and write() in a loop; sendfile() has another signature elsewhere.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = file_server,
	.client = file_client,
	.expect = {
		{ SERVER, "last sendfile", EQ(0) },
		{ SERVER, "bytes sent", EQ(FILE_BYTES) },
		{ SERVER, "offset", EQ(FILE_BYTES) },
		{ SERVER, "file position", EQ(FILE_POSITION) },
		{ CLIENT, "last recv", EQ(0) },
		{ CLIENT, "bytes received", EQ(FILE_BYTES) },
		{ CLIENT, "bytes in place", EQ(FILE_BYTES) },
	},
};

enum { CONNECTIONS = 64 };

static uint32_t answer_to(uint32_t tag)
{
	return ~(tag * 2654435761U);
}

static void switchboard_server(struct role *me)
{
	bool heard[CONNECTIONS] = { false };
	int listener = listen_on(me, CONNECTIONS);
	int conn[CONNECTIONS];
	long long different = 0;

	for (int i = 0; i < CONNECTIONS; i++)
		conn[i] = must(accept(listener, NULL, NULL));
	meet(me, "all connected");
	for (int i = 0; i < CONNECTIONS; i++) {
		uint32_t tag, answer;
		recv_all(conn[i], &tag, sizeof tag);
		different += tag < CONNECTIONS && !heard[tag];
		heard[tag % CONNECTIONS] = true;
		answer = answer_to(tag);
		send_all(conn[i], &answer, sizeof answer);
	}
	saw(me, "different tags", different);
	meet(me, "all answered");
}

static void calling_client(struct role *me)
{
	int fd[CONNECTIONS];
	long long right = 0;

	for (int i = 0; i < CONNECTIONS; i++)
		fd[i] = connect_to_peer(me);
	meet(me, "all connected");
	/* In another order than they connected, so that the order alone cannot be what holds. */
	for (int i = CONNECTIONS; i-- > 0;)
		send_all(fd[i], &(uint32_t){ (uint32_t)i }, sizeof(uint32_t));
	for (int i = 0; i < CONNECTIONS; i++) {
		uint32_t answer;
		recv_all(fd[i], &answer, sizeof answer);
		right += answer == answer_to((uint32_t)i);
	}
	saw(me, "right answers", right);
	meet(me, "all answered");
}

const struct sock_case integrity_many_connections = {
	.claim = "Many connections to one listener are kept apart: each carries its own bytes.",
	.source = "RFC 9293, section 3.3.1 (a connection is both its ends); POSIX.1-2024 XSH "
		  "2.10.6, Socket Types",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = switchboard_server,
	.client = calling_client,
	.expect = {
		{ SERVER, "different tags", EQ(CONNECTIONS) },
		{ CLIENT, "right answers", EQ(CONNECTIONS) },
	},
};
