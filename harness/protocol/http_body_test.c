/* http_body_test.c -- bodies of HTTP/1, read in pieces and written in chunks.
 */
#include "protocol/http.h"

#include "protocol/property.h"

#include <criterion/criterion.h>

enum { ROOM = 4096 };

/* All that was read of a body that arrived in steps. */
struct outcome {
	struct parse last;
	struct http_body body;
	struct http_fields trailers;
	size_t used;
	size_t len;
	char data[ROOM];
};

static const struct http_limits limits = { 64, 16, 2, 64, 24, 40 };

/* Reads as a caller would: again with one step more whenever it says PARTIAL. */
static void read_body(struct http_head *head, const uint8_t *bytes, size_t len, size_t step,
		      struct outcome *outcome)
{
	size_t arrived = 0;

	*outcome = (struct outcome){ .body = http_body_begin(head) };
	while (!http_body_ended(&outcome->body)) {
		struct slice piece;
		outcome->last = http_body_read(&outcome->body, bytes + outcome->used,
					       arrived - outcome->used, &limits, &piece,
					       &outcome->trailers);
		property_result(outcome->last, arrived - outcome->used);
		memcpy(outcome->data + outcome->len, piece.bytes, piece.len);
		outcome->len += piece.len;
		outcome->used += outcome->last.used;
		if (outcome->last.status == PARSE_BAD ||
		    (outcome->last.status == PARSE_PARTIAL && arrived == len))
			break;
		if (outcome->last.status == PARSE_PARTIAL)
			arrived = len - arrived < step ? len : arrived + step;
	}
}

/* Reads a body in steps of every size, which must come to the same; gives what that is. */
static void read_in_steps(struct http_head head, const char *text, struct outcome *whole)
{
	struct guard guard = guard_make(ROOM);
	size_t len = strlen(text);
	const uint8_t *bytes = guard_copy(&guard, text, len);
	static struct outcome split;

	read_body(&head, bytes, len, len + 1, whole);
	for (size_t step = 1; step <= len; step++) {
		read_body(&head, bytes, len, step, &split);
		cr_assert_eq(split.last.status, whole->last.status, "%s, steps of %zu", text, step);
		cr_assert_eq(split.last.reason, whole->last.reason, "%s, steps of %zu", text, step);
		cr_expect_eq(split.last.at, whole->last.at);
		cr_expect_eq(split.used, whole->used);
		cr_expect_eq(split.len, whole->len);
		cr_expect_arr_eq(split.data, whole->data, whole->len);
		cr_expect_eq(split.trailers.count, whole->trailers.count);
	}
	guard_free(&guard);
}

static const struct http_head chunked = { .framing = HTTP_BODY_CHUNKED };

/* The data that is expected, and the part of the input that is not of the body. */
static void expect_body(struct http_head head, const char *text, const char *data, const char *rest)
{
	static struct outcome got;

	read_in_steps(head, text, &got);
	cr_assert_neq(got.last.status, PARSE_BAD, "%s: %s", text, got.last.reason);
	cr_expect_eq(http_body_ended(&got.body), rest != NULL, "%s", text);
	cr_expect_eq(got.len, strlen(data), "%s", text);
	cr_expect_arr_eq(got.data, data, got.len, "%s", text);
	if (rest)
		cr_expect_eq(got.used, strlen(text) - strlen(rest), "%s", text);
}

Test(http_body, of_a_length)
{
	struct http_head head = { .framing = HTTP_BODY_LENGTH, .length = 5 };

	expect_body(head, "hello, next", "hello", ", next");
	expect_body(head, "hell", "hell", NULL);
	expect_body(head, "", "", NULL);
	head.length = 0;
	expect_body(head, "next", "", "next");
	head.length = UINT64_MAX;
	expect_body(head, "hello", "hello", NULL);
}

Test(http_body, of_none_and_until_close)
{
	struct http_head head = { .framing = HTTP_BODY_NONE };

	expect_body(head, "next", "", "next");
	head.framing = HTTP_BODY_UNTIL_CLOSE;
	expect_body(head, "all of it", "all of it", NULL);
	head.framing = HTTP_BODY_TUNNEL;
	expect_body(head, "all of it", "all of it", NULL);
}

Test(http_body, chunked)
{
	expect_body(chunked, "0\r\n\r\nnext", "", "next");
	expect_body(chunked, "5\r\nhello\r\n0\r\n\r\n", "hello", "");
	expect_body(chunked, "3\r\nhel\r\n00002\r\nlo\r\n000\r\n\r\nnext", "hello", "next");
	expect_body(chunked, "a\r\n0123456789\r\nA\r\n0\r\n\r\n56789\r\n0\r\n\r\n",
		    "01234567890\r\n\r\n56789", "");
}

Test(http_body, chunk_extensions)
{
	expect_body(chunked, "1 ;\ta = b\r\nx\r\n0\r\n\r\n", "x", "");
	expect_body(chunked, "1;a=\"b;\\\"\xff\";c\r\nx\r\n0\r\n\r\n", "x", "");
	expect_body(chunked, "1;a=\"\" ; c\r\nx\r\n0;z\r\n\r\n", "x", "");
}

Test(http_body, trailers)
{
	static const char text[] = "0\r\nA: b\r\nC:d\r\n\r\n";
	static struct outcome got;
	struct http_head head = chunked;

	read_in_steps(head, text, &got);
	cr_assert(http_body_ended(&got.body));
	read_body(&head, (const uint8_t *)text, sizeof text - 1, 3, &got);
	cr_assert_eq(got.trailers.count, 2);
	cr_expect_eq(*got.trailers.list[0].name.bytes, 'A');
	cr_expect_eq(*got.trailers.list[0].value.bytes, 'b');
	cr_expect_eq(*got.trailers.list[1].value.bytes, 'd');
}

