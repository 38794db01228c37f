/* registry.c -- the table of all cases. list_cases.c finds them at build time. */
#include "engine/registry.h"

#define CASE(id, file, line) extern const struct sock_case id;
#include "engine/case_list.def"
#undef CASE

static const struct entry entries[] = {
#define CASE(id, file, line) { #id, &id, file, line },
#include "engine/case_list.def"
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
