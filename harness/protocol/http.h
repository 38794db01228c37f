/* http.h -- HTTP/1.0 and HTTP/1.1 messages: heads, their framing, bodies, and how they are written.
 *
 * Grammar: RFC 9112 (messages), RFC 9110 (fields), RFC 3986 (targets). Where an RFC lets a
 * recipient repair a message or refuse it, it is refused: what two recipients repair in two ways is
 * smuggling.
 *
 * Refused on purpose: lines that end in a bare LF, a bare CR, folded fields, white space before a
 * colon or around the start line's parts, an empty line before the start line, a status line
 * without the space behind its code, versions other than 1.0 and 1.1, status codes outside of 100
 * to 599, targets whose form does not suit the method or that are no URIs, http URIs without host
 * or with userinfo; no or more than one Host in a request of 1.1, more than one in 1.0; more than
 * one Content-Length even if all are equal (RFC 9110 section 8.6 leaves that choice), one that is a
 * list, signed or above 2^64 - 1; Transfer-Encoding together with Content-Length, in HTTP/1.0, or
 * other than the one word "chunked"; either of them in a response of 1xx or 204; content in CONNECT
 * and TRACE requests; in trailers the fields that frame or route.
 * Ignored as RFC 9110 section 9.3.6 asks: Content-Length and Transfer-Encoding in 2xx to CONNECT.
 * What several fields say together is judged when the head is complete, all else at its byte.
 */
#ifndef SOCKDRILL_HTTP_H
#define SOCKDRILL_HTTP_H

#include "protocol/parse.h"
#include "protocol/url.h"

enum {
	HTTP_FIELDS_MAX = 100,      /* the fields that a head has room for */
	HTTP_LINE_MAX = 8192,       /* RFC 9112 section 3 asks for 8000 at least */
	HTTP_HEAD_MAX = 65536,      /* start line and fields with their empty line */
	HTTP_CHUNK_LINE_MAX = 1024, /* the size and the extensions of one chunk */
	HTTP_TRAILER_MAX = 16384    /* the trailer fields with their empty line */
};

/* What is longer is refused. Sizes are in bytes and count the CRLF. */
struct http_limits {
	size_t start_line;
	size_t field_line;
	size_t fields; /* more than HTTP_FIELDS_MAX is taken for that */
	size_t head;
	size_t chunk_line;
	size_t trailer;
};

/* The limits above. */
extern const struct http_limits http_default_limits;

struct http_field {
	struct slice name;
	struct slice value; /* without the white space around it */
};

struct http_fields {
	size_t count;
	struct http_field list[HTTP_FIELDS_MAX];
};

enum http_target {
	HTTP_TARGET_ORIGIN,    /* "/path?query" */
	HTTP_TARGET_ABSOLUTE,  /* a URI */
	HTTP_TARGET_AUTHORITY, /* "host:port", of CONNECT only */
	HTTP_TARGET_ASTERISK   /* "*", of OPTIONS only */
};

enum http_framing {
	HTTP_BODY_NONE,
	HTTP_BODY_LENGTH, /* `length` bytes */
	HTTP_BODY_CHUNKED,
	HTTP_BODY_UNTIL_CLOSE, /* a response's, until the connection ends */
	HTTP_BODY_TUNNEL       /* what follows is no HTTP/1: behind 101, and 2xx to CONNECT */
};

struct http_head {
	int minor; /* HTTP/1.minor: 0 or 1 */
	struct http_fields fields;
	enum http_framing framing;
	uint64_t length; /* of Content-Length, also where there is no body; 0 without one */

	/* Of a request */
	struct slice method;
	struct slice target;
	enum http_target form;
	struct url url; /* the target's parts: path and query, all, the authority, or unset */

	/* Of a response */
	int status;
	struct slice reason; /* often empty */
};

/* What of the request decides how its response is framed. */
enum http_asked { HTTP_ASKED_HEAD, HTTP_ASKED_CONNECT, HTTP_ASKED_OTHER };

/* Read a head with its empty line. `head` is filled when the status is DONE; its slices lie within
 * the bytes.
 */
struct parse http_parse_request(const uint8_t *bytes, size_t len, const struct http_limits *limits,
				struct http_head *head);
struct parse http_parse_response(const uint8_t *bytes, size_t len, const struct http_limits *limits,
				 enum http_asked asked, struct http_head *head);

/* The first field at or behind index *from with this name, given in lower case, or NULL. Moves
 * *from behind it, so that the next call finds the next one.
 */
const struct http_field *http_find(const struct http_fields *fields, const char *name,
				   size_t *from);

/* Whether another message may follow on the connection (RFC 9112 section 9.3). */
bool http_keeps_alive(const struct http_head *head);

/* ---- Bodies ---- */

/* Where the reading of a body stands. */
struct http_body {
	enum {
		HTTP_AT_CHUNK_LINE,
		HTTP_AT_DATA,
		HTTP_AT_CHUNK_END,
		HTTP_AT_TRAILERS,
		HTTP_AT_END
	} at;
	enum http_framing framing;
	uint64_t left; /* of the data that is being read */
};

struct http_body http_body_begin(const struct http_head *head);

/* Whether the body is complete: what follows is of the next message. */
static inline bool http_body_ended(const struct http_body *body)
{
	return body->at == HTTP_AT_END;
}

/* Whether the end of the connection is the end of the body, and not of half a body. */
static inline bool http_body_may_close(const struct http_body *body)
{
	return http_body_ended(body) || body->framing == HTTP_BODY_UNTIL_CLOSE ||
	       body->framing == HTTP_BODY_TUNNEL;
}

/* Reads the next piece of a body: bytes of it, which may be a part of what has arrived, or what
 * stands between them; then `piece` is empty. `trailers` is filled by the piece that ends a chunked
 * body, and has no field before. `body` is moved on when the status is DONE. When the body has
 * ended before, DONE uses 0 bytes.
 */
struct parse http_body_read(struct http_body *body, const uint8_t *bytes, size_t len,
			    const struct http_limits *limits, struct slice *piece,
			    struct http_fields *trailers);

/* ---- Writing ---- */

/* Each writes into the room and gives the size of the whole. Nothing is checked, so that what is
 * wrong on purpose can be sent, too: the parsers tell whether what was written is right.
 */

/* Of the head: method, target, minor and fields. */
size_t http_encode_request(const struct http_head *head, uint8_t *bytes, size_t room);

/* Of the head: minor, status, reason and fields. */
size_t http_encode_response(const struct http_head *head, uint8_t *bytes, size_t room);

/* One chunk; without data it gives 0, since that chunk would end the body. */
size_t http_encode_chunk(struct slice data, uint8_t *bytes, size_t room);

/* The last chunk and the trailers; `trailers` may be NULL for none. */
size_t http_encode_last_chunk(const struct http_fields *trailers, uint8_t *bytes, size_t room);

#endif
