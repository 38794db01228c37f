/* spy.c -- a look at a process as a whole: its threads and its sockets. */
#include "spy/spy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spy/eye.h"

/* Numbers of a directory: threads, or descriptors. */
struct numbers {
	int *at;
	size_t count, room;
	bool failed;
};

static void add_number(void *context, int number)
{
	struct numbers *numbers = context;

	if (numbers->count == numbers->room) {
		size_t room = numbers->room ? 2 * numbers->room : 64;
		int *larger = realloc(numbers->at, room * sizeof *larger);
		if (!larger) {
			numbers->failed = true;
			return;
		}
		numbers->at = larger;
		numbers->room = room;
	}
	numbers->at[numbers->count++] = number;
}

static bool read_numbers(pid_t pid, const char *what, struct numbers *ret_numbers)
{
	char path[64];

	*ret_numbers = (struct numbers){ 0 };
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, what);
	if (!spy_each_number(path, add_number, ret_numbers))
		return false;
	errno = ENOMEM;
	return !ret_numbers->failed;
}

static bool look_at_threads(struct spy_eye *eye, struct spy_process *process)
{
	struct numbers tids;

	if (!read_numbers(process->pid, "task", &tids)) {
		free(tids.at);
		return false;
	}
	process->thread_total = tids.count;
	process->thread_count = tids.count < SPY_THREADS ? tids.count : SPY_THREADS;
	process->threads = calloc(process->thread_count + 1, sizeof *process->threads);
	for (size_t i = 0; process->threads && i < process->thread_count; i++)
		spy_eye_thread(eye, tids.at[i], &process->threads[i]);
	free(tids.at);
	return process->threads != NULL;
}

static bool look_at_sockets(struct spy_eye *eye, struct spy_process *process)
{
	struct numbers fds;

	if (!read_numbers(process->pid, "fd", &fds) && errno != ENOMEM)
		eye->lacks |= SPY_NO_DESCRIPTORS;
	process->sockets = calloc(fds.count + 1, sizeof *process->sockets);
	for (size_t i = 0; process->sockets && i < fds.count; i++) {
		struct spy_socket *socket = &process->sockets[process->socket_count];
		process->socket_count += spy_eye_socket(eye, fds.at[i], socket);
	}
	free(fds.at);
	return process->sockets != NULL;
}

/* Looks, all in all; false with errno. */
static bool look(pid_t pid, struct spy_process *process)
{
	struct spy_stat stat;
	struct spy_eye eye;

	if (!spy_read_stat(pid, &stat))
		return false;
	errno = ESRCH;
	if (stat.state == 'Z' || stat.state == 'X')
		return false;
	memcpy(process->command, stat.command, sizeof process->command);
	process->pid = pid;
	process->parent = stat.parent;
	process->state = stat.state;
	spy_eye_open(&eye, pid, true);
	bool seen = look_at_threads(&eye, process) && look_at_sockets(&eye, process);
	int err = errno;
	process->lacks = eye.lacks;
	spy_eye_close(&eye);
	errno = err;
	return seen;
}

struct spy_process *spy_look(pid_t pid)
{
	struct spy_process *process = calloc(1, sizeof *process);
	struct spy_stat stat;

	if (!process)
		return NULL;
	errno = 0;
	bool seen = look(pid, process);
	int err = errno;
	unsigned blind = SPY_NO_CALLS | SPY_NO_DESCRIPTORS;
	if (seen && (process->lacks & blind) == blind) {
		seen = false;
		/* What ends while it is looked at forbids everything, too. */
		err = spy_read_stat(pid, &stat) && stat.state != 'Z' ? EACCES : ESRCH;
	}
	if (seen)
		return process;
	spy_free(process);
	errno = err ? err : ENOMEM;
	return NULL;
}
