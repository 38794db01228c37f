/* property.h -- what must hold of every parser, said once for the unit tests and the fuzz targets.
 *
 * A property that does not hold says so on stderr and aborts: fuzzers and Criterion both see that.
 */
#ifndef SOCKDRILL_PROPERTY_H
#define SOCKDRILL_PROPERTY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "protocol/parse.h"

static inline _Noreturn void property_broken(const char *text, const char *file, int line)
{
	fprintf(stderr, "%s:%d: this property does not hold: %s\n", file, line, text);
	abort();
}

#define property(condition)                                                                        \
	do {                                                                                       \
		if (!(condition))                                                                  \
			property_broken(#condition, __FILE__, __LINE__);                           \
	} while (0)

/* Room that ends where a page begins that nobody may touch: one byte read too many is a SIGSEGV. */
struct guard {
	uint8_t *map;
	size_t room; /* before the page that must not be touched */
	size_t page;
};

/* Gives at least `room` bytes; guard_free() gives them back. Aborts when there is no memory. */
static inline struct guard guard_make(size_t room)
{
	struct guard guard = { .page = (size_t)sysconf(_SC_PAGESIZE) };

	guard.room = (room + guard.page - 1) / guard.page * guard.page;
	guard.map = mmap(NULL, guard.room + guard.page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	property(guard.map != MAP_FAILED);
	property(mprotect(guard.map + guard.room, guard.page, PROT_NONE) == 0);
	return guard;
}

static inline void guard_free(const struct guard *guard)
{
	munmap(guard->map, guard->room + guard->page);
}

/* The last `len` bytes before the page: for what is to be written there. */
static inline uint8_t *guard_tail(const struct guard *guard, size_t len)
{
	property(len <= guard->room);
	return guard->map + guard->room - len;
}

/* Copies the bytes flush against the page. The next copy overwrites them. */
static inline uint8_t *guard_copy(const struct guard *guard, const void *bytes, size_t len)
{
	uint8_t *tail = guard_tail(guard, len);

	if (len)
		memcpy(tail, bytes, len);
	return tail;
}

/* A guard for a fuzz target, made before main: then no call of the target differs from another. */
#define GUARD_FOR_TARGET(bytes)                                                                    \
	static struct guard guard;                                                                 \
	__attribute__((constructor)) static void make_guard_for_target(void)                       \
	{                                                                                          \
		guard = guard_make(bytes);                                                         \
	}

/* A parser with all but the bytes settled; `rules` is what the test hands through. */
typedef struct parse property_parser(const void *rules, const uint8_t *bytes, size_t len);

static inline bool parse_same(struct parse a, struct parse b)
{
	return a.status == b.status && a.used == b.used && a.at == b.at && a.reason == b.reason;
}

/* What parse.h promises of any result for an input of `len` bytes. */
static inline void property_result(struct parse result, size_t len)
{
	property(result.status == PARSE_BAD || !result.reason);
	property(result.status != PARSE_BAD || result.reason);
	property(result.used <= len && result.at <= len);
	property(result.status == PARSE_DONE || !result.used);
}

/* The first `cut` bytes are a beginning of what `whole` was said of: before the deciding byte they
 * are partial, and nothing else is ever said of them than of the whole. */
static inline void property_cut(property_parser *parser, const void *rules, const uint8_t *bytes,
				size_t cut, struct parse whole)
{
	struct parse part = parser(rules, bytes, cut);

	property_result(part, cut);
	property(part.status == PARSE_PARTIAL || parse_same(part, whole));
	if (whole.status == PARSE_DONE)
		property((part.status == PARSE_DONE) == (cut >= whole.used));
	if (whole.status == PARSE_BAD && cut < whole.at)
		property(part.status == PARSE_PARTIAL);
}

/* Every split of the input, each part flush against the guard. Gives what was said of the whole. */
static inline struct parse property_splits(const struct guard *guard, property_parser *parser,
					   const void *rules, const void *bytes, size_t len)
{
	struct parse whole = parser(rules, guard_copy(guard, bytes, len), len);

	property_result(whole, len);
	for (size_t cut = 0; cut <= len; cut++)
		property_cut(parser, rules, guard_copy(guard, bytes, cut), cut, whole);
	return whole;
}

/* The splits that matter most, for fuzz targets: at the deciding byte, and in the middle. */
static inline struct parse property_few_splits(const struct guard *guard, property_parser *parser,
					       const void *rules, const void *bytes, size_t len)
{
	struct parse whole = parser(rules, guard_copy(guard, bytes, len), len);
	size_t decided = whole.used + whole.at;
	size_t cuts[] = { decided ? decided - 1 : 0, decided, len / 2 };

	property_result(whole, len);
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++)
		property_cut(parser, rules, guard_copy(guard, bytes, cuts[i]), cuts[i], whole);
	return whole;
}

#endif
