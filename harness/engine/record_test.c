/* record_test.c -- the record stream is read as written, and garbage is survived. */
#include "engine/record.h"

#include <criterion/criterion.h>

static unsigned count_records(const char *bytes, size_t n, unsigned *ret_torn)
{
	struct record record;
	unsigned count = 0;

	*ret_torn = 0;
	for (size_t at = 0; record_next(bytes, n, &at, &record, ret_torn);)
		count++;
	return count;
}

Test(record, reads_fields)
{
	static const char bytes[] = "=\trecv\t-1 ECONNRESET\t17\n";
	struct record record;
	unsigned torn = 0;
	size_t at = 0;

	cr_assert(record_next(bytes, sizeof bytes - 1, &at, &record, &torn));
	cr_expect_eq(record.kind, RECORD_SAW);
	cr_expect_str_eq(record.label, "recv");
	cr_expect_str_eq(record.value, "-1 ECONNRESET");
	cr_expect_eq(record.line, 17);
	cr_expect(!record_next(bytes, sizeof bytes - 1, &at, &record, &torn));
	cr_expect_eq(torn, 0);
}

Test(record, passes_over_gaps_and_garbage)
{
	static const char bytes[] = "\0\0\0=\ta\t1\t1\n"
				    "nonsense\n"
				    "=\ta\n"
				    "?\ta\t1\t1\n"
				    "=\ta\tb\xff\t1\n"
				    "=\ta\t1\tx\n"
				    "=\tb\t2\t2\n"
				    "=\tunfinished";
	unsigned torn;

	cr_expect_eq(count_records(bytes, sizeof bytes - 1, &torn), 2);
	cr_expect_eq(torn, 6);
}
