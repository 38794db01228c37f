/* disturb.c -- which disturbances a case's recorded calls allow, and what became of them. */
#include "engine/disturb.h"

#include "os/os.h"

enum {
	FLIPS = 8,       /* bits of what one call gave */
	TRIES_MAX = 500, /* disturbances of one instance */
	TRIES_MORE = 60, /* once its verdict has changed, for one that makes it fail */
	LIMIT_MS = 500,  /* of a disturbed pair, beside some times what it took undisturbed */
	LIMIT_TIMES = 4
};

/* One instance while it is disturbed. */
struct subject {
	struct disturbance *tries;
	char **texts; /* of each try */
	size_t count, next;
	size_t first_record; /* of the tries: from here on records are disturbed, not calls */
	bool cut;
	enum verdict verdict; /* undisturbed */
	double ms;            /* likewise */
	unsigned calls;
	char *breaks; /* the first try that only the machinery noticed; NULL: none */
	size_t breaks_at;
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
	*ret_action = (struct fault_action){ .kind = FAULT_FLIP };
	return event->result >= 0 && trace_flips(event->call);
}

/* In the order in which they are tried: every call is disturbed by the first before the second. */
static const struct way {
	bool (*make)(const struct trace_event *event, struct fault_action *ret_action);
	unsigned times; /* each time with another .amount */
} ways[] = {
	{ other_errno, 1 },
	{ other_success, 1 },
	{ other_count, 1 },
	{ other_data, FLIPS },
};

static char *tell_call(const struct trace_event *event, const struct fault_action *action)
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

/* Takes over the text. */
static void add_try(struct subject *subject, struct disturbance disturbance, char *text)
{
	if (subject->count == TRIES_MAX) {
		subject->cut = true;
		free(text);
		return;
	}
	subject->tries[subject->count] = disturbance;
	subject->texts[subject->count++] = text;
}

static bool can_be_disturbed(const struct trace_event *event)
{
	return event->what == TRACE_CALL && !event->unfinished && event->side != SIDE_NONE &&
	       trace_call_kind(event->call) != ENDS;
}

static void add_call(struct subject *subject, const struct way *way, unsigned time,
		     const struct trace_event *event)
{
	struct disturbance disturbance = { .side = event->side, .number = event->number };

	if (!way->make(event, &disturbance.action))
		return;
	disturbance.action.amount = time;
	add_try(subject, disturbance, tell_call(event, &disturbance.action));
}

/* What a case is about comes last in most, so the last calls come first. */
static void add_calls(struct subject *subject, const struct trace_log *log)
{
	size_t count;
	const struct trace_event *events = trace_log_events(log, &count);

	for (size_t i = 0; i < count; i++)
		subject->calls += can_be_disturbed(&events[i]);
	for (size_t way = 0; way < sizeof ways / sizeof *ways; way++)
		for (unsigned time = 0; time < ways[way].times; time++)
			for (size_t i = count; i-- > 0;)
				if (can_be_disturbed(&events[i]))
					add_call(subject, &ways[way], time, &events[i]);
	subject->cut |= trace_log_lost(log) > 0;
}

static void add_records(struct subject *subject, const struct result *result)
{
	unsigned numbers[WHO_COUNT] = { 0 };

	subject->first_record = subject->count;
	for (size_t i = 0; i < result->saw_count; i++) {
		const struct observation *one = &result->saw[i];
		const struct disturbance disturbance = { .side = (int)one->who,
							 .number = ++numbers[one->who],
							 .of_record = true };
		add_try(subject, disturbance,
			must_format("%s recorded another value for \"%s\"", who_name(one->who),
				    one->label));
	}
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

	if (subject->breaks && (subject->next >= subject->first_record ||
				subject->next > subject->breaks_at + TRIES_MORE))
		return conclude(d, instance, PROOF_BREAKS, subject->breaks);
	if (subject->next < subject->count)
		return RUN_AGAIN;
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
	subject->tries = must_alloc(TRIES_MAX, sizeof *subject->tries);
	subject->texts = must_alloc(TRIES_MAX, sizeof *subject->texts);
	add_calls(subject, result->calls);
	add_records(subject, result);
	return go_on(d, instance);
}

static enum next_step landed(void *context, size_t instance, struct result *result)
{
	struct disturbing *d = context;
	struct subject *subject = &d->subjects[instance];

	if (!subject->tries)
		return take_undisturbed(d, instance, result);
	bool is_record = subject->next >= subject->first_record;
	const char *text = subject->texts[subject->next++];
	if (result->verdict == VERDICT_FAIL)
		return conclude(d, instance, is_record ? PROOF_RECORDS : PROOF_FAILS, text);
	if (!verdict_is_good(result->verdict) && !subject->breaks) {
		subject->breaks = must_copy(text);
		subject->breaks_at = subject->next;
	}
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
