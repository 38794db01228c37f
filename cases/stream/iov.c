/* iov.c -- readv() and writev(): the order of buffers, and lists that are wrong. */
#include "case.h"

static struct iovec part(void *bytes, size_t n)
{
	return (struct iovec){ .iov_base = bytes, .iov_len = n };
}

static void reading_server(struct role *me)
{
	saw_to_end(me, "peer got", accept_peer(me));
}

/* Shows that the connection is unharmed, and ends it. */
static void send_mark_and_close(int fd)
{
	send_all(fd, "x", 1);
	must(close(fd));
}

static void gathering_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char one[] = "one,";
	char two[] = "two,";
	char three[] = "three";
	struct iovec parts[] = { part(one, 4), part(two, 4), part(three, 5) };

	saw(me, "writev", writev(fd, parts, 3));
	send_mark_and_close(fd);
}

const struct sock_case writev_gathers_in_order = {
	.claim = "writev() sends its buffers in the order of the list, as one stretch of the "
		 "stream.",
	.source = "POSIX.1-2024 writev(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = reading_server,
	.client = gathering_client,
	.expect = {
		{ CLIENT, "writev", EQ(13) },
		{ SERVER, "peer got", TEXT("14:one,two,threex") },
	},
};

static void sending_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abcdefg", 7);
	meet(me, "read");
}

static void scattering_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char first[] = "---";
	char second[] = "--";
	char third[] = "----";
	struct iovec parts[] = { part(first, 3), part(second, 2), part(third, 2) };

	wait_queued(me, fd, 7);
	saw(me, "readv", readv(fd, parts, 3));
	saw_text(me, "first buffer", first);
	saw_text(me, "second buffer", second);
	saw_text(me, "third buffer", third);
	meet(me, "read");
}

const struct sock_case readv_scatters = {
	.claim = "readv() fills each buffer of the list before it goes on to the next, and writes "
		 "past none.",
	.source = "POSIX.1-2024 readv(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = sending_server,
	.client = scattering_client,
	.expect = {
		{ CLIENT, "readv", EQ(7) },
		{ CLIENT, "first buffer", TEXT("abc") },
		{ CLIENT, "second buffer", TEXT("de") },
		{ CLIENT, "third buffer", TEXT("fg--") },
	},
};

static void roomy_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char first[] = "----";
	char second[] = "--------";
	char third[] = "--";
	struct iovec parts[] = { part(first, 4), part(second, 8), part(third, 2) };

	wait_queued(me, fd, 7);
	saw(me, "readv", readv(fd, parts, 3));
	saw_text(me, "first buffer", first);
	saw_text(me, "second buffer", second);
	saw_text(me, "third buffer", third);
	meet(me, "read");
}

const struct sock_case readv_short = {
	.claim = "readv() with more room than data returns what is queued and waits for nothing "
		 "further.",
	.source = "POSIX.1-2024 readv(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = sending_server,
	.client = roomy_client,
	.expect = {
		{ CLIENT, "readv", EQ(7) },
		{ CLIENT, "first buffer", TEXT("abcd") },
		{ CLIENT, "second buffer", TEXT("efg-----") },
		{ CLIENT, "third buffer", TEXT("--") },
	},
};

static void listless_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[] = "abc";
	struct iovec unused = part(bytes, 3);

	saw(me, "writev of 0 buffers", writev(fd, &unused, 0));
	send_mark_and_close(fd);
}

const struct sock_case writev_iovcnt_zero = {
	.claim = "writev() with a list of 0 buffers sends nothing; it may return 0 or fail.",
	.source = "POSIX.1-2024 writev(), ERRORS EINVAL (may fail)",
	.standing = MAY,
	.portable = "Do not call writev() with an empty list.",
	.notes = "FreeBSD is said to fail with EINVAL.",
	.families = INET | INET6 | UNIX,
	.server = reading_server,
	.client = listless_client,
	.expect = {
		{ CLIENT, "writev of 0 buffers", ONE_OF(EQ(0), FAILS(EINVAL)),
		  .on[OS_LINUX] = EQ(0), .why = "Linux takes it for a write of 0 bytes" },
		{ SERVER, "peer got", TEXT("1:x"), .standing = SHALL },
	},
};

static void counting_server(struct role *me)
{
	int conn = accept_peer(me);
	long long limit = recv_number(me);
	char bytes[4096];
	long long total = 0;

	send_all(conn, "abc", 3);
	for (ssize_t n; (n = must(recv(conn, bytes, sizeof bytes, 0))) > 0;)
		total += n;
	saw_value(me, "bytes beyond IOV_MAX", total - limit);
}

