/* child.h -- programs that this one starts: compilers, fuzzers, replays; each in a process group
 * of its own, with its output in a file, and killed as a group when it must not go on. */
#ifndef SOCKDRILL_CHILD_H
#define SOCKDRILL_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What to start. */
struct child_order {
	const char *const *argv; /* ended by NULL; found by PATH */
	/* "NAME=value": into its environment; "NAME": out of it; ended by NULL; may be NULL. */
	const char *const *variables;
	const char *directory; /* to work in; NULL: this one */
	const char *output;    /* file for stdout and stderr, made anew; NULL: dropped */
	const char *input;     /* file for stdin; NULL: empty */
	int late_signal;       /* what it gets first when its time is over; 0: SIGKILL at once */
};

/* How it ended. */
struct child_end {
	bool started;   /* false: err says why not */
	int err;        /* errno of starting it */
	bool timed_out; /* its limit came first; it was killed */
	bool stopped;   /* a signal to stop this program came first; it was killed */
	int status;     /* wait status */
};

/* To be called once before any other: blocks the signals that children_wait() takes. */
void children_begin(void);

/* Starts it and gives its process, which leads a group of that number; -1 with errno. The child
 * dies with this program where the system can see to that. */
pid_t child_start(const struct child_order *order);

/* Waits until any child ends, a signal to stop (SIGINT, SIGTERM, SIGHUP) comes or the time is over.
 * Gives the process that ended with its wait status, 0 for the time, or -1 for a signal, whose
 * number goes to *ret_signal. */
pid_t children_wait(long long timeout_ms, int *ret_status, int *ret_signal);

/* Asks the group to end (SIGTERM), kills it when it has not after 2 s, and reaps its leader. */
void child_stop(pid_t pid);

/* Starts it, waits for its end, at most limit_ms (<= 0: for ever). A signal to stop ends it, too,
 * and is left pending for the caller's next children_wait(). */
struct child_end child_run(const struct child_order *order, long long limit_ms);

/* The signal to stop (SIGINT, SIGTERM, SIGHUP) that waits for children_wait(), or 0. */
int stop_pending(void);

#endif
