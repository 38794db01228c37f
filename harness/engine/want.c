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
	case WANT_ONE_OF:
		for (const struct want *w = want->choices; w->kind != WANT_UNSET; w++)
			if (want_fits(w, value))
				return true;
		return false;
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
	case WANT_ONE_OF:
		return choices_text(want->choices);
	}
	return must_copy("");
}

bool row_stands(const struct expect *row, enum family family)
{
	return !row->only || row->only & family;
}

const struct want *want_here(const struct expect *row, const struct os_facts *facts,
			     bool *ret_special)
{
	*ret_special = true;
	if (row->before.want.kind != WANT_UNSET && (int)row->before.os == facts->os &&
	    facts->version < row->before.version)
		return &row->before.want;
	if (facts->os < OS_COUNT && row->on[facts->os].kind != WANT_UNSET)
		return &row->on[facts->os];
	*ret_special = false;
	return &row->want;
}
