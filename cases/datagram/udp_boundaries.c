/* udp_boundaries.c -- one datagram sent is one datagram received, an empty one too. */
#include "case.h"

static void empty_server(struct role *me)
{
	struct address from = { .len = sizeof from.storage };
	struct address again = { .len = sizeof again.storage };
	int fd = bind_on(me, SOCK_DGRAM);
	struct address client = peer_address(me);
	char bytes[8];

	saw_bytes(me, "first recv", bytes,
		  recvfrom(fd, bytes, sizeof bytes, 0, &from.any, &from.len));
	saw(me, "first is from the client", same_address(&from, &client));
	saw_bytes(me, "second recv", bytes,
		  recvfrom(fd, bytes, sizeof bytes, 0, &again.any, &again.len));
	saw(me, "second is from the client", same_address(&again, &client));
	saw_bytes(me, "third recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

static void empty_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = bind_on(me, SOCK_DGRAM);

	saw(me, "sendto of nothing", sendto(fd, "", 0, 0, &to.any, to.len));
	must(connect(fd, &to.any, to.len));
	saw(me, "send of nothing", send(fd, NULL, 0, 0));
	must(send(fd, "x", 1, 0));
}

const struct sock_case udp_send_zero_length = {
	.claim = "Sending nothing on UDP delivers an empty datagram with its source address; a "
		 "recv() of 0 on UDP is such a datagram and no end.",
	.source = "RFC 768, section Fields, Length: the minimum is 8, the header alone; "
		 "POSIX.1-2024 recv(), RETURN VALUE",
	.standing = SHALL,
	.families = INET | INET6,
	.server = empty_server,
	.client = empty_client,
	.expect = {
		{ SERVER, "first recv", TEXT("0:") },
		{ SERVER, "first is from the client", EQ(1) },
		{ SERVER, "second recv", TEXT("0:") },
		{ SERVER, "second is from the client", EQ(1) },
		{ SERVER, "third recv", TEXT("1:x") },
		{ CLIENT, "sendto of nothing", EQ(0) },
		{ CLIENT, "send of nothing", EQ(0) },
	},
};

static void counting_server(struct role *me)
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

const struct sock_case udp_send_boundaries_preserved = {
	.claim = "Each recv() gives exactly one datagram: what was sent apart is neither joined "
		 "nor split.",
	.source = "POSIX.1-2024 XSH 2.10.6 Socket Types, SOCK_DGRAM; recv(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.server = counting_server,
	.client = three_sends_client,
	.expect = {
		{ SERVER, "first recv", TEXT("10:1111111111") },
		{ SERVER, "second recv", TEXT("20:22222222222222222222") },
		{ SERVER, "third recv", TEXT("30:333333333333333333333333333333") },
		{ SERVER, "fourth recv", FAILS(EAGAIN) },
	},
};
