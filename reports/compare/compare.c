/* compare.c -- reads results files into one table of behaviours and systems, and classes each cell.
 */
#include "reports/compare/compare.h"

#include <stdlib.h>
#include <string.h>

#include "engine/baseline.h"
#include "engine/plan.h"
#include "engine/want.h"
#include "reports/compare/rows.h"
#include "reports/read.h"
#include "reports/rejudge.h"

/* A comparison while it is read. */
struct reading {
	struct comparison *comparison;
	size_t system; /* the one whose file is read */
	struct rows *rows;
	struct run_facts facts; /* of the run that is read */
	struct os_facts os;
	const char *const *known_paths;
	size_t known_count;
	struct baseline *known; /* of this system */
	unsigned runs, results; /* of the file */
	char *trouble;          /* why the file cannot be used; NULL: it can */
	char *known_error;      /* of a baseline */
};

/* ---- Outcomes ---- */

/* What a verdict says of how it ran, apart from what its values are worth. */
static enum verdict kind_of(enum verdict verdict)
{
	return verdict == VERDICT_VARIANT || verdict == VERDICT_FAIL ? VERDICT_PASS : verdict;
}

static bool same_observation(const struct observation *a, const struct observation *b)
{
	return a->who == b->who && !strcmp(a->label, b->label) && !strcmp(a->value, b->value);
}

/* At the same place as a rule; but what roles record when is theirs, only the values count. */
static bool has_observation(const struct outcome *outcome, size_t at, const struct observation *one)
{
	if (same_observation(&outcome->saw[at], one))
		return true;
	for (size_t i = 0; i < outcome->saw_count; i++)
		if (same_observation(&outcome->saw[i], one))
			return true;
	return false;
}

/* What a skip saw before it gave up says nothing of the stack. */
static bool same_outcome(const struct outcome *outcome, const struct result *result)
{
	if (outcome->kind != kind_of(result->verdict))
		return false;
	if (outcome->kind == VERDICT_SKIP)
		return true;
	if (outcome->saw_count != result->saw_count)
		return false;
	for (size_t i = 0; i < result->saw_count; i++)
		if (!has_observation(outcome, i, &result->saw[i]))
			return false;
	return true;
}

static const struct expect *row_for(const struct sock_case *test, enum family family,
				    const struct observation *one)
{
	for (int i = 0; test && i < EXPECT_MAX && test->expect[i].label; i++) {
		const struct expect *row = &test->expect[i];
		if (row->who == one->who && row_stands(row, family) &&
		    !strcmp(row->label, one->label))
			return row;
	}
	return NULL;
}

/* From what the system was expected to do to what a portable program may rely on. */
static void judge_portably(const struct sock_case *test, enum family family,
			   struct observation *one)
{
	const struct expect *row = row_for(test, family, one);

	one->variant = false;
	if (!test)
		return; /* as recorded */
	const struct want *want = row ? want_of_family(&row->want, family) : NULL;
	bool open = !want || want->kind == WANT_UNSET;
	free(one->want);
	one->want = open ? must_copy("") : want_text(want);
	one->standing = row ? row_standing(test, row) : STANDING_UNSET;
	one->judged = !open && want->kind != WANT_ANY;
	one->ok = !one->judged || want_fits(want, one->value);
}

/* Takes the observations out of the result. */
static void add_outcome(struct compare_row *row, struct result *result)
{
	row->outcomes = must_grow(row->outcomes, row->outcome_count + 1, sizeof *row->outcomes);
	struct outcome *outcome = &row->outcomes[row->outcome_count++];
	*outcome = (struct outcome){ .kind = kind_of(result->verdict),
				     .saw = result->saw,
				     .saw_count = result->saw_count };
	result->saw = NULL;
	result->saw_count = 0;
	for (size_t i = 0; i < outcome->saw_count; i++)
		judge_portably(row->test, row->family, &outcome->saw[i]);
}

static unsigned find_outcome(struct compare_row *row, struct result *result)
{
	unsigned index = 0;

	while (index < row->outcome_count && !same_outcome(&row->outcomes[index], result))
		index++;
	if (index == row->outcome_count)
		add_outcome(row, result);
	row->outcomes[index].systems++;
	return index;
}

/* ---- Cells ---- */

