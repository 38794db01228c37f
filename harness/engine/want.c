/* want.c -- does an observation fit an expectation, and the expectation in words. */
#include "engine/want.h"

#include "engine/result.h"

static bool in_range(const struct want *want, const char *value)
{
	char canonical[24];

	long long n = strtoll(value, NULL, 10);
	snprintf(canonical, sizeof canonical, "%lld", n);
	return !strcmp(canonical, value) && n >= want->lo && n <= want->hi;
}

/* As saw() writes a call that failed. */
static char *failure_text(int err)
{
	const char *name = os_errno_name(err);

	return name ? must_format("-1 %s", name) : must_format("-1 errno %d", err);
}

static bool is_errno(const struct want *want, const char *value)
{
	char *text = failure_text((int)want->lo);
	bool same = !strcmp(value, text);

	free(text);
	return same;
}

bool want_fits(const struct want *want, const char *value)
{
	switch (want->kind) {
	case WANT_UNSET:
		return false;
	case WANT_ANY:
		return true;
	case WANT_RANGE:
		return in_range(want, value);
	case WANT_ERRNO:
		return is_errno(want, value);
	case WANT_TEXT:
		return !strcmp(value, want->text);
	case WANT_FAILURE:
		return !strncmp(value, "-1 ", 3);
	case WANT_ONE_OF:
		for (const struct want *w = want->choices; w->kind != WANT_UNSET; w++)
			if (want_fits(w, value))
				return true;
		return false;
	case WANT_BY_FAMILY:
		break; /* of no family in particular */
	}
	return false;
}

static char *choices_text(const struct want *choices)
{
	char *all = must_copy("");

	for (const struct want *w = choices; w->kind != WANT_UNSET; w++) {
		char *one = want_text(w);
		char *longer = must_format("%s%s%s", all, *all ? " or " : "", one);
		free(one);
		free(all);
		all = longer;
	}
	return all;
}

/* In the order of a WANT_BY_FAMILY's choices. */
static const enum family choice_families[] = { INET, INET6, UNIX };

enum { CHOICES = sizeof choice_families / sizeof *choice_families };

static char *families_text(const struct want *choices)
{
	char *all = must_copy("");

	for (int i = 0; i < CHOICES; i++) {
		if (choices[i].kind == WANT_UNSET)
			continue;
		char *one = want_text(&choices[i]);
		char *longer = must_format("%s%s%s over %s", all, *all ? ", " : "", one,
					   family_name(choice_families[i]));
		free(one);
		free(all);
		all = longer;
	}
	return all;
}

const struct want *want_of_family(const struct want *want, enum family family)
{
	static const struct want nothing = { .kind = WANT_UNSET };

	if (want->kind != WANT_BY_FAMILY)
		return want;
	for (int i = 0; i < CHOICES; i++)
		if (choice_families[i] == family)
			return &want->choices[i];
	return &nothing;
}

char *want_text(const struct want *want)
{
	switch (want->kind) {
	case WANT_UNSET:
		break;
	case WANT_ANY:
		return must_copy("any");
	case WANT_RANGE:
		if (want->lo == want->hi)
			return must_format("%lld", want->lo);
		if (want->hi == INT64_MAX)
			return must_format("at least %lld", want->lo);
		return must_format("%lld..%lld", want->lo, want->hi);
	case WANT_ERRNO:
		return failure_text((int)want->lo);
	case WANT_TEXT:
		return must_copy(want->text);
	case WANT_FAILURE:
		return must_copy("-1 and any errno");
	case WANT_ONE_OF:
		return choices_text(want->choices);
	case WANT_BY_FAMILY:
		return families_text(want->choices);
	}
	return must_copy("");
}

bool row_stands(const struct expect *row, enum family family)
{
	return !row->only || row->only & family;
}

const struct want *want_special(const struct expect *row, const struct os_facts *facts)
{
	if (row->before.want.kind != WANT_UNSET && (int)row->before.os == facts->os &&
	    facts->version < row->before.version)
		return &row->before.want;
	if (facts->os < OS_COUNT && row->on[facts->os].kind != WANT_UNSET)
		return &row->on[facts->os];
	return NULL;
}

const struct want *want_here(const struct expect *row, enum family family,
			     const struct os_facts *facts, bool *ret_special)
{
	const struct want *special = want_special(row, facts);

	*ret_special = special != NULL;
	return want_of_family(special ? special : &row->want, family);
}

enum standing row_standing(const struct sock_case *test, const struct expect *row)
{
	return row->standing ? row->standing : test->standing;
}

const char *standing_name(enum standing standing)
{
	static const char *const names[] = { "", "SHALL", "MAY", "SYSTEM" };

	return names[standing];
}
