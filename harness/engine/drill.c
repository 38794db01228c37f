/* drill.c -- one case by itself. */
#include "engine/drill.h"

#include "engine/schedule.h"
#include "engine/tally.h"

struct drilling {
	struct tally *tally;
	struct result *result;
};

static void keep_result(void *context, size_t instance, struct result *result)
{
	struct drilling *drilling = context;

	(void)instance;
	*drilling->result = *result;
	memset(result, 0, sizeof *result);
}

static enum next_step landed(void *context, size_t instance, struct result *result)
{
	struct drilling *drilling = context;

	return tally_add(drilling->tally, instance, result) ? RUN_AGAIN : GO_ON;
}

bool drill(const char *name, const struct sock_case *test, enum family family,
	   const struct drill_setting *setting, struct result *ret_result, char **ret_error)
{
	const struct entry entry = { name, test };
	struct instance instance = { &entry, family };
	const struct plan plan = { .instances = &instance, .count = 1 };
	struct drilling drilling = { .result = ret_result };
	struct abilities abilities;
	struct os_facts facts;
	struct run_outcome outcome;

	if (!abilities_probe(setting->isolation, &abilities)) {
		*ret_error = must_copy(abilities.why_not);
		return false;
	}
	abilities.threads |= setting->threads;
	os_describe(&facts);
	const struct schedule_setting schedule = { .abilities = &abilities,
						   .facts = &facts,
						   .jobs = 1,
						   .repeat = setting->repeat,
						   .timeout_ms = setting->timeout_ms,
						   .traced = setting->traced,
						   .stretch_percent = 100 };
	drilling.tally = tally_create(1, setting->repeat, 0, keep_result, &drilling);
	schedule_run(&plan, &schedule, landed, &drilling, &outcome);
	tally_destroy(drilling.tally);
	if (outcome.end == RUN_DONE)
		return true;
	*ret_error = must_copy(outcome.trouble);
	return false;
}
