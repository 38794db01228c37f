/* data.c -- what follows from looks that were made: of use wherever their data are. */
#include <stdlib.h>
#include <string.h>

#include "spy/spy.h"

const char *spy_lack_text(unsigned lack)
{
	switch (lack) {
	case SPY_NO_CALLS:
		return "/proc/PID/syscall is not to be read: calls are unknown";
	case SPY_NO_DESCRIPTORS:
		return "/proc/PID/fd is not to be read: sockets are unknown";
	case SPY_NO_COPIES:
		return "pidfd_getfd() is not permitted: options of sockets are unknown";
	case SPY_NO_MEMORY:
		return "process_vm_readv() is not permitted: what poll() and select() wait for is "
		       "unknown";
	case SPY_NO_DIAG:
		return "there is no sock_diag: accept queues of AF_UNIX, and whether ends were "
		       "read, are unknown";
	case SPY_OTHER_NETWORK:
		return "it has a network of its own: sock_diag was not asked";
	default:
		return "";
	}
}

void spy_free(struct spy_process *process)
{
	if (!process)
		return;
	free(process->threads);
	free(process->sockets);
	free(process);
}

const struct spy_socket *spy_socket_of(const struct spy_process *process, int fd)
{
	for (size_t i = 0; i < process->socket_count; i++)
		if (process->sockets[i].fd == fd)
			return &process->sockets[i];
	return NULL;
}

bool spy_stayed(const struct spy_thread *before, const struct spy_thread *after)
{
	return before->tid == after->tid && before->known && after->known && before->in_call &&
	       after->in_call && before->number == after->number && before->turns == after->turns &&
	       before->turns != SPY_UNKNOWN &&
	       !memcmp(before->argument, after->argument, sizeof before->argument);
}

bool spy_leaks(const struct spy_socket *socket)
{
	return socket->peer_closed && socket->end_unread != 1 && !socket->listening;
}

static const struct spy_burn *burn_of(const struct spy_cpu *cpu, pid_t tid)
{
	for (size_t i = 0; i < cpu->thread_count; i++)
		if (cpu->threads[i].tid == tid)
			return &cpu->threads[i];
	return NULL;
}

/* A thread that ran, never went to sleep and wants to run on spins, or computes: however little of
 * a busy machine it was given. */
static bool spun(const struct spy_burn *before, const struct spy_burn *after, bool burnt)
{
	if (before->state != 'R' || after->state != 'R' || after->yielded != before->yielded ||
	    after->yielded == SPY_UNKNOWN)
		return false;
	if (after->ran_us == SPY_UNKNOWN || before->ran_us == SPY_UNKNOWN)
		return burnt;
	return after->ran_us > before->ran_us;
}

struct spy_load spy_load_between(const struct spy_cpu *before, const struct spy_cpu *after)
{
	struct spy_load load = { .over_us = after->at_us - before->at_us,
				 .user_us = after->user_us - before->user_us,
				 .system_us = after->system_us - before->system_us };
	long long ran_us = 0;
	bool exact = true;

	for (size_t i = 0; i < after->thread_count; i++) {
		const struct spy_burn *now = &after->threads[i];
		const struct spy_burn *then = burn_of(before, now->tid);
		exact = exact && now->ran_us != SPY_UNKNOWN;
		ran_us += now->ran_us - (then ? then->ran_us : 0);
		if (then && !load.spinner && spun(then, now, load.user_us + load.system_us > 0))
			load.spinner = now->tid;
	}
	/* Ticks are coarse; but only they count threads that have ended. */
	if (!exact || after->thread_count != before->thread_count)
		ran_us = load.user_us + load.system_us;
	if (load.over_us > 0)
		load.percent = 100.0 * (double)ran_us / (double)load.over_us;
	return load;
}
