/* tracer.c -- takes the stops of the threads that are followed, one after the other. */
#include "trace/tracer.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/memory.h"
#include "os/os.h"
#include "trace/follow.h"
#include "trace/memory.h"
#include "trace/orphan.h"

enum { CALL_STOP = SIGTRAP | 0x80, EVENT_SHIFT = 16 };

struct tracer *tracer_create(const struct tracer_setting *setting)
{
	struct tracer *tracer = must_alloc(1, sizeof *tracer);

	tracer->setting = *setting;
	tracer->start_us = os_now_us();
	tracer->bytes = must_alloc(setting->show_bytes + 1, 1);
	registry_start(&tracer->registry);
	return tracer;
}

/* ---- New threads, programs and ends ---- */

static unsigned long message_of(const struct thread *thread)
{
	unsigned long message = 0;

	ptrace(PTRACE_GETEVENTMSG, thread->tid, NULL, &message);
	return message;
}

/* What the new one shares with its parent. */
static uint64_t clone_flags(const struct thread *parent, int event)
{
	struct call_entry entry;
	uint64_t flags;

	if (event == PTRACE_EVENT_FORK)
		return 0;
	if (!registers_call(parent->tid, &entry))
		return 0;
	if (entry.number == SYS_clone)
		return entry.args[0];
	/* Its flags are the first member of what it points to. */
	if (entry.number == SYS_clone3 &&
	    memory_get(parent->tid, entry.args[0], &flags, sizeof flags))
		return flags;
	return 0;
}

static void take_stop(struct tracer *tracer, struct thread *thread, int status);

static void thread_forks(struct tracer *tracer, struct thread *parent, int event)
{
	pid_t tid = (pid_t)message_of(parent);
	uint64_t flags = clone_flags(parent, event);
	struct thread *thread = tid ? orphan_adopt(tracer, parent, tid, flags) : NULL;
	int status;

	if (thread && orphan_take(tracer, tid, &status))
		take_stop(tracer, thread, status);
	thread_go_on(parent, 0);
}

/* The process has one thread left, which has the ID of the first, whichever it was. */
static void thread_executes(struct tracer *tracer, struct thread *thread)
{
	pid_t former = (pid_t)message_of(thread);

	if (former && former != thread->tid) {
		struct thread *executing = map_take(&tracer->threads, (uint64_t)former);
		if (executing) {
			pid_t tid = thread->tid;
			thread_end(tracer, thread);
			thread = executing;
			thread->tid = tid;
			map_put(&tracer->threads, (uint64_t)tid, thread);
		}
	}
	thread_abandons(tracer, thread);
	thread_own_table(thread);
	table_exec(thread->table, thread->tid);
	tell_program(tracer, thread);
	thread_go_on(thread, 0);
}

static bool stops_group(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/* ---- Stops ---- */

static void take_call_stop(struct tracer *tracer, struct thread *thread)
{
	struct call_entry entry;
	int64_t result;

	if (!thread->in_call && !thread->hidden &&
	    registers_read(thread->tid, &entry, &result) == STOP_ENTRY) {
		thread_enters(tracer, thread);
		return;
	}
	thread_leaves(tracer, thread);
	thread_go_on(thread, 0);
}

static void take_stop(struct tracer *tracer, struct thread *thread, int status)
{
	int signal = WSTOPSIG(status), event = status >> EVENT_SHIFT;

	switch (event) {
	case 0:
		if (signal == CALL_STOP) {
			take_call_stop(tracer, thread);
			return;
		}
		tell_signal(tracer, thread, signal);
		thread_go_on(thread, signal);
		return;
	case PTRACE_EVENT_SECCOMP:
		thread_enters(tracer, thread);
		return;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		thread_forks(tracer, thread, event);
		return;
	case PTRACE_EVENT_EXEC:
		thread_executes(tracer, thread);
		return;
	case PTRACE_EVENT_EXIT:
		thread_abandons(tracer, thread);
		thread_go_on(thread, 0);
		return;
	case PTRACE_EVENT_STOP:
		/* Stopped like any other program, until it gets SIGCONT. */
		if (stops_group(signal)) {
			ptrace(PTRACE_LISTEN, thread->tid, NULL, NULL);
			return;
		}
		thread_go_on(thread, 0);
		return;
	default:
		thread_go_on(thread, 0);
		return;
	}
}

static void take_sleeper(struct tracer *tracer, struct thread *thread)
{
	apply_sleeper_gone(tracer, thread, true);
	thread_go_on(thread, 0);
}

/* A thread that nobody has told of yet: its parent's stop is still to come. Only what is followed
 * stops. */
static enum tracer_took take_stranger(struct tracer *tracer, pid_t tid, int status)
{
	if (WIFSTOPPED(status)) {
		orphan_keep(tracer, tid, status);
		return TRACER_STOP;
	}
	return orphan_take(tracer, tid, &status) ? TRACER_STOP : TRACER_FOREIGN;
}

static enum tracer_took take_end(struct tracer *tracer, struct thread *thread, int status)
{
	bool is_process = thread->tid == thread->process->pid;

	if (is_process) {
		thread_abandons(tracer, thread);
		tell_end(tracer, thread->process, status);
	}
	int stop;
	for (struct thread *child; (child = orphan_adopt_of(tracer, thread, &stop)) != NULL;)
		take_stop(tracer, child, stop);
	thread_end(tracer, thread);
	return is_process ? TRACER_ENDED : TRACER_STOP;
}

enum tracer_took tracer_take(struct tracer *tracer, pid_t tid, int status)
{
	struct thread *thread = map_get(&tracer->threads, (uint64_t)tid);

	if (thread && WIFSTOPPED(status)) {
		take_stop(tracer, thread, status);
		return TRACER_STOP;
	}
	if (thread)
		return take_end(tracer, thread, status);
	thread = map_get(&tracer->sleepers, (uint64_t)tid);
	if (!thread)
		return take_stranger(tracer, tid, status);
	if (!WIFSTOPPED(status))
		take_sleeper(tracer, thread);
	return TRACER_STOP;
}
