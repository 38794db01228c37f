/* frame_test.c -- which lengths are read how, which are refused, and that none of them overflows.
 */
#include "protocol/frame.h"

#include <criterion/criterion.h>

#include "protocol/property.h"

enum { MANY = 100000 };

static const struct frame_rules one = { FRAME_1, .max = 4, .zero_allowed = true };
static const struct frame_rules two = { FRAME_2, .max = 65535 };
static const struct frame_rules two_little = { FRAME_2, .little_endian = true, .max = 65535 };
static const struct frame_rules two_all = { FRAME_2, .counts_header = true, .max = 65535 };
static const struct frame_rules four = { FRAME_4, .max = MANY };
static const struct frame_rules four_little = { FRAME_4, .little_endian = true, .max = MANY };
static const struct frame_rules eight = { FRAME_8, .max = UINT64_MAX };
static const struct frame_rules eight_little = { FRAME_8, .little_endian = true, .max = MANY };
static const struct frame_rules eight_all = { FRAME_8, .counts_header = true, .max = UINT64_MAX,
					      .zero_allowed = true };

/* clang-format off */
#define INPUT(text)   .input = (text), .len = sizeof(text) - 1
#define DONE(payload) .status = PARSE_DONE, .number = (payload)
#define MISSING(more) .status = PARSE_PARTIAL, .number = (more)
#define BAD(why)      .status = PARSE_BAD, .reason = (why)
#define LONG          "the frame is longer than allowed"
#define EMPTY         "the frame is empty"
#define SMALL         "the length is smaller than the header it counts"

static const struct {
	const struct frame_rules *rules;
	const char *input;
	size_t len;
	enum parse_status status;
	uint64_t number;
	const char *reason;
} rows[] = {
	{ &one, INPUT(""), MISSING(1) },
	{ &one, INPUT("\x00"), DONE(0) },
	{ &one, INPUT("\x04" "abcd"), DONE(4) },
	{ &one, INPUT("\x04" "abc"), MISSING(1) },
	{ &one, INPUT("\x05"), BAD(LONG) },
	{ &two, INPUT("\x00"), MISSING(1) },
	{ &two, INPUT("\x00\x03" "abc" "more"), DONE(3) },
	{ &two, INPUT("\x03\x00" "abc"), MISSING(765) },
	{ &two, INPUT("\x00\x00"), BAD(EMPTY) },
	{ &two_little, INPUT("\x03\x00" "abc"), DONE(3) },
	{ &two_all, INPUT("\x00\x05" "abc"), DONE(3) },
	{ &two_all, INPUT("\x00\x02"), BAD(EMPTY) },
	{ &two_all, INPUT("\x00\x01"), BAD(SMALL) },
	{ &two_all, INPUT("\x00\x00"), BAD(SMALL) },
	{ &four, INPUT("\x00\x00\x00"), MISSING(1) },
	{ &four, INPUT("\x00\x00\x00\x02" "ab"), DONE(2) },
	{ &four, INPUT("\x00\x01\x86\xa0"), MISSING(MANY) },
	{ &four, INPUT("\x00\x01\x86\xa1"), BAD(LONG) },
	{ &four, INPUT("\xff\xff\xff\xff"), BAD(LONG) },
	{ &four_little, INPUT("\x02\x00\x00\x00" "ab"), DONE(2) },
	{ &eight, INPUT("\x00\x00\x00\x00\x00\x00\x00\x02" "ab"), DONE(2) },
	{ &eight, INPUT("\xff\xff\xff\xff\xff\xff\xff\xff" "ab"), MISSING(UINT64_MAX - 2) },
	{ &eight, INPUT("\xff\xff\xff\xff\xff\xff\xff\xf8" "ab"), MISSING(UINT64_MAX - 9) },
	{ &eight_little, INPUT("\x02\x00\x00\x00\x00\x00\x00\x00" "ab"), DONE(2) },
	{ &eight_little, INPUT("\x02\x00\x00\x00\x00\x00\x00\x80" "ab"), BAD(LONG) },
	{ &eight_all, INPUT("\x00\x00\x00\x00\x00\x00\x00\x08"), DONE(0) },
	{ &eight_all, INPUT("\x00\x00\x00\x00\x00\x00\x00\x07"), BAD(SMALL) },
	{ &eight_all, INPUT("\xff\xff\xff\xff\xff\xff\xff\xff"), MISSING(UINT64_MAX - 8) },
};
/* clang-format on */

