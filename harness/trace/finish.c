/* finish.c -- a call has returned, was interrupted, or never will return. */
#include <errno.h>
#include <stdlib.h>

#include "base/memory.h"
#include "trace/follow.h"

/* What the kernel "returns" from calls that a signal has interrupted: no program sees it. Either
 * the call is made again, or it fails with EINTR. */
enum {
	RESTART_FIRST = -516, /* ERESTART_RESTARTBLOCK */
	RESTART_LAST = -512   /* ERESTARTSYS */
};

void call_finish(struct call *call)
{
	file_release(call->file);
	text_finish(&call->arguments);
	free(call->patch.bytes);
	*call = (struct call){ 0 };
}

static void finish_call(struct tracer *tracer, struct thread *thread, struct call *call,
			int64_t kernel_result, int64_t seen_result)
{
	struct effect effect = effect_of(thread, call, kernel_result);

	tell_call(tracer, thread, call, true, kernel_result, seen_result, &effect);
	call_finish(call);
}

static void interrupt_call(struct thread *thread)
{
	struct call *call = must_alloc(1, sizeof *call);

	apply_undo(thread);
	*call = thread->now;
	call->outer = thread->interrupted;
	thread->interrupted = call;
	thread->in_call = false;
	thread->now = (struct call){ 0 };
}

/* A handler has returned to where the signal came: into a call that is going to be made again, or
 * behind one that has failed. Into something else when several signals came at once. */
static void return_from_handler(struct tracer *tracer, struct thread *thread)
{
	struct call *call = thread->interrupted;
	uint64_t ip, sp;
	int64_t result;

	if (!registers_resumes(thread->tid, &ip, &sp, &result) || sp != call->entry.sp ||
	    ip != call->entry.ip)
		return;
	thread->interrupted = call->outer;
	thread->now = *call;
	free(call);
	int64_t seen = apply_at_exit(thread, result);
	finish_call(tracer, thread, &thread->now, result, seen);
}

void thread_leaves(struct tracer *tracer, struct thread *thread)
{
	struct call_entry entry;
	int64_t result;

	if (registers_read(thread->tid, &entry, &result) != STOP_EXIT)
		return;
	unsigned hidden = thread->hidden;
	thread->hidden = 0;
	if (hidden == CALL_SIGRETURN)
		return_from_handler(tracer, thread);
	else if (hidden == CALL_UNSHARE && !result)
		thread_own_table(thread);
	if (!thread->in_call)
		return;
	if (result >= RESTART_FIRST && result <= RESTART_LAST) {
		interrupt_call(thread);
		return;
	}
	int64_t seen = apply_at_exit(thread, result);
	/* What was never made has no other result than the one it is said to have. */
	if (thread->now.fault.kind == FAULT_FAIL)
		result = seen;
	thread->in_call = false;
	finish_call(tracer, thread, &thread->now, result, seen);
}

void thread_abandons(struct tracer *tracer, struct thread *thread)
{
	if (thread->in_call) {
		tell_call(tracer, thread, &thread->now, false, 0, 0, NULL);
		call_finish(&thread->now);
		thread->in_call = false;
	}
	for (struct call *call; (call = thread->interrupted) != NULL;) {
		thread->interrupted = call->outer;
		tell_call(tracer, thread, call, false, 0, 0, NULL);
		call_finish(call);
		free(call);
	}
}
