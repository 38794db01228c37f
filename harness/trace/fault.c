/* fault.c -- decides which calls are disturbed: rules, and counters that do not depend on how the
 * threads of a program are scheduled. */
#include "trace/fault.h"

#include <errno.h>
#include <stdlib.h>

#include "base/memory.h"
#include "trace/fault_spec.h"

/* What is counted together: by one rule, on one connection, in one direction. */
struct key {
	size_t rule;
	int side;
	unsigned process;
	unsigned connection;
	unsigned lane;
};

struct counter {
	struct key key;
	uint64_t calls; /* 0: the place is free */
	bool spare;     /* the next one is the second try */
};

struct fault_plan {
	uint64_t seed;
	struct fault_rule *rules;
	unsigned long *hits; /* by rule */
	size_t count;
	struct counter *counters; /* a hash table: `room` is a power of two, or 0 */
	size_t room, used;
	/* Of fault_plan_single(): no rules, this. */
	int single_side;
	unsigned single_number; /* 0: not such a plan */
	struct fault_action single;
};

static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static uint64_t hash(const struct key *key, uint64_t seed)
{
	uint64_t parts[] = { key->rule, (uint64_t)key->side, key->process, key->connection,
			     key->lane };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		seed = mix(seed ^ parts[i]);
	return seed;
}

static bool same_key(const struct key *a, const struct key *b)
{
	return a->rule == b->rule && a->side == b->side && a->process == b->process &&
	       a->connection == b->connection && a->lane == b->lane;
}

/* The counter's place in a table that has room: its own, or the free one where it belongs. */
static struct counter *find(struct counter *counters, size_t room, const struct key *key)
{
	size_t at = (size_t)(hash(key, 0) & (room - 1));

	while (counters[at].calls && !same_key(&counters[at].key, key))
		at = (at + 1) & (room - 1);
	return &counters[at];
}

static void make_room(struct fault_plan *plan)
{
	enum { FIRST_ROOM = 64 };
	size_t room = plan->room ? plan->room * 2 : FIRST_ROOM;

	if (plan->used * 2 < plan->room)
		return;
	struct counter *counters = must_alloc(room, sizeof *counters);
	for (size_t i = 0; i < plan->room; i++)
		if (plan->counters[i].calls)
			*find(counters, room, &plan->counters[i].key) = plan->counters[i];
	free(plan->counters);
	plan->counters = counters;
	plan->room = room;
}

/* All that receives is counted together, and all that sends; of the rest, each call by itself. So
 * is what must be tried twice: it is the same call that is tried again. */
static unsigned lane_of(const struct fault_rule *rule, enum trace_call call)
{
	enum trace_kind kind = trace_call_kind(call);

	if (!rule->retry && (kind == READS || kind == WRITES))
		return CALL_COUNT + (unsigned)kind;
	return call;
}

static struct counter *counter_of(struct fault_plan *plan, size_t rule,
				  const struct fault_point *point)
{
	struct key key = { .rule = rule,
			   .side = point->side,
			   .process = point->process,
			   .connection = point->connection,
			   .lane = lane_of(&plan->rules[rule], point->call) };

	make_room(plan);
	struct counter *counter = find(plan->counters, plan->room, &key);
	if (!counter->calls) {
		*counter = (struct counter){ .key = key };
		plan->used++;
	}
	return counter;
}

/* Calls that make what they are about have no descriptor; those of epoll have one of its own. */
static bool is_about_sockets(const struct fault_point *point)
{
	switch (point->call) {
	case CALL_socket:
	case CALL_socketpair:
	case CALL_epoll_create:
	case CALL_epoll_create1:
	case CALL_epoll_ctl:
		return true;
	default:
		return point->is_socket;
	}
}

static bool may_cut(const struct fault_point *point, long long amount)
{
	return point->may_be_cut && point->length > amount;
}

