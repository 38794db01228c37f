/* proc.c -- files and directories of /proc, read with system calls directly. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/linux.h"
#include "os/os.h"
#include "spy/eye.h"

/* Reads until the end or until the room is full; the length, or -1 with errno. */
static ssize_t read_all(int fd, char *ret_text, size_t room)
{
	size_t len = 0;

	while (len < room) {
		ssize_t n = os_read(fd, ret_text + len, room - len);
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

bool spy_read_text(char *ret_text, size_t room, const char *format, ...)
{
	char path[64];
	va_list args;

	ret_text[0] = '\0';
	va_start(args, format);
	vsnprintf(path, sizeof path, format, args);
	va_end(args);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t n = read_all(fd, ret_text, room - 1);
	int err = errno;
	close(fd);
	errno = err;
	ret_text[n > 0 ? n : 0] = '\0';
	return n >= 0;
}

bool spy_read_stat(pid_t pid, struct spy_stat *ret_stat)
{
	char text[1024];

	if (!spy_read_text(text, sizeof text, "/proc/%d/stat", (int)pid)) {
		if (errno == ENOENT)
			errno = ESRCH;
		return false;
	}
	errno = EPROTO;
	return spy_parse_stat(text, ret_stat);
}

bool spy_each_number(const char *directory, void (*take)(void *context, int number), void *context)
{
	struct linux_entries entries;
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return false;
	linux_begin_entries(fd, &entries);
	for (const char *name; (name = linux_next_entry(&entries));) {
		char *end;
		long number = strtol(name, &end, 10);
		if (end != name && !*end && number >= 0)
			take(context, (int)number);
	}
	close(fd);
	errno = entries.err;
	return !entries.err;
}
