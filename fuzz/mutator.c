/* mutator.c -- changes inputs that are lines: whole lines are put in, dropped, doubled, swapped,
 * split and joined, and fields within them changed. A library for AFL++
 * (AFL_CUSTOM_MUTATOR_LIBRARY), beside its own mutations; which targets it is for stands in
 * fuzz/mutator.targets.
 *
 * What is made depends on the seed and the inputs alone.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGES_MAX = 2, FIRST_ROOM = 4096 };

/* What afl-fuzz keeps for us. */
struct mutator {
	uint64_t random;
	uint8_t *bytes; /* the input while it is changed */
	size_t n, room;
	size_t most; /* bytes that it may have */
	const uint8_t *other;
	size_t other_n; /* another input, to take from; 0: none */
};

/* From `from` up to `to`. */
struct span {
	size_t from, to;
};

/* ---- Chance ---- */

static uint64_t next_random(struct mutator *m)
{
	m->random ^= m->random >> 12;
	m->random ^= m->random << 25;
	m->random ^= m->random >> 27;
	return m->random * UINT64_C(2685821657736338717);
}

/* Below limit; 0 when that is 0. */
static size_t choose(struct mutator *m, size_t limit)
{
	return limit ? (size_t)(next_random(m) >> 11) % limit : 0;
}

/* ---- Lines and fields ---- */

/* The line around `at`, with its newline. */
static struct span line_around(const uint8_t *bytes, size_t n, size_t at)
{
	struct span line = { at, at };

	while (line.from && bytes[line.from - 1] != '\n')
		line.from--;
	while (line.to < n && bytes[line.to] != '\n')
		line.to++;
	line.to += line.to < n;
	return line;
}

static size_t count_lines(const uint8_t *bytes, size_t n)
{
	size_t count = n && bytes[n - 1] != '\n';

	for (size_t i = 0; i < n; i++)
		count += bytes[i] == '\n';
	return count;
}

/* Any line, each as likely; the empty span of no bytes. */
static struct span any_line(struct mutator *m, const uint8_t *bytes, size_t n)
{
	size_t skip = choose(m, count_lines(bytes, n)), at = 0;

	for (; skip; at++)
		skip -= bytes[at] == '\n';
	return line_around(bytes, n, at);
}

static int is_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_' || c >= 0x80;
}

/* A word of the line; where none follows, one byte. What stands between words is the form that
 * inputs have: afl-fuzz breaks that often enough. */
static struct span any_field(struct mutator *m, const uint8_t *bytes, struct span line)
{
	size_t at = line.from + choose(m, line.to - line.from);
	struct span field = { at, at };

	if (at == line.to)
		return field;
	while (at + 1 < line.to && !is_word(bytes[at]))
		at++;
	field = (struct span){ at, at + 1 };
	if (!is_word(bytes[at]))
		return field;
	while (field.from > line.from && is_word(bytes[field.from - 1]))
		field.from--;
	while (field.to < line.to && is_word(bytes[field.to]))
		field.to++;
	return field;
}

/* ---- Changes ---- */

/* Puts n bytes, which do not lie in the input, in the place of the span. Nothing when they do not
 * fit. */
static void put(struct mutator *m, struct span span, const uint8_t *bytes, size_t n)
{
	size_t rest = m->n - span.to, size = span.from + n + rest;

	if (size > m->most)
		return;
	if (size > m->room) {
		uint8_t *larger = realloc(m->bytes, size * 2);
		if (!larger)
			return;
		m->bytes = larger;
		m->room = size * 2;
	}
	memmove(m->bytes + span.from + n, m->bytes + span.to, rest);
	if (n)
		memcpy(m->bytes + span.from, bytes, n);
	m->n = size;
}

/* Puts a copy of what stands in `from` in the place of `to`. */
static void copy(struct mutator *m, struct span to, struct span from)
{
	size_t n = from.to - from.from;
	uint8_t *bytes = malloc(n ? n : 1);

	if (!bytes)
		return;
	memcpy(bytes, m->bytes + from.from, n);
	put(m, to, bytes, n);
	free(bytes);
}

static void drop_line(struct mutator *m)
{
	put(m, any_line(m, m->bytes, m->n), NULL, 0);
}

static void double_line(struct mutator *m)
{
	struct span line = any_line(m, m->bytes, m->n);
	struct span before = any_line(m, m->bytes, m->n);

	before.to = before.from;
	copy(m, before, line);
}

