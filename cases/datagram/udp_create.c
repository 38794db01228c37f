/* udp_create.c -- which protocol numbers make a UDP socket. */
#include "case.h"

/* What a call that gives a descriptor did, without the number, which says nothing. */
static int outcome(int fd)
{
	return fd < 0 ? -1 : 0;
}

static void default_protocol_server(struct role *me)
{
	struct address here = loopback(me);
	char bytes[8];
	int fd = socket(domain_of(me), SOCK_DGRAM, 0);

	saw(me, "socket with protocol 0", outcome(fd));
	saw(me, "SO_PROTOCOL", get_option(fd, SOL_SOCKET, SO_PROTOCOL));
	must(bind(fd, &here.any, here.len));
	here = name_of(fd);
	send_address(me, &here);
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

static void named_protocol_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = socket(domain_of(me), SOCK_DGRAM, IPPROTO_UDP);

	saw(me, "socket with IPPROTO_UDP", outcome(fd));
	saw(me, "SO_PROTOCOL", get_option(fd, SOL_SOCKET, SO_PROTOCOL));
	saw(me, "sendto", sendto(fd, "abc", 3, 0, &to.any, to.len));
}

const struct sock_case udp_create_proto_zero_or_udp = {
	.claim = "SOCK_DGRAM with protocol 0 and with IPPROTO_UDP make the same kind of socket: "
		 "UDP.",
	.source = "POSIX.1-2024 socket(), DESCRIPTION; XSH 2.10.16 Use of Options, SO_PROTOCOL",
	.standing = SHALL,
	.portable = "Do not read SO_PROTOCOL where it may be missing: it is new in POSIX.1-2024.",
	.notes = "macOS and Windows are said to lack SO_PROTOCOL.",
	.families = INET | INET6,
	.server = default_protocol_server,
	.client = named_protocol_client,
	.expect = {
		{ SERVER, "socket with protocol 0", EQ(0) },
		{ SERVER, "SO_PROTOCOL", EQ(IPPROTO_UDP) },
		{ SERVER, "recv", TEXT("3:abc") },
		{ CLIENT, "socket with IPPROTO_UDP", EQ(0) },
		{ CLIENT, "SO_PROTOCOL", EQ(IPPROTO_UDP) },
		{ CLIENT, "sendto", EQ(3) },
	},
};

static void mismatching_client(struct role *me)
{
	int fd = socket(domain_of(me), SOCK_STREAM, IPPROTO_UDP);

	saw(me, "SOCK_STREAM with IPPROTO_UDP", outcome(fd));
	fd = socket(domain_of(me), SOCK_STREAM, IPPROTO_TCP);
	saw(me, "SOCK_STREAM with IPPROTO_TCP", outcome(fd));
	fd = socket(domain_of(me), SOCK_DGRAM, IPPROTO_UDP);
	saw(me, "SOCK_DGRAM with IPPROTO_UDP", outcome(fd));
}

const struct sock_case udp_create_stream_with_udp_proto = {
	.claim = "socket() refuses a SOCK_STREAM socket with the protocol IPPROTO_UDP.",
	.source = "POSIX.1-2024 socket(), ERRORS EPROTONOSUPPORT and EPROTOTYPE",
	.standing = SHALL,
	.portable = "Treat EPROTONOSUPPORT and EPROTOTYPE alike.",
	.notes = "FreeBSD and macOS are said to fail with EPROTOTYPE.",
	.families = INET | INET6,
	.client = mismatching_client,
	.expect = {
		{ CLIENT, "SOCK_STREAM with IPPROTO_UDP",
		  ONE_OF(FAILS(EPROTONOSUPPORT), FAILS(EPROTOTYPE)),
		  .on[OS_LINUX] = FAILS(EPROTONOSUPPORT),
		  .why = "POSIX lets a system see a wrong protocol or a wrong type; Linux sees the "
			 "protocol."},
		{ CLIENT, "SOCK_STREAM with IPPROTO_TCP", EQ(0) },
		{ CLIENT, "SOCK_DGRAM with IPPROTO_UDP", EQ(0) },
	},
};
