/* numbers.c -- the kernel's numbers of calls on this machine. */
#include "trace/numbers.h"

#include <sys/syscall.h>

/* Newer machines have only the successors of these. */
#ifndef __NR_poll
#define __NR_poll NO_NUMBER
#endif
#ifndef __NR_select
#define __NR_select NO_NUMBER
#endif
#ifndef __NR_epoll_create
#define __NR_epoll_create NO_NUMBER
#endif
#ifndef __NR_epoll_wait
#define __NR_epoll_wait NO_NUMBER
#endif
#ifndef __NR_dup2
#define __NR_dup2 NO_NUMBER
#endif
/* Younger than the headers of some systems; all machines have the same number. */
#ifndef __NR_epoll_pwait2
#define __NR_epoll_pwait2 441
#endif
#ifndef __NR_close_range
#define __NR_close_range 436
#endif

static const int numbers[CALL_ALL] = {
#define CALL(name, kind) [CALL_##name] = __NR_##name,
#include "trace/calls.def"
#undef CALL
	[CALL_RESTART] = __NR_restart_syscall,
	[CALL_SIGRETURN] = __NR_rt_sigreturn,
	[CALL_UNSHARE] = __NR_unshare,
};

enum { NUMBER_MAX = 512 };

/* From number to call + 1; 0: none. Those without a number stand behind all numbers. */
static const unsigned char calls[NUMBER_MAX + CALL_ALL] = {
#define CALL(name, kind)                                                                           \
	[__NR_##name < 0 ? NUMBER_MAX + CALL_##name : __NR_##name] = CALL_##name + 1,
#include "trace/calls.def"
#undef CALL
	[__NR_restart_syscall] = CALL_RESTART + 1,
	[__NR_rt_sigreturn] = CALL_SIGRETURN + 1,
	[__NR_unshare] = CALL_UNSHARE + 1,
};

int call_number(unsigned call)
{
	return numbers[call];
}

unsigned call_of_number(uint64_t number)
{
	return number < NUMBER_MAX && calls[number] ? calls[number] - 1U : CALL_ALL;
}
