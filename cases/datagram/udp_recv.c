/* udp_recv.c -- what recv() and recvmsg() give of a datagram. */
#include "case.h"

static void waiting_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	int unbound = open_socket(me, SOCK_DGRAM);
	char bytes[8];

	saw(me, "bound", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	saw(me, "unbound", recv(unbound, bytes, sizeof bytes, MSG_DONTWAIT));
	set_nonblocking(fd);
	saw(me, "bound, O_NONBLOCK", recv(fd, bytes, sizeof bytes, 0));
	meet(me, "nothing was there");
	wait_for(me, fd, POLLIN);
	saw_bytes(me, "after a send", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "when that is read", recv(fd, bytes, sizeof bytes, 0));
}

static void delaying_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);
	char bytes[8];

	saw(me, "connected", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "nothing was there");
	must(send(fd, "abc", 3, 0));
}

const struct sock_case udp_recv_empty_nonblock = {
	.claim = "A recv() that must not block fails with EAGAIN when no datagram is queued.",
	.source = "POSIX.1-2024 recv(), ERRORS EAGAIN or EWOULDBLOCK",
	.standing = SHALL,
	.notes = "Windows is said to fail with WSAEINVAL on an unbound socket.",
	.families = INET | INET6,
	.server = waiting_server,
	.client = delaying_client,
	.expect = {
		{ SERVER, "bound", FAILS(EAGAIN) },
		{ SERVER, "unbound", FAILS(EAGAIN) },
		{ SERVER, "bound, O_NONBLOCK", FAILS(EAGAIN) },
		{ SERVER, "after a send", TEXT("3:abc") },
		{ SERVER, "when that is read", FAILS(EAGAIN) },
		{ CLIENT, "connected", FAILS(EAGAIN) },
	},
};

static void two_sends_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	must(send(fd, "abcdefgh", 8, 0));
	must(send(fd, "xyz", 3, 0));
	meet(me, "both are sent");
}

static void small_buffer_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[8];

	meet(me, "both are sent");
	saw_bytes(me, "recv into 3 bytes", bytes, recv(fd, bytes, 3, 0));
	saw_bytes(me, "next recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "recv after that", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
}

const struct sock_case udp_recv_truncates_to_buffer = {
	.claim = "recv() into too small a buffer gives its size in bytes; the rest of the datagram "
		 "is lost.",
	.source = "POSIX.1-2024 recv(), DESCRIPTION: excess bytes shall be discarded",
	.standing = SHALL,
	.portable = "Give recv() room for the largest datagram you may get, and a byte more to "
		    "notice.",
	.notes = "Windows is said to fail with WSAEMSGSIZE.",
	.families = INET | INET6,
	.server = small_buffer_server,
	.client = two_sends_client,
	.expect = {
		{ SERVER, "recv into 3 bytes", TEXT("3:abc") },
		{ SERVER, "next recv", TEXT("3:xyz") },
		{ SERVER, "recv after that", FAILS(EAGAIN) },
	},
};

/* recvmsg() of up to n bytes, with what it says of the message. */
static void saw_message(struct role *me, const char *label, const char *flags_label, int fd,
			size_t n)
{
	char bytes[16] = "";
	struct iovec part = { bytes, n };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_flags = MSG_TRUNC };

	must_be(n <= sizeof bytes);
	saw_bytes(me, label, bytes, recvmsg(fd, &message, 0));
	saw_msg_flags(me, flags_label, message.msg_flags);
}

static void flag_reading_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);

	meet(me, "both are sent");
	saw_message(me, "8 bytes into 3", "its flags", fd, 3);
	saw_message(me, "3 bytes into 3", "flags of an exact fit", fd, 3);
}

const struct sock_case udp_recv_msg_trunc_flag_out = {
	.claim = "recvmsg() sets MSG_TRUNC in msg_flags when, and only when, the datagram did not "
		 "fit.",
	.source = "POSIX.1-2024 recvmsg(), DESCRIPTION, MSG_TRUNC",
	.standing = SHALL,
	.families = INET | INET6,
	.server = flag_reading_server,
	.client = two_sends_client,
	.expect = {
		{ SERVER, "8 bytes into 3", TEXT("3:abc") },
		{ SERVER, "its flags", TEXT("TRUNC") },
		{ SERVER, "3 bytes into 3", TEXT("3:xyz") },
		{ SERVER, "flags of an exact fit", TEXT("0") },
	},
};

