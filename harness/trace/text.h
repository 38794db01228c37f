/* text.h -- a text that grows while it is written, without the cost of printf(). */
#ifndef SOCKDRILL_TRACE_TEXT_H
#define SOCKDRILL_TRACE_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Empty when all is zero; `at` is NULL until something is written or text_get() asks. */
struct text {
	char *at;
	size_t length, room;
};

void text_clear(struct text *text);
void text_finish(struct text *text);
/* The text, ended by 0; it belongs to *text. */
const char *text_get(struct text *text);

void text_put_n(struct text *text, const char *chars, size_t n);
void text_putc(struct text *text, char c);
void text_put_number(struct text *text, long long number);
/* With zeros before it, at least `width` digits. */
void text_put_padded(struct text *text, unsigned long long number, unsigned width);
void text_put_hex(struct text *text, uint64_t number);
/* "as in C": quoted, with escapes; "..." behind it says that there are more than the n. */
void text_put_quoted(struct text *text, const unsigned char *bytes, size_t n, _Bool more);
/* The bytes with escapes, without quotes. */
void text_put_escaped(struct text *text, const unsigned char *bytes, size_t n);

/* Of a constant the length is known when this is compiled. */
static inline void text_put(struct text *text, const char *words)
{
	text_put_n(text, words, strlen(words));
}

#endif
