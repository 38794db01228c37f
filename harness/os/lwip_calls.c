/* lwip_calls.c -- lwIP's socket calls under the names that os/lwip_sockets.h gives to cases; notes
 * the call in which a thread is, since the system sees no more of it than a wait. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

/* lwIP says its largest count of parts by the same name, and more. */
#undef IOV_MAX
#include <lwip/if_api.h>
#include <lwip/sockets.h>

#include "os/lwip_sockets.h"
#include "os/os.h"

static _Thread_local struct os_call *current;

void os_note_calls(struct os_call *call)
{
	current = call;
}

static void enter(const char *name)
{
	if (current)
		strncpy(current->name, name, sizeof current->name - 1);
}

static void leave(void)
{
	if (current)
		current->name[0] = '\0';
}

/* stack_NAME() is lwip_NAME(). */
#define CALL(type, name, parameters, arguments)                                                    \
	type stack_##name parameters                                                               \
	{                                                                                          \
		enter(#name);                                                                      \
		type got = lwip_##name arguments;                                                  \
		leave();                                                                           \
		return got;                                                                        \
	}

CALL(int, accept, (int fd, struct sockaddr *name, socklen_t *len), (fd, name, len))
CALL(int, bind, (int fd, const struct sockaddr *name, socklen_t len), (fd, name, len))
CALL(int, close, (int fd), (fd))
CALL(int, connect, (int fd, const struct sockaddr *name, socklen_t len), (fd, name, len))
CALL(int, getpeername, (int fd, struct sockaddr *name, socklen_t *len), (fd, name, len))
CALL(int, getsockname, (int fd, struct sockaddr *name, socklen_t *len), (fd, name, len))
CALL(int, getsockopt, (int fd, int level, int option, void *value, socklen_t *len),
     (fd, level, option, value, len))
CALL(int, listen, (int fd, int backlog), (fd, backlog))
CALL(ssize_t, read, (int fd, void *bytes, size_t n), (fd, bytes, n))
CALL(ssize_t, readv, (int fd, const struct iovec *parts, int n), (fd, parts, n))
CALL(ssize_t, recv, (int fd, void *bytes, size_t n, int flags), (fd, bytes, n, flags))
CALL(ssize_t, recvfrom,
     (int fd, void *bytes, size_t n, int flags, struct sockaddr *name, socklen_t *len),
     (fd, bytes, n, flags, name, len))
CALL(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags))
CALL(ssize_t, send, (int fd, const void *bytes, size_t n, int flags), (fd, bytes, n, flags))
CALL(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags))
CALL(ssize_t, sendto,
     (int fd, const void *bytes, size_t n, int flags, const struct sockaddr *name, socklen_t len),
     (fd, bytes, n, flags, name, len))
CALL(int, setsockopt, (int fd, int level, int option, const void *value, socklen_t len),
     (fd, level, option, value, len))
CALL(int, shutdown, (int fd, int how), (fd, how))
CALL(ssize_t, write, (int fd, const void *bytes, size_t n), (fd, bytes, n))
CALL(ssize_t, writev, (int fd, const struct iovec *parts, int n), (fd, parts, n))

int stack_socket(int domain, int type, int protocol)
{
	return lwip_socket(domain, type, protocol);
}

int stack_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	enter("poll");
	int got = lwip_poll(fds, n, timeout);
	leave();
	return got;
}

int stack_select(int n, fd_set *readable, fd_set *writable, fd_set *exceptional,
		 struct timeval *timeout)
{
	enter("select");
	int got = lwip_select(n, readable, writable, exceptional, timeout);
	leave();
	return got;
}

/* The third argument is read even where the command has none: lwIP's call always takes it. */
int stack_fcntl(int fd, int command, ...)
{
	va_list more;

	va_start(more, command);
	int value = command == F_GETFL || command == F_GETFD ? 0 : va_arg(more, int);
	va_end(more);
	return lwip_fcntl(fd, command, value);
}

int stack_ioctl(int fd, unsigned long request, ...)
{
	va_list more;

	va_start(more, request);
	void *value = va_arg(more, void *);
	va_end(more);
	return lwip_ioctl(fd, (long)request, value);
}

char *stack_if_indextoname(unsigned index, char *name)
{
	return lwip_if_indextoname(index, name);
}

unsigned stack_if_nametoindex(const char *name)
{
	return lwip_if_nametoindex(name);
}

const char *stack_inet_ntop(int domain, const void *address, char *text, socklen_t room)
{
	return lwip_inet_ntop(domain, address, text, room);
}

int stack_inet_pton(int domain, const char *text, void *address)
{
	return lwip_inet_pton(domain, text, address);
}
