/* registry_test.c -- the table of cases is whole, and every descriptor in it sound. */
#include "engine/registry.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/check.h"
#include "engine/result.h"

#define FOR_EACH_CASE(entry)                                                                       \
	for (const struct entry *entry = all_cases.entries;                                        \
	     entry < all_cases.entries + all_cases.count; entry++)

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

/* All that 'sockdrill check' says of a descriptor. */
Test(registry, descriptors_are_sound)
{
	FOR_EACH_CASE(entry)
	cr_expect_eq(check_case(entry, stderr), 0, "%s", entry->name);
}
