/* epoll.c -- what epoll says of a descriptor, where the system has epoll. */
#include <errno.h>
#include <unistd.h>

#include "os/os.h"

#if __has_include(<sys/epoll.h>)
#include <sys/epoll.h>

/* With the calls that a program makes: they are what a case is about. */
int os_epoll_now(int fd, int events, int *ret_events)
{
	struct epoll_event asked = { .events = (uint32_t)events }, got = { 0 };
	int epfd = epoll_create1(EPOLL_CLOEXEC);

	if (epfd < 0)
		return -1;
	int n = epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &asked);
	if (n == 0)
		n = epoll_wait(epfd, &got, 1, 0);
	int err = errno;
	close(epfd);
	errno = err;
	*ret_events = (int)got.events;
	return n;
}

#else

int os_epoll_now(int fd, int events, int *ret_events)
{
	(void)fd;
	(void)events;
	(void)ret_events;
	errno = ENOSYS;
	return -1;
}

#endif
