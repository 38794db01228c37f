/* msg.c -- sendmsg() and recvmsg() on streams: empty and wrong messages, flags, addresses. */
#include "case.h"

static struct iovec part(void *bytes, size_t n)
{
	return (struct iovec){ .iov_base = bytes, .iov_len = n };
}

static struct msghdr message_of(struct iovec *parts, int n)
{
	return (struct msghdr){ .msg_iov = parts, .msg_iovlen = n };
}

static void reading_server(struct role *me)
{
	saw_to_end(me, "peer got", accept_peer(me));
}

/* The connection stays open until the bytes are read. */
static void sending_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abcdef", 6);
	meet(me, "read");
}

static void long_winded_client(struct role *me)
{
	int fd = connect_to_peer(me);
	long limit = sysconf(_SC_IOV_MAX);
	char bytes[8] = "";

	if (limit == -1)
		unsupported(me, "this system sets no limit to the list");
	int n = (int)limit + 1;
	struct iovec *parts = calloc((size_t)n, sizeof *parts);
	must_be(parts != NULL);
	for (int i = 0; i < n; i++)
		parts[i] = part(bytes, 1);
	struct msghdr message = message_of(parts, n);
	wait_queued(me, fd, 6);
	saw(me, "sendmsg of IOV_MAX + 1", sendmsg(fd, &message, 0));
	saw(me, "recvmsg of IOV_MAX + 1", recvmsg(fd, &message, 0));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "tried");
	meet(me, "read");
	free(parts);
}

static void overloaded_server(struct role *me)
{
	int conn = accept_peer(me);
	char byte;

	send_all(conn, "abcdef", 6);
	meet(me, "tried");
	saw(me, "peer got", recv(conn, &byte, 1, MSG_DONTWAIT));
	meet(me, "read");
}

const struct sock_case sendmsg_iovlen_too_big = {
	.claim = "sendmsg() and recvmsg() with more than IOV_MAX buffers fail with EMSGSIZE and "
		 "move nothing.",
	.source = "POSIX.1-2024 sendmsg() and recvmsg(), ERRORS EMSGSIZE",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = overloaded_server,
	.client = long_winded_client,
	.expect = {
		{ CLIENT, "sendmsg of IOV_MAX + 1", FAILS(EMSGSIZE) },
		{ CLIENT, "recvmsg of IOV_MAX + 1", FAILS(EMSGSIZE) },
		{ CLIENT, "recv", TEXT("6:abcdef") },
		{ SERVER, "peer got", FAILS(EAGAIN) },
	},
};

static void headless_client(struct role *me)
{
	int fd = connect_to_peer(me);

	saw(me, "sendmsg of no message", sendmsg(fd, NULL, 0));
	send_all(fd, "x", 1);
	must(close(fd));
}

const struct sock_case sendmsg_null_msg_efault = {
	.claim = "On Linux sendmsg() with a null pointer for the message fails with EFAULT and "
		 "sends nothing.",
	.source = "sendmsg(2), ERRORS EFAULT; POSIX.1-2024 XSH 2.3, EFAULT (detection is not "
		  "guaranteed)",
	.standing = SYSTEM,
	.portable = "Nothing may be relied on after a bad pointer, not even an error.",
	.families = INET | INET6 | UNIX,
	.server = reading_server,
	.client = headless_client,
	.expect = {
		{ CLIENT, "sendmsg of no message", ANY, .on[OS_LINUX] = FAILS(EFAULT),
		  .why = "the kernel fails to copy the message's header" },
		{ SERVER, "peer got", TEXT("1:x") },
	},
};

static void listless_sender(struct role *me)
{
	int fd = connect_to_peer(me);
	struct msghdr message = message_of(NULL, 0);

	saw(me, "sendmsg of 0 buffers", sendmsg(fd, &message, 0));
	send_all(fd, "x", 1);
	must(close(fd));
}

