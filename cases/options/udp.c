/* udp.c -- options of a UDP socket that change what is sent or what is received. */
#include "case.h"

static long long set_ttl(int fd, int ttl)
{
	return setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof ttl);
}

static void ttl_client(struct role *me)
{
	int fd = open_socket(me, SOCK_DGRAM);
	int at_first = get_option(fd, IPPROTO_IP, IP_TTL);

	saw(me, "at first", at_first);
	saw(me, "set 1", set_ttl(fd, 1));
	saw(me, "then", get_option(fd, IPPROTO_IP, IP_TTL));
	saw(me, "set 255", set_ttl(fd, 255));
	saw(me, "set 0", set_ttl(fd, 0));
	saw(me, "set 256", set_ttl(fd, 256));
	saw(me, "after these", get_option(fd, IPPROTO_IP, IP_TTL));
	saw(me, "set -1", set_ttl(fd, -1));
	saw(me, "it is as at first", get_option(fd, IPPROTO_IP, IP_TTL) == at_first);
}

const struct sock_case opt_ip_ttl_default_range = {
	.claim = "IP_TTL takes 1 to 255; on Linux -1 makes it the system's default again.",
	.source = "ip(7), IP_TTL; RFC 1122, sections 3.2.1.7 and 4.1.4",
	.standing = SYSTEM,
	.portable = "Set a number from 1 to 255; read the default instead of assuming 64.",
	.notes = "64 is the usual default of Linux. FreeBSD is said to accept 0.",
	.families = INET,
	.client = ttl_client,
	.expect = {
		{ CLIENT, "at first", BETWEEN(1, 255) },
		{ CLIENT, "set 1", EQ(0) },
		{ CLIENT, "then", EQ(1) },
		{ CLIENT, "set 255", EQ(0) },
		{ CLIENT, "set 0", ANY, .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "RFC 1122 forbids to send a TTL of 0; Linux refuses the option already."},
		{ CLIENT, "set 256", FAILS(EINVAL) },
		{ CLIENT, "after these", ANY, .on[OS_LINUX] = EQ(255),
		  .why = "What Linux refuses changes nothing."},
		{ CLIENT, "set -1", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux takes -1 for the value of net.ipv4.ip_default_ttl."},
		{ CLIENT, "it is as at first", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux takes -1 for the value of net.ipv4.ip_default_ttl."},
	},
};

static void doubling_client(struct role *me)
{
	enum { ASKED = 20000 };
	int fd = open_socket(me, SOCK_DGRAM);
	int size = ASKED;

	saw(me, "setsockopt", setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size));
	saw(me, "SO_RCVBUF after 20000", get_option(fd, SOL_SOCKET, SO_RCVBUF));
}

const struct sock_case opt_so_rcvbuf_doubled = {
	.claim = "SO_RCVBUF asks for a size: Linux reads twice that, for its bookkeeping, other "
		 "systems may read as much.",
	.source = "POSIX.1-2024 2.10.16 Use of Options, SO_RCVBUF (requests a size); socket(7), "
		  "SO_RCVBUF",
	.standing = MAY,
	.portable = "Do not compare what you read with what you set; it is a hint.",
	.notes = "FreeBSD, macOS and Windows are said to read the value set.",
	.families = INET | INET6 | UNIX,
	.client = doubling_client,
	.expect = {
		{ CLIENT, "setsockopt", EQ(0), .standing = SHALL },
		{ CLIENT, "SO_RCVBUF after 20000", AT_LEAST(20000), .on[OS_LINUX] = EQ(40000),
		  .why = "socket(7): the kernel doubles the value, to have space for bookkeeping."},
	},
};

static void filtering_server(struct role *me)
{
	const struct sock_fprog nothing = { 1, &(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0) };
	const int unused = 0; /* setsockopt() wants an int even where it reads none */
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[8];

	saw(me, "SO_ATTACH_FILTER",
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &nothing, sizeof nothing));
	meet(me, "filtering");
	meet(me, "sent into the filter");
	until (me, "three datagrams are dropped", dropped_by(me, fd) >= 3 || poll_now(fd, POLLIN)) {
	}
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	saw(me, "SO_DETACH_FILTER",
	    setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused));
	meet(me, "filter is gone");
	saw_bytes(me, "recv without the filter", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "recv after that", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void unknowing_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	meet(me, "filtering");
	saw(me, "send into the filter", send(fd, "one", 3, 0));
	must(send(fd, "two", 3, 0));
	must(send(fd, "", 0, 0));
	meet(me, "sent into the filter");
	meet(me, "filter is gone");
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	must(send(fd, "abc", 3, 0));
}

const struct sock_case opt_so_attach_filter_drop_all = {
	.claim = "A socket filter that returns 0 drops each datagram, unknown to its sender, until "
		 "it is detached.",
	.source = "socket(7), SO_ATTACH_FILTER and SO_DETACH_FILTER",
	.standing = SYSTEM,
	.portable = "Linux only; elsewhere drop in the program, after recv().",
	.families = INET | INET6,
	.server = filtering_server,
	.client = unknowing_client,
	.expect = {
		{ SERVER, "SO_ATTACH_FILTER", EQ(0) },
		{ SERVER, "recv", FAILS(EAGAIN) },
		{ SERVER, "SO_DETACH_FILTER", EQ(0) },
		{ SERVER, "recv without the filter", TEXT("3:abc") },
		{ SERVER, "recv after that", FAILS(EAGAIN) },
		{ CLIENT, "send into the filter", EQ(3) },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};
