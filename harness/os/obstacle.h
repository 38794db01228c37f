/* obstacle.h -- what on this system is in the way of namespaces and of looking into processes, and
 * the option or setting to change. It is found by trying calls that change nothing and by reading
 * settings: an errno alone does not tell a container's filter from a kernel's limit.
 *
 * linux_obstacle.c for Linux, no_obstacle.c for systems of which no more is known than POSIX.
 */
#ifndef SOCKDRILL_OBSTACLE_H
#define SOCKDRILL_OBSTACLE_H

#include <stdbool.h>

enum { OS_OBSTACLE_SIZE = 256 };

struct os_obstacle {
	char reason[OS_OBSTACLE_SIZE]; /* "user.max_user_namespaces is 0" */
	char fix[OS_OBSTACLE_SIZE];    /* "sysctl -w user.max_user_namespaces=10000"; "": unknown */
};

/* What was in the way of a world: `step`, as os_furnish() names it, failed with errno `err`. */
void os_find_obstacle(const char *step, int err, struct os_obstacle *ret_obstacle);
/* That a file system is missing by which processes are seen; false: none is. */
bool os_find_proc_obstacle(struct os_obstacle *ret_obstacle);
/* What is in the way of tracing children; false: nothing that is known of. */
bool os_find_trace_obstacle(struct os_obstacle *ret_obstacle);
/* What is in the way of copying descriptors out of other processes; false: nothing known. */
bool os_find_copy_obstacle(struct os_obstacle *ret_obstacle);
/* Why a process of user 0 cannot do all that roles ask of root: capabilities that it lacks, a user
 * namespace that maps no other user. False: nothing known, or it is not user 0. */
bool os_find_root_obstacle(struct os_obstacle *ret_obstacle);

#endif
