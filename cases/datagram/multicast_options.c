/* multicast_options.c -- the options of multicast: which groups, which way, how far. */
#include "case.h"

static long long join_v4(int fd, const char *host)
{
	struct ip_mreq membership = { .imr_interface.s_addr = htonl(INADDR_LOOPBACK) };

	must_be(inet_pton(AF_INET, host, &membership.imr_multiaddr) == 1);
	return setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof membership);
}

static long long join_v6(int fd, const char *host)
{
	struct ipv6_mreq membership = { .ipv6mr_interface = if_nametoindex("lo") };

	must_be(inet_pton(AF_INET6, host, &membership.ipv6mr_multiaddr) == 1);
	return setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &membership, sizeof membership);
}

static void joining_client(struct role *me)
{
	bool v6 = family_of(me) == INET6;
	int fd = open_socket(me, SOCK_DGRAM);

	saw(me, "join the loopback address", v6 ? join_v6(fd, "::1") : join_v4(fd, "127.0.0.1"));
	saw(me, "join a group", v6 ? join_v6(fd, "ff01::77") : join_v4(fd, "239.255.77.7"));
}

const struct sock_case mcast_join_unicast_einval = {
	.claim = "Joining an address that is no group fails, on Linux with EINVAL.",
	.source = "ip(7), IP_ADD_MEMBERSHIP; no standard names an error: RFC 1112, section 7.1, "
		 "and RFC 3493, section 5.2, are of groups alone",
	.standing = MAY,
	.portable = "Take any failure for an address that is no group.",
	.notes = "FreeBSD is said to fail with EINVAL too; Windows with WSAEADDRNOTAVAIL.",
	.families = INET | INET6,
	.client = joining_client,
	.expect = {
		{ CLIENT, "join the loopback address", FAILS_ANY, .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "ip(7), IP_ADD_MEMBERSHIP: it must be a multicast address, else EINVAL." },
		{ CLIENT, "join a group", EQ(0) },
	},
};

static void loop_client(struct role *me)
{
	bool v6 = family_of(me) == INET6;
	int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	int name = v6 ? IPV6_MULTICAST_LOOP : IP_MULTICAST_LOOP;
	int fd = open_socket(me, SOCK_DGRAM);

	saw(me, "at first", ask_option(fd, level, name));
	set_option(fd, level, name, 0);
	saw(me, "when off", ask_option(fd, level, name));
	set_option(fd, level, name, 1);
	saw(me, "when on again", ask_option(fd, level, name));
}

const struct sock_case mcast_loop_default_on = {
	.claim = "IP_MULTICAST_LOOP and IPV6_MULTICAST_LOOP are 1 at first, and can be switched "
		 "off and on again.",
	.source = "RFC 3493, section 5.2, IPV6_MULTICAST_LOOP; RFC 1112, section 6.1, for IPv4",
	.standing = SHALL,
	.portable = "Set it on the sender, and on Windows on the receiver too.",
	.notes = "Over loopback the option has no effect to show: the interface itself brings "
		 "each datagram back.",
	.families = INET | INET6,
	.client = loop_client,
	.expect = {
		{ CLIENT, "at first", EQ(1) },
		{ CLIENT, "when off", EQ(0) },
		{ CLIENT, "when on again", EQ(1) },
	},
};

static long long set_multicast_ttl(int fd, int ttl)
{
	return setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl);
}

/* The TTL with which a datagram of this socket to a group comes over the loopback interface; -1
 * where that is not told. */
static int ttl_of_datagram(struct role *me, int fd)
{
	static const char group[] = "239.255.77.7";
	struct address to = wildcard(me);
	int receiver = open_socket(me, SOCK_DGRAM), on = 1, ttl = 0;
	_Alignas(struct cmsghdr) char control[64];
	struct msghdr message = { .msg_control = control, .msg_controllen = sizeof control };

	if (setsockopt(receiver, IPPROTO_IP, IP_RECVTTL, &on, sizeof on))
		return -1;
	must(bind(receiver, &to.any, to.len));
	must(join_v4(receiver, group));
	to = name_of(receiver);
	must_be(inet_pton(AF_INET, group, &to.in.sin_addr) == 1);
	set_option(fd, IPPROTO_IP, IP_MULTICAST_IF, (int)htonl(INADDR_LOOPBACK));
	must(sendto(fd, "x", 1, 0, &to.any, to.len));
	must(recvmsg(receiver, &message, 0));
	return only_control(&message, IPPROTO_IP, IP_TTL, &ttl, sizeof ttl) ? ttl : -1;
}

static void ttl_client(struct role *me)
{
	int fd = open_socket(me, SOCK_DGRAM);

	saw(me, "at first", get_option(fd, IPPROTO_IP, IP_MULTICAST_TTL));
	saw_value(me, "TTL of a datagram", ttl_of_datagram(me, fd));
	saw(me, "set 0", set_multicast_ttl(fd, 0));
	saw(me, "then", get_option(fd, IPPROTO_IP, IP_MULTICAST_TTL));
	saw(me, "set 255", set_multicast_ttl(fd, 255));
	saw(me, "set 256", set_multicast_ttl(fd, 256));
	saw(me, "set -2", set_multicast_ttl(fd, -2));
	saw(me, "after these", get_option(fd, IPPROTO_IP, IP_MULTICAST_TTL));
	saw(me, "set -1", set_multicast_ttl(fd, -1));
	saw(me, "after -1", get_option(fd, IPPROTO_IP, IP_MULTICAST_TTL));
}

const struct sock_case mcast_ttl_default_range = {
	.claim = "IP_MULTICAST_TTL is 1 at first, which no router passes on, and may be 0 to 255.",
	.source = "RFC 1112, section 6.1; ip(7), IP_MULTICAST_TTL",
	.standing = SHALL,
	.portable = "Set a byte from 0 to 255: some systems take no int here.",
	.families = INET,
	.client = ttl_client,
	.expect = {
		{ CLIENT, "at first", EQ(1) },
		{ CLIENT, "TTL of a datagram", ONE_OF(EQ(1), EQ(-1)), .on[OS_LINUX] = EQ(1),
		  .why = "Linux tells the TTL under this name and size; others may not." },
		{ CLIENT, "set 0", EQ(0) },
		{ CLIENT, "then", EQ(0) },
		{ CLIENT, "set 255", EQ(0) },
		{ CLIENT, "set 256", FAILS_ANY, .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "No standard names the error.", .standing = MAY },
		{ CLIENT, "set -2", FAILS_ANY, .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "No standard names the error.", .standing = MAY },
		{ CLIENT, "after these", EQ(255) },
		{ CLIENT, "set -1", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux takes -1 for the default, 1.", .standing = MAY },
		{ CLIENT, "after -1", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux takes -1 for the default, 1.", .standing = MAY },
	},
};
