/* tally.c -- merges the repetitions of an instance: the most alarming is kept, differing is flaky.
 */
#include "engine/tally.h"

struct merged {
	struct result kept;
	bool has_kept;
	unsigned runs;
	unsigned runs_of[VERDICT_COUNT];
};

struct tally {
	struct merged *merged;
	size_t count;
	unsigned repeat, retries;
	told_fn told;
	void *context;
};

struct tally *tally_create(size_t instances, unsigned repeat, unsigned retries, told_fn told,
			   void *context)
{
	struct tally *tally = must_alloc(1, sizeof *tally);

	*tally = (struct tally){ .merged = must_alloc(instances, sizeof *tally->merged),
				 .count = instances,
				 .repeat = repeat,
				 .retries = retries,
				 .told = told,
				 .context = context };
	return tally;
}

void tally_destroy(struct tally *tally)
{
	if (!tally)
		return;
	for (size_t i = 0; i < tally->count; i++)
		if (tally->merged[i].has_kept)
			result_finish(&tally->merged[i].kept);
	free(tally->merged);
	free(tally);
}

static void keep(struct merged *merged, struct result *result)
{
	if (merged->has_kept && result->verdict <= merged->kept.verdict)
		return;
	if (merged->has_kept)
		result_finish(&merged->kept);
	merged->kept = *result;
	merged->has_kept = true;
	memset(result, 0, sizeof *result);
}

static bool is_complete(const struct tally *tally, const struct merged *merged, bool good)
{
	if (tally->repeat > 1)
		return merged->runs >= tally->repeat;
	return good || merged->runs > tally->retries;
}

static void call_flaky(struct merged *merged)
{
	struct result *kept = &merged->kept;
	char *counts = must_copy("");

	for (enum verdict v = 0; v < VERDICT_COUNT; v++) {
		if (!merged->runs_of[v])
			continue;
		char *longer = must_format("%s%s%u %s", counts, *counts ? ", " : "",
					   merged->runs_of[v], verdict_name(v));
		free(counts);
		counts = longer;
	}
	char *reason = must_format("%s: %s", counts, kept->reason);
	free(counts);
	free(kept->reason);
	kept->reason = reason;
	kept->verdict = VERDICT_FLAKY;
}

static void tell_result(struct tally *tally, size_t instance)
{
	struct merged *merged = &tally->merged[instance];
	struct result *kept = &merged->kept;

	if (merged->runs_of[kept->verdict] != merged->runs)
		call_flaky(merged);
	kept->runs = merged->runs;
	memcpy(kept->runs_of, merged->runs_of, sizeof kept->runs_of);
	tally->told(tally->context, instance, kept);
	result_finish(kept);
	merged->has_kept = false;
}

bool tally_add(struct tally *tally, size_t instance, struct result *result)
{
	struct merged *merged = &tally->merged[instance];
	bool good = verdict_is_good(result->verdict);

	merged->runs++;
	merged->runs_of[result->verdict]++;
	keep(merged, result);
	if (is_complete(tally, merged, good)) {
		tell_result(tally, instance);
		return false;
	}
	/* With --repeat all repetitions are planned beforehand. */
	return tally->repeat <= 1;
}

size_t tally_settle(struct tally *tally)
{
	size_t count = 0;

	for (size_t i = 0; i < tally->count; i++) {
		if (!tally->merged[i].has_kept)
			continue;
		tell_result(tally, i);
		count++;
	}
	return count;
}

bool tally_has(const struct tally *tally, size_t instance)
{
	return tally->merged[instance].runs > 0;
}
