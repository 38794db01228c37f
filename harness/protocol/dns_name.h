/* dns_name.h -- domain names: out of messages, as text, and compared.
 *
 * Source: RFC 1035 3.1 (labels), 4.1.4 (compression), 5.1 (escapes in text); RFC 4343 (case).
 *
 * Accepted on purpose: any byte within a label; a pointer to a pointer.
 * Refused on purpose: pointers that do not point backwards, or into the header; names that run into
 * what pointed to them (so no byte behind a name decides about it); label types that never came
 * into use (01, 10); names above their limits.
 */
#ifndef SOCKDRILL_DNS_NAME_H
#define SOCKDRILL_DNS_NAME_H

#include "protocol/parse.h"

enum {
	DNS_HEADER = 12, /* bytes before the first name of a message */
	DNS_NAME_MAX = 255,
	DNS_LABEL_MAX = 63,
	DNS_HOPS_MAX = 127,                  /* pointers: a name has no more labels */
	DNS_NAME_TEXT_MAX = 4 * DNS_NAME_MAX /* all bytes escaped */
};

/* A name as it is without compression: labels, each with its length in front, the root's last. */
struct dns_name {
	size_t len; /* at least 1, which is the root */
	uint8_t wire[DNS_NAME_MAX];
};

/* Reads the name at the offset `at` of a message; used is what it takes there. A fault behind a
 * pointer is reported at the pointer. */
struct parse dns_name_parse(const uint8_t *message, size_t len, size_t at,
			    struct dns_name *ret_name);

/* Reads a name's text, with or without the dot at its end: "www.example.com", "." is the root.
 * \DDD is a byte by its decimal number, \c the character c; what is not printable ASCII must be so
 * written. Partial: an escape or a label is not finished. */
struct parse dns_name_of_text(const uint8_t *text, size_t len, struct dns_name *ret_name);

/* Writes the name's text with a dot at its end, without a NUL, when it fits into `room`. Gives the
 * size it needs: at most DNS_NAME_TEXT_MAX. */
size_t dns_name_text(const struct dns_name *name, uint8_t *text, size_t room);

/* Whether they are the same name; the case of ASCII letters does not count. */
bool dns_name_equal(const struct dns_name *a, const struct dns_name *b);

#endif
