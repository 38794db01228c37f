/* http_scan.h -- a cursor over lines of HTTP that may not have arrived as a whole.
 *
 * Each function takes what it expects at the cursor and moves it behind that. It gives false when
 * it cannot, and `end` says what the parser has to give back: partial or bad.
 */
#ifndef SOCKDRILL_HTTP_SCAN_H
#define SOCKDRILL_HTTP_SCAN_H

#include "protocol/http.h"

struct scan {
	const uint8_t *bytes;
	size_t len;
	size_t pos;
	size_t line_end;      /* the line must end here at the latest */
	size_t end_of_all;    /* and so must all lines together */
	const char *too_long; /* what to say when they do not */
	struct parse end;
};

/* Starts a scan of lines that take `room` bytes at most. */
struct scan scan_begin(const uint8_t *bytes, size_t len, size_t room);

/* Starts a line of `room` bytes at most; `too_long` is said when it is longer. */
void scan_line(struct scan *scan, size_t room, const char *too_long);

/* Says that the byte at `at` is bad; gives false. */
bool scan_bad(struct scan *scan, size_t at, const char *reason);

/* Whether there is a byte at the cursor. */
bool scan_more(struct scan *scan);

bool scan_byte(struct scan *scan, char byte, const char *reason);
bool scan_text(struct scan *scan, const char *text, const char *reason);
bool scan_crlf(struct scan *scan, const char *reason);

/* Takes bytes of a class until another one has arrived; `taken` may be empty. */
bool scan_while(struct scan *scan, bool (*in_class)(uint8_t), struct slice *taken);

/* Takes a token: at least one byte. */
bool scan_token(struct scan *scan, struct slice *token, const char *reason);

/* Takes field lines and the empty line behind them. */
bool scan_fields(struct scan *scan, const struct http_limits *limits, struct http_fields *fields);

#endif
