/* text.c -- a text that grows while it is written. */
#include "trace/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void make_room(struct text *text, size_t more)
{
	if (text->length + more < text->room)
		return;
	text->room = 2 * (text->length + more) + 64;
	text->at = must_grow(text->at, text->room, 1);
}

void text_put_n(struct text *text, const char *chars, size_t n)
{
	make_room(text, n + 1);
	memcpy(text->at + text->length, chars, n);
	text->length += n;
	text->at[text->length] = 0;
}

void text_clear(struct text *text)
{
	text->length = 0;
	if (text->at)
		*text->at = 0;
}

void text_finish(struct text *text)
{
	free(text->at);
	*text = (struct text){ 0 };
}

const char *text_get(struct text *text)
{
	return text->at ? text->at : "";
}

void text_putc(struct text *text, char c)
{
	make_room(text, 2);
	text->at[text->length++] = c;
	text->at[text->length] = 0;
}

static void put_digits(struct text *text, unsigned long long number, unsigned base)
{
	char digits[24];
	size_t at = sizeof digits;

	do {
		digits[--at] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	text_put_n(text, digits + at, sizeof digits - at);
}

void text_put_number(struct text *text, long long number)
{
	if (number < 0)
		text_putc(text, '-');
	put_digits(text, number < 0 ? -(unsigned long long)number : (unsigned long long)number, 10);
}

void text_put_padded(struct text *text, unsigned long long number, unsigned width)
{
	for (unsigned long long limit = 10; width > 1; width--, limit *= 10)
		if (number < limit)
			text_putc(text, '0');
	put_digits(text, number, 10);
}

void text_put_hex(struct text *text, uint64_t number)
{
	text_put(text, "0x");
	put_digits(text, number, 16);
}

/* The letter behind the backslash; 0: none. */
static char escape_of(unsigned char c)
{
	switch (c) {
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	case '"':
	case '\\':
		return (char)c;
	default:
		return 0;
	}
}

enum { ESCAPE_MAX = 4 }; /* characters */

/* At most ESCAPE_MAX to `to`; where the next goes. */
static char *escape(char *to, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	char letter = escape_of(c);

	*to++ = '\\';
	*to++ = letter ? letter : 'x';
	if (letter)
		return to;
	*to++ = digits[c >> 4];
	*to++ = digits[c & 15];
	return to;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

void text_put_escaped(struct text *text, const unsigned char *bytes, size_t n)
{
	make_room(text, n * ESCAPE_MAX + 1);
	char *to = text->at + text->length;
	for (size_t i = 0; i < n; i++)
		if (is_plain(bytes[i]))
			*to++ = (char)bytes[i];
		else
			to = escape(to, bytes[i]);
	*to = 0;
	text->length = (size_t)(to - text->at);
}

void text_put_quoted(struct text *text, const unsigned char *bytes, size_t n, bool more)
{
	text_putc(text, '"');
	text_put_escaped(text, bytes, n);
	text_put(text, more ? "\"..." : "\"");
}
