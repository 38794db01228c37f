/* cmsg.c -- control messages: what recvmsg() can tell of a datagram beside its bytes. */
#include "case.h"

/* A datagram as recvmsg() gives it. */
struct parcel {
	char bytes[16];
	_Alignas(struct cmsghdr) char control[256];
	struct iovec part;
	struct msghdr message;
};

/* recvmsg() with this much room for control messages. */
static ssize_t receive(int fd, struct parcel *parcel, size_t control)
{
	memset(parcel, 0, sizeof *parcel);
	parcel->part = (struct iovec){ parcel->bytes, sizeof parcel->bytes };
	parcel->message = (struct msghdr){ .msg_iov = &parcel->part,
					   .msg_iovlen = 1,
					   .msg_control = parcel->control,
					   .msg_controllen = control };
	return recvmsg(fd, &parcel->message, 0);
}

/* Records the bytes under the label and copies the only control message's data; false when there
 * is none or another one or its data has not this size. */
static bool saw_control(struct role *me, const char *label, int fd, int level, int type, void *data,
			size_t size)
{
	struct parcel parcel;

	saw_bytes(me, label, parcel.bytes, receive(fd, &parcel, sizeof parcel.control));
	return only_control(&parcel.message, level, type, data, size);
}

static void one_send_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	meet(me, "ready");
	must(send(fd, "abc", 3, 0));
}

static void plain_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct parcel parcel;

	meet(me, "ready");
	saw_bytes(me, "recvmsg", parcel.bytes, receive(fd, &parcel, sizeof parcel.control));
	saw(me, "control bytes", parcel.message.msg_controllen);
	saw_msg_flags(me, "flags", parcel.message.msg_flags);
}

const struct sock_case cmsg_none_by_default = {
	.claim = "A datagram comes with no control messages unless an option asked for them.",
	.source = "RFC 3542, section 4: what is received is returned once an option asks for it; "
		 "of IPv4 no standard says it, ip(7) describes Linux",
	.standing = SHALL,
	.portable = "Look at the type of each control message, and ignore what you did not ask "
		 "for.",
	.families = INET | INET6,
	.server = plain_server,
	.client = one_send_client,
	.expect = {
		{ SERVER, "recvmsg", TEXT("3:abc") },
		{ SERVER, "control bytes", EQ(0), .only = INET6 },
		{ SERVER, "control bytes", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "ip(7): each message is asked for by an option of its own.",
		  .only = INET, .standing = MAY },
		{ SERVER, "flags", TEXT("0") },
	},
};

static void cramped_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct parcel parcel;

	try_option(me, fd, IPPROTO_IP, IP_PKTINFO, 1, "IP_PKTINFO");
	meet(me, "ready");
	saw_bytes(me, "recvmsg", parcel.bytes, receive(fd, &parcel, sizeof(struct cmsghdr) - 1));
	saw_msg_flags(me, "flags", parcel.message.msg_flags);
	saw(me, "control bytes", parcel.message.msg_controllen);
}

const struct sock_case cmsg_ctrunc = {
	.claim = "When a control message does not fit, recvmsg() sets MSG_CTRUNC; the data is "
		 "whole.",
	.source = "POSIX.1-2024 recvmsg(), DESCRIPTION, MSG_CTRUNC",
	.standing = SHALL,
	.portable = "Give CMSG_SPACE() of all you asked for, and look at MSG_CTRUNC.",
	.families = INET,
	.server = cramped_server,
	.client = one_send_client,
	.expect = {
		{ SERVER, "recvmsg", TEXT("3:abc") },
		{ SERVER, "flags", TEXT("CTRUNC") },
		{ SERVER, "control bytes", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux gives nothing of a message whose header does not fit.",
		  .standing = MAY },
	},
};

/* What a datagram is sent to while the receiver is bound to the wildcard address. */
static const in_addr_t first_loopback = INADDR_LOOPBACK, fifth_loopback = INADDR_LOOPBACK + 4;

static void pktinfo_server(struct role *me)
{
	struct address name = wildcard(me);
	struct in_pktinfo info = { 0 };
	struct address to = { .len = sizeof to.in };
	int fd = open_socket(me, SOCK_DGRAM);

	must(bind(fd, &name.any, name.len));
	try_option(me, fd, IPPROTO_IP, IP_PKTINFO, 1, "IP_PKTINFO");
	name = name_of(fd);
	send_address(me, &name);
	meet(me, "ready");
	saw(me, "IP_PKTINFO came",
	    saw_control(me, "recvmsg", fd, IPPROTO_IP, IP_PKTINFO, &info, sizeof info));
	to.any.sa_family = AF_INET;
	to.in.sin_addr = info.ipi_addr;
	saw_host(me, "destination", &to);
	to.in.sin_addr = info.ipi_spec_dst;
	saw_host(me, "local address", &to);
	saw(me, "interface is lo",
	    info.ipi_ifindex && (unsigned)info.ipi_ifindex == if_nametoindex("lo"));
}

static void directed_client(struct role *me)
{
	const in_addr_t *host = row_of(me);
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_DGRAM);

	to.in.sin_addr.s_addr = htonl(*host);
	meet(me, "ready");
	must(sendto(fd, "abc", 3, 0, &to.any, to.len));
}

