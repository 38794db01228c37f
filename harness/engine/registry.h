/* registry.h -- the table of all cases, made from cases/index.def. */
#ifndef SOCKDRILL_REGISTRY_H
#define SOCKDRILL_REGISTRY_H

#include "case.h"

struct entry {
	const char *name;
	const struct sock_case *test;
	const char *file; /* where it is defined: a path in the project, and the line */
	int line;
};

struct registry {
	const struct entry *entries; /* sorted by name */
	size_t count;
};

extern const struct registry all_cases;

/* The entry of that name, or NULL. */
const struct entry *registry_find(const struct registry *registry, const char *name);

#endif
