/* needs_test.c -- the words for what cases need, and what is said of a machine that was probed. */
#include "engine/needs.h"

#include <criterion/criterion.h>

#include "engine/registry.h"

Test(needs, texts)
{
	for (unsigned i = 0; i < NEEDS_COUNT; i++) {
		const struct need_text *need = need_text(i);
		cr_assert_not_null(need, "%u", i);
		cr_expect_gt(strlen(need->name), 0, "%u", i);
		cr_expect_eq(strncmp(need->reason, "needs ", 6), 0, "%s", need->name);
		/* The reason of a skip begins with what is needed, and goes on with what to do. */
		size_t n = strlen(need->reason);
		cr_expect_eq(strncmp(need->skip, need->reason, n), 0, "%s", need->name);
		if (need->skip[n])
			cr_expect(need->fix && !strcmp(need->skip + n + 2, need->fix), "%s",
				  need->name);
		for (unsigned j = 0; j < i; j++)
			cr_expect_str_neq(need->name, need_text(j)->name);
	}
	cr_expect_null(need_text(NEEDS_COUNT));
}

/* The first need that is not met is the reason; families come before it. */
Test(needs, unmet)
{
	static const struct sock_case test = { .needs = NEEDS_SHELL | NEEDS_DEV_NULL };
	struct abilities abilities = { .has_ipv6 = true, .has_unix = true };

	cr_expect_str_eq(needs_unmet(&abilities, &test, INET), need_text(4)->skip);
	abilities.has = NEEDS_SHELL;
	cr_expect_str_eq(needs_unmet(&abilities, &test, INET), need_text(20)->skip);
	abilities.has |= NEEDS_DEV_NULL;
	cr_expect_null(needs_unmet(&abilities, &test, INET));
	abilities.has_ipv6 = false;
	cr_expect_not_null(strstr(needs_unmet(&abilities, &test, INET6), "IPv6"));
	abilities.has_unix = false;
	cr_expect_not_null(strstr(needs_unmet(&abilities, &test, UNIX), "AF_UNIX"));
}

Test(needs, probe)
{
	struct abilities abilities;

	/* Nobody asked for isolation: there is none, and nothing to be done about it. */
	cr_expect(abilities_probe(ISOLATION_NONE, &abilities));
	cr_expect_not(abilities.isolated);
	cr_expect_str_eq(abilities.why_not, "not asked for");
	cr_expect_str_eq(abilities.fix, "");
	cr_expect_not(abilities.has & (NEEDS_NETNS | NEEDS_OWN_NET));
	cr_expect(abilities_probe(ISOLATION_AUTO, &abilities));
	cr_expect_eq(abilities.isolated, !*abilities.why_not);
}
