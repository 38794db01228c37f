/* registry_test.c -- a lint over every registered case: what CONTRIBUTING.md asks of a descriptor.
 */
#include "engine/registry.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/result.h"

#define FOR_EACH_CASE(entry)                                                                       \
	for (const struct entry *entry = all_cases.entries;                                        \
	     entry < all_cases.entries + all_cases.count; entry++)

static unsigned row_count(const struct sock_case *test)
{
	unsigned n = 0;

	while (n < EXPECT_MAX && test->expect[n].label)
		n++;
	return n;
}

static bool is_text(const char *text)
{
	return text && *text;
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text >= 0x7f)
			return false;
	return true;
}

Test(registry, is_not_empty)
{
	cr_assert_gt(all_cases.count, 0);
}

/* The line that is said to define a case does. */
static bool stands_there(const struct entry *entry)
{
	char *path = must_format(PROJECT_DIR "/%s", entry->file), text[256] = "";
	char *opening = must_format("const struct sock_case %s = {", entry->name);
	FILE *file = fopen(path, "re");

	cr_assert_not_null(file, "%s", path);
	for (int line = 1; line <= entry->line && fgets(text, sizeof text, file); line++)
		;
	bool found = !strncmp(text, opening, strlen(opening));
	fclose(file);
	free(opening);
	free(path);
	return found;
}

Test(registry, places)
{
	FOR_EACH_CASE(entry)
	cr_expect(stands_there(entry), "%s at %s:%d", entry->name, entry->file, entry->line);
}

Test(registry, sorted_and_unique)
{
	for (size_t i = 1; i < all_cases.count; i++)
		cr_expect_lt(strcmp(all_cases.entries[i - 1].name, all_cases.entries[i].name), 0,
			     "%s must not stand behind %s", all_cases.entries[i].name,
			     all_cases.entries[i - 1].name);
}

Test(registry, finds_every_name)
{
	FOR_EACH_CASE(entry)
	cr_expect_eq(registry_find(&all_cases, entry->name), entry, "%s", entry->name);
	cr_expect_null(registry_find(&all_cases, ""));
	cr_expect_null(registry_find(&all_cases, "aaa"));
	cr_expect_null(registry_find(&all_cases, "zzz"));
	cr_expect_null(registry_find(&(struct registry){ NULL, 0 }, "zzz"));
}

/* The area is what stands before the first underscore. */
Test(registry, names)
{
	FOR_EACH_CASE(entry)
	{
		size_t n = strspn(entry->name, "abcdefghijklmnopqrstuvwxyz0123456789_");
		cr_expect_eq(entry->name[n], '\0', "%s: [a-z0-9_]+", entry->name);
		cr_expect(islower((unsigned char)*entry->name), "%s begins with a letter",
			  entry->name);
	}
}

/* "recv() returns ..." */
static bool begins_with_call(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n && text[n] == '(';
}

Test(registry, claims)
{
	FOR_EACH_CASE(entry)
	{
		const char *claim = entry->test->claim;
		cr_assert(is_text(claim), "%s has no claim", entry->name);
		cr_expect(isupper((unsigned char)*claim) || begins_with_call(claim),
			  "%s: begin with a capital or a call's name: %s", entry->name, claim);
		cr_expect_eq(claim[strlen(claim) - 1], '.', "%s: end with a full stop: %s",
			     entry->name, claim);
		cr_expect_null(strstr(claim, ". "), "%s: one sentence: %s", entry->name, claim);
		cr_expect(is_printable(claim), "%s: %s", entry->name, claim);
	}
}

Test(registry, sources)
{
	FOR_EACH_CASE(entry)
	cr_expect(is_text(entry->test->source), "%s has no source", entry->name);
}

Test(registry, families)
{
	FOR_EACH_CASE(entry)
	{
		unsigned families = entry->test->families;
		cr_expect_neq(families, 0, "%s has no family", entry->name);
		cr_expect_eq(families & ~(unsigned)(INET | INET6 | UNIX | NO_FAMILY), 0, "%s",
			     entry->name);
		if (families & NO_FAMILY)
			cr_expect_eq(families, NO_FAMILY, "%s: NO_FAMILY stands alone",
				     entry->name);
	}
}

Test(registry, roles_and_rows)
{
	FOR_EACH_CASE(entry)
	{
		const struct sock_case *test = entry->test;
		cr_expect(test->server || test->client, "%s has no role", entry->name);
		cr_expect_gt(row_count(test), 0, "%s has no row", entry->name);
		for (unsigned i = 0; i < row_count(test); i++)
			cr_expect(test->expect[i].who == SERVER ? test->server : test->client,
				  "%s: \"%s\" is of a role that does not exist", entry->name,
				  test->expect[i].label);
		for (unsigned i = row_count(test); i < EXPECT_MAX; i++)
			cr_expect_null(test->expect[i].label, "%s: a row behind a gap: \"%s\"",
				       entry->name, test->expect[i].label);
	}
}

Test(registry, needs_are_known)
{
	FOR_EACH_CASE(entry)
	cr_expect_eq(entry->test->needs >> NEEDS_COUNT, 0, "%s", entry->name);
}

/* ---- Rows ---- */

static unsigned families_of(const struct entry *entry, const struct expect *row)
{
	return row->only ? row->only : entry->test->families;
}

static void expect_label(const struct entry *entry, const struct expect *row)
{
	cr_expect_neq(*row->label, '\0', "%s: an empty label", entry->name);
	cr_expect_leq(strlen(row->label), 80, "%s: \"%s\" is longer than 80 bytes", entry->name,
		      row->label);
	cr_expect(is_printable(row->label), "%s: \"%s\" is not printable ASCII", entry->name,
		  row->label);
	for (const struct expect *before = entry->test->expect; before < row; before++)
		cr_expect(before->who != row->who || strcmp(before->label, row->label) != 0 ||
				  !(families_of(entry, before) & families_of(entry, row)),
			  "%s: two rows for \"%s\"", entry->name, row->label);
}

static bool differs_somewhere(const struct expect *row)
{
	for (int os = 0; os < OS_COUNT; os++)
		if (row->on[os].kind != WANT_UNSET)
			return true;
	return row->before.want.kind != WANT_UNSET;
}

static void expect_reason(const struct entry *entry, const struct expect *row)
{
	cr_expect_eq(differs_somewhere(row), row->why != NULL,
		     "%s: \"%s\": .on or .before, and .why, come together", entry->name,
		     row->label);
	if (row->why)
		cr_expect_neq(*row->why, '\0', "%s: \"%s\": .why is empty", entry->name,
			      row->label);
	cr_expect_eq(row->before.want.kind != WANT_UNSET, row->before.version != 0,
		     "%s: \"%s\": .before has a version and a want", entry->name, row->label);
	cr_expect_lt(row->before.os, OS_COUNT, "%s: \"%s\"", entry->name, row->label);
}

Test(registry, rows)
{
	FOR_EACH_CASE(entry)
	{
		for (unsigned i = 0; i < row_count(entry->test); i++) {
			const struct expect *row = &entry->test->expect[i];
			expect_label(entry, row);
			expect_reason(entry, row);
			cr_expect_neq(row->want.kind, WANT_UNSET, "%s: \"%s\" wants nothing",
				      entry->name, row->label);
			cr_expect_eq(row->only & ~entry->test->families, 0,
				     "%s: \"%s\": .only names a family that the case has not",
				     entry->name, row->label);
		}
	}
}
