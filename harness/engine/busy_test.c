/* busy_test.c -- pairs on a processor that others use, too: what needs it longer than its limit for
 * want of it is not called hung, and what hangs still is. */
#include <criterion/criterion.h>
#include <sched.h>
#include <time.h>

#include "engine/drill.h"
#include "role/role.h"

enum { LIMIT_MS = 300, NEEDS_MS = 200, LOOPS = 4 };

static long long cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void computes(struct role *me)
{
	long long start = now_ms();

	while (cpu_ms() < NEEDS_MS)
		;
	saw_time(me, "time", start, 0, LIMIT_MS);
}

static void hangs(struct role *me)
{
	(void)me;
	pause();
}

static void loops(struct role *me)
{
	volatile bool goes_on = me != NULL;

	while (goes_on)
		;
}

static const struct sock_case computing = {
	.claim = "A role that computes is given its time.",
	.source = "a test",
	.families = NO_FAMILY,
	.server = computes,
	.client = computes,
	.expect = { { SERVER, "time", TEXT("on time") }, { CLIENT, "time", TEXT("on time") } },
};

static const struct sock_case hanging = {
	.claim = "A role that hangs does not end.",
	.source = "a test",
	.families = NO_FAMILY,
	.server = hangs,
};

static const struct sock_case looping = {
	.claim = "A role that loops does not end.",
	.source = "a test",
	.families = NO_FAMILY,
	.server = loops,
};

/* One processor for this process and for so many busy loops, all in one session: where sessions
 * share processors fairly, a world has a session of its own and gets half. */
static void make_busy(pid_t loop[LOOPS])
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	cr_assert_eq(sched_setaffinity(0, sizeof one, &one), 0);
	for (int i = 0; i < LOOPS; i++) {
		loop[i] = fork();
		if (!loop[i])
			loops((struct role *)loop);
		cr_assert_gt(loop[i], 0);
	}
}

static void make_idle(const pid_t loop[LOOPS])
{
	for (int i = 0; i < LOOPS; i++) {
		kill(loop[i], SIGKILL);
		waitpid(loop[i], NULL, 0);
	}
}

static double run_beside_loops(const struct sock_case *test, const struct drill_setting *setting,
			       enum verdict wanted)
{
	struct result result = { 0 };
	char *error = NULL;
	pid_t loop[LOOPS];

	make_busy(loop);
	bool ran = drill("beside_loops", test, NO_FAMILY, setting, &result, &error);
	make_idle(loop);
	cr_assert(ran, "%s", error);
	cr_expect_eq(result.verdict, wanted, "%s: %s", verdict_name(result.verdict), result.reason);
	double ms = result.ms;
	result_finish(&result);
	return ms;
}

static const struct drill_setting worlds = { .timeout_ms = LIMIT_MS, .repeat = 1 };
static const struct drill_setting no_worlds = { .isolation = ISOLATION_NONE,
						.timeout_ms = LIMIT_MS,
						.repeat = 1 };
static const struct drill_setting threads = { .timeout_ms = LIMIT_MS,
					      .repeat = 1,
					      .threads = true };

Test(busy, what_computes_is_given_its_time)
{
	struct os_cpu_time here;

	if (!os_cpu_time(getpid(), &here))
		return; /* this system does not tell who waits for a processor */
	double ms = run_beside_loops(&computing, &worlds, VERDICT_PASS);
	cr_expect_gt(ms, LIMIT_MS, "it took longer than its limit, or this shows nothing");
	run_beside_loops(&computing, &no_worlds, VERDICT_PASS);
}

/* How soon depends on what else the machine does: that it ends at all is what is shown here. */
Test(busy, what_hangs_ends_at_its_limit, .timeout = 60)
{
	double ms = run_beside_loops(&hanging, &worlds, VERDICT_TIMEOUT);

	cr_expect_geq(ms, LIMIT_MS);
	run_beside_loops(&hanging, &threads, VERDICT_TIMEOUT);
}

Test(busy, what_loops_ends_with_its_share_of_the_processor, .timeout = 120)
{
	double ms = run_beside_loops(&looping, &worlds, VERDICT_TIMEOUT);

	cr_expect_geq(ms, LIMIT_MS);
	run_beside_loops(&looping, &no_worlds, VERDICT_TIMEOUT);
}
