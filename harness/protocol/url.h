/* url.h -- URIs: split by RFC 3986, written, and brought into their normal form.
 *
 * Grammar: RFC 3986 appendix A, the rule "URI" (a scheme is needed: no relative references).
 * A URI has no end of its own, so the bytes given are the whole: nothing here is ever PARTIAL,
 * and DONE has used them all.
 * Refused: bytes that RFC 3986 does not allow, a "%" without two hexadecimal digits, IPv6 addresses
 * with a zone, ports above 65535. Accepted: every scheme, an empty host, an empty port.
 * No limit but the input's length: each function makes a fixed number of passes over it.
 */
#ifndef SOCKDRILL_URL_H
#define SOCKDRILL_URL_H

#include "protocol/parse.h"

enum url_host {
	URL_HOST_NAME,  /* a registered name, perhaps empty; what is no IPv4 address is a name */
	URL_HOST_IPV4,  /* four decimal numbers without leading zeros */
	URL_HOST_IPV6,  /* in brackets */
	URL_HOST_FUTURE /* in brackets: "v", a version, and what only that version knows */
};

/* A slice whose bytes are NULL is a part that is absent; one that is there may be empty. */
struct url_authority {
	struct slice userinfo;
	struct slice host; /* without the brackets */
	enum url_host kind;
	uint8_t address[16]; /* IPV4: the first 4; IPV6: all; otherwise unset */
	struct slice port;   /* the digits, perhaps none */
	int port_number;     /* 0 to 65535, or -1 when there are no digits */
};

struct url {
	struct slice scheme;
	bool has_authority;
	struct url_authority authority; /* unset without one */
	struct slice path;              /* always there, perhaps empty */
	struct slice query;
	struct slice fragment;
};

/* Splits a URI. `url` is filled when the status is DONE; its slices lie within the bytes. */
struct parse url_parse(const uint8_t *bytes, size_t len, struct url *url);

/* Splits [ userinfo "@" ] host [ ":" port ], which may be empty. */
struct parse url_parse_authority(const uint8_t *bytes, size_t len, struct url_authority *authority);

/* Splits [ path ] [ "?" query ] [ "#" fragment ] into those three parts of `url`. */
struct parse url_parse_path(const uint8_t *bytes, size_t len, struct url *url);

/* Writes the parts as they are (RFC 3986 section 5.3), and gives the size of the whole. Nothing is
 * checked: url_parse() of what was written tells whether it is a URI.
 */
size_t url_encode(const struct url *url, uint8_t *bytes, size_t room);

/* Writes the normal form of a URI that url_parse() gave, and gives its size (RFC 3986 section 6.2.2
 * and 6.2.3): scheme and host in lower case, IPv6 as RFC 5952 writes it, percent-encodings in upper
 * case and only where they are needed, no dot segments, no empty or default port, "/" for an empty
 * path behind an authority. A path that begins with no "/" keeps its dot segments: it is opaque.
 */
size_t url_normalise(const struct url *url, uint8_t *bytes, size_t room);

/* Writes an IPv6 address as RFC 5952 does, without brackets, and gives its size. */
size_t url_encode_ipv6(const uint8_t address[16], uint8_t *bytes, size_t room);

#endif
