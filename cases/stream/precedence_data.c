/* precedence_data.c -- which error wins when data cannot be moved and its buffer is bad too.
 *
 * POSIX leaves the order open (2.3: any one of the possible errors may be returned). Each case also
 * shows what the error that lost gives alone. */
#include "case.h"

static void unconnected_sending(struct role *me)
{
	int pair[2];

	saw(me, "send", send(open_socket(me, SOCK_STREAM), no_access(), 10, MSG_NOSIGNAL));
	connected_pair(me, SOCK_STREAM, pair);
	saw(me, "buffer alone", send(pair[0], no_access(), 10, MSG_NOSIGNAL));
}

const struct sock_case prec_send_enotconn_before_efault = {
	.claim = "send() from a bad buffer on an unconnected socket may fail with either error.",
	.source = "POSIX.1-2024 send(), ERRORS ENOTCONN and EPIPE; XSH 2.3, Error Numbers",
	.standing = MAY,
	.portable = "Take EPIPE and ENOTCONN alike for: not connected.",
	.families = INET | INET6,
	.needs = NEEDS_POINTER_CHECKS,
	.client = unconnected_sending,
	.expect = {
		{ CLIENT, "send", ONE_OF(FAILS(EPIPE), FAILS(ENOTCONN), FAILS(EFAULT)),
		  .on[OS_LINUX] = FAILS(EPIPE), .why = "Linux looks at the socket's state first" },
		{ CLIENT, "buffer alone", FAILS(EFAULT), .standing = SYSTEM },
	},
};

static void passive_server(struct role *me)
{
	int conn = accept_peer(me);

	set_option(conn, SOL_SOCKET, SO_RCVBUF, 4096);
	meet(me, "tried");
}

static void silenced_client(struct role *me)
{
	int fd = connect_to_peer(me);

	saw(me, "buffer alone", send(fd, no_access(), 10, MSG_NOSIGNAL));
	must(shutdown(fd, SHUT_WR));
	saw(me, "send", send(fd, no_access(), 10, MSG_NOSIGNAL));
	meet(me, "tried");
}

const struct sock_case prec_send_epipe_before_efault = {
	.claim = "send() from a bad buffer after shutdown(SHUT_WR) may fail with either error.",
	.source = "POSIX.1-2024 send(), ERRORS EPIPE; XSH 2.3, Error Numbers",
	.standing = MAY,
	.portable = "Treat either error alike.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.server = passive_server,
	.client = silenced_client,
	.expect = {
		{ CLIENT, "buffer alone", FAILS(EFAULT), .standing = SYSTEM },
		{ CLIENT, "send", ONE_OF(FAILS(EPIPE), FAILS(EFAULT)), .on[OS_LINUX] = FAILS(EPIPE),
		  .why = "Linux looks at the socket's state first" },
	},
};

static void full_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte = 0;

	/* Far more than the peer takes unread, so that a late acknowledgement makes no room. */
	set_option(fd, SOL_SOCKET, SO_SNDBUF, 65536);
	saw(me, "buffer alone", send(fd, no_access(), 10, MSG_DONTWAIT | MSG_NOSIGNAL));
	must_be(fill_up(fd) > 0);
	saw(me, "no room alone", send(fd, &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL));
	saw(me, "send", send(fd, no_access(), 10, MSG_DONTWAIT | MSG_NOSIGNAL));
	meet(me, "tried");
}

const struct sock_case prec_send_eagain_before_efault = {
	.claim = "send() from a bad buffer when there is no room may fail with either error.",
	.source = "POSIX.1-2024 send(), ERRORS EAGAIN; XSH 2.3, Error Numbers",
	.standing = MAY,
	.portable = "Do not take EAGAIN for a sign that the buffer is good.",
	.families = INET | INET6,
	.needs = NEEDS_POINTER_CHECKS,
	.server = passive_server,
	.client = full_client,
	.expect = {
		{ CLIENT, "buffer alone", FAILS(EFAULT), .standing = SYSTEM },
		{ CLIENT, "no room alone", FAILS(EAGAIN), .standing = SHALL },
		{ CLIENT, "send", ONE_OF(FAILS(EAGAIN), FAILS(EFAULT)),
		  .on[OS_LINUX] = FAILS(EAGAIN),
		  .why = "Linux asks for room before it copies" },
	},
};

static void slow_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "tried");
	send_all(conn, "x", 1);
	meet(me, "read");
	must(close(conn));
	meet(me, "done");
}

static void hungry_client(struct role *me)
{
	int fd = connect_to_peer(me);

	saw(me, "recv", recv(fd, no_access(), 10, MSG_DONTWAIT));
	meet(me, "tried");
	wait_queued(me, fd, 1);
	saw(me, "buffer alone", recv(fd, no_access(), 10, MSG_DONTWAIT));
	meet(me, "read");
	meet(me, "done");
}

