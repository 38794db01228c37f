/* none.c -- where sockets of other processes cannot be looked at: where each stood is all that
 * is told. */
#include <errno.h>
#include <string.h>

#include "os/os.h"
#include "spy/spy.h"

struct spy_process *spy_look(pid_t pid)
{
	(void)pid;
	errno = ENOSYS;
	return NULL;
}

void spy_where(pid_t tid, char *ret_text, size_t room)
{
	os_where(tid, ret_text, room);
}

bool spy_read_cpu(pid_t pid, struct spy_cpu *ret_cpu)
{
	(void)pid;
	memset(ret_cpu, 0, sizeof *ret_cpu);
	errno = ENOSYS;
	return false;
}

enum spy_awaited spy_await_listener(pid_t pid, int protocol, uint16_t port, int64_t timeout_us,
				    struct spy_listener *ret_listener)
{
	(void)pid, (void)protocol, (void)port, (void)timeout_us;
	memset(ret_listener, 0, sizeof *ret_listener);
	errno = ENOSYS;
	return SPY_CANNOT;
}

enum spy_awaited spy_await_read(int fd, int64_t timeout_us, long long *ret_left)
{
	(void)fd, (void)timeout_us;
	*ret_left = SPY_UNKNOWN;
	errno = ENOSYS;
	return SPY_CANNOT;
}

const char *spy_why_no_copies(void)
{
	return "this build cannot look at other processes: Linux can";
}

const char *spy_why_no_diag(void)
{
	return "this build cannot ask for sockets: Linux can";
}
