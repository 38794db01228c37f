/* start.c -- begins to follow: a child that consents, or a process that runs already. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/os.h"
#include "trace/filter.h"
#include "trace/follow.h"

enum {
	OPTIONS = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
		  PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT,
	/* Without a tracer the filter's calls fail, so what has it cannot go on alone. */
	STARTED_OPTIONS = OPTIONS | PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL
};

static bool seize(pid_t tid, int options)
{
	return !ptrace(PTRACE_SEIZE, tid, NULL, (void *)(intptr_t)options);
}

/* ---- A child ---- */

bool trace_gate_open(struct trace_gate *ret_gate)
{
	return !pipe2(ret_gate->ends, O_CLOEXEC);
}

/* What goes through the gate: 0, or why it cannot be traced. */
bool tracer_consent(struct trace_gate *gate)
{
	int err = 0;

	close(gate->ends[1]);
	/* The parent is gone when nothing comes. */
	if (os_read(gate->ends[0], &err, sizeof err) != sizeof err)
		err = ECHILD;
	close(gate->ends[0]);
	if (!err && filter_install())
		return true;
	if (err)
		errno = err;
	return false;
}

static void let_through(struct trace_gate *gate, int err)
{
	/* It is not there to read when it was killed: its end tells. */
	(void)!os_write(gate->ends[1], &err, sizeof err);
	close(gate->ends[0]);
	close(gate->ends[1]);
	errno = err;
}

bool tracer_follow(struct tracer *tracer, struct trace_gate *gate, pid_t pid, int side)
{
	if (!seize(pid, STARTED_OPTIONS)) {
		let_through(gate, errno);
		return false;
	}
	struct process *process = process_begin(tracer, pid, NULL, side, false);

	thread_begin(tracer, pid, process, table_create(&tracer->registry));
	let_through(gate, 0);
	return true;
}

/* ---- A process that runs ---- */

/* Follows one more of its threads. False with errno. */
static bool attach_thread(struct tracer *tracer, struct process **process, struct table **table,
			  pid_t pid, pid_t tid)
{
	if (!seize(tid, OPTIONS))
		return false;
	if (!*process) {
		*process = process_begin(tracer, pid, NULL, SIDE_NONE, true);
		*table = table_create(&tracer->registry);
		thread_begin(tracer, tid, *process, *table);
	} else {
		thread_begin(tracer, tid, *process, table_share(*table));
	}
	/* To be seen from its next call on it must stop once. */
	ptrace(PTRACE_INTERRUPT, tid, NULL, NULL);
	return true;
}

/* Follows the threads that are not followed yet; gives how many, or -1 with errno. */
static int attach_threads(struct tracer *tracer, struct process **process, struct table **table,
			  pid_t pid)
{
	char path[40];
	int count = 0;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	DIR *tasks = opendir(path);
	if (!tasks) {
		errno = errno == ENOENT ? ESRCH : errno;
		return -1;
	}
	for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);
		if (tid <= 0 || map_get(&tracer->threads, (uint64_t)tid))
			continue;
		if (attach_thread(tracer, process, table, pid, tid)) {
			count++;
		} else if (errno != ESRCH) { /* it has ended meanwhile */
			int err = errno;
			closedir(tasks);
			errno = err;
			return -1;
		}
	}
	closedir(tasks);
	return count;
}

bool tracer_attach(struct tracer *tracer, pid_t pid)
{
	struct process *process = NULL;
	struct table *table = NULL;
	int count;

	/* Until a look finds no more, since threads make threads. */
	do {
		count = attach_threads(tracer, &process, &table, pid);
	} while (count > 0);
	if (process && !count)
		return true;
	if (!count)
		errno = ESRCH;
	return false;
}

/* ---- Around it ---- */

pid_t tracer_wait(int *ret_status)
{
	return waitpid(-1, ret_status, __WALL);
}

bool tracer_pin(void)
{
	int cpu = sched_getcpu();
	cpu_set_t set;

	if (cpu < 0)
		return false;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	return !sched_setaffinity(0, sizeof set, &set);
}

/* ---- Whether it can be done ---- */

static void forget(void *context, const struct trace_event *event)
{
	(void)context, (void)event;
}

/* Follows a child that does nothing, to its end; 0, or why it could not. */
static int try_child(struct tracer *tracer)
{
	struct trace_gate gate;
	int status;

	if (!trace_gate_open(&gate))
		return errno;
	pid_t pid = fork();
	if (pid < 0)
		return errno;
	if (!pid)
		_exit(tracer_consent(&gate) ? 0 : errno);
	tracer_follow(tracer, &gate, pid, SIDE_NONE);
	while (waitpid(pid, &status, __WALL) == pid) {
		if (!WIFSTOPPED(status))
			return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
		tracer_take(tracer, pid, status);
	}
	return errno;
}

const char *tracer_why_not(void)
{
	struct tracer_setting setting = { .sink = forget };
	struct tracer *tracer = tracer_create(&setting);
	int err = tracer ? try_child(tracer) : errno;

	tracer_destroy(tracer);
	switch (err) {
	case 0:
		return NULL;
	case EPERM:
	case EACCES:
		return "tracing is not permitted here: in a container allow ptrace "
		       "(--cap-add=SYS_PTRACE), else see /proc/sys/kernel/yama/ptrace_scope";
	case ENOSYS:
	case EINVAL:
	case EIO:
		return "this kernel cannot trace with seccomp: Linux 5.3 or newer with "
		       "CONFIG_SECCOMP_FILTER can";
	default:
		return "no process to be traced could be made: look at the limits of processes "
		       "and memory";
	}
}
