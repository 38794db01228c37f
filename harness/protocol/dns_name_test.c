/* dns_name_test.c -- names in messages, whatever their pointers do; names as text; case. */
#include "protocol/dns_name.h"

#include <criterion/criterion.h>

#include "protocol/property.h"

/* Twelve bytes of header, in which labels stand that nobody may reach. */
#define HEADER "\1x\1x\1x\1x\1x\0\0"

/* clang-format off */
#define INPUT(at_, text)  .at = (at_), .input = HEADER text, .len = sizeof(HEADER text) - 1
#define NAME(used_, wire) .used = (used_), .name = (wire), .name_len = sizeof(wire) - 1
#define BAD(at_, why)     .bad_at = (at_), .reason = (why)

static const struct {
	size_t at;
	const char *input;
	size_t len;
	size_t used; /* 0: partial, or bad with a reason */
	const char *name;
	size_t name_len;
	size_t bad_at;
	const char *reason;
} rows[] = {
	{ INPUT(12, "\0"), NAME(1, "\0") },
	{ INPUT(12, "\3www\2ab\0more"), NAME(8, "\3www\2ab\0") },
	{ INPUT(12, "\3ww") },
	{ INPUT(12, "\3www") },
	{ INPUT(12, "") },
	{ INPUT(16, "\2ab\0\3www\xc0\x0c"), NAME(6, "\3www\2ab\0") },
	{ INPUT(16, "\2ab\0\xc0\x0cmore"), NAME(2, "\2ab\0") },
	{ INPUT(16, "\2ab\0\xc0") },
	{ INPUT(18, "\2ab\0\xc0\x0c\xc0\x10"), NAME(2, "\2ab\0") },
	{ INPUT(12, "\xc0\x0c"), BAD(13, "a pointer does not point backwards") },
	{ INPUT(12, "\1a\xc0\x0c"), BAD(15, "a pointer does not point backwards") },
	{ INPUT(12, "\xc0\x0e\1a\0"), BAD(13, "a pointer does not point backwards") },
	{ INPUT(12, "\xff\xff"), BAD(13, "a pointer does not point backwards") },
	{ INPUT(12, "\1a\xc0\0"), BAD(15, "a pointer points into the header") },
	{ INPUT(12, "\1a\xc0\x0b"), BAD(15, "a pointer points into the header") },
	{ INPUT(12, "\x40"), BAD(12, "a label's type is unknown") },
	{ INPUT(12, "\1a\xbf"), BAD(14, "a label's type is unknown") },
	{ INPUT(13, "\x80\xc0\x0c"), BAD(14, "a label's type is unknown") },
	/* Behind the pointer a label would go on with the pointer itself, or with what follows. */
	{ INPUT(15, "\1a\3\xc0\x0e\0\0"), BAD(16, "a name runs into what points to it") },
	{ INPUT(15, "\1a\1\xc0\x0e\0"), BAD(16, "a name runs into what points to it") },
	{ INPUT(14, "\1a\xc0\x0c\0"), BAD(15, "a name runs into what points to it") },
	{ INPUT(14, "\1\xc0\xc0\x0d\0"), BAD(15, "a name runs into what points to it") },
};
/* clang-format on */

static struct parse parse(const void *at, const uint8_t *bytes, size_t len)
{
	struct dns_name name;

	/* A name begins within its message. */
	return len < *(const size_t *)at ? parse_partial()
					 : dns_name_parse(bytes, len, *(const size_t *)at, &name);
}

/* property_splits() with `used` counted from the name on, as the parser gives it. */
static void all_cuts(const struct guard *guard, size_t row, struct parse whole)
{
	for (size_t cut = rows[row].at; cut <= rows[row].len; cut++) {
		struct parse part =
			parse(&rows[row].at, guard_copy(guard, rows[row].input, cut), cut);
		bool decided = whole.status == PARSE_BAD    ? cut > whole.at
			       : whole.status == PARSE_DONE ? cut >= rows[row].at + whole.used
							    : false;
		cr_assert(decided ? parse_same(part, whole) : part.status == PARSE_PARTIAL,
			  "row %zu cut at %zu", row, cut);
	}
}

