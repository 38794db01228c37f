/* http_scan.c -- takes tokens, line ends and field lines.
 */
#include "protocol/http_scan.h"

#include "protocol/chars.h"

struct scan scan_begin(const uint8_t *bytes, size_t len, size_t room)
{
	return (struct scan){ .bytes = bytes, .len = len, .end_of_all = room };
}

void scan_line(struct scan *scan, size_t room, const char *too_long)
{
	size_t left = scan->end_of_all - scan->pos;

	scan->line_end = scan->pos + (room < left ? room : left);
	scan->too_long = room <= left ? too_long : "all lines together are too long";
}

bool scan_bad(struct scan *scan, size_t at, const char *reason)
{
	scan->end = parse_bad(at, reason);
	return false;
}

bool scan_more(struct scan *scan)
{
	if (scan->pos == scan->line_end)
		return scan_bad(scan, scan->pos, scan->too_long);
	scan->end = parse_partial();
	return scan->pos < scan->len;
}

bool scan_byte(struct scan *scan, char byte, const char *reason)
{
	if (!scan_more(scan))
		return false;
	if (scan->bytes[scan->pos] != (uint8_t)byte)
		return scan_bad(scan, scan->pos, reason);
	scan->pos++;
	return true;
}

bool scan_text(struct scan *scan, const char *text, const char *reason)
{
	for (; *text; text++)
		if (!scan_byte(scan, *text, reason))
			return false;
	return true;
}

bool scan_crlf(struct scan *scan, const char *reason)
{
	if (scan_more(scan) && scan->bytes[scan->pos] == '\n')
		reason = "a line ends in a bare LF";
	return scan_byte(scan, '\r', reason) && scan_byte(scan, '\n', "a CR stands without an LF");
}

bool scan_while(struct scan *scan, bool (*in_class)(uint8_t), struct slice *taken)
{
	bool more;

	taken->bytes = scan->bytes + scan->pos;
	taken->len = scan->pos;
	while ((more = scan_more(scan)) && in_class(scan->bytes[scan->pos]))
		scan->pos++;
	taken->len = scan->pos - taken->len;
	return more;
}

bool scan_token(struct scan *scan, struct slice *token, const char *reason)
{
	if (!scan_while(scan, is_token_char, token))
		return false;
	return token->len > 0 || scan_bad(scan, scan->pos, reason);
}

/* Takes a field's name and its colon. */
static bool scan_name(struct scan *scan, struct slice *name)
{
	const char *reason = "a byte is not allowed in a field name";

	if (is_blank(scan->bytes[scan->pos]))
		return scan_bad(scan, scan->pos, "a line is folded, or begins with white space");
	if (!scan_token(scan, name, reason))
		return false;
	if (is_blank(scan->bytes[scan->pos]))
		reason = "white space stands before a colon";
	return scan_byte(scan, ':', reason);
}

/* Takes a field's value and the end of its line. */
static bool scan_value(struct scan *scan, struct slice *value)
{
	struct slice blanks;

	if (!scan_while(scan, is_blank, &blanks) || !scan_while(scan, is_text_char, value) ||
	    !scan_crlf(scan, "a control character stands in a field value"))
		return false;
	while (value->len > 0 && is_blank(value->bytes[value->len - 1]))
		value->len--;
	return true;
}

bool scan_fields(struct scan *scan, const struct http_limits *limits, struct http_fields *fields)
{
	size_t room = limits->fields < HTTP_FIELDS_MAX ? limits->fields : HTTP_FIELDS_MAX;

	for (fields->count = 0;; fields->count++) {
		scan_line(scan, limits->field_line, "a field line is too long");
		if (!scan_more(scan))
			return false;
		if (scan->bytes[scan->pos] == '\r' || scan->bytes[scan->pos] == '\n')
			return scan_crlf(scan, "");
		if (fields->count == room)
			return scan_bad(scan, scan->pos, "there are too many fields");
		struct http_field *field = &fields->list[fields->count];
		if (!scan_name(scan, &field->name) || !scan_value(scan, &field->value))
			return false;
	}
}
