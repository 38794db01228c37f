/* http_framing.c -- what the fields of a head mean: the host, where the body ends, whether the
 * connection goes on.
 */
#include "protocol/http_framing.h"

#include "protocol/chars.h"

const struct http_field *http_find(const struct http_fields *fields, const char *name, size_t *from)
{
	while (*from < fields->count) {
		const struct http_field *field = &fields->list[(*from)++];
		if (slice_is(field->name, name))
			return field;
	}
	return NULL;
}

static bool bad_field(struct scan *scan, const struct http_field *field, const char *reason)
{
	return scan_bad(scan, (size_t)(field->name.bytes - scan->bytes), reason);
}

/* Finds the only field of a name, or NULL; more than one is bad. */
static bool find_single(struct scan *scan, const struct http_fields *fields, const char *name,
			const struct http_field **field, const char *reason)
{
	size_t from = 0;

	*field = http_find(fields, name, &from);
	const struct http_field *second = http_find(fields, name, &from);
	return !second || bad_field(scan, second, reason);
}

bool check_host(struct scan *scan, const struct http_head *head)
{
	const struct http_field *host;
	struct url_authority authority;

	if (!find_single(scan, &head->fields, "host", &host, "there is more than one Host"))
		return false;
	if (!host)
		return head->minor == 0 ||
		       scan_bad(scan, scan->pos - 1, "there is no Host in a request of HTTP/1.1");
	struct parse got = url_parse_authority(host->value.bytes, host->value.len, &authority);
	if (got.status == PARSE_BAD)
		return scan_bad(scan, (size_t)(host->value.bytes - scan->bytes) + got.at,
				got.reason);
	return !authority.userinfo.bytes || bad_field(scan, host, "there is a userinfo in Host");
}

/* ---- Framing ---- */

struct framing {
	const struct http_field *coding; /* Transfer-Encoding, or NULL */
	const struct http_field *length; /* Content-Length, or NULL */
};

static bool read_length(struct scan *scan, const struct http_field *field, uint64_t *length)
{
	struct slice digits = field->value;

	*length = 0;
	if (digits.len == 0)
		return bad_field(scan, field, "a Content-Length is empty");
	for (size_t i = 0; i < digits.len; i++) {
		unsigned digit = (unsigned)digits.bytes[i] - '0';
		size_t at = (size_t)(digits.bytes - scan->bytes) + i;
		if (digit > 9)
			return scan_bad(scan, at, "a Content-Length is no number");
		if (*length > (UINT64_MAX - digit) / 10)
			return scan_bad(scan, at, "a Content-Length is above 2^64 - 1");
		*length = *length * 10 + digit;
	}
	return true;
}

/* Finds and reads both fields, and sets the framing that they alone ask for. */
static bool read_framing(struct scan *scan, struct http_head *head, struct framing *framing)
{
	if (!find_single(scan, &head->fields, "transfer-encoding", &framing->coding,
			 "there is more than one Transfer-Encoding") ||
	    !find_single(scan, &head->fields, "content-length", &framing->length,
			 "there is more than one Content-Length"))
		return false;
	head->framing = HTTP_BODY_NONE;
	head->length = 0;
	if (framing->coding) {
		if (framing->length)
			return bad_field(scan, framing->length,
					 "Content-Length stands beside Transfer-Encoding");
		if (head->minor == 0)
			return bad_field(scan, framing->coding,
					 "there is a Transfer-Encoding in HTTP/1.0");
		if (!slice_is(framing->coding->value, "chunked"))
			return bad_field(scan, framing->coding,
					 "a Transfer-Encoding is other than chunked");
		head->framing = HTTP_BODY_CHUNKED;
	} else if (framing->length) {
		if (!read_length(scan, framing->length, &head->length))
			return false;
		head->framing = HTTP_BODY_LENGTH;
	}
	return true;
}

bool frame_request(struct scan *scan, struct http_head *head)
{
	struct framing framing;

	if (!read_framing(scan, head, &framing))
		return false;
	if (slice_is_exactly(head->method, "CONNECT") || slice_is_exactly(head->method, "TRACE")) {
		if (framing.coding || head->length > 0)
			return scan_bad(scan, scan->pos - 1,
					"there is content in a request of CONNECT or TRACE");
	}
	return true;
}

bool frame_response(struct scan *scan, enum http_asked asked, struct http_head *head)
{
	struct framing framing;
	int status = head->status;

	if (asked == HTTP_ASKED_CONNECT && status / 100 == 2) {
		head->framing = HTTP_BODY_TUNNEL;
		head->length = 0;
		return true;
	}
	if (!read_framing(scan, head, &framing))
		return false;
	if (status / 100 == 1 || status == 204) {
		if (framing.coding || framing.length)
			return scan_bad(scan, scan->pos - 1,
					"a response of 1xx or 204 speaks of a body");
		head->framing = status == 101 ? HTTP_BODY_TUNNEL : HTTP_BODY_NONE;
	} else if (status == 304 || asked == HTTP_ASKED_HEAD) {
		head->framing = HTTP_BODY_NONE; /* what it would be if it had one */
	} else if (head->framing == HTTP_BODY_NONE) {
		head->framing = HTTP_BODY_UNTIL_CLOSE;
	}
	return true;
}

/* ---- Keep-alive ---- */

/* Whether a comma-separated list has this word, which is given in lower case. */
static bool list_has(struct slice list, const char *word)
{
	size_t pos = 0;

	while (pos < list.len) {
		struct slice element = { list.bytes + pos, 0 };
		for (; pos < list.len && list.bytes[pos] != ','; pos++)
			element.len++;
		pos++;
		while (element.len > 0 && is_blank(element.bytes[0])) {
			element.bytes++;
			element.len--;
		}
		while (element.len > 0 && is_blank(element.bytes[element.len - 1]))
			element.len--;
		if (slice_is(element, word))
			return true;
	}
	return false;
}

static bool connection_has(const struct http_head *head, const char *option)
{
	size_t from = 0;
	const struct http_field *field;

	while ((field = http_find(&head->fields, "connection", &from)))
		if (list_has(field->value, option))
			return true;
	return false;
}

bool http_keeps_alive(const struct http_head *head)
{
	if (head->framing == HTTP_BODY_UNTIL_CLOSE || head->framing == HTTP_BODY_TUNNEL)
		return false;
	if (connection_has(head, "close"))
		return false;
	return head->minor == 1 || connection_has(head, "keep-alive");
}
