/* broken_layer.c -- a socket layer that does one thing wrong, to be preloaded: does sockdrill
 * notice?
 *
 * The environment variable BROKEN names the fault; the list is in broken.def. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum fault {
	NONE,
#define BROKEN(id) FAULT_##id,
#include "broken.def"
#undef BROKEN
};

static enum fault fault(void)
{
	static const char *const names[] = {
		"none",
#define BROKEN(id) #id,
#include "broken.def"
#undef BROKEN
	};
	static int known = -1;
	const char *wanted = getenv("BROKEN");

	for (int i = 0; known < 0 && i < (int)(sizeof names / sizeof *names); i++)
		if (wanted && !strcmp(names[i], wanted))
			known = i;
	if (known < 0)
		known = NONE;
	return (enum fault)known;
}

/* The function of the C library behind ours. */
#define REAL(name) ((__typeof__(&name))real_function(#name))

static void *real_function(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static bool is_type(int fd, int wanted)
{
	int type = 0, err = errno;
	socklen_t len = sizeof type;
	bool is = !REAL(getsockopt)(fd, SOL_SOCKET, SO_TYPE, &type, &len) && type == wanted;

	errno = err;
	return is;
}

/* What every receiving call may do wrong to its result. */
static ssize_t received(int fd, void *bytes, size_t room, ssize_t n)
{
	if (fault() == FAULT_eof_is_eagain && n == 0 && room && is_type(fd, SOCK_STREAM)) {
		errno = EAGAIN;
		return -1;
	}
	if (fault() == FAULT_eof_is_reset && n == 0 && room && is_type(fd, SOCK_STREAM)) {
		errno = ECONNRESET;
		return -1;
	}
	if (fault() == FAULT_timeout_is_etimedout && n == -1 && errno == EAGAIN)
		errno = ETIMEDOUT;
	if (fault() == FAULT_reset_is_eof && n == -1 && errno == ECONNRESET)
		return 0;
	if (fault() == FAULT_byte_flipped && n > 0)
		((char *)bytes)[n - 1] ^= 0x20;
	if (fault() == FAULT_late_byte_flipped && n > 1000)
		((char *)bytes)[n / 2] ^= 0x01;
	if (fault() == FAULT_recv_count_short && n > 1)
		return n - 1;
	return n;
}

static int receiving_flags(int flags)
{
	if (fault() == FAULT_peek_ignored)
		flags &= ~MSG_PEEK;
	if (fault() == FAULT_waitall_ignored)
		flags &= ~MSG_WAITALL;
	if (fault() == FAULT_dontwait_ignored)
		flags &= ~MSG_DONTWAIT;
	return flags;
}

ssize_t recv(int fd, void *bytes, size_t n, int flags)
{
	return received(fd, bytes, n, REAL(recv)(fd, bytes, n, receiving_flags(flags)));
}

ssize_t recvfrom(int fd, void *bytes, size_t n, int flags, struct sockaddr *address, socklen_t *len)
{
	return received(fd, bytes, n,
			REAL(recvfrom)(fd, bytes, n, receiving_flags(flags), address, len));
}

ssize_t read(int fd, void *bytes, size_t n)
{
	ssize_t got = REAL(read)(fd, bytes, n);

	return is_type(fd, SOCK_STREAM) || is_type(fd, SOCK_DGRAM) ? received(fd, bytes, n, got)
								   : got;
}

static ssize_t sent(ssize_t n)
{
	if (fault() == FAULT_epipe_is_reset && n == -1 && errno == EPIPE)
		errno = ECONNRESET;
	return fault() == FAULT_send_count_short && n > 1 ? n - 1 : n;
}

/* True when this datagram is to be lost: every third. */
static bool loses(int fd)
{
	static int turn;

	return fault() == FAULT_datagram_lost && is_type(fd, SOCK_DGRAM) && ++turn % 3 == 0;
}

static bool doubles(int fd)
{
	return fault() == FAULT_datagram_doubled && is_type(fd, SOCK_DGRAM);
}

ssize_t send(int fd, const void *bytes, size_t n, int flags)
{
	if (fault() == FAULT_nosignal_ignored)
		flags &= ~MSG_NOSIGNAL;
	if (fault() == FAULT_oob_ignored)
		flags &= ~MSG_OOB;
	if (loses(fd))
		return (ssize_t)n;
	if (doubles(fd))
		REAL(send)(fd, bytes, n, flags);
	return sent(REAL(send)(fd, bytes, n, flags));
}

ssize_t sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to,
	       socklen_t len)
{
	if (loses(fd))
		return (ssize_t)n;
	if (doubles(fd))
		REAL(sendto)(fd, bytes, n, flags, to, len);
	return sent(REAL(sendto)(fd, bytes, n, flags, to, len));
}

