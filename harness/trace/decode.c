/* decode.c -- arguments and results of calls as text: a row of functions for each call, one for
 * each of its arguments. */
#include "trace/decode.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>

#include "os/os.h"
#include "trace/address.h"
#include "trace/constants.h"
#include "trace/decode_parts.h"
#include "trace/memory.h"

/* ---- Arguments by themselves ---- */

static void put_int(struct decode *d, struct text *to, int i)
{
	text_put_number(to, (int)d->args[i]);
}

static void put_long(struct decode *d, struct text *to, int i)
{
	text_put_number(to, (long long)d->args[i]);
}

static void put_unsigned(struct decode *d, struct text *to, int i)
{
	text_put_number(to, (unsigned)d->args[i]);
}

static void put_pointer(struct decode *d, struct text *to, int i)
{
	if (d->args[i])
		text_put_hex(to, d->args[i]);
	else
		text_put(to, "NULL");
}

static void put_domain(struct decode *d, struct text *to, int i)
{
	constant_put(to, DOMAINS, (int)d->args[i]);
}

static void put_type(struct decode *d, struct text *to, int i)
{
	enum { TYPE_MASK = 15 };
	unsigned flags = (unsigned)d->args[i] & ~TYPE_MASK;

	constant_put(to, TYPES, (int)(d->args[i] & TYPE_MASK));
	if (flags) {
		text_putc(to, '|');
		constant_put_flags(to, TYPE_FLAGS, flags);
	}
}

/* Behind the domain. */
static void put_protocol(struct decode *d, struct text *to, int i)
{
	int domain = (int)d->args[0];

	if (domain == AF_INET || domain == AF_INET6)
		constant_put(to, INET_PROTOCOLS, (int)d->args[i]);
	else
		put_int(d, to, i);
}

static void put_accept_flags(struct decode *d, struct text *to, int i)
{
	constant_put_flags(to, TYPE_FLAGS, (unsigned)d->args[i]);
}

static void put_msg_flags(struct decode *d, struct text *to, int i)
{
	constant_put_flags(to, MSG_FLAGS, (unsigned)d->args[i]);
}

static void put_how(struct decode *d, struct text *to, int i)
{
	constant_put(to, HOWS, (int)d->args[i]);
}

static void put_file_flags(struct decode *d, struct text *to, int i)
{
	constant_put_flags(to, FILE_FLAGS, (unsigned)d->args[i]);
}

static void put_close_range_flags(struct decode *d, struct text *to, int i)
{
	constant_put_flags(to, CLOSE_RANGE_FLAGS, (unsigned)d->args[i]);
}

static void put_splice_flags(struct decode *d, struct text *to, int i)
{
	constant_put_flags(to, SPLICE_FLAGS, (unsigned)d->args[i]);
}

static void put_epoll_flags(struct decode *d, struct text *to, int i)
{
	constant_put_flags(to, EPOLL_FLAGS, (unsigned)d->args[i]);
}

/* ---- Names of sockets ---- */

/* Its length is in the next argument. */
static void put_address(struct decode *d, struct text *to, int i)
{
	parts_put_address(d, to, d->args[i], (uint32_t)d->args[i + 1]);
}

/* The length that the call has written to where argument i points. */
static bool get_given_length(const struct decode *d, int i, uint32_t *ret_length)
{
	return d->returned && d->result >= 0 && d->args[i] &&
	       memory_get(d->tid, d->args[i], ret_length, sizeof *ret_length);
}

/* A name that the call gives; its length is where the next argument points to. */
static void put_given_address(struct decode *d, struct text *to, int i)
{
	uint32_t length;

	if (!d->args[i] || !get_given_length(d, i + 1, &length))
		put_pointer(d, to, i);
	else
		parts_put_address(d, to, d->args[i], length < d->room ? length : d->room);
}

static void put_given_length(struct decode *d, struct text *to, int i)
{
	uint32_t length;

	if (!get_given_length(d, i, &length)) {
		put_pointer(d, to, i);
		return;
	}
	text_putc(to, '[');
	text_put_number(to, length);
	text_putc(to, ']');
}

/* ---- Data ---- */

static void put_data(struct decode *d, struct text *to, int i)
{
	if (!d->shown && d->asked && !(d->returned && d->result == 0))
		put_pointer(d, to, i);
	else
		text_put_quoted(to, d->bytes, d->shown,
				trace_call_kind(d->call) == READS ? d->moved > (long long)d->shown
								  : d->asked > (long long)d->shown);
}

/* The count is in the next argument. */
static void put_vector(struct decode *d, struct text *to, int i)
{
	parts_put_vector(d, to, d->args[i], d->args[i + 1]);
}

static void put_message(struct decode *d, struct text *to, int i)
{
	parts_put_message(d, to, d->args[i]);
}

/* The count is in the next argument. */
static void put_messages(struct decode *d, struct text *to, int i)
{
	parts_put_messages(d, to, d->args[i], (unsigned)d->args[i + 1]);
}

/* ---- Options ---- */

static void put_level(struct decode *d, struct text *to, int i)
{
	constant_put(to, LEVELS, (int)d->args[i]);
}

