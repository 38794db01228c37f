/* want_test.c -- every kind of expectation against texts that fit and texts that must not. */
#include "engine/want.h"

#include <criterion/criterion.h>

/* What a stretch of rows shares: no system has a number without a name as high as this. */
enum { NAMELESS = 9999 };

static const struct fitting {
	struct want want;
	const char *value;
	bool fits;
} fittings[] = {
	{ { .kind = WANT_UNSET }, "0", false },
	{ { .kind = WANT_UNSET }, "", false },
	{ ANY, "0", true },
	{ ANY, "-1 ECONNRESET", true },
	{ ANY, "", true },
	{ EQ(0), "0", true },
	{ EQ(0), "1", false },
	{ EQ(0), "", false },
	{ EQ(0), "0 ", false },
	{ EQ(0), "0x0", false },
	{ EQ(0), "0:", false },
	{ EQ(0), "zero", false },
	{ EQ(3), "3:abc", false },
	{ EQ(3), "3.0", false },
	{ EQ(-1), "-1", true },
	/* A failed call is not the number -1, and the other way round. */
	{ EQ(-1), "-1 ECONNRESET", false },
	{ FAILS(ECONNRESET), "-1", false },
	{ EQ(INT64_MAX), "9223372036854775807", true },
	{ EQ(INT64_MAX), "9223372036854775808", false },
	{ EQ(INT64_MIN), "-9223372036854775808", true },
	{ EQ(INT64_MIN), "-9223372036854775809", false },
	{ BETWEEN(2, 4), "1", false },
	{ BETWEEN(2, 4), "2", true },
	{ BETWEEN(2, 4), "3", true },
	{ BETWEEN(2, 4), "4", true },
	{ BETWEEN(2, 4), "5", false },
	{ BETWEEN(-4, -2), "-3", true },
	{ BETWEEN(-4, -2), "3", false },
	{ BETWEEN(4, 2), "3", false },
	{ BETWEEN(INT64_MIN, INT64_MAX), "99999999999999999999", false },
	{ AT_LEAST(1), "0", false },
	{ AT_LEAST(1), "1", true },
	{ AT_LEAST(1), "9223372036854775807", true },
	{ AT_LEAST(1), "9223372036854775808", false },
	{ AT_LEAST(0), "-1 EAGAIN", false },
	{ FAILS(EAGAIN), "-1 EAGAIN", true },
	{ FAILS(EAGAIN), "-1 EAGAIN ", false },
	{ FAILS(EAGAIN), "-1 EAGAI", false },
	{ FAILS(EAGAIN), "-1 eagain", false },
	{ FAILS(EAGAIN), "-1  EAGAIN", false },
	{ FAILS(EAGAIN), "EAGAIN", false },
	{ FAILS(EAGAIN), "-1 EINVAL", false },
	{ FAILS(EAGAIN), "-1 ", false },
	{ FAILS(EAGAIN), "0", false },
	{ FAILS(EAGAIN), "", false },
	/* As saw() writes an errno that has no name. */
	{ FAILS(NAMELESS), "-1 errno 9999", true },
	{ FAILS(NAMELESS), "-1 errno 9998", false },
	{ FAILS(NAMELESS), "-1 errno 99990", false },
	{ TEXT("3:abc"), "3:abc", true },
	{ TEXT("3:abc"), "3:abcd", false },
	{ TEXT("3:abc"), "3:ABC", false },
	{ TEXT(""), "", true },
	{ TEXT(""), "0", false },
	{ TEXT("any"), "0", false },
	{ FLAGS("IN|HUP"), "IN|HUP", true },
	{ FLAGS("IN|HUP"), "HUP|IN", false },
	{ FLAGS("IN|HUP"), "IN", false },
	{ ON_TIME, "on time", true },
	{ ON_TIME, "late (612 ms)", false },
	{ ONE_OF(EQ(0), FAILS(EPIPE)), "0", true },
	{ ONE_OF(EQ(0), FAILS(EPIPE)), "-1 EPIPE", true },
	{ ONE_OF(EQ(0), FAILS(EPIPE)), "-1 EINVAL", false },
	{ ONE_OF(EQ(0), FAILS(EPIPE)), "1", false },
	{ ONE_OF(TEXT("a"), ONE_OF(TEXT("b"), ONE_OF(EQ(7), FAILS(EIO)))), "a", true },
	{ ONE_OF(TEXT("a"), ONE_OF(TEXT("b"), ONE_OF(EQ(7), FAILS(EIO)))), "-1 EIO", true },
	{ ONE_OF(TEXT("a"), ONE_OF(TEXT("b"), ONE_OF(EQ(7), FAILS(EIO)))), "7", true },
	{ ONE_OF(TEXT("a"), ONE_OF(TEXT("b"), ONE_OF(EQ(7), FAILS(EIO)))), "c", false },
	{ ONE_OF(ONE_OF(EQ(1)), EQ(2)), "2", true },
	{ ONE_OF(EQ(1), ANY), "whatever", true },
	{ FAILS_ANY, "-1 EAGAIN", true },
	{ FAILS_ANY, "-1 errno 9999", true },
	{ FAILS_ANY, "-1", false },
	{ FAILS_ANY, "-10", false },
	{ FAILS_ANY, "0", false },
	{ ONE_OF(EQ(0), FAILS_ANY), "-1 EIO", true },
	{ BY_FAMILY(EQ(1), EQ(1), EQ(1)), "1", false }, /* of no family in particular */
};

