/* bind_nonlocal.c -- bind() to an address that this host does not have. */
#include "case.h"

static void foreign_client(struct role *me)
{
	const int *type = row_of(me);
	int fd = open_socket(me, *type);
	struct address foreign = unassigned_address(me), own = loopback(me);

	saw(me, "bind", bind(fd, &foreign.any, foreign.len));
	struct address name = name_of(fd);
	saw(me, "port is chosen", port_of(&name) != 0);
	saw(me, "bind to an own address", bind(fd, &own.any, own.len));
}

static const int stream = SOCK_STREAM, datagram = SOCK_DGRAM;

const struct sock_case bind_nonlocal_eaddrnotavail = {
	.claim = "bind() to an address that is not this host's fails with EADDRNOTAVAIL.",
	.source = "POSIX.1-2024 bind(), ERRORS EADDRNOTAVAIL",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &stream,
	.client = foreign_client,
	.expect = {
		{ CLIENT, "bind", FAILS(EADDRNOTAVAIL) },
		{ CLIENT, "port is chosen", EQ(0) },
		{ CLIENT, "bind to an own address", EQ(0) },
	},
};

const struct sock_case udp_bind_nonlocal_addr = {
	.claim = "bind() of a UDP socket to an address that is not this host's fails with "
		 "EADDRNOTAVAIL.",
	.source = "POSIX.1-2024 bind(), ERRORS EADDRNOTAVAIL",
	.standing = SHALL,
	.families = INET | INET6,
	.row = &datagram,
	.client = foreign_client,
	.expect = {
		{ CLIENT, "bind", FAILS(EADDRNOTAVAIL) },
		{ CLIENT, "port is chosen", EQ(0) },
		{ CLIENT, "bind to an own address", EQ(0) },
	},
};
