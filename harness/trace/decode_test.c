/* decode_test.c -- calls with arguments planted in this process, as text. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "trace/constants.h"
#include "trace/decode.h"

#define AT(pointer) ((uint64_t)(uintptr_t)(pointer))

enum { SHOWN = 8 };

/* What is decoded here has returned; see each test for what else. */
static struct {
	struct registry registry;
	struct table *table;
	unsigned char bytes[SHOWN];
	struct text text;
} it;

static void set_up(void)
{
	registry_start(&it.registry);
	it.table = table_create(&it.registry);
}

static void tear_down(void)
{
	table_release(it.table);
	registry_finish(&it.registry);
	text_finish(&it.text);
}

TestSuite(decode, .init = set_up, .fini = tear_down);

static struct decode prepare(enum trace_call call, const uint64_t *args, long long result)
{
	struct decode d = {
		.tid = getpid(),
		.call = call,
		.args = args,
		.returned = true,
		.result = result,
		.table = it.table,
		.show_bytes = SHOWN,
		.bytes = it.bytes,
		.room = 128,
	};

	decode_data(&d);
	text_clear(&it.text);
	return d;
}

static const char *arguments(enum trace_call call, const uint64_t *args, long long result)
{
	struct decode d = prepare(call, args, result);

	decode_arguments(&d, &it.text);
	return text_get(&it.text);
}

static const char *result_text(enum trace_call call, const uint64_t *args, long long result)
{
	struct decode d = prepare(call, args, result);

	decode_result(&d, &it.text);
	return text_get(&it.text);
}

#define ARGS(...) ((const uint64_t[CALL_ARGS]){ __VA_ARGS__ })

Test(decode, makes_sockets)
{
	cr_expect_str_eq(arguments(CALL_socket, ARGS(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 17), 3),
			 "AF_INET6, SOCK_DGRAM|SOCK_NONBLOCK, IPPROTO_UDP");
	cr_expect_str_eq(arguments(CALL_socket, ARGS(AF_UNIX, 99 & 15, 0), 3),
			 "AF_UNIX, SOCK_RAW, 0");
	cr_expect_str_eq(
		arguments(CALL_socketpair, ARGS(AF_UNIX, SOCK_STREAM, 0, AT(((int[]){ 8, 9 }))), 0),
		"AF_UNIX, SOCK_STREAM, 0, [8, 9]");
}

Test(decode, names_of_inet)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
				    .sin_port = htons(80),
				    .sin_addr.s_addr = htonl(0x7f000001) };
	struct sockaddr_in6 name6 = { .sin6_family = AF_INET6,
				      .sin6_port = htons(443),
				      .sin6_addr = IN6ADDR_LOOPBACK_INIT };

	cr_expect_str_eq(arguments(CALL_bind, ARGS(3, AT(&name), sizeof name), 0),
			 "3, {AF_INET, 127.0.0.1:80}, 16");
	cr_expect_str_eq(arguments(CALL_connect, ARGS(3, AT(&name6), sizeof name6), 0),
			 "3, {AF_INET6, [::1]:443}, 28");
	name6.sin6_scope_id = 2;
	cr_expect_str_eq(arguments(CALL_connect, ARGS(3, AT(&name6), sizeof name6), 0),
			 "3, {AF_INET6, [::1%2]:443}, 28");
	cr_expect_str_eq(arguments(CALL_bind, ARGS(3, AT(&name), 2), -EINVAL), "3, {AF_INET}, 2");
	cr_expect_str_eq(arguments(CALL_bind, ARGS(3, 16, sizeof name), -EFAULT), "3, 0x10, 16");
}

Test(decode, names_of_unix)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "/tmp/a\nb" };
	enum { FAMILY = offsetof(struct sockaddr_un, sun_path) };

	cr_expect_str_eq(arguments(CALL_bind, ARGS(3, AT(&name), sizeof name), 0),
			 "3, {AF_UNIX, /tmp/a\\nb}, 110");
	memcpy(name.sun_path, "\0abc", 4);
	cr_expect_str_eq(arguments(CALL_bind, ARGS(3, AT(&name), FAMILY + 4), 0),
			 "3, {AF_UNIX, @abc}, 6");
	cr_expect_str_eq(arguments(CALL_bind, ARGS(3, AT(&name), FAMILY), 0), "3, {AF_UNIX}, 2");
	/* No zero byte, and none behind it. */
	memset(name.sun_path, 'x', sizeof name.sun_path);
	cr_expect_eq(strlen(arguments(CALL_bind, ARGS(3, AT(&name), sizeof name), 0)),
		     strlen("3, {AF_UNIX, }, 110") + sizeof name.sun_path);
}