static bool breaks_standard(const struct outcome *outcome)
{
	for (size_t i = 0; i < outcome->saw_count; i++)
		if (outcome->saw[i].judged && !outcome->saw[i].ok &&
		    outcome->saw[i].standing != MAY && outcome->saw[i].standing != SYSTEM)
			return true;
	return false;
}

static bool is_unknown_way(const struct compare_row *row, const struct cell *cell)
{
	return !row->test && cell->verdict == VERDICT_PASS && cell->differs;
}

static enum likeness likeness_of(const struct compare_row *row, const struct cell *cell)
{
	const struct outcome *outcome = &row->outcomes[cell->outcome];

	switch (cell->verdict) {
	case VERDICT_SKIP:
		return LIKE_UNSUPPORTED;
	case VERDICT_PASS:
		if (is_unknown_way(row, cell))
			return LIKE_NEW;
		return cell->differs ? LIKE_ALLOWED : LIKE_CONFORMS;
	case VERDICT_VARIANT:
		return LIKE_DOCUMENTED;
	case VERDICT_FAIL:
		return breaks_standard(outcome) ? LIKE_VIOLATES : LIKE_NEW;
	default:
		return LIKE_NEW;
	}
}

static bool ran(const struct cell *cell)
{
	return cell->likeness != LIKE_ABSENT && cell->verdict != VERDICT_SKIP;
}

/* New memory, or NULL. */
static char *known_reason(const struct reading *reading, const struct result *result)
{
	const char *known = NULL;

	for (size_t i = 0; i < reading->known_count && !known; i++)
		known = baseline_reason(&reading->known[i], result);
	return known ? must_copy(known) : NULL;
}

/* The first system's cell stands already: its file is read first. */
static void fill_cell(struct reading *reading, struct compare_row *row, struct result *result)
{
	struct cell *cell = &row->cells[reading->system];
	const struct cell *first = &row->cells[0];

	*cell = (struct cell){ .verdict = result->verdict, .ms = result->ms };
	cell->known = verdict_is_good(cell->verdict) ? NULL : known_reason(reading, result);
	cell->outcome = find_outcome(row, result);
	cell->differs = cell != first && ran(first) && ran(cell) && cell->outcome != first->outcome;
	cell->likeness = likeness_of(row, cell);
	cell->reason =
		must_copy(is_unknown_way(row, cell)
				  ? "this sockdrill does not know the case, so nothing tells "
				    "that this is allowed"
				  : result->reason);
	cell->is_new = cell->differs && !cell->known &&
		       (cell->likeness == LIKE_NEW || cell->likeness == LIKE_VIOLATES);
}

/* ---- Files ---- */

/* All runs of a file are of one system: its shards, for example. Files are of one version. New
 * memory, or NULL when the run fits. */
static char *misfit(const struct reading *reading, const struct run_facts *facts)
{
	const struct system *first = &reading->comparison->systems[0];
	const struct run_facts *mine = &reading->comparison->systems[reading->system].facts;

	if (reading->runs && strcmp(facts->tool, mine->tool) != 0)
		return must_format("its runs are of %s and of %s: record it anew", mine->tool,
				   facts->tool);
	if (reading->system && strcmp(facts->tool, first->facts.tool) != 0)
		return must_format("it is of %s, and %s is of %s: record one of them anew",
				   *facts->tool ? facts->tool : "an unknown version", first->path,
				   first->facts.tool);
	if (!reading->runs)
		return NULL;
	if (strcmp(facts->stack, mine->stack) != 0 ||
	    strcmp(facts->stack_version, mine->stack_version) != 0 ||
	    strcmp(facts->sysname, mine->sysname) != 0 ||
	    strcmp(facts->release, mine->release) != 0 ||
	    strcmp(facts->machine, mine->machine) != 0 || strcmp(facts->libc, mine->libc) != 0)
		return must_copy("its runs are of different systems: "
				 "give each system a file of its own");
	return NULL;
}

static void read_known(struct reading *reading, const struct run_facts *facts)
{
	for (size_t i = 0; i < reading->known_count && !reading->known_error; i++)
		baseline_read(reading->known_paths[i], facts, &reading->known[i],
			      &reading->known_error);
}

