/* effective.c -- the part of a wall time that a pair could use. */
#include "role/effective.h"

/* What a fork, an exit and a wait take at the most where nothing is slow; it is about half of it.
 */
enum { USUAL_FORK_US = 300 };

unsigned slowness_of(int64_t fork_us)
{
	int64_t percent = fork_us * 100 / USUAL_FORK_US;

	if (percent < SLOWNESS_USUAL)
		return SLOWNESS_USUAL;
	return percent > SLOWNESS_MAX ? SLOWNESS_MAX : (unsigned)percent;
}

unsigned measure_slowness(void)
{
	return slowness_of(os_fork_cost_us());
}

int64_t effective_us(int64_t wall_us, struct os_cpu_time spent, unsigned slowness)
{
	int64_t computed = spent.ran_us * SLOWNESS_USUAL / slowness;
	int64_t effective = wall_us - spent.queued_us - (spent.ran_us - computed);

	if (effective < computed / 2)
		effective = computed / 2;
	return effective < wall_us ? effective : wall_us;
}
