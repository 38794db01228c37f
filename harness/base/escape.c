/* escape.c -- untrusted text for JSON, XML, Markdown and terminals. */
#include "base/escape.h"

#include <stdbool.h>
#include <string.h>

/* The length of the UTF-8 sequence at text, or 0 when there is none. */
static size_t utf8_length(const unsigned char *text)
{
	size_t n = text[0] < 0x80                      ? 1
		   : text[0] >= 0xc2 && text[0] < 0xe0 ? 2
		   : text[0] >= 0xe0 && text[0] < 0xf0 ? 3
		   : text[0] >= 0xf0 && text[0] < 0xf5 ? 4
						       : 0;

	for (size_t i = 1; i < n; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	if (n == 3 && ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] >= 0xa0)))
		return 0;
	if (n == 4 && ((text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] >= 0x90)))
		return 0;
	return n;
}

static const char *json_short(unsigned char c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\t':
		return "\\t";
	case '\r':
		return "\\r";
	default:
		return NULL;
	}
}

void put_json(FILE *out, const char *text)
{
	fputc('"', out);
	for (const unsigned char *c = (const unsigned char *)text; *c;) {
		const char *escape = json_short(*c);
		size_t n = utf8_length(c);
		if (escape)
			fputs(escape, out);
		else if (!n)
			fputs("\\ufffd", out);
		else if (*c < 0x20 || *c == 0x7f)
			fprintf(out, "\\u%04x", *c);
		else
			fwrite(c, 1, n, out);
		c += n ? n : 1;
	}
	fputc('"', out);
}

/* Whether the n bytes are a character that may stand in a text as it is: XML has neither U+FFFE nor
 * U+FFFF, and nobody wants control characters. */
static bool is_text(const unsigned char *text, size_t n)
{
	if (n == 1)
		return (*text >= 0x20 && *text != 0x7f) || *text == '\n' || *text == '\t';
	if (n == 3)
		return text[0] != 0xef || text[1] != 0xbf || text[2] < 0xbe;
	return n > 0 && !(n == 2 && text[0] == 0xc2 && text[1] < 0xa0);
}

/* Writes the character at text, or its bytes as \xNN; gives how many bytes it has. */
static size_t put_character(FILE *out, const unsigned char *text)
{
	size_t n = utf8_length(text);

	if (is_text(text, n)) {
		fwrite(text, 1, n, out);
		return n;
	}
	n = n ? n : 1;
	for (size_t i = 0; i < n; i++)
		fprintf(out, "\\x%02x", text[i]);
	return n;
}

static const char *xml_reference(unsigned char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

void put_xml(FILE *out, const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c;) {
		const char *reference = xml_reference(*c);
		if (reference)
			fputs(reference, out);
		c += reference ? 1 : put_character(out, c);
	}
}

static bool is_word(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Nothing that Markdown, its tables or what forges add to it (mentions, mathematics, references)
 * would obey. An underscore within a word is none. */
static bool is_plain_markdown(unsigned char before, unsigned char c, unsigned char after)
{
	if (c == '_')
		return is_word(before) && is_word(after);
	return is_word(c) || c >= 0x80 || (c && strchr(" ,.;:/()=+-%?!'\"", c));
}

void put_markdown(FILE *out, const char *text, size_t most, const char *newline)
{
	const unsigned char *first = (const unsigned char *)text, *c = first;

	while (*c && (size_t)(c - first) < most) {
		size_t n = 1;
		if (*c == '\n')
			fputs(newline, out);
		else if (*c == '\t')
			fputc(' ', out);
		else if (*c < 0x80 && is_text(c, 1) &&
			 !is_plain_markdown(c > first ? c[-1] : 0, *c, c[1]))
			fprintf(out, "&#%u;", *c);
		else
			n = put_character(out, c);
		c += n;
	}
	if (*c)
		fputs("...", out);
}

void put_wrapped(FILE *out, const char *text, unsigned indent, unsigned width)
{
	unsigned column = 0;

	text += strspn(text, " \n");
	if (!*text)
		return;
	while (*text) {
		size_t word = strcspn(text, " \n");
		if (column && column + 1 + word > width) {
			fputc('\n', out);
			column = 0;
		}
		column += (unsigned)fprintf(out, "%*s%.*s", column ? 1 : (int)indent, "", (int)word,
					    text);
		text += word;
		text += strspn(text, " \n");
	}
	fputc('\n', out);
}

void put_plain(FILE *out, const char *text, size_t most)
{
	for (; *text && most > 0; text++, most--) {
		unsigned char c = (unsigned char)*text;
		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
}
