/* multicast.c -- who receives what is sent to an IPv4 group over the loopback interface. */
#include "case.h"

/* 239.255.77.7, of the site-local range that nobody assigns. */
static const in_addr_t group = 0xefff4d07;

static long long change_membership(int fd, int how, in_addr_t host)
{
	const struct ip_mreq membership = { .imr_multiaddr.s_addr = htonl(host),
					    .imr_interface.s_addr = htonl(INADDR_LOOPBACK) };

	return setsockopt(fd, IPPROTO_IP, how, &membership, sizeof membership);
}

static void join(int fd)
{
	must(change_membership(fd, IP_ADD_MEMBERSHIP, group));
}

static int open_receiver(struct role *me)
{
	struct address name = wildcard(me);
	int fd = open_socket(me, SOCK_DGRAM);

	must(bind(fd, &name.any, name.len));
	return fd;
}

static int port_at(int fd)
{
	struct address name = name_of(fd);

	return port_of(&name);
}

/* A sender whose groups are those of the loopback interface. */
static int open_sender(struct role *me)
{
	int fd = open_socket(me, SOCK_DGRAM);

	try_option(me, fd, IPPROTO_IP, IP_MULTICAST_IF, (int)htonl(INADDR_LOOPBACK),
		   "IP_MULTICAST_IF");
	return fd;
}

static long long send_text(int fd, in_addr_t host, int port, const char *text)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(host) };

	return sendto(fd, text, strlen(text), 0, (struct sockaddr *)&to, sizeof to);
}

static void saw_recv(struct role *me, const char *label, int fd, int flags)
{
	char bytes[16];

	saw_bytes(me, label, bytes, recv(fd, bytes, sizeof bytes, flags));
}

static void member_server(struct role *me)
{
	int fd = open_receiver(me);

	saw(me, "join", change_membership(fd, IP_ADD_MEMBERSHIP, group));
	send_number(me, port_at(fd));
	saw_recv(me, "recv", fd, 0);
	saw_recv(me, "next recv", fd, 0);
}

static void group_client(struct role *me)
{
	int fd = open_sender(me);
	int port = (int)recv_number(me);

	saw(me, "sendto the group", send_text(fd, group, port, "group"));
	must(send_text(fd, INADDR_LOOPBACK, port, "end"));
}

const struct sock_case mcast_join_receive = {
	.claim = "Who joined a group on the loopback interface receives what is sent to it there, "
		 "once.",
	.source = "RFC 1112, sections 6.1 and 7.1",
	.standing = SHALL,
	.portable = "Name the interface to both, the member and the sender.",
	.notes = "On BSD systems lo0 is said to be an ordinary multicast interface.",
	.families = INET,
	.server = member_server,
	.client = group_client,
	.expect = {
		{ SERVER, "join", EQ(0) },
		{ SERVER, "recv", TEXT("5:group") },
		{ SERVER, "next recv", TEXT("3:end") },
		{ CLIENT, "sendto the group", EQ(5) },
	},
};

static const int all_on = 1, all_off = 0;

/* Linux needs to be told; a system that does not know the option does so anyway. */
static void receive_of_own_groups(int fd)
{
	int off = 0;

	if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off))
		must_be(errno == ENOPROTOOPT || errno == EOPNOTSUPP);
}

static void outsider_server(struct role *me)
{
	const int *all = row_of(me);
	int member = open_receiver(me), outsider = open_receiver(me);

	join(member);
	if (*all)
		saw(me, "IP_MULTICAST_ALL", ask_option(outsider, IPPROTO_IP, IP_MULTICAST_ALL));
	else
		receive_of_own_groups(outsider);
	send_number(me, port_at(member));
	send_number(me, port_at(outsider));
	saw_recv(me, "first to the member", member, 0);
	saw_recv(me, "first to the outsider", outsider, 0);
}

static void two_port_client(struct role *me)
{
	int fd = open_sender(me);

	for (int i = 0; i < 2; i++) {
		int port = (int)recv_number(me);
		must(send_text(fd, group, port, "group"));
		must(send_text(fd, INADDR_LOOPBACK, port, "end"));
	}
}

const struct sock_case mcast_no_join_no_receive = {
	.claim = "With IP_MULTICAST_ALL off a socket receives only of groups that it joined "
		 "itself.",
	.source = "ip(7), IP_MULTICAST_ALL",
	.standing = SYSTEM,
	.portable = "Linux needs IP_MULTICAST_ALL off for what other systems do anyway.",
	.notes = "BSD systems are said to never deliver without a join.",
	.families = INET,
	.row = &all_off,
	.server = outsider_server,
	.client = two_port_client,
	.expect = {
		{ SERVER, "first to the member", TEXT("5:group") },
		{ SERVER, "first to the outsider", TEXT("3:end") },
	},
};

const struct sock_case mcast_multicast_all_default_leaks = {
	.claim = "On Linux a socket that joined nothing receives of every group that another one "
		 "joined.",
	.source = "ip(7), IP_MULTICAST_ALL",
	.standing = SYSTEM,
	.portable = "Switch IP_MULTICAST_ALL off, or bind to the group's address.",
	.notes = "BSD systems and Windows are said to deliver to members only.",
	.families = INET,
	.row = &all_on,
	.server = outsider_server,
	.client = two_port_client,
	.expect = {
		{ SERVER, "IP_MULTICAST_ALL", EQ(1) },
		{ SERVER, "first to the member", TEXT("5:group") },
		{ SERVER, "first to the outsider", TEXT("5:group") },
	},
};

