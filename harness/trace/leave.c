/* leave.c -- the end of tracing: what was started ends, what was attached to goes on alone. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "trace/follow.h"

/* Waits for the thread; false: there is no such thread any more. */
static bool wait_for(pid_t tid, int *ret_status)
{
	pid_t got;

	do {
		got = waitpid(tid, ret_status, __WALL);
	} while (got < 0 && errno == EINTR);
	return got == tid;
}

/* Its calls would fail from now on: it is killed, and waited for. */
static void end_started(pid_t tid)
{
	int status;

	kill(tid, SIGKILL);
	/* It stops on its way out, once. */
	while (wait_for(tid, &status) && WIFSTOPPED(status))
		ptrace(PTRACE_CONT, tid, NULL, NULL);
}

/* Lets go of a thread that ran already. It may be on its way to any stop; the one that the
 * interruption makes is the last. */
static void let_go(struct tracer *tracer, struct thread *thread)
{
	int status, signal = 0;

	if (!thread->sleeper) {
		ptrace(PTRACE_INTERRUPT, thread->tid, NULL, NULL);
		if (!wait_for(thread->tid, &status) || !WIFSTOPPED(status))
			return;
		/* The end of a call puts back what was changed for it. */
		if (status >> 16 == 0 && WSTOPSIG(status) == (SIGTRAP | 0x80))
			thread_leaves(tracer, thread);
		else if (status >> 16 == 0)
			signal = WSTOPSIG(status);
	}
	ptrace(PTRACE_DETACH, thread->tid, NULL, (void *)(intptr_t)signal);
}

static void leave(struct tracer *tracer, struct thread *thread)
{
	bool is_attached = thread->process->is_attached;

	if (is_attached)
		let_go(tracer, thread);
	thread_abandons(tracer, thread);
	if (!is_attached)
		end_started(thread->tid);
}

static void kill_started(const struct tracer *tracer)
{
	size_t at = 0;

	for (struct process *p; (p = map_next(&tracer->processes, &at, NULL)) != NULL;)
		if (!p->is_attached)
			kill(p->pid, SIGKILL);
}

void tracer_destroy(struct tracer *tracer)
{
	struct thread *thread;
	uint64_t tid;

	if (!tracer)
		return;
	kill_started(tracer);
	for (size_t at = 0; (thread = map_next(&tracer->threads, &at, NULL)) != NULL;)
		leave(tracer, thread);
	for (size_t at = 0; (thread = map_next(&tracer->threads, &at, NULL)) != NULL; at = 0)
		thread_end(tracer, thread);
	void *early;
	for (size_t at = 0; (early = map_next(&tracer->early, &at, &tid)) != NULL;) {
		end_started((pid_t)tid);
		free(early);
	}
	map_finish(&tracer->early);
	map_finish(&tracer->threads);
	map_finish(&tracer->processes);
	map_finish(&tracer->sleepers);
	registry_finish(&tracer->registry);
	text_finish(&tracer->arguments);
	text_finish(&tracer->result);
	text_finish(&tracer->peer);
	text_finish(&tracer->fault);
	free(tracer->bytes);
	free(tracer);
}
