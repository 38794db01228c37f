/* suggest_test.c -- how far words are from each other, and which is near enough to be meant. */
#include "cli/suggest.h"

#include <criterion/criterion.h>

static const struct {
	const char *a, *b;
	unsigned most, distance;
} distances[] = {
	{ "", "", 9, 0 },
	{ "", "abc", 9, 3 },
	{ "abc", "", 9, 3 },
	{ "abc", "abc", 9, 0 },
	{ "abc", "abd", 9, 1 },
	{ "abc", "abcd", 9, 1 },
	{ "abc", "bc", 9, 1 },
	{ "abcd", "abdc", 9, 1 },
	{ "abcd", "badc", 9, 2 },
	{ "ca", "abc", 9, 3 },
	{ "kitten", "sitting", 9, 3 },
	{ "Max-Wait", "max_wait", 9, 0 },
	{ "abcdef", "uvwxyz", 9, 6 },
	{ "abcdef", "uvwxyz", 3, 4 },
	{ "a", "abcdef", 3, 4 },
};

Test(suggest, distance)
{
	for (size_t i = 0; i < sizeof distances / sizeof *distances; i++) {
		unsigned there = edit_distance(distances[i].a, distances[i].b, distances[i].most);
		unsigned back = edit_distance(distances[i].b, distances[i].a, distances[i].most);
		cr_expect_eq(there, distances[i].distance, "%s, %s: %u", distances[i].a,
			     distances[i].b, there);
		cr_expect_eq(back, there, "%s, %s: %u", distances[i].b, distances[i].a, back);
	}
}

/* Words of any length are compared without harm. */
Test(suggest, long_words)
{
	char longest[128], longer[129];

	memset(longest, 'a', 127);
	longest[127] = '\0';
	memset(longer, 'a', 128);
	longer[128] = '\0';
	cr_expect_eq(edit_distance(longest, longest, 200), 0);
	cr_expect_eq(edit_distance(longest, longer, 200), 201);
}

static const char *const commands[] = { "run", "list", "explain", "report", "fuzz", "doctor" };

static const struct {
	const char *word, *meant;
} words[] = {
	{ "rnu", "run" },
	{ "ruin", "run" },
	{ "RUN", "run" },
	{ "lst", "list" },
	{ "explian", "explain" },
	{ "docter", "doctor" },
	{ "dotcor", "doctor" },
	{ "reports", "report" },
	/* Too far from all. */
	{ "", NULL },
	{ "x", NULL },
	{ "ls", NULL },
	{ "walk", NULL },
	{ "lint", "list" },
	{ "liszx", NULL },
	{ "frobnicate", NULL },
};

Test(suggest, word)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *meant =
			suggest_word(words[i].word, commands, sizeof commands / sizeof *commands);
		cr_expect_str_eq(meant ? meant : "(none)",
				 words[i].meant ? words[i].meant : "(none)", "%s", words[i].word);
	}
}
