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

#define SYSTEM_CALL(name) { SYS_##name, #name },
/* All that the headers of this machine name; meson.build makes the list. */
static const struct {
	long number;
	const char *name;
} calls[] = {
#include "os/system_calls.def"
};
#undef SYSTEM_CALL

/* What those wait for that wait for a descriptor. */
static const struct {
	const char *call;
	enum linux_wait wait;
} waits[] = {
	{ "_newselect", WAIT_SETS },   { "accept", WAIT_FD },
	{ "accept4", WAIT_FD },        { "bind", WAIT_FD },
	{ "close", WAIT_FD },          { "connect", WAIT_FD },
	{ "epoll_pwait", WAIT_EPOLL }, { "epoll_pwait2", WAIT_EPOLL },
	{ "epoll_wait", WAIT_EPOLL },  { "fcntl", WAIT_FD },
	{ "fsync", WAIT_FD },          { "ioctl", WAIT_FD },
	{ "listen", WAIT_FD },         { "poll", WAIT_POLLFDS },
	{ "ppoll", WAIT_POLLFDS },     { "ppoll_time64", WAIT_POLLFDS },
	{ "pselect6", WAIT_SETS },     { "pselect6_time64", WAIT_SETS },
	{ "read", WAIT_FD },           { "readv", WAIT_FD },
	{ "recv", WAIT_FD },           { "recvfrom", WAIT_FD },
	{ "recvmmsg", WAIT_FD },       { "recvmmsg_time64", WAIT_FD },
	{ "recvmsg", WAIT_FD },        { "select", WAIT_SETS },
	{ "send", WAIT_FD },           { "sendfile", WAIT_FD },
	{ "sendmmsg", WAIT_FD },       { "sendmsg", WAIT_FD },
	{ "sendto", WAIT_FD },         { "shutdown", WAIT_FD },
	{ "splice", WAIT_FD },         { "write", WAIT_FD },
	{ "writev", WAIT_FD },
};

static void name_call(struct linux_standing *standing)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls && !standing->call; i++)
		if (calls[i].number == standing->number)
			standing->call = calls[i].name;
	for (size_t i = 0; standing->call && i < sizeof waits / sizeof *waits; i++)
		if (!strcmp(waits[i].call, standing->call))
			standing->wait = waits[i].wait;
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
