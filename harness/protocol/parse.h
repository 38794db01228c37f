/* parse.h -- what every parser of harness/protocol gives back.
 *
 * A parser is a pure function of (bytes, length): no I/O, no allocation, no global, linear time. It
 * never reads a byte at or past bytes + length, and it keeps no pointer but into those bytes. For a
 * stream it is called again with more bytes when it says PARTIAL; what it says of the whole does
 * not depend on how the whole was split.
 */
#ifndef SOCKDRILL_PARSE_H
#define SOCKDRILL_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum parse_status {
	PARSE_DONE,    /* one unit was read: `used` bytes of the input */
	PARSE_PARTIAL, /* a valid beginning: more bytes are needed; used is 0 */
	PARSE_BAD      /* no continuation can make it valid: reason and at say why; used is 0 */
};

struct parse {
	enum parse_status status;
	size_t used;
	size_t at;          /* offset of the byte that made it bad; at most the input's length */
	const char *reason; /* one line, a constant: "a field name is empty"; NULL unless bad */
};

/* Bytes within the input that was parsed: not ended by NUL, valid as long as the input. */
struct slice {
	const uint8_t *bytes;
	size_t len;
};

static inline struct parse parse_done(size_t used)
{
	return (struct parse){ .status = PARSE_DONE, .used = used };
}

static inline struct parse parse_partial(void)
{
	return (struct parse){ .status = PARSE_PARTIAL };
}

static inline struct parse parse_bad(size_t at, const char *reason)
{
	return (struct parse){ .status = PARSE_BAD, .at = at, .reason = reason };
}

#endif
