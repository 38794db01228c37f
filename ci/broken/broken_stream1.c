/* broken_stream1.c -- faults of stream sockets while they are bound, connected, accepted and
 * closed. The functions of broken_names.c and broken_data.c call these in place of the C library's.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "broken.h"

enum { DESCRIPTORS = 1024 };

/* What is remembered of each descriptor until it is closed. */
static struct {
	unsigned char ends; /* how often recv() has given 0 */
	unsigned char full; /* how often connect() has failed with EAGAIN */
	bool timed_out;     /* accept() has failed with EAGAIN */
} past[DESCRIPTORS];

static bool is_known(int fd)
{
	return fd >= 0 && fd < DESCRIPTORS;
}

static int fail(int err)
{
	errno = err;
	return -1;
}

/* The AF_INET address, of which no more than `len` bytes are read; false: it is none, or cannot be
 * read. */
static bool take_inet(const struct sockaddr *address, socklen_t len, struct sockaddr_in *ret_copy)
{
	struct iovec from = { (void *)(uintptr_t)address, len }, to = { ret_copy, len };

	memset(ret_copy, 0, sizeof *ret_copy);
	return len >= 4 && len <= sizeof *ret_copy &&
	       process_vm_readv(getpid(), &to, 1, &from, 1, 0) == (ssize_t)len &&
	       ret_copy->sin_family == AF_INET;
}

int stream1_bind(int fd, const struct sockaddr *address, socklen_t len)
{
	struct sockaddr_in in;
	int err = errno;

	if (!take_inet(address, len, &in)) {
		errno = err;
		return REAL(bind)(fd, address, len);
	}
	const in_addr_t host = ntohl(in.sin_addr.s_addr);
	if (has_fault(FAULT_bind_short_address) && len < 15)
		return REAL(bind)(fd, (struct sockaddr *)&in, sizeof in);
	if (has_fault(FAULT_privileged_always_refused) && in.sin_port && ntohs(in.sin_port) < 1024)
		return fail(EACCES);
	if (has_fault(FAULT_loopback_is_small) && host >= 0x7f010000 && host <= 0x7fffffff)
		return fail(EADDRNOTAVAIL);
	return REAL(bind)(fd, address, len);
}

int stream1_connect(int fd, const struct sockaddr *to, socklen_t len)
{
	if (has_fault(FAULT_retry_connects_nothing) && is_known(fd) && past[fd].full > 1)
		return 0;
	int result = REAL(connect)(fd, to, len);
	if (is_known(fd) && result == -1 && errno == EAGAIN)
		past[fd].full++;
	return result;
}

int stream1_accept(int fd, struct sockaddr *address, socklen_t *len)
{
	if (has_fault(FAULT_accept_broken_by_timeout) && is_known(fd) && past[fd].timed_out)
		return fail(EINVAL);
	int conn = REAL(accept)(fd, address, len);
	if (is_known(fd) && conn == -1 && errno == EAGAIN) {
		struct timeval time = { 0 };
		socklen_t size = sizeof time;
		REAL(getsockopt)(fd, SOL_SOCKET, SO_RCVTIMEO, &time, &size);
		past[fd].timed_out = time.tv_sec || time.tv_usec;
		errno = EAGAIN;
	}
	return conn;
}

static bool has_ended(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLRDHUP };

	return is_type(fd, SOCK_STREAM) && REAL(poll)(&one, 1, 0) == 1 && one.revents == POLLRDHUP;
}

ssize_t stream1_recv(int fd, void *bytes, size_t n, int flags)
{
	if (has_fault(FAULT_fin_discards_queue) && n && has_ended(fd))
		while (REAL(recv)(fd, bytes, n, MSG_DONTWAIT) > 0) {
		}
	ssize_t got = REAL(recv)(fd, bytes, n, flags);
	if (has_fault(FAULT_third_end_is_notconn) && !got && n && is_known(fd) &&
	    is_type(fd, SOCK_STREAM) && ++past[fd].ends > 2)
		return fail(ENOTCONN);
	return got;
}

int close(int fd)
{
	const struct linger lasting = { .l_onoff = 1, .l_linger = 1 };
	struct linger linger = { 0 };
	socklen_t len = sizeof linger;

	if (has_fault(FAULT_close_lingers_unasked) && is_type(fd, SOCK_STREAM) &&
	    !REAL(getsockopt)(fd, SOL_SOCKET, SO_LINGER, &linger, &len) && !linger.l_onoff)
		(void)REAL(setsockopt)(fd, SOL_SOCKET, SO_LINGER, &lasting, sizeof lasting);
	if (is_known(fd))
		memset(&past[fd], 0, sizeof past[fd]);
	return REAL(close)(fd);
}