static void begin_run(void *context, const struct run_facts *facts)
{
	struct reading *reading = context;
	struct system *system = &reading->comparison->systems[reading->system];

	reading->facts = *facts;
	if (!reading->trouble)
		reading->trouble = misfit(reading, facts);
	if (!reading->runs++) {
		system->facts = *facts;
		read_known(reading, facts);
	}
	system_of_run(facts, &reading->os);
}

static void take_result(void *context, struct result *result)
{
	struct reading *reading = context;

	if (reading->trouble || reading->known_error)
		return;
	judge_anew(result, &reading->os);
	struct compare_row *row = rows_find(reading->rows, result);
	struct cell *cell = &row->cells[reading->system];
	reading->results++;
	if (result->verdict == VERDICT_NOT_RUN) {
		/* Another run of the file may have had it. */
		cell->not_run = cell->likeness == LIKE_ABSENT;
		return;
	}
	if (cell->likeness != LIKE_ABSENT) {
		reading->trouble = must_format("it has %s/%s twice: give a file of one run",
					       result->name, family_name(result->family));
		return;
	}
	fill_cell(reading, row, result);
}

static void end_run(void *context, const struct counts *counts)
{
	struct reading *reading = context;
	struct system *system = &reading->comparison->systems[reading->system];
	const struct run_facts *facts = &reading->facts;

	counts_add_end(&system->counts, counts);
	system->is_torn |= counts->end.cause == END_UNKNOWN &&
			   (counts->missing || !facts->planned || facts->until_fail);
}

static bool read_system(struct reading *reading, const char *path, char **ret_error)
{
	const struct results_sink sink = { begin_run, take_result, end_run, reading };
	char *broken = NULL; /* what the reader says of the file */

	reading->runs = reading->results = 0;
	reading->known = must_alloc(reading->known_count, sizeof *reading->known);
	bool usable = results_read(path, &sink, &broken);
	for (size_t i = 0; i < reading->known_count; i++)
		baseline_finish(&reading->known[i]);
	free(reading->known);
	if (usable && !reading->trouble && !reading->known_error && !reading->results)
		reading->trouble = must_copy("it holds no result: record it anew");
	/* The first trouble is the one to tell of: what comes behind may follow from it. */
	if (reading->known_error)
		*ret_error = must_copy(reading->known_error);
	else if (reading->trouble)
		*ret_error = must_format("cannot compare %s: %s", path, reading->trouble);
	else if (!usable)
		*ret_error = must_copy(broken);
	usable = usable && !reading->known_error && !reading->trouble;
	free(broken);
	free(reading->trouble);
	free(reading->known_error);
	return usable;
}

/* ---- Names ---- */

/* The file's name without directory, suffix and what a terminal would obey; new memory. */
static char *stem_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');

	char *stem = must_format(
		"%.*s", (int)(dot && dot > name ? (size_t)(dot - name) : strlen(name)), name);
	for (char *c = stem; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	return stem;
}

static bool name_is_taken(const struct comparison *comparison, size_t before, const char *name)
{
	for (size_t i = 0; i < before; i++)
		if (!strcmp(comparison->systems[i].name, name))
			return true;
	return false;
}

static bool stack_is_unique(const struct comparison *comparison, size_t system)
{
	const char *stack = comparison->systems[system].facts.stack;

	for (size_t i = 0; i < comparison->system_count; i++)
		if (i != system && !strcmp(comparison->systems[i].facts.stack, stack))
			return false;
	return *stack != '\0';
}

static void name_system(struct comparison *comparison, size_t index)
{
	struct system *system = &comparison->systems[index];
	const struct run_facts *facts = &system->facts;

	system->name = stack_is_unique(comparison, index) ? must_copy(facts->stack)
							  : stem_of(system->path);
	for (unsigned n = 2; name_is_taken(comparison, index, system->name); n++) {
		free(system->name);
		char *stem = stem_of(system->path);
		system->name = must_format("%s-%u", stem, n);
		free(stem);
	}
	system->title =
		must_format("%s%s%s: %s %s %s%s%s", facts->stack, *facts->stack_version ? " " : "",
			    facts->stack_version, facts->sysname, facts->release, facts->machine,
			    *facts->libc ? ", " : "", facts->libc);
}

/* ---- The whole ---- */

static void count_cell(struct system *system, const struct cell *first, const struct cell *cell)
{
	system->like[cell->likeness]++;
	system->common += ran(first) && ran(cell);
	if (!cell->differs)
		return;
	system->differs++;
	system->violates += cell->likeness == LIKE_VIOLATES;
	if (cell->is_new)
		system->new_ones++;
	else if (cell->likeness == LIKE_ALLOWED)
		system->allowed++;
	else
		system->documented++;
}

