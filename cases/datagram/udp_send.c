/* udp_send.c -- what one send() on UDP takes, and that it arrives as one datagram. */
#include "case.h"

static void one_datagram_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[8];

	saw_bytes(me, "first datagram", bytes, recv(fd, bytes, sizeof bytes, 0));
}

static void aimless_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_DGRAM);

	saw(me, "send", send(fd, "send", 4, 0));
	saw(me, "write", write(fd, "write", 5));
	saw(me, "sendto without an address", sendto(fd, "sendto", 6, 0, NULL, 0));
	saw(me, "sendto with one", sendto(fd, "abc", 3, 0, &to.any, to.len));
}

const struct sock_case udp_send_unconnected_no_addr = {
	.claim = "Sending without an address on an unconnected UDP socket fails with EDESTADDRREQ.",
	.source = "POSIX.1-2024 send() and sendto(), ERRORS EDESTADDRREQ; write(), DESCRIPTION, "
		 "for sockets",
	.standing = SHALL,
	.notes = "Windows is said to fail with WSAENOTCONN.",
	.families = INET | INET6,
	.server = one_datagram_server,
	.client = aimless_client,
	.expect = {
		{ SERVER, "first datagram", TEXT("3:abc") },
		{ CLIENT, "send", FAILS(EDESTADDRREQ) },
		{ CLIENT, "write", FAILS(EDESTADDRREQ) },
		{ CLIENT, "sendto without an address", FAILS(EDESTADDRREQ) },
		{ CLIENT, "sendto with one", EQ(3) },
	},
};

enum { ROOM = 65536 };

/* Bytes of which no two neighbouring runs of 251 are mixed up unnoticed. */
static void fill(unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bytes[i] = (unsigned char)(i % 251 + i / 251);
}

/* The length of the next datagram if its bytes are those of fill(), else 0. */
static long long recv_filled(int fd)
{
	unsigned char got[ROOM], want[ROOM];
	ssize_t n = must(recv(fd, got, sizeof got, 0));

	fill(want, sizeof want);
	return memcmp(got, want, (size_t)n) ? 0 : n;
}

static void sized_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);

	saw(me, "recv of 1", recv_filled(fd));
	saw(me, "recv of 1000", recv_filled(fd));
	saw(me, "recv of 9000", recv_filled(fd));
	saw(me, "recv of 60000", recv_filled(fd));
}

static void sized_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);
	unsigned char bytes[ROOM];

	fill(bytes, sizeof bytes);
	saw(me, "send of 1", send(fd, bytes, 1, 0));
	saw(me, "send of 1000", send(fd, bytes, 1000, 0));
	saw(me, "send of 9000", send(fd, bytes, 9000, 0));
	saw(me, "send of 60000", send(fd, bytes, 60000, 0));
	must(send(fd, bytes, 1, 0)); /* for the server to receive if that one was refused */
}

const struct sock_case udp_send_returns_full_length = {
	.claim = "A send() on UDP that succeeds took the whole datagram, never a part of it.",
	.source = "POSIX.1-2024 send(), DESCRIPTION: what is too long to pass atomically shall "
		 "not be sent",
	.standing = SHALL,
	.portable = "Keep datagrams below 9,216 bytes, and take EMSGSIZE for a lower limit.",
	.notes = "macOS is said to refuse datagrams of more than 9216 bytes unless told otherwise.",
	.families = INET | INET6,
	.server = sized_server,
	.client = sized_client,
	.expect = {
		{ SERVER, "recv of 1", EQ(1) },
		{ SERVER, "recv of 1000", EQ(1000) },
		{ SERVER, "recv of 9000", EQ(9000) },
		{ SERVER, "recv of 60000", ONE_OF(EQ(60000), EQ(1)), .on[OS_LINUX] = EQ(60000),
		  .why = "It is sent, see below.", .standing = MAY },
		{ CLIENT, "send of 1", EQ(1) },
		{ CLIENT, "send of 1000", EQ(1000) },
		{ CLIENT, "send of 9000", EQ(9000) },
		{ CLIENT, "send of 60000", ONE_OF(EQ(60000), FAILS(EMSGSIZE)),
		  .on[OS_LINUX] = EQ(60000),
		  .why = "A system may set a limit of its own; Linux has none below 65507.", .standing = MAY },
	},
};

