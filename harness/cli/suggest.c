/* suggest.c -- edit distance between words, and the nearest of several. */
#include "cli/suggest.h"

#include <ctype.h>
#include <string.h>

/* Words are names: longer ones are not near to anything. */
enum { WORD_MAX = 127 };

static char plain(char c)
{
	return c == '-' ? '_' : (char)tolower((unsigned char)c);
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Optimal string alignment: rows of the table of distances between beginnings of a and b; only the
 * last three are needed. */
unsigned edit_distance(const char *a, const char *b, unsigned most)
{
	unsigned rows[3][WORD_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *now = rows[2];
	size_t n = strlen(a), m = strlen(b);

	if (n > WORD_MAX || m > WORD_MAX || (n > m ? n - m : m - n) > most)
		return most + 1;
	for (size_t j = 0; j <= m; j++)
		last[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			char x = plain(a[i - 1]), y = plain(b[j - 1]);
			now[j] = least(last[j] + 1, now[j - 1] + 1, last[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == plain(b[j - 2]) && y == plain(a[i - 2]) &&
			    before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
		unsigned *oldest = before;
		before = last;
		last = now;
		now = oldest;
	}
	return last[m] > most ? most + 1 : last[m];
}

/* One slip in a short word, a few in a long one. */
static unsigned slips_allowed(const char *word)
{
	size_t slips = (strlen(word) + 2) / 4;

	return slips > 4 ? 4 : (unsigned)slips;
}

const char *suggest_word(const char *word, const char *const *words, size_t count)
{
	unsigned near = slips_allowed(word) + 1;
	const char *found = NULL;

	for (size_t i = 0; i < count && near > 0; i++) {
		unsigned distance = edit_distance(word, words[i], near - 1);
		if (distance >= near)
			continue;
		near = distance;
		found = words[i];
	}
	return found;
}
