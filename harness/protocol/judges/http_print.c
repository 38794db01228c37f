/* http_print.c -- the messages that follow each other on one connection, as one line.
 */
#include "protocol/http.h"
#include "protocol/judges/printers.h"

#include <stdlib.h>

/* How the input begins: requests, or responses to what. */
static const struct kind {
	uint8_t letter;
	bool request;
	enum http_asked asked;
} kinds[] = {
	{ 'Q', true, HTTP_ASKED_OTHER },
	{ 'R', false, HTTP_ASKED_OTHER },
	{ 'H', false, HTTP_ASKED_HEAD },
	{ 'C', false, HTTP_ASKED_CONNECT },
};

/* What has arrived and was not read. */
struct stream {
	const uint8_t *bytes;
	size_t len;
	size_t used;
};

static struct parse read_head(const struct kind *kind, const struct stream *from,
			      struct http_head *head)
{
	const uint8_t *bytes = from->bytes + from->used;
	size_t len = from->len - from->used;

	if (kind->request)
		return http_parse_request(bytes, len, &http_default_limits, head);
	return http_parse_response(bytes, len, &http_default_limits, kind->asked, head);
}

/* Reads a body that ends with the stream at the latest. `data` has room for all of the stream. */
static struct parse read_body(struct stream *from, const struct http_head *head,
			      struct http_fields *trailers, uint8_t *data, size_t *len)
{
	struct http_body body = http_body_begin(head);
	struct parse got = parse_done(0);

	*len = 0;
	while (!http_body_ended(&body)) {
		struct slice piece;
		got = http_body_read(&body, from->bytes + from->used, from->len - from->used,
				     &http_default_limits, &piece, trailers);
		if (got.status != PARSE_DONE)
			break;
		for (size_t i = 0; i < piece.len; i++)
			data[(*len)++] = piece.bytes[i];
		from->used += got.used;
	}
	if (got.status == PARSE_PARTIAL && http_body_may_close(&body))
		return parse_done(0);
	return got;
}

static void print_fields(const struct http_fields *fields, FILE *out)
{
	fputc(' ', out);
	for (size_t i = 0; i < fields->count; i++) {
		print_hex(fields->list[i].name.bytes, fields->list[i].name.len, out);
		fputc(':', out);
		print_hex(fields->list[i].value.bytes, fields->list[i].value.len, out);
		fputc(',', out);
	}
}

static void print_start(const struct kind *kind, const struct http_head *head, FILE *out)
{
	fprintf(out, "1.%d ", head->minor);
	if (kind->request) {
		print_hex(head->method.bytes, head->method.len, out);
		fputc(' ', out);
		print_hex(head->target.bytes, head->target.len, out);
	} else {
		fprintf(out, "%d ", head->status);
		print_hex(head->reason.bytes, head->reason.len, out);
	}
	print_fields(&head->fields, out);
}

/* What follows a message is of another protocol. */
static bool is_tunnel(const struct http_head *head)
{
	return head->framing == HTTP_BODY_TUNNEL || head->form == HTTP_TARGET_AUTHORITY;
}

/* Prints the next message and "|". Gives whether another one may follow. */
static bool print_message(const struct kind *kind, struct stream *from, uint8_t *data, FILE *out)
{
	struct http_head head = { .form = HTTP_TARGET_ORIGIN };
	struct http_fields trailers = { .count = 0 };
	size_t len = 0;
	struct parse got = read_head(kind, from, &head);

	if (got.status == PARSE_DONE) {
		from->used += got.used;
		if (!is_tunnel(&head))
			got = read_body(from, &head, &trailers, data, &len);
	}
	if (got.status == PARSE_BAD) {
		fprintf(out, "bad %zu %s", from->used + got.at, got.reason);
		return false;
	}
	if (got.status == PARSE_PARTIAL) {
		fprintf(out, "cut");
		return false;
	}
	print_start(kind, &head, out);
	fprintf(out, " %s ", http_keeps_alive(&head) ? "keep" : "close");
	print_hex(data, len, out);
	print_fields(&trailers, out);
	fprintf(out, "|");
	if (is_tunnel(&head) || !http_keeps_alive(&head)) {
		fprintf(out, "closed");
		return false;
	}
	return true;
}

/* The input is a letter of the table above and a stream. For each complete message: version, method
 * and target or status and reason, fields, "keep" or "close", data, trailers, and "|"; then how it
 * ends: "open" between messages, "closed" behind one that ends the connection, "cut" amid one, or
 * "bad" with offset and reason. All text is hexadecimal.
 */
void print_http(const uint8_t *bytes, size_t len, FILE *out)
{
	const struct kind *kind = kinds;
	struct stream from = { bytes + 1, len - 1, 0 };
	uint8_t *data = malloc(len);

	if (!data)
		abort();
	while (kind->letter != bytes[0])
		kind++;
	for (;;) {
		if (from.used == from.len) {
			fprintf(out, "open");
			break;
		}
		if (!print_message(kind, &from, data, out))
			break;
	}
	free(data);
}
