/* check_test.c -- every rule of a descriptor finds the one that breaks it, and lets a sound one
 * pass. */
#include "engine/check.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void role(struct role *me)
{
	(void)me;
}

static const struct sock_case sound = {
	.claim = "recv() returns 0 at the end.",
	.source = "POSIX.1-2024 recv(), RETURN VALUE",
	.standing = SHALL,
	.families = INET | UNIX,
	.client = role,
	.expect = {
		{ CLIENT, "a", BY_FAMILY(EQ(1), NOT_HERE, EQ(2)) },
		{ CLIENT, "b", FAILS_ANY },
		{ CLIENT, "c", EQ(0), .only = UNIX },
	},
};

/* Checks the descriptor; the faults as text, new memory. */
static char *faults_of(const char *name, const struct sock_case *test)
{
	const struct entry entry = { name, test, "cases/x.c", 7 };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	unsigned faults = check_case(&entry, out);
	fclose(out);
	unsigned lines = 0;
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	cr_expect_eq(faults, lines, "%u faults: %s", faults, text);
	cr_expect_eq(faults, check_case(&entry, NULL), "without output");
	return text;
}

static void expect_fault(const char *name, const struct sock_case *test, const char *wanted)
{
	char *text = faults_of(name, test);

	cr_expect(strstr(text, wanted), "wanted \"%s\", got \"%s\"", wanted, text);
	cr_expect(!*text || !strncmp(text, "cases/x.c:7: ", 13), "%s", text);
	free(text);
}

Test(check, a_sound_descriptor)
{
	char *text = faults_of("recv_sound", &sound);

	cr_expect_str_eq(text, "");
	free(text);
}

Test(check, names)
{
	expect_fault("Recv_x", &sound, "a name is of a-z");
	expect_fault("recv-x", &sound, "a name is of a-z");
	expect_fault("recv", &sound, "begins with its area");
}

/* A sound descriptor in which one member is something else. */
#define SPOILT(...)                                                                                \
	(&(struct sock_case){ .claim = sound.claim,                                                \
			      .source = sound.source,                                              \
			      .standing = SHALL,                                                   \
			      .families = sound.families,                                          \
			      .client = role,                                                      \
			      .expect = { { CLIENT, "a", EQ(1) } },                                \
			      __VA_ARGS__ })

#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif

Test(check, texts)
{
	expect_fault("a_b", SPOILT(.claim = NULL), "no .claim");
	expect_fault("a_b", SPOILT(.claim = "it is so."), "begin with a capital");
	expect_fault("a_b", SPOILT(.claim = "It is so"), "full stop");
	expect_fault("a_b", SPOILT(.claim = "It is. So."), "one sentence");
	expect_fault("a_b", SPOILT(.claim = "It is so\x80."), "printable");
	expect_fault("a_b", SPOILT(.source = ""), "no .source");
	expect_fault("a_b", SPOILT(.source = "POSIX.1-2024 recv()"), "POSIX without a section");
	expect_fault("a_b", SPOILT(.source = "RFC 9293"), "RFC without a section");
	expect_fault("a_b", SPOILT(.source = "unspecified"), "without saying by whom");
	expect_fault("a_b", SPOILT(.standing = SYSTEM), "manual page");
}

Test(check, families_and_roles)
{
	expect_fault("a_b", SPOILT(.families = 0), "no .families");
	expect_fault("a_b", SPOILT(.families = 1U << 12), "no family");
	expect_fault("a_b", SPOILT(.families = NO_FAMILY | INET), "stands alone");
	expect_fault("a_b", SPOILT(.client = NULL), "no role");
	expect_fault("a_b", SPOILT(.needs = 1U << 30), "no need");
	expect_fault("a_b", SPOILT(.expect = { { 0 } }), "no row");
	expect_fault("a_b",
		     SPOILT(.expect = { { CLIENT, "a", EQ(1) }, { 0 }, { CLIENT, "b", EQ(1) } }),
		     "behind a gap");
}

Test(check, standing)
{
	expect_fault("a_b", SPOILT(.standing = STANDING_UNSET), "no .standing");
	expect_fault("a_b", SPOILT(.system = OS_MACOS), "with .standing = SYSTEM only");
	expect_fault("a_b", SPOILT(.expect = { { CLIENT, "a", ANY } }), "must say \"may\"");
	char *text = faults_of("a_b", SPOILT(.claim = "It may be so.", .standing = MAY,
					     .expect = { { CLIENT, "a", ANY } }));
	cr_expect_str_eq(text, "");
	free(text);
}

Test(check, rows)
{
	expect_fault("a_b", SPOILT(.expect = { { SERVER, "a", EQ(1) } }),
		     "of a role that it has not");
	expect_fault("a_b", SPOILT(.expect = { { CLIENT, "", EQ(1) } }), "1 to 80 bytes");
	expect_fault("a_b", SPOILT(.expect = { { CLIENT, "a", EQ(1) }, { CLIENT, "a", EQ(1) } }),
		     "two rows");
	expect_fault("a_b", SPOILT(.expect = { { CLIENT, "a", NOT_HERE } }), "wants nothing");
	expect_fault("a_b", SPOILT(.expect = { { CLIENT, "a", EQ(1), .only = INET6 } }),
		     "a family that the case has not");
	expect_fault("a_b", SPOILT(.expect = { { CLIENT, "a", EQ(1), .on[OS_LINUX] = EQ(2) } }),
		     "need a .why");
	expect_fault("a_b", SPOILT(.expect = { { CLIENT, "a", EQ(1), .why = "so" } }),
		     "without .on or .before");
	expect_fault(
		"a_b",
		SPOILT(.expect = { { CLIENT, "a", EQ(1), .on[OS_LINUX] = EQ(2), .why = "so" } }),
		"no .portable");
	expect_fault("a_b", SPOILT(.expect = { { CLIENT, "a", BY_FAMILY(EQ(1), EQ(1), EQ(1)) } }),
		     "BY_FAMILY has a value for inet6");
	expect_fault("a_b",
		     SPOILT(.expect = { { CLIENT, "a", BY_FAMILY(EQ(1), NOT_HERE, NOT_HERE) } }),
		     "BY_FAMILY has NOT_HERE for unix");
}

#pragma GCC diagnostic pop
