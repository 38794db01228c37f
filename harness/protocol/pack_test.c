/* pack_test.c -- formats, sizes, and values there and back; pack_judge.py compares far more. */
#include "protocol/pack.h"

#include <criterion/criterion.h>
#include <math.h>
#include <sys/types.h>

#include "protocol/property.h"

static struct slice text(const char *bytes)
{
	return (struct slice){ (const uint8_t *)bytes, strlen(bytes) };
}

static size_t size_of(const char *format)
{
	struct pack_layout layout;
	struct parse end = pack_layout(text(format).bytes, strlen(format), &layout);

	cr_assert_eq(end.status, PARSE_DONE, "%s", format);
	cr_assert_eq(end.used, strlen(format));
	return layout.size;
}

Test(pack, sizes)
{
	struct mixed {
		char a;
		short b;
		char c;
		double d;
		char e;
		void *f;
	};

	cr_assert_eq(size_of(""), 0);
	cr_assert_eq(size_of("<"), 0);
	cr_assert_eq(size_of("<xcbB?hHiIlLqQefdsp"),
		     1 + 1 + 2 + 1 + 4 + 8 + 8 + 16 + 2 + 4 + 8 + 2);
	cr_assert_eq(size_of("=bq"), 9);
	cr_assert_eq(size_of("@bhbdbP"), sizeof(struct mixed));
	cr_assert_eq(size_of("bhbdbP"), sizeof(struct mixed));
	cr_assert_eq(size_of("lLnN"), 2 * sizeof(long) + sizeof(ssize_t) + sizeof(size_t));
	cr_assert_eq(size_of("b0i"), sizeof(int));
	cr_assert_eq(size_of("< 3h \t2x\n10s"), 18);
	cr_assert_eq(size_of("!007B"), 7);
}

static void bad_format(const char *format, size_t len, size_t at)
{
	struct pack_layout layout;
	struct slice bytes = { (const uint8_t *)format, len };
	struct parse end = pack_layout(bytes.bytes, len, &layout);
	struct pack_reader reader;
	struct pack_value value;

	property_result(end, len);
	cr_assert_eq(end.status, at == len ? PARSE_PARTIAL : PARSE_BAD, "%s", format);
	cr_assert_eq(end.at, at == len ? 0 : at, "%s: at %zu", format, end.at);
	struct pack_result result = pack_unpack(bytes, (struct slice){ 0 }, &reader);
	cr_assert_eq(result.fault, PACK_BAD_FORMAT);
	cr_assert_eq(result.at, at);
	cr_assert_not(pack_next(&reader, &value));
	cr_assert_eq(pack_encode(bytes, NULL, 0, NULL, 0).fault, PACK_BAD_FORMAT);
}

Test(pack, bad_formats)
{
	bad_format("y", 1, 0);
	bad_format(" <i", 3, 1);
	bad_format("i<", 2, 1);
	bad_format("3 i", 3, 1);
	bad_format("<n", 2, 1);
	bad_format("=P", 2, 1);
	bad_format("i\0i", 3, 1);
	bad_format("i12", 3, 3);
	bad_format("\xe9", 1, 0);
	if (sizeof(ptrdiff_t) != 8)
		return;
	cr_assert_eq(size_of("9223372036854775807x"), PTRDIFF_MAX);
	bad_format("9223372036854775808x", 20, 18);
	bad_format("9223372036854775807xb", 21, 20);
	bad_format("9223372036854775807x0q", 22, 21);
	bad_format("1152921504606846976q", 20, 19);
}

/* One value of each, as it is written, and as it is read again. */
#define INT(n)                                                                                     \
	{                                                                                          \
		PACK_INT, .number = (n)                                                            \
	}
#define UINT(n)                                                                                    \
	{                                                                                          \
		PACK_UINT, .natural = (n)                                                          \
	}
#define BOOL(n)                                                                                    \
	{                                                                                          \
		PACK_BOOL, .truth = (n)                                                            \
	}
#define REAL(n)                                                                                    \
	{                                                                                          \
		PACK_REAL, .real = (n)                                                             \
	}
#define BYTES(n)                                                                                   \
	{                                                                                          \
		PACK_BYTES, .bytes = {(const uint8_t *)(n), sizeof(n) - 1 }                        \
	}

