/* buffer_flow.c -- what the size of a buffer does to a sender whose peer does not read. */
#include "case.h"

/* Reads that many bytes; gives the last one. */
static char last_of(int fd, long long count)
{
	char byte = 0;

	while (count-- > 0)
		recv_all(fd, &byte, 1);
	return byte;
}

static void holding_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "about to send");
	saw(me, "send stays blocked", peer_silent_for(me, PROOF_MS));
	send_all(conn, "!", 1); /* tells the helper to raise the size */
	meet(me, "sent");
	char last = last_of(conn, recv_number(me));
	saw_bytes(me, "last byte", &last, 1);
	saw(me, "bytes after it", drain(conn));
}

static int raise_when_told(struct role *me, void *arg)
{
	int fd = *(int *)arg;
	char mark;

	(void)me;
	recv_all(fd, &mark, 1);
	set_option(fd, SOL_SOCKET, SO_SNDBUF, 65536);
	return 0;
}

static void blocked_client(struct role *me)
{
	int fd = connect_to_peer(me);

	set_option(fd, SOL_SOCKET, SO_SNDBUF, 4096);
	long long filled = fill_up(fd);
	must_be(filled > 0);
	pid_t raiser = helper(me, raise_when_told, &fd);
	meet(me, "about to send");
	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
	meet(me, "sent");
	must_be(helper_status(me, raiser) == 0);
	send_number(me, filled + 1);
}

const struct sock_case sockbuf_larger_sndbuf_unblocks = {
	.claim = "On Linux a sender that a full buffer blocks goes on when its SO_SNDBUF is "
		 "raised.",
	.source = "no standard says that a sender notices; socket(7), SO_SNDBUF, describes Linux",
	.standing = SYSTEM,
	.portable = "Set the size before sending: nothing says that a sender must notice.",
	.families = UNIX,
	.needs = NEEDS_PROCESS,
	.waits_ms = 2 * PROOF_MS, /* fill_up() looks as long whether room is made */
	.server = holding_server,
	.client = blocked_client,
	.expect = {
		{ SERVER, "send stays blocked", EQ(1) },
		{ CLIENT, "send", EQ(1) },
		{ SERVER, "last byte", TEXT("1:x") },
		{ SERVER, "bytes after it", EQ(0) },
	},
};

enum { SMALL = 4096, LARGE = 65536 };

static void narrow_server(struct role *me)
{
	int listener = open_socket(me, SOCK_STREAM);
	struct address a = loopback(me);
	int queued = -1;

	set_option(listener, SOL_SOCKET, SO_RCVBUF, SMALL);
	must(bind(listener, &a.any, a.len));
	must(listen(listener, 1));
	a = name_of(listener);
	send_address(me, &a);
	int conn = must(accept(listener, NULL, NULL));
	meet(me, "full");
	long long taken = recv_number(me), got = 0;
	wait_for(me, conn, POLLIN);
	must(ioctl(conn, FIONREAD, &queued));
	saw(me, "bytes are queued", queued > 0);
	saw(me, "they fit the buffer", queued <= get_option(conn, SOL_SOCKET, SO_RCVBUF));
	until (me, "all was read", (got += drain(conn)) >= taken) {
	}
	saw(me, "all came, and no more", got == taken);
	meet(me, "read");
}

static void pushing_client(struct role *me)
{
	int fd = connect_to_peer(me);

	set_option(fd, SOL_SOCKET, SO_SNDBUF, LARGE);
	long long taken = fill_up(fd);
	meet(me, "full");
	send_number(me, taken);
	saw(me, "more than the receiver's buffer", taken > 2 * SMALL);
	meet(me, "read");
}

const struct sock_case sockbuf_small_rcvbuf_throttles = {
	.claim = "Unread data fills SO_RCVBUF and no more; the rest waits at the sender.",
	.source = "RFC 9293, section 3.8.6; POSIX.1-2024 2.10.16 Use of Options, SO_RCVBUF",
	.standing = SHALL,
	.families = INET | INET6,
	.server = narrow_server,
	.client = pushing_client,
	.expect = {
		{ SERVER, "bytes are queued", EQ(1) },
		{ SERVER, "they fit the buffer", EQ(1) },
		{ CLIENT, "more than the receiver's buffer", EQ(1) },
		{ SERVER, "all came, and no more", EQ(1) },
	},
};