Test(want, fits)
{
	for (size_t i = 0; i < sizeof fittings / sizeof *fittings; i++) {
		const struct fitting *row = &fittings[i];
		cr_expect_eq(want_fits(&row->want, row->value), row->fits, "row %zu: \"%s\" %s fit",
			     i, row->value, row->fits ? "must" : "must not");
	}
}

static const struct wording {
	struct want want;
	const char *text;
} wordings[] = {
	{ { .kind = WANT_UNSET }, "" },
	{ ANY, "any" },
	{ EQ(0), "0" },
	{ EQ(-1), "-1" },
	{ BETWEEN(1, 5), "1..5" },
	{ BETWEEN(-5, -1), "-5..-1" },
	{ AT_LEAST(3), "at least 3" },
	{ AT_LEAST(-3), "at least -3" },
	{ EQ(INT64_MAX), "9223372036854775807" },
	{ EQ(INT64_MIN), "-9223372036854775808" },
	{ FAILS(EAGAIN), "-1 EAGAIN" },
	{ FAILS(NAMELESS), "-1 errno 9999" },
	{ TEXT("3:abc"), "3:abc" },
	{ TEXT(""), "" },
	{ TEXT("100%s"), "100%s" },
	{ ON_TIME, "on time" },
	{ FAILS_ANY, "-1 and any errno" },
	{ BY_FAMILY(EQ(1), FAILS_ANY, NOT_HERE), "1 over inet, -1 and any errno over inet6" },
	{ ONE_OF(EQ(0)), "0" },
	{ ONE_OF(FAILS(EAGAIN), FAILS(EINVAL)), "-1 EAGAIN or -1 EINVAL" },
	{ ONE_OF(EQ(0), ONE_OF(BETWEEN(2, 3), AT_LEAST(9)), ANY),
	  "0 or 2..3 or at least 9 or any" },
};

Test(want, in_words)
{
	for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++) {
		char *text = want_text(&wordings[i].want);
		cr_expect_str_eq(text, wordings[i].text, "row %zu: \"%s\", wanted \"%s\"", i, text,
				 wordings[i].text);
		free(text);
	}
}

/* What want_text() says of plain expectations is a value that fits them. */
Test(want, words_of_plain_expectations_fit)
{
	static const struct want plain[] = {
		EQ(0),           EQ(-1),        EQ(INT64_MIN),   EQ(INT64_MAX), FAILS(EPIPE),
		FAILS(NAMELESS), TEXT("3:abc"), FLAGS("IN|HUP"), ON_TIME,
	};

	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		char *text = want_text(&plain[i]);
		cr_expect(want_fits(&plain[i], text), "row %zu: \"%s\"", i, text);
		free(text);
	}
}

/* Plain 1, on Linux 2, on FreeBSD before 14.1 it was 3; macOS has both words. */
static const struct expect on_linux = { CLIENT, "a", EQ(1), .on = { [OS_LINUX] = EQ(2) } };
static const struct expect before_freebsd = {
	CLIENT,
	"a",
	EQ(1),
	.before = { OS_FREEBSD, VERSION(14, 1), EQ(3) },
};
static const struct expect both = {
	CLIENT,
	"a",
	EQ(1),
	.on = { [OS_MACOS] = EQ(2), [OS_LINUX] = ANY },
	.before = { OS_MACOS, VERSION(20, 0), EQ(3) },
};
static const struct expect plain_only = { CLIENT, "a", EQ(1) };

