/* cmsg_header.c -- IP header fields, and the count of lost datagrams, as control messages. */
#include "case.h"

/* The data of the only control message that came with the next datagram, a number of up to int's
 * size; -1 when there is none, -2 when it is another. */
static int control_number(int fd, int level, int type, size_t size)
{
	char bytes[16];
	_Alignas(struct cmsghdr) char control[256];
	struct iovec part = { bytes, sizeof bytes };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof control };
	unsigned char byte = 0;
	int number = 0;

	must(recvmsg(fd, &message, 0));
	if (!message.msg_controllen)
		return -1;
	if (!only_control(&message, level, type, size == 1 ? &byte : (void *)&number, size))
		return -2;
	return size == 1 ? byte : number;
}

/* A header field: the option by which its control message is asked for, that message, and the
 * option by which the sender sets it. */
struct field {
	int level, ask, type, set;
	size_t size;
	int value;
};

static void field_server(struct role *me)
{
	const struct field *field = row_of(me);
	int fd = bind_on(me, SOCK_DGRAM);

	saw(me, "off at first", ask_option(fd, field->level, field->ask));
	set_option(fd, field->level, field->ask, 1);
	meet(me, "ready");
	long long at_sender = recv_number(me);
	saw(me, "default is the sender's",
	    control_number(fd, field->level, field->type, field->size) == at_sender);
	saw_value(me, "value set", control_number(fd, field->level, field->type, field->size));
}

static void field_client(struct role *me)
{
	const struct field *field = row_of(me);
	int fd = connect_type(me, SOCK_DGRAM);

	meet(me, "ready");
	send_number(me, get_option(fd, field->level, field->set));
	must(send(fd, "x", 1, 0));
	set_option(fd, field->level, field->set, field->value);
	must(send(fd, "x", 1, 0));
}

static const struct field ttl = { IPPROTO_IP, IP_RECVTTL, IP_TTL, IP_TTL, sizeof(int), 5 };

const struct sock_case cmsg_recvttl_v4 = {
	.claim = "On Linux IP_RECVTTL gives the TTL of each datagram as an int, named IP_TTL.",
	.source = "ip(7), IP_RECVTTL",
	.standing = SYSTEM,
	.portable = "Take the type IP_RECVTTL and one byte as well.",
	.notes = "FreeBSD and macOS are said to name it IP_RECVTTL, with one byte.",
	.families = INET,
	.row = &ttl,
	.server = field_server,
	.client = field_client,
	.expect = {
		{ SERVER, "off at first", EQ(0) },
		{ SERVER, "default is the sender's", EQ(1) },
		{ SERVER, "value set", EQ(5) },
	},
};

enum { HOPS_SET = 7, HOPS_OF_ONE = 9 };

static void hop_limit_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);

	saw(me, "off at first", ask_option(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT));
	meet(me, "off");
	saw_value(me, "while it is off",
		  control_number(fd, IPPROTO_IPV6, IPV6_HOPLIMIT, sizeof(int)));
	set_option(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
	meet(me, "ready");
	long long at_sender = recv_number(me);
	saw(me, "default is the sender's",
	    control_number(fd, IPPROTO_IPV6, IPV6_HOPLIMIT, sizeof(int)) == at_sender);
	saw_value(me, "value set", control_number(fd, IPPROTO_IPV6, IPV6_HOPLIMIT, sizeof(int)));
	saw_value(me, "value of one datagram",
		  control_number(fd, IPPROTO_IPV6, IPV6_HOPLIMIT, sizeof(int)));
	saw_value(me, "value after it",
		  control_number(fd, IPPROTO_IPV6, IPV6_HOPLIMIT, sizeof(int)));
}

/* Sends a datagram with a hop limit of its own. */
static ssize_t send_with_hops(int fd, int hops)
{
	char byte = 'x';
	struct iovec part = { &byte, 1 };
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof hops)] = { 0 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof control };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_len = CMSG_LEN(sizeof hops);
	header->cmsg_level = IPPROTO_IPV6;
	header->cmsg_type = IPV6_HOPLIMIT;
	memcpy(CMSG_DATA(header), &hops, sizeof hops);
	return sendmsg(fd, &message, 0);
}

static void hop_limit_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	meet(me, "off");
	must(send(fd, "x", 1, 0));
	meet(me, "ready");
	send_number(me, get_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS));
	must(send(fd, "x", 1, 0));
	set_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, HOPS_SET);
	must(send(fd, "x", 1, 0));
	saw(me, "sendmsg with a hop limit", send_with_hops(fd, HOPS_OF_ONE));
	must(send(fd, "x", 1, 0));
}

