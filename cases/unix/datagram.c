/* datagram.c -- AF_UNIX datagrams: kept apart, kept in order, never lost, and bounded in number. */
#include "case.h"

static void reading_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[100];

	meet(me, "all are sent");
	saw_bytes(me, "first recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "second recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "third recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "fourth recv", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void three_sends_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	must(send(fd, "1111111111", 10, 0));
	must(send(fd, "22222222222222222222", 20, 0));
	must(send(fd, "333333333333333333333333333333", 30, 0));
	meet(me, "all are sent");
}

const struct sock_case unix_dgram_boundaries = {
	.claim = "AF_UNIX datagrams arrive one by one and in order, as they were sent.",
	.source = "unix(7), DESCRIPTION (reliable and in order); POSIX.1-2024 XSH 2.10.6, "
		  "SOCK_DGRAM for the boundaries",
	.standing = SYSTEM,
	.families = UNIX,
	.server = reading_server,
	.client = three_sends_client,
	.expect = {
		{ SERVER, "first recv", TEXT("10:1111111111") },
		{ SERVER, "second recv", TEXT("20:22222222222222222222") },
		{ SERVER, "third recv", TEXT("30:333333333333333333333333333333") },
		{ SERVER, "fourth recv", FAILS(EAGAIN) },
	},
};

static void small_buffer_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct whole_message m;
	char bytes[8];

	meet(me, "all are sent");
	saw_bytes(me, "recv into 3 bytes", bytes, recv(fd, bytes, 3, 0));
	empty_message(&m, 3, 0);
	saw_bytes(me, "recvmsg into 3 bytes", m.bytes, recvmsg(fd, &m.header, 0));
	saw_msg_flags(me, "its flags", m.header.msg_flags);
	saw_bytes(me, "recvmsg of 3 bytes", m.bytes, recvmsg(fd, &m.header, 0));
	saw_msg_flags(me, "flags of an exact fit", m.header.msg_flags);
	saw(me, "recv after that", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void long_short_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	must(send(fd, "abcdefgh", 8, 0));
	must(send(fd, "ijklmnop", 8, 0));
	must(send(fd, "xyz", 3, 0));
	meet(me, "all are sent");
}

const struct sock_case unix_dgram_truncate = {
	.claim = "What does not fit of an AF_UNIX datagram is lost, and recvmsg() says so by "
		 "MSG_TRUNC.",
	.source = "POSIX.1-2024 recv() and recvmsg(), DESCRIPTION",
	.standing = SHALL,
	.families = UNIX,
	.server = small_buffer_server,
	.client = long_short_client,
	.expect = {
		{ SERVER, "recv into 3 bytes", TEXT("3:abc") },
		{ SERVER, "recvmsg into 3 bytes", TEXT("3:ijk") },
		{ SERVER, "its flags", TEXT("TRUNC") },
		{ SERVER, "recvmsg of 3 bytes", TEXT("3:xyz") },
		{ SERVER, "flags of an exact fit", TEXT("0") },
		{ SERVER, "recv after that", FAILS(EAGAIN) },
	},
};

static void sluggish_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char byte;

	meet(me, "queue is full");
	must(recv(fd, &byte, 1, 0));
	meet(me, "one is read");
	meet(me, "queue is full again");
	long long left = 0;
	while (recv(fd, &byte, 1, MSG_DONTWAIT) == 1)
		left++;
	send_number(me, left);
}

enum { PER_SENDER = 50, LIMIT_MAX = 5000 };

/* A datagram long enough for a queue that is limited by bytes to be filled quickly. */
static ssize_t send_filler(int fd, const struct address *to)
{
	const char filler[1024] = "";

	return sendto(fd, filler, sizeof filler, MSG_DONTWAIT, &to->any, to->len);
}

/* Sends datagrams until that would block; each socket only a few, so that the receiver's queue
 * fills before a sender's buffer. Gives their number, more than `most` when it did not. */
