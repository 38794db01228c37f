/* linux_cpu_time.c -- how long processes ran and how long they waited for a processor, from
 * /proc/TID/schedstat, and what a fork costs here. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/linux.h"
#include "os/os.h"

enum { PROCESSES_MAX = 16, FORKS = 8 };

/* A walk through a process and its descendants. */
struct walk {
	struct os_cpu_time sum;
	int processes;
};

/* Reads a small file of /proc as text; false when it cannot be read. */
static bool read_proc(char *ret_text, size_t capacity, const char *format, int pid, int tid)
{
	char path[80];

	/* Formats with one number leave the second argument unused. */
	snprintf(path, sizeof path, format, pid, tid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t n = os_read(fd, ret_text, capacity - 1);
	close(fd);
	ret_text[n > 0 ? n : 0] = '\0';
	return n > 0;
}

static bool add_thread(struct walk *walk, int pid, int tid)
{
	unsigned long long ran_ns, queued_ns;
	char text[128];

	if (!read_proc(text, sizeof text, "/proc/%d/task/%d/schedstat", pid, tid) ||
	    sscanf(text, "%llu %llu", &ran_ns, &queued_ns) != 2)
		return false;
	walk->sum.ran_us += (int64_t)(ran_ns / 1000);
	walk->sum.queued_us += (int64_t)(queued_ns / 1000);
	return true;
}

static bool add_process(struct walk *walk, int pid);

/* The children that a thread has forked. */
static void add_children(struct walk *walk, int pid, int tid)
{
	char text[1024];

	if (!read_proc(text, sizeof text, "/proc/%d/task/%d/children", pid, tid))
		return;
	for (char *at = text, *end; *at && walk->processes <= PROCESSES_MAX; at = end) {
		long child = strtol(at, &end, 10);
		if (end == at || *end != ' ')
			return;
		(void)add_process(walk, (int)child);
	}
}

static bool add_process(struct walk *walk, int pid)
{
	struct linux_entries threads;
	char path[64];
	bool known = false;

	snprintf(path, sizeof path, "/proc/%d/task", pid);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	walk->processes++;
	linux_begin_entries(fd, &threads);
	for (const char *name; (name = linux_next_entry(&threads));) {
		int tid = atoi(name);
		known |= add_thread(walk, pid, tid);
		add_children(walk, pid, tid);
	}
	close(fd);
	return known;
}

bool os_cpu_time(pid_t pid, struct os_cpu_time *ret_sum)
{
	struct walk walk = { 0 };
	bool known = add_process(&walk, (int)pid) && walk.processes <= PROCESSES_MAX;

	*ret_sum = known ? walk.sum : (struct os_cpu_time){ 0 };
	return known;
}

int64_t os_fork_cost_us(void)
{
	int64_t best = 0;

	for (int i = 0; i < FORKS; i++) {
		int64_t start = os_now_us();
		pid_t pid = fork();
		if (pid == 0)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			return 0;
		int64_t took = os_now_us() - start;
		if (!best || took < best)
			best = took;
	}
	return best;
}
