/* disturb.c -- which disturbances a case's recorded calls allow, and what became of them. */
#include "engine/disturb.h"

#include "os/os.h"

enum {
	TRIES_MAX = 500, /* disturbances of one instance */
	LIMIT_MS = 500,  /* of a disturbed pair, beside some times what it took undisturbed */
	LIMIT_TIMES = 4
};

/* One instance while it is disturbed. */
struct subject {
	struct disturbance *tries;
	char **texts; /* of each try */
	size_t count, next;
	bool cut;
	enum verdict verdict; /* undisturbed */
	double ms;            /* likewise */
	unsigned calls;
	char *breaks; /* the first try that only the machinery noticed; NULL: none */
};

struct disturbing {
	const struct plan *plan;
	const struct schedule_setting *setting;
	struct subject *subjects; /* one an instance */
	disturbed_fn disturbed;
	void *context;
};

/* ---- What can be done to a call ---- */

static struct fault_action lie(long long value)
{
	return (struct fault_action){ .kind = FAULT_LIE, .value = value };
}

/* The call is said to have failed, or to have failed in another way. */
static bool other_errno(const struct trace_event *event, struct fault_action *ret_action)
{
	*ret_action = lie(event->result == -EIO ? -EPROTO : -EIO);
	return true;
}

/* The call is said to have succeeded, or to have given nothing. */
static bool other_success(const struct trace_event *event, struct fault_action *ret_action)
{
	*ret_action = lie(event->result == 0 ? 1 : 0);
	return true;
}

/* The call is said to have given one more or one less. */
static bool other_count(const struct trace_event *event, struct fault_action *ret_action)
{
	*ret_action = lie(event->result > 1 ? event->result - 1 : event->result + 1);
	return event->result > 0;
}

static bool other_data(const struct trace_event *event, struct fault_action *ret_action)
{
	static const struct fault_action flip = { .kind = FAULT_FLIP };

	*ret_action = flip;
	return event->result >= 0 && trace_flips(event->call);
}

/* In the order in which they are tried: every call is disturbed by the first before the second. */
static bool (*const ways[])(const struct trace_event *, struct fault_action *) = {
	other_errno,
	other_success,
	other_count,
	other_data,
};

static char *tell_try(const struct trace_event *event, const struct fault_action *action)
{
	const char *name = action->value < 0 ? os_errno_name((int)-action->value) : NULL;
	char *lied = action->kind == FAULT_FLIP ? must_copy("with one bit wrong")
		     : name                     ? must_format("told as -1 %s", name)
						: must_format("told as %lld", action->value);
	char *text = must_format("%s call %u, %s(%.60s) = %s, %s", who_name((enum who)event->side),
				 event->number, trace_call_name(event->call), event->arguments,
				 event->result_text, lied);

	free(lied);
	return text;
}

static void add_try(struct subject *subject, const struct trace_event *event,
		    struct fault_action action)
{
	if (subject->count == TRIES_MAX) {
		subject->cut = true;
		return;
	}
	subject->tries[subject->count] = (struct disturbance){ event->side, event->number, action };
	subject->texts[subject->count++] = tell_try(event, &action);
}

/* What a case is about comes last in most, so the last calls come first. */
static void plan_tries(struct subject *subject, const struct trace_log *log)
{
	size_t count;
	const struct trace_event *events = trace_log_events(log, &count);
	struct fault_action action;

	subject->tries = must_alloc(TRIES_MAX, sizeof *subject->tries);
	subject->texts = must_alloc(TRIES_MAX, sizeof *subject->texts);
	for (size_t way = 0; way < sizeof ways / sizeof *ways; way++)
		for (size_t i = count; i-- > 0;) {
			const struct trace_event *event = &events[i];
			if (event->what != TRACE_CALL || event->unfinished ||
			    event->side == SIDE_NONE || trace_call_kind(event->call) == ENDS)
				continue;
			subject->calls += way == 0;
			if (ways[way](event, &action))
				add_try(subject, event, action);
		}
	subject->cut |= trace_log_lost(log) > 0;
}

static void forget(struct subject *subject)
{
	for (size_t i = 0; i < subject->count; i++)
		free(subject->texts[i]);
	free(subject->texts);
	free(subject->tries);
	free(subject->breaks);
	memset(subject, 0, sizeof *subject);
}

/* ---- The runs ---- */

static enum next_step conclude(struct disturbing *d, size_t instance, enum proof proof,
			       const char *how)
{
	struct subject *subject = &d->subjects[instance];
	const struct disturbed disturbed = {
		.entry = d->plan->instances[instance].entry,
		.family = d->plan->instances[instance].family,
		.proof = proof,
		.verdict = subject->verdict,
		.calls = subject->calls,
		.tried = (unsigned)subject->next,
		.cut = subject->cut,
		.how = how,
	};

	d->disturbed(d->context, &disturbed);
	forget(subject);
	return GO_ON;
}

/* Goes on with the next try, if there is one. */
static enum next_step go_on(struct disturbing *d, size_t instance)
{
	struct subject *subject = &d->subjects[instance];

	if (subject->next < subject->count)
		return RUN_AGAIN;
	if (subject->breaks)
		return conclude(d, instance, PROOF_BREAKS, subject->breaks);
	return conclude(d, instance, PROOF_SURVIVES, "");
}

static enum next_step take_undisturbed(struct disturbing *d, size_t instance,
				       const struct result *result)
{
	struct subject *subject = &d->subjects[instance];

	subject->verdict = result->verdict;
	subject->ms = result->ms;
	if (result->verdict != VERDICT_PASS && result->verdict != VERDICT_VARIANT)
		return conclude(d, instance, PROOF_NOT_RUN, result->reason);
	plan_tries(subject, result->calls);
	return go_on(d, instance);
}

static enum next_step landed(void *context, size_t instance, struct result *result)
{
	struct disturbing *d = context;
	struct subject *subject = &d->subjects[instance];

	if (!subject->tries)
		return take_undisturbed(d, instance, result);
	const char *text = subject->texts[subject->next++];
	if (result->verdict == VERDICT_FAIL)
		return conclude(d, instance, PROOF_FAILS, text);
	if (!verdict_is_good(result->verdict) && !subject->breaks)
		subject->breaks = must_copy(text);
	return go_on(d, instance);
}

static void adjust(void *context, size_t instance, struct order *order)
{
	const struct disturbing *d = context;
	const struct subject *subject = &d->subjects[instance];

	if (!subject->tries)
		return;
	order->disturbance = subject->tries[subject->next];
	uint64_t limit_ms = LIMIT_MS + (uint64_t)(subject->ms * LIMIT_TIMES);
	if (limit_ms < order->limit_ms)
		order->limit_ms = (uint32_t)limit_ms;
}

void disturb_run(const struct plan *plan, const struct schedule_setting *setting,
		 disturbed_fn disturbed, void *context, struct run_outcome *ret_outcome)
{
	struct disturbing d = { .plan = plan,
				.setting = setting,
				.subjects = must_alloc(plan->count, sizeof *d.subjects),
				.disturbed = disturbed,
				.context = context };
	struct schedule_setting schedule = *setting;

	schedule.traced = true;
	schedule.adjust = adjust;
	schedule_run(plan, &schedule, landed, &d, ret_outcome);
	for (size_t i = 0; i < plan->count; i++)
		forget(&d.subjects[i]);
	free(d.subjects);
}
