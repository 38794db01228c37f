/* thread.c -- in which call a thread hangs, and the descriptors it waits for there. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "os/linux.h"
#include "spy/eye.h"

enum {
	POLLFDS_MAX = 256, /* read of a poll(); the rest is counted */
	SET_MAX = 1024     /* bytes of a set of select(): 8192 descriptors */
};

/* Reads memory of the process; false with errno, and the lack is noted. */
static bool read_memory(struct spy_eye *eye, pid_t tid, unsigned long address, void *ret_bytes,
			size_t size)
{
	struct iovec here = { ret_bytes, size };
	struct iovec there = { (void *)address, size };

	if (syscall(SYS_process_vm_readv, tid, &here, 1UL, &there, 1UL, 0UL) == (long)size)
		return true;
	if (errno == EPERM || errno == ENOSYS)
		eye->lacks |= SPY_NO_MEMORY;
	return false;
}

static void take_pollfds(struct spy_eye *eye, struct spy_thread *thread)
{
	struct pollfd fds[POLLFDS_MAX];
	size_t total = (unsigned)thread->argument[1];
	size_t count = total < POLLFDS_MAX ? total : POLLFDS_MAX;

	if (!count || read_memory(eye, thread->tid, thread->argument[0], fds, count * sizeof *fds))
		spy_take_pollfds(fds, count, total, thread);
}

static void take_sets(struct spy_eye *eye, struct spy_thread *thread)
{
	unsigned char room[3][SET_MAX];
	const unsigned char *sets[3];
	size_t count = (unsigned)thread->argument[0];
	size_t bits = CHAR_BIT * sizeof(long);
	size_t bytes = (count + bits - 1) / bits * sizeof(long);

	bytes = bytes < SET_MAX ? bytes : SET_MAX;
	for (size_t i = 0; i < 3; i++) {
		unsigned long address = thread->argument[i + 1];
		sets[i] = address && bytes ? room[i] : NULL;
		if (sets[i] && !read_memory(eye, thread->tid, address, room[i], bytes))
			return;
	}
	spy_take_sets(sets, bytes, count, thread);
}

static void take_epoll(struct spy_eye *eye, struct spy_thread *thread)
{
	char text[16384];

	thread->epoll_fd = (int)thread->argument[0];
	if (spy_read_text(text, sizeof text, "/proc/%d/fdinfo/%d", (int)eye->pid, thread->epoll_fd))
		spy_take_epoll(text, thread);
}

static void take_waits(struct spy_eye *eye, enum linux_wait wait, struct spy_thread *thread)
{
	switch (wait) {
	case WAIT_FD:
		thread->waits_known = true;
		thread->wait_count = 1;
		thread->wait_total = 1;
		thread->wait[0] = (struct spy_wait){ .fd = (int)thread->argument[0] };
		break;
	case WAIT_POLLFDS:
		take_pollfds(eye, thread);
		break;
	case WAIT_SETS:
		take_sets(eye, thread);
		break;
	case WAIT_EPOLL:
		take_epoll(eye, thread);
		break;
	case WAIT_OTHER:
		return;
	}
	thread->waits = true;
	thread->several = wait != WAIT_FD;
}

static void take_kinds(const struct spy_eye *eye, struct spy_thread *thread)
{
	char path[64], link[64];

	for (unsigned i = 0; i < thread->wait_count; i++) {
		snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)eye->pid, thread->wait[i].fd);
		ssize_t n = readlink(path, link, sizeof link - 1);
		if (n < 0)
			continue;
		link[n] = '\0';
		spy_parse_kind(link, thread->wait[i].kind, sizeof thread->wait[i].kind);
	}
}

static void take_call(struct spy_eye *eye, struct spy_thread *thread)
{
	struct linux_standing standing;

	thread->known = linux_standing(thread->tid, &standing);
	if (!thread->known) {
		if (errno != ESRCH)
			eye->lacks |= SPY_NO_CALLS;
		return;
	}
	thread->in_call = standing.in_call;
	thread->number = standing.number;
	thread->call = standing.call;
	memcpy(thread->argument, standing.argument, sizeof thread->argument);
	if (standing.call)
		take_waits(eye, standing.wait, thread);
	take_kinds(eye, thread);
}

/* How often it was given a processor: what it has not been since, it has not run. */
static long long count_turns(pid_t tid)
{
	unsigned long long voluntary, forced;
	char text[4096];

	if (!spy_read_text(text, sizeof text, "/proc/%d/status", (int)tid) ||
	    !spy_parse_field(text, "voluntary_ctxt_switches", 10, &voluntary) ||
	    !spy_parse_field(text, "nonvoluntary_ctxt_switches", 10, &forced))
		return SPY_UNKNOWN;
	return (long long)(voluntary + forced);
}

void spy_eye_thread(struct spy_eye *eye, pid_t tid, struct spy_thread *ret_thread)
{
	struct spy_thread thread = {
		.tid = tid, .number = -1, .epoll_fd = SPY_UNKNOWN, .turns = SPY_UNKNOWN
	};
	struct spy_stat stat;

	*ret_thread = thread;
	if (!spy_read_stat(tid, &stat))
		return;
	thread.state = stat.state;
	thread.turns = count_turns(tid);
	take_call(eye, &thread);
	if (spy_read_text(thread.channel, sizeof thread.channel, "/proc/%d/wchan", (int)tid) &&
	    !strcmp(thread.channel, "0"))
		thread.channel[0] = '\0';
	*ret_thread = thread;
}
