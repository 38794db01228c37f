/* flip_test.c -- results and data that are told wrong: a program of this file's own makes one call,
 * which is made as ever; what it was given differs in what the fault says, and in nothing else. */
#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "trace/tracer.h"

enum { DATA = 5, ROOM = 64, GUARD = 64, FLIPS = 12 };

/* What the program was given, in memory that it shares with the test. Its room is surrounded by
 * zeroes that are nobody's. */
struct seen {
	unsigned char before[GUARD];
	unsigned char given[ROOM]; /* data, name, value or answer */
	unsigned char behind[GUARD];
	unsigned char other[ROOM]; /* its length, and what else the call fills */
	long long result;
	int err;
};

/* Makes its call on a socket of a connected pair, in which DATA bytes wait. The call itself, not
 * the library's function: that one may believe what it is told, as sanitizers do. */
typedef long long act(int fd, struct seen *seen);

static long long act_read(int fd, struct seen *seen)
{
	return syscall(SYS_read, fd, seen->given, ROOM);
}

static long long act_recv(int fd, struct seen *seen)
{
	return syscall(SYS_recvfrom, fd, seen->given, ROOM, 0, NULL, NULL);
}

static long long act_readv(int fd, struct seen *seen)
{
	struct iovec parts[] = { { seen->given, 2 }, { seen->given + 10, 20 } };

	return syscall(SYS_readv, fd, parts, 2);
}

static long long act_recvmsg(int fd, struct seen *seen)
{
	struct iovec part = { seen->given, ROOM };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	long long result = syscall(SYS_recvmsg, fd, &message, 0);

	memcpy(seen->other, &message.msg_flags, sizeof message.msg_flags);
	return result;
}

static long long act_recvmmsg(int fd, struct seen *seen)
{
	struct iovec part = { seen->given, ROOM };
	struct mmsghdr one = { .msg_hdr = { .msg_iov = &part, .msg_iovlen = 1 } };
	long long result = syscall(SYS_recvmmsg, fd, &one, 1, 0, NULL);

	memcpy(seen->other, &one.msg_len, sizeof one.msg_len);
	return result;
}

/* More is told to have come than there was room for. */
static long long act_recv_cut(int fd, struct seen *seen)
{
	return syscall(SYS_recvfrom, fd, seen->given + ROOM - 2, 2, MSG_TRUNC, NULL, NULL);
}

static long long name_of(int fd, struct seen *seen, socklen_t room)
{
	/* At the end of it, so that what is behind it would be hit. */
	long result = syscall(SYS_getsockname, fd, seen->given + ROOM - room, &room);

	memcpy(seen->other, &room, sizeof room);
	return result;
}

static long long act_getsockname(int fd, struct seen *seen)
{
	return name_of(fd, seen, ROOM);
}

/* The name is longer than this. */
static long long act_getsockname_cut(int fd, struct seen *seen)
{
	return name_of(fd, seen, 1);
}

static long long act_getsockopt(int fd, struct seen *seen)
{
	socklen_t room = sizeof(int);
	long result = syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, seen->given, &room);

	memcpy(seen->other, &room, sizeof room);
	return result;
}

static long long act_accept(int fd, struct seen *seen)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t room = ROOM;

	/* Two letters make the system choose a name. */
	close(fd);
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), caller = socket(AF_UNIX, SOCK_STREAM, 0);
	socklen_t length = sizeof name;
	if (bind(listener, (struct sockaddr *)&name, sizeof name.sun_family) ||
	    listen(listener, 1) || getsockname(listener, (struct sockaddr *)&name, &length) ||
	    connect(caller, (struct sockaddr *)&name, length))
		return -1;
	long conn = syscall(SYS_accept4, listener, seen->given, &room, 0);
	memcpy(seen->other, &room, sizeof room);
	return conn;
}

static long long act_poll(int fd, struct seen *seen)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };
	long long result = syscall(SYS_ppoll, &one, 1, &(struct timespec){ 0 }, NULL, 0);

	memcpy(seen->given, &one, sizeof one);
	return result;
}

