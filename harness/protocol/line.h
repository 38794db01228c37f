/* line.h -- text in lines: each ends with LF or CRLF and has a greatest length.
 *
 * Source: RFC 5321 2.3.8 and RFC 9112 2.2 (CRLF, and what a CR or LF alone does to those who read
 * it differently); POSIX.1-2024 3.189 (LF).
 *
 * Accepted on purpose: empty lines; with LINE_LF a CR, which is text like any other byte; bytes
 * above 127.
 * Refused on purpose: with LINE_CRLF a LF without CR; with LINE_CRLF and LINE_EITHER a CR without
 * LF; NUL, unless it is allowed; a line above its limit, at the first byte that cannot belong to a
 * shorter one.
 */
#ifndef SOCKDRILL_LINE_H
#define SOCKDRILL_LINE_H

#include "protocol/parse.h"

/* Limits of well-known protocols, each counting the delimiter. */
enum {
	LINE_SMTP_MAX = 1000, /* RFC 5321 4.5.3.1.6 */
	LINE_IRC_MAX = 512    /* RFC 1459 2.3 */
};

enum line_delimiter {
	LINE_LF,
	LINE_CRLF,
	LINE_EITHER /* either is read, CRLF is written */
};

struct line_rules {
	enum line_delimiter delimiter;
	size_t limit;                /* of a line's bytes; one that no line can meet refuses all */
	bool limit_counts_delimiter; /* else the text alone is counted */
	bool nul_allowed;            /* within the text */
};

/* Reads the line that `bytes` begin with; *ret_text (written when done) is it without its
 * delimiter. Done: used counts the delimiter, too. */
struct parse line_parse(const struct line_rules *rules, const uint8_t *bytes, size_t len,
			struct slice *ret_text);

/* Writes text and delimiter when they fit into `room`. Gives the size they need, or 0 (and nothing
 * is written) when the rules do not allow the text. */
size_t line_encode(const struct line_rules *rules, struct slice text, uint8_t *bytes, size_t room);

#endif
