/* mutator_test.c -- the mutator of lines does the same for the same seed, keeps its limits, and
 * comes to each of its changes.
 */
#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

void *afl_custom_init(void *afl, unsigned seed);
size_t afl_custom_fuzz(void *data, uint8_t *input, size_t n, uint8_t **ret_input, uint8_t *other,
		       size_t other_n, size_t most);
void afl_custom_deinit(void *data);

enum { TURNS = 20000 };

static uint8_t input[] = "one 1\ntwo 2\nthree 3\n", other[] = "other 77\n";

/* All that a seed makes, as one number. */
static uint64_t sum_of(unsigned seed, size_t most)
{
	void *mutator = afl_custom_init(NULL, seed);
	uint64_t sum = 0;

	for (int i = 0; i < TURNS; i++) {
		uint8_t *made;
		size_t n = afl_custom_fuzz(mutator, input, sizeof input - 1, &made, other,
					   sizeof other - 1, most);
		cr_assert(n > 0 && n <= most, "%zu", n);
		for (size_t at = 0; at < n; at++)
			sum = sum * 31 + made[at];
	}
	afl_custom_deinit(mutator);
	return sum;
}

Test(mutator, the_seed_decides)
{
	cr_expect_eq(sum_of(1, 4096), sum_of(1, 4096));
	cr_expect_neq(sum_of(1, 4096), sum_of(2, 4096));
}

Test(mutator, keeps_its_limit)
{
	sum_of(3, sizeof input - 1);
	sum_of(3, sizeof input);
}

Test(mutator, takes_what_is_hardly_an_input)
{
	static uint8_t newline[] = "\n";
	void *mutator = afl_custom_init(NULL, 1);

	for (int i = 0; i < TURNS; i++) {
		uint8_t *made;
		cr_assert(afl_custom_fuzz(mutator, newline, (size_t)(i % 2), &made, NULL, 0, 64));
	}
	afl_custom_deinit(mutator);
}

Test(mutator, comes_to_every_change)
{
	static const char *const wanted[] = {
		"two 2\nthree 3\n",               /* a line dropped */
		"one 1\none 1\ntwo 2\nthree 3\n", /* doubled */
		"two 2\none 1\nthree 3\n",        /* swapped */
		"one 1\ntwo \n2\nthree 3\n",      /* split */
		"one 1two 2\nthree 3\n",          /* joined */
		"one 1\nother 77\nthree 3\n",     /* taken, in the place of one */
		"other 77\none 1\ntwo 2\nthree 3\n",
		"one 1\ntwo three\nthree 3\n",    /* a field copied */
		"one 77\ntwo 2\nthree 3\n",       /* taken */
		" 1\ntwo 2\nthree 3\n",           /* dropped */
		"one 1e300\ntwo 2\nthree 3\n",    /* a number */
		"one 1\ntwo 22222222\nthree 3\n", /* stretched */
	};
	bool seen[sizeof wanted / sizeof *wanted] = { false };
	void *mutator = afl_custom_init(NULL, 1);

	for (int i = 0; i < 10 * TURNS; i++) {
		uint8_t *made;
		size_t n = afl_custom_fuzz(mutator, input, sizeof input - 1, &made, other,
					   sizeof other - 1, 4096);
		for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++)
			seen[w] |= n == strlen(wanted[w]) && !memcmp(made, wanted[w], n);
	}
	for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++)
		cr_expect(seen[w], "%s", wanted[w]);
	afl_custom_deinit(mutator);
}