Test(decode, given_name_is_not_read_beyond_its_room)
{
	struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(80) };
	uint32_t length = sizeof name;
	const uint64_t *args = ARGS(3, AT(&name), AT(&length));
	struct decode d = prepare(CALL_getsockname, args, 0);

	d.room = 4;
	decode_arguments(&d, &it.text);
	cr_expect_str_eq(text_get(&it.text), "3, {AF_INET}, [16]");
}

Test(decode, data_is_cut_and_quoted)
{
	cr_expect_str_eq(arguments(CALL_write,
				   ARGS(4,
					AT("a\"\\\r\n\x01\xff"
					   "h"),
					8),
				   8),
			 "4, \"a\\\"\\\\\\r\\n\\x01\\xffh\", 8");
	cr_expect_str_eq(arguments(CALL_sendto, ARGS(4, AT("123456789"), 9, MSG_NOSIGNAL), 9),
			 "4, \"12345678\"..., 9, MSG_NOSIGNAL, NULL, 0");
	/* What was to be written is told when it was not; what was not read is not. */
	cr_expect_str_eq(arguments(CALL_write, ARGS(4, AT("abc"), 3), -EAGAIN), "4, \"abc\", 3");
	cr_expect_str_eq(arguments(CALL_read, ARGS(4, 0x1000, 3), -EAGAIN), "4, 0x1000, 3");
	cr_expect_str_eq(arguments(CALL_recvfrom, ARGS(4, AT("abc"), 3, MSG_PEEK), 0),
			 "4, \"\", 3, MSG_PEEK, NULL, NULL");
}

Test(decode, data_that_moved)
{
	const uint64_t *args = ARGS(4, AT("hello"), 5);
	struct decode d = prepare(CALL_write, args, 3);

	cr_expect_eq(d.asked, 5);
	cr_expect_eq(d.moved, 3);
	d = prepare(CALL_read, args, 3);
	cr_expect_eq(d.shown, 3);
	cr_expect_eq(memcmp(it.bytes, "hel", 3), 0);
	d = prepare(CALL_read, args, -EINTR);
	cr_expect_eq(d.moved, 0);
}

Test(decode, vectors)
{
	struct part parts[] = { { AT("ab"), 2 }, { 0, 0 }, { AT("cdefghijk"), 9 } };

	cr_expect_str_eq(arguments(CALL_writev, ARGS(4, AT(parts), 3), 11),
			 "4, [{\"ab\", 2}, {\"\", 0}, {\"cdefgh\"..., 9}], 3");
	cr_expect_str_eq(arguments(CALL_readv, ARGS(4, AT(parts), 3), 4),
			 "4, [{\"ab\", 2}, {\"\", 0}, {\"cd\", 9}], 3");
	cr_expect_str_eq(arguments(CALL_writev, ARGS(4, 8, 3), -EFAULT), "4, 0x8, 3");
}

Test(decode, messages)
{
	struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(53) };
	struct part part = { AT("abc"), 3 };
	struct {
		uint64_t length;
		int level, type, fds[2];
	} control = { sizeof control, SOL_SOCKET, SCM_RIGHTS, { 5, 6 } };
	struct message message = { .name = AT(&name),
				   .name_length = sizeof name,
				   .parts = AT(&part),
				   .part_count = 1,
				   .control = AT(&control),
				   .control_length = sizeof control,
				   .flags = MSG_TRUNC };
	const uint64_t *args = ARGS(4, AT(&message), 0);

	cr_expect_str_eq(arguments(CALL_recvmsg, args, 2),
			 "4, {[{\"ab\", 3}], name {AF_INET, 0.0.0.0:53}, control [SCM_RIGHTS 5 6], "
			 "MSG_TRUNC}, 0");
	struct decode d = prepare(CALL_recvmsg, args, 2);
	decode_peer(&d, &it.text);
	cr_expect_str_eq(text_get(&it.text), "0.0.0.0:53");
	/* A control message that is longer than all of them. */
	control.length = 1000;
	cr_expect_str_eq(arguments(CALL_sendmsg, args, 3),
			 "4, {[{\"abc\", 3}], name {AF_INET, 0.0.0.0:53}, control []}, 0");
}

