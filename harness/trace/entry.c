/* entry.c -- a call is about to be made: whether it is told, and whether it is disturbed. */
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>

#include "os/os.h"
#include "trace/follow.h"
#include "trace/memory.h"

/* The descriptor that a call is about; -1: none, or several. */
static int descriptor_of(struct thread *thread, enum trace_call call, const uint64_t *args)
{
	switch (call) {
	case CALL_epoll_ctl:
		return (int)args[2];
	case CALL_splice: /* out of a pipe into a socket, or the other way */
		if (table_get(thread->table, thread->tid, (int)args[2])->kind == FILE_SOCKET)
			return (int)args[2];
		return (int)args[0];
	case CALL_epoll_create:
	case CALL_epoll_create1:
	case CALL_close_range:
		return -1;
	default:
		break;
	}
	switch (trace_call_kind(call)) {
	case MAKES:
	case WAITS:
	case ENDS:
	case DENIED:
		return -1;
	default:
		return (int)args[0];
	}
}

/* Of an instance of epoll all is told, as of a socket. Calls that make sense with sockets only are
 * told with anything else, too: they fail, and the program may not have noticed. */
static bool is_for_sockets(enum trace_call call)
{
	switch (call) {
	case CALL_ioctl:
	case CALL_fcntl:
	case CALL_read:
	case CALL_readv:
	case CALL_write:
	case CALL_writev:
	case CALL_sendfile:
	case CALL_splice:
	case CALL_epoll_ctl:
	case CALL_dup:
	case CALL_dup2:
	case CALL_dup3:
	case CALL_close:
	case CALL_close_range:
		return false;
	default:
		return true;
	}
}

static bool was_followed(const struct file *file)
{
	return file_is_followed(file) || (file && file->kind == FILE_CLOSED);
}

static bool is_told(const struct thread *thread, enum trace_call call, const uint64_t *args,
		    const struct file *file)
{
	if (is_for_sockets(call) || was_followed(file))
		return true;
	if (call == CALL_dup2 || call == CALL_dup3) {
		return file_is_followed(table_known(thread->table, (int)args[1]));
	}
	return call == CALL_close_range &&
	       table_followed(thread->table, (unsigned)args[0], (unsigned)args[1]) > 0;
}

/* An interrupted call that the kernel makes again, for which it goes back to the instruction. What
 * a program makes again itself comes after its event: it is no longer among them. */
static bool is_made_again(const struct call *call, const struct call_entry *entry)
{
	if (!call || call->entry.ip != entry->ip || call->entry.sp != entry->sp)
		return false;
	if (call_of_number(entry->number) == CALL_RESTART)
		return true;
	if (call->entry.number != entry->number)
		return false;
	for (int i = 0; i < CALL_ARGS; i++)
		if (call->entry.args[i] != entry->args[i])
			return false;
	return true;
}

static void make_again(struct tracer *tracer, struct thread *thread)
{
	struct call *call = thread->interrupted;

	thread->interrupted = call->outer;
	thread->now = *call;
	thread->in_call = true;
	free(call);
	/* A delay is over, and a failure never came to be interrupted: a cut is made again. */
	if (thread->now.fault.kind == FAULT_CUT)
		apply_at_entry(tracer, thread);
	thread_go_on(thread, 0);
}

/* Names and values that the call gives may be longer than the room for them. */
static void note_room(struct thread *thread)
{
	struct call *call = &thread->now;
	int index = decode_room_argument(call->call);
	struct message message;

	if (call->call == CALL_recvmsg &&
	    memory_get(thread->tid, call->entry.args[1], &message, sizeof message))
		call->room = message.name_length;
	if (index >= 0 && call->entry.args[index] &&
	    !memory_get(thread->tid, call->entry.args[index], &call->room, sizeof call->room))
		call->room = 0;
}

static void note_arguments(struct tracer *tracer, struct thread *thread)
{
	struct call *call = &thread->now;
	struct decode d;

	if (!decode_is_early(call->call))
		return;
	tell_prepare(tracer, thread, call, &d);
	decode_arguments(&d, &call->arguments);
	call->has_arguments = true;
}

static void begin_call(struct tracer *tracer, struct thread *thread, enum trace_call which,
		       const struct call_entry *entry, int fd, struct file *file)
{
	thread->now = (struct call){
		.call = which,
		.entry = *entry,
		.start_us = tracer_now(tracer, os_now_us()),
		.fd = fd,
		.file = fd >= 0 ? file_hold(file) : NULL,
		.cut_argument = -1,
	};
	thread->in_call = true;
	if (file && file->kind == FILE_SOCKET && !file->looked)
		file_look(file, thread->process->pid, fd);
	note_room(thread);
	note_arguments(tracer, thread);
}

/* It does not return: there is nothing to wait for. */
static void enter_end(struct tracer *tracer, struct thread *thread)
{
	tell_call(tracer, thread, &thread->now, false, 0, 0, NULL);
	thread->in_call = false;
	call_finish(&thread->now);
	thread_go_on(thread, 0);
}

static void enter_call(struct tracer *tracer, struct thread *thread, enum trace_call which,
		       const struct call_entry *entry)
{
	int fd = descriptor_of(thread, which, entry->args);
	struct file *file = fd < 0 ? NULL : table_get(thread->table, thread->tid, fd);

	if (!is_told(thread, which, entry->args, file)) {
		effect_at_entry(thread, which, entry);
		thread_go_on(thread, 0);
		return;
	}
	begin_call(tracer, thread, which, entry, fd, file);
	if (trace_call_kind(which) == ENDS) {
		enter_end(tracer, thread);
		return;
	}
	apply_decide(tracer, thread);
	if (thread->now.fault.kind != FAULT_FAIL)
		effect_at_entry(thread, which, entry);
	if (apply_at_entry(tracer, thread))
		thread_go_on(thread, 0);
}

void thread_enters(struct tracer *tracer, struct thread *thread)
{
	struct call_entry entry;
	int64_t result;
	unsigned which = CALL_ALL;

	if (registers_read(thread->tid, &entry, &result) == STOP_ENTRY)
		which = call_of_number(entry.number);
	if (which != CALL_ALL && is_made_again(thread->interrupted, &entry)) {
		make_again(tracer, thread);
		return;
	}
	if (which < CALL_COUNT) {
		enter_call(tracer, thread, which, &entry);
		return;
	}
	if ((which == CALL_SIGRETURN && thread->interrupted) ||
	    (which == CALL_UNSHARE && entry.args[0] & CLONE_FILES))
		thread->hidden = which;
	thread_go_on(thread, 0);
}
