/* plan.h -- which case instances a run consists of, and in which order. */
#ifndef SOCKDRILL_PLAN_H
#define SOCKDRILL_PLAN_H

#include "engine/registry.h"

/* What the user asks for. Lists end at `count`; nothing is owned. */
struct globs {
	const char *const *at;
	size_t count;
};

struct selection {
	struct globs include; /* none: every case */
	struct globs exclude;
	struct globs only;      /* "name/family" of --rerun-failed, no globs */
	bool restrict_only;     /* `only` applies even when it is empty */
	unsigned families;      /* bits; 0: all */
	bool slow;              /* slow cases, too */
	long long max_wait_ms;  /* leaves out cases that wait longer by design; -1: none */
	unsigned shard, shards; /* 1-based; shards 0 or 1: everything */
};

struct instance {
	const struct entry *entry;
	enum family family;
};

struct plan {
	struct instance *instances;
	size_t count;
	size_t before_sharding;
};

/* Why a glob cannot be used ("it has an open ["), or NULL when it can. Accepts name or name/family.
 */
const char *glob_error(const char *glob);
/* fnmatch() on the case's name, or on name/family when the glob holds a slash. */
bool glob_fits(const char *glob, const char *name, enum family family);

/* Selects. Every include glob must fit something: else *ret_unused names the first that does not.
 * The caller frees ret_plan->instances. */
void plan_make(const struct registry *registry, const struct selection *selection,
	       struct plan *ret_plan, const char **ret_unused);

#endif