/* recvfrom() with flags: the bytes under label, and whether they came from `from`. */
static void saw_from(struct role *me, const char *label, const char *from_label, int fd, int flags,
		     const struct address *from)
{
	struct address source = { .len = sizeof source.storage };
	char bytes[16];

	saw_bytes(me, label, bytes,
		  recvfrom(fd, bytes, sizeof bytes, flags, &source.any, &source.len));
	saw(me, from_label, same_address(&source, from));
}

static void peeking_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct address first = peer_address(me);
	struct address second = next_address(me);

	saw_from(me, "peek", "peek is from the first", fd, MSG_PEEK, &first);
	saw_from(me, "peek again", "that too", fd, MSG_PEEK, &first);
	saw_from(me, "recv", "recv is from the first", fd, 0, &first);
	saw_from(me, "next recv", "next is from the second", fd, 0, &second);
}

static void two_socket_client(struct role *me)
{
	struct address to = peer_address(me);
	int first = bind_on(me, SOCK_DGRAM);
	int second = bind_on(me, SOCK_DGRAM);

	must(sendto(first, "first", 5, 0, &to.any, to.len));
	must(sendto(second, "second", 6, 0, &to.any, to.len));
}

const struct sock_case udp_recv_peek_leaves_queue = {
	.claim = "MSG_PEEK shows the first datagram and its source and leaves it where it is.",
	.source = "POSIX.1-2024 recvfrom(), DESCRIPTION, MSG_PEEK",
	.standing = SHALL,
	.families = INET | INET6,
	.server = peeking_server,
	.client = two_socket_client,
	.expect = {
		{ SERVER, "peek", TEXT("5:first") },
		{ SERVER, "peek is from the first", EQ(1) },
		{ SERVER, "peek again", TEXT("5:first") },
		{ SERVER, "that too", EQ(1) },
		{ SERVER, "recv", TEXT("5:first") },
		{ SERVER, "recv is from the first", EQ(1) },
		{ SERVER, "next recv", TEXT("6:second") },
		{ SERVER, "next is from the second", EQ(1) },
	},
};

static void naming_server(struct role *me)
{
	struct address from = { .len = sizeof from.storage };
	int fd = bind_on(me, SOCK_DGRAM);
	struct address first = peer_address(me);
	struct address second = next_address(me);
	char bytes[16];

	must(recvfrom(fd, bytes, sizeof bytes, MSG_PEEK, &from.any, &from.len));
	saw(me, "length is the family's", from.len == first.len);
	saw_from(me, "recvfrom", "it is from the first socket", fd, 0, &first);
	saw_from(me, "second recvfrom", "it is from the second socket", fd, 0, &second);
}

const struct sock_case udp_recv_source_address = {
	.claim = "recvfrom() names the address and port from which the datagram was sent.",
	.source = "POSIX.1-2024 recvfrom(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.server = naming_server,
	.client = two_socket_client,
	.expect = {
		{ SERVER, "length is the family's", EQ(1) },
		{ SERVER, "recvfrom", TEXT("5:first") },
		{ SERVER, "it is from the first socket", EQ(1) },
		{ SERVER, "second recvfrom", TEXT("6:second") },
		{ SERVER, "it is from the second socket", EQ(1) },
	},
};

static void connected_server(struct role *me)
{
	struct address from = { .len = sizeof from.storage };
	int fd = bind_on(me, SOCK_DGRAM);
	struct address client = peer_address(me);
	char bytes[8];

	must(connect(fd, &client.any, client.len));
	meet(me, "connected");
	saw_bytes(me, "recvfrom", bytes,
		  recvfrom(fd, bytes, sizeof bytes, 0, &from.any, &from.len));
	saw(me, "it is from the peer", same_address(&from, &client));
	saw(me, "length is the family's", from.len == client.len);
}

static void bound_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = bind_on(me, SOCK_DGRAM);

	meet(me, "connected");
	must(sendto(fd, "abc", 3, 0, &to.any, to.len));
}

const struct sock_case udp_recv_source_address_connected = {
	.claim = "recvfrom() names the source on a connected UDP socket too.",
	.source = "POSIX.1-2024 recvfrom(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.server = connected_server,
	.client = bound_client,
	.expect = {
		{ SERVER, "recvfrom", TEXT("3:abc") },
		{ SERVER, "it is from the peer", EQ(1) },
		{ SERVER, "length is the family's", EQ(1) },
	},
};