static long long act_select(int fd, struct seen *seen)
{
	fd_set set;
	struct timespec now = { 0 };

	FD_ZERO(&set);
	FD_SET(fd, &set);
	long long result = syscall(SYS_pselect6, fd + 1, &set, NULL, NULL, &now, NULL);
	memcpy(seen->given, &set, ROOM);
	return result;
}

static long long act_epoll(int fd, struct seen *seen)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = 7 };
	int epoll = epoll_create1(0);

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		return -1;
	event = (struct epoll_event){ 0 };
	long long result = syscall(SYS_epoll_pwait, epoll, &event, 1, 0, NULL, 0);
	memcpy(seen->given, &event, sizeof event);
	return result;
}

struct row {
	const char *name;
	act *act;
	enum trace_call call;
	int type;
};

static const struct row rows[] = {
	{ "read", act_read, CALL_read, SOCK_STREAM },
	{ "recv", act_recv, CALL_recvfrom, SOCK_STREAM },
	{ "recv cut", act_recv_cut, CALL_recvfrom, SOCK_DGRAM },
	{ "readv", act_readv, CALL_readv, SOCK_STREAM },
	{ "recvmsg", act_recvmsg, CALL_recvmsg, SOCK_DGRAM },
	{ "recvmmsg", act_recvmmsg, CALL_recvmmsg, SOCK_DGRAM },
	{ "getsockname", act_getsockname, CALL_getsockname, SOCK_STREAM },
	{ "getsockname cut", act_getsockname_cut, CALL_getsockname, SOCK_STREAM },
	{ "getsockopt", act_getsockopt, CALL_getsockopt, SOCK_STREAM },
	{ "accept", act_accept, CALL_accept4, SOCK_STREAM },
	{ "poll", act_poll, CALL_ppoll, SOCK_STREAM },
	{ "select", act_select, CALL_pselect6, SOCK_STREAM },
	{ "epoll", act_epoll, CALL_epoll_pwait, SOCK_STREAM },
};

static long long act_fail(int fd, struct seen *seen)
{
	return syscall(SYS_recvfrom, fd, seen->given, ROOM, MSG_OOB, NULL, NULL);
}

/* ---- A traced run ---- */

/* What was told of the row's call. */
struct told {
	const struct row *row;
	unsigned number; /* of the last such call; 0: none was told */
	long long result;
	bool disturbed;
};

static void take_event(void *context, const struct trace_event *event)
{
	struct told *told = context;

	if (event->what != TRACE_CALL || event->call != told->row->call)
		return;
	told->number = event->number;
	told->result = event->result;
	told->disturbed = *event->fault;
}

static void be_program(const struct row *row, struct seen *seen)
{
	int pair[2];

	if (socketpair(AF_UNIX, row->type, 0, pair) || send(pair[0], "hello", DATA, 0) != DATA)
		_exit(1);
	errno = 0;
	seen->result = row->act(pair[1], seen);
	seen->err = errno;
	_exit(0);
}

static struct told run(const struct row *row, struct fault_plan *plan, struct seen *ret_seen)
{
	struct told told = { .row = row };
	struct tracer_setting setting = { .faults = plan, .sink = take_event, .context = &told };
	struct tracer *tracer = tracer_create(&setting);
	struct seen *seen =
		mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct trace_gate gate;
	int status = 0;

	cr_assert(tracer && seen != MAP_FAILED && trace_gate_open(&gate));
	pid_t pid = fork();
	if (!pid) {
		if (!tracer_consent(&gate))
			_exit(2);
		be_program(row, seen);
	}
	cr_assert(pid > 0 && tracer_follow(tracer, &gate, pid, SIDE_NONE));
	for (enum tracer_took took = TRACER_STOP; took != TRACER_ENDED;) {
		pid_t got = tracer_wait(&status);
		cr_assert_gt(got, 0);
		took = tracer_take(tracer, got, status);
	}
	cr_assert(WIFEXITED(status) && !WEXITSTATUS(status), "%s: status %d", row->name, status);
	tracer_destroy(tracer);
	*ret_seen = *seen;
	munmap(seen, sizeof *seen);
	return told;
}

static struct told run_with(const struct row *row, unsigned number, struct fault_action action,
			    struct seen *ret_seen)
{
	struct fault_plan *plan = fault_plan_single(SIDE_NONE, number, action);

