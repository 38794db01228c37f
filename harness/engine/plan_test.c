/* plan_test.c -- which instances are selected, and that shards leave nothing out. */
#include "base/random.h"
#include "engine/plan.h"

#include <criterion/criterion.h>

#include "engine/result.h"

static const struct sock_case quick = { .families = INET | INET6 | UNIX };
static const struct sock_case tcp = { .families = INET | INET6 };
static const struct sock_case alone = { .families = NO_FAMILY };
static const struct sock_case waiting = { .families = INET | UNIX, .waits_ms = 50 };
static const struct sock_case just_not_slow = { .families = INET, .waits_ms = SLOW_MS };
static const struct sock_case slow = { .families = INET | UNIX, .waits_ms = SLOW_MS + 1 };

static const struct entry entries[] = {
	{ "accept_quick", &quick },       { "accept_tcp", &tcp }, { "getaddrinfo_alone", &alone },
	{ "recv_limit", &just_not_slow }, { "recv_slow", &slow }, { "recv_waiting", &waiting },
};
static const struct registry registry = { entries, sizeof entries / sizeof *entries };

/* Everything that is not slow. */
#define ACCEPTS                                                                                    \
	"accept_quick/inet accept_quick/inet6 accept_quick/unix accept_tcp/inet accept_tcp/inet6"
#define ALONE   "getaddrinfo_alone/any"
#define LIMIT   "recv_limit/inet"
#define SLOW    "recv_slow/inet recv_slow/unix"
#define WAITING "recv_waiting/inet recv_waiting/unix"

enum { LIST_MAX = 4 };

/* What is asked for and what comes, in order. Lists end at NULL. */
struct asked {
	const char *name;
	const char *include[LIST_MAX], *exclude[LIST_MAX], *only[LIST_MAX];
	bool restrict_only, slow;
	unsigned families;
	long long max_wait_ms; /* 0: no limit; NO_WAIT: none that waits */
	const char *instances, *unused;
};

enum { NO_WAIT = -2 };

static struct globs globs_of(const char *const list[LIST_MAX])
{
	struct globs globs = { .at = list };

	while (globs.count < LIST_MAX && list[globs.count])
		globs.count++;
	return globs;
}

static struct selection selection_of(const struct asked *asked)
{
	long long wait = asked->max_wait_ms;

	return (struct selection){
		.include = globs_of(asked->include),
		.exclude = globs_of(asked->exclude),
		.only = globs_of(asked->only),
		.restrict_only = asked->restrict_only,
		.slow = asked->slow,
		.families = asked->families,
		.max_wait_ms = wait == NO_WAIT ? 0
			       : wait          ? wait
					       : -1,
		.shard = 1,
		.shards = 1,
	};
}

/* The instances as text; new memory. */
static char *plan_text(const struct plan *plan)
{
	char *text = must_copy("");

	for (size_t i = 0; i < plan->count; i++) {
		char *longer = must_format("%s%s%s/%s", text, *text ? " " : "",
					   plan->instances[i].entry->name,
					   family_name(plan->instances[i].family));
		free(text);
		text = longer;
	}
	return text;
}

static void expect_selection(const struct asked *asked)
{
	const struct selection selection = selection_of(asked);
	const char *unused = "not set";
	struct plan plan;

	plan_make(&registry, &selection, &plan, &unused);
	char *text = plan_text(&plan);
	cr_expect_str_eq(text, asked->instances, "%s: %s", asked->name, text);
	cr_expect_eq(plan.before_sharding, plan.count, "%s", asked->name);
	if (asked->unused)
		cr_expect(unused && !strcmp(unused, asked->unused), "%s: unused is %s", asked->name,
			  unused ? unused : "NULL");
	else
		cr_expect_null(unused, "%s: unused is %s", asked->name, unused);
	free(text);
	free(plan.instances);
}

