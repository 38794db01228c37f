/* tcp_bounds.c -- what the TCP options refuse. */
#include "case.h"

static long long set_tcp(int fd, int name, int value)
{
	return setsockopt(fd, IPPROTO_TCP, name, &value, sizeof value);
}

static void asking_client(struct role *me)
{
	enum { UNDEFINED = 9999 };
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "set", set_tcp(fd, UNDEFINED, 1));
	saw(me, "get", ask_option(fd, IPPROTO_TCP, UNDEFINED));
}

#define WHY_UNKNOWN "POSIX has two errors for it; Linux uses ENOPROTOOPT, as getsockopt(2) says"

const struct sock_case tcpopt_unknown_enoprotoopt = {
	.claim = "A TCP option that does not exist fails with ENOPROTOOPT or EINVAL, set or read; "
		 "on Linux with ENOPROTOOPT.",
	.source = "POSIX.1-2024 setsockopt() and getsockopt(), ERRORS ENOPROTOOPT, EINVAL",
	.standing = SHALL,
	.portable = "Treat ENOPROTOOPT and EINVAL alike: the option is not there.",
	.families = INET | INET6,
	.client = asking_client,
	.expect = {
		{ CLIENT, "set", ONE_OF(FAILS(ENOPROTOOPT), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(ENOPROTOOPT), .why = WHY_UNKNOWN },
		{ CLIENT, "get", ONE_OF(FAILS(ENOPROTOOPT), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(ENOPROTOOPT), .why = WHY_UNKNOWN },
	},
};

static void segment_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	needs_option(fd, IPPROTO_TCP, TCP_MAXSEG);
	saw(me, "set 87", set_tcp(fd, TCP_MAXSEG, 87));
	saw(me, "set 88", set_tcp(fd, TCP_MAXSEG, 88));
	saw(me, "set 32767", set_tcp(fd, TCP_MAXSEG, 32767));
	saw(me, "set 32768", set_tcp(fd, TCP_MAXSEG, 32768));
	saw(me, "set -1", set_tcp(fd, TCP_MAXSEG, -1));
}

const struct sock_case tcpopt_maxseg_bad_values = {
	.claim = "TCP_MAXSEG takes 88 to 32767 on Linux: a segment size outside these is refused "
		 "with EINVAL.",
	.source = "tcp(7), TCP_MAXSEG (TCP imposes its minimum and maximum bounds)",
	.standing = SYSTEM,
	.portable = "Treat EINVAL as an answer: the segment size then stays the system's choice.",
	.notes = "FreeBSD is said to refuse what is above the current segment size.",
	.families = INET | INET6,
	.client = segment_client,
	.expect = {
		{ CLIENT, "set 87", ONE_OF(EQ(0), FAILS(EINVAL)), .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux takes segment sizes from 88 to 32767" },
		{ CLIENT, "set 88", ONE_OF(EQ(0), FAILS(EINVAL)), .on[OS_LINUX] = EQ(0),
		  .why = "Linux takes segment sizes from 88 to 32767" },
		{ CLIENT, "set 32767", ONE_OF(EQ(0), FAILS(EINVAL)), .on[OS_LINUX] = EQ(0),
		  .why = "Linux takes segment sizes from 88 to 32767" },
		{ CLIENT, "set 32768", ONE_OF(EQ(0), FAILS(EINVAL)), .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux takes segment sizes from 88 to 32767" },
		{ CLIENT, "set -1", FAILS(EINVAL) },
	},
};

static void stubborn_client(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	needs_option(fd, IPPROTO_TCP, TCP_SYNCNT);
	saw(me, "default", ask_option(fd, IPPROTO_TCP, TCP_SYNCNT));
	saw(me, "set 0", set_tcp(fd, TCP_SYNCNT, 0));
	saw(me, "set 1", set_tcp(fd, TCP_SYNCNT, 1));
	saw(me, "after 1", ask_option(fd, IPPROTO_TCP, TCP_SYNCNT));
	saw(me, "set 127", set_tcp(fd, TCP_SYNCNT, 127));
	saw(me, "set 128", set_tcp(fd, TCP_SYNCNT, 128));
	saw(me, "after 128", ask_option(fd, IPPROTO_TCP, TCP_SYNCNT));
}

const struct sock_case tcpopt_syncnt_bounds = {
	.claim = "TCP_SYNCNT, how often connect() sends its SYN again, goes from 1 to 127.",
	.source = "tcp(7), TCP_SYNCNT and tcp_syn_retries",
	.standing = SYSTEM,
	.portable = "Bound the wait yourself: connect without blocking, then poll().",
	.notes = "tcp(7) names 255 as the upper bound.",
	.families = INET | INET6,
	.needs = NEEDS_NETNS, /* the machine's own network may have been tuned */
	.client = stubborn_client,
	.expect = {
		{ CLIENT, "default", EQ(6) },
		{ CLIENT, "set 0", ONE_OF(EQ(0), FAILS(EINVAL)), .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux takes 1 to 127" },
		{ CLIENT, "set 1", EQ(0) },
		{ CLIENT, "after 1", EQ(1) },
		{ CLIENT, "set 127", EQ(0) },
		{ CLIENT, "set 128", ONE_OF(EQ(0), FAILS(EINVAL)), .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux takes 1 to 127" },
		{ CLIENT, "after 128", ONE_OF(EQ(127), EQ(128)), .on[OS_LINUX] = EQ(127),
		  .why = "what was refused changes nothing" },
	},
};

static void choosing_client(struct role *me)
{
	static const char unknown[] = "no_such_control";
	char before[16] = "", after[16] = "";
	socklen_t len = sizeof before, again = sizeof after;
	int fd = open_socket(me, SOCK_STREAM);

	get_option_bytes(fd, IPPROTO_TCP, TCP_CONGESTION, before, &len);
	saw(me, "set", setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, unknown, sizeof unknown - 1));
	get_option_bytes(fd, IPPROTO_TCP, TCP_CONGESTION, after, &again);
	saw(me, "choice is kept", before[0] && !strncmp(before, after, sizeof before));
}

const struct sock_case tcpopt_congestion_unknown = {
	.claim = "TCP_CONGESTION with a name that no algorithm has fails and changes nothing.",
	.source = "tcp(7), TCP_CONGESTION",
	.standing = SYSTEM,
	.portable = "Test for failure, not for one errno.",
	.notes = "FreeBSD is said to give ESRCH.",
	.families = INET | INET6,
	.client = choosing_client,
	.expect = {
		{ CLIENT, "set", FAILS_ANY, .on[OS_LINUX] = FAILS(ENOENT),
		  .why = "Linux: there is no such algorithm" },
		{ CLIENT, "choice is kept", EQ(1) },
	},
};
