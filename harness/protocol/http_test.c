/* http_test.c -- heads of HTTP/1: what is read, what is refused and where, and how they are
 * written.
 */
#include "protocol/http.h"

#include "protocol/property.h"

#include <criterion/criterion.h>

#define HOST "Host: h\r\n"
#define GET  "GET / HTTP/1.1\r\n"
#define POST "POST / HTTP/1.1\r\n" HOST

enum { ROOM = 1 << 17 };

static bool is(struct slice got, const char *want)
{
	return got.len == strlen(want) && !memcmp(got.bytes, want, got.len);
}

/* What chooses the parser, for the properties. */
struct kind {
	bool request;
	enum http_asked asked;
	const struct http_limits *limits;
};

static const struct kind request = { true, HTTP_ASKED_OTHER, &http_default_limits };
static const struct kind response = { false, HTTP_ASKED_OTHER, &http_default_limits };

static struct parse read_head(const struct kind *kind, const void *bytes, size_t len,
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

static struct parse read_text(const struct kind *kind, const char *text, struct http_head *head)
{
	return read_head(kind, text, strlen(text), head);
}

/* Each input of a test in every split. */
static struct parse splits(const struct kind *kind, const char *text)
{
	struct guard guard = guard_make(ROOM);
	struct parse whole = property_splits(&guard, parse, kind, text, strlen(text));

	guard_free(&guard);
	return whole;
}

/* ---- Requests ---- */

Test(http, request)
{
	const char *text = "GET /where?q=now HTTP/1.1\r\nHost: www.example.com:80\r\nA:\r\n"
			   "b-C:\t x, \xe4 y\t \r\n\r\nnext";
	struct http_head head;
	struct parse got = read_text(&request, text, &head);

	cr_assert_eq(got.status, PARSE_DONE, "%s", got.reason);
	cr_expect_eq(got.used, strlen(text) - 4);
	cr_expect(is(head.method, "GET"));
	cr_expect(is(head.target, "/where?q=now"));
	cr_expect_eq(head.form, HTTP_TARGET_ORIGIN);
	cr_expect(is(head.url.path, "/where"));
	cr_expect(is(head.url.query, "q=now"));
	cr_expect_eq(head.minor, 1);
	cr_assert_eq(head.fields.count, 3);
	cr_expect(is(head.fields.list[0].name, "Host"));
	cr_expect(is(head.fields.list[0].value, "www.example.com:80"));
	cr_expect(is(head.fields.list[1].value, ""));
	cr_expect(is(head.fields.list[2].name, "b-C"));
	cr_expect(is(head.fields.list[2].value, "x, \xe4 y"));
	cr_expect_eq(head.framing, HTTP_BODY_NONE);
	cr_expect_eq(splits(&request, text).used, got.used);
}

Test(http, target_forms)
{
	static const struct {
		const char *line;
		enum http_target form;
		const char *host;
	} rows[] = {
		{ "GET //a HTTP/1.1", HTTP_TARGET_ORIGIN, NULL },
		{ "OPTIONS / HTTP/1.1", HTTP_TARGET_ORIGIN, NULL },
		{ "OPTIONS * HTTP/1.1", HTTP_TARGET_ASTERISK, NULL },
		{ "OPTIONS http://a:8001 HTTP/1.1", HTTP_TARGET_ABSOLUTE, "a" },
		{ "GET http://[::1]:8001/b?c HTTP/1.1", HTTP_TARGET_ABSOLUTE, "::1" },
		{ "GET urn:a:b HTTP/1.1", HTTP_TARGET_ABSOLUTE, NULL },
		{ "GET ftp://u:p@a/ HTTP/1.1", HTTP_TARGET_ABSOLUTE, "a" },
		{ "CONNECT a:443 HTTP/1.1", HTTP_TARGET_AUTHORITY, "a" },
		{ "CONNECT [::1]:443 HTTP/1.1", HTTP_TARGET_AUTHORITY, "::1" },
		{ "connect / HTTP/1.1", HTTP_TARGET_ORIGIN, NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct http_head head;
		char text[100];
		snprintf(text, sizeof text, "%s\r\n" HOST "\r\n", rows[i].line);
		struct parse got = read_text(&request, text, &head);
		cr_assert_eq(got.status, PARSE_DONE, "%s: %s", text, got.reason);
		cr_expect_eq(head.form, rows[i].form, "%s", text);
		cr_expect_eq(head.url.has_authority, rows[i].host != NULL, "%s", text);
		if (rows[i].host)
			cr_expect(is(head.url.authority.host, rows[i].host), "%s", text);
	}
}

/* ---- Framing and keep-alive ---- */

#define CHUNKED "Transfer-Encoding: chunked\r\n"

static const struct {
	const char *head;
	enum http_asked asked; /* of responses */
	enum http_framing framing;
	uint64_t length;
	bool keeps_alive;
} framings[] = {
	{ GET HOST, 0, HTTP_BODY_NONE, 0, true },
	{ GET HOST "Connection: close\r\n", 0, HTTP_BODY_NONE, 0, false },
	{ GET HOST "Connection: a, CLOSE\r\n", 0, HTTP_BODY_NONE, 0, false },
	{ GET HOST "Connection: a\r\nConnection: ,b ,\tclose\t,\r\n", 0, HTTP_BODY_NONE, 0, false },
	{ GET HOST "Connection: closed, c lose\r\n", 0, HTTP_BODY_NONE, 0, true },
	{ "GET / HTTP/1.0\r\n", 0, HTTP_BODY_NONE, 0, false },
	{ "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n", 0, HTTP_BODY_NONE, 0, true },
	{ "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n", 0, HTTP_BODY_NONE, 0, false },
	{ POST "CONTENT-LENGTH:007\r\n", 0, HTTP_BODY_LENGTH, 7, true },
	{ POST "Content-Length: 0\r\n", 0, HTTP_BODY_LENGTH, 0, true },
	{ POST "Content-Length: 18446744073709551615\r\n", 0, HTTP_BODY_LENGTH, UINT64_MAX, true },
	{ POST "transfer-encoding: CHUNKED\r\n", 0, HTTP_BODY_CHUNKED, 0, true },
	{ "CONNECT h:1 HTTP/1.1\r\n" HOST, 0, HTTP_BODY_NONE, 0, true },
	{ "TRACE / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n", 0, HTTP_BODY_LENGTH, 0, true },
	{ "HTTP/1.1 200 OK\r\n", HTTP_ASKED_OTHER, HTTP_BODY_UNTIL_CLOSE, 0, false },
	{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", HTTP_ASKED_OTHER, HTTP_BODY_LENGTH, 5, true },
	{ "HTTP/1.1 200 OK\r\n" CHUNKED, HTTP_ASKED_OTHER, HTTP_BODY_CHUNKED, 0, true },
	{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", HTTP_ASKED_HEAD, HTTP_BODY_NONE, 5, true },
	{ "HTTP/1.1 200 OK\r\n", HTTP_ASKED_HEAD, HTTP_BODY_NONE, 0, true },
	{ "HTTP/1.1 304 \r\nContent-Length: 5\r\n", HTTP_ASKED_OTHER, HTTP_BODY_NONE, 5, true },
	{ "HTTP/1.1 204 \r\n", HTTP_ASKED_OTHER, HTTP_BODY_NONE, 0, true },
	{ "HTTP/1.1 100 Continue\r\n", HTTP_ASKED_OTHER, HTTP_BODY_NONE, 0, true },
	{ "HTTP/1.1 101 \r\n", HTTP_ASKED_OTHER, HTTP_BODY_TUNNEL, 0, false },
	{ "HTTP/1.1 200 \r\n", HTTP_ASKED_CONNECT, HTTP_BODY_TUNNEL, 0, false },
	{ "HTTP/1.1 299 \r\nContent-Length: x\r\n" CHUNKED, HTTP_ASKED_CONNECT, HTTP_BODY_TUNNEL, 0,
	  false },
	{ "HTTP/1.1 407 \r\nContent-Length: 5\r\n", HTTP_ASKED_CONNECT, HTTP_BODY_LENGTH, 5, true },
};

Test(http, framing_and_keep_alive)
{
	for (size_t i = 0; i < sizeof framings / sizeof *framings; i++) {
		struct kind kind = { strncmp(framings[i].head, "HTTP", 4) != 0, framings[i].asked,
				     &http_default_limits };
		struct http_head head;
		char text[200];
		snprintf(text, sizeof text, "%s\r\n", framings[i].head);
		struct parse got = read_text(&kind, text, &head);
		cr_assert_eq(got.status, PARSE_DONE, "%s: %s", text, got.reason);
		cr_expect_eq(head.framing, framings[i].framing, "%s", text);
		cr_expect_eq(head.length, framings[i].length, "%s", text);
		cr_expect_eq(http_keeps_alive(&head), framings[i].keeps_alive, "%s", text);
	}
}

Test(http, response)
{
	struct http_head head;

	cr_assert_eq(read_text(&response, "HTTP/1.0 599 Not \xe4\t\r\nA: b\r\n\r\n", &head).status,
		     PARSE_DONE);
	cr_expect_eq(head.minor, 0);
	cr_expect_eq(head.status, 599);
	cr_expect(is(head.reason, "Not \xe4\t"));
	cr_expect_eq(head.fields.count, 1);
}

Test(http, find_goes_on)
{
	struct http_head head;
	size_t from = 0;

	read_text(&request, GET "A: 1\r\nHost: h\r\na: 2\r\n\r\n", &head);
	cr_expect(is(http_find(&head.fields, "a", &from)->value, "1"));
	cr_expect(is(http_find(&head.fields, "a", &from)->value, "2"));
	cr_expect_null(http_find(&head.fields, "a", &from));
}

/* ---- What is refused ---- */

static const struct {
	const struct kind *kind;
	const char *text;
	const char *at; /* the text from the bad byte on */
	const char *reason;
} refused[] = {
	{ &request, "\r\n" GET HOST "\r\n", "\r\n" GET HOST "\r\n",
	  "a request begins with no method" },
	{ &request, " GET / HTTP/1.1", " GET / HTTP/1.1", "a request begins with no method" },
	{ &request, "G(T / HTTP/1.1", "(T / HTTP/1.1", "a byte is not allowed in a method" },
	{ &request, "GET\t/ HTTP/1.1", "\t/ HTTP/1.1", "a byte is not allowed in a method" },
	{ &request, "GET  / HTTP/1.1", " / HTTP/1.1",
	  "the target is empty or begins with another byte" },
	{ &request, "GET /\t HTTP/1.1", "\t HTTP/1.1", "a byte is not allowed in a target" },
	{ &request, "GET /\xe4 HTTP/1.1", "\xe4 HTTP/1.1", "a byte is not allowed in a target" },
	{ &request, "GET /a\r\n", "\r\n", "a byte is not allowed in a target" },
	{ &request, "GET /a|b HTTP/1.1", "|b HTTP/1.1",
	  "a byte is not allowed in a path, query or fragment" },
	{ &request, "GET /%4g HTTP/1.1", "%4g HTTP/1.1",
	  "a percent sign stands without two hexadecimal digits" },
	{ &request, "GET /#a HTTP/1.1", "/#a HTTP/1.1", "the target has a fragment" },
	{ &request, "GET http://h/# HTTP/1.1", "http://h/# HTTP/1.1", "the target has a fragment" },
	{ &request, "GET * HTTP/1.1", "* HTTP/1.1", "the scheme does not end with a colon" },
	{ &request, "GET h:1/ HTTP/1.1\r\n\r\n", "\n",
	  "there is no Host in a request of HTTP/1.1" },
	{ &request, "GET http:/a HTTP/1.1", "http:/a HTTP/1.1",
	  "the target is a URI of HTTP without a host" },
	{ &request, "GET HTTPS://:1/ HTTP/1.1", "HTTPS://:1/ HTTP/1.1",
	  "the target is a URI of HTTP without a host" },
	{ &request, "GET http://u@h/ HTTP/1.1", "http://u@h/ HTTP/1.1",
	  "the target is a URI of HTTP with userinfo" },
	{ &request, "CONNECT / HTTP/1.1", "/ HTTP/1.1", "a byte is not allowed in a host" },
	{ &request, "CONNECT h HTTP/1.1", "h HTTP/1.1",
	  "the target of CONNECT is no host and port" },
	{ &request, "CONNECT h: HTTP/1.1", "h: HTTP/1.1",
	  "the target of CONNECT is no host and port" },
	{ &request, "CONNECT h:0 HTTP/1.1", "h:0 HTTP/1.1",
	  "the target of CONNECT is no host and port" },
	{ &request, "CONNECT u@h:1 HTTP/1.1", "u@h:1 HTTP/1.1",
	  "the target of CONNECT is no host and port" },
	{ &request, "GET / HTTP/1.2\r\n", "2\r\n", "the version is neither HTTP/1.0 nor HTTP/1.1" },
	{ &request, "GET / HTTP/2.0\r\n", "2.0\r\n",
	  "the version is neither HTTP/1.0 nor HTTP/1.1" },
	{ &request, "GET / http/1.1\r\n", "http/1.1\r\n",
	  "the version is neither HTTP/1.0 nor HTTP/1.1" },
	{ &request, "GET / HTTP/1.10\r\n", "0\r\n", "more than a version ends the request line" },
	{ &request, "GET / HTTP/1.1 \r\n", " \r\n", "more than a version ends the request line" },
	{ &request, "GET / HTTP/1.1\n", "\n", "a line ends in a bare LF" },
	{ &request, "GET / HTTP/1.1\r\r\n", "\r\n", "a CR stands without an LF" },
	{ &request, GET " A: b\r\n", " A: b\r\n", "a line is folded, or begins with white space" },
	{ &request, GET "A: b\r\n\tc\r\n", "\tc\r\n",
	  "a line is folded, or begins with white space" },
	{ &request, GET "A : b\r\n", " : b\r\n", "white space stands before a colon" },
	{ &request, GET ": b\r\n", ": b\r\n", "a byte is not allowed in a field name" },
	{ &request, GET "A\r\n", "\r\n", "a byte is not allowed in a field name" },
	{ &request, GET "A\xe4: b\r\n", "\xe4: b\r\n", "a byte is not allowed in a field name" },
	{ &request, GET "A: b\x01\r\n", "\x01\r\n", "a control character stands in a field value" },
	{ &request, GET "A: b\x7f\r\n", "\x7f\r\n", "a control character stands in a field value" },
	{ &request, GET "A: b\rc\r\n", "c\r\n", "a CR stands without an LF" },
	{ &request, GET "A: b\nC: d\r\n", "\nC: d\r\n", "a line ends in a bare LF" },
	{ &request, GET HOST "\n", "\n", "a line ends in a bare LF" },
	{ &request, GET HOST "\rA: b\r\n", "A: b\r\n", "a CR stands without an LF" },
	{ &request, GET "\r\n", "\n", "there is no Host in a request of HTTP/1.1" },
	{ &request, GET HOST "HOST: h\r\n\r\n", "HOST: h\r\n\r\n", "there is more than one Host" },
	{ &request, "GET / HTTP/1.0\r\n" HOST "host:\r\n\r\n", "host:\r\n\r\n",
	  "there is more than one Host" },
	{ &request, GET "Host: a, b\r\n\r\n", " b\r\n\r\n", "a byte is not allowed in a host" },
	{ &request, GET "Host: u@h\r\n\r\n", "Host: u@h\r\n\r\n", "there is a userinfo in Host" },
	{ &request, POST "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
	  "Content-Length: 2\r\n\r\n", "there is more than one Content-Length" },
	{ &request, POST "Content-Length: 1\r\ncontent-length: 1\r\n\r\n",
	  "content-length: 1\r\n\r\n", "there is more than one Content-Length" },
	{ &request, POST "Content-Length: 1, 1\r\n\r\n", ", 1\r\n\r\n",
	  "a Content-Length is no number" },
	{ &request, POST "Content-Length: -1\r\n\r\n", "-1\r\n\r\n",
	  "a Content-Length is no number" },
	{ &request, POST "Content-Length: 0x1\r\n\r\n", "x1\r\n\r\n",
	  "a Content-Length is no number" },
	{ &request, POST "Content-Length:\r\n\r\n", "Content-Length:\r\n\r\n",
	  "a Content-Length is empty" },
	{ &request, POST "Content-Length: 18446744073709551616\r\n\r\n", "6\r\n\r\n",
	  "a Content-Length is above 2^64 - 1" },
	{ &request, POST "Content-Length: 111111111111111111111\r\n\r\n", "1\r\n\r\n",
	  "a Content-Length is above 2^64 - 1" },
	{ &request, POST CHUNKED "Content-Length: 1\r\n\r\n", "Content-Length: 1\r\n\r\n",
	  "Content-Length stands beside Transfer-Encoding" },
	{ &request, POST CHUNKED CHUNKED "\r\n", CHUNKED "\r\n",
	  "there is more than one Transfer-Encoding" },
	{ &request, POST "Transfer-Encoding: gzip, chunked\r\n\r\n",
	  "Transfer-Encoding: gzip, chunked\r\n\r\n", "a Transfer-Encoding is other than chunked" },
	{ &request, POST "Transfer-Encoding: xchunked\r\n\r\n",
	  "Transfer-Encoding: xchunked\r\n\r\n", "a Transfer-Encoding is other than chunked" },
	{ &request, "POST / HTTP/1.0\r\n" CHUNKED "\r\n", CHUNKED "\r\n",
	  "there is a Transfer-Encoding in HTTP/1.0" },
	{ &request, "CONNECT h:1 HTTP/1.1\r\n" HOST CHUNKED "\r\n", "\n",
	  "there is content in a request of CONNECT or TRACE" },
	{ &request, "TRACE / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n", "\n",
	  "there is content in a request of CONNECT or TRACE" },
	{ &response, "HTTP/1.1  200 OK", " 200 OK", "the status is no number of 100 to 599" },
	{ &response, "HTTP/1.1-200 OK", "-200 OK", "no space stands behind the version" },
	{ &response, "HTTP/1.1 099 OK", "099 OK", "the status is no number of 100 to 599" },
	{ &response, "HTTP/1.1 600 OK", "600 OK", "the status is no number of 100 to 599" },
	{ &response, "HTTP/1.1 20 OK", " OK", "the status is no number of 100 to 599" },
	{ &response, "HTTP/1.1 2000 OK", "0 OK", "no space stands behind the status" },
	{ &response, "HTTP/1.1 200\r\n", "\r\n", "no space stands behind the status" },
	{ &response, "HTTP/1.1 200 a\x01", "\x01", "a control character stands in the reason" },
	{ &response, "HTTP/0.9 200 OK", "0.9 200 OK",
	  "the version is neither HTTP/1.0 nor HTTP/1.1" },
	{ &response, "HTTP/1.1 204 \r\nContent-Length: 0\r\n\r\n", "\n",
	  "a response of 1xx or 204 speaks of a body" },
	{ &response, "HTTP/1.1 101 \r\n" CHUNKED "\r\n", "\n",
	  "a response of 1xx or 204 speaks of a body" },
	{ &response, "HTTP/1.1 200 \r\n" CHUNKED "Content-Length: 1\r\n\r\n",
	  "Content-Length: 1\r\n\r\n", "Content-Length stands beside Transfer-Encoding" },
};

Test(http, refused)
{
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		const char *text = refused[i].text;
		struct parse got = splits(refused[i].kind, text);
		cr_assert_eq(got.status, PARSE_BAD, "%s", text);
		cr_expect_eq(got.at, strlen(text) - strlen(refused[i].at), "%s: at %zu", text,
			     got.at);
		cr_expect_str_eq(got.reason, refused[i].reason, "%s", text);
	}
}

Test(http, nul_is_refused_everywhere)
{
	static const char text[] = GET HOST "A: b\r\n\r\n";

	for (size_t i = 0; i < sizeof text - 1; i++) {
		struct http_head head;
		char with_nul[sizeof text];
		memcpy(with_nul, text, sizeof text);
		with_nul[i] = '\0';
		struct parse got = read_head(&request, with_nul, sizeof text - 1, &head);
		cr_expect_eq(got.status, PARSE_BAD, "%zu", i);
		cr_expect_eq(got.at, i);
	}
}

/* ---- Limits ---- */

static void expect_limit(const struct http_limits *limits, const char *text, size_t at,
			 const char *reason)
{
	struct kind kind = { true, HTTP_ASKED_OTHER, limits };
	struct parse got = splits(&kind, text);

	cr_expect_eq(got.status, reason ? PARSE_BAD : PARSE_DONE, "%s", got.reason);
	cr_expect_eq(got.at, at);
	if (reason)
		cr_expect_str_eq(got.reason, reason);
}

Test(http, limits)
{
	static const char text[] = GET "Host: h\r\nAb: cdef\r\n\r\n";
	struct http_limits limits = { 16, 10, 2, sizeof text - 1, 9, 9 };

	expect_limit(&limits, text, 0, NULL);
	limits.start_line = 15;
	expect_limit(&limits, text, 15, "the start line is too long");
	limits.start_line = 0;
	expect_limit(&limits, text, 0, "the start line is too long");
	limits.start_line = 16;
	limits.field_line = 9;
	expect_limit(&limits, text, 16 + 9 + 9, "a field line is too long");
	limits.field_line = 10;
	limits.fields = 1;
	expect_limit(&limits, text, 16 + 9, "there are too many fields");
	limits.fields = SIZE_MAX;
	limits.head--;
	expect_limit(&limits, text, sizeof text - 2, "all lines together are too long");
	limits.head = 5;
	expect_limit(&limits, text, 5, "all lines together are too long");
}

/* The default limits, at the bytes where they are reached. */
Test(http, default_limits)
{
	struct http_head head;
	char *text = malloc(ROOM);
	size_t len = (size_t)sprintf(text, "GET / HTTP/1.0\r\n");

	for (int i = 0; i < HTTP_FIELDS_MAX; i++)
		len += (size_t)sprintf(text + len, "A: %d\r\n", i);
	strcpy(text + len, "\r\n");
	cr_expect_eq(read_text(&request, text, &head).status, PARSE_DONE);
	strcpy(text + len, "A:\r\n\r\n");
	cr_expect_eq(read_text(&request, text, &head).at, len);

	len = (size_t)sprintf(text, "GET /%*d HTTP/1.0\r\n\r\n", HTTP_LINE_MAX - 16, 0);
	memset(text + 5, 'a', HTTP_LINE_MAX - 16);
	cr_expect_eq(read_text(&request, text, &head).used, HTTP_LINE_MAX + 2);
	memmove(text + 6, text + 5, len - 4);
	cr_expect_eq(read_text(&request, text, &head).at, HTTP_LINE_MAX);
	free(text);
}

/* ---- Writing ---- */

static void expect_written(const struct kind *kind, const char *text)
{
	size_t (*write)(const struct http_head *, uint8_t *, size_t) =
		kind->request ? http_encode_request : http_encode_response;
	struct guard guard = guard_make(ROOM);
	struct http_head head;
	size_t size = strlen(text);

	cr_assert_eq(read_text(kind, text, &head).status, PARSE_DONE);
	for (size_t room = 0; room <= size; room++)
		cr_assert_eq(write(&head, guard_tail(&guard, room), room), size);
	cr_expect_arr_eq(guard_tail(&guard, size), text, size);
	guard_free(&guard);
}

Test(http, writes_what_it_read)
{
	expect_written(&request, "POST http://a/?b HTTP/1.1\r\nHost: a\r\nX: \r\n" CHUNKED "\r\n");
	expect_written(&request, "GET / HTTP/1.0\r\n\r\n");
	expect_written(&response, "HTTP/1.1 404 Not Found\r\nContent-Length: 12\r\n\r\n");
	expect_written(&response, "HTTP/1.0 200 \r\n\r\n");
}