static void put_option(struct decode *d, struct text *to, int i)
{
	parts_put_option(to, (int)d->args[1], (int)d->args[i]);
}

static void put_value(struct decode *d, struct text *to, int i)
{
	parts_put_value(d, to, d->args[i], (uint32_t)d->args[i + 1]);
}

static void put_given_value(struct decode *d, struct text *to, int i)
{
	uint32_t length;

	if (!get_given_length(d, i + 1, &length))
		put_pointer(d, to, i);
	else
		parts_put_value(d, to, d->args[i], length < d->room ? length : d->room);
}

static void put_fcntl(struct decode *d, struct text *to, int i)
{
	constant_put(to, FCNTLS, (int)d->args[i]);
}

static void put_fcntl_argument(struct decode *d, struct text *to, int i)
{
	switch ((int)d->args[1]) {
	case F_SETFL:
		put_file_flags(d, to, i);
		break;
	case F_SETFD:
		constant_put_flags(to, FD_FLAGS, (unsigned)d->args[i]);
		break;
	default:
		put_long(d, to, i);
		break;
	}
}

/* Some commands take none: nothing is told of what happens to be in the register. */
static bool has_fcntl_argument(const struct decode *d)
{
	switch ((int)d->args[1]) {
	case F_GETFD:
	case F_GETFL:
	case F_GETOWN:
		return false;
	default:
		return true;
	}
}

static void put_ioctl(struct decode *d, struct text *to, int i)
{
	const char *name = constant_name(IOCTLS, (unsigned)d->args[i]);

	if (name)
		text_put(to, name);
	else
		text_put_hex(to, (unsigned)d->args[i]);
}

static void put_ioctl_argument(struct decode *d, struct text *to, int i)
{
	int value;

	switch ((unsigned)d->args[1]) {
	case FIONREAD:
	case FIONBIO:
	case FIOASYNC:
	case TIOCOUTQ:
		if (memory_get(d->tid, d->args[i], &value, sizeof value)) {
			text_putc(to, '[');
			text_put_number(to, value);
			text_putc(to, ']');
			break;
		}
		/* fall through */
	default:
		put_pointer(d, to, i);
	}
}

static bool has_ioctl_argument(const struct decode *d)
{
	return (unsigned)d->args[1] != FIOCLEX && (unsigned)d->args[1] != FIONCLEX;
}

/* ---- Waiting ---- */

static void put_polled(struct decode *d, struct text *to, int i)
{
	parts_put_polled(d, to, d->args[i], d->args[i + 1]);
}

static void put_set(struct decode *d, struct text *to, int i)
{
	parts_put_set(d, to, d->args[i], (int)d->args[0]);
}

static void put_timeval(struct decode *d, struct text *to, int i)
{
	parts_put_time(d, to, d->args[i], 1000000);
}

static void put_timespec(struct decode *d, struct text *to, int i)
{
	parts_put_time(d, to, d->args[i], 1000000000);
}

static void put_epoll_op(struct decode *d, struct text *to, int i)
{
	constant_put(to, EPOLL_OPS, (int)d->args[i]);
}

static void put_epoll_event(struct decode *d, struct text *to, int i)
{
	parts_put_epoll_event(d, to, d->args[i]);
}

static void put_pair(struct decode *d, struct text *to, int i)
{
	int pair[2];

	if (!d->returned || d->result < 0 || !memory_get(d->tid, d->args[i], pair, sizeof pair)) {
		put_pointer(d, to, i);
		return;
	}
	text_putc(to, '[');
	text_put_number(to, pair[0]);
	text_put(to, ", ");
	text_put_number(to, pair[1]);
	text_putc(to, ']');
}

/* ---- Calls ---- */

typedef void putter(struct decode *, struct text *, int index);

#define NAMES_OF_SOCKET put_int, put_given_address, put_given_length
#define WAITS_EPOLL     put_int, put_pointer, put_int

