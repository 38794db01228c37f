/* tally_test.c -- repetitions become one result; under ASan also: nothing is lost or freed twice.
 */
#include "engine/tally.h"

#include <criterion/criterion.h>

enum { RUNS_MAX = 6 };

/* What the tally told, copied; the last of them. */
struct heard {
	unsigned count;
	size_t instance;
	enum verdict verdict;
	char reason[128], value[32];
	unsigned runs, runs_of[VERDICT_COUNT];
	bool takes; /* the result's content for itself */
	struct result taken;
};

static void note(void *context, size_t instance, struct result *result)
{
	struct heard *heard = context;

	heard->instance = instance;
	heard->count++;
	heard->verdict = result->verdict;
	snprintf(heard->reason, sizeof heard->reason, "%s", result->reason);
	snprintf(heard->value, sizeof heard->value, "%s", result->saw[0].value);
	heard->runs = result->runs;
	memcpy(heard->runs_of, result->runs_of, sizeof heard->runs_of);
	if (!heard->takes)
		return;
	heard->taken = *result;
	memset(result, 0, sizeof *result);
}

/* Everything in it is its own memory; `run` tells it from others of its verdict. */
static struct result make_result(enum verdict verdict, unsigned run)
{
	struct result result = { .name = "x",
				 .family = INET,
				 .verdict = verdict,
				 .reason = must_format("reason %u", run),
				 .saw = must_alloc(1, sizeof *result.saw),
				 .saw_count = 1,
				 .owned = must_copy("x") };

	for (enum who who = 0; who < WHO_COUNT; who++) {
		result.stood[who] = must_copy("finished");
		result.output[who] = must_copy("");
	}
	result.saw[0] = (struct observation){ .label = must_copy("a"),
					      .value = must_format("%u", run),
					      .want = must_copy("any") };
	return result;
}

/* As the scheduler does: what the tally leaves is freed. */
static bool add(struct tally *tally, size_t instance, enum verdict verdict, unsigned run)
{
	struct result result = make_result(verdict, run);
	bool again = tally_add(tally, instance, &result);

	result_finish(&result);
	return again;
}

/* One instance from its first repetition to its last. Runs are numbered from 1. */
static const struct course {
	const char *name;
	unsigned repeat, retries, runs;
	enum verdict of[RUNS_MAX];
	enum verdict verdict;
	unsigned kept; /* number of the run whose content is told */
	const char *reason;
} courses[] = {
	{ "once", 1, 0, 1, { VERDICT_PASS }, VERDICT_PASS, 1, "reason 1" },
	{ "once, failed", 1, 0, 1, { VERDICT_FAIL }, VERDICT_FAIL, 1, "reason 1" },
	{ "repeated, all the same",
	  3,
	  0,
	  3,
	  { VERDICT_PASS, VERDICT_PASS, VERDICT_PASS },
	  VERDICT_PASS,
	  1,
	  "reason 1" },
	{ "repeated, all failed",
	  3,
	  0,
	  3,
	  { VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL },
	  VERDICT_FAIL,
	  1,
	  "reason 1" },
	{ "repeated, one failed",
	  3,
	  0,
	  3,
	  { VERDICT_PASS, VERDICT_FAIL, VERDICT_PASS },
	  VERDICT_FLAKY,
	  2,
	  "2 pass, 1 fail: reason 2" },
	{ "repeated, the first failed",
	  2,
	  0,
	  2,
	  { VERDICT_FAIL, VERDICT_PASS },
	  VERDICT_FLAKY,
	  1,
	  "1 pass, 1 fail: reason 1" },
	{ "repeated, the most alarming is kept",
	  5,
	  0,
	  5,
	  { VERDICT_FAIL, VERDICT_TIMEOUT, VERDICT_BROKEN, VERDICT_TIMEOUT, VERDICT_PASS },
	  VERDICT_FLAKY,
	  2,
	  "1 pass, 1 fail, 1 broken, 2 timeout: reason 2" },
	{ "repeated, good in two ways",
	  2,
	  0,
	  2,
	  { VERDICT_PASS, VERDICT_VARIANT },
	  VERDICT_FLAKY,
	  2,
	  "1 pass, 1 variant: reason 2" },
	{ "repeated, bad in two ways",
	  2,
	  0,
	  2,
	  { VERDICT_BROKEN, VERDICT_FAIL },
	  VERDICT_FLAKY,
	  1,
	  "1 fail, 1 broken: reason 1" },
	{ "retries, not needed", 1, 3, 1, { VERDICT_PASS }, VERDICT_PASS, 1, "reason 1" },
	{ "retries, not for a skip", 1, 3, 1, { VERDICT_SKIP }, VERDICT_SKIP, 1, "reason 1" },
	{ "retries, the second is good",
	  1,
	  3,
	  2,
	  { VERDICT_FAIL, VERDICT_PASS },
	  VERDICT_FLAKY,
	  1,
	  "1 pass, 1 fail: reason 1" },
	{ "retries, the last is good",
	  1,
	  2,
	  3,
	  { VERDICT_FAIL, VERDICT_FAIL, VERDICT_VARIANT },
	  VERDICT_FLAKY,
	  1,
	  "1 variant, 2 fail: reason 1" },
	{ "retries, none is good",
	  1,
	  2,
	  3,
	  { VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL },
	  VERDICT_FAIL,
	  1,
	  "reason 1" },
	{ "retries, bad in two ways",
	  1,
	  1,
	  2,
	  { VERDICT_FAIL, VERDICT_TIMEOUT },
	  VERDICT_FLAKY,
	  2,
	  "1 fail, 1 timeout: reason 2" },
};

