/* line.c -- fuzzes lines: two bytes choose the rules, the rest is what arrives. */
#include "protocol/line.h"

#include "protocol/property.h"

enum { INPUT_MAX = 1 << 16 };

GUARD_FOR_TARGET(INPUT_MAX)

static struct parse parse(const void *rules, const uint8_t *bytes, size_t len)
{
	struct slice text;

	return line_parse(rules, bytes, len, &text);
}

/* What was read is written again and reads the same; with one delimiter it is the same bytes. */
static void check_written(const struct line_rules *rules, const uint8_t *bytes, struct parse whole)
{
	struct slice text;
	struct slice again;
	uint8_t room[300];

	line_parse(rules, bytes, whole.used, &text);
	property(text.bytes == bytes && text.len < whole.used);
	size_t size = line_encode(rules, text, room, sizeof room);
	if (!size) {
		/* Only the longer delimiter can be one byte too many. */
		property(rules->delimiter == LINE_EITHER && text.len + 1 == rules->limit);
		return;
	}
	property(size <= sizeof room);
	property(line_parse(rules, room, size, &again).used == size);
	property(again.len == text.len && !memcmp(again.bytes, text.bytes, text.len));
	property(rules->delimiter == LINE_EITHER || size == whole.used);
	property(line_encode(rules, text, room, size - 1) == size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2 || size > INPUT_MAX)
		return 0;
	struct line_rules rules = { (enum line_delimiter)(data[0] % 3), .limit = data[1],
				    .limit_counts_delimiter = data[0] & 4,
				    .nul_allowed = data[0] & 8 };
	const uint8_t *bytes = data + 2;
	size_t len = size - 2;
	struct parse whole = property_few_splits(&guard, parse, &rules, bytes, len);

	if (whole.status == PARSE_DONE)
		check_written(&rules, bytes, whole);
	if (whole.status == PARSE_BAD)
		property(parse_same(parse(&rules, bytes, whole.at + 1), whole));
	/* What arrives is not always a line, but may be asked to be written as one. */
	uint8_t room[300];
	size_t need = line_encode(&rules, (struct slice){ bytes, len }, room, sizeof room);
	property(!need || need <= len + 2);
	return 0;
}
