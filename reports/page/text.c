/* text.c -- texts for HTML: escaped, without invisible tricks, cut to a length. */
#include <string.h>

#include "base/escape.h"
#include "reports/page/page.h"

/* Characters that change the order or the look of what is around them, by their UTF-8 bytes: marks
 * and embeddings of direction, zero widths, line and paragraph separators, byte order mark. */
static unsigned unseen(const unsigned char *text)
{
	unsigned code = 0;

	if (text[0] == 0xd8 && text[1] == 0x9c)
		code = 0x61c;
	else if (text[0] == 0xe2 && (text[1] & 0xfe) == 0x80 && (text[2] & 0xc0) == 0x80)
		code = 0x2000U | (text[1] & 1U) << 6 | (text[2] & 0x3fU);
	else if (text[0] == 0xef && text[1] == 0xbb && text[2] == 0xbf)
		code = 0xfeff;
	bool tricks = code == 0x61c || (code >= 0x200b && code <= 0x200f) ||
		      (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
		      code == 0xfeff;
	return tricks ? code : 0;
}

/* New memory: the text with unseen characters spelt out. */
static char *spell(const char *text)
{
	/* Three bytes become six at most, two as well. */
	char *all = must_alloc(strlen(text) * 3 + 1, 1);
	size_t at = 0;

	for (const unsigned char *c = (const unsigned char *)text; *c;) {
		unsigned code = unseen(c);
		if (!code) {
			all[at++] = (char)*c++;
			continue;
		}
		at += (size_t)sprintf(all + at, "\\u%04x", code);
		c += code == 0x61c ? 2 : 3;
	}
	all[at] = '\0';
	return all;
}

void put_html(FILE *out, const char *text)
{
	/* Most texts have none of these; they are written without a copy. */
	if (!text[strcspn(text, "\xd8\xe2\xef")]) {
		put_xml(out, text);
		return;
	}
	char *spelt = spell(text);
	put_xml(out, spelt);
	free(spelt);
}

char *shorten(const char *text, size_t most)
{
	if (strlen(text) <= most)
		return must_copy(text);
	while (most && ((unsigned char)text[most] & 0xc0) == 0x80)
		most--;
	return must_format("%.*s\xe2\x80\xa6", (int)most, text);
}

void put_anchor(FILE *out, const char *name, enum family family)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-.";

	for (; *name; name++) {
		if (strchr(plain, *name))
			fputc(*name, out);
		else
			fprintf(out, "%%%02X", (unsigned char)*name);
	}
	if (family != NO_FAMILY)
		fprintf(out, "/%s", family_name(family));
}