static void three_member_server(struct role *me)
{
	struct address name = wildcard(me);
	int fd[3];

	for (int i = 0; i < 3; i++) {
		fd[i] = open_socket(me, SOCK_DGRAM);
		set_option(fd[i], SOL_SOCKET, SO_REUSEADDR, 1);
		must(bind(fd[i], &name.any, name.len));
		name = name_of(fd[i]);
		join(fd[i]);
	}
	send_number(me, port_at(fd[0]));
	saw_recv(me, "first", fd[0], 0);
	saw_recv(me, "second", fd[1], 0);
	saw_recv(me, "third", fd[2], 0);
	meet(me, "received");
	saw_recv(me, "first again", fd[0], MSG_DONTWAIT);
	saw_recv(me, "second again", fd[1], MSG_DONTWAIT);
	saw_recv(me, "third again", fd[2], MSG_DONTWAIT);
}

static void one_send_client(struct role *me)
{
	must(send_text(open_sender(me), group, (int)recv_number(me), "group"));
	meet(me, "received");
}

const struct sock_case mcast_copies_to_all_members = {
	.claim = "Each socket of a port that joined a group gets one copy of a datagram to it.",
	.source = "no standard says it of sockets: RFC 1112, section 7.1, speaks of hosts; "
		 "measured on Linux, and documented by FreeBSD ip(4)",
	.standing = SYSTEM,
	.portable = "Some systems want SO_REUSEPORT to share a group's port, others SO_REUSEADDR.",
	.families = INET,
	.server = three_member_server,
	.client = one_send_client,
	.expect = {
		{ SERVER, "first", TEXT("5:group") },
		{ SERVER, "second", TEXT("5:group") },
		{ SERVER, "third", TEXT("5:group") },
		{ SERVER, "first again", FAILS(EAGAIN) },
		{ SERVER, "second again", FAILS(EAGAIN) },
		{ SERVER, "third again", FAILS(EAGAIN) },
	},
};

static void leaving_server(struct role *me)
{
	int fd = open_receiver(me), remaining = open_receiver(me);

	receive_of_own_groups(fd);
	join(fd);
	join(remaining); /* so that the machine stays a member */
	send_number(me, port_at(fd));
	saw_recv(me, "as a member", fd, 0);
	saw_recv(me, "what was sent to it alone", fd, 0);
	saw(me, "leave", change_membership(fd, IP_DROP_MEMBERSHIP, group));
	saw(me, "leave again", change_membership(fd, IP_DROP_MEMBERSHIP, group));
	send_number(me, port_at(fd));
	saw_recv(me, "after leaving", fd, 0);
}

const struct sock_case mcast_drop_membership = {
	.claim = "After IP_DROP_MEMBERSHIP a socket gets nothing of the group; a second time it "
		 "fails.",
	.source = "RFC 1112, section 7.1, LeaveHostGroup; ip(7), IP_DROP_MEMBERSHIP and "
		 "IP_MULTICAST_ALL",
	.standing = SHALL,
	.portable = "Drop a membership once, and take any failure for being no member.",
	.families = INET,
	.server = leaving_server,
	.client = two_port_client,
	.expect = {
		{ SERVER, "as a member", TEXT("5:group") },
		{ SERVER, "what was sent to it alone", TEXT("3:end") },
		{ SERVER, "leave", EQ(0) },
		{ SERVER, "leave again", FAILS_ANY, .on[OS_LINUX] = FAILS(EADDRNOTAVAIL),
		  .why = "No standard names the error.", .standing = MAY },
		{ SERVER, "after leaving", TEXT("3:end") },
	},
};

static void group_bound_server(struct role *me)
{
	struct address name = wildcard(me);
	int fd = open_socket(me, SOCK_DGRAM);

	name.in.sin_addr.s_addr = htonl(group);
	saw(me, "bind to the group", bind(fd, &name.any, name.len));
	join(fd);
	send_number(me, port_at(fd));
	saw_recv(me, "recv", fd, 0);
	meet(me, "received");
	saw_recv(me, "recv again", fd, MSG_DONTWAIT);
}

static void unicast_first_client(struct role *me)
{
	int fd = open_sender(me);
	int port = (int)recv_number(me);

	must(send_text(fd, INADDR_LOOPBACK, port, "unicast"));
	must(send_text(fd, group, port, "group"));
	meet(me, "received");
}

const struct sock_case mcast_bound_to_group_filters = {
	.claim = "A socket bound to a group's address gets what is sent to the group and nothing "
		 "else.",
	.source = "no standard says it; a convention of BSD that Linux keeps",
	.standing = SYSTEM,
	.portable = "Windows cannot bind to a group: bind to the wildcard address and look at the "
		    "target.",
	.families = INET,
	.server = group_bound_server,
	.client = unicast_first_client,
	.expect = {
		{ SERVER, "bind to the group", EQ(0) },
		{ SERVER, "recv", TEXT("5:group") },
		{ SERVER, "recv again", FAILS(EAGAIN) },
	},
};