static const struct {
	const char *format;
	struct pack_value value;
	enum pack_fault fault;
	const char *bytes; /* what is written, as long as the format says */
} rows[] = {
	{ "b", INT(-128), PACK_OK, "\x80" },
	{ "b", INT(-129), PACK_OUT_OF_RANGE },
	{ "b", UINT(128), PACK_OUT_OF_RANGE },
	{ "B", UINT(255), PACK_OK, "\xff" },
	{ "B", INT(-1), PACK_OUT_OF_RANGE },
	{ "B", BOOL(true), PACK_OK, "\x01" },
	{ "B", REAL(1), PACK_WRONG_TYPE },
	{ "B", BYTES("a"), PACK_WRONG_TYPE },
	{ ">h", INT(-2), PACK_OK, "\xff\xfe" },
	{ "<h", INT(-2), PACK_OK, "\xfe\xff" },
	{ ">H", UINT(65536), PACK_OUT_OF_RANGE },
	{ "!I", UINT(0x01020304), PACK_OK, "\1\2\3\4" },
	{ "<L", UINT(0x01020304), PACK_OK, "\4\3\2\1" },
	{ ">q", INT(INT64_MIN), PACK_OK, "\x80\0\0\0\0\0\0\0" },
	{ ">q", UINT(UINT64_C(1) << 63), PACK_OUT_OF_RANGE },
	{ ">Q", UINT(UINT64_MAX), PACK_OK, "\xff\xff\xff\xff\xff\xff\xff\xff" },
	{ "P", INT(-1), PACK_OK, "\xff\xff\xff\xff\xff\xff\xff\xff" },
	{ "?", INT(0), PACK_OK, "\0" },
	{ "?", UINT(7), PACK_OK, "\1" },
	{ "?", BOOL(true), PACK_OK, "\1" },
	{ "?", REAL(-0.0), PACK_OK, "\0" },
	{ "?", BYTES(""), PACK_OK, "\0" },
	{ "?", BYTES("\0"), PACK_OK, "\1" },
	{ "c", BYTES("a"), PACK_OK, "a" },
	{ "c", BYTES(""), PACK_WRONG_TYPE },
	{ "c", BYTES("ab"), PACK_WRONG_TYPE },
	{ "3s", BYTES("ab"), PACK_OK, "ab\0" },
	{ "3s", BYTES("abcd"), PACK_OK, "abc" },
	{ "0s", BYTES("abcd"), PACK_OK, "" },
	{ "s", INT(1), PACK_WRONG_TYPE },
	{ "4p", BYTES("ab"), PACK_OK, "\2ab\0" },
	{ "4p", BYTES("abcd"), PACK_OK, "\3abc" },
	{ "1p", BYTES("abcd"), PACK_OK, "\0" },
	{ "0p", BYTES("abcd"), PACK_OK, "" },
	{ "x2p2x", BYTES("a"), PACK_OK, "\0\1a\0\0" },
	{ ">d", REAL(-2), PACK_OK, "\xc0\0\0\0\0\0\0\0" },
	{ ">d", INT(-2), PACK_OK, "\xc0\0\0\0\0\0\0\0" },
	{ ">d", UINT(UINT64_MAX), PACK_OK, "\x43\xf0\0\0\0\0\0\0" },
	{ ">d", BYTES("a"), PACK_WRONG_TYPE },
	{ ">f", REAL(0.1), PACK_OK, "\x3d\xcc\xcc\xcd" },
	{ ">f", REAL(-INFINITY), PACK_OK, "\xff\x80\0\0" },
	{ ">f", REAL(1e300), PACK_OUT_OF_RANGE },
	{ ">f", REAL(0x1.fffffefffffffp127), PACK_OK, "\x7f\x7f\xff\xff" },
	{ ">f", REAL(0x1.ffffffp127), PACK_OUT_OF_RANGE },
	{ ">e", REAL(1), PACK_OK, "\x3c\0" },
	{ ">e", REAL(-0.0), PACK_OK, "\x80\0" },
	{ ">e", REAL(65519.99), PACK_OK, "\x7b\xff" },
	{ ">e", REAL(65520), PACK_OUT_OF_RANGE },
	{ "e", REAL(-65520), PACK_OUT_OF_RANGE },
	{ ">e", REAL(INFINITY), PACK_OK, "\x7c\0" },
	{ ">e", REAL(2049), PACK_OK, "\x68\0" },   /* a tie: the even one below */
	{ ">e", REAL(2051), PACK_OK, "\x68\x02" }, /* and the even one above */
	{ ">e", REAL(2049.001), PACK_OK, "\x68\x01" },
	{ ">e", REAL(0x1p-24), PACK_OK, "\0\x01" },
	{ ">e", REAL(0x1p-25), PACK_OK, "\0\0" },
	{ ">e", REAL(0x1.0000000000001p-25), PACK_OK, "\0\x01" },
	{ ">e", REAL(0x1.ffcp-15), PACK_OK, "\x04\0" }, /* rounds up to the least normal one */
	{ ">e", REAL(5e-324), PACK_OK, "\0\0" },
};

