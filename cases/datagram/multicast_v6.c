/* multicast_v6.c -- IPv6 groups over Linux's loopback interface, which has no route to them. */
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "case.h"

/* Like the command: ip -6 route add local ff00::/8 dev lo table local. */
static void add_group_route(struct role *me, int interface)
{
	struct {
		struct nlmsghdr header;
		struct rtmsg route;
		struct rtattr to;
		struct in6_addr group;
		struct rtattr over;
		int interface;
	} request = {
		.header = { .nlmsg_len = sizeof request,
			    .nlmsg_type = RTM_NEWROUTE,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE },
		.route = { .rtm_family = AF_INET6,
			   .rtm_dst_len = 8,
			   .rtm_table = RT_TABLE_LOCAL,
			   .rtm_protocol = RTPROT_BOOT,
			   .rtm_scope = RT_SCOPE_UNIVERSE,
			   .rtm_type = RTN_LOCAL },
		.to = { .rta_len = RTA_LENGTH(sizeof request.group), .rta_type = RTA_DST },
		.group = { { { 0xff } } },
		.over = { .rta_len = RTA_LENGTH(sizeof request.interface), .rta_type = RTA_OIF },
		.interface = interface,
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[256]; /* the request, which the kernel repeats */
	} answer = { { 0 } };
	int fd = must(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));

	must(send(fd, &request, sizeof request, 0));
	must(recv(fd, &answer, sizeof answer, 0));
	must(close(fd));
	must_be(answer.header.nlmsg_type == NLMSG_ERROR);
	if (is_unknown(-answer.error.error))
		unsupported(me, "this system cannot be given a route");
	must_be(answer.error.error == 0);
}

static struct address group_address(struct role *me, int port)
{
	struct address group = wildcard(me);

	must_be(inet_pton(AF_INET6, "ff01::77", &group.in6.sin6_addr) == 1);
	set_port(&group, port);
	return group;
}

static void member_server(struct role *me)
{
	struct address name = wildcard(me);
	struct ipv6_mreq membership = { .ipv6mr_multiaddr = group_address(me, 0).in6.sin6_addr,
					.ipv6mr_interface = if_nametoindex("lo") };
	int fd = open_socket(me, SOCK_DGRAM);
	char bytes[16];

	must(bind(fd, &name.any, name.len));
	name = name_of(fd);
	saw(me, "join",
	    setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &membership, sizeof membership));
	send_number(me, port_of(&name));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "next recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

static void group_client(struct role *me)
{
	int lo = (int)if_nametoindex("lo");
	int port = (int)recv_number(me);
	struct address group = group_address(me, port), alone = loopback(me);
	int fd = open_socket(me, SOCK_DGRAM);

	try_option(me, fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, lo, "IPV6_MULTICAST_IF");
	saw(me, "sendto without a route", sendto(fd, "lost", 4, 0, &group.any, group.len));
	add_group_route(me, lo);
	saw(me, "sendto with a local route", sendto(fd, "group", 5, 0, &group.any, group.len));
	set_port(&alone, port);
	must(sendto(fd, "end", 3, 0, &alone.any, alone.len));
}

const struct sock_case mcast_join_receive_v6 = {
	.claim = "Who joined an IPv6 group on the loopback interface receives what is sent to it "
		 "there; Linux needs a local route ff00::/8 for that.",
	.source = "RFC 3493, section 5.2; for the route no standard: measured on Linux",
	.standing = SHALL,
	.portable = "On Linux: ip -6 route add local ff00::/8 dev lo table local.",
	.notes = "On BSD systems lo0 is said to need no route.",
	.families = INET6,
	.needs = NEEDS_OWN_NET,
	.server = member_server,
	.client = group_client,
	.expect = {
		{ SERVER, "join", EQ(0) },
		{ SERVER, "recv", TEXT("5:group") },
		{ SERVER, "next recv", TEXT("3:end") },
		{ CLIENT, "sendto without a route", ANY, .on[OS_LINUX] = FAILS(ENETUNREACH),
		  .why = "Linux gives multicast interfaces a route to ff00::/8, and lo is none.",
		  .standing = MAY },
		{ CLIENT, "sendto with a local route", EQ(5) },
	},
};