static void long_winded_client(struct role *me)
{
	int fd = connect_to_peer(me);
	long limit = sysconf(_SC_IOV_MAX);
	char byte = 'a';

	if (limit == -1)
		unsupported(me, "this system sets no limit to the list");
	struct iovec *list = calloc((size_t)limit + 1, sizeof *list);
	must_be(list != NULL);
	for (long i = 0; i <= limit; i++)
		list[i] = part(&byte, 1);
	send_number(me, limit);
	ssize_t n = writev(fd, list, (int)limit);
	saw(me, "writev of IOV_MAX sends all", n == limit ? 1 : n);
	saw(me, "writev of IOV_MAX + 1", writev(fd, list, (int)limit + 1));
	wait_queued(me, fd, 3);
	set_nonblocking(fd);
	saw(me, "readv of IOV_MAX + 1", readv(fd, list, (int)limit + 1));
	saw(me, "readv of IOV_MAX", readv(fd, list, (int)limit));
	must(close(fd));
	free(list);
}

const struct sock_case writev_iovcnt_too_big = {
	.claim = "readv() and writev() take IOV_MAX buffers; with one more they may fail with "
		 "EINVAL, and then they move nothing.",
	.source = "POSIX.1-2024 writev(), ERRORS EINVAL (may fail)",
	.standing = MAY,
	.portable = "Send long lists in portions of sysconf(_SC_IOV_MAX) buffers.",
	.families = INET | INET6 | UNIX,
	.server = counting_server,
	.client = long_winded_client,
	.expect = {
		{ CLIENT, "writev of IOV_MAX sends all", EQ(1), .standing = SHALL },
		{ CLIENT, "writev of IOV_MAX + 1", ANY, .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux has the limit UIO_MAXIOV, 1024, and reports it so" },
		{ CLIENT, "readv of IOV_MAX + 1", ANY, .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux has the limit UIO_MAXIOV, 1024, and reports it so" },
		{ CLIENT, "readv of IOV_MAX", ANY, .on[OS_LINUX] = EQ(3),
		  .why = "the failed readv() has left the three bytes" },
		{ SERVER, "bytes beyond IOV_MAX", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "the failed writev() has sent none" },
	},
};

static void overflowing_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[] = "abc";
	struct iovec negative[] = { part(bytes, 3), part(bytes, (size_t)-1) };
	struct iovec huge[] = { part(bytes, 3), part(bytes, SSIZE_MAX) };

	saw(me, "writev of a negative length", writev(fd, negative, 2));
	saw(me, "writev of SSIZE_MAX + 3", writev(fd, huge, 2));
	send_mark_and_close(fd);
}

const struct sock_case writev_total_overflow = {
	.claim = "writev() whose lengths sum to more than SSIZE_MAX fails with EINVAL and sends "
		 "nothing.",
	.source = "POSIX.1-2024 writev(), ERRORS EINVAL",
	.standing = SHALL,
	.portable = "Check the sum before the call; take EFAULT for EINVAL.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.server = reading_server,
	.client = overflowing_client,
	.expect = {
		{ CLIENT, "writev of a negative length", FAILS(EINVAL) },
		{ CLIENT, "writev of SSIZE_MAX + 3", FAILS(EINVAL), .on[OS_LINUX] = FAILS(EFAULT),
		  .standing = SHALL,
		  .why = "Linux looks at each length alone; this one leaves the address space" },
		{ SERVER, "peer got", TEXT("1:x") },
	},
};

static void nothing_to_read_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[] = "abc";
	struct iovec parts[] = { part(no_access(), 3), part(bytes, 3) };

	saw(me, "writev", writev(fd, parts, 2));
	send_mark_and_close(fd);
}

const struct sock_case writev_bad_base_first = {
	.claim = "On Linux writev() whose first buffer cannot be read fails with EFAULT and sends "
		 "nothing.",
	.source = "write(2), ERRORS EFAULT; POSIX.1-2024 writev(), ERRORS does not speak of a bad "
		  "buffer",
	.standing = SYSTEM,
	.portable = "Nothing may be relied on after a bad pointer, not even an error.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.server = reading_server,
	.client = nothing_to_read_client,
	.expect = {
		{ CLIENT, "writev", FAILS(EFAULT) },
		{ SERVER, "peer got", TEXT("1:x") },
	},
};

static void half_readable_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[] = "abcde";
	struct iovec parts[] = { part(bytes, 5), part(no_access(), 5) };

	saw(me, "writev", writev(fd, parts, 2));
	send_mark_and_close(fd);
}

const struct sock_case writev_bad_base_second = {
	.claim = "writev() whose second buffer cannot be read may fail with EFAULT or send only "
		 "the first.",
	.source = "POSIX.1-2024 writev(), ERRORS does not speak of a bad buffer; write(2), ERRORS "
		  "EFAULT",
	.standing = MAY,
	.portable = "Nothing may be relied on after a bad pointer, not even an error.",
	.notes = "Elsewhere the bytes before the bad buffer are said to be sent and counted.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.server = reading_server,
	.client = half_readable_client,
	.expect = {
		{ CLIENT, "writev", ONE_OF(FAILS(EFAULT), EQ(5)), .on[OS_LINUX] = FAILS(EFAULT),
		  .why = "Linux copies short lists in one step and drops it when it fails" },
		{ SERVER, "peer got", ONE_OF(TEXT("1:x"), TEXT("6:abcdex")),
		  .on[OS_LINUX] = TEXT("1:x"), .why = "the step that failed is taken back" },
	},
};
