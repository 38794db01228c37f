/* apply.c -- carries out disturbances of calls, and undoes what the program must not notice. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "os/os.h"
#include "trace/flip.h"
#include "trace/follow.h"
#include "trace/memory.h"

enum { PARTS_MAX = 1024 }; /* the kernel takes no more */

/* ---- Deciding ---- */

/* The argument that says how many bytes a call may move; -1: a vector does, or nothing. */
static int length_argument(enum trace_call call)
{
	switch (call) {
	case CALL_read:
	case CALL_recvfrom:
	case CALL_write:
	case CALL_sendto:
		return 2;
	case CALL_sendfile:
		return 3;
	case CALL_splice:
		return 4;
	default:
		return -1;
	}
}

static int message_flags(const struct call *call)
{
	switch (call->call) {
	case CALL_recvfrom:
	case CALL_sendto:
		return (int)call->entry.args[3];
	case CALL_recvmsg:
	case CALL_sendmsg:
		return (int)call->entry.args[2];
	default:
		return 0;
	}
}

/* The vector of the call: its parts in new memory, or NULL. */
static struct part *read_parts(const struct thread *thread, uint64_t *ret_at, uint64_t *ret_count)
{
	const struct call *call = &thread->now;
	struct decode d = { .tid = thread->tid, .call = call->call, .args = call->entry.args };

	if (call->call == CALL_recvmmsg || call->call == CALL_sendmmsg ||
	    !decode_vector(&d, ret_at, ret_count) || !*ret_count || *ret_count > PARTS_MAX)
		return NULL;
	size_t size = (size_t)*ret_count * sizeof(struct part);
	struct part *parts = must_alloc(1, size);
	if (memory_get(thread->tid, *ret_at, parts, size))
		return parts;
	free(parts);
	return NULL;
}

static long long length_of(const struct thread *thread)
{
	int index = length_argument(thread->now.call);
	uint64_t at, count;
	long long length = 0;

	if (index >= 0)
		return (long long)thread->now.entry.args[index];
	struct part *parts = read_parts(thread, &at, &count);
	for (uint64_t i = 0; parts && i < count; i++)
		length += (long long)parts[i].length;
	free(parts);
	return length;
}

void apply_decide(struct tracer *tracer, struct thread *thread)
{
	struct call *call = &thread->now;
	enum trace_kind kind = trace_call_kind(call->call);
	bool is_socket = call->file && call->file->kind == FILE_SOCKET;
	bool is_stream = is_socket && call->file->type == SOCK_STREAM;

	call->number = ++tracer->numbers[thread->process->side + 1];
	if (!tracer->setting.faults)
		return;
	struct fault_point point = {
		.call = call->call,
		.side = thread->process->side,
		.process = thread->process->number,
		.connection = is_socket ? call->file->connection : 0,
		.number = call->number,
		.is_socket = is_socket || kind == WAITS,
		.length = kind == READS || kind == WRITES ? length_of(thread) : 0,
	};
	point.may_be_cut =
		is_stream && point.length > 0 && !(message_flags(call) & (MSG_PEEK | MSG_WAITALL));
	call->fault = fault_plan_decide(tracer->setting.faults, &point);
}

/* ---- Fewer bytes ---- */

static bool cut_vector(struct thread *thread)
{
	struct call *call = &thread->now;
	uint64_t at, count, left = (uint64_t)call->fault.amount;
	struct part *parts = read_parts(thread, &at, &count);

	if (!parts)
		return false;
	size_t size = (size_t)count * sizeof *parts;
	bool is_less = false;
	struct part *fewer = must_alloc(1, size);
	for (uint64_t i = 0; i < count; i++) {
		fewer[i] = parts[i];
		if (fewer[i].length > left) {
			fewer[i].length = left;
			is_less = true;
		}
		left -= fewer[i].length;
	}
	bool done = is_less && memory_put(thread->tid, at, fewer, size);
	free(fewer);
	free(call->patch.bytes);
	call->patch = (struct patch){ .at = at, .bytes = parts, .size = size };
	return done;
}

static bool cut(struct thread *thread)
{
	struct call *call = &thread->now;
	int index = length_argument(call->call);

	if (index < 0)
		return cut_vector(thread);
	if ((uint64_t)call->fault.amount >= call->entry.args[index])
		return false;
	call->cut_argument = index;
	return registers_set_argument(thread->tid, (unsigned)index, (uint64_t)call->fault.amount);
}

