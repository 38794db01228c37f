/* linux.h -- what only Linux tells; for harness/trace, which is Linux's as a whole. */
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

/* The RFC 9293 name of the kernel's number of a TCP state; NULL when there is none. */
const char *linux_tcp_state(unsigned number);

#endif