static void count_system(struct comparison *comparison, size_t index)
{
	struct system *system = &comparison->systems[index];

	memset(system->counts.of, 0, sizeof system->counts.of);
	memset(system->like, 0, sizeof system->like);
	system->common = system->differs = system->allowed = system->documented = 0;
	system->new_ones = system->violates = 0;
	for (size_t i = 0; i < comparison->row_count; i++) {
		const struct cell *cells = comparison->rows[i]->cells;
		system->counts.of[cells[index].verdict] += cells[index].likeness != LIKE_ABSENT;
		count_cell(system, &cells[0], &cells[index]);
	}
}

static void conclude(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->system_count; i++) {
		name_system(comparison, i);
		count_system(comparison, i);
	}
}

void comparison_select(struct comparison *comparison, const char *const *globs, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < comparison->row_count; i++) {
		struct compare_row *row = comparison->rows[i];
		bool fits = false;
		for (size_t k = 0; k < count && !fits; k++)
			fits = glob_fits(globs[k], row->name, row->family);
		if (fits)
			comparison->rows[kept++] = row;
		else
			row_destroy(row, comparison->system_count);
	}
	comparison->row_count = kept;
	for (size_t i = 0; i < comparison->system_count; i++)
		count_system(comparison, i);
}

/* How many of the rows did not run on the system, and the first of them; NULL: all did. */
static const struct compare_row *first_not_run(const struct comparison *comparison, size_t system,
					       unsigned *ret_count)
{
	const struct compare_row *first = NULL;

	*ret_count = 0;
	for (size_t i = 0; i < comparison->row_count; i++) {
		const struct compare_row *row = comparison->rows[i];
		if (!row->cells[system].not_run)
			continue;
		first = first ? first : row;
		(*ret_count)++;
	}
	return first;
}

bool comparison_is_whole(const struct comparison *comparison, char **ret_error)
{
	for (size_t i = 0; i < comparison->system_count; i++) {
		const struct system *system = &comparison->systems[i];
		unsigned count;
		const struct compare_row *row = first_not_run(comparison, i, &count);
		if (system->is_torn) {
			*ret_error = must_format("cannot compare %s: its run was interrupted, "
						 "there is no end line, and nothing tells what "
						 "was not run: record it anew",
						 system->path);
			return false;
		}
		if (row) {
			*ret_error = must_format(
				"cannot compare %s: %s ended its run, and %u of what is to be "
				"compared did not run, such as %s/%s: record it anew, or choose "
				"what ran by --only",
				system->path,
				system->counts.end.cause == END_FAILURE ? "a failure"
									: system->counts.end.detail,
				count, row->name, family_name(row->family));
			return false;
		}
	}
	return true;
}

bool comparison_read(const char *const *paths, size_t count, const char *const *known,
		     size_t known_count, struct comparison *ret_comparison, char **ret_error)
{
	struct comparison comparison = { .systems = must_alloc(count, sizeof(struct system)),
					 .system_count = count };
	struct reading reading = { .comparison = &comparison,
				   .rows = rows_begin(count),
				   .known_paths = known,
				   .known_count = known_count };
	bool usable = true;

	for (size_t i = 0; i < count; i++) {
		comparison.systems[i].path = must_copy(paths[i]);
		comparison.systems[i].counts.end.cause = END_COMPLETE;
	}
	while (usable && reading.system < count) {
		usable = read_system(&reading, paths[reading.system], ret_error);
		reading.system++;
	}
	comparison.row_count = rows_end(reading.rows, &comparison.rows);
	if (usable) {
		conclude(&comparison);
		*ret_comparison = comparison;
	} else {
		comparison_finish(&comparison);
	}
	return usable;
}

void comparison_finish(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->row_count; i++)
		row_destroy(comparison->rows[i], comparison->system_count);
	for (size_t i = 0; i < comparison->system_count; i++) {
		free(comparison->systems[i].name);
		free(comparison->systems[i].title);
		free(comparison->systems[i].path);
	}
	free(comparison->rows);
	free(comparison->systems);
	memset(comparison, 0, sizeof *comparison);
}
