/* udp_recv_trunc.c -- MSG_TRUNC as a flag that recv() is given: the real length of a datagram. */
#include "case.h"

enum { ROOM = 4 };

static void measuring_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[16] = "";

	wait_queued(me, fd, 10);
	saw(me, "10 bytes into 4", recv(fd, bytes, ROOM, MSG_TRUNC));
	saw_bytes(me, "what was filled", bytes, (long long)strlen(bytes));
	saw(me, "recv after that", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void probing_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[16];

	wait_queued(me, fd, 10);
	saw(me, "peek into nothing", recv(fd, bytes, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void ten_bytes_client(struct role *me)
{
	must(send(connect_type(me, SOCK_DGRAM), "abcdefghij", 10, 0));
}

const struct sock_case udp_recv_msg_trunc_flag_in = {
	.claim = "On Linux recv() with MSG_TRUNC gives a datagram's real length, more than it filled.",
	.source = "recv(2), MSG_TRUNC; POSIX.1-2024 recvmsg(), DESCRIPTION, has it in msg_flags "
		 "alone",
	.standing = SYSTEM,
	.portable = "Use recvmsg() and look for MSG_TRUNC in msg_flags.",
	.notes = "FreeBSD, NetBSD and macOS are said to ignore the flag.",
	.families = INET | INET6,
	.server = measuring_server,
	.client = ten_bytes_client,
	.expect = {
		{ SERVER, "10 bytes into 4", EQ(10), .on[OS_LWIP] = EQ(ROOM),
		  .why = "lwIP's recv() ignores the flag." },
		{ SERVER, "what was filled", TEXT("4:abcd") },
		{ SERVER, "recv after that", FAILS(EAGAIN) },
	},
};

const struct sock_case udp_recv_peek_trunc_size_probe = {
	.claim = "On Linux recv() of no bytes with MSG_PEEK and MSG_TRUNC gives the next length.",
	.source = "recv(2), MSG_TRUNC and MSG_PEEK",
	.standing = SYSTEM,
	.portable = "Give recv() room for the largest datagram you may get.",
	.notes = "On BSD systems FIONREAD is said to be the way.",
	.families = INET | INET6,
	.server = probing_server,
	.client = ten_bytes_client,
	.expect = {
		{ SERVER, "peek into nothing", EQ(10) },
		{ SERVER, "recv", TEXT("10:abcdefghij") },
	},
};
