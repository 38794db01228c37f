/* http_encode.c -- writes heads and chunks.
 */
#include "protocol/http.h"

#include "protocol/emit.h"

static void emit_fields(struct emit *to, const struct http_fields *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		emit_slice(to, fields->list[i].name);
		emit_text(to, ": ");
		emit_slice(to, fields->list[i].value);
		emit_text(to, "\r\n");
	}
	emit_text(to, "\r\n");
}

static void emit_version(struct emit *to, int minor)
{
	emit_text(to, "HTTP/1.");
	emit_number(to, (uint64_t)minor, 10);
}

size_t http_encode_request(const struct http_head *head, uint8_t *bytes, size_t room)
{
	struct emit to = { bytes, room, 0 };

	emit_slice(&to, head->method);
	emit_byte(&to, ' ');
	emit_slice(&to, head->target);
	emit_byte(&to, ' ');
	emit_version(&to, head->minor);
	emit_text(&to, "\r\n");
	emit_fields(&to, &head->fields);
	return to.size;
}

size_t http_encode_response(const struct http_head *head, uint8_t *bytes, size_t room)
{
	struct emit to = { bytes, room, 0 };

	emit_version(&to, head->minor);
	emit_byte(&to, ' ');
	emit_number(&to, (uint64_t)head->status, 10);
	emit_byte(&to, ' ');
	emit_slice(&to, head->reason);
	emit_text(&to, "\r\n");
	emit_fields(&to, &head->fields);
	return to.size;
}

size_t http_encode_chunk(struct slice data, uint8_t *bytes, size_t room)
{
	struct emit to = { bytes, room, 0 };

	if (data.len == 0)
		return 0;
	emit_number(&to, data.len, 16);
	emit_text(&to, "\r\n");
	emit_slice(&to, data);
	emit_text(&to, "\r\n");
	return to.size;
}

size_t http_encode_last_chunk(const struct http_fields *trailers, uint8_t *bytes, size_t room)
{
	struct emit to = { bytes, room, 0 };

	emit_text(&to, "0\r\n");
	if (trailers)
		emit_fields(&to, trailers);
	else
		emit_text(&to, "\r\n");
	return to.size;
}
