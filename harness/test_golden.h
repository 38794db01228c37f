/* test_golden.h -- for unit tests: what was written, held against a golden file.
 *
 * After a change of a format: GOLDEN_UPDATE=1 and the test writes its golden files anew and fails;
 * look at the difference before it is kept.
 */
#ifndef SOCKDRILL_TEST_GOLDEN_H
#define SOCKDRILL_TEST_GOLDEN_H

#include "test_files.h"

static inline size_t first_difference(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

static inline void expect_golden(const char *name, const char *text)
{
	char *path = must_format(GOLDEN_DIR "/%s", name);

	if (getenv("GOLDEN_UPDATE")) {
		write_text(path, text);
		cr_assert_fail("%s was written anew", path);
	}
	char *golden = read_text(path);
	cr_assert_not_null(golden, "%s", path);
	size_t at = first_difference(golden, text);
	cr_expect_str_eq(text, golden, "%s differs at byte %zu: wanted \"%.60s\", got \"%.60s\"",
			 name, at, golden + at, text + at);
	free(golden);
	free(path);
}

#endif
