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

/* Its calls would fail from now on: it is killed, and waited for. False: it had ended by itself. */
static bool end_started(pid_t tid)
{
	int status = 0;
	bool is_there;

	kill(tid, SIGKILL);
	/* No signal wakes what has stopped on its way out already; another stop is left by it. */
	ptrace(PTRACE_CONT, tid, NULL, NULL);
	/* It stops on its way out, once. */
	while ((is_there = wait_for(tid, &status)) && WIFSTOPPED(status))
		ptrace(PTRACE_CONT, tid, NULL, NULL);
	return is_there && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
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

/* Whether it was a process that had to be killed. */
static bool leave(struct tracer *tracer, struct thread *thread)
{
	bool is_attached = thread->process->is_attached;

	if (is_attached)
		let_go(tracer, thread);
	thread_abandons(tracer, thread);
	return !is_attached && end_started(thread->tid) && thread->tid == thread->process->pid;
}

static void kill_started(const struct tracer *tracer)
{
	size_t at = 0;

	for (struct process *p; (p = map_next(&tracer->processes, &at, NULL)) != NULL;)
		if (!p->is_attached)
			kill(p->pid, SIGKILL);
}

/* What was killed and has stopped on its way out goes on: all of it ends side by side, and not one
 * after the other as it is waited for. What has not come so far is unmoved. */
static void release_started(const struct tracer *tracer)
{
	size_t at = 0;
	uint64_t tid;

	for (struct thread *t; (t = map_next(&tracer->threads, &at, NULL)) != NULL;)
		if (!t->process->is_attached)
			ptrace(PTRACE_CONT, t->tid, NULL, NULL);
	at = 0;
	while (map_next(&tracer->early, &at, &tid)) {
		kill((pid_t)tid, SIGKILL);
		ptrace(PTRACE_CONT, (pid_t)tid, NULL, NULL);
	}
}

unsigned tracer_destroy(struct tracer *tracer)
{
	enum { RELEASE_EVERY = 32 };
	struct thread *thread;
	unsigned killed = 0, left = 0;
	uint64_t tid;

	if (!tracer)
		return 0;
	kill_started(tracer);
	for (size_t at = 0; (thread = map_next(&tracer->threads, &at, NULL)) != NULL;) {
		if (left++ % RELEASE_EVERY == 0)
			release_started(tracer);
		killed += leave(tracer, thread);
	}
	for (size_t at = 0; (thread = map_next(&tracer->threads, &at, NULL)) != NULL; at = 0)
		thread_end(tracer, thread);
	void *early;
	for (size_t at = 0; (early = map_next(&tracer->early, &at, &tid)) != NULL;) {
		killed += end_started((pid_t)tid);
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
	return killed;
}