static const struct here {
	const char *name;
	const struct expect *row;
	int os;
	unsigned version;
	const char *text;
	bool special;
} heres[] = {
	{ "plain", &plain_only, OS_LINUX, VERSION(6, 1), "1", false },
	{ "plain elsewhere", &plain_only, OS_COUNT, 0, "1", false },
	{ ".on, there", &on_linux, OS_LINUX, VERSION(6, 1), "2", true },
	{ ".on, another", &on_linux, OS_NETBSD, VERSION(10, 0), "1", false },
	{ ".on, an unknown system", &on_linux, OS_COUNT, VERSION(6, 1), "1", false },
	{ ".before, older", &before_freebsd, OS_FREEBSD, VERSION(13, 9), "3", true },
	{ ".before, just older", &before_freebsd, OS_FREEBSD, VERSION(14, 0), "3", true },
	{ ".before, that release", &before_freebsd, OS_FREEBSD, VERSION(14, 1), "1", false },
	{ ".before, newer", &before_freebsd, OS_FREEBSD, VERSION(15, 0), "1", false },
	{ ".before, another", &before_freebsd, OS_LINUX, VERSION(5, 0), "1", false },
	{ ".before, an unknown system", &before_freebsd, OS_COUNT, 0, "1", false },
	{ "both, older", &both, OS_MACOS, VERSION(19, 0), "3", true },
	{ "both, newer", &both, OS_MACOS, VERSION(20, 0), "2", true },
	{ "both, the other", &both, OS_LINUX, VERSION(2, 6), "any", true },
	{ "both, neither", &both, OS_OPENBSD, VERSION(7, 0), "1", false },
};

static const struct want of_families = BY_FAMILY(EQ(1), FAILS(EIO), NOT_HERE);
static const struct expect row_of_families = { CLIENT, "a", BY_FAMILY(EQ(1), EQ(2), NOT_HERE),
					       .on = { [OS_LINUX] = BY_FAMILY(EQ(3), EQ(4),
									      NOT_HERE) } };

Test(want, of_family)
{
	static const struct want plain = EQ(7);

	cr_expect(want_fits(want_of_family(&of_families, INET), "1"));
	cr_expect_not(want_fits(want_of_family(&of_families, INET6), "1"));
	cr_expect(want_fits(want_of_family(&of_families, INET6), "-1 EIO"));
	cr_expect_eq(want_of_family(&of_families, UNIX)->kind, WANT_UNSET);
	cr_expect_eq(want_of_family(&of_families, NO_FAMILY)->kind, WANT_UNSET);
	cr_expect_eq(want_of_family(&plain, UNIX), &plain);
}

Test(want, here_by_family)
{
	const struct os_facts linux = { .os = OS_LINUX }, other = { .os = OS_NETBSD };
	bool special;

	cr_expect(want_fits(want_here(&row_of_families, INET6, &linux, &special), "4") && special);
	cr_expect(want_fits(want_here(&row_of_families, INET6, &other, &special), "2") && !special);
}

Test(want, here)
{
	for (size_t i = 0; i < sizeof heres / sizeof *heres; i++) {
		const struct os_facts facts = { .os = heres[i].os, .version = heres[i].version };
		bool special = !heres[i].special;
		char *text = want_text(want_here(heres[i].row, NO_FAMILY, &facts, &special));
		cr_expect_str_eq(text, heres[i].text, "%s: %s", heres[i].name, text);
		cr_expect_eq(special, heres[i].special, "%s", heres[i].name);
		free(text);
	}
}

Test(want, versions_compare)
{
	cr_expect_lt(VERSION(5, 10), VERSION(6, 0));
	cr_expect_lt(VERSION(5, 9), VERSION(5, 10));
	cr_expect_lt(VERSION(2, 999), VERSION(3, 0));
}

Test(want, rows_stand_for_families)
{
	static const struct expect every = { CLIENT, "a", EQ(1) };
	static const struct expect some = { CLIENT, "a", EQ(1), .only = INET | UNIX };

	for (unsigned family = INET; family <= NO_FAMILY; family <<= 1) {
		cr_expect(row_stands(&every, family), "family %u", family);
		cr_expect_eq(row_stands(&some, family), family == INET || family == UNIX,
			     "family %u", family);
	}
}
