/* effective.h -- the part of a wall time that a pair could use.
 *
 * On a machine that others use, too, a process waits in a run queue while the clock goes on, and
 * on a slow machine it computes for longer. Neither says anything of the sockets under test. So
 * limits and upper bounds of times are not held against the wall time but against the effective
 * time: what was spent blocked counts in full, CPU time counts as it would on a usual machine, and
 * waiting for a processor does not count.
 */
#ifndef SOCKDRILL_EFFECTIVE_H
#define SOCKDRILL_EFFECTIVE_H

#include <stdint.h>

#include "os/os.h"

enum { SLOWNESS_USUAL = 100, SLOWNESS_MAX = 1000 };

/* How many times as long as usual this machine computes, in percent from SLOWNESS_USUAL to
 * SLOWNESS_MAX, by what a fork costs it. Forks some processes and reaps them. */
unsigned measure_slowness(void);
/* The same from a cost, in microseconds; 0, unknown, is usual. Pure. */
unsigned slowness_of(int64_t fork_us);

/* The effective part of wall_us in which a pair spent that CPU time, all its processes added.
 * Not less than half of the CPU time, as it would be elsewhere: two roles may compute at once, and
 * however many processes wait for processors, what they do comes to an end. Never above wall_us.
 * Pure. */
int64_t effective_us(int64_t wall_us, struct os_cpu_time spent, unsigned slowness);

#endif