const struct sock_case sendmsg_empty_iov = {
	.claim = "sendmsg() without any buffer fails with EMSGSIZE and sends nothing; Linux takes "
		 "it for an empty message.",
	.source = "POSIX.1-2024 sendmsg(), ERRORS EMSGSIZE: msg_iovlen is 0",
	.standing = SHALL,
	.portable = "Give sendmsg() at least one buffer, if need be of length 0.",
	.families = INET | INET6 | UNIX,
	.server = reading_server,
	.client = listless_sender,
	.expect = {
		{ CLIENT, "sendmsg of 0 buffers", FAILS(EMSGSIZE), .on[OS_LINUX] = EQ(0),
		  .why = "Linux takes an empty list for a message of 0 bytes" },
		{ SERVER, "peer got", TEXT("1:x") },
	},
};

static void listless_receiver(struct role *me)
{
	int fd = connect_to_peer(me);
	struct msghdr message = message_of(NULL, 0);
	char bytes[8];

	wait_queued(me, fd, 6);
	saw(me, "recvmsg of 0 buffers", recvmsg(fd, &message, 0));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "read");
}

const struct sock_case recvmsg_empty_iov = {
	.claim = "recvmsg() without any buffer fails with EMSGSIZE and takes nothing; Linux "
		 "returns 0.",
	.source = "POSIX.1-2024 recvmsg(), ERRORS EMSGSIZE: msg_iovlen is 0",
	.standing = SHALL,
	.portable = "Give recvmsg() at least one buffer.",
	.families = INET | INET6 | UNIX,
	.server = sending_server,
	.client = listless_receiver,
	.expect = {
		{ CLIENT, "recvmsg of 0 buffers", FAILS(EMSGSIZE), .on[OS_LINUX] = EQ(0),
		  .why = "Linux takes an empty list for room for 0 bytes" },
		{ CLIENT, "recv", TEXT("6:abcdef") },
	},
};

static void misdirecting_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct address elsewhere = unused_address(me);
	char bytes[] = "abc";
	struct iovec parts = part(bytes, 3);
	struct msghdr message = message_of(&parts, 1);

	message.msg_name = &elsewhere.any;
	message.msg_namelen = elsewhere.len;
	saw(me, "sendmsg to elsewhere", sendmsg(fd, &message, MSG_NOSIGNAL));
	send_all(fd, "x", 1);
	must(close(fd));
}

const struct sock_case sendmsg_name_ignored_tcp = {
	.claim = "sendmsg() with another address on a connected TCP socket may fail with EISCONN, "
		 "or sends to the peer as Linux does.",
	.source = "POSIX.1-2024 sendmsg(), ERRORS EISCONN (may fail)",
	.standing = MAY,
	.portable = "Leave msg_name NULL on a connection.",
	.notes = "FreeBSD is said to fail with EISCONN.",
	.families = INET | INET6,
	.server = reading_server,
	.client = misdirecting_client,
	.expect = {
		{ CLIENT, "sendmsg to elsewhere", ONE_OF(EQ(3), FAILS(EISCONN)),
		  .on[OS_LINUX] = EQ(3), .why = "TCP on Linux never looks at the address" },
		{ SERVER, "peer got", ONE_OF(TEXT("4:abcx"), TEXT("1:x")),
		  .on[OS_LINUX] = TEXT("4:abcx"), .why = "it goes where the connection goes" },
	},
};

static void flag_reading_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct whole_message m;

	empty_message(&m, 8, 0);
	m.header.msg_flags = MSG_OOB | MSG_TRUNC | MSG_CTRUNC | MSG_EOR;
	wait_queued(me, fd, 6);
	saw_bytes(me, "recvmsg", m.bytes, recvmsg(fd, &m.header, 0));
	saw_msg_flags(me, "msg_flags", m.header.msg_flags);
	meet(me, "read");
}