Test(dns_name, rows)
{
	struct guard guard = guard_make(64);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dns_name name;
		struct parse got = dns_name_parse((const uint8_t *)rows[i].input, rows[i].len,
						  rows[i].at, &name);
		all_cuts(&guard, i, got);
		cr_assert_eq(got.used, rows[i].used, "row %zu: %zu", i, got.used);
		if (rows[i].reason) {
			cr_assert_eq(got.status, PARSE_BAD, "row %zu", i);
			cr_assert_str_eq(got.reason, rows[i].reason, "row %zu", i);
			cr_assert_eq(got.at, rows[i].bad_at, "row %zu: at %zu", i, got.at);
		} else if (!rows[i].used) {
			cr_assert_eq(got.status, PARSE_PARTIAL, "row %zu", i);
		} else {
			cr_assert_eq(name.len, rows[i].name_len, "row %zu", i);
			cr_assert_eq(memcmp(name.wire, rows[i].name, name.len), 0, "row %zu", i);
		}
	}
	guard_free(&guard);
}

/* Labels of 63 bytes thrice, and one of so many. */
static size_t long_name(uint8_t *bytes, uint8_t last)
{
	size_t len = 0;

	for (size_t i = 0; i < 4; i++) {
		uint8_t label = i < 3 ? DNS_LABEL_MAX : last;
		bytes[len] = label;
		memset(bytes + len + 1, 'a', label);
		len += 1 + (size_t)label;
	}
	bytes[len] = 0;
	return len + 1;
}

Test(dns_name, no_name_is_above_its_limit)
{
	uint8_t bytes[DNS_HEADER + 300] = { 0 };
	struct dns_name name;

	size_t len = long_name(bytes + DNS_HEADER, 61);
	cr_assert_eq(len, DNS_NAME_MAX);
	cr_assert_eq(dns_name_parse(bytes, DNS_HEADER + len, DNS_HEADER, &name).used, len);
	cr_assert_eq(name.len, DNS_NAME_MAX);

	len = long_name(bytes + DNS_HEADER, 62);
	struct parse got = dns_name_parse(bytes, DNS_HEADER + len, DNS_HEADER, &name);
	cr_assert_eq(got.status, PARSE_BAD);
	cr_assert_eq(got.at, DNS_HEADER + 3 * 64);
}

/* Pointers, each to the one before it: as many as a name may have, and one more. */
Test(dns_name, pointers_are_counted)
{
	uint8_t bytes[DNS_HEADER + 3 + 2 * (DNS_HOPS_MAX + 1)] = { 0 };
	struct dns_name name;
	size_t at = DNS_HEADER + 3;
	size_t target = DNS_HEADER;

	memcpy(bytes + DNS_HEADER, "\1a", 3);
	for (unsigned hops = 1; hops <= DNS_HOPS_MAX + 1; hops++) {
		bytes[at] = (uint8_t)(0xc0 | target >> 8);
		bytes[at + 1] = (uint8_t)target;
		struct parse got = dns_name_parse(bytes, at + 2, at, &name);
		cr_assert_eq(got.status, hops <= DNS_HOPS_MAX ? PARSE_DONE : PARSE_BAD, "%u", hops);
		target = at;
		at += 2;
	}
}

/* clang-format off */
#define TEXT(bytes) .text = (bytes), .len = sizeof(bytes) - 1

