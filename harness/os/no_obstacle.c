/* no_obstacle.c -- systems of which no more is known than POSIX: an errno is all there is to say.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "os/obstacle.h"

void os_find_obstacle(const char *step, int err, struct os_obstacle *ret_obstacle)
{
	(void)step;
	memset(ret_obstacle, 0, sizeof *ret_obstacle);
	snprintf(ret_obstacle->reason, sizeof ret_obstacle->reason, "%s",
		 err == ENOSYS ? "this build knows no namespaces of this system" : strerror(err));
}

bool os_find_proc_obstacle(struct os_obstacle *ret_obstacle)
{
	(void)ret_obstacle;
	return false;
}

bool os_find_trace_obstacle(struct os_obstacle *ret_obstacle)
{
	(void)ret_obstacle;
	return false;
}

bool os_find_copy_obstacle(struct os_obstacle *ret_obstacle)
{
	(void)ret_obstacle;
	return false;
}

bool os_find_root_obstacle(struct os_obstacle *ret_obstacle)
{
	(void)ret_obstacle;
	return false;
}
