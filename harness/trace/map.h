/* map.h -- a hash table from numbers to pointers. */
#ifndef SOCKDRILL_TRACE_MAP_H
#define SOCKDRILL_TRACE_MAP_H

#include <stddef.h>
#include <stdint.h>

/* Empty when all is zero. What is kept belongs to whoever put it there. */
struct map {
	struct map_slot *slots;
	size_t room; /* of slots: a power of two, or 0 */
	size_t count;
};

/* The value under key; NULL: there is none. */
void *map_get(const struct map *map, uint64_t key);
/* Keeps value, which is not NULL, under key; gives the one that was there before, or NULL. */
void *map_put(struct map *map, uint64_t key, void *value);
/* Takes the value under key out and gives it; NULL: there was none. */
void *map_take(struct map *map, uint64_t key);
/* Walks: *at is 0 at first; gives values one after the other, then NULL. Nothing may be put or
 * taken meanwhile. ret_key may be NULL. */
void *map_next(const struct map *map, size_t *at, uint64_t *ret_key);
/* Frees the table, not the values; it is empty then. */
void map_finish(struct map *map);

#endif
