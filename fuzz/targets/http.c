/* http.c -- fuzzes HTTP messages: two bytes choose the kind, the limits and how the body is split;
 * the rest is what arrives.
 */
#include "protocol/http.h"

#include "protocol/property.h"

enum { INPUT_MAX = 1 << 14, ROOM = 2 * INPUT_MAX };

GUARD_FOR_TARGET(ROOM)

static const struct http_limits narrow = {
	.start_line = 40,
	.field_line = 32,
	.fields = 3,
	.head = 90,
	.chunk_line = 12,
	.trailer = 40,
};
static const struct http_limits wide = {
	SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX,
};

struct kind {
	bool request;
	enum http_asked asked;
	const struct http_limits *limits;
};

static struct parse read_head(const struct kind *kind, const uint8_t *bytes, size_t len,
			      struct http_head *head)
{
	if (kind->request)
		return http_parse_request(bytes, len, kind->limits, head);
	return http_parse_response(bytes, len, kind->limits, kind->asked, head);
}

static struct parse parse(const void *kind, const uint8_t *bytes, size_t len)
{
	struct http_head head;

	return read_head(kind, bytes, len, &head);
}

static size_t write_head(const struct kind *kind, const struct http_head *head, uint8_t *bytes,
			 size_t room)
{
	return (kind->request ? http_encode_request : http_encode_response)(head, bytes, room);
}

/* What is written is what was read, apart from white space, and is then written the same again. */
static void check_written(const struct kind *kind, const struct http_head *head, size_t used)
{
	struct kind any_size = { kind->request, kind->asked, &wide };
	struct http_head again;
	uint8_t first[ROOM];
	size_t size = write_head(kind, head, first, sizeof first);

	property(size <= used + head->fields.count);
	property(read_head(&any_size, first, size, &again).used == size);
	property(again.fields.count == head->fields.count);
	property(again.framing == head->framing && again.length == head->length);
	property(http_keeps_alive(&again) == http_keeps_alive(head));
	property(write_head(kind, &again, guard_tail(&guard, size), size) == size);
	property(memcmp(guard_tail(&guard, size), first, size) == 0);
	property(write_head(kind, &again, guard_tail(&guard, size / 2), size / 2) == size);
}

/* ---- Bodies ---- */

struct outcome {
	struct parse last;
	struct http_body body;
	size_t used;
	size_t data;
	uint32_t sum; /* of the data and its order */
	size_t trailers;
};

static void add_piece(struct outcome *outcome, struct slice piece)
{
	outcome->data += piece.len;
	for (size_t i = 0; i < piece.len; i++)
		outcome->sum = outcome->sum * 31 + piece.bytes[i];
}

/* Reads a body that arrives in steps. */
static struct outcome read_body(const struct kind *kind, const struct http_head *head,
				const uint8_t *bytes, size_t len, size_t step)
{
	struct outcome outcome = { .body = http_body_begin(head) };
	struct http_fields trailers = { .count = 0 };
	size_t arrived = len < step ? len : step;

	while (!http_body_ended(&outcome.body)) {
		struct slice piece;
		size_t there = arrived - outcome.used;
		outcome.last = http_body_read(&outcome.body, bytes + outcome.used, there,
					      kind->limits, &piece, &trailers);
		property_result(outcome.last, there);
		add_piece(&outcome, piece);
		outcome.used += outcome.last.used;
		if (outcome.last.status == PARSE_BAD)
			break;
		if (outcome.last.status == PARSE_DONE)
			continue;
		if (arrived == len)
			break;
		arrived = len - arrived < step ? len : arrived + step;
	}
	outcome.trailers = trailers.count;
	return outcome;
}

static void check_body(const struct kind *kind, const struct http_head *head, const uint8_t *bytes,
		       size_t len, size_t step)
{
	const uint8_t *tail = guard_copy(&guard, bytes, len);
	struct outcome whole = read_body(kind, head, tail, len, len);
	struct outcome split = read_body(kind, head, tail, len, step);
	struct http_fields none;
	struct slice piece;

	property(parse_same(whole.last, split.last) || http_body_ended(&whole.body));
	property(whole.used == split.used && whole.data == split.data && whole.sum == split.sum);
	property(whole.body.at == split.body.at && whole.body.left == split.body.left);
	property(whole.trailers == split.trailers);
	if (http_body_ended(&whole.body)) {
		property(http_body_may_close(&whole.body));
		property(http_body_read(&whole.body, tail, len, kind->limits, &piece, &none).used ==
			 0);
	}
}

/* The bytes as one chunk of a body, with the fields as its trailers. */
static void check_chunk(struct slice data, const struct http_fields *trailers)
{
	struct http_head head = { .framing = HTTP_BODY_CHUNKED };
	struct kind kind = { .limits = &wide };
	uint8_t *out = guard_tail(&guard, ROOM);
	size_t size = http_encode_chunk(data, out, ROOM);

	property((size == 0) == (data.len == 0));
	size += http_encode_last_chunk(trailers, out + size, ROOM - size);
	property(size <= ROOM);
	struct outcome got = read_body(&kind, &head, out, size, size);
	struct outcome want = { 0 };
	add_piece(&want, data);
	property(got.data == want.data && got.sum == want.sum);
	if (!trailers)
		property(http_body_ended(&got.body) && got.used == size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2 || size > INPUT_MAX)
		return 0;
	struct kind kind = { .request = data[0] & 1,
			     .asked = (enum http_asked)(data[0] / 2 % 3),
			     .limits = data[0] & 8 ? &narrow : &http_default_limits };
	const uint8_t *bytes = data + 2;
	size_t len = size - 2;
	struct parse whole = property_few_splits(&guard, parse, &kind, bytes, len);
	struct http_head head;

	if (whole.status != PARSE_DONE)
		return 0;
	read_head(&kind, bytes, len, &head);
	check_written(&kind, &head, whole.used);
	check_body(&kind, &head, bytes + whole.used, len - whole.used, 1 + data[1] % 16);
	check_chunk((struct slice){ bytes + whole.used, len - whole.used },
		    head.fields.count ? &head.fields : NULL);
	return 0;
}