static long long fill_queue(struct role *me, long long most)
{
	struct address to = peer_address(me);
	int fd = -1;

	for (long long n = 0; n <= most; n++) {
		if (n % PER_SENDER == 0)
			fd = open_socket(me, SOCK_DGRAM);
		if (send_filler(fd, &to) == -1)
			return n;
	}
	return most + 1;
}

static void filling_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_DGRAM);
	long long limit = get_sysctl(me, "net/unix/max_dgram_qlen");

	if (limit > LIMIT_MAX)
		unsupported(me, "net.unix.max_dgram_qlen is too high to be reached quickly");
	long long taken = fill_queue(me, limit + 1);
	saw(me, "taken is the limit and one", taken == limit + 1);
	saw(me, "one more", send_filler(fd, &to));
	meet(me, "queue is full");
	meet(me, "one is read");
	saw(me, "after one was read", send_filler(fd, &to));
	saw(me, "one more again", send_filler(fd, &to));
	meet(me, "queue is full again");
	saw(me, "lost", taken - recv_number(me));
}

const struct sock_case unix_dgram_queue_limit = {
	.claim = "A full AF_UNIX datagram socket may refuse further ones with EAGAIN or ENOBUFS "
		 "until one is read, and loses none; on Linux their number is limited.",
	.source = "POSIX.1-2024 send(), ERRORS EAGAIN and ENOBUFS; unix(7), "
		  "/proc/sys/net/unix/max_dgram_qlen",
	.standing = MAY,
	.portable = "Take ENOBUFS like EAGAIN, and do not count on more than a few queued "
		    "datagrams.",
	.notes = "FreeBSD and macOS are said to limit bytes, not datagrams, and to fail with "
		 "ENOBUFS.",
	.families = UNIX,
	.server = sluggish_server,
	.client = filling_client,
	.expect = {
		{ CLIENT, "taken is the limit and one", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux lets max_dgram_qlen datagrams wait behind the first."},
		{ CLIENT, "one more", ONE_OF(FAILS(EAGAIN), FAILS(ENOBUFS)),
		  .on[OS_LINUX] = FAILS(EAGAIN), .why = "As POSIX says of a call that would "
							"block."},
		{ CLIENT, "after one was read", AT_LEAST(1), .standing = SHALL },
		{ CLIENT, "one more again", ONE_OF(FAILS(EAGAIN), FAILS(ENOBUFS)),
		  .on[OS_LINUX] = FAILS(EAGAIN), .why = "As POSIX says of a call that would "
							"block."},
		{ CLIENT, "lost", EQ(0) },
	},
};

static void late_reading_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[8];
	long long n = 0;

	meet(me, "about to send");
	saw(me, "send stays blocked", peer_silent_for(me, PROOF_MS));
	must(recv(fd, bytes, sizeof bytes, 0));
	meet(me, "sent");
	long long queued = recv_number(me);
	while (n < queued - 1 && recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
		n++;
	saw_bytes(me, "last datagram", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	saw(me, "recv after that", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void blocked_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);
	long long queued = fill_queue(me, LIMIT_MAX);

	if (queued > LIMIT_MAX)
		unsupported(me, "the receiver's queue is too long to be filled quickly");
	meet(me, "about to send");
	saw(me, "send", send(fd, "last", 4, 0));
	meet(me, "sent");
	send_number(me, queued);
}

const struct sock_case unix_dgram_blocking_send_waits = {
	.claim = "A blocking send() to an AF_UNIX datagram socket that is full waits until one is "
		 "read.",
	.source = "POSIX.1-2024 send(), DESCRIPTION (it shall block until space is available)",
	.standing = SHALL,
	.portable = "Take ENOBUFS as a sign to wait and try again.",
	.notes = "FreeBSD and macOS are said to fail with ENOBUFS at once.",
	.families = UNIX,
	.waits_ms = PROOF_MS,
	.server = late_reading_server,
	.client = blocked_client,
	.expect = {
		{ SERVER, "send stays blocked", EQ(1) },
		{ SERVER, "last datagram", TEXT("4:last") },
		{ SERVER, "recv after that", FAILS(EAGAIN) },
		{ CLIENT, "send", EQ(4) },
	},
};