static const struct {
	const char *text;
	size_t len;
	const char *again; /* as it is shown; NULL: partial, or bad with a reason */
	size_t bad_at;
	const char *reason;
} texts[] = {
	{ TEXT("."), "." },
	{ TEXT("www.Example.com"), "www.Example.com." },
	{ TEXT("www.example.com."), "www.example.com." },
	{ TEXT("a\\.b\\\\.\\065\\000\\255\\032"), "a\\.b\\\\.A\\000\\255\\032." },
	{ TEXT("\\a"), "a." },
	{ TEXT("") },
	{ TEXT("a\\") },
	{ TEXT("a\\0") },
	{ TEXT("a\\06") },
	{ TEXT(".."), .bad_at = 1, .reason = "a label is empty" },
	{ TEXT(".a"), .bad_at = 1, .reason = "a label is empty" },
	{ TEXT("a..b"), .bad_at = 2, .reason = "a label is empty" },
	{ TEXT("a\\06x"), .bad_at = 4, .reason = "an escape is not \\DDD" },
	{ TEXT("a\\ x"), .bad_at = 2, .reason = "an escape is not \\DDD" },
	{ TEXT("a\\256"), .bad_at = 4, .reason = "an escape is above 255" },
	{ TEXT("a b"), .bad_at = 1, .reason = "a byte is neither printable nor escaped" },
	{ TEXT("a\x80"), .bad_at = 1, .reason = "a byte is neither printable nor escaped" },
	{ TEXT("a\0"), .bad_at = 1, .reason = "a byte is neither printable nor escaped" },
};
/* clang-format on */

Test(dns_name, texts)
{
	struct guard guard = guard_make(DNS_NAME_TEXT_MAX);

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct dns_name name;
		struct parse got = dns_name_of_text(guard_copy(&guard, texts[i].text, texts[i].len),
						    texts[i].len, &name);
		property_result(got, texts[i].len);
		if (texts[i].reason) {
			cr_assert_eq(got.status, PARSE_BAD, "%s", texts[i].text);
			cr_assert_str_eq(got.reason, texts[i].reason, "%s", texts[i].text);
			cr_assert_eq(got.at, texts[i].bad_at, "%s", texts[i].text);
			continue;
		}
		cr_assert_eq(got.status, texts[i].again ? PARSE_DONE : PARSE_PARTIAL, "%s",
			     texts[i].text);
		if (!texts[i].again)
			continue;
		size_t size = dns_name_text(&name, NULL, 0);
		uint8_t *room = guard_tail(&guard, size);
		cr_assert_eq(size, strlen(texts[i].again));
		cr_assert_eq(dns_name_text(&name, room, size), size);
		cr_assert_eq(memcmp(room, texts[i].again, size), 0, "%s", texts[i].text);
	}
	guard_free(&guard);
}

Test(dns_name, texts_have_the_limits_of_names)
{
	uint8_t text[300];
	struct dns_name name;

	memset(text, 'a', sizeof text);
	cr_assert_eq(dns_name_of_text(text, 63, &name).used, 63);
	cr_assert_eq(dns_name_of_text(text, 64, &name).at, 63);
	text[63] = text[127] = text[191] = '.';
	cr_assert_eq(dns_name_of_text(text, 253, &name).used, 253);
	cr_assert_eq(name.len, DNS_NAME_MAX);
	cr_assert_eq(dns_name_of_text(text, 254, &name).at, 253);

	/* The longest text of all. */
	memset(name.wire, 0xff, sizeof name.wire);
	name.wire[0] = name.wire[64] = name.wire[128] = 63;
	name.wire[192] = 61;
	name.wire[254] = 0;
	cr_assert_leq(dns_name_text(&name, NULL, 0), DNS_NAME_TEXT_MAX);
}

static bool equal(const char *a, const char *b)
{
	struct dns_name names[2];

	cr_assert_eq(dns_name_of_text((const uint8_t *)a, strlen(a), &names[0]).used, strlen(a));
	cr_assert_eq(dns_name_of_text((const uint8_t *)b, strlen(b), &names[1]).used, strlen(b));
	return dns_name_equal(&names[0], &names[1]);
}

Test(dns_name, case_does_not_count)
{
	cr_assert(equal("www.example.com", "WWW.eXaMpLe.Com."));
	cr_assert(equal(".", "."));
	cr_assert_not(equal("a", "b"));
	cr_assert_not(equal("a.b", "ab.c"));
	cr_assert_not(equal("a", "a.a"));
	cr_assert_not(equal("@", "`"));
	cr_assert_not(equal("[", "{"));
	cr_assert_not(equal("\\192", "\\224"));
}
