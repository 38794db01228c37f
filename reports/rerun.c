/* rerun.c -- what a results file leaves to be run again. */
#include "reports/rerun.h"

#include <stdlib.h>
#include <string.h>

#include "reports/read.h"

/* A file while it is read: its results in their order. */
struct reading {
	struct rerun rerun;
	struct run_facts facts; /* of the run that is read */
};

static void begin(void *context, const struct run_facts *facts)
{
	struct reading *reading = context;

	reading->facts = *facts;
}

static void take_result(void *context, struct result *result)
{
	struct rerun *rerun = &((struct reading *)context)->rerun;

	rerun->instances = must_grow(rerun->instances, rerun->count + 1, sizeof *rerun->instances);
	rerun->instances[rerun->count++] = (struct rerun_instance){
		.name = must_format("%s/%s", result->name, family_name(result->family)),
		.again = !result->expected,
	};
}

static void end(void *context, const struct counts *counts)
{
	struct reading *reading = context;
	struct rerun *rerun = &reading->rerun;

	if (!counts->missing)
		return;
	rerun->killed = must_grow(rerun->killed, rerun->killed_count + 1, sizeof *rerun->killed);
	rerun->killed[rerun->killed_count++] = (struct rerun_killed){
		.shard = reading->facts.shard,
		.shards = reading->facts.shards,
		.planned = reading->facts.planned,
	};
}

/* By name, then in the order of the file, in which the array lies. */
static int compare_instances(const void *a, const void *b)
{
	const struct rerun_instance *const *x = a, *const *y = b;
	int order = strcmp((*x)->name, (*y)->name);

	return order ? order : (*x > *y) - (*x < *y);
}

/* Sorts, and keeps the last of each name. */
static void settle(struct rerun *rerun)
{
	struct rerun_instance **sorted = must_alloc(rerun->count, sizeof *sorted);
	struct rerun_instance *kept = must_alloc(rerun->count, sizeof *kept);
	size_t count = 0;

	for (size_t i = 0; i < rerun->count; i++)
		sorted[i] = &rerun->instances[i];
	qsort(sorted, rerun->count, sizeof *sorted, compare_instances);
	for (size_t i = 0; i < rerun->count; i++) {
		if (count && !strcmp(kept[count - 1].name, sorted[i]->name))
			free(kept[--count].name);
		kept[count++] = *sorted[i];
	}
	free(sorted);
	free(rerun->instances);
	rerun->instances = kept;
	rerun->count = count;
}

bool rerun_read(const char *path, struct rerun *ret_rerun, char **ret_error)
{
	struct reading reading = { 0 };
	const struct results_sink sink = { begin, take_result, end, &reading };

	if (!results_read(path, &sink, ret_error)) {
		rerun_finish(&reading.rerun);
		return false;
	}
	settle(&reading.rerun);
	*ret_rerun = reading.rerun;
	return true;
}

static int compare_name(const void *name, const void *instance)
{
	return strcmp(name, ((const struct rerun_instance *)instance)->name);
}

bool rerun_has(const struct rerun *rerun, const char *name)
{
	return bsearch(name, rerun->instances, rerun->count, sizeof *rerun->instances,
		       compare_name) != NULL;
}

void rerun_finish(struct rerun *rerun)
{
	for (size_t i = 0; i < rerun->count; i++)
		free(rerun->instances[i].name);
	free(rerun->instances);
	free(rerun->killed);
	memset(rerun, 0, sizeof *rerun);
}
