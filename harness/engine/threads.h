/* threads.h -- the roles of a pair as threads of one process: for socket stacks that are a library.
 *
 * Processes and threads: the keeper forks one process for the pair. It starts the stack and a
 * thread for each role, and ends when both have ended. A thread that ends says so on its side of
 * the board and wakes the keeper by SIGCHLD, which then takes note as it does of a role that is a
 * process.
 */
#ifndef SOCKDRILL_THREADS_H
#define SOCKDRILL_THREADS_H

#include "role/state.h"

/* One role to be run by a thread. */
struct thread_role {
	struct role role;
	void (*function)(struct role *); /* NULL: the case has no such side */
	int output; /* where it writes; -1: where the process does, no keeper listens */
};

/* The whole life of the process. Descriptors other than the standard ones and output are closed. */
_Noreturn void threads_live(struct thread_role roles[WHO_COUNT]);

/* For a debugger: runs the role `here` in the calling thread, the other beside it, until both have
 * ended. False with errno when the stack or a thread could not be started. */
bool threads_run_here(struct thread_role roles[WHO_COUNT], enum who here);

#endif