static const struct asked askeds[] = {
	{ "everything", .instances = ACCEPTS " " ALONE " " LIMIT " " WAITING },
	{ "everything and slow", .slow = true,
	  .instances = ACCEPTS " " ALONE " " LIMIT " " SLOW " " WAITING },
	{ "a name", .include = { "accept_tcp" }, .instances = "accept_tcp/inet accept_tcp/inet6" },
	{ "a name and its family", .include = { "accept_tcp/inet6" },
	  .instances = "accept_tcp/inet6" },
	{ "a glob", .include = { "accept_*" }, .instances = ACCEPTS },
	{ "a glob with a family", .include = { "*/unix" },
	  .instances = "accept_quick/unix recv_waiting/unix" },
	{ "a glob of the family", .include = { "accept_quick/inet*" },
	  .instances = "accept_quick/inet accept_quick/inet6" },
	{ "brackets", .include = { "recv_[lw]*" }, .instances = LIMIT " " WAITING },
	{ "a question mark", .include = { "accept_tc?" },
	  .instances = "accept_tcp/inet accept_tcp/inet6" },
	{ "two globs, in the order of the registry", .include = { "recv_limit", "get*" },
	  .instances = ALONE " " LIMIT },
	{ "two globs that overlap select once", .include = { "accept_t*", "accept_tcp/inet" },
	  .instances = "accept_tcp/inet accept_tcp/inet6" },
	{ "a part of a name fits nothing", .include = { "accept" }, .instances = "",
	  .unused = "accept" },
	{ "the first unused of several", .include = { "recv_limit", "foo", "bar" },
	  .instances = LIMIT, .unused = "foo" },
	{ "a family that the case has not", .include = { "accept_tcp/unix" }, .instances = "",
	  .unused = "accept_tcp/unix" },
	/* It fits something; that this is excluded is the user's wish. */
	{ "used, though excluded", .include = { "accept_tcp" }, .exclude = { "accept_*" },
	  .instances = "" },
	{ "used, though of another family", .include = { "accept_tcp" }, .families = UNIX,
	  .instances = "" },
	{ "used, though slow", .include = { "recv_s*" }, .instances = "" },
	{ "one family", .families = INET6, .instances = "accept_quick/inet6 accept_tcp/inet6" },
	{ "two families", .families = UNIX | NO_FAMILY,
	  .instances = "accept_quick/unix " ALONE " recv_waiting/unix" },
	{ "exclude a name", .exclude = { "accept_quick", "recv_*" },
	  .instances = "accept_tcp/inet accept_tcp/inet6 " ALONE },
	{ "exclude an instance", .include = { "accept_tcp" }, .exclude = { "accept_tcp/inet" },
	  .instances = "accept_tcp/inet6" },
	{ "exclude all", .exclude = { "*" }, .instances = "" },
	{ "an exclusion need not fit", .include = { "recv_limit" }, .exclude = { "foo" },
	  .instances = LIMIT },
	{ "none that wait", .max_wait_ms = NO_WAIT, .instances = ACCEPTS " " ALONE },
	{ "up to a wait", .max_wait_ms = 50, .instances = ACCEPTS " " ALONE " " WAITING },
	{ "just below a wait", .max_wait_ms = 49, .instances = ACCEPTS " " ALONE },
	{ "a wait does not make slow", .max_wait_ms = 100000,
	  .instances = ACCEPTS " " ALONE " " LIMIT " " WAITING },
	{ "slow, up to a wait", .slow = true, .max_wait_ms = SLOW_MS,
	  .instances = ACCEPTS " " ALONE " " LIMIT " " WAITING },
	{ "slow by name", .include = { "recv_slow" }, .instances = SLOW },
	{ "slow by name, with another", .include = { "accept_tcp/inet", "recv_slow" },
	  .instances = "accept_tcp/inet " SLOW },
	/* As a report's "repeat" line has it. */
	{ "slow by name and family", .include = { "recv_slow/unix" },
	  .instances = "recv_slow/unix" },
	{ "slow is not meant by a glob", .include = { "recv_*" }, .instances = LIMIT " " WAITING },
	{ "slow by name, but it waits too long", .include = { "recv_slow" }, .max_wait_ms = 50,
	  .instances = "" },
	{ "only", .only = { "accept_tcp/inet", "recv_waiting/unix" }, .restrict_only = true,
	  .instances = "accept_tcp/inet recv_waiting/unix" },
	{ "only, and a glob", .include = { "recv_*" },
	  .only = { "accept_tcp/inet", "recv_waiting/unix" }, .restrict_only = true,
	  .instances = "recv_waiting/unix" },
	{ "only a slow one", .only = { "recv_slow/inet" }, .restrict_only = true,
	  .instances = "recv_slow/inet" },
	{ "only nothing", .restrict_only = true, .instances = "" },
	{ "only what is gone", .only = { "gone/inet" }, .restrict_only = true, .instances = "" },
};

Test(plan, selects)
{
	for (size_t i = 0; i < sizeof askeds / sizeof *askeds; i++)
		expect_selection(&askeds[i]);
}

/* ---- Shards ---- */

static size_t place_of(const struct plan *plan, const struct instance *instance)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->instances[i].entry == instance->entry &&
		    plan->instances[i].family == instance->family)
			return i;
	return plan->count;
}

