/* http.c -- the heads of requests and responses.
 */
#include "protocol/http.h"

#include "protocol/chars.h"
#include "protocol/http_framing.h"
#include "protocol/http_scan.h"

const struct http_limits http_default_limits = {
	.start_line = HTTP_LINE_MAX,
	.field_line = HTTP_LINE_MAX,
	.fields = HTTP_FIELDS_MAX,
	.head = HTTP_HEAD_MAX,
	.chunk_line = HTTP_CHUNK_LINE_MAX,
	.trailer = HTTP_TRAILER_MAX,
};

static bool is_visible(uint8_t byte)
{
	return byte > ' ' && byte < 0x7f;
}

/* ---- Targets ---- */

static struct parse read_authority_form(struct slice target, struct url *url)
{
	struct parse got = url_parse_authority(target.bytes, target.len, &url->authority);

	url->has_authority = true;
	if (got.status == PARSE_BAD)
		return got;
	if (url->authority.userinfo.bytes || url->authority.host.len == 0 ||
	    url->authority.port_number <= 0)
		return parse_bad(0, "the target of CONNECT is no host and port");
	return got;
}

static struct parse read_absolute_form(struct slice target, struct url *url)
{
	struct parse got = url_parse(target.bytes, target.len, url);

	if (got.status == PARSE_BAD)
		return got;
	if (!slice_is(url->scheme, "http") && !slice_is(url->scheme, "https"))
		return got;
	if (!url->has_authority || url->authority.host.len == 0)
		return parse_bad(0, "the target is a URI of HTTP without a host");
	if (url->authority.userinfo.bytes)
		return parse_bad(0, "the target is a URI of HTTP with userinfo");
	return got;
}

/* Knows a target's form by its first byte and the method, and reads it. */
static struct parse read_target(struct http_head *head)
{
	struct parse got;

	head->url.has_authority = false;
	if (slice_is_exactly(head->method, "CONNECT")) {
		head->form = HTTP_TARGET_AUTHORITY;
		return read_authority_form(head->target, &head->url);
	}
	if (slice_is_exactly(head->target, "*") && slice_is_exactly(head->method, "OPTIONS")) {
		head->form = HTTP_TARGET_ASTERISK;
		return parse_done(1);
	}
	if (head->target.bytes[0] == '/') {
		head->form = HTTP_TARGET_ORIGIN;
		got = url_parse_path(head->target.bytes, head->target.len, &head->url);
	} else {
		head->form = HTTP_TARGET_ABSOLUTE;
		got = read_absolute_form(head->target, &head->url);
	}
	if (got.status == PARSE_DONE && head->url.fragment.bytes)
		return parse_bad(0, "the target has a fragment");
	return got;
}

/* ---- Start lines ---- */

static bool scan_version(struct scan *scan, int *minor)
{
	const char *reason = "the version is neither HTTP/1.0 nor HTTP/1.1";

	if (!scan_text(scan, "HTTP/1.", reason) || !scan_more(scan))
		return false;
	*minor = scan->bytes[scan->pos] - '0';
	return scan_byte(scan, *minor == 1 ? '1' : '0', reason);
}

static bool scan_target(struct scan *scan, struct http_head *head)
{
	size_t start = scan->pos;

	if (!scan_while(scan, is_visible, &head->target))
		return false;
	if (head->target.len == 0)
		return scan_bad(scan, start, "the target is empty or begins with another byte");
	if (!scan_byte(scan, ' ', "a byte is not allowed in a target"))
		return false;
	struct parse got = read_target(head);
	return got.status == PARSE_DONE || scan_bad(scan, start + got.at, got.reason);
}

static bool scan_request_line(struct scan *scan, struct http_head *head)
{
	return scan_token(scan, &head->method, "a request begins with no method") &&
	       scan_byte(scan, ' ', "a byte is not allowed in a method") &&
	       scan_target(scan, head) && scan_version(scan, &head->minor) &&
	       scan_crlf(scan, "more than a version ends the request line");
}

static bool scan_status(struct scan *scan, int *status)
{
	*status = 0;
	for (int i = 0; i < 3; i++) {
		if (!scan_more(scan))
			return false;
		uint8_t byte = scan->bytes[scan->pos];
		if (!is_digit(byte) || (i == 0 && (byte < '1' || byte > '5')))
			return scan_bad(scan, scan->pos, "the status is no number of 100 to 599");
		*status = *status * 10 + byte - '0';
		scan->pos++;
	}
	return true;
}

static bool scan_status_line(struct scan *scan, struct http_head *head)
{
	return scan_version(scan, &head->minor) &&
	       scan_byte(scan, ' ', "no space stands behind the version") &&
	       scan_status(scan, &head->status) &&
	       scan_byte(scan, ' ', "no space stands behind the status") &&
	       scan_while(scan, is_text_char, &head->reason) &&
	       scan_crlf(scan, "a control character stands in the reason");
}

/* ---- Heads ---- */

static struct scan begin_head(const uint8_t *bytes, size_t len, const struct http_limits *limits)
{
	struct scan scan = scan_begin(bytes, len, limits->head);

	scan_line(&scan, limits->start_line, "the start line is too long");
	return scan;
}

struct parse http_parse_request(const uint8_t *bytes, size_t len, const struct http_limits *limits,
				struct http_head *head)
{
	struct scan scan = begin_head(bytes, len, limits);

	if (!scan_request_line(&scan, head) || !scan_fields(&scan, limits, &head->fields) ||
	    !check_host(&scan, head) || !frame_request(&scan, head))
		return scan.end;
	return parse_done(scan.pos);
}

struct parse http_parse_response(const uint8_t *bytes, size_t len, const struct http_limits *limits,
				 enum http_asked asked, struct http_head *head)
{
	struct scan scan = begin_head(bytes, len, limits);

	if (!scan_status_line(&scan, head) || !scan_fields(&scan, limits, &head->fields) ||
	    !frame_response(&scan, asked, head))
		return scan.end;
	return parse_done(scan.pos);
}