static putter *const shapes[CALL_COUNT][CALL_ARGS] = {
	[CALL_socket] = { put_domain, put_type, put_protocol },
	[CALL_socketpair] = { put_domain, put_type, put_protocol, put_pair },
	[CALL_bind] = { put_int, put_address, put_int },
	[CALL_listen] = { put_int, put_int },
	[CALL_accept] = { NAMES_OF_SOCKET },
	[CALL_accept4] = { NAMES_OF_SOCKET, put_accept_flags },
	[CALL_connect] = { put_int, put_address, put_int },
	[CALL_shutdown] = { put_int, put_how },
	[CALL_getsockname] = { NAMES_OF_SOCKET },
	[CALL_getpeername] = { NAMES_OF_SOCKET },
	[CALL_setsockopt] = { put_int, put_level, put_option, put_value, put_unsigned },
	[CALL_getsockopt] = { put_int, put_level, put_option, put_given_value, put_given_length },
	[CALL_ioctl] = { put_int, put_ioctl, put_ioctl_argument },
	[CALL_fcntl] = { put_int, put_fcntl, put_fcntl_argument },
	[CALL_read] = { put_int, put_data, put_long },
	[CALL_readv] = { put_int, put_vector, put_long },
	[CALL_recvfrom] = { put_int, put_data, put_long, put_msg_flags, put_given_address,
			    put_given_length },
	[CALL_recvmsg] = { put_int, put_message, put_msg_flags },
	[CALL_recvmmsg] = { put_int, put_messages, put_int, put_msg_flags, put_timespec },
	[CALL_write] = { put_int, put_data, put_long },
	[CALL_writev] = { put_int, put_vector, put_long },
	[CALL_sendto] = { put_int, put_data, put_long, put_msg_flags, put_address, put_int },
	[CALL_sendmsg] = { put_int, put_message, put_msg_flags },
	[CALL_sendmmsg] = { put_int, put_messages, put_int, put_msg_flags },
	[CALL_sendfile] = { put_int, put_int, put_pointer, put_long },
	[CALL_splice] = { put_int, put_pointer, put_int, put_pointer, put_long, put_splice_flags },
	[CALL_poll] = { put_polled, put_int, put_int },
	[CALL_ppoll] = { put_polled, put_int, put_timespec, put_pointer },
	[CALL_select] = { put_int, put_set, put_set, put_set, put_timeval },
	[CALL_pselect6] = { put_int, put_set, put_set, put_set, put_timespec, put_pointer },
	[CALL_epoll_create] = { put_int },
	[CALL_epoll_create1] = { put_epoll_flags },
	[CALL_epoll_ctl] = { put_int, put_epoll_op, put_int, put_epoll_event },
	[CALL_epoll_wait] = { WAITS_EPOLL, put_int },
	[CALL_epoll_pwait] = { WAITS_EPOLL, put_int, put_pointer },
	[CALL_epoll_pwait2] = { WAITS_EPOLL, put_timespec, put_pointer },
	[CALL_dup] = { put_int },
	[CALL_dup2] = { put_int, put_int },
	[CALL_dup3] = { put_int, put_int, put_file_flags },
	[CALL_close] = { put_int },
	[CALL_close_range] = { put_unsigned, put_unsigned, put_close_range_flags },
	[CALL_exit_group] = { put_int },
};

/* Whether the call has an argument i, after all. */
static bool has_argument(const struct decode *d, int i)
{
	if (d->call == CALL_fcntl && i == 2)
		return has_fcntl_argument(d);
	return d->call != CALL_ioctl || i != 2 || has_ioctl_argument(d);
}

void decode_arguments(struct decode *d, struct text *to)
{
	for (int i = 0; i < CALL_ARGS; i++) {
		putter *put = shapes[d->call][i];
		if (!put || !has_argument(d, i))
			return;
		if (i)
			text_put(to, ", ");
		put(d, to, i);
	}
}

bool decode_is_early(enum trace_call call)
{
	return call == CALL_select || call == CALL_pselect6;
}

int decode_room_argument(enum trace_call call)
{
	switch (call) {
	case CALL_accept:
	case CALL_accept4:
	case CALL_getsockname:
	case CALL_getpeername:
		return 2;
	case CALL_getsockopt:
		return 4;
	case CALL_recvfrom:
		return 5;
	default:
		return -1;
	}
}

void decode_number(struct text *to, long long result)
{
	const char *name = result < 0 ? os_errno_name((int)-result) : NULL;

	if (result >= 0 || result < -4095) {
		text_put_number(to, result);
		return;
	}
	text_put(to, "-1 ");
	if (name) {
		text_put(to, name);
	} else {
		text_put(to, "error ");
		text_put_number(to, -result);
	}
}

static void put_result_flags(struct decode *d, struct text *to)
{
	long long value = d->result;

	text_put_number(to, value);
	if (value <= 0)
		return;
	text_put(to, " (");
	if ((int)d->args[1] == F_GETFL)
		constant_put_flags(to, FILE_FLAGS, (unsigned long long)value);
	else
		constant_put_flags(to, FD_FLAGS, (unsigned long long)value);
	text_putc(to, ')');
}

void decode_result(struct decode *d, struct text *to)
{
	int command = (int)d->args[1];

	if (!d->returned)
		text_putc(to, '?');
	else if (d->result > 0 && trace_call_kind(d->call) == WAITS)
		parts_put_ready(d, to);
	else if (d->result >= 0 && d->call == CALL_fcntl &&
		 (command == F_GETFL || command == F_GETFD))
		put_result_flags(d, to);
	else
		decode_number(to, d->result);
}

void decode_peer(struct decode *d, struct text *to)
{
	uint32_t length;

	switch (d->call) {
	case CALL_sendto:
		parts_put_name(d, to, d->args[4], (uint32_t)d->args[5]);
		break;
	case CALL_recvfrom:
		if (d->args[4] && get_given_length(d, 5, &length))
			parts_put_name(d, to, d->args[4], length < d->room ? length : d->room);
		break;
	case CALL_sendmsg:
		parts_put_message_name(d, to);
		break;
	case CALL_recvmsg:
		if (d->returned && d->result >= 0)
			parts_put_message_name(d, to);
		break;
	default:
		break;
	}
}
