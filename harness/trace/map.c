/* map.c -- a hash table from numbers to pointers: open addresses, probed one after the other. */
#include "trace/map.h"

#include <stdlib.h>

#include "base/memory.h"

struct map_slot {
	uint64_t key;
	void *value; /* NULL: free */
};

/* Neighbouring numbers, as descriptors and threads have, go to different places. */
static size_t place(const struct map *map, uint64_t key)
{
	return (size_t)((key * 0x9e3779b97f4a7c15U) >> 20) & (map->room - 1);
}

/* The slot of key, or the free one where it would go. */
static size_t find(const struct map *map, uint64_t key)
{
	size_t i = place(map, key);

	while (map->slots[i].value && map->slots[i].key != key)
		i = (i + 1) & (map->room - 1);
	return i;
}

void *map_get(const struct map *map, uint64_t key)
{
	return map->count ? map->slots[find(map, key)].value : NULL;
}

static void grow(struct map *map)
{
	struct map old = *map;
	size_t at = 0;
	uint64_t key;

	map->room = old.room ? old.room * 2 : 16;
	map->slots = must_alloc(map->room, sizeof *map->slots);
	for (void *value; (value = map_next(&old, &at, &key)) != NULL;)
		map->slots[find(map, key)] = (struct map_slot){ key, value };
	free(old.slots);
}

void *map_put(struct map *map, uint64_t key, void *value)
{
	if (map->count * 4 >= map->room * 3)
		grow(map);
	struct map_slot *slot = &map->slots[find(map, key)];
	void *before = slot->value;

	*slot = (struct map_slot){ key, value };
	map->count += !before;
	return before;
}

void *map_take(struct map *map, uint64_t key)
{
	if (!map->count)
		return NULL;
	size_t mask = map->room - 1, hole = find(map, key);
	void *value = map->slots[hole].value;

	if (!value)
		return NULL;
	/* What stands behind the hole moves into it, unless it would come before its place. */
	for (size_t i = (hole + 1) & mask; map->slots[i].value; i = (i + 1) & mask) {
		size_t wants = place(map, map->slots[i].key);
		if (((i - wants) & mask) < ((i - hole) & mask))
			continue;
		map->slots[hole] = map->slots[i];
		hole = i;
	}
	map->slots[hole].value = NULL;
	map->count--;
	return value;
}

void *map_next(const struct map *map, size_t *at, uint64_t *ret_key)
{
	while (*at < map->room) {
		const struct map_slot *slot = &map->slots[(*at)++];
		if (!slot->value)
			continue;
		if (ret_key)
			*ret_key = slot->key;
		return slot->value;
	}
	return NULL;
}

void map_finish(struct map *map)
{
	free(map->slots);
	*map = (struct map){ 0 };
}