/* A single byte ends it, so that nothing that was sent before can be missed. */
static void largest_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	long long largest = 0, count = 0;

	for (long long n; (n = recv_filled(fd)) > 1; count++)
		largest = n;
	saw(me, "datagrams before the last", count);
	saw(me, "largest", largest);
}

static void largest_client(struct role *me)
{
	const size_t *most = row_of(me);
	int fd = connect_type(me, SOCK_DGRAM);
	unsigned char bytes[ROOM];

	fill(bytes, sizeof bytes);
	saw(me, "send of the most", send(fd, bytes, *most, 0));
	saw(me, "send of one more", send(fd, bytes, *most + 1, 0));
	must(send(fd, bytes, 1, 0));
}

static const size_t most_v4 = 65535 - 20 - 8;

const struct sock_case udp_send_max_payload_v4 = {
	.claim = "Over IPv4 a datagram may carry up to 65,507 bytes; one of more fails with "
		 "EMSGSIZE.",
	.source = "RFC 791, section 3.1, and RFC 768, section Fields: 65,535 less 20 and 8 bytes "
		 "of headers; POSIX.1-2024 send(), ERRORS EMSGSIZE",
	.standing = SHALL,
	.portable = "Keep datagrams small; a system may set a lower limit.",
	.notes = "FreeBSD and macOS are said to stop at 9216 bytes unless told otherwise.",
	.families = INET,
	.row = &most_v4,
	.server = largest_server,
	.client = largest_client,
	.expect = {
		{ SERVER, "datagrams before the last", BETWEEN(0, 1),
		  .on[OS_LINUX] = EQ(1), .why = "The first is sent, see below.", .standing = MAY },
		{ SERVER, "largest", ONE_OF(EQ(65507), EQ(0)),
		  .on[OS_LINUX] = EQ(65507), .why = "The first is sent, see below.", .standing = MAY },
		{ CLIENT, "send of the most", ONE_OF(EQ(65507), FAILS(EMSGSIZE)),
		  .on[OS_LINUX] = EQ(65507),
		  .why = "The RFCs give an upper limit; Linux allows all of it.", .standing = MAY },
		{ CLIENT, "send of one more", FAILS(EMSGSIZE) },
	},
};

static const size_t most_v6 = 65535 - 8;

const struct sock_case udp_send_max_payload_v6 = {
	.claim = "Over IPv6 a datagram may carry up to 65,527 bytes; one of more fails with "
		 "EMSGSIZE.",
	.source = "RFC 8200, section 3, and RFC 768, section Fields: 65,535 less 8 bytes of "
		 "header; POSIX.1-2024 send(), ERRORS EMSGSIZE",
	.standing = SHALL,
	.portable = "Keep datagrams small; a system may set a lower limit.",
	.notes = "FreeBSD and macOS are said to stop at 9216 bytes unless told otherwise.",
	.families = INET6,
	.row = &most_v6,
	.server = largest_server,
	.client = largest_client,
	.expect = {
		{ SERVER, "datagrams before the last", BETWEEN(0, 1),
		  .on[OS_LINUX] = EQ(1), .why = "The first is sent, see below.", .standing = MAY },
		{ SERVER, "largest", ONE_OF(EQ(65527), EQ(0)),
		  .on[OS_LINUX] = EQ(65527), .why = "The first is sent, see below.", .standing = MAY },
		{ CLIENT, "send of the most", ONE_OF(EQ(65527), FAILS(EMSGSIZE)),
		  .on[OS_LINUX] = EQ(65527),
		  .why = "The RFCs give an upper limit; Linux allows all of it.", .standing = MAY },
		{ CLIENT, "send of one more", FAILS(EMSGSIZE) },
	},
};
