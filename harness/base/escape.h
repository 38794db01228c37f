/* escape.h -- untrusted text, written so that what reads it takes it for text: JSON, XML, Markdown,
 * a terminal. Errors stay in the stream. */
#ifndef SOCKDRILL_ESCAPE_H
#define SOCKDRILL_ESCAPE_H

#include <stddef.h>
#include <stdio.h>

/* The text as a JSON string, with its quotes. Input is ASCII or UTF-8; bytes that are neither
 * become U+FFFD. */
void put_json(FILE *out, const char *text);
/* The text with XML's special characters escaped; control characters and bytes that are no UTF-8
 * as \xNN. */
void put_xml(FILE *out, const char *text);
/* At most `most` bytes of the text for Markdown or HTML in it: whatever either would obey as a
 * character reference, bytes that are no text as \xNN, newlines as `newline`. */
void put_markdown(FILE *out, const char *text, size_t most, const char *newline);
/* Words filled to `width` columns, each line behind `indent` spaces; nothing for no words. */
void put_wrapped(FILE *out, const char *text, unsigned indent, unsigned width);
/* At most `most` bytes of a text that was not made here: control characters other than newline and
 * tab, which a terminal would obey, as \xNN. */
void put_plain(FILE *out, const char *text, size_t most);

#endif
