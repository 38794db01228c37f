/* line.c -- reads and writes delimited lines of limited length. */
#include "protocol/line.h"

#include <string.h>

static const char too_long[] = "the line is longer than allowed";

/* Whether a line of so much text may end with a delimiter of so many bytes. */
static bool fits(const struct line_rules *rules, size_t text, size_t delimiter)
{
	if (!rules->limit_counts_delimiter)
		return text <= rules->limit;
	return delimiter <= rules->limit && text <= rules->limit - delimiter;
}

/* Why the byte cannot be the text's at the offset `at`; NULL: it can. */
static const char *text_fault(const struct line_rules *rules, uint8_t byte, size_t at)
{
	size_t shortest = rules->delimiter == LINE_CRLF ? 2 : 1;

	if (byte == '\n')
		return "a LF without CR";
	if (byte == '\r' && rules->delimiter != LINE_LF)
		return "a CR without LF";
	if (!fits(rules, at + 1, shortest))
		return too_long;
	if (!byte && !rules->nul_allowed)
		return "a NUL";
	return NULL;
}

/* The input from the CR at the offset `at` on. */
static struct parse parse_cr(const struct line_rules *rules, const uint8_t *bytes, size_t len,
			     size_t at)
{
	if (!fits(rules, at, 2))
		return parse_bad(at, too_long);
	if (at + 1 == len)
		return parse_partial();
	if (bytes[at + 1] != '\n')
		return parse_bad(at + 1, text_fault(rules, '\r', at));
	return parse_done(at + 2);
}

/* The input from the byte at the offset `at` on, which ends a line or is bad. */
static struct parse parse_end(const struct line_rules *rules, const uint8_t *bytes, size_t len,
			      size_t at)
{
	if (bytes[at] == '\r' && rules->delimiter != LINE_LF)
		return parse_cr(rules, bytes, len, at);
	if (bytes[at] == '\n' && rules->delimiter != LINE_CRLF)
		return fits(rules, at, 1) ? parse_done(at + 1) : parse_bad(at, too_long);
	return parse_bad(at, text_fault(rules, bytes[at], at));
}

struct parse line_parse(const struct line_rules *rules, const uint8_t *bytes, size_t len,
			struct slice *ret_text)
{
	size_t at = 0;

	while (at < len && !text_fault(rules, bytes[at], at))
		at++;
	if (at == len)
		return parse_partial();

	struct parse end = parse_end(rules, bytes, len, at);
	if (end.status == PARSE_DONE)
		*ret_text = (struct slice){ bytes, at };
	return end;
}

size_t line_encode(const struct line_rules *rules, struct slice text, uint8_t *bytes, size_t room)
{
	static const uint8_t crlf[] = { '\r', '\n' };
	size_t ending = rules->delimiter == LINE_LF ? 1 : sizeof crlf;

	if (!fits(rules, text.len, ending))
		return 0;
	for (size_t at = 0; at < text.len; at++)
		if (text_fault(rules, text.bytes[at], at))
			return 0;
	if (text.len + ending > room)
		return text.len + ending;
	if (text.len)
		memcpy(bytes, text.bytes, text.len);
	memcpy(bytes + text.len, crlf + sizeof crlf - ending, ending);
	return text.len + ending;
}
