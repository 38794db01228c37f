/* record.c -- reads the record stream of a role, and where it stands. */
#include "engine/record.h"

#include <stdio.h>
#include <string.h>

struct record_bytes side_records(const struct side *side)
{
	uint32_t used = atomic_load(&side->used);

	return (struct record_bytes){ .bytes = side->records,
				      .n = used < RECORDS_MAX ? used : RECORDS_MAX,
				      .lost = used > RECORDS_MAX };
}

/* A copy of at most room - 1 bytes that a terminal can show, whatever the writer makes of the
 * original meanwhile. */
static void copy_printable(char *to, size_t room, const char *from)
{
	size_t n = 0;

	while (n + 1 < room) {
		char c = from[n];
		if (!c)
			break;
		to[n++] = c;
		if (c < 0x20 || c >= 0x7f)
			to[n - 1] = '?';
	}
	to[n] = '\0';
}

bool side_stood(const struct side *side, char *ret_text, size_t room)
{
	char place[NAME_MAX_LEN], call[sizeof side->call.name];

	copy_printable(place, sizeof place, side->place);
	copy_printable(call, sizeof call, side->call.name);
	switch (atomic_load(&side->state)) {
	case ROLE_AT_MEETING:
		snprintf(ret_text, room, "at meeting \"%s\"", place);
		return true;
	case ROLE_WAITING:
		snprintf(ret_text, room, "waiting until %s", place);
		return true;
	default:
		break;
	}
	if (*call)
		snprintf(ret_text, room, "in %s()", call);
	return *call != '\0';
}

/* Copies a field that ends before `end` or at a tab; false when it does not fit or holds bytes
 * that the writer never writes. *at is left behind the tab. */
static bool take_field(const char **at, const char *end, char *to, size_t room)
{
	size_t n = 0;

	for (; *at < end && **at != '\t'; (*at)++) {
		char c = **at; /* looked at once: a helper may still be writing */
		if (n + 1 >= room || c < 0x20 || c >= 0x7f)
			return false;
		to[n++] = c;
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