static void run_course(struct tally *tally, const struct course *row, struct heard *heard)
{
	for (unsigned run = 1; run <= row->runs; run++) {
		cr_expect_eq(heard->count, 0, "%s: told before run %u", row->name, run);
		bool again = add(tally, 0, row->of[run - 1], run);
		/* Repetitions are planned beforehand; only a retry is asked for. */
		cr_expect_eq(again, row->repeat == 1 && run < row->runs, "%s: after run %u",
			     row->name, run);
	}
	cr_expect_eq(heard->count, 1, "%s: told %u times", row->name, heard->count);
}

Test(tally, merges)
{
	for (size_t i = 0; i < sizeof courses / sizeof *courses; i++) {
		const struct course *row = &courses[i];
		struct heard heard = { 0 };
		struct tally *tally = tally_create(1, row->repeat, row->retries, note, &heard);
		run_course(tally, row, &heard);
		tally_destroy(tally);
		cr_expect_eq(heard.verdict, row->verdict, "%s: %s", row->name,
			     verdict_name(heard.verdict));
		cr_expect_str_eq(heard.reason, row->reason, "%s: %s", row->name, heard.reason);
		cr_expect_eq(strtoul(heard.value, NULL, 10), row->kept, "%s: %s", row->name,
			     heard.value);
		cr_expect_eq(heard.runs, row->runs, "%s", row->name);
	}
}

Test(tally, counts_runs_of_each_verdict)
{
	struct heard heard = { 0 };
	struct tally *tally = tally_create(1, 4, 0, note, &heard);

	add(tally, 0, VERDICT_PASS, 1);
	add(tally, 0, VERDICT_TIMEOUT, 2);
	add(tally, 0, VERDICT_PASS, 3);
	add(tally, 0, VERDICT_SKIP, 4);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++) {
		unsigned count = v == VERDICT_PASS ? 2 : v == VERDICT_TIMEOUT || v == VERDICT_SKIP;
		cr_expect_eq(heard.runs_of[v], count, "%s: %u", verdict_name(v), heard.runs_of[v]);
	}
	tally_destroy(tally);
}

/* Instances land in any order and do not disturb each other. */
Test(tally, keeps_instances_apart)
{
	struct heard heard = { 0 };
	struct tally *tally = tally_create(3, 2, 0, note, &heard);

	add(tally, 2, VERDICT_FAIL, 1);
	add(tally, 0, VERDICT_PASS, 1);
	add(tally, 1, VERDICT_PASS, 1);
	cr_expect_eq(heard.count, 0);
	add(tally, 0, VERDICT_PASS, 2);
	cr_expect_eq(heard.count, 1);
	cr_expect_eq(heard.verdict, VERDICT_PASS);
	add(tally, 2, VERDICT_FAIL, 2);
	cr_expect_eq(heard.count, 2);
	cr_expect_eq(heard.verdict, VERDICT_FAIL);
	add(tally, 1, VERDICT_FAIL, 2);
	cr_expect_eq(heard.count, 3);
	cr_expect_eq(heard.verdict, VERDICT_FLAKY);
	tally_destroy(tally);
}

Test(tally, a_listener_may_take_the_content)
{
	struct heard heard = { .takes = true };
	struct tally *tally = tally_create(1, 1, 0, note, &heard);

	add(tally, 0, VERDICT_FAIL, 7);
	tally_destroy(tally);
	cr_expect_str_eq(heard.taken.reason, "reason 7");
	cr_expect_str_eq(heard.taken.saw[0].value, "7");
	result_finish(&heard.taken);
}

/* An interrupted run: what was kept is freed, nobody is told. */
Test(tally, may_end_early)
{
	struct heard heard = { 0 };
	struct tally *tally = tally_create(3, 1, 2, note, &heard);

	cr_expect(add(tally, 0, VERDICT_FAIL, 1));
	cr_expect(add(tally, 0, VERDICT_BROKEN, 2));
	cr_expect(add(tally, 2, VERDICT_FAIL, 1));
	tally_destroy(tally);
	cr_expect_eq(heard.count, 0);
	tally_destroy(NULL);
	tally_destroy(tally_create(0, 1, 0, note, &heard));
}

/* Of a run that ends early: what has landed is told as far as it came, each once. */
Test(tally, settles)
{
	struct heard heard = { 0 };
	struct tally *tally = tally_create(3, 3, 0, note, &heard);

	add(tally, 0, VERDICT_PASS, 1);
	add(tally, 0, VERDICT_FAIL, 2);
	for (unsigned run = 1; run <= 3; run++)
		add(tally, 2, VERDICT_PASS, run);
	cr_expect_eq(heard.count, 1);
	cr_expect_eq(heard.instance, 2);
	cr_expect_eq(tally_settle(tally), 1);
	cr_expect_eq(heard.count, 2);
	cr_expect_eq(heard.instance, 0);
	cr_expect_eq(heard.verdict, VERDICT_FLAKY);
	cr_expect_eq(heard.runs, 2);
	cr_expect_str_eq(heard.reason, "1 pass, 1 fail: reason 2");
	cr_expect(tally_has(tally, 0) && !tally_has(tally, 1) && tally_has(tally, 2));
	cr_expect_eq(tally_settle(tally), 0);
	cr_expect_eq(heard.count, 2);
	tally_destroy(tally);
}
