/* linux.h -- what only Linux tells; for harness/trace and harness/spy, which are Linux's. */
#ifndef SOCKDRILL_LINUX_H
#define SOCKDRILL_LINUX_H

#include <stdbool.h>
#include <sys/types.h>

/* What a call that may take long waits for. */
enum linux_wait {
	WAIT_OTHER,   /* no descriptor: a child, a time, a lock */
	WAIT_FD,      /* its first argument */
	WAIT_POLLFDS, /* (struct pollfd *, count, ...) */
	WAIT_SETS,    /* (count, fd_set *, fd_set *, fd_set *, ...) */
	WAIT_EPOLL    /* what is registered with the first argument, an epoll descriptor */
};

/* Where a thread stands, as /proc/TID/syscall has it. */
struct linux_standing {
	bool in_call;     /* false: it runs, or stopped outside of any call */
	long number;      /* of the call */
	const char *call; /* its name; NULL: none that is known here */
	enum linux_wait wait;
	unsigned long argument[6];
};

/* Reads such a line; false when it is none. */
bool linux_parse_standing(const char *line, struct linux_standing *ret_standing);
/* Where a thread stands; false with errno when that is not to be known. Numbers of a program for
 * another machine (32-bit on 64-bit) mean other calls: those have no name. */
bool linux_standing(pid_t tid, struct linux_standing *ret_standing);

/* A walk through a directory that is open. */
struct linux_entries {
	int dirfd;
	int err;      /* why the walk ended; 0: with the last entry */
	long len, at; /* of the block that was read */
	_Alignas(8) char block[2048];
};

/* Begins at the first entry. The descriptor stays the caller's. */
void linux_begin_entries(int dirfd, struct linux_entries *ret_entries);
/* The next name, which holds until the next call, without . and ..; NULL at the end, see err. */
const char *linux_next_entry(struct linux_entries *entries);

/* The RFC 9293 name of the kernel's number of a TCP state; NULL when there is none. */
const char *linux_tcp_state(unsigned number);

#endif