static bool fits(const struct fault_rule *rule, const struct fault_point *point)
{
	return rule->calls & UINT64_C(1) << point->call && is_about_sockets(point) &&
	       (!rule->connection || rule->connection == point->connection) &&
	       (rule->action.kind != FAULT_CUT || may_cut(point, rule->action.amount));
}

/* Whether the call is within the rule's luck: drawn for this count of this counter alone. */
static bool is_lucky(const struct fault_plan *plan, const struct fault_rule *rule,
		     const struct counter *counter)
{
	uint64_t draw = mix(hash(&counter->key, plan->seed) ^ counter->calls);

	return draw % FAULT_CERTAIN < rule->chance;
}

/* Counts the call; gives whether the rule hits it. */
static bool is_due(struct fault_plan *plan, size_t i, const struct fault_point *point)
{
	const struct fault_rule *rule = &plan->rules[i];

	if (!fits(rule, point))
		return false;
	struct counter *counter = counter_of(plan, i, point);
	if (counter->spare) {
		counter->spare = false;
		return false;
	}
	uint64_t number = ++counter->calls;
	if (number < rule->first || number > rule->last ||
	    (number - rule->first) % rule->step != 0 || !is_lucky(plan, rule, counter))
		return false;
	counter->spare = rule->retry;
	return true;
}

/* A call that goes on behind its error is made, and only said to have failed: close() frees the
 * descriptor all the same, a connect() that was interrupted goes on in the background. */
static struct fault_action as_system_does(struct fault_action action, enum trace_call call)
{
	bool goes_on = trace_call_kind(call) == CLOSES ||
		       (call == CALL_connect && (action.err == EINTR || action.err == EINPROGRESS));

	if (action.kind == FAULT_FAIL && goes_on)
		return (struct fault_action){ .kind = FAULT_LIE, .value = -action.err };
	return action;
}

static struct fault_action decide_single(const struct fault_plan *plan,
					 const struct fault_point *point)
{
	struct fault_action none = { .kind = FAULT_NONE };

	if (point->side != plan->single_side || point->number != plan->single_number)
		return none;
	if (plan->single.kind == FAULT_CUT && !may_cut(point, plan->single.amount))
		return none;
	return plan->single;
}

struct fault_action fault_plan_decide(struct fault_plan *plan, const struct fault_point *point)
{
	struct fault_action action = { .kind = FAULT_NONE };

	if (plan->single_number)
		return decide_single(plan, point);
	for (size_t i = 0; i < plan->count; i++) {
		if (!is_due(plan, i, point) || action.kind != FAULT_NONE)
			continue;
		action = as_system_does(plan->rules[i].action, point->call);
		plan->hits[i]++;
	}
	return action;
}

unsigned long fault_plan_hits(const struct fault_plan *plan, size_t spec)
{
	return plan->hits[spec];
}

struct fault_plan *fault_plan_create(const char *const *specs, size_t count, uint64_t seed,
				     char **ret_error)
{
	struct fault_plan *plan = must_alloc(1, sizeof *plan);

	*plan = (struct fault_plan){ .seed = seed, .count = count };
	plan->rules = must_alloc(count + 1, sizeof *plan->rules);
	plan->hits = must_alloc(count + 1, sizeof *plan->hits);
	for (size_t i = 0; i < count; i++)
		if (!fault_spec_parse(specs[i], &plan->rules[i], ret_error)) {
			fault_plan_destroy(plan);
			return NULL;
		}
	return plan;
}

struct fault_plan *fault_plan_single(int side, unsigned number, struct fault_action action)
{
	struct fault_plan *plan = calloc(1, sizeof *plan);

	if (!plan)
		return NULL;
	plan->single_side = side;
	plan->single_number = number;
	plan->single = action;
	return plan;
}

void fault_plan_destroy(struct fault_plan *plan)
{
	if (!plan)
		return;
	free(plan->rules);
	free(plan->hits);
	free(plan->counters);
	free(plan);
}
