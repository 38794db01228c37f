/* link.c -- datagrams and the loopback interface: down, up again, and with a small MTU. */
#include <sched.h>

#include "case.h"

static void stranded_client(struct role *me)
{
	struct address to = loopback(me);
	char bytes[8];

	must(unshare(CLONE_NEWNET)); /* a network whose loopback interface was never up */
	int sender = open_socket(me, SOCK_DGRAM), receiver = open_socket(me, SOCK_DGRAM);
	set_port(&to, 9);
	saw(me, "sendto", sendto(sender, "lost", 4, 0, &to.any, to.len));
	set_link(me, "lo", true);
	set_port(&to, 0);
	must(bind(receiver, &to.any, to.len));
	to = name_of(receiver);
	saw(me, "sendto with lo up", sendto(sender, "abc", 3, 0, &to.any, to.len));
	saw_bytes(me, "recv", bytes, recv(receiver, bytes, sizeof bytes, 0));
}

const struct sock_case loss_lo_down = {
	.claim = "Before the loopback interface is set up, sending to the loopback address fails.",
	.source = "no standard says it: of POSIX.1-2024 sendto(), ERRORS, ENETUNREACH and "
		 "ENETDOWN may come; measured on Linux",
	.standing = SYSTEM,
	.portable = "Set lo up first in a new network namespace or container.",
	.families = INET | INET6,
	.needs = NEEDS_OWN_NET | NEEDS_PROCESS,
	.client = stranded_client,
	.expect = {
		/* 127.0.0.1 has no route yet, ::1 no source address. */
		{ CLIENT, "sendto",
		  BY_FAMILY(FAILS(ENETUNREACH), FAILS(EADDRNOTAVAIL), NOT_HERE) },
		{ CLIENT, "sendto with lo up", EQ(3) },
		{ CLIENT, "recv", TEXT("3:abc") },
	},
};

static void surviving_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[8];

	saw_bytes(me, "recv before", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "received");
	saw_bytes(me, "next recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

static void flapping_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_DGRAM);

	must(sendto(fd, "one", 3, 0, &to.any, to.len));
	meet(me, "received");
	set_link(me, "lo", false);
	saw(me, "sendto with lo down", sendto(fd, "two", 3, 0, &to.any, to.len));
	set_link(me, "lo", true);
	saw(me, "sendto with lo up again", sendto(fd, "three", 5, 0, &to.any, to.len));
}

const struct sock_case loss_lo_flap_socket_survives = {
	.claim = "A bound socket outlives its interface going down; what is sent meanwhile does "
		 "not arrive.",
	.source = "no standard says it; measured on Linux",
	.standing = SYSTEM,
	.portable = "Do not take a successful sendto() for a working link.",
	.families = INET | INET6,
	.needs = NEEDS_OWN_NET,
	.server = surviving_server,
	.client = flapping_client,
	.expect = {
		{ SERVER, "recv before", TEXT("3:one") },
		{ SERVER, "next recv", TEXT("5:three") },
		/* To 127.0.0.1 it succeeds and is lost; ::1 is taken away with the link. */
		{ CLIENT, "sendto with lo down", BY_FAMILY(EQ(3), FAILS(EADDRNOTAVAIL), NOT_HERE) },
		{ CLIENT, "sendto with lo up again", EQ(5) },
	},
};

enum { SMALL_MTU = 1280, SIZE = 20000 };

static void fill(unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bytes[i] = (unsigned char)(i % 251 + i / 251);
}

static void reassembling_server(struct role *me)
{
	unsigned char got[SIZE + 1] = { 0 }, want[SIZE];
	int fd = bind_on(me, SOCK_DGRAM);

	fill(want, sizeof want);
	saw(me, "recv", recv(fd, got, sizeof got, 0));
	saw(me, "bytes are those sent", !memcmp(got, want, SIZE));
	saw_bytes(me, "next recv", got, recv(fd, got, sizeof got, 0));
}

/* Sets whether datagrams may be fragmented on the way. */
static void set_fragmenting(struct role *me, int fd, bool allowed)
{
	if (family_of(me) == INET6)
		set_option(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER,
			   allowed ? IPV6_PMTUDISC_WANT : IPV6_PMTUDISC_DO);
	else
		set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER,
			   allowed ? IP_PMTUDISC_WANT : IP_PMTUDISC_DO);
}

static int path_mtu(struct role *me, int fd)
{
	if (family_of(me) == INET6)
		return try_get_option(me, fd, IPPROTO_IPV6, IPV6_MTU, "IPV6_MTU");
	return try_get_option(me, fd, IPPROTO_IP, IP_MTU, "IP_MTU");
}

static void fragmenting_client(struct role *me)
{
	unsigned char bytes[SIZE];

	set_mtu(me, "lo", SMALL_MTU);
	int fd = connect_type(me, SOCK_DGRAM);
	fill(bytes, sizeof bytes);
	saw(me, "path MTU", path_mtu(me, fd));
	set_fragmenting(me, fd, false);
	saw(me, "send in one piece", send(fd, bytes, SIZE, 0));
	set_fragmenting(me, fd, true);
	saw(me, "send in fragments", send(fd, bytes, SIZE, 0));
	must(send(fd, "end", 3, 0));
}

const struct sock_case loss_fragmentation_reassembles = {
	.claim = "A datagram larger than the MTU travels in fragments and is received whole, as "
		 "one.",
	.source = "RFC 791, section 3.2, and RFC 8200, section 4.5; ip(7), IP_MTU and "
		 "IP_MTU_DISCOVER",
	.standing = SHALL,
	.portable = "Stay below 1200 bytes: on a real network one lost fragment loses the "
		    "datagram.",
	.families = INET | INET6,
	.needs = NEEDS_OWN_NET,
	.server = reassembling_server,
	.client = fragmenting_client,
	.expect = {
		{ SERVER, "recv", EQ(SIZE) },
		{ SERVER, "bytes are those sent", EQ(1) },
		{ SERVER, "next recv", TEXT("3:end") },
		{ CLIENT, "path MTU", EQ(SMALL_MTU), .standing = SYSTEM },
		{ CLIENT, "send in one piece", FAILS(EMSGSIZE), .standing = SYSTEM },
		{ CLIENT, "send in fragments", EQ(SIZE) },
	},
};
