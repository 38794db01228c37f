/* orphan.c -- threads whose first stop comes before their parent's, or whose parent was killed
 * before it could tell of them. */
#include "trace/orphan.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

/* A stop that came before its thread was known. */
struct early {
	pid_t tid;
	int status;
};

void orphan_keep(struct tracer *tracer, pid_t tid, int status)
{
	struct early *early = must_alloc(1, sizeof *early);

	*early = (struct early){ tid, status };
	free(map_put(&tracer->early, (uint64_t)tid, early));
}

bool orphan_take(struct tracer *tracer, pid_t tid, int *ret_status)
{
	struct early *early = map_take(&tracer->early, (uint64_t)tid);

	if (!early)
		return false;
	*ret_status = early->status;
	free(early);
	return true;
}

struct thread *orphan_adopt(struct tracer *tracer, struct thread *parent, pid_t tid, uint64_t flags)
{
	struct process *process = parent->process;

	if (map_get(&tracer->threads, (uint64_t)tid) || (kill(tid, 0) && errno == ESRCH))
		return NULL;
	if (!(flags & CLONE_THREAD))
		process = process_begin(tracer, tid, process, process->side, process->is_attached);
	return thread_begin(tracer, tid, process,
			    flags & CLONE_FILES ? table_share(parent->table)
						: table_copy(parent->table));
}

/* The process of a thread, and its parent; false: it is gone. */
static bool read_family(pid_t tid, pid_t *ret_process, pid_t *ret_parent)
{
	char path[40], line[128];
	int found = 0;

	snprintf(path, sizeof path, "/proc/%d/status", (int)tid);
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	while (found < 2 && fgets(line, sizeof line, file))
		found += sscanf(line, "Tgid: %d", ret_process) == 1 ||
			 sscanf(line, "PPid: %d", ret_parent) == 1;
	fclose(file);
	return found == 2;
}

/* Whether nobody else will tell of it. */
static bool is_left_by(const struct tracer *tracer, pid_t tid, const struct process *dying,
		       bool *ret_is_thread)
{
	pid_t pid = 0, parent = 0;

	if (!read_family(tid, &pid, &parent))
		return false;
	*ret_is_thread = pid != tid;
	const struct process *process =
		map_get(&tracer->processes, (uint64_t)(*ret_is_thread ? pid : parent));
	return !process || process == dying;
}

struct thread *orphan_adopt_of(struct tracer *tracer, struct thread *dying, int *ret_status)
{
	size_t at = 0;

	for (struct early *early; (early = map_next(&tracer->early, &at, NULL)) != NULL;) {
		bool is_thread;
		pid_t tid = early->tid;
		if (!is_left_by(tracer, tid, dying->process, &is_thread))
			continue;
		orphan_take(tracer, tid, ret_status);
		return orphan_adopt(tracer, dying, tid, is_thread ? CLONE_THREAD | CLONE_FILES : 0);
	}
	return NULL;
}
