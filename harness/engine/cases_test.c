/* cases_test.c -- every case once more, as a Criterion test of its own name. */
#include <criterion/criterion.h>

#include "engine/drill.h"

/* Skipped families say so; the test is skipped when all are. */
static void check(const char *name, const struct sock_case *test)
{
	const struct drill_setting setting = { ISOLATION_AUTO, 5000, 1 };
	unsigned ran = 0;

	for (unsigned family = INET; family <= NO_FAMILY; family <<= 1) {
		struct result result = { 0 };
		char *error = NULL;
		if (!(test->families & family))
			continue;
		bool drilled = drill(name, test, family, &setting, &result, &error);
		cr_assert(drilled, "%s", error);
		cr_expect(verdict_is_good(result.verdict), "%s/%s: %s: %s\n%s", name,
			  family_name(family), verdict_name(result.verdict), result.reason,
			  test->claim);
		if (result.verdict == VERDICT_SKIP)
			cr_log_info("%s/%s: %s", name, family_name(family), result.reason);
		ran += result.verdict != VERDICT_SKIP;
		result_finish(&result);
	}
	if (!ran)
		cr_skip("%s needs what this machine lacks", name);
}

#define CASE(id, file, line)                                                                       \
	extern const struct sock_case id;                                                          \
	Test(cases, id, .timeout = 60)                                                             \
	{                                                                                          \
		check(#id, &id);                                                                   \
	}
#include "engine/case_list.def"
#undef CASE
