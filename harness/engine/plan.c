/* plan.c -- selection of case instances by glob, family, wait and shard. */
#include "engine/plan.h"

#include <fnmatch.h>

#include "engine/result.h"

static const enum family family_order[] = { INET, INET6, UNIX, NO_FAMILY };

const char *glob_error(const char *glob)
{
	bool open = false;

	if (!*glob)
		return "it is empty";
	for (const char *c = glob; *c; c++) {
		if (*c == '\\' && !c[1])
			return "it ends in a backslash";
		if (*c == '\\')
			c++;
		else if (*c == '[' && !open)
			open = true;
		else if (*c == ']')
			open = false;
	}
	return open ? "it has an open [" : NULL;
}

bool glob_fits(const char *glob, const char *name, enum family family)
{
	char full[160];

	if (!strchr(glob, '/'))
		return !fnmatch(glob, name, 0);
	snprintf(full, sizeof full, "%s/%s", name, family_name(family));
	return !fnmatch(glob, full, 0);
}

static bool any_fits(const struct globs *globs, const char *name, enum family family)
{
	for (size_t i = 0; i < globs->count; i++)
		if (glob_fits(globs->at[i], name, family))
			return true;
	return false;
}

/* A slow case that the user names in full, alone or with its family, is wanted. */
static bool is_named(const struct globs *globs, const char *name, enum family family)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < globs->count; i++) {
		const char *rest = globs->at[i] + n;
		if (strncmp(globs->at[i], name, n) != 0)
			continue;
		if (!*rest || (*rest == '/' && !strcmp(rest + 1, family_name(family))))
			return true;
	}
	return false;
}

/* `only` holds whole names, and may hold thousands. */
static bool is_listed(const struct globs *only, const char *name, enum family family)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < only->count; i++) {
		const char *one = only->at[i];
		if (!strncmp(one, name, n) && one[n] == '/' &&
		    !strcmp(one + n + 1, family_name(family)))
			return true;
	}
	return false;
}

static bool is_selected(const struct selection *s, const struct entry *entry, enum family family)
{
	const struct sock_case *test = entry->test;

	if (!(test->families & family) || (s->families && !(s->families & family)))
		return false;
	if (s->include.count && !any_fits(&s->include, entry->name, family))
		return false;
	if (any_fits(&s->exclude, entry->name, family))
		return false;
	if (s->restrict_only && !is_listed(&s->only, entry->name, family))
		return false;
	if (s->max_wait_ms >= 0 && test->waits_ms > s->max_wait_ms)
		return false;
	return s->slow || test->waits_ms <= SLOW_MS || s->restrict_only ||
	       is_named(&s->include, entry->name, family);
}

static const char *find_unused(const struct registry *registry, const struct globs *globs)
{
	for (size_t g = 0; g < globs->count; g++) {
		struct globs one = { &globs->at[g], 1 };
		bool used = false;
		for (size_t i = 0; i < registry->count && !used; i++)
			for (size_t f = 0; f < 4 && !used; f++)
				used = registry->entries[i].test->families & family_order[f] &&
				       any_fits(&one, registry->entries[i].name, family_order[f]);
		if (!used)
			return globs->at[g];
	}
	return NULL;
}

void plan_make(const struct registry *registry, const struct selection *selection,
	       struct plan *ret_plan, const char **ret_unused)
{
	struct plan plan = { .instances = must_alloc(registry->count * 4, sizeof *plan.instances) };

	for (size_t i = 0; i < registry->count; i++) {
		const struct entry *entry = &registry->entries[i];
		for (size_t f = 0; f < sizeof family_order / sizeof *family_order; f++) {
			if (!is_selected(selection, entry, family_order[f]))
				continue;
			size_t turn = plan.before_sharding++;
			if (selection->shards > 1 &&
			    turn % selection->shards != selection->shard - 1)
				continue;
			plan.instances[plan.count++] = (struct instance){ entry, family_order[f] };
		}
	}
	*ret_plan = plan;
	*ret_unused = find_unused(registry, &selection->include);
}