const struct sock_case recvmsg_flags_output_zeroed = {
	.claim = "recvmsg() of plain stream data sets msg_flags to 0, whatever was in it.",
	.source = "POSIX.1-2024 recvmsg(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Mask msg_flags with the flag of interest; never compare it with 0.",
	.families = INET | INET6 | UNIX,
	.server = sending_server,
	.client = flag_reading_client,
	.expect = {
		{ CLIENT, "recvmsg", TEXT("6:abcdef") },
		{ CLIENT, "msg_flags", FLAGS("0") },
	},
};

static void connected_server(struct role *me)
{
	(void)accept_peer(me);
	meet(me, "read");
}

static void failing_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct whole_message m;

	empty_message(&m, 8, 0);
	m.header.msg_flags = MSG_TRUNC | MSG_EOR;
	saw(me, "recvmsg", recvmsg(fd, &m.header, MSG_DONTWAIT));
	saw_msg_flags(me, "msg_flags", m.header.msg_flags);
	meet(me, "read");
}

const struct sock_case recvmsg_flags_untouched_on_error = {
	.claim = "When recvmsg() fails, msg_flags may hold anything; Linux leaves it as it was.",
	.source = "POSIX.1-2024 recvmsg(), DESCRIPTION (msg_flags is set upon successful "
		  "completion)",
	.standing = MAY,
	.portable = "Look at msg_flags only after recvmsg() has succeeded.",
	.families = INET | INET6 | UNIX,
	.server = connected_server,
	.client = failing_client,
	.expect = {
		{ CLIENT, "recvmsg", FAILS(EAGAIN), .standing = SHALL },
		{ CLIENT, "msg_flags", ANY, .on[OS_LINUX] = FLAGS("EOR|TRUNC"),
		  .why = "Linux writes the message's header back only after success" },
	},
};

static void short_of_room_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct whole_message m;
	char bytes[8];

	empty_message(&m, 2, 0);
	wait_queued(me, fd, 6);
	saw_bytes(me, "recvmsg of 2", m.bytes, recvmsg(fd, &m.header, 0));
	saw_msg_flags(me, "msg_flags", m.header.msg_flags);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "read");
}

const struct sock_case recvmsg_no_trunc_flag_on_stream = {
	.claim = "recvmsg() of less than is queued on a stream truncates nothing: no MSG_TRUNC, "
		 "and the rest stays.",
	.source = "POSIX.1-2024 recvmsg(), DESCRIPTION (no data of a stream is discarded)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = sending_server,
	.client = short_of_room_client,
	.expect = {
		{ CLIENT, "recvmsg of 2", TEXT("2:ab") },
		{ CLIENT, "msg_flags", FLAGS("0") },
		{ CLIENT, "recv", TEXT("4:cdef") },
	},
};

static void name_asking_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct address from = { .len = 0 };
	struct whole_message m;

	empty_message(&m, 8, 0);
	m.header.msg_name = &from.storage;
	m.header.msg_namelen = sizeof from.storage;
	wait_queued(me, fd, 6);
	saw_bytes(me, "recvmsg", m.bytes, recvmsg(fd, &m.header, 0));
	saw(me, "msg_namelen", m.header.msg_namelen);
	meet(me, "read");
}

const struct sock_case recvmsg_name_len_zero_tcp = {
	.claim = "recvmsg() on TCP gives the data, and may leave out the sender's address, as "
		 "Linux does.",
	.source = "POSIX.1-2024 recvmsg(), DESCRIPTION (of a connected socket msg_name is ignored)",
	.standing = MAY,
	.portable = "Ask getpeername() for the address of a connection's peer.",
	.families = INET | INET6,
	.server = sending_server,
	.client = name_asking_client,
	.expect = {
		{ CLIENT, "recvmsg", TEXT("6:abcdef"), .standing = SHALL },
		{ CLIENT, "msg_namelen", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "TCP on Linux tells no source and reports that as length 0" },
	},
};
