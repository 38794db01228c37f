/* memory.c -- the memory of a traced process, by process_vm_readv() and /proc. */
#include "trace/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

/* A transfer that begins in memory and ends outside of it fails as a whole: it is tried again up to
 * the end of the page. */
enum { PAGE = 4096 };

size_t memory_read(pid_t tid, uint64_t address, void *bytes, size_t n)
{
	size_t done = 0, ask = n;

	while (done < n) {
		uint64_t from = address + done;
		struct iovec here = { (char *)bytes + done, ask };
		struct iovec there = { (void *)(uintptr_t)from, ask };
		ssize_t got = process_vm_readv(tid, &here, 1, &there, 1, 0);
		size_t to_page_end = PAGE - (size_t)(from % PAGE);
		if (got > 0) {
			done += (size_t)got;
			ask = n - done;
		} else if (ask > to_page_end) {
			ask = to_page_end;
		} else {
			break;
		}
	}
	return done;
}

bool memory_get(pid_t tid, uint64_t address, void *bytes, size_t n)
{
	return memory_read(tid, address, bytes, n) == n;
}

/* What process_vm_writev() may not write, as constants, a tracer may through this file. */
static bool put_by_force(pid_t tid, uint64_t address, const void *bytes, size_t n)
{
	char path[40];

	snprintf(path, sizeof path, "/proc/%d/mem", (int)tid);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t put = pwrite(fd, bytes, n, (off_t)address);
	int err = put < 0 ? errno : EFAULT;
	close(fd);
	if (put == (ssize_t)n)
		return true;
	errno = err;
	return false;
}

bool memory_put(pid_t tid, uint64_t address, const void *bytes, size_t n)
{
	struct iovec here = { (void *)bytes, n };
	struct iovec there = { (void *)(uintptr_t)address, n };

	return process_vm_writev(tid, &here, 1, &there, 1, 0) == (ssize_t)n ||
	       put_by_force(tid, address, bytes, n);
}
