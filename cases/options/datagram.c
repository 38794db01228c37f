/* datagram.c -- options that datagram sockets have in common with all others. */
#include "case.h"

/* A time-out in microseconds; the place for it is preset, so that nothing written is seen. */
static long long timeout_us(int fd, int name)
{
	struct timeval limit = { -1, -1 };
	socklen_t len = sizeof limit;

	if (getsockopt(fd, SOL_SOCKET, name, &limit, &len))
		return -1;
	return (long long)limit.tv_sec * 1000000 + limit.tv_usec;
}

static void fresh_client(struct role *me)
{
	int fd = open_socket(me, SOCK_DGRAM);
	int stream = open_socket(me, SOCK_STREAM);

	saw(me, "SO_RCVTIMEO", timeout_us(fd, SO_RCVTIMEO));
	saw(me, "SO_SNDTIMEO", timeout_us(fd, SO_SNDTIMEO));
	saw(me, "SO_RCVTIMEO of a stream", timeout_us(stream, SO_RCVTIMEO));
	saw(me, "SO_SNDTIMEO of a stream", timeout_us(stream, SO_SNDTIMEO));
}

const struct sock_case opt_so_timeo_default_zero = {
	.claim = "SO_RCVTIMEO and SO_SNDTIMEO of a new socket read {0, 0}, which is no limit.",
	.source = "POSIX.1-2024 2.10.16 Use of Options, SO_RCVTIMEO and SO_SNDTIMEO",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.client = fresh_client,
	.expect = {
		{ CLIENT, "SO_RCVTIMEO", EQ(0) },
		{ CLIENT, "SO_SNDTIMEO", EQ(0) },
		{ CLIENT, "SO_RCVTIMEO of a stream", EQ(0) },
		{ CLIENT, "SO_SNDTIMEO of a stream", EQ(0) },
	},
};

static long long set_usec(int fd, int name, long usec)
{
	struct timeval limit = { .tv_sec = 1, .tv_usec = (suseconds_t)usec };

	return setsockopt(fd, SOL_SOCKET, name, &limit, sizeof limit);
}

static void absurd_client(struct role *me)
{
	int fd = open_socket(me, SOCK_DGRAM);

	set_timeout(fd, SO_RCVTIMEO, 2000);
	saw(me, "SO_RCVTIMEO of 1000000 us", set_usec(fd, SO_RCVTIMEO, 1000000));
	saw(me, "SO_RCVTIMEO of -1 us", set_usec(fd, SO_RCVTIMEO, -1));
	saw(me, "SO_SNDTIMEO of 1000000 us", set_usec(fd, SO_SNDTIMEO, 1000000));
	saw(me, "SO_SNDTIMEO of -1 us", set_usec(fd, SO_SNDTIMEO, -1));
	saw(me, "SO_RCVTIMEO after", timeout_us(fd, SO_RCVTIMEO));
	saw(me, "SO_SNDTIMEO after", timeout_us(fd, SO_SNDTIMEO));
}

#define WHY_USEC "Linux means by EDOM any value out of range; what it refuses changes nothing"

