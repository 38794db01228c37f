/* registry.c -- the table of all cases. Their places are found at build time by place_cases.c. */
#include "engine/registry.h"

#include "engine/case_places.h"

static const struct entry entries[] = {
#define CASE(id) { #id, &id, PLACE_##id },
#include "cases/index.def"
#undef CASE
};

const struct registry all_cases = { entries, sizeof entries / sizeof *entries };

const struct entry *registry_find(const struct registry *registry, const char *name)
{
	size_t low = 0, high = registry->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, registry->entries[middle].name);
		if (!order)
			return &registry->entries[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