static struct parse parse(const void *rules, const uint8_t *bytes, size_t len)
{
	struct frame frame;

	return frame_parse(rules, bytes, len, &frame);
}

Test(frame, rows)
{
	struct guard guard = guard_make(64);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const uint8_t *input = (const uint8_t *)rows[i].input;
		struct frame frame = { 0 };
		struct parse got = frame_parse(rows[i].rules, input, rows[i].len, &frame);
		struct parse again =
			property_splits(&guard, parse, rows[i].rules, input, rows[i].len);

		cr_assert(parse_same(got, again), "row %zu", i);
		cr_assert_eq(got.status, rows[i].status, "row %zu: %s", i, got.reason);
		if (got.status == PARSE_BAD) {
			cr_assert_str_eq(got.reason, rows[i].reason, "row %zu", i);
			cr_assert_eq(got.at, rows[i].rules->header - 1, "row %zu", i);
		}
		if (got.status == PARSE_PARTIAL)
			cr_assert_eq(frame.missing, rows[i].number, "row %zu", i);
		if (got.status != PARSE_DONE)
			continue;
		cr_assert_eq(frame.payload.len, rows[i].number, "row %zu", i);
		cr_assert_eq(frame.payload.bytes, input + rows[i].rules->header, "row %zu", i);
		cr_assert_eq(got.used, rows[i].rules->header + rows[i].number, "row %zu", i);
	}
	guard_free(&guard);
}

Test(frame, written_as_read)
{
	struct guard guard = guard_make(64);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct frame frame;
		if (frame_parse(rows[i].rules, (const uint8_t *)rows[i].input, rows[i].len, &frame)
			    .status != PARSE_DONE)
			continue;
		size_t need = frame_encode(rows[i].rules, frame.payload, NULL, 0);
		cr_assert_eq(need, rows[i].rules->header + frame.payload.len, "row %zu", i);
		uint8_t *room = guard_tail(&guard, need);
		cr_assert_eq(frame_encode(rows[i].rules, frame.payload, room, need), need);
		cr_assert_eq(memcmp(room, rows[i].input, need), 0, "row %zu", i);
	}
	guard_free(&guard);
}

Test(frame, next_goes_from_frame_to_frame)
{
	const uint8_t input[] = "\x01"
				"a"
				"\x00"
				"\x02"
				"bc"
				"\x03"
				"d";
	struct slice rest = { input, sizeof input - 1 };
	const size_t lens[] = { 1, 0, 2 };
	struct frame frame;

	for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
		cr_assert_eq(frame_next(&one, &rest, &frame).status, PARSE_DONE);
		cr_assert_eq(frame.payload.len, lens[i]);
	}
	cr_assert_eq(frame_next(&one, &rest, &frame).status, PARSE_PARTIAL);
	cr_assert_eq(frame.missing, 2);
	cr_assert_eq(rest.len, 2);
	cr_assert_eq(rest.bytes, input + 6);
}

Test(frame, what_does_not_go_into_the_header_is_not_written)
{
	static const uint8_t bytes[300];
	static const struct frame_rules small = { FRAME_1, .max = MANY };
	static const struct frame_rules small_all = { FRAME_1, .counts_header = true, .max = MANY };

	cr_assert_eq(frame_encode(&small, (struct slice){ bytes, 255 }, NULL, 0), 256);
	cr_assert_eq(frame_encode(&small, (struct slice){ bytes, 256 }, NULL, 0), 0);
	cr_assert_eq(frame_encode(&small_all, (struct slice){ bytes, 254 }, NULL, 0), 255);
	cr_assert_eq(frame_encode(&small_all, (struct slice){ bytes, 255 }, NULL, 0), 0);
	cr_assert_eq(frame_encode(&small, (struct slice){ bytes, 0 }, NULL, 0), 0);
	cr_assert_eq(frame_encode(&one, (struct slice){ bytes, 0 }, NULL, 0), 1);
	cr_assert_eq(frame_encode(&one, (struct slice){ bytes, 5 }, NULL, 0), 0);
}

Test(frame, too_little_room_is_left_alone)
{
	uint8_t room[4] = "....";

	for (size_t payload = 3; payload < 6; payload++) {
		cr_assert_eq(frame_encode(&two,
					  (struct slice){ (const uint8_t *)"abcdef", payload },
					  room, sizeof room),
			     payload + 2);
		cr_assert_eq(memcmp(room, "....", 4), 0);
	}
}