const struct sock_case cmsg_hoplimit_v6 = {
	.claim = "IPV6_RECVHOPLIMIT gives the hop limit of each datagram as an int, named "
		 "IPV6_HOPLIMIT; a control message of that name sets it for one datagram.",
	.source = "RFC 3542, section 6.3",
	.standing = SHALL,
	.families = INET6,
	.server = hop_limit_server,
	.client = hop_limit_client,
	.expect = {
		{ SERVER, "off at first", EQ(0) },
		{ SERVER, "while it is off", EQ(-1) },
		{ SERVER, "default is the sender's", EQ(1) },
		{ SERVER, "value set", EQ(HOPS_SET) },
		{ SERVER, "value of one datagram", EQ(HOPS_OF_ONE) },
		{ SERVER, "value after it", EQ(HOPS_SET) },
		{ CLIENT, "sendmsg with a hop limit", EQ(1) },
	},
};

static const struct field tos = { IPPROTO_IP, IP_RECVTOS, IP_TOS, IP_TOS, 1, 0x1c };

const struct sock_case cmsg_tos_v4 = {
	.claim = "On Linux IP_RECVTOS gives the TOS of each datagram as one byte, named IP_TOS.",
	.source = "ip(7), IP_RECVTOS",
	.standing = SYSTEM,
	.portable = "Take the type IP_RECVTOS as well, and look at the length.",
	.notes = "FreeBSD is said to name it IP_RECVTOS; Windows to give an int.",
	.families = INET,
	.row = &tos,
	.server = field_server,
	.client = field_client,
	.expect = {
		{ SERVER, "off at first", EQ(0) },
		{ SERVER, "default is the sender's", EQ(1) },
		{ SERVER, "value set", EQ(0x1c) },
	},
};

static const struct field traffic_class = { IPPROTO_IPV6, IPV6_RECVTCLASS, IPV6_TCLASS,
					    IPV6_TCLASS,  sizeof(int),     0x1c };

const struct sock_case cmsg_tclass_v6 = {
	.claim = "IPV6_RECVTCLASS gives the traffic class of each datagram as an int, named "
		 "IPV6_TCLASS.",
	.source = "RFC 3542, section 6.5",
	.standing = SHALL,
	.families = INET6,
	.row = &traffic_class,
	.server = field_server,
	.client = field_client,
	.expect = {
		{ SERVER, "off at first", EQ(0) },
		{ SERVER, "default is the sender's", EQ(1) },
		{ SERVER, "value set", EQ(0x1c) },
	},
};

enum { SMALLEST = 2304, FLOOD = 200 };

static void overflowing_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct numbered seen = numbered_from(1);

	set_option(fd, SOL_SOCKET, SO_RCVBUF, SMALLEST);
	try_option(me, fd, SOL_SOCKET, SO_RXQ_OVFL, 1, "SO_RXQ_OVFL");
	meet(me, "ready");
	meet(me, "flood is sent");
	saw_value(me, "count before any loss",
		  control_number(fd, SOL_SOCKET, SO_RXQ_OVFL, sizeof(int)));
	read_flood(me, fd, FLOOD - 1, &seen);
	const int lost = FLOOD - 1 - (int)seen.read;
	saw(me, "some were lost", lost > 0);
	meet(me, "drained");
	saw(me, "count is that of the lost",
	    control_number(fd, SOL_SOCKET, SO_RXQ_OVFL, sizeof(int)) == lost);
}

static void flooding_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	meet(me, "ready");
	must_be(send_numbered(fd, 0, FLOOD, 1) == FLOOD);
	meet(me, "flood is sent");
	meet(me, "drained");
	must(send(fd, "x", 1, 0));
}

const struct sock_case cmsg_rxq_ovfl_counts_drops = {
	.claim = "With SO_RXQ_OVFL a datagram tells how many this socket had lost when it was "
		 "queued, if any.",
	.source = "socket(7), SO_RXQ_OVFL",
	.standing = SYSTEM,
	.portable = "Linux only; elsewhere number the datagrams.",
	.families = INET | INET6,
	.server = overflowing_server,
	.client = flooding_client,
	.expect = {
		{ SERVER, "count before any loss", EQ(-1) },
		{ SERVER, "some were lost", EQ(1) },
		{ SERVER, "count is that of the lost", EQ(1) },
	},
};
