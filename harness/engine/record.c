/* record.c -- reads the record stream of a role. */
#include "engine/record.h"

#include <string.h>

/* Copies a field that ends before `end` or at a tab; false when it does not fit or holds bytes
 * that the writer never writes. *at is left behind the tab. */
static bool take_field(const char **at, const char *end, char *to, size_t room)
{
	size_t n = 0;

	for (; *at < end && **at != '\t'; (*at)++) {
		if (n + 1 >= room || **at < 0x20 || **at >= 0x7f)
			return false;
		to[n++] = **at;
	}
	to[n] = '\0';
	if (*at == end)
		return false;
	(*at)++;
	return true;
}

static bool take_number(const char *at, const char *end, int *ret_number)
{
	int number = 0;

	if (at == end || end - at > 7)
		return false;
	for (; at < end; at++) {
		if (*at < '0' || *at > '9')
			return false;
		number = number * 10 + (*at - '0');
	}
	*ret_number = number;
	return true;
}

static bool parse_line(const char *at, const char *end, struct record *record)
{
	char kind[2];

	if (!take_field(&at, end, kind, sizeof kind) || !kind[0])
		return false;
	if (!strchr((const char[]){ RECORD_SAW, RECORD_BROKEN, RECORD_SKIP, '\0' }, kind[0]))
		return false;
	record->kind = (enum record_kind)kind[0];
	return take_field(&at, end, record->label, sizeof record->label) &&
	       take_field(&at, end, record->value, sizeof record->value) &&
	       take_number(at, end, &record->line);
}

bool record_next(const char *bytes, size_t n, size_t *at, struct record *ret_record, unsigned *torn)
{
	while (*at < n) {
		const char *start = bytes + *at;
		const char *newline = memchr(start, '\n', n - *at);
		const char *end = newline ? newline : bytes + n;
		/* A gap that was reserved and never written. */
		while (start < end && !*start)
			start++;
		*at = (size_t)(end - bytes) + 1;
		if (newline && parse_line(start, end, ret_record))
			return true;
		if (start < end)
			(*torn)++;
	}
	return false;
}
