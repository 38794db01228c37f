/* chars.h -- the classes of bytes that the grammars of RFC 3986 and RFC 9110 are made of.
 *
 * Nothing here depends on the locale, unlike <ctype.h>.
 */
#ifndef SOCKDRILL_CHARS_H
#define SOCKDRILL_CHARS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* An ASCII letter in lower case, any other byte as it is. */
static inline uint8_t to_lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 'a' - 'A') : byte;
}

static inline bool is_alpha(uint8_t byte)
{
	uint8_t lower = to_lower(byte);

	return lower >= 'a' && lower <= 'z';
}

/* The value of a hexadecimal digit, or -1. */
static inline int hex_value(uint8_t byte)
{
	uint8_t lower = to_lower(byte);

	if (is_digit(byte))
		return byte - '0';
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* RFC 3986 section 2.3. */
static inline bool is_unreserved(uint8_t byte)
{
	return is_alpha(byte) || is_digit(byte) || memchr("-._~", byte, 4);
}

/* unreserved / sub-delims: what stands in a registered name besides percent-encodings. */
static inline bool is_name_char(uint8_t byte)
{
	return is_unreserved(byte) || memchr("!$&'()*+,;=", byte, 11);
}

/* tchar of RFC 9110 section 5.6.2. */
static inline bool is_token_char(uint8_t byte)
{
	return is_alpha(byte) || is_digit(byte) || memchr("!#$%&'*+-.^_`|~", byte, 15);
}

/* HTAB / SP / VCHAR / obs-text: a byte of a field's value or a reason phrase. */
static inline bool is_text_char(uint8_t byte)
{
	return byte == '\t' || (byte >= ' ' && byte != 0x7f);
}

static inline bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

#endif
