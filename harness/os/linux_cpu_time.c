/* linux_cpu_time.c -- how long processes ran and how long they waited for a processor, from
 * /proc/TID/schedstat, and what a fork costs here. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/linux.h"
#include "os/os.h"

enum {
	GENERATIONS = 8, /* of descendants that are followed */
	FORKS = 8
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

static bool add_thread(int pid, int tid, struct os_cpu_time *sum)
{
	unsigned long long ran_ns, queued_ns;
	char text[128];

	if (!read_proc(text, sizeof text, "/proc/%d/task/%d/schedstat", pid, tid) ||
	    sscanf(text, "%llu %llu", &ran_ns, &queued_ns) != 2)
		return false;
	sum->ran_us += (int64_t)(ran_ns / 1000);
	sum->queued_us += (int64_t)(queued_ns / 1000);
	return true;
}

static bool add_process(int pid, int generations, struct os_cpu_time *sum);

/* The children that a thread has forked; a list longer than the buffer is cut. */
static void add_children(int pid, int tid, int generations, struct os_cpu_time *sum)
{
	char text[2048];

	if (!read_proc(text, sizeof text, "/proc/%d/task/%d/children", pid, tid))
		return;
	for (char *at = text, *end; *at; at = end) {
		long child = strtol(at, &end, 10);
		if (end == at || *end != ' ')
			return;
		(void)add_process((int)child, generations - 1, sum);
	}
}

static bool add_process(int pid, int generations, struct os_cpu_time *sum)
{
	struct linux_entries threads;
	char path[64];
	bool known = false;

	snprintf(path, sizeof path, "/proc/%d/task", pid);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	linux_begin_entries(fd, &threads);
	for (const char *name; (name = linux_next_entry(&threads));) {
		int tid = atoi(name);
		known |= add_thread(pid, tid, sum);
		if (generations)
			add_children(pid, tid, generations, sum);
	}
	close(fd);
	return known;
}

bool os_cpu_time(pid_t pid, struct os_cpu_time *ret_sum)
{
	*ret_sum = (struct os_cpu_time){ 0 };
	return add_process((int)pid, GENERATIONS, ret_sum);
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