/* SHOWN bytes of them all. */
Test(decode, many_messages)
{
	struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(53) };
	struct part parts[] = { { AT("abc"), 3 }, { AT("defg"), 4 }, { AT("hij"), 3 } };
	struct message_of_many many[] = {
		{ { .name = AT(&name),
		    .name_length = sizeof name,
		    .parts = AT(&parts[0]),
		    .part_count = 1 },
		  .length = 2 },
		{ { .parts = AT(&parts[1]), .part_count = 2, .flags = MSG_TRUNC }, .length = 7 },
		{ { .parts = 8, .part_count = 1 }, .length = 1 },
	};

	cr_expect_str_eq(arguments(CALL_recvmmsg, ARGS(4, AT(many), 3, MSG_DONTWAIT, 0), 2),
			 "4, [{[{\"ab\", 3}], name {AF_INET, 0.0.0.0:53}, length 2}, "
			 "{[{\"defg\", 4}, {\"hi\"..., 3}], MSG_TRUNC, length 7}, ...], 3, "
			 "MSG_DONTWAIT, NULL");
	cr_expect_str_eq(arguments(CALL_sendmmsg, ARGS(4, AT(many), 1, 0), 1),
			 "4, [{[{\"ab\", 3}], name {AF_INET, 0.0.0.0:53}, length 2}], 1, 0");
	cr_expect_str_eq(arguments(CALL_sendmmsg, ARGS(4, AT(many), 3, 0), 3),
			 "4, [{[{\"ab\", 3}], name {AF_INET, 0.0.0.0:53}, length 2}, "
			 "{[{\"defg\", 4}, {\"hi\"..., 3}], length 7}, {0x8, length 1}], 3, 0");
	cr_expect_str_eq(arguments(CALL_recvmmsg, ARGS(4, 8, 3, 0, 0), -EAGAIN),
			 "4, 0x8, 3, 0, NULL");
	cr_expect_str_eq(arguments(CALL_recvmmsg, ARGS(4, 8, 3, 0, 0), 2), "4, 0x8, 3, 0, NULL");
}

Test(decode, options)
{
	int one = 1, err = ECONNREFUSED;
	uint32_t length = sizeof err;
	struct timeval time = { 1, 500 };

	cr_expect_str_eq(arguments(CALL_setsockopt,
				   ARGS(3, IPPROTO_TCP, TCP_NODELAY, AT(&one), sizeof one), 0),
			 "3, IPPROTO_TCP, TCP_NODELAY, [1], 4");
	cr_expect_str_eq(arguments(CALL_setsockopt,
				   ARGS(3, SOL_SOCKET, SO_RCVTIMEO, AT(&time), sizeof time), 0),
			 "3, SOL_SOCKET, SO_RCVTIMEO, {1, 500}, 16");
	cr_expect_str_eq(
		arguments(CALL_getsockopt, ARGS(3, SOL_SOCKET, SO_ERROR, AT(&err), AT(&length)), 0),
		"3, SOL_SOCKET, SO_ERROR, [-1 ECONNREFUSED], [4]");
	cr_expect_str_eq(arguments(CALL_setsockopt, ARGS(3, 77, 88, AT("ab"), 2), 0),
			 "3, 77, 88, \"ab\", 2");
	cr_expect_str_eq(arguments(CALL_fcntl, ARGS(3, F_SETFL, O_RDWR | O_NONBLOCK), 0),
			 "3, F_SETFL, O_RDWR|O_NONBLOCK");
	cr_expect_str_eq(result_text(CALL_fcntl, ARGS(3, F_GETFL), O_RDWR), "2 (O_RDWR)");
	cr_expect_str_eq(arguments(CALL_shutdown, ARGS(3, SHUT_WR), 0), "3, SHUT_WR");
}

Test(decode, poll)
{
	struct pollfd polled[] = { { 4, POLLIN, POLLIN | POLLHUP },
				   { -1, 0, 0 },
				   { 7, POLLOUT, 0 } };
	const uint64_t *args = ARGS(AT(polled), 3, (uint64_t)-1);

	cr_expect_str_eq(arguments(CALL_poll, args, 1), "[{4, IN}, {-1, 0}, {7, OUT}], 3, -1");
	cr_expect_str_eq(result_text(CALL_poll, args, 1), "1 (fd 4 IN|HUP)");
	cr_expect_str_eq(result_text(CALL_poll, args, 0), "0");
	cr_expect_str_eq(result_text(CALL_poll, args, -EINTR), "-1 EINTR");
}

Test(decode, select)
{
	fd_set set;
	struct timeval time = { 2, 250000 };
	const uint64_t *args = ARGS(70, AT(&set), AT(&set), 0, AT(&time));

	FD_ZERO(&set);
	FD_SET(3, &set);
	FD_SET(69, &set);
	cr_expect_str_eq(arguments(CALL_select, args, 4), "70, [3 69], [3 69], NULL, 2.25 s");
	cr_expect_str_eq(result_text(CALL_select, args, 4), "4 (fd 3 IN|OUT, fd 69 IN|OUT)");
	/* A number that no set has room for is no reason to read on. */
	cr_expect_str_eq(arguments(CALL_select, ARGS((uint64_t)-5, AT(&set)), -EINVAL),
			 "-5, [], NULL, NULL, NULL");
}

