/* effective_test.c -- tests of what counts of a wall time. */
#include <criterion/criterion.h>
#include <unistd.h>

#include "role/effective.h"

enum { S = 1000000 };

static int64_t effective(int64_t wall_us, int64_t ran_us, int64_t queued_us, unsigned slowness)
{
	return effective_us(wall_us, (struct os_cpu_time){ ran_us, queued_us }, slowness);
}

Test(effective, all_that_was_blocked_counts)
{
	cr_expect_eq(effective(2 * S, 0, 0, 100), 2 * S);
	cr_expect_eq(effective(2 * S, 10, 0, 1000), 2 * S - 9,
		     "but for CPU time on a slow machine");
}

Test(effective, waiting_for_a_processor_does_not_count)
{
	cr_expect_eq(effective(10 * S, S, 8 * S, 100), 2 * S);
	cr_expect_eq(effective(10 * S, 0, 10 * S, 100), 0);
}

Test(effective, processes_that_only_compute_come_to_an_end)
{
	/* Two that share a processor with many others: both wait nearly all the time. */
	cr_expect_eq(effective(18 * S, 4 * S, 32 * S, 100), 2 * S);
	/* A hundred. */
	cr_expect_eq(effective(18 * S, 4 * S, 1796LL * S, 100), 2 * S);
	cr_expect_eq(effective(40 * S, 40 * S, 0, 1000), 4 * S, "on a slow machine, too");
}

Test(effective, never_more_than_the_wall_time)
{
	cr_expect_eq(effective(S, 16 * S, 0, 100), S);
	cr_expect_eq(effective(S, 2 * S, 0, 100), S);
}

Test(effective, slowness_has_limits)
{
	cr_expect_eq(slowness_of(0), 100, "unknown");
	cr_expect_eq(slowness_of(150), 100);
	cr_expect_eq(slowness_of(600), 200);
	cr_expect_eq(slowness_of(7000), 1000);
	cr_expect_eq(slowness_of(INT64_MAX / 1000), 1000);
}

Test(effective, this_machine_says_what_its_processes_ran)
{
	struct os_cpu_time before, after;
	volatile unsigned spin = 0;

	if (!os_cpu_time(getpid(), &before))
		return; /* no schedstat here */
	do {
		for (unsigned i = 0; i < 1000000; i++)
			spin += i;
		cr_assert(os_cpu_time(getpid(), &after));
	} while (after.ran_us == before.ran_us);
	cr_expect_gt(after.ran_us, before.ran_us);
	cr_expect_geq(after.queued_us, before.queued_us);
	cr_expect_gt(os_fork_cost_us(), 0);
	cr_expect_not(os_cpu_time(0, &after), "there is no process 0");
}
