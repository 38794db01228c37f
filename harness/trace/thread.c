/* thread.c -- the threads and processes that are followed. */
#include <stdlib.h>
#include <sys/ptrace.h>

#include "base/memory.h"
#include "os/os.h"
#include "trace/follow.h"

struct process *process_begin(struct tracer *tracer, pid_t pid, const struct process *parent,
			      int side, bool is_attached)
{
	struct process *process = must_alloc(1, sizeof *process);

	*process = (struct process){
		.pid = pid,
		.number = ++tracer->process_count,
		.side = side,
		.is_attached = is_attached,
	};
	map_put(&tracer->processes, (uint64_t)pid, process);
	tell_begin(tracer, process, parent ? parent->number : 0);
	return process;
}

struct thread *thread_begin(struct tracer *tracer, pid_t tid, struct process *process,
			    struct table *table)
{
	struct thread *thread = must_alloc(1, sizeof *thread);

	thread->tid = tid;
	thread->process = process;
	thread->table = table;
	process->threads++;
	map_put(&tracer->threads, (uint64_t)tid, thread);
	return thread;
}

void thread_end(struct tracer *tracer, struct thread *thread)
{
	struct process *process = thread->process;

	thread_abandons(tracer, thread);
	if (thread->sleeper)
		apply_sleeper_gone(tracer, thread, false);
	table_release(thread->table);
	map_take(&tracer->threads, (uint64_t)thread->tid);
	free(thread);
	if (--process->threads)
		return;
	map_take(&tracer->processes, (uint64_t)process->pid);
	free(process);
}

void thread_own_table(struct thread *thread)
{
	if (!table_is_shared(thread->table))
		return;
	struct table *own = table_copy(thread->table);
	table_release(thread->table);
	thread->table = own;
}

void thread_go_on(const struct thread *thread, int signal)
{
	/* Without a filter every call stops; with one, the exit of a call only when asked for. */
	bool to_next_call = thread->in_call || thread->hidden || thread->process->is_attached;

	/* It fails when the thread was killed; its end is told soon. */
	ptrace(to_next_call ? PTRACE_SYSCALL : PTRACE_CONT, thread->tid, NULL,
	       (void *)(intptr_t)signal);
}