Test(http_body, refused)
{
	static const struct {
		const char *text;
		size_t at; /* in the piece that is bad */
		const char *reason;
	} rows[] = {
		{ "\r\n", 0, "a chunk begins with no size" },
		{ "+1\r\n", 0, "a chunk begins with no size" },
		{ "0x1\r\n", 1, "a byte is not allowed behind a chunk's size" },
		{ "1_0\r\n", 1, "a byte is not allowed behind a chunk's size" },
		{ "1\n", 1, "a line ends in a bare LF" },
		{ "1\rx", 2, "a CR stands without an LF" },
		{ "1 \r\n", 2, "white space ends a chunk's line" },
		{ "1;a \r\n", 4, "white space ends a chunk's line" },
		{ "1;a=b \r\n", 6, "white space ends a chunk's line" },
		{ "10000000000000000\r\n", 16, "a chunk's size is above 2^64 - 1" },
		{ "fffffffffffffffff\r\n", 16, "a chunk's size is above 2^64 - 1" },
		{ "0000000000000000000000001\r\n", 24, "a chunk's line is too long" },
		{ "1;abcdefghijklmnopqrstuvwxyz", 24, "a chunk's line is too long" },
		{ "1;\r\n", 2, "a chunk extension has no name" },
		{ "1;a=\r\n", 4, "a chunk extension has no value behind its =" },
		{ "1;a=\"b\n\"\r\n", 6, "a control character stands in a quoted string" },
		{ "1;a=\"b\\\r\"\r\n", 7, "a control character stands in a quoted string" },
		{ "1\r\nxy", 0, "a chunk is longer than its size" },
		{ "1\r\nx\n", 0, "a line ends in a bare LF" },
		{ "1\r\nx\ry", 1, "a CR stands without an LF" },
		{ "0\r\nA: b\n", 4, "a line ends in a bare LF" },
		{ "0\r\nA: 7890123456789\r\n", 16, "a field line is too long" },
		{ "0\r\nA:\r\nB:\r\nC:\r\n", 8, "there are too many fields" },
		{ "0\r\nA:b\r\nTrailer: a\r\n\r\n", 5,
		  "a field of this name must not be a trailer" },
		{ "0\r\nhost: a\r\n\r\n", 0, "a field of this name must not be a trailer" },
	};
	static struct outcome got;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		read_in_steps(chunked, rows[i].text, &got);
		cr_assert_eq(got.last.status, PARSE_BAD, "%s", rows[i].text);
		cr_expect_eq(got.last.at, rows[i].at, "%s: %zu", rows[i].text, got.last.at);
		cr_expect_str_eq(got.last.reason, rows[i].reason, "%s", rows[i].text);
		cr_expect_eq(got.trailers.count, 0);
		cr_expect_not(http_body_ended(&got.body));
	}
}

Test(http_body, may_close)
{
	struct http_head head = { .framing = HTTP_BODY_UNTIL_CLOSE };
	struct http_body body = http_body_begin(&head);

	cr_expect(http_body_may_close(&body));
	head.framing = HTTP_BODY_TUNNEL;
	body = http_body_begin(&head);
	cr_expect(http_body_may_close(&body));
	head.framing = HTTP_BODY_NONE;
	body = http_body_begin(&head);
	cr_expect(http_body_may_close(&body));
	head.framing = HTTP_BODY_CHUNKED;
	body = http_body_begin(&head);
	cr_expect_not(http_body_may_close(&body));
	head = (struct http_head){ .framing = HTTP_BODY_LENGTH, .length = 1 };
	body = http_body_begin(&head);
	cr_expect_not(http_body_may_close(&body));
}

Test(http_body, nothing_behind_the_end)
{
	struct http_head head = { .framing = HTTP_BODY_NONE };
	struct http_body body = http_body_begin(&head);
	struct http_fields trailers;
	struct slice piece;
	struct parse got =
		http_body_read(&body, (const uint8_t *)"x", 1, &limits, &piece, &trailers);

	cr_expect_eq(got.status, PARSE_DONE);
	cr_expect_eq(got.used, 0);
	cr_expect_eq(piece.len, 0);
}

/* ---- Writing ---- */

Test(http_body, chunks_are_written)
{
	struct slice data = { (const uint8_t *)"0123456789abcdefg", 17 };
	struct http_field field = { { (const uint8_t *)"A", 1 }, { (const uint8_t *)"b", 1 } };
	struct http_fields trailers = { .count = 1, .list = { field } };
	uint8_t out[64];

	cr_assert_eq(http_encode_chunk(data, out, sizeof out), 23);
	cr_expect_arr_eq(out, "11\r\n0123456789abcdefg\r\n", 23);
	cr_expect_eq(http_encode_chunk(data, NULL, 0), 23);
	cr_expect_eq(http_encode_chunk((struct slice){ NULL, 0 }, out, sizeof out), 0);
	cr_assert_eq(http_encode_last_chunk(NULL, out, sizeof out), 5);
	cr_expect_arr_eq(out, "0\r\n\r\n", 5);
	cr_assert_eq(http_encode_last_chunk(&trailers, out, sizeof out), 11);
	cr_expect_arr_eq(out, "0\r\nA: b\r\n\r\n", 11);
}