static void swap_lines(struct mutator *m)
{
	struct span a = any_line(m, m->bytes, m->n), b = any_line(m, m->bytes, m->n);

	if (a.from > b.from) {
		struct span first = b;
		b = a;
		a = first;
	}
	if (a.to > b.from)
		return;
	size_t before = m->n;
	copy(m, (struct span){ a.from, a.from }, b);
	/* It did not fit: then nothing is swapped. */
	if (m->n == before)
		return;
	size_t moved = b.to - b.from;
	a.from += moved;
	a.to += moved;
	b.from += moved;
	b.to += moved;
	copy(m, b, a);
	put(m, a, NULL, 0);
}

static void split_line(struct mutator *m)
{
	size_t at = choose(m, m->n + 1);

	put(m, (struct span){ at, at }, (const uint8_t *)"\n", 1);
}

static void join_lines(struct mutator *m)
{
	struct span line = any_line(m, m->bytes, m->n);

	if (line.to > line.from && m->bytes[line.to - 1] == '\n')
		put(m, (struct span){ line.to - 1, line.to }, NULL, 0);
}

/* A line of the other input, before one of this or in its place. */
static void take_line(struct mutator *m)
{
	struct span line = any_line(m, m->other, m->other_n);
	struct span place = any_line(m, m->bytes, m->n);

	if (choose(m, 2))
		place.to = place.from;
	put(m, place, m->other + line.from, line.to - line.from);
}

/* A field in the place of another of the same or another line. */
static void copy_field(struct mutator *m)
{
	struct span from = any_field(m, m->bytes, any_line(m, m->bytes, m->n));
	struct span to = any_field(m, m->bytes, any_line(m, m->bytes, m->n));

	if (choose(m, 4) == 0)
		to.to = to.from;
	copy(m, to, from);
}

static void take_field(struct mutator *m)
{
	struct span from = any_field(m, m->other, any_line(m, m->other, m->other_n));
	struct span to = any_field(m, m->bytes, any_line(m, m->bytes, m->n));

	put(m, to, m->other + from.from, from.to - from.from);
}

static void drop_field(struct mutator *m)
{
	put(m, any_field(m, m->bytes, any_line(m, m->bytes, m->n)), NULL, 0);
}

/* A field becomes a number that is at some edge. */
static void put_number(struct mutator *m)
{
	static const char *const numbers[] = { "0",
					       "1",
					       "-1",
					       "2",
					       "100000",
					       "2147483648",
					       "4294967296",
					       "9223372036854775807",
					       "18446744073709551616",
					       "1e300",
					       "0.5" };
	const char *number = numbers[choose(m, sizeof numbers / sizeof *numbers)];
	struct span field = any_field(m, m->bytes, any_line(m, m->bytes, m->n));

	put(m, field, (const uint8_t *)number, strlen(number));
}

/* A word grows beyond what a fixed room may hold. */
static void stretch_field(struct mutator *m)
{
	struct span field = any_field(m, m->bytes, any_line(m, m->bytes, m->n));

	for (size_t times = choose(m, 8); times; times--) {
		size_t before = m->n;
		copy(m, (struct span){ field.from, field.from }, field);
		field.to += m->n - before;
	}
}

static void change(struct mutator *m)
{
	static void (*const changes[])(struct mutator *) = {
		drop_line,  double_line, swap_lines, split_line, join_lines,    take_line,
		copy_field, take_field,  drop_field, put_number, stretch_field,
	};

	changes[choose(m, sizeof changes / sizeof *changes)](m);
}

/* ---- What AFL++ calls ---- */

void *afl_custom_init(void *afl, unsigned seed);
size_t afl_custom_fuzz(void *data, uint8_t *input, size_t n, uint8_t **ret_input, uint8_t *other,
		       size_t other_n, size_t most);
void afl_custom_deinit(void *data);

void *afl_custom_init(void *afl, unsigned seed)
{
	struct mutator *m = calloc(1, sizeof *m);

	(void)afl;
	if (!m)
		return NULL;
	m->random = UINT64_C(0x9e3779b97f4a7c15) ^ seed;
	m->room = FIRST_ROOM;
	m->bytes = malloc(m->room);
	if (m->bytes)
		return m;
	free(m);
	return NULL;
}

size_t afl_custom_fuzz(void *data, uint8_t *input, size_t n, uint8_t **ret_input, uint8_t *other,
		       size_t other_n, size_t most)
{
	struct mutator *m = data;

	m->other = other;
	m->other_n = other ? other_n : 0;
	m->most = most;
	m->n = 0;
	put(m, (struct span){ 0, 0 }, input, n);
	for (size_t left = 1 + choose(m, CHANGES_MAX); left; left--)
		change(m);
	/* Nothing is no input: afl-fuzz stops at that. */
	if (!m->n)
		put(m, (struct span){ 0, 0 }, (const uint8_t *)"\n", 1);
	*ret_input = m->bytes;
	return m->n;
}

void afl_custom_deinit(void *data)
{
	struct mutator *m = data;

	free(m->bytes);
	free(m);
}