	cr_assert_not_null(plan);
	struct told told = run(row, plan, ret_seen);
	fault_plan_destroy(plan);
	return told;
}

static unsigned bits_between(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;
	unsigned bits = 0;

	for (size_t i = 0; i < n; i++)
		bits += (unsigned)__builtin_popcount((unsigned)(x[i] ^ y[i]));
	return bits;
}

static void skip_where_nothing_is_traced(void)
{
	if (tracer_why_not())
		cr_skip_test("nothing can be traced here");
}

/* ---- Tests ---- */

Test(flip, one_bit_of_what_was_given)
{
	skip_where_nothing_is_traced();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct seen plain, wrong;
		struct told told = run(row, NULL, &plain);
		cr_assert(told.number && plain.result >= 0, "%s", row->name);
		for (long long which = 0; which < FLIPS; which++) {
			struct fault_action flip = { .kind = FAULT_FLIP, .amount = which };
			struct told again = run_with(row, told.number, flip, &wrong);
			cr_expect(again.disturbed, "%s %lld", row->name, which);
			cr_expect_eq(wrong.result, plain.result, "%s %lld", row->name, which);
			cr_expect_eq(wrong.err, plain.err, "%s %lld", row->name, which);
			unsigned bits = bits_between(&plain, &wrong, offsetof(struct seen, result));
			cr_expect_eq(bits, 1, "%s %lld: %u bits", row->name, which, bits);
			cr_expect_eq(bits_between(plain.before, wrong.before, GUARD) +
					     bits_between(plain.behind, wrong.behind, GUARD),
				     0, "%s %lld: outside of the room", row->name, which);
		}
	}
}

/* All bits that can be are wrong in some run: flips go through data, lengths and answers. */
Test(flip, goes_round)
{
	skip_where_nothing_is_traced();
	static const struct row asks = { "getsockopt", act_getsockopt, CALL_getsockopt,
					 SOCK_STREAM };
	struct seen plain, wrong;
	unsigned of_value = 0, of_length = 0;
	struct told told = run(&asks, NULL, &plain);

	for (long long which = 0; which < FLIPS; which++) {
		struct fault_action flip = { .kind = FAULT_FLIP, .amount = which };
		run_with(&asks, told.number, flip, &wrong);
		of_value += bits_between(plain.given, wrong.given, ROOM);
		of_length += bits_between(plain.other, wrong.other, ROOM);
	}
	cr_expect_eq(of_value, FLIPS / 2);
	cr_expect_eq(of_length, FLIPS / 2);
}

/* The call was made, and gave what it gives; only its result is another. */
Test(flip, lies_change_the_result_alone)
{
	static const long long values[] = { 0, 1, 3, 70000, -EIO, -EINTR };

	skip_where_nothing_is_traced();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct seen plain, wrong;
		struct told told = run(row, NULL, &plain);
		for (size_t j = 0; j < sizeof values / sizeof *values; j++) {
			struct fault_action lie = { .kind = FAULT_LIE, .value = values[j] };
			struct told again = run_with(row, told.number, lie, &wrong);
			long long want = values[j] < 0 ? -1 : values[j];
			cr_expect_eq(wrong.result, want, "%s: %lld", row->name, wrong.result);
			cr_expect_eq(wrong.err, values[j] < 0 ? (int)-values[j] : plain.err, "%s",
				     row->name);
			cr_expect(again.disturbed && again.result == values[j], "%s", row->name);
			cr_expect_eq(bits_between(&plain, &wrong, offsetof(struct seen, result)), 0,
				     "%s: data changed", row->name);
		}
	}
}

/* What gave nothing cannot be wrong, and is not said to be. */
Test(flip, failures_have_no_data)
{
	static const struct row fails = { "fails", act_fail, CALL_recvfrom, SOCK_STREAM };
	const struct fault_action flip = { .kind = FAULT_FLIP };
	struct seen plain, wrong;

	skip_where_nothing_is_traced();
	struct told told = run(&fails, NULL, &plain), again;
	cr_assert(told.number && plain.result < 0);
	again = run_with(&fails, told.number, flip, &wrong);
	cr_expect_not(again.disturbed);
	cr_expect_eq(bits_between(&plain, &wrong, sizeof plain), 0);
}