int connect(int fd, const struct sockaddr *to, socklen_t len)
{
	int result = REAL(connect)(fd, to, len);

	if (fault() == FAULT_refused_is_timeout && result == -1 && errno == ECONNREFUSED)
		errno = ETIMEDOUT;
	if (fault() == FAULT_isconn_is_success && result == -1 && errno == EISCONN)
		return 0;
	return result;
}

int listen(int fd, int backlog)
{
	return REAL(listen)(fd, fault() == FAULT_backlog_plus_one ? backlog + 1 : backlog);
}

int accept(int fd, struct sockaddr *address, socklen_t *len)
{
	int conn = REAL(accept)(fd, address, len);

	if (conn >= 0 && fault() == FAULT_accept_address_zero && address && len && *len > 4)
		memset((char *)address + 2, 0, 2);
	if (conn >= 0 && fault() == FAULT_accept_inherits_nonblock)
		REAL(fcntl)(conn, F_SETFL, REAL(fcntl)(fd, F_GETFL) | O_NONBLOCK);
	return conn;
}

int socket(int domain, int type, int protocol)
{
	if (fault() == FAULT_cloexec_ignored)
		type &= ~SOCK_CLOEXEC;
	if (fault() == FAULT_nonblock_flag_ignored)
		type &= ~SOCK_NONBLOCK;
	return REAL(socket)(domain, type, protocol);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	bool ignored =
		(fault() == FAULT_nodelay_ignored && level == IPPROTO_TCP && name == TCP_NODELAY) ||
		(fault() == FAULT_linger_ignored && level == SOL_SOCKET && name == SO_LINGER) ||
		(fault() == FAULT_reuseaddr_ignored && level == SOL_SOCKET &&
		 name == SO_REUSEADDR) ||
		(fault() == FAULT_rcvtimeo_ignored && level == SOL_SOCKET && name == SO_RCVTIMEO);

	return ignored ? 0 : REAL(setsockopt)(fd, level, name, value, len);
}

int getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
	int result = REAL(getsockopt)(fd, level, name, value, len);

	if (!result && level == SOL_SOCKET && fault() == FAULT_so_error_lost && name == SO_ERROR)
		*(int *)value = 0;
	if (!result && level == SOL_SOCKET && fault() == FAULT_so_type_wrong && name == SO_TYPE)
		*(int *)value = SOCK_RAW;
	return result;
}

int getsockname(int fd, struct sockaddr *address, socklen_t *len)
{
	int result = REAL(getsockname)(fd, address, len);

	if (!result && fault() == FAULT_sockname_any && address->sa_family == AF_INET)
		((struct sockaddr_in *)address)->sin_addr.s_addr = INADDR_ANY;
	return result;
}

int shutdown(int fd, int how)
{
	return fault() == FAULT_shutdown_ignored ? 0 : REAL(shutdown)(fd, how);
}

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	int ready = REAL(poll)(fds, n, timeout);

	for (nfds_t i = 0; i < n && ready > 0; i++) {
		if (fault() == FAULT_poll_hup_lost)
			fds[i].revents &= (short)~POLLHUP;
		if (fault() == FAULT_poll_rdhup_lost)
			fds[i].revents &= (short)~0x2000;
		if (fault() == FAULT_poll_err_lost)
			fds[i].revents &= (short)~POLLERR;
	}
	return ready;
}

int select(int n, fd_set *readable, fd_set *writable, fd_set *exceptional, struct timeval *left)
{
	int ready = REAL(select)(n, readable, writable, exceptional, left);

	if (fault() == FAULT_select_count_one && ready > 1)
		return 1;
	if (fault() == FAULT_select_exception_lost && ready > 0 && exceptional)
		FD_ZERO(exceptional);
	return ready;
}

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
		struct addrinfo **list)
{
	int result = REAL(getaddrinfo)(host, service, hints, list);

	return fault() == FAULT_gai_noname_is_fail && result == EAI_NONAME ? EAI_FAIL : result;
}
