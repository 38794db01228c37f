/* line_test.c -- which bytes are a line under which rules, however they arrive. */
#include "protocol/line.h"

#include <criterion/criterion.h>

#include "protocol/property.h"

static const struct line_rules lf = { LINE_LF, .limit = 8 };
static const struct line_rules crlf = { LINE_CRLF, .limit = 8 };
static const struct line_rules either = { LINE_EITHER, .limit = 8 };
static const struct line_rules lf_in_all = { LINE_LF, .limit = 8, .limit_counts_delimiter = true };
static const struct line_rules crlf_in_all = { LINE_CRLF, .limit = 8,
					       .limit_counts_delimiter = true };
static const struct line_rules either_in_all = { LINE_EITHER, .limit = 8,
						 .limit_counts_delimiter = true };
static const struct line_rules nul = { LINE_LF, .limit = 8, .nul_allowed = true };
static const struct line_rules nothing = { LINE_EITHER, .limit = 0,
					   .limit_counts_delimiter = true };
static const struct line_rules no_text = { LINE_LF, .limit = 0 };

enum { PARTIAL = -1 };

/* clang-format off */
#define INPUT(text)   .input = (text), .len = sizeof(text) - 1
#define BAD(at_, why) .bad = true, .at = (at_), .reason = (why)
#define LONG          "the line is longer than allowed"

/* text: what is read, or PARTIAL. */
static const struct {
	const struct line_rules *rules;
	const char *input;
	size_t len;
	int text;
	bool bad;
	size_t at;
	const char *reason;
} rows[] = {
	{ &lf, INPUT(""), PARTIAL },
	{ &lf, INPUT("\n"), 0 },
	{ &lf, INPUT("abc\n"), 3 },
	{ &lf, INPUT("abc\nrest"), 3 },
	{ &lf, INPUT("abc\r\n"), 4 },
	{ &lf, INPUT("a\rc\n"), 3 },
	{ &lf, INPUT("\xff\x80\n"), 2 },
	{ &lf, INPUT("12345678"), PARTIAL },
	{ &lf, INPUT("12345678\n"), 8 },
	{ &lf, INPUT("123456789"), BAD(8, LONG) },
	{ &lf, INPUT("a\0\n"), BAD(1, "a NUL") },
	{ &nul, INPUT("a\0\n"), 2 },
	{ &no_text, INPUT("\n"), 0 },
	{ &no_text, INPUT("a\n"), BAD(0, LONG) },
	{ &crlf, INPUT("\r\n"), 0 },
	{ &crlf, INPUT("abc\r"), PARTIAL },
	{ &crlf, INPUT("abc\r\n"), 3 },
	{ &crlf, INPUT("abc\n"), BAD(3, "a LF without CR") },
	{ &crlf, INPUT("a\rbc\r\n"), BAD(2, "a CR without LF") },
	{ &crlf, INPUT("a\r\r\n"), BAD(2, "a CR without LF") },
	{ &crlf, INPUT("12345678\r\n"), 8 },
	{ &crlf, INPUT("123456789\r\n"), BAD(8, LONG) },
	{ &either, INPUT("abc\n"), 3 },
	{ &either, INPUT("abc\r\n"), 3 },
	{ &either, INPUT("abc\rd\n"), BAD(4, "a CR without LF") },
	{ &either, INPUT("12345678\r\n"), 8 },
	{ &either, INPUT("12345678\r"), PARTIAL },
	{ &lf_in_all, INPUT("1234567\n"), 7 },
	{ &lf_in_all, INPUT("12345678\n"), BAD(7, LONG) },
	{ &crlf_in_all, INPUT("123456\r\n"), 6 },
	{ &crlf_in_all, INPUT("1234567\r\n"), BAD(6, LONG) },
	{ &either_in_all, INPUT("1234567\n"), 7 },
	{ &either_in_all, INPUT("123456\r\n"), 6 },
	{ &either_in_all, INPUT("1234567\r\n"), BAD(7, LONG) },
	{ &nothing, INPUT("\n"), BAD(0, LONG) },
	{ &nothing, INPUT("\r\n"), BAD(0, LONG) },
	{ &nothing, INPUT("a"), BAD(0, LONG) },
};
/* clang-format on */

static struct parse parse(const void *rules, const uint8_t *bytes, size_t len)
{
	struct slice text;

	return line_parse(rules, bytes, len, &text);
}

