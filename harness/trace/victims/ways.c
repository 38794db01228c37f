/* ways.c -- the calls that move bytes, behind one signature. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "victim.h"

int failed(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	return 1;
}

static ssize_t plain_get(int fd, char *bytes, size_t n)
{
	return recv(fd, bytes, n, 0);
}

static ssize_t plain_put(int fd, const char *bytes, size_t n)
{
	return send(fd, bytes, n, MSG_NOSIGNAL);
}

/* Two vectors, so that a cut can end within either. */
enum { PARTS = 2 };

static void make_parts(struct iovec *parts, const char *bytes, size_t n)
{
	parts[0] = (struct iovec){ .iov_base = (char *)bytes, .iov_len = n / 2 };
	parts[1] = (struct iovec){ .iov_base = (char *)bytes + n / 2, .iov_len = n - n / 2 };
}

static ssize_t vector_get(int fd, char *bytes, size_t n)
{
	struct iovec parts[PARTS];

	make_parts(parts, bytes, n);
	return readv(fd, parts, PARTS);
}

static ssize_t vector_put(int fd, const char *bytes, size_t n)
{
	struct iovec parts[PARTS];

	make_parts(parts, bytes, n);
	return writev(fd, parts, PARTS);
}

static ssize_t message_get(int fd, char *bytes, size_t n)
{
	struct iovec parts[PARTS];
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = PARTS };

	make_parts(parts, bytes, n);
	return recvmsg(fd, &message, 0);
}

static ssize_t message_put(int fd, const char *bytes, size_t n)
{
	struct iovec parts[PARTS];
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = PARTS };

	make_parts(parts, bytes, n);
	return sendmsg(fd, &message, MSG_NOSIGNAL);
}

static ssize_t plain_read(int fd, char *bytes, size_t n)
{
	return read(fd, bytes, n);
}

/* What is sent stands in a file that has no name. */
static ssize_t file_put(int fd, const char *bytes, size_t n)
{
	int file = memfd_create("what is sent", MFD_CLOEXEC);
	off_t from = 0;

	if (file < 0)
		return -1;
	ssize_t sent = write(file, bytes, n) == (ssize_t)n ? sendfile(fd, file, &from, n) : -1;
	int err = errno;
	close(file);
	errno = err;
	return sent;
}

/* Looks at the first byte, then takes a round's bytes as a whole: neither may be cut. */
static ssize_t whole_get(int fd, char *bytes, size_t n)
{
	enum { ROUND = 64, LOOKED_AT = 2 };

	ssize_t there = recv(fd, bytes, LOOKED_AT, MSG_PEEK | MSG_WAITALL);
	return there <= 0 ? there : recv(fd, bytes, n < ROUND ? n : ROUND, MSG_WAITALL);
}

const struct way way_plain = { plain_get, plain_put };
const struct way way_vector = { vector_get, vector_put };
const struct way way_message = { message_get, message_put };
const struct way way_file = { plain_read, file_put };
const struct way way_whole = { whole_get, plain_put };

ssize_t receive_some(const struct way *way, int fd, char *bytes, size_t n)
{
	ssize_t got;

	do
		got = way->get(fd, bytes, n);
	while (got < 0 && errno == EINTR);
	return got;
}

ssize_t receive_all(const struct way *way, int fd, char *bytes, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t more = receive_some(way, fd, bytes + got, n - got);
		if (more < 0)
			return -1;
		if (more == 0)
			break;
		got += (size_t)more;
	}
	return (ssize_t)got;
}

bool send_all(const struct way *way, int fd, const char *bytes, size_t n)
{
	for (size_t sent = 0; sent < n;) {
		ssize_t more = way->put(fd, bytes + sent, n - sent);
		if (more < 0 && errno != EINTR)
			return false;
		if (more > 0)
			sent += (size_t)more;
	}
	return true;
}