/* ---- Later ---- */

/* A process that ends when the time has come: its end wakes the tracer where it waits for threads
 * anyway. It holds nothing of the tracer's open, and dies with it. */
static pid_t start_sleeper(long long us)
{
	int64_t until = os_now_us() + us;
	struct timespec time = { .tv_sec = until / 1000000, .tv_nsec = until % 1000000 * 1000 };
	pid_t parent = getpid(), pid = fork();

	if (pid)
		return pid;
	os_die_with_parent();
	if (getppid() != parent) /* it has died before that held */
		_exit(0);
	os_close_range(0, INT_MAX);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
		;
	_exit(0);
}

static bool delay(struct tracer *tracer, struct thread *thread)
{
	pid_t sleeper = start_sleeper(thread->now.fault.amount);

	if (sleeper < 0)
		return false;
	thread->sleeper = sleeper;
	map_put(&tracer->sleepers, (uint64_t)sleeper, thread);
	return true;
}

void apply_sleeper_gone(struct tracer *tracer, struct thread *thread, bool is_reaped)
{
	if (!is_reaped) {
		kill(thread->sleeper, SIGKILL);
		waitpid(thread->sleeper, NULL, 0);
	}
	map_take(&tracer->sleepers, (uint64_t)thread->sleeper);
	thread->sleeper = 0;
}

/* ---- Around the call ---- */

bool apply_at_entry(struct tracer *tracer, struct thread *thread)
{
	struct call *call = &thread->now;

	switch (call->fault.kind) {
	case FAULT_CUT:
		call->fault_done = cut(thread);
		if (!call->fault_done)
			apply_undo(thread);
		return true;
	case FAULT_FAIL:
		call->fault_done = registers_skip(thread->tid);
		return true;
	case FAULT_DELAY:
		call->fault_done = delay(tracer, thread);
		return !call->fault_done;
	default:
		return true;
	}
}

void apply_undo(struct thread *thread)
{
	struct call *call = &thread->now;

	if (call->cut_argument >= 0)
		registers_set_argument(thread->tid, (unsigned)call->cut_argument,
				       call->entry.args[call->cut_argument]);
	call->cut_argument = -1;
	if (call->patch.bytes)
		memory_put(thread->tid, call->patch.at, call->patch.bytes, call->patch.size);
	free(call->patch.bytes);
	call->patch = (struct patch){ 0 };
}

static bool flip_given(const struct thread *thread, int64_t result)
{
	const struct given given = { .tid = thread->tid,
				     .call = thread->now.call,
				     .args = thread->now.entry.args,
				     .result = result,
				     .room = thread->now.room };

	return result >= 0 && flip(&given, (uint64_t)thread->now.fault.amount);
}

int64_t apply_at_exit(struct thread *thread, int64_t result)
{
	struct call *call = &thread->now;
	int64_t seen = result;

	apply_undo(thread);
	if (call->fault.kind == FAULT_FAIL && call->fault_done)
		seen = -call->fault.err;
	else if (call->fault.kind == FAULT_LIE)
		seen = call->fault.value;
	else if (call->fault.kind == FAULT_FLIP)
		call->fault_done = flip_given(thread, result);
	else
		return result;
	if (call->fault.kind == FAULT_LIE)
		call->fault_done = true;
	if (seen != result && !registers_set_result(thread->tid, seen))
		seen = result;
	return seen;
}

/* ---- Telling ---- */

static void put_counted(struct text *to, long long count, const char *one)
{
	text_put_number(to, count);
	text_putc(to, ' ');
	text_put(to, one);
	if (count != 1)
		text_putc(to, 's');
}

void apply_put(struct text *to, const struct call *call)
{
	const struct fault_action *fault = &call->fault;

	switch (fault->kind) {
	case FAULT_CUT:
		text_put(to, "cut to ");
		put_counted(to, fault->amount, "byte");
		break;
	case FAULT_FAIL:
		text_put(to, os_errno_name(fault->err) ? os_errno_name(fault->err) : "failure");
		text_put(to, " instead of the call");
		break;
	case FAULT_DELAY:
		text_put(to, "delayed by ");
		text_put_number(to, fault->amount);
		text_put(to, " us");
		break;
	case FAULT_LIE:
		text_put(to, "said to have returned ");
		decode_number(to, fault->value);
		break;
	case FAULT_FLIP:
		text_put(to, "one bit flipped");
		break;
	case FAULT_NONE:
		break;
	}
}