/* Marks the instances of one shard; each must be in the whole, and not marked yet. */
static void take_shard(const struct plan *whole, unsigned shard, unsigned shards, bool *taken)
{
	const struct selection selection = { .max_wait_ms = -1, .shard = shard, .shards = shards };
	const char *unused;
	struct plan part;

	plan_make(&registry, &selection, &part, &unused);
	cr_expect_eq(part.before_sharding, whole->count, "%u/%u", shard, shards);
	cr_expect_leq(part.count, (whole->count + shards - 1) / shards, "%u/%u", shard, shards);
	cr_expect_geq(part.count, whole->count / shards, "%u/%u", shard, shards);
	for (size_t i = 0; i < part.count; i++) {
		size_t at = place_of(whole, &part.instances[i]);
		cr_assert_lt(at, whole->count, "%u/%u: %zu", shard, shards, i);
		cr_expect(!taken[at], "%u/%u: %zu was in another shard", shard, shards, at);
		taken[at] = true;
	}
	free(part.instances);
}

Test(plan, shards_partition)
{
	const struct selection all = { .max_wait_ms = -1 };
	const char *unused;
	struct plan whole;

	plan_make(&registry, &all, &whole, &unused);
	for (unsigned shards = 1; shards <= whole.count + 3; shards++) {
		bool *taken = must_alloc(whole.count, sizeof *taken);
		for (unsigned shard = 1; shard <= shards; shard++)
			take_shard(&whole, shard, shards, taken);
		for (size_t i = 0; i < whole.count; i++)
			cr_expect(taken[i], "of %u shards none has %zu", shards, i);
		free(taken);
	}
	free(whole.instances);
}

Test(plan, nothing_registered)
{
	const struct registry empty = { entries, 0 };
	const struct selection all = { .max_wait_ms = -1 };
	const char *unused = "not set";
	struct plan plan;

	plan_make(&empty, &all, &plan, &unused);
	cr_expect_eq(plan.count, 0);
	cr_expect_eq(plan.before_sharding, 0);
	cr_expect_null(unused);
	free(plan.instances);
}

/* ---- Globs ---- */

static const struct {
	const char *glob, *error; /* error: part of the text; NULL: usable */
} globs[] = {
	{ "recv_eintr", NULL },
	{ "recv_eintr/inet", NULL },
	{ "*", NULL },
	{ "recv_[ab]*", NULL },
	{ "recv_[!ab]*", NULL },
	{ "a\\[b", NULL },
	{ "a\\\\", NULL },
	{ "a]b", NULL },
	{ "[[]", NULL },
	{ "", "empty" },
	{ "recv_[ab", "open [" },
	{ "[", "open [" },
	{ "[a]b[", "open [" },
	{ "a[\\]", "open [" },
	{ "recv\\", "backslash" },
	{ "a\\\\\\", "backslash" },
};

Test(plan, glob_errors)
{
	for (size_t i = 0; i < sizeof globs / sizeof *globs; i++) {
		const char *error = glob_error(globs[i].glob);
		bool same = globs[i].error ? error && strstr(error, globs[i].error) : !error;
		cr_expect(same, "'%s': %s", globs[i].glob, error ? error : "usable");
	}
}

static const struct {
	const char *glob, *name;
	enum family family;
	bool fits;
} fits[] = {
	{ "recv", "recv", INET, true },          { "recv", "recv_eintr", INET, false },
	{ "recv*", "recv_eintr", UNIX, true },   { "RECV", "recv", INET, false },
	{ "recv/inet", "recv", INET, true },     { "recv/inet", "recv", INET6, false },
	{ "recv/any", "recv", NO_FAMILY, true }, { "recv/*", "recv", INET6, true },
	{ "*/inet?", "recv", INET6, true },      { "*/inet?", "recv", INET, false },
	{ "r\\*", "recv", INET, false },
};

Test(plan, glob_fits)
{
	for (size_t i = 0; i < sizeof fits / sizeof *fits; i++)
		cr_expect_eq(glob_fits(fits[i].glob, fits[i].name, fits[i].family), fits[i].fits,
			     "'%s' on %s/%s", fits[i].glob, fits[i].name,
			     family_name(fits[i].family));
}

/* ---- Random order ---- */

Test(plan, random_repeats_with_its_seed)
{
	uint64_t one = 42, same = 42, other = 43;
	unsigned differ = 0;

	for (int i = 0; i < 1000; i++) {
		uint64_t number = next_random(&one);
		cr_assert_eq(number, next_random(&same), "number %d", i);
		differ += number != next_random(&other);
		cr_assert_neq(one, 0, "the state got stuck at number %d", i);
	}
	cr_expect_gt(differ, 990, "%u", differ);
}
