/* broken_stream2.c -- faults of streams that show only in a certain state: after a part was read,
 * when the end is there, when the reader is far behind. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "broken.h"

enum { DESCRIPTORS = 1024, MUCH = 2 << 20 };

/* What this process has moved by each descriptor since it was opened, as far as known. */
static struct {
	bool partly_read;
	long long sent;
} stream[DESCRIPTORS];

static bool is_known(int fd)
{
	return fd >= 0 && fd < DESCRIPTORS && is_type(fd, SOCK_STREAM);
}

/* Whether poll() gives one of these bits at once; keeps errno. */
static bool is_now(int fd, short events)
{
	struct pollfd one = { .fd = fd, .events = events };
	int err = errno;
	bool is = REAL(poll)(&one, 1, 0) == 1 && one.revents & events;

	errno = err;
	return is;
}

/* How many bytes can be read at once; keeps errno. */
static size_t queued(int fd)
{
	int n = 0, err = errno;

	if (REAL(ioctl)(fd, FIONREAD, &n) == -1)
		n = 0;
	errno = err;
	return (size_t)n;
}

/* A look that begins one byte too far. */
static ssize_t skipping_peek(int fd, char *bytes, size_t n, int flags)
{
	char *more = malloc(n + 1);
	ssize_t got = more ? REAL(recv)(fd, more, n + 1, flags) : -1;

	if (got > 1)
		memcpy(bytes, more + 1, (size_t)--got);
	else if (got == 1)
		bytes[0] = more[0];
	free(more);
	return got;
}

bool receives_wrongly(int fd, void *bytes, size_t n, int flags, ssize_t *ret_got)
{
	char dropped[4096];

	if (!is_known(fd) || flags & MSG_OOB)
		return false;
	if (has_fault(FAULT_peek_skips_after_part) && stream[fd].partly_read && flags & MSG_PEEK) {
		*ret_got = skipping_peek(fd, bytes, n, flags);
		return true;
	}
	if (has_fault(FAULT_queue_lost_by_end) && is_now(fd, POLLRDHUP))
		while (REAL(recv)(fd, dropped, sizeof dropped, MSG_DONTWAIT) > 0)
			;
	if (!(flags & MSG_PEEK))
		stream[fd].partly_read = queued(fd) > n;
	return false;
}

bool sends_wrongly(int fd, size_t n, int flags)
{
	if (!has_fault(FAULT_send_enobufs_far_ahead) || !is_known(fd))
		return false;
	if (stream[fd].sent > MUCH && !(flags & MSG_DONTWAIT) && !is_now(fd, POLLOUT)) {
		errno = ENOBUFS;
		return true;
	}
	stream[fd].sent += (long long)n;
	return false;
}
