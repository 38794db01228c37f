/* linux_where.c -- in which system call a thread stands, from /proc/TID/syscall. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/linux.h"
#include "os/os.h"

/* Calls in which a program may be found; each machine has its own choice of them. */
static const struct {
	long number;
	const char *name;
	enum linux_wait wait;
} places[] = {
#define PLACE(name, wait)                                                                          \
	{                                                                                          \
		SYS_##name, #name, wait                                                            \
	}
#ifdef SYS_accept
	PLACE(accept, WAIT_FD),
#endif
#ifdef SYS_poll
	PLACE(poll, WAIT_POLLFDS),
#endif
#ifdef SYS_select
	PLACE(select, WAIT_SETS),
#endif
#ifdef SYS__newselect
	PLACE(_newselect, WAIT_SETS),
#endif
#ifdef SYS_epoll_wait
	PLACE(epoll_wait, WAIT_EPOLL),
#endif
#ifdef SYS_epoll_pwait2
	PLACE(epoll_pwait2, WAIT_EPOLL),
#endif
#ifdef SYS_ppoll
	PLACE(ppoll, WAIT_POLLFDS),
#endif
#ifdef SYS_pselect6
	PLACE(pselect6, WAIT_SETS),
#endif
#ifdef SYS_ppoll_time64
	PLACE(ppoll_time64, WAIT_POLLFDS),
#endif
#ifdef SYS_pselect6_time64
	PLACE(pselect6_time64, WAIT_SETS),
#endif
#ifdef SYS_recv
	PLACE(recv, WAIT_FD),
#endif
#ifdef SYS_send
	PLACE(send, WAIT_FD),
#endif
#ifdef SYS_sendfile
	PLACE(sendfile, WAIT_FD),
#endif
#ifdef SYS_wait4
	PLACE(wait4, WAIT_OTHER),
#endif
#ifdef SYS_pause
	PLACE(pause, WAIT_OTHER),
#endif
#ifdef SYS_nanosleep
	PLACE(nanosleep, WAIT_OTHER),
#endif
	PLACE(accept4, WAIT_FD),
	PLACE(bind, WAIT_FD),
	PLACE(clock_nanosleep, WAIT_OTHER),
	PLACE(close, WAIT_FD),
	PLACE(connect, WAIT_FD),
	PLACE(epoll_pwait, WAIT_EPOLL),
	PLACE(fcntl, WAIT_FD),
	PLACE(fsync, WAIT_FD),
	PLACE(futex, WAIT_OTHER),
	PLACE(ioctl, WAIT_FD),
	PLACE(listen, WAIT_FD),
	PLACE(read, WAIT_FD),
	PLACE(readv, WAIT_FD),
	PLACE(recvfrom, WAIT_FD),
	PLACE(recvmmsg, WAIT_FD),
	PLACE(recvmsg, WAIT_FD),
	PLACE(rt_sigsuspend, WAIT_OTHER),
	PLACE(rt_sigtimedwait, WAIT_OTHER),
	PLACE(sendmmsg, WAIT_FD),
	PLACE(sendmsg, WAIT_FD),
	PLACE(sendto, WAIT_FD),
	PLACE(shutdown, WAIT_FD),
	PLACE(splice, WAIT_FD),
	PLACE(waitid, WAIT_OTHER),
	PLACE(write, WAIT_FD),
	PLACE(writev, WAIT_FD),
#undef PLACE
};

static void name_call(struct linux_standing *standing)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (places[i].number != standing->number)
			continue;
		standing->call = places[i].name;
		standing->wait = places[i].wait;
	}
}

bool linux_parse_standing(const char *line, struct linux_standing *ret_standing)
{
	struct linux_standing standing = { .number = -1 };
	char *end;

	*ret_standing = standing;
	if (!strncmp(line, "running", 7))
		return true;
	standing.number = strtol(line, &end, 10);
	if (end == line)
		return false;
	standing.in_call = standing.number >= 0;
	if (!standing.in_call)
		return true;
	for (size_t i = 0; i < sizeof standing.argument / sizeof *standing.argument; i++) {
		const char *from = end;
		standing.argument[i] = strtoul(from, &end, 16);
		if (end == from)
			return false;
	}
	name_call(&standing);
	*ret_standing = standing;
	return true;
}

/* Reads the beginning of a file below /proc/PID; its length, or -1 with errno. */
static ssize_t read_beginning(const char *path, void *ret_bytes, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	ssize_t n = os_read(fd, ret_bytes, room);
	int err = errno;
	close(fd);
	errno = err;
	return n;
}

/* Whether two programs number their system calls alike; when that is not to be seen they do. */
static bool is_like_this(pid_t tid)
{
	unsigned char mine[EI_NIDENT + 4], its[EI_NIDENT + 4];
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/exe", (int)tid);
	if (read_beginning("/proc/self/exe", mine, sizeof mine) != sizeof mine ||
	    read_beginning(path, its, sizeof its) != sizeof its)
		return true;
	/* Behind e_ident stand the type, two bytes, and the machine, two bytes. */
	return mine[EI_CLASS] == its[EI_CLASS] &&
	       !memcmp(mine + EI_NIDENT + 2, its + EI_NIDENT + 2, 2);
}

bool linux_standing(pid_t tid, struct linux_standing *ret_standing)
{
	char path[64], line[256];

	snprintf(path, sizeof path, "/proc/%d/syscall", (int)tid);
	ssize_t n = read_beginning(path, line, sizeof line - 1);
	if (n < 0)
		return false;
	line[n] = '\0';
	errno = EPROTO;
	if (!linux_parse_standing(line, ret_standing))
		return false;
	if (ret_standing->call && !is_like_this(tid)) {
		ret_standing->call = NULL;
		ret_standing->wait = WAIT_OTHER;
	}
	return true;
}

void os_where(pid_t pid, char *ret_text, size_t room)
{
	struct linux_standing standing;

	ret_text[0] = '\0';
	if (!linux_standing(pid, &standing))
		return;
	if (!standing.in_call)
		snprintf(ret_text, room, "running");
	else if (!standing.call)
		snprintf(ret_text, room, "in system call %ld", standing.number);
	else if (standing.wait == WAIT_FD || standing.wait == WAIT_EPOLL)
		snprintf(ret_text, room, "in %s(fd %d)", standing.call, (int)standing.argument[0]);
	else
		snprintf(ret_text, room, "in %s()", standing.call);
}
