/* own_stack.c -- for builds whose sockets under test are the operating system's own. */
#include "os/need.h"
#include "os/os.h"

bool os_stack_is_library(void)
{
	return false;
}

int os_start_stack(void)
{
	return 0;
}

unsigned os_stack_lacks(void)
{
#if __has_include(<sys/epoll.h>)
	return 0;
#else
	return NEEDS_EPOLL;
#endif
}

bool os_reset(int fd)
{
	(void)fd;
	return false;
}

void os_note_calls(struct os_call *call)
{
	(void)call; /* the system tells by itself: os_where() */
}
