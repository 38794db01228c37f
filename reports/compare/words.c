/* words.c -- comparisons in words: class names, head lines, outcomes. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "reports/compare/compare.h"

static const struct {
	const char *name;
	char letter;
} likenesses[LIKE_COUNT] = {
	[LIKE_CONFORMS] = { "conforms", 'C' },
	[LIKE_ALLOWED] = { "differs-allowed", 'A' },
	[LIKE_DOCUMENTED] = { "differs-documented", 'D' },
	[LIKE_NEW] = { "differs-new", 'N' },
	[LIKE_VIOLATES] = { "violates", 'V' },
	[LIKE_UNSUPPORTED] = { "unsupported", 'U' },
	[LIKE_ABSENT] = { "absent", '-' },
};

const char *likeness_name(enum likeness likeness)
{
	return likenesses[likeness].name;
}

char likeness_letter(enum likeness likeness)
{
	return likenesses[likeness].letter;
}

/* Outcomes of which the values count: what was skipped says nothing. */
static bool has_values(const struct outcome *outcome)
{
	return outcome->kind != VERDICT_SKIP;
}

bool row_is_unanimous(const struct compare_row *row)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < row->outcome_count; i++)
		kinds += has_values(&row->outcomes[i]);
	return kinds <= 1;
}

const struct observation *outcome_saw(const struct outcome *outcome, enum who who,
				      const char *label)
{
	for (size_t i = 0; i < outcome->saw_count; i++)
		if (outcome->saw[i].who == who && !strcmp(outcome->saw[i].label, label))
			return &outcome->saw[i];
	return NULL;
}

static bool has_observations(const struct outcome *outcome)
{
	return has_values(outcome) && outcome->saw_count;
}

static bool differs_among(const struct compare_row *row, enum who who, const char *label,
			  bool (*counts)(const struct outcome *outcome))
{
	const char *first = NULL;
	bool begun = false;

	for (size_t i = 0; i < row->outcome_count; i++) {
		if (!counts(&row->outcomes[i]))
			continue;
		const struct observation *one = outcome_saw(&row->outcomes[i], who, label);
		const char *value = one ? one->value : NULL;
		if (begun && (!value != !first || (value && strcmp(value, first) != 0)))
			return true;
		first = value;
		begun = true;
	}
	return false;
}

bool row_label_differs(const struct compare_row *row, enum who who, const char *label)
{
	return differs_among(row, who, label, has_values);
}

bool row_value_differs(const struct compare_row *row, enum who who, const char *label)
{
	return differs_among(row, who, label, has_observations);
}

void comparison_distance(const struct comparison *comparison, size_t a, size_t b,
			 unsigned *ret_common, unsigned *ret_equal)
{
	*ret_common = *ret_equal = 0;
	for (size_t i = 0; i < comparison->row_count; i++) {
		const struct compare_row *row = comparison->rows[i];
		const struct cell *x = &row->cells[a], *y = &row->cells[b];
		if (x->likeness == LIKE_ABSENT || y->likeness == LIKE_ABSENT ||
		    !has_values(&row->outcomes[x->outcome]) ||
		    !has_values(&row->outcomes[y->outcome]))
			continue;
		(*ret_common)++;
		*ret_equal += x->outcome == y->outcome;
	}
}

/* The text grown by formatted text; takes the old one. */
__attribute__((format(printf, 2, 3))) static char *append(char *text, const char *format, ...)
{
	char *more = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&more, format, args) < 0)
		abort(); /* as without memory */
	va_end(args);
	char *longer = must_format("%s%s", text, more);
	free(more);
	free(text);
	return longer;
}

char *comparison_headline(const struct comparison *comparison, size_t index)
{
	const struct system *system = &comparison->systems[index];
	char room[3][THOUSANDS_ROOM];
	char *text = must_format("%s differs from %s in %s of %s", system->name,
				 comparison->systems[0].name, thousands(system->differs, room[0]),
				 thousands(system->common, room[1]));

	text = append(text, ": %s allowed, %s documented, %s new",
		      thousands(system->allowed, room[0]), thousands(system->documented, room[1]),
		      thousands(system->new_ones, room[2]));
	if (system->violates)
		text = append(text, "; %s of these violate the standard",
			      thousands(system->violates, room[0]));
	if (system->like[LIKE_UNSUPPORTED])
		text = append(text, "; %s not supported",
			      thousands(system->like[LIKE_UNSUPPORTED], room[0]));
	if (system->like[LIKE_ABSENT])
		text = append(text, "; %s not recorded",
			      thousands(system->like[LIKE_ABSENT], room[0]));
	return text;
}

char *outcome_text(const struct compare_row *row, const struct outcome *outcome,
		   bool only_differing)
{
	char *text = must_copy(outcome->kind == VERDICT_PASS ? "" : verdict_name(outcome->kind));
	enum who said = WHO_COUNT;

	for (size_t i = 0; i < outcome->saw_count && outcome->kind != VERDICT_SKIP; i++) {
		const struct observation *one = &outcome->saw[i];
		if (only_differing && !row_label_differs(row, one->who, one->label))
			continue;
		text = append(text, "%s%s%s%s = %s", *text ? ", " : "",
			      said != one->who ? who_name(one->who) : "",
			      said != one->who ? " " : "", one->label, one->value);
		said = one->who;
	}
	return text;
}
