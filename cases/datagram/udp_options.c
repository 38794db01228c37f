/* udp_options.c -- shutdown() and the options of a UDP socket that nobody has touched. */
#include "case.h"

static void saw_shutdown(struct role *me, const char *fresh_label, const char *bound_label, int how)
{
	struct address here = loopback(me);
	int fd = open_socket(me, SOCK_DGRAM);

	saw(me, fresh_label, shutdown(fd, how));
	fd = open_socket(me, SOCK_DGRAM);
	must(bind(fd, &here.any, here.len));
	saw(me, bound_label, shutdown(fd, how));
}

static void shutting_client(struct role *me)
{
	saw_shutdown(me, "SHUT_RD, fresh", "SHUT_RD, bound", SHUT_RD);
	saw_shutdown(me, "SHUT_WR, fresh", "SHUT_WR, bound", SHUT_WR);
	saw_shutdown(me, "SHUT_RDWR, fresh", "SHUT_RDWR, bound", SHUT_RDWR);
	int fd = connect_type(me, SOCK_DGRAM);
	saw(me, "SHUT_WR, connected", shutdown(fd, SHUT_WR));
	meet(me, "done");
}

static void bystanding_server(struct role *me)
{
	(void)bind_on(me, SOCK_DGRAM);
	meet(me, "done");
}

const struct sock_case udp_shutdown_unconnected_enotconn = {
	.claim = "shutdown() of a UDP socket without a peer fails with ENOTCONN, whichever way.",
	.source = "POSIX.1-2024 shutdown(), ERRORS ENOTCONN",
	.standing = SHALL,
	.portable = "Do not shut down an unconnected UDP socket: some systems do it and report an "
		    "error.",
	.notes = "Older FreeBSD, NetBSD, OpenBSD and Windows are said to succeed.",
	.families = INET | INET6,
	.server = bystanding_server,
	.client = shutting_client,
	.expect = {
		{ CLIENT, "SHUT_RD, fresh", FAILS(ENOTCONN) },
		{ CLIENT, "SHUT_RD, bound", FAILS(ENOTCONN) },
		{ CLIENT, "SHUT_WR, fresh", FAILS(ENOTCONN) },
		{ CLIENT, "SHUT_WR, bound", FAILS(ENOTCONN) },
		{ CLIENT, "SHUT_RDWR, fresh", FAILS(ENOTCONN) },
		{ CLIENT, "SHUT_RDWR, bound", FAILS(ENOTCONN) },
		{ CLIENT, "SHUT_WR, connected", EQ(0) },
	},
};

static long long send_to(int fd, in_addr_t host, int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(host) };

	return sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to);
}

static void broadcasting_client(struct role *me)
{
	const in_addr_t loopback_broadcast = INADDR_LOOPBACK | 0xffffff;
	int fd = open_socket(me, SOCK_DGRAM), receiver = open_socket(me, SOCK_DGRAM);
	struct address here = wildcard(me);
	char bytes[8];

	must(bind(receiver, &here.any, here.len));
	here = name_of(receiver);
	const int port = port_of(&here);
	saw(me, "SO_BROADCAST", get_option(fd, SOL_SOCKET, SO_BROADCAST));
	saw(me, "sendto 255.255.255.255", send_to(fd, INADDR_BROADCAST, port));
	saw(me, "sendto 127.255.255.255", send_to(fd, loopback_broadcast, port));
	must(send_to(fd, INADDR_LOOPBACK, port));
	saw_bytes(me, "recv", bytes, recv(receiver, bytes, sizeof bytes, 0));
	saw(me, "recv again", recv(receiver, bytes, sizeof bytes, MSG_DONTWAIT));
	set_option(fd, SOL_SOCKET, SO_BROADCAST, 1);
	saw(me, "the same with SO_BROADCAST", send_to(fd, loopback_broadcast, port));
	must(send_to(fd, INADDR_LOOPBACK, port));
	saw(me, "recv with SO_BROADCAST", recv(receiver, bytes, sizeof bytes, 0));
	saw(me, "recv with it again", recv(receiver, bytes, sizeof bytes, MSG_DONTWAIT));
}

const struct sock_case udp_broadcast_default_off = {
	.claim = "Without SO_BROADCAST, which is off at first, sending to a broadcast address "
		 "fails, and Linux delivers nothing of it.",
	.source = "POSIX.1-2024 XSH 2.10.16 Use of Options, SO_BROADCAST",
	.standing = SHALL,
	.portable = "Set SO_BROADCAST before you send to a broadcast address, and take any "
		 "failure for no permission.",
	.notes = "ENETUNREACH comes where no interface but loopback is up. FreeBSD and Windows are "
		 "said to fail with EACCES.",
	.families = INET,
	.client = broadcasting_client,
	.expect = {
		{ CLIENT, "SO_BROADCAST", EQ(0) },
		{ CLIENT, "sendto 255.255.255.255", FAILS_ANY,
		  .on[OS_LINUX] = ONE_OF(FAILS(EACCES), FAILS(ENETUNREACH)),
		  .why = "POSIX names no error, and there need not be a route; Linux has EACCES." },
		{ CLIENT, "recv", TEXT("1:x") },
		{ CLIENT, "recv again", ANY, .on[OS_LINUX] = FAILS(EAGAIN),
		  .why = "Where 127.255.255.255 is no broadcast address, it may have come from there.",
		  .standing = MAY },
		{ CLIENT, "sendto 127.255.255.255", ANY, .on[OS_LINUX] = FAILS(EACCES),
		  .why = "For Linux this is the loopback interface's broadcast address.",
		  .standing = MAY },
		{ CLIENT, "the same with SO_BROADCAST", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "For Linux this is the loopback interface's broadcast address.",
		  .standing = MAY },
		{ CLIENT, "recv with SO_BROADCAST", EQ(1) },
		{ CLIENT, "recv with it again", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "For Linux this is the loopback interface's broadcast address.",
		  .standing = MAY },
	},
};

static void untouched_client(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM), other = open_socket(me, SOCK_DGRAM);
	struct address here = name_of(fd);

	saw(me, "SO_REUSEADDR", get_option(fd, SOL_SOCKET, SO_REUSEADDR));
	saw(me, "SO_REUSEPORT", get_option(fd, SOL_SOCKET, SO_REUSEPORT));
	saw(me, "bind of another to its port", bind(other, &here.any, here.len));
}

const struct sock_case udp_reuse_default_off = {
	.claim = "A new UDP socket shares its port with nobody: SO_REUSEADDR and SO_REUSEPORT are "
		 "off.",
	.source = "POSIX.1-2024 XSH 2.10.16 Use of Options, SO_REUSEADDR, and bind(), ERRORS "
		 "EADDRINUSE; socket(7), SO_REUSEPORT",
	.standing = SHALL,
	.families = INET | INET6,
	.client = untouched_client,
	.expect = {
		{ CLIENT, "SO_REUSEADDR", EQ(0) },
		{ CLIENT, "SO_REUSEPORT", EQ(0), .standing = SYSTEM },
		{ CLIENT, "bind of another to its port", FAILS(EADDRINUSE) },
	},
};