Test(pack, values)
{
	struct guard guard = guard_make(64);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct slice format = text(rows[i].format);
		size_t size = size_of(rows[i].format);
		uint8_t *room = guard_tail(&guard, size);
		struct pack_result result = pack_encode(format, &rows[i].value, 1, room, size);
		cr_assert_eq(result.fault, rows[i].fault, "row %zu: %s", i,
			     pack_fault_text(result.fault));
		cr_assert_eq(result.size, size, "row %zu", i);
		if (result.fault == PACK_OK)
			cr_assert_eq(memcmp(room, rows[i].bytes, size), 0, "row %zu", i);
		else
			cr_assert_eq(result.at, 0, "row %zu", i);
	}
	guard_free(&guard);
}

Test(pack, a_float_of_this_machine_never_overflows)
{
	static const struct pack_value huge = REAL(1e300);
	float written;

	cr_assert_eq(pack_encode(text("f"), &huge, 1, (uint8_t *)&written, sizeof written).fault,
		     PACK_OK);
	cr_assert(isinf(written));
}

Test(pack, several_values)
{
	static const struct pack_value values[] = { INT(-1), INT(2), UINT(3), BYTES("abc") };
	static const uint8_t want[] = "\xff\0\2\3\0\2ab";
	enum { SIZE = sizeof want - 1 };
	struct slice format = text("<b x b H 3p");
	uint8_t room[SIZE];
	struct pack_reader reader;
	struct pack_value value;

	struct pack_result result = pack_encode(format, values, 4, room, SIZE);
	cr_assert_eq(result.fault, PACK_OK);
	cr_assert_eq(result.size, SIZE);
	cr_assert_eq(memcmp(room, want, SIZE), 0);

	cr_assert_eq(pack_unpack(format, (struct slice){ want, SIZE }, &reader).fault, PACK_OK);
	cr_assert(pack_next(&reader, &value));
	cr_assert(value.kind == PACK_INT && value.number == -1);
	cr_assert(pack_next(&reader, &value));
	cr_assert(value.kind == PACK_INT && value.number == 2);
	cr_assert(pack_next(&reader, &value));
	cr_assert(value.kind == PACK_UINT && value.natural == 3);
	cr_assert(pack_next(&reader, &value));
	cr_assert(value.kind == PACK_BYTES && value.bytes.len == 2 &&
		  value.bytes.bytes == want + 6);
	cr_assert_not(pack_next(&reader, &value));
	cr_assert_not(pack_next(&reader, &value));
}

Test(pack, faults_say_which_value)
{
	static const struct pack_value values[] = { INT(1), INT(2), INT(300) };
	uint8_t room[3];

	struct pack_result result = pack_encode(text("3b"), values, 3, room, sizeof room);
	cr_assert_eq(result.fault, PACK_OUT_OF_RANGE);
	cr_assert_eq(result.at, 2);
	cr_assert_eq(pack_encode(text("3b"), values, 2, room, 3).fault, PACK_WRONG_COUNT);
	cr_assert_eq(pack_encode(text("2b"), values, 3, room, 3).fault, PACK_WRONG_COUNT);
}

Test(pack, too_little_room_is_left_alone)
{
	static const struct pack_value values[] = { INT(1), INT(2) };
	uint8_t room[4] = "....";

	struct pack_result result = pack_encode(text(">hi"), values, 2, room, sizeof room);
	cr_assert_eq(result.fault, PACK_OK);
	cr_assert_eq(result.size, 6);
	cr_assert_eq(memcmp(room, "....", 4), 0);
}

Test(pack, sizes_must_be_the_same)
{
	struct pack_reader reader;
	struct pack_value value;

	cr_assert_eq(pack_unpack(text("<h"), text("abc"), &reader).fault, PACK_WRONG_SIZE);
	cr_assert_not(pack_next(&reader, &value));
	cr_assert_eq(pack_unpack(text("<h"), text("a"), &reader).fault, PACK_WRONG_SIZE);
	cr_assert_eq(pack_unpack(text("<h"), text("ab"), &reader).fault, PACK_OK);
}

/* Every half is a double that is written as the same half; a NaN becomes the quiet one. */
Test(pack, every_half)
{
	for (unsigned half = 0; half <= UINT16_MAX; half++) {
		uint8_t bytes[2] = { (uint8_t)(half >> 8), (uint8_t)half };
		uint8_t again[2];
		struct pack_reader reader;
		struct pack_value value;

		pack_unpack(text(">e"), (struct slice){ bytes, 2 }, &reader);
		cr_assert(pack_next(&reader, &value));
		pack_encode(text(">e"), &value, 1, again, 2);
		if (isnan(value.real))
			cr_assert(again[0] == ((bytes[0] & 0x80) | 0x7e) && !again[1]);
		else
			cr_assert_eq(memcmp(again, bytes, 2), 0, "%04x", half);
	}
}