Test(decode, epoll)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.u64 = 0x1234 };
	const uint64_t *args = ARGS(9, AT(&event), 1, 0);
	uint64_t tag;

	cr_expect_str_eq(arguments(CALL_epoll_ctl, ARGS(9, EPOLL_CTL_ADD, 4, AT(&event)), 0),
			 "9, EPOLL_CTL_ADD, 4, {IN|ET, 0x1234}");
	cr_expect_str_eq(result_text(CALL_epoll_wait, args, 1), "1 (tag 0x1234 IN|ET)");
	int epoll = epoll_create1(0);
	struct file *file = table_get(it.table, getpid(), epoll);
	cr_assert(decode_epoll_tag(getpid(), AT(&event), &tag));
	map_put(&file->tags, tag, (void *)(intptr_t)(4 + 1));
	cr_expect_str_eq(result_text(CALL_epoll_wait, ARGS((uint64_t)epoll, AT(&event), 1, 0), 1),
			 "1 (fd 4 IN|ET)");
	close(epoll);
}

Test(decode, results)
{
	cr_expect_str_eq(result_text(CALL_accept, ARGS(3), 4), "4");
	cr_expect_str_eq(result_text(CALL_accept, ARGS(3), -EAGAIN), "-1 EAGAIN");
	cr_expect_str_eq(result_text(CALL_accept, ARGS(3), -999), "-1 error 999");
	struct decode d = prepare(CALL_accept, ARGS(3, 0x10, 0x20), 0);
	d.returned = false;
	decode_result(&d, &it.text);
	cr_expect_str_eq(text_get(&it.text), "?");
	text_clear(&it.text);
	decode_arguments(&d, &it.text);
	cr_expect_str_eq(text_get(&it.text), "3, 0x10, 0x20");
}

/* The tables are searched: each must be found. */
Test(constants, one_of_each_table)
{
	static const struct {
		enum constants table;
		unsigned value;
		const char *name;
	} one[] = {
		{ DOMAINS, AF_INET, "AF_INET" },
		{ TYPES, SOCK_DGRAM, "SOCK_DGRAM" },
		{ TYPE_FLAGS, SOCK_CLOEXEC, "SOCK_CLOEXEC" },
		{ INET_PROTOCOLS, IPPROTO_TCP, "IPPROTO_TCP" },
		{ LEVELS, SOL_SOCKET, "SOL_SOCKET" },
		{ SOCKET_OPTIONS, SO_RCVTIMEO, "SO_RCVTIMEO" },
		{ TCP_OPTIONS, TCP_NODELAY, "TCP_NODELAY" },
		{ UDP_OPTIONS, 103, "UDP_SEGMENT" },
		{ INET_OPTIONS, IP_TTL, "IP_TTL" },
		{ INET6_OPTIONS, IPV6_V6ONLY, "IPV6_V6ONLY" },
		{ MSG_FLAGS, MSG_WAITALL, "MSG_WAITALL" },
		{ HOWS, SHUT_WR, "SHUT_WR" },
		{ POLL_EVENTS, POLLHUP, "HUP" },
		{ EPOLL_EVENTS, EPOLLET, "ET" },
		{ EPOLL_OPS, EPOLL_CTL_MOD, "EPOLL_CTL_MOD" },
		{ FCNTLS, F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC" },
		{ FD_FLAGS, FD_CLOEXEC, "FD_CLOEXEC" },
		{ FILE_FLAGS, O_NONBLOCK, "O_NONBLOCK" },
		{ IOCTLS, FIONREAD, "FIONREAD" },
		{ CONTROL_MESSAGES, SCM_RIGHTS, "SCM_RIGHTS" },
		{ CLOSE_RANGE_FLAGS, 2, "CLOSE_RANGE_UNSHARE" },
		{ SPLICE_FLAGS, 4, "SPLICE_F_MORE" },
		{ EPOLL_FLAGS, EPOLL_CLOEXEC, "EPOLL_CLOEXEC" },
	};

	for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
		const char *name = constant_name(one[i].table, one[i].value);
		cr_expect_str_eq(name ? name : "", one[i].name);
	}
	cr_expect_eq(sizeof one / sizeof *one, EPOLL_FLAGS + 1);
}