const struct sock_case cmsg_pktinfo_v4 = {
	.claim = "IP_PKTINFO tells to which address a datagram was sent and on which interface it "
		 "came.",
	.source = "ip(7), IP_PKTINFO",
	.standing = SYSTEM,
	.portable = "FreeBSD and OpenBSD have IP_RECVDSTADDR and IP_RECVIF instead.",
	.notes = "macOS, NetBSD, Solaris and Windows are said to have IP_PKTINFO too.",
	.families = INET,
	.row = &first_loopback,
	.server = pktinfo_server,
	.client = directed_client,
	.expect = {
		{ SERVER, "recvmsg", TEXT("3:abc") },
		{ SERVER, "IP_PKTINFO came", EQ(1) },
		{ SERVER, "destination", TEXT("127.0.0.1") },
		{ SERVER, "local address", TEXT("127.0.0.1") },
		{ SERVER, "interface is lo", EQ(1) },
	},
};

const struct sock_case cmsg_pktinfo_v4_other_loopback = {
	.claim = "IP_PKTINFO tells the very address a datagram was sent to, here another of 127/8.",
	.source = "ip(7), IP_PKTINFO; RFC 1122, section 3.2.1.3, for 127/8",
	.standing = SYSTEM,
	.portable = "Answer from this address with IP_PKTINFO, else the peer may not know the "
		    "answer.",
	.notes = "BSD systems are said to need 127.0.0.5 on lo0 first.",
	.families = INET,
	.row = &fifth_loopback,
	.server = pktinfo_server,
	.client = directed_client,
	.expect = {
		{ SERVER, "recvmsg", TEXT("3:abc") },
		{ SERVER, "IP_PKTINFO came", EQ(1) },
		{ SERVER, "destination", TEXT("127.0.0.5") },
		{ SERVER, "local address", TEXT("127.0.0.5") },
		{ SERVER, "interface is lo", EQ(1) },
	},
};

/* Linux calls it lo, BSD systems lo0. */
static bool is_loopback(unsigned interface)
{
	return interface &&
	       (interface == if_nametoindex("lo") || interface == if_nametoindex("lo0"));
}

static void pktinfo_v6_server(struct role *me)
{
	struct address name = wildcard(me), to = loopback(me);
	struct in6_pktinfo info = { 0 };
	int fd = open_socket(me, SOCK_DGRAM);

	must(bind(fd, &name.any, name.len));
	set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
	name = name_of(fd);
	set_port(&to, port_of(&name));
	send_address(me, &to);
	meet(me, "ready");
	saw(me, "IPV6_PKTINFO came",
	    saw_control(me, "recvmsg", fd, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info));
	to.in6.sin6_addr = info.ipi6_addr;
	saw_host(me, "destination", &to);
	saw(me, "interface is the loopback interface", is_loopback(info.ipi6_ifindex));
}

const struct sock_case cmsg_pktinfo_v6 = {
	.claim = "IPV6_RECVPKTINFO tells to which address a datagram was sent and where it came "
		 "in.",
	.source = "RFC 3542, section 6.1",
	.standing = SHALL,
	.families = INET6,
	.server = pktinfo_v6_server,
	.client = one_send_client,
	.expect = {
		{ SERVER, "recvmsg", TEXT("3:abc") },
		{ SERVER, "IPV6_PKTINFO came", EQ(1) },
		{ SERVER, "destination", TEXT("::1") },
		{ SERVER, "interface is the loopback interface", EQ(1) },
	},
};

static long long realtime_us(void)
{
	struct timeval now;

	must(gettimeofday(&now, NULL));
	return (long long)now.tv_sec * 1000000 + now.tv_usec;
}

/* Whether a datagram bears the time at which it came, not that at which it was read. Linux begins
 * to stamp datagrams on their way some time after it was asked to, and before that stamps what is
 * read; so a few are sent, until one has waited with its stamp on. */
static bool stamps_arrival(struct role *me, int fd)
{
	enum { TRIES = 1000 };
	struct address self = name_of(fd);
	int sender = open_socket(me, SOCK_DGRAM);
	bool early = false;

	for (int i = 0; i < TRIES && !early; i++) {
		struct parcel parcel;
		struct timeval stamp = { 0 };
		must(sendto(sender, "abc", 3, 0, &self.any, self.len));
		wait_queued(me, fd, 3);
		const long long queued = realtime_us();
		pause_briefly(me);
		must(receive(fd, &parcel, sizeof parcel.control));
		early = only_control(&parcel.message, SOL_SOCKET, SCM_TIMESTAMP, &stamp,
				     sizeof stamp) &&
			(long long)stamp.tv_sec * 1000000 + stamp.tv_usec <= queued;
	}
	must(close(sender));
	return early;
}

static void stamping_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct timeval stamp = { 0 };

	set_option(fd, SOL_SOCKET, SO_TIMESTAMP, 1);
	long long before = realtime_us();
	meet(me, "ready");
	saw(me, "time stamp came",
	    saw_control(me, "recvmsg", fd, SOL_SOCKET, SCM_TIMESTAMP, &stamp, sizeof stamp));
	long long at = (long long)stamp.tv_sec * 1000000 + stamp.tv_usec;
	saw(me, "not before the send", at >= before);
	saw(me, "not after recvmsg", at <= realtime_us());
	saw(me, "stamps are of the arrival", stamps_arrival(me, fd));
}

const struct sock_case cmsg_timestamp = {
	.claim = "SO_TIMESTAMP tells the time at which a datagram came, however late it is read, "
		 "as gettimeofday() counts it.",
	.source = "socket(7), SO_TIMESTAMP",
	.standing = SYSTEM,
	.families = INET | INET6 | UNIX,
	.server = stamping_server,
	.client = one_send_client,
	.expect = {
		{ SERVER, "recvmsg", TEXT("3:abc") },
		{ SERVER, "time stamp came", EQ(1) },
		{ SERVER, "not before the send", EQ(1) },
		{ SERVER, "not after recvmsg", EQ(1) },
		{ SERVER, "stamps are of the arrival", EQ(1) },
	},
};
