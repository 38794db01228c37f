/* bytes.c -- moving bytes as machinery. */
#include "role/role.h"

void send_all(int fd, const void *bytes, size_t n)
{
	const char *at = bytes;

	while (n > 0) {
		ssize_t sent = must(send(fd, at, n, MSG_NOSIGNAL));
		at += sent;
		n -= (size_t)sent;
	}
}

void recv_all(int fd, void *bytes, size_t n)
{
	char *at = bytes;

	while (n > 0) {
		ssize_t got = must(recv(fd, at, n, 0));
		must_be(got > 0);
		at += got;
		n -= (size_t)got;
	}
}

static long long send_what_fits(int fd)
{
	static const char block[16384];
	long long total = 0;

	/* Smaller and smaller pieces, so that no room for a single byte is left. */
	for (size_t size = sizeof block; size > 0;) {
		ssize_t n = send(fd, block, size, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0)
			total += n;
		else
			size /= 2;
		if (n < 0)
			must_be(errno == EAGAIN || errno == EWOULDBLOCK);
	}
	return total;
}

long long fill_up(int fd)
{
	enum { SETTLED_MS = PROOF_MS };
	struct pollfd room = { .fd = fd, .events = POLLOUT };
	long long total = 0, n;

	/* A stack that delivers in the background makes room again for a while, and maybe too
	 * little of it for POLLOUT: it is full when nothing fits after a pause. */
	while ((n = send_what_fits(fd)) > 0) {
		total += n;
		(void)poll(&room, 1, SETTLED_MS);
	}
	return total;
}

long long drain(int fd)
{
	char block[16384];
	long long total = 0;

	for (ssize_t n; (n = recv(fd, block, sizeof block, MSG_DONTWAIT)) > 0;)
		total += n;
	return total;
}

void *no_access(void)
{
	void *page = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must_be(page != MAP_FAILED);
	return page;
}
