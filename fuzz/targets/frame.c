/* frame.c -- fuzzes frames: two bytes choose the rules, the rest is a stream of frames. */
#include "protocol/frame.h"

#include "protocol/property.h"

enum { INPUT_MAX = 1 << 16 };

GUARD_FOR_TARGET(INPUT_MAX)

static struct parse parse(const void *rules, const uint8_t *bytes, size_t len)
{
	struct frame frame;

	return frame_parse(rules, bytes, len, &frame);
}

static struct frame_rules rules_of(const uint8_t *data)
{
	static const enum frame_header headers[] = { FRAME_1, FRAME_2, FRAME_4, FRAME_8 };

	/* The second byte is the greatest payload, but 255 means no limit at all. */
	return (struct frame_rules){ headers[data[0] & 3], .little_endian = data[0] & 4,
				     .counts_header = data[0] & 8, .zero_allowed = data[0] & 16,
				     .max = data[1] == 255 ? UINT64_MAX : data[1] };
}

/* One frame of the stream: its bytes are what its payload is written as. */
static void check_written(const struct frame_rules *rules, struct slice all, struct frame frame)
{
	uint8_t room[300];
	size_t size = frame_encode(rules, frame.payload, room, sizeof room);

	property(size == frame.payload.len + rules->header && size <= all.len);
	property(frame.payload.bytes == all.bytes + rules->header);
	if (size <= sizeof room) {
		property(!memcmp(room, all.bytes, size));
		property(frame_encode(rules, frame.payload, room, size - 1) == size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2 || size > INPUT_MAX)
		return 0;
	struct frame_rules rules = rules_of(data);
	struct slice rest = { data + 2, size - 2 };
	struct slice all = rest;
	struct frame frame;
	struct parse whole = property_few_splits(&guard, parse, &rules, all.bytes, all.len);

	while (frame_next(&rules, &rest, &frame).status == PARSE_DONE) {
		check_written(&rules, all, frame);
		property(rest.bytes + rest.len == all.bytes + all.len && rest.len < all.len);
		all = rest;
	}
	if (whole.status == PARSE_PARTIAL)
		property(frame.missing > 0);
	/* The stream as a payload: it may be too long or empty for these rules. */
	uint8_t room[16];
	size_t need = frame_encode(&rules, (struct slice){ data + 2, size - 2 }, room, sizeof room);
	property(!need || need == size - 2 + rules.header);
	return 0;
}
