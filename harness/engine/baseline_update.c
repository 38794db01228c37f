/* baseline_update.c -- what a baseline becomes by a run. */
#include "engine/baseline_update.h"

struct baseline_seen {
	char *name; /* of the case */
	enum family family;
	enum verdict verdict;
	bool expected;
	char *reason;
};

void baseline_note(struct baseline_update *update, const struct result *result)
{
	if (result->verdict == VERDICT_NOT_RUN)
		return;
	update->seen = must_grow(update->seen, update->count + 1, sizeof *update->seen);
	update->seen[update->count++] = (struct baseline_seen){
		.name = must_copy(result->name),
		.family = result->family,
		.verdict = result->verdict,
		.expected = result->expected,
		.reason = must_copy(result->reason),
	};
}

void baseline_update_finish(struct baseline_update *update)
{
	for (size_t i = 0; i < update->count; i++) {
		free(update->seen[i].name);
		free(update->seen[i].reason);
	}
	free(update->seen);
	memset(update, 0, sizeof *update);
}

/* ---- What a line is for ---- */

static int compare_seen(const void *a, const void *b)
{
	const struct baseline_seen *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (int)x->family - (int)y->family;
}

static bool was_seen(const struct baseline_update *update, const char *name, enum family family)
{
	const struct baseline_seen key = { .name = (char *)(uintptr_t)name, .family = family };

	return bsearch(&key, update->seen, update->count, sizeof key, compare_seen) != NULL;
}

/* What this program has, and this run did not see. */
static unsigned count_unseen(const struct baseline_update *update, const char *glob)
{
	unsigned count = 0;

	for (size_t i = 0; i < all_cases.count; i++) {
		const struct entry *entry = &all_cases.entries[i];
		for (unsigned family = INET; family <= NO_FAMILY; family <<= 1)
			count += entry->test->families & family &&
				 glob_fits(glob, entry->name, family) &&
				 !was_seen(update, entry->name, family);
	}
	return count;
}

/* It ran well, and the line says that it does not. */
static bool contradicts(const struct baseline_seen *seen, const struct baseline_line *line)
{
	return verdict_is_good(seen->verdict) && seen->verdict != VERDICT_SKIP &&
	       !(line->outcomes >> seen->verdict & 1U);
}

/* How many instances the line is for that were seen; *ret_all: all of these contradict it. */
static unsigned count_seen(const struct baseline_update *update, const struct baseline_line *line,
			   bool *ret_all)
{
	unsigned count = 0;

	*ret_all = true;
	for (size_t i = 0; i < update->count; i++) {
		const struct baseline_seen *seen = &update->seen[i];
		if (!glob_fits(line->glob, seen->name, seen->family))
			continue;
		count++;
		*ret_all &= contradicts(seen, line);
	}
	return count;
}

/* ---- Changes ---- */

/* A line without outcomes is not written back. */
static void remove_healed(const struct baseline_update *update, struct baseline *baseline,
			  struct baseline_changes *changes)
{
	for (size_t i = 0; i < baseline->count; i++) {
		struct baseline_line *line = &baseline->lines[i];
		bool all;
		if (!line->applies || !count_seen(update, line, &all) || !all ||
		    count_unseen(update, line->glob))
			continue;
		line->outcomes = 0;
		changes->removed++;
	}
}

/* Lines that name this instance and no other. */
static void change_outcome(const struct baseline_update *update, struct baseline *baseline,
			   const struct baseline_seen *seen, struct baseline_changes *changes)
{
	bool all;

	for (size_t i = 0; i < baseline->count; i++) {
		struct baseline_line *line = &baseline->lines[i];
		if (!line->applies || !line->outcomes ||
		    !glob_fits(line->glob, seen->name, seen->family) ||
		    count_seen(update, line, &all) != 1 || count_unseen(update, line->glob))
			continue;
		line->outcomes = 1U << seen->verdict;
		changes->changed++;
	}
}

static void add_line(struct baseline *baseline, const struct baseline_seen *seen,
		     const struct run_facts *facts)
{
	/* As it will be read: without blanks before it. */
	const char *reason = seen->reason + strspn(seen->reason, " \t");

	if (verdict_is_good(seen->verdict))
		reason = "now as expected";
	else if (!*reason)
		reason = "no reason was recorded";
	baseline->lines = must_grow(baseline->lines, baseline->count + 1, sizeof *baseline->lines);
	baseline->lines[baseline->count++] = (struct baseline_line){
		.where = must_format("%s/*/%s", facts->stack, facts->machine),
		.glob = must_format("%s/%s", seen->name, family_name(seen->family)),
		.outcomes = 1U << seen->verdict,
		.reason = must_copy(reason),
		.applies = true,
	};
}

static bool is_expected(const struct baseline *baseline, const struct baseline_seen *seen)
{
	const struct result result = { .name = seen->name,
				       .family = seen->family,
				       .verdict = seen->verdict };

	return baseline_expects(baseline, &result);
}

struct baseline_changes baseline_apply(struct baseline_update *update, struct baseline *baseline,
				       const struct run_facts *facts)
{
	struct baseline_changes changes = { 0 };

	if (update->count)
		qsort(update->seen, update->count, sizeof *update->seen, compare_seen);
	remove_healed(update, baseline, &changes);
	for (size_t i = 0; i < update->count; i++) {
		const struct baseline_seen *seen = &update->seen[i];
		/* What a retry made good is none of the baseline's concern. */
		if (seen->expected || is_expected(baseline, seen))
			continue;
		if (!verdict_is_good(seen->verdict))
			change_outcome(update, baseline, seen, &changes);
		/* Lines for more than this instance say otherwise. */
		if (is_expected(baseline, seen))
			continue;
		add_line(baseline, seen, facts);
		changes.added++;
	}
	return changes;
}
