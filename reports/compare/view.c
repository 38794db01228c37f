/* view.c -- rows by urgency, systems in groups, labels once. */
#include "reports/compare/view.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *claim;
} sections[SECTION_COUNT] = {
	[SECTION_NEW] = { "new", "a system does what neither its case nor a baseline expects" },
	[SECTION_DOCUMENTED] = { "documented", "each difference has its documented reason" },
	[SECTION_ALLOWED] = { "allowed", "a portable program may meet any of these" },
	[SECTION_OTHERS] = { "among others", "the first system did not run these" },
	[SECTION_ALIKE] = { "alike", "all that ran these saw the same" },
};

const char *section_name(enum section section)
{
	return sections[section].name;
}

const char *section_claim(enum section section)
{
	return sections[section].claim;
}

enum section row_section(const struct comparison *comparison, const struct compare_row *row)
{
	enum section section = row_is_unanimous(row) ? SECTION_ALIKE : SECTION_OTHERS;

	for (size_t i = 0; i < comparison->system_count; i++) {
		const struct cell *cell = &row->cells[i];
		enum section mine = cell->is_new                     ? SECTION_NEW
				    : !cell->differs                 ? section
				    : cell->likeness == LIKE_ALLOWED ? SECTION_ALLOWED
								     : SECTION_DOCUMENTED;
		section = mine < section ? mine : section;
	}
	return section;
}

/* ---- Groups ---- */

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool belongs(const struct row_group *group, const struct cell *cell)
{
	const struct cell *mine = group->cell;

	if (mine->likeness != cell->likeness || mine->likeness == LIKE_ABSENT)
		return mine->likeness == cell->likeness;
	return mine->outcome == cell->outcome && mine->is_new == cell->is_new &&
	       same_text(mine->known, cell->known) && same_text(mine->reason, cell->reason);
}

size_t row_groups(const struct comparison *comparison, const struct compare_row *row,
		  struct row_group groups[SYSTEMS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < comparison->system_count; i++) {
		const struct cell *cell = &row->cells[i];
		bool absent = cell->likeness == LIKE_ABSENT;
		size_t at = 0;
		while (at < count && !belongs(&groups[at], cell))
			at++;
		if (at == count)
			groups[count++] = (struct row_group){
				.cell = cell,
				.outcome = absent ? NULL : &row->outcomes[cell->outcome],
			};
		groups[at].systems |= UINT64_C(1) << i;
	}
	return count;
}

static bool same_outcomes(const struct outcome *a, const struct outcome *b)
{
	if (a->kind != b->kind || a->saw_count != b->saw_count)
		return false;
	for (size_t i = 0; i < a->saw_count; i++) {
		const struct observation *x = &a->saw[i], *y = &b->saw[i];
		if (x->who != y->who || strcmp(x->label, y->label) != 0 ||
		    strcmp(x->value, y->value) != 0 || strcmp(x->want, y->want) != 0)
			return false;
	}
	return true;
}

static bool tell_the_same(const struct comparison *comparison, const struct compare_row *a,
			  const struct compare_row *b)
{
	if (strcmp(a->name, b->name) != 0 || a->outcome_count != b->outcome_count)
		return false;
	for (size_t i = 0; i < comparison->system_count; i++) {
		/* A group of one is what its cell says. */
		const struct row_group mine = { .cell = &a->cells[i] };
		if (!belongs(&mine, &b->cells[i]) || a->cells[i].differs != b->cells[i].differs)
			return false;
	}
	for (size_t i = 0; i < a->outcome_count; i++)
		if (!same_outcomes(&a->outcomes[i], &b->outcomes[i]))
			return false;
	return true;
}

size_t rows_alike(const struct comparison *comparison, size_t from)
{
	size_t count = 1;

	while (from + count < comparison->row_count &&
	       tell_the_same(comparison, comparison->rows[from], comparison->rows[from + count]))
		count++;
	return count;
}

char *rows_families(const struct comparison *comparison, size_t from, size_t count)
{
	char *names = must_copy(family_name(comparison->rows[from]->family));

	for (size_t i = 1; i < count; i++) {
		char *longer = must_format("%s, %s", names,
					   family_name(comparison->rows[from + i]->family));
		free(names);
		names = longer;
	}
	return names;
}

char *group_names(const struct comparison *comparison, const struct row_group *group)
{
	char *names = must_copy("");

	for (size_t i = 0; i < comparison->system_count; i++) {
		if (!(group->systems >> i & 1))
			continue;
		char *longer = must_format("%s%s%s", names, *names ? ", " : "",
					   comparison->systems[i].name);
		free(names);
		names = longer;
	}
	return names;
}

const char *group_reason(const struct row_group *group)
{
	const struct cell *cell = group->cell;

	/* A failure's reason repeats an observation and what is wanted of it; unless its value is
	 * one that the standard takes. */
	if (cell->likeness == LIKE_ABSENT || cell->likeness == LIKE_VIOLATES)
		return "";
	return cell->reason;
}

const char *group_reason_name(const struct row_group *group)
{
	enum verdict kind = group->outcome ? group->outcome->kind : VERDICT_SKIP;

	return kind == VERDICT_PASS || kind == VERDICT_SKIP ? "because" : verdict_name(kind);
}

char *class_text(const struct cell *cell)
{
	const char *name = likeness_name(cell->likeness);

	if (cell->is_new && cell->likeness == LIKE_VIOLATES)
		return must_format("%s, new", name);
	return must_format("%s%s", name, cell->known ? ", known" : "");
}

/* ---- Labels ---- */

static bool is_listed(const struct row_label *labels, size_t count, const struct observation *one)
{
	for (size_t i = 0; i < count; i++)
		if (labels[i].who == one->who && !strcmp(labels[i].label, one->label))
			return true;
	return false;
}

static size_t add_labels(const struct compare_row *row, const struct outcome *outcome, enum who who,
			 struct row_label **labels, size_t count)
{
	for (size_t i = 0; i < outcome->saw_count; i++) {
		const struct observation *one = &outcome->saw[i];
		if (one->who != who || is_listed(*labels, count, one))
			continue;
		bool differs = row_label_differs(row, one->who, one->label);
		*labels = must_grow(*labels, count + 1, sizeof **labels);
		(*labels)[count++] =
			(struct row_label){ one->who, one->label, differs ? NULL : one };
	}
	return count;
}

size_t row_labels(const struct compare_row *row, struct row_label **ret_labels)
{
	size_t count = 0;

	*ret_labels = NULL;
	for (enum who who = 0; who < WHO_COUNT; who++)
		for (size_t i = 0; i < row->outcome_count; i++)
			if (row->outcomes[i].kind != VERDICT_SKIP)
				count = add_labels(row, &row->outcomes[i], who, ret_labels, count);
	return count;
}

char *observation_note(const struct observation *one, enum likeness likeness)
{
	if (!one)
		return must_copy("not recorded");
	if (!one->judged)
		return must_copy(*one->want ? "left open" : "not expected");
	if (!one->ok)
		return must_format("%s %s", likeness == LIKE_DOCUMENTED ? "portable is" : "WANTED",
				   one->want);
	return strcmp(one->want, one->value) != 0 ? must_format("ok (%s)", one->want)
						  : must_copy("ok");
}

int systems_alike(const struct comparison *comparison, size_t a, size_t b)
{
	unsigned common, equal;

	comparison_distance(comparison, a, b, &common, &equal);
	return common ? (int)((unsigned long long)equal * 1000 / common) : -1;
}
