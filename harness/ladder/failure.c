/* failure.c -- which failures of calls matter, and whether what follows respects them. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "ladder/lives.h"

/* These say "not now", or that it was done already. */
static bool is_no_failure(long long err)
{
	return err == EAGAIN || err == EWOULDBLOCK || err == EINTR || err == EINPROGRESS ||
	       err == EALREADY || err == EISCONN;
}

bool failure_counts(const struct trace_event *event)
{
	long long err = -event->result;
	enum trace_kind kind = trace_call_kind(event->call);

	if (event->result >= 0 || is_no_failure(err) || err == EBADF || event->unfinished)
		return false;
	/* A message that failed says nothing about the next. */
	if ((kind == READS || kind == WRITES) && event->type != SOCK_STREAM &&
	    event->type != SOCK_SEQPACKET)
		return false;
	switch (event->call) {
	case CALL_setsockopt: /* what a system does not have, a program may do without */
		return err == EINVAL || err == EDOM || err == ENOTSOCK;
	case CALL_bind:
	case CALL_listen:
	case CALL_connect:
		return true;
	default:
		return kind == READS || kind == WRITES || kind == ACCEPTS;
	}
}

static bool is_same_call(const struct trace_event *a, const struct trace_event *b)
{
	enum trace_kind kind = trace_call_kind(a->call);

	/* read() and recv() are one way of asking for the same. */
	if (kind == READS || kind == WRITES || kind == ACCEPTS)
		return kind == trace_call_kind(b->call);
	return a->call == b->call;
}

enum answer failure_answer(const struct trace_event *failed, const struct trace_event *next)
{
	enum trace_kind kind = trace_call_kind(next->call);
	long long err = -failed->result;

	/* Nothing can be sent after these, however often it is tried. */
	if (trace_call_kind(failed->call) == WRITES && kind == WRITES)
		return err == EPIPE || err == ECONNRESET ? ANSWER_IGNORED : ANSWER_MINDED;
	if (is_same_call(failed, next))
		return ANSWER_MINDED;
	/* What the peer sent before it went may still be read. */
	if (trace_call_kind(failed->call) == WRITES && kind == READS)
		return ANSWER_MINDED;
	switch (next->call) {
	case CALL_close:
	case CALL_close_range:
	case CALL_shutdown:
		return ANSWER_MINDED;
	case CALL_getsockopt:
		return strstr(next->arguments, "SO_ERROR") ? ANSWER_MINDED : ANSWER_NONE;
	default:
		break;
	}
	/* Another bind() may need another option. An option that failed is not minded by data. */
	if (kind == COPIES || kind == WAITS || kind == ENDS || next->call == CALL_setsockopt ||
	    next->call == CALL_fcntl || next->call == CALL_ioctl ||
	    next->call == CALL_getsockname || next->call == CALL_getpeername)
		return ANSWER_NONE;
	return ANSWER_IGNORED;
}
