/* faults.c -- fuzzes faults as people write them: lines of them, and behind a NUL the calls that a
 * program makes, two bytes each.
 */
#include "trace/fault.h"

#include "protocol/property.h"

enum { INPUT_MAX = 1 << 12, SPECS_MAX = 16, CALLS_MAX = 512 };

static const struct fault_action none = { .kind = FAULT_NONE };

/* Splits the text in place; gives how many lines there are. */
static size_t take_specs(char *text, const char **specs)
{
	size_t count = 0;

	for (char *line = text; line && count < SPECS_MAX;) {
		char *end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		specs[count++] = line;
		line = end;
	}
	return count;
}

static struct fault_plan *make_plan(const char *const *specs, size_t count)
{
	char *error = NULL;
	struct fault_plan *plan = fault_plan_create(specs, count, 1, &error);

	property(!plan == (error != NULL));
	property(!error || !strncmp(error, "fault ", 6));
	for (const char *at = error; at && *at; at++)
		property(*at >= 0x20 && *at < 0x7f);
	free(error);
	return plan;
}

/* The call that two bytes stand for. What it moves is longer on later connections. */
static struct fault_point point_of(const uint8_t *bytes)
{
	enum trace_call call = bytes[0] % CALL_COUNT;
	enum trace_kind kind = trace_call_kind(call);
	bool moves = kind == READS || kind == WRITES;

	return (struct fault_point){ .call = call,
				     .side = SIDE_NONE,
				     .process = 1 + bytes[1] / 64 % 2,
				     .connection = bytes[1] % 8,
				     .number = 1,
				     .is_socket = bytes[1] / 8 % 4 != 0,
				     .may_be_cut = moves && bytes[1] / 128,
				     .length = moves ? bytes[1] % 8 * 3 : 0 };
}

static void check_action(const struct fault_point *point, const struct fault_action *action)
{
	enum trace_kind kind = trace_call_kind(point->call);

	property(action->kind == FAULT_NONE || (kind != ENDS && kind != DENIED));
	property(action->kind != FAULT_CUT ||
		 (point->may_be_cut && action->amount >= 1 && action->amount < point->length));
	property(action->kind != FAULT_FAIL || action->err > 0);
	property(action->kind != FAULT_LIE || action->value < 0);
	property(action->kind != FAULT_DELAY || action->amount > 0);
}

/* Decides all the calls, or those of one connection alone: what the others do changes nothing. */
static void decide_all(struct fault_plan *plan, const uint8_t *calls, size_t count, int connection,
		       struct fault_action *ret_actions)
{
	for (size_t i = 0; i < count; i++) {
		struct fault_point point = point_of(calls + 2 * i);
		if (connection >= 0 && point.connection != (unsigned)connection)
			continue;
		ret_actions[i] = fault_plan_decide(plan, &point);
		check_action(&point, &ret_actions[i]);
	}
}

static bool same_action(const struct fault_action *a, const struct fault_action *b)
{
	return a->kind == b->kind && a->err == b->err && a->amount == b->amount &&
	       a->value == b->value;
}

static void check_hits(const struct fault_plan *plan, size_t specs,
		       const struct fault_action *actions, size_t count)
{
	unsigned long hits = 0;

	for (size_t i = 0; i < specs; i++)
		hits += fault_plan_hits(plan, i);
	for (size_t i = 0; i < count; i++)
		hits -= !same_action(&actions[i], &none);
	property(hits == 0);
}

static void check_decisions(const char *const *specs, size_t n, const uint8_t *calls, size_t count)
{
	struct fault_action all[CALLS_MAX], alone[CALLS_MAX];
	struct fault_plan *plan = make_plan(specs, n);

	decide_all(plan, calls, count, -1, all);
	check_hits(plan, n, all, count);
	fault_plan_destroy(plan);
	plan = make_plan(specs, n);
	for (int connection = 7; connection >= 0; connection--)
		decide_all(plan, calls, count, connection, alone);
	for (size_t i = 0; i < count; i++)
		property(same_action(&all[i], &alone[i]));
	fault_plan_destroy(plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *specs[SPECS_MAX];
	char text[INPUT_MAX + 1];

	if (size > INPUT_MAX)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	size_t read = strlen(text) + 1;
	size_t count = read < size ? (size - read) / 2 : 0;
	size_t n = take_specs(text, specs);
	struct fault_plan *plan = make_plan(specs, n);
	fault_plan_destroy(plan);
	if (plan)
		check_decisions(specs, n, data + read, count < CALLS_MAX ? count : CALLS_MAX);
	return 0;
}