const struct sock_case prec_recv_eagain_before_efault = {
	.claim = "recv() into a bad buffer when nothing has come may fail with either error.",
	.source = "POSIX.1-2024 recv(), ERRORS EAGAIN; XSH 2.3, Error Numbers",
	.standing = MAY,
	.portable = "Do not take EAGAIN for a sign that the buffer is good.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.server = slow_server,
	.client = hungry_client,
	.expect = {
		{ CLIENT, "recv", ONE_OF(FAILS(EAGAIN), FAILS(EFAULT)),
		  .on[OS_LINUX] = FAILS(EAGAIN),
		  .why = "Linux touches the buffer only when it has data for it" },
		{ CLIENT, "buffer alone", FAILS(EFAULT), .standing = SYSTEM },
	},
};

static void late_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte;

	meet(me, "tried");
	wait_queued(me, fd, 1);
	saw(me, "buffer alone", recv(fd, no_access(), 10, 0));
	recv_all(fd, &byte, 1);
	meet(me, "read");
	wait_for(me, fd, POLLIN);
	saw(me, "recv", recv(fd, no_access(), 10, 0));
	meet(me, "done");
}

const struct sock_case prec_recv_eof_with_bad_buffer = {
	.claim = "recv() into a bad buffer at the end of file may return 0 as well as fail.",
	.source = "POSIX.1-2024 recv(), RETURN VALUE; XSH 2.3, EFAULT (detection is not "
		  "guaranteed)",
	.standing = MAY,
	.portable = "Do not take the 0 for a sign that the buffer is good.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.server = slow_server,
	.client = late_client,
	.expect = {
		{ CLIENT, "buffer alone", FAILS(EFAULT), .standing = SYSTEM },
		{ CLIENT, "recv", ONE_OF(EQ(0), FAILS(EFAULT)), .on[OS_LINUX] = EQ(0),
		  .why = "Linux touches the buffer only when it has data for it" },
	},
};

static void parting_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abc", 3);
	meet(me, "queued");
	close_with_reset(conn);
	meet(me, "tried");
}

static void reset_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	wait_queued(me, fd, 3);
	meet(me, "queued");
	wait_state(me, fd, "CLOSED");
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "recv again", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "third recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "tried");
}

const struct sock_case prec_recv_error_before_data_state = {
	.claim = "After a reset, data that had come before may still be read, or may be lost.",
	.source = "RFC 9293, section 3.10.7.4 (a RST flushes the queues); POSIX.1-2024 recv(), "
		  "ERRORS ECONNRESET",
	.standing = MAY,
	.portable = "End a connection in order; what came before a reset is not safe everywhere.",
	.notes = "FreeBSD is said to give the data first, Windows the error.",
	.families = INET | INET6,
	.server = parting_server,
	.client = reset_client,
	.expect = {
		{ CLIENT, "recv", ONE_OF(TEXT("3:abc"), FAILS(ECONNRESET)),
		  .on[OS_LINUX] = TEXT("3:abc"),
		  .why = "Linux keeps the queue and gives the data first" },
		{ CLIENT, "recv again", ONE_OF(FAILS(ECONNRESET), TEXT("0:")),
		  .on[OS_LINUX] = FAILS(ECONNRESET),
		  .why = "Linux gives the error once the data is read" },
		{ CLIENT, "third recv", ANY, .on[OS_LINUX] = TEXT("0:"),
		  .why = "Linux gives an error once" },
	},
};

static void overlong_sending(struct role *me)
{
	static const char byte = 'x';
	int fd = open_socket(me, SOCK_STREAM);
	struct iovec parts[IOV_MAX + 1];
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = IOV_MAX + 1 };

	for (int i = 0; i < IOV_MAX + 1; i++)
		parts[i] = (struct iovec){ (void *)&byte, 1 };
	saw(me, "sendmsg", sendmsg(fd, &message, MSG_NOSIGNAL));
	message.msg_iovlen = IOV_MAX;
	saw(me, "state alone", sendmsg(fd, &message, MSG_NOSIGNAL));
}

const struct sock_case prec_sendmsg_emsgsize_before_enotconn = {
	.claim = "sendmsg() of too many parts on an unconnected socket may fail with either error.",
	.source = "POSIX.1-2024 sendmsg(), ERRORS EMSGSIZE, ENOTCONN and EPIPE; XSH 2.3, Error "
		  "Numbers",
	.standing = MAY,
	.portable = "Take EPIPE and ENOTCONN alike for: not connected.",
	.families = INET | INET6,
	.client = overlong_sending,
	.expect = {
		{ CLIENT, "sendmsg", ONE_OF(FAILS(EMSGSIZE), FAILS(ENOTCONN), FAILS(EPIPE)),
		  .on[OS_LINUX] = FAILS(EMSGSIZE),
		  .why = "Linux reads the message before the protocol does" },
		{ CLIENT, "state alone", ONE_OF(FAILS(ENOTCONN), FAILS(EPIPE)),
		  .on[OS_LINUX] = FAILS(EPIPE),
		  .why = "Linux: what was never connected cannot be written to",
		  .standing = SHALL },
	},
};
