/* chars.h -- the classes of bytes that the grammars of RFC 3986 and RFC 9110 are made of.
 *
 * Nothing here depends on the locale, unlike <ctype.h>.
 */
#ifndef SOCKDRILL_CHARS_H
#define SOCKDRILL_CHARS_H

#include "protocol/parse.h"

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

static inline bool is_one_of(uint8_t byte, const char *set)
{
	return byte != 0 && strchr(set, byte);
}

/* RFC 3986 section 2.3. */
static inline bool is_unreserved(uint8_t byte)
{
	return is_alpha(byte) || is_digit(byte) || is_one_of(byte, "-._~");
}

/* unreserved / sub-delims: what stands in a registered name besides percent-encodings. */
static inline bool is_name_char(uint8_t byte)
{
	return is_unreserved(byte) || is_one_of(byte, "!$&'()*+,;=");
}

/* tchar of RFC 9110 section 5.6.2. */
static inline bool is_token_char(uint8_t byte)
{
	return is_alpha(byte) || is_digit(byte) || is_one_of(byte, "!#$%&'*+-.^_`|~");
}

/* HTAB / SP / VCHAR / obs-text: a byte of a field's value or a reason phrase. */
static inline bool is_text_char(uint8_t byte)
{
	return byte == '\t' || (byte >= ' ' && byte != 0x7f);
}

/* SP / HTAB: what optional white space is made of. */
static inline bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

/* Whether a text is this word, which is given in lower case; letters match in either case. */
static inline bool slice_is(struct slice slice, const char *word)
{
	if (slice.len != strlen(word))
		return false;
	for (size_t i = 0; i < slice.len; i++)
		if (to_lower(slice.bytes[i]) != (uint8_t)word[i])
			return false;
	return true;
}

/* Whether a text is exactly this word: methods, unlike names of fields, have a case. */
static inline bool slice_is_exactly(struct slice slice, const char *word)
{
	return slice.len == strlen(word) && memcmp(slice.bytes, word, slice.len) == 0;
}

#endif