const struct sock_case opt_so_timeo_bad_usec = {
	.claim = "A time-out whose microseconds are no fraction of a second may be refused; Linux "
		 "does, with EDOM, and changes nothing.",
	.source = "no standard says it: POSIX.1-2024 setsockopt(), ERRORS EDOM, is of too long a "
		  "time; socket(7)",
	.standing = MAY,
	.portable = "Keep tv_usec from 0 to 999999.",
	.notes = "FreeBSD is said to fail with EDOM.",
	.families = INET | INET6 | UNIX,
	.client = absurd_client,
	.expect = {
		{ CLIENT, "SO_RCVTIMEO of 1000000 us", ONE_OF(EQ(0), FAILS(EDOM), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(EDOM), .why = WHY_USEC },
		{ CLIENT, "SO_RCVTIMEO of -1 us", ONE_OF(EQ(0), FAILS(EDOM), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(EDOM), .why = WHY_USEC },
		{ CLIENT, "SO_SNDTIMEO of 1000000 us", ONE_OF(EQ(0), FAILS(EDOM), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(EDOM), .why = WHY_USEC },
		{ CLIENT, "SO_SNDTIMEO of -1 us", ONE_OF(EQ(0), FAILS(EDOM), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(EDOM), .why = WHY_USEC },
		{ CLIENT, "SO_RCVTIMEO after", ANY, .on[OS_LINUX] = EQ(2000000),
		  .why = WHY_USEC },
		{ CLIENT, "SO_SNDTIMEO after", ANY, .on[OS_LINUX] = EQ(0), .why = WHY_USEC },
	},
};

enum { TIMEOUT_MS = 50, LONGER_MS = 150 };

static void patient_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[8];

	set_timeout(fd, SO_RCVTIMEO, TIMEOUT_MS);
	saw(me, "recv", recv(fd, bytes, sizeof bytes, 0));
	meet(me, "about to poll");
	saw_flags(me, "poll", wait_for(me, fd, POLLIN));
	meet(me, "polled");
	saw_bytes(me, "recv after poll", bytes, recv(fd, bytes, sizeof bytes, 0));
}

static void tardy_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	meet(me, "about to poll");
	saw(me, "poll stays blocked", peer_silent_for(me, LONGER_MS));
	must(send(fd, "abc", 3, 0));
	meet(me, "polled");
}

const struct sock_case opt_so_timeo_not_for_poll = {
	.claim = "SO_RCVTIMEO limits recv(), not poll(), which waits as long as it was told to.",
	.source = "POSIX.1-2024 2.10.16 Use of Options, SO_RCVTIMEO; socket(7)",
	.standing = SHALL,
	.families = INET,
	.waits_ms = TIMEOUT_MS + LONGER_MS,
	.server = patient_server,
	.client = tardy_client,
	.expect = {
		{ SERVER, "recv", FAILS(EAGAIN) },
		{ SERVER, "poll", FLAGS("IN") },
		{ SERVER, "recv after poll", TEXT("3:abc") },
		{ CLIENT, "poll stays blocked", EQ(1) },
	},
};

static void error_free_client(struct role *me)
{
	int fd = open_socket(me, SOCK_DGRAM);
	int stream = open_socket(me, SOCK_STREAM);

	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw_errno(me, "SO_ERROR again", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw_errno(me, "SO_ERROR of a stream", get_option(stream, SOL_SOCKET, SO_ERROR));
}

const struct sock_case opt_so_error_default_zero = {
	.claim = "A new socket has no pending error: SO_ERROR reads 0.",
	.source = "POSIX.1-2024 2.10.16 Use of Options, SO_ERROR",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.client = error_free_client,
	.expect = {
		{ CLIENT, "SO_ERROR", TEXT("0") },
		{ CLIENT, "SO_ERROR again", TEXT("0") },
		{ CLIENT, "SO_ERROR of a stream", TEXT("0") },
	},
};

static long long get_any(int fd, int level, int name)
{
	int value;
	socklen_t len = sizeof value;

	return getsockopt(fd, level, name, &value, &len);
}

static long long set_any(int fd, int level, int name)
{
	const int value = 1;

	return setsockopt(fd, level, name, &value, sizeof value);
}

static void socketless_client(struct role *me)
{
	int ends[2];
	int fd = open_socket(me, SOCK_DGRAM);

	must(close(fd));
	saw(me, "getsockopt, closed", get_any(fd, SOL_SOCKET, SO_TYPE));
	saw(me, "setsockopt, closed", set_any(fd, SOL_SOCKET, SO_REUSEADDR));
	saw(me, "getsockopt, -1", get_any(-1, SOL_SOCKET, SO_TYPE));
	saw(me, "setsockopt, -1", set_any(-1, SOL_SOCKET, SO_REUSEADDR));
	must(pipe(ends));
	saw(me, "getsockopt, pipe", get_any(ends[0], SOL_SOCKET, SO_TYPE));
	saw(me, "setsockopt, pipe", set_any(ends[0], SOL_SOCKET, SO_REUSEADDR));
}

const struct sock_case opt_generic_bad_fd = {
	.claim = "Socket options of a closed descriptor fail with EBADF, of a pipe with ENOTSOCK.",
	.source = "POSIX.1-2024 getsockopt() and setsockopt(), ERRORS EBADF and ENOTSOCK",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.client = socketless_client,
	.expect = {
		{ CLIENT, "getsockopt, closed", FAILS(EBADF) },
		{ CLIENT, "setsockopt, closed", FAILS(EBADF) },
		{ CLIENT, "getsockopt, -1", FAILS(EBADF) },
		{ CLIENT, "setsockopt, -1", FAILS(EBADF) },
		{ CLIENT, "getsockopt, pipe", FAILS(ENOTSOCK) },
		{ CLIENT, "setsockopt, pipe", FAILS(ENOTSOCK) },
	},
};

static void inventive_client(struct role *me)
{
	enum { NO_SUCH_OPTION = 9999 };
	int fd = open_socket(me, SOCK_DGRAM);

	saw(me, "getsockopt", get_any(fd, SOL_SOCKET, NO_SUCH_OPTION));
	saw(me, "setsockopt", set_any(fd, SOL_SOCKET, NO_SUCH_OPTION));
}

#define WHY_UNKNOWN "POSIX has two errors for it; Linux uses ENOPROTOOPT, as getsockopt(2) says"

const struct sock_case opt_generic_unknown_option = {
	.claim = "An option that the system does not know fails with ENOPROTOOPT or EINVAL, on "
		 "Linux with ENOPROTOOPT.",
	.source = "POSIX.1-2024 getsockopt() and setsockopt(), ERRORS ENOPROTOOPT, EINVAL",
	.standing = SHALL,
	.portable = "Treat ENOPROTOOPT and EINVAL alike: the option is not there.",
	.families = INET | INET6 | UNIX,
	.client = inventive_client,
	.expect = {
		{ CLIENT, "getsockopt", ONE_OF(FAILS(ENOPROTOOPT), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(ENOPROTOOPT), .why = WHY_UNKNOWN },
		{ CLIENT, "setsockopt", ONE_OF(FAILS(ENOPROTOOPT), FAILS(EINVAL)),
		  .on[OS_LINUX] = FAILS(ENOPROTOOPT), .why = WHY_UNKNOWN },
	},
};

static void narrow_client(struct role *me)
{
	const int type = SOCK_DGRAM;
	int fd = open_socket(me, SOCK_DGRAM);
	char value[sizeof type];
	socklen_t len = 2;

	memset(value, 'x', sizeof value);
	saw(me, "getsockopt", getsockopt(fd, SOL_SOCKET, SO_TYPE, value, &len));
	saw(me, "length", len);
	saw(me, "first two bytes are the option's", !memcmp(value, &type, 2));
	saw_bytes(me, "bytes behind them", value + 2, 2);
}

const struct sock_case opt_generic_get_truncates = {
	.claim = "getsockopt() into too small a place cuts the value silently and writes no "
		 "further.",
	.source = "POSIX.1-2024 getsockopt(), DESCRIPTION: it shall be silently truncated",
	.standing = SHALL,
	.portable = "Give each option the room of its type: what is cut differs by byte order.",
	.notes = "Windows is said to fail with WSAEFAULT.",
	.families = INET | INET6 | UNIX,
	.client = narrow_client,
	.expect = {
		{ CLIENT, "getsockopt", EQ(0) },
		{ CLIENT, "length", EQ(2) },
		{ CLIENT, "first two bytes are the option's", EQ(1) },
		{ CLIENT, "bytes behind them", TEXT("2:xx") },
	},
};
