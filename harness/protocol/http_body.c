/* http_body.c -- bodies read piece by piece: of a length, chunked, or until the connection ends.
 */
#include "protocol/http.h"

#include "protocol/chars.h"
#include "protocol/http_scan.h"

struct http_body http_body_begin(const struct http_head *head)
{
	struct http_body body = { .at = HTTP_AT_DATA, .framing = head->framing };

	if (head->framing == HTTP_BODY_CHUNKED)
		body.at = HTTP_AT_CHUNK_LINE;
	if (head->framing == HTTP_BODY_LENGTH)
		body.left = head->length;
	if (head->framing == HTTP_BODY_NONE || (head->framing == HTTP_BODY_LENGTH && !body.left))
		body.at = HTTP_AT_END;
	return body;
}

/* ---- Chunks ---- */

static bool scan_size(struct scan *scan, uint64_t *size)
{
	size_t start = scan->pos;

	for (*size = 0;; scan->pos++) {
		if (!scan_more(scan))
			return false;
		int digit = hex_value(scan->bytes[scan->pos]);
		if (digit < 0)
			break;
		if (*size > UINT64_MAX / 16)
			return scan_bad(scan, scan->pos, "a chunk's size is above 2^64 - 1");
		*size = *size * 16 + (unsigned)digit;
	}
	return scan->pos > start || scan_bad(scan, start, "a chunk begins with no size");
}

static bool is_quoted_char(uint8_t byte)
{
	return is_text_char(byte) && byte != '"' && byte != '\\';
}

/* Takes a quoted string; the cursor is at its first quote. */
static bool scan_quoted(struct scan *scan)
{
	struct slice text;

	scan->pos++;
	for (;;) {
		if (!scan_while(scan, is_quoted_char, &text))
			return false;
		if (scan->bytes[scan->pos] != '\\')
			break;
		scan->pos++;
		if (!scan_more(scan))
			return false;
		if (!is_text_char(scan->bytes[scan->pos]))
			break;
		scan->pos++;
	}
	return scan_byte(scan, '"', "a control character stands in a quoted string");
}

/* Takes "=" and the value of an extension, if they are there, with the white space before them. */
static bool scan_extension_value(struct scan *scan, struct slice *blanks)
{
	struct slice value;

	if (scan->bytes[scan->pos] != '=')
		return true;
	scan->pos++;
	if (!scan_while(scan, is_blank, &value))
		return false;
	if (scan->bytes[scan->pos] == '"') {
		if (!scan_quoted(scan))
			return false;
	} else if (!scan_token(scan, &value, "a chunk extension has no value behind its =")) {
		return false;
	}
	return scan_while(scan, is_blank, blanks);
}

/* Takes chunk extensions and the end of the line. RFC 9112 section 7.1.1 asks a recipient to take
 * the white space around ";" and "=", but not before the end of the line.
 */
static bool scan_extensions(struct scan *scan)
{
	struct slice blanks, name;

	if (!scan_while(scan, is_blank, &blanks))
		return false;
	while (scan->bytes[scan->pos] == ';') {
		scan->pos++;
		if (!scan_while(scan, is_blank, &blanks) ||
		    !scan_token(scan, &name, "a chunk extension has no name") ||
		    !scan_while(scan, is_blank, &blanks) || !scan_extension_value(scan, &blanks))
			return false;
	}
	if (blanks.len > 0)
		return scan_bad(scan, scan->pos, "white space ends a chunk's line");
	return scan_crlf(scan, "a byte is not allowed behind a chunk's size");
}

static struct parse read_chunk_line(struct http_body *body, const uint8_t *bytes, size_t len,
				    const struct http_limits *limits)
{
	struct scan scan = scan_begin(bytes, len, limits->chunk_line);
	uint64_t size;

	scan_line(&scan, limits->chunk_line, "a chunk's line is too long");
	if (!scan_size(&scan, &size) || !scan_extensions(&scan))
		return scan.end;
	body->left = size;
	body->at = size > 0 ? HTTP_AT_DATA : HTTP_AT_TRAILERS;
	return parse_done(scan.pos);
}

static struct parse read_chunk_end(struct http_body *body, const uint8_t *bytes, size_t len)
{
	struct scan scan = scan_begin(bytes, len, 2);

	scan_line(&scan, 2, "");
	if (!scan_crlf(&scan, "a chunk is longer than its size"))
		return scan.end;
	body->at = HTTP_AT_CHUNK_LINE;
	return parse_done(scan.pos);
}

/* RFC 9110 section 6.5.1: no field that is needed for framing or routing comes behind the body. */
static struct parse read_trailers(struct http_body *body, const uint8_t *bytes, size_t len,
				  const struct http_limits *limits, struct http_fields *trailers)
{
	static const char *const forbidden[] = { "content-length", "host", "trailer",
						 "transfer-encoding" };
	struct scan scan = scan_begin(bytes, len, limits->trailer);

	if (!scan_fields(&scan, limits, trailers)) {
		trailers->count = 0;
		return scan.end;
	}
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(*forbidden); i++) {
		size_t from = 0;
		const struct http_field *field = http_find(trailers, forbidden[i], &from);
		if (field) {
			trailers->count = 0;
			return parse_bad((size_t)(field->name.bytes - bytes),
					 "a field of this name must not be a trailer");
		}
	}
	body->at = HTTP_AT_END;
	return parse_done(scan.pos);
}

/* ---- The whole ---- */

static struct parse read_data(struct http_body *body, const uint8_t *bytes, size_t len,
			      struct slice *piece)
{
	bool endless = body->framing == HTTP_BODY_UNTIL_CLOSE || body->framing == HTTP_BODY_TUNNEL;

	if (len == 0)
		return parse_partial();
	if (!endless && len > body->left)
		len = (size_t)body->left;
	*piece = (struct slice){ bytes, len };
	if (endless)
		return parse_done(len);
	body->left -= len;
	if (body->left == 0)
		body->at = body->framing == HTTP_BODY_CHUNKED ? HTTP_AT_CHUNK_END : HTTP_AT_END;
	return parse_done(len);
}

struct parse http_body_read(struct http_body *body, const uint8_t *bytes, size_t len,
			    const struct http_limits *limits, struct slice *piece,
			    struct http_fields *trailers)
{
	*piece = (struct slice){ bytes, 0 };
	trailers->count = 0;
	switch (body->at) {
	case HTTP_AT_CHUNK_LINE:
		return read_chunk_line(body, bytes, len, limits);
	case HTTP_AT_DATA:
		return read_data(body, bytes, len, piece);
	case HTTP_AT_CHUNK_END:
		return read_chunk_end(body, bytes, len);
	case HTTP_AT_TRAILERS:
		return read_trailers(body, bytes, len, limits, trailers);
	case HTTP_AT_END:
		break;
	}
	return parse_done(0);
}