Test(line, rows)
{
	struct guard guard = guard_make(64);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct parse got =
			property_splits(&guard, parse, rows[i].rules, rows[i].input, rows[i].len);
		if (rows[i].bad) {
			cr_assert_eq(got.status, PARSE_BAD, "row %zu", i);
			cr_assert_eq(got.at, rows[i].at, "row %zu: at %zu", i, got.at);
			cr_assert_str_eq(got.reason, rows[i].reason, "row %zu", i);
			continue;
		}
		if (rows[i].text == PARTIAL) {
			cr_assert_eq(got.status, PARSE_PARTIAL, "row %zu", i);
			continue;
		}
		cr_assert_eq(got.status, PARSE_DONE, "row %zu: %s", i, got.reason);
		struct slice text = { 0 };
		const uint8_t *input = (const uint8_t *)rows[i].input;
		line_parse(rows[i].rules, input, rows[i].len, &text);
		cr_assert_eq(text.bytes, input, "row %zu", i);
		cr_assert_eq(text.len, rows[i].text, "row %zu: %zu", i, text.len);
	}
	guard_free(&guard);
}

/* Whether an end that the rules know makes a line of the beginning. */
static bool can_end(const struct line_rules *rules, const uint8_t *bytes, size_t len)
{
	static const char *const ends[] = { "\n", "\r\n" };
	uint8_t whole[16];

	memcpy(whole, bytes, len);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t n = strlen(ends[i]);
		memcpy(whole + len, ends[i], n);
		if (parse(rules, whole, len + n).status == PARSE_DONE)
			return true;
	}
	return false;
}

/* All inputs of up to six of the bytes that matter, under all rules: what is partial can be ended,
 * what is bad is so from the byte on that made it bad, and what is done is written back the same.
 */
Test(line, all_short_inputs)
{
	static const uint8_t alphabet[] = { 'a', '\r', '\n', 0 };
	struct guard guard = guard_make(64);

	for (unsigned rule = 0; rule < 60; rule++) {
		struct line_rules rules = { (enum line_delimiter)(rule % 3), .limit = 1 + rule / 12,
					    .limit_counts_delimiter = rule & 4,
					    .nul_allowed = rule & 8 };
		if (rules.limit == 1 && rules.delimiter == LINE_CRLF)
			rules.limit = 6;
		for (unsigned number = 0; number < 1 << 12; number++) {
			uint8_t input[6];
			for (unsigned i = 0; i < sizeof input; i++)
				input[i] = alphabet[number >> 2 * i & 3];
			struct parse got =
				property_splits(&guard, parse, &rules, input, sizeof input);
			if (got.status == PARSE_PARTIAL)
				cr_assert(can_end(&rules, input, sizeof input));
			if (got.status == PARSE_BAD)
				cr_assert(parse_same(parse(&rules, input, got.at + 1), got));
		}
	}
	guard_free(&guard);
}

Test(line, written_as_read)
{
	struct guard guard = guard_make(64);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct slice text;
		const uint8_t *input = (const uint8_t *)rows[i].input;
		struct parse got = line_parse(rows[i].rules, input, rows[i].len, &text);
		if (got.status != PARSE_DONE)
			continue;
		size_t need = line_encode(rows[i].rules, text, NULL, 0);
		/* LF is read by LINE_EITHER, but CRLF written, which may be one too many. */
		if (rows[i].rules->delimiter == LINE_EITHER && need != got.used) {
			cr_assert_eq(need, text.len == 7 ? 0 : got.used + 1, "row %zu", i);
			continue;
		}
		cr_assert_eq(need, got.used, "row %zu", i);
		uint8_t *room = guard_tail(&guard, need);
		cr_assert_eq(line_encode(rows[i].rules, text, room, need), need);
		cr_assert_eq(memcmp(room, input, need), 0, "row %zu", i);
	}
	guard_free(&guard);
}

static size_t encode(const struct line_rules *rules, const char *text, size_t len)
{
	uint8_t bytes[32];

	return line_encode(rules, (struct slice){ (const uint8_t *)text, len }, bytes,
			   sizeof bytes);
}

Test(line, what_is_no_line_is_not_written)
{
	cr_assert_eq(encode(&lf, "a\nb", 3), 0);
	cr_assert_eq(encode(&lf, "a\0b", 3), 0);
	cr_assert_eq(encode(&nul, "a\0b", 3), 4);
	cr_assert_eq(encode(&crlf, "a\rb", 3), 0);
	cr_assert_eq(encode(&lf, "a\rb", 3), 4);
	cr_assert_eq(encode(&crlf, "123456789", 9), 0);
	cr_assert_eq(encode(&crlf_in_all, "1234567", 7), 0);
	cr_assert_eq(encode(&crlf_in_all, "123456", 6), 8);
}

Test(line, too_little_room_is_left_alone)
{
	uint8_t bytes[4] = "....";

	cr_assert_eq(line_encode(&crlf, (struct slice){ (const uint8_t *)"abc", 3 }, bytes, 4), 5);
	cr_assert_eq(memcmp(bytes, "....", 4), 0);
}
