/* result.c -- names of verdicts and families; memory of results. */
#include "engine/result.h"

#include <stdlib.h>

static const char *const verdict_names[VERDICT_COUNT] = {
	[VERDICT_PASS] = "pass",   [VERDICT_VARIANT] = "variant", [VERDICT_SKIP] = "skip",
	[VERDICT_FAIL] = "fail",   [VERDICT_BROKEN] = "broken",   [VERDICT_TIMEOUT] = "timeout",
	[VERDICT_FLAKY] = "flaky", [VERDICT_NOT_RUN] = "notrun",
};

static const char *const end_cause_names[] = {
	[END_UNKNOWN] = "",      [END_COMPLETE] = "complete", [END_OPTION] = "option",
	[END_SIGNAL] = "signal", [END_FAILURE] = "failure",
};

static const struct {
	enum family family;
	const char *name;
} families[] = {
	{ INET, "inet" },
	{ INET6, "inet6" },
	{ UNIX, "unix" },
	{ NO_FAMILY, "any" },
};

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

const char *verdict_words(enum verdict verdict)
{
	return verdict == VERDICT_NOT_RUN ? "not run" : verdict_names[verdict];
}

enum verdict verdict_of(const char *name)
{
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		if (!strcmp(verdict_names[v], name))
			return v;
	return VERDICT_COUNT;
}

bool verdict_is_good(enum verdict verdict)
{
	return verdict <= VERDICT_SKIP;
}

bool outcomes_expect(unsigned outcomes, enum verdict verdict)
{
	if (verdict == VERDICT_NOT_RUN)
		return false;
	if (!outcomes || verdict == VERDICT_SKIP)
		return verdict_is_good(verdict);
	return outcomes >> verdict & 1U;
}

const char *family_name(enum family family)
{
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (families[i].family == family)
			return families[i].name;
	return "?";
}

enum family family_of_name(const char *name)
{
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (!strcmp(families[i].name, name))
			return families[i].family;
	return 0;
}

const char *who_name(enum who who)
{
	return who == SERVER ? "server" : "client";
}

bool result_is_known(const struct result *result)
{
	return result->expected && !verdict_is_good(result->verdict) &&
	       result->baseline_outcomes >> result->verdict & 1U;
}

const char *os_name(enum os os)
{
	static const char *const names[OS_COUNT] = {
		[OS_LINUX] = "Linux",     [OS_FREEBSD] = "FreeBSD", [OS_NETBSD] = "NetBSD",
		[OS_OPENBSD] = "OpenBSD", [OS_MACOS] = "macOS",     [OS_LWIP] = "lwIP",
	};

	return names[os];
}

void observations_finish(struct observation *saw, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(saw[i].label);
		free(saw[i].value);
		free(saw[i].want);
	}
	free(saw);
}

void result_finish(struct result *result)
{
	observations_finish(result->saw, result->saw_count);
	for (enum who who = 0; who < WHO_COUNT; who++) {
		free(result->stood[who]);
		free(result->output[who]);
	}
	trace_log_destroy(result->calls);
	free(result->reason);
	free(result->baseline_reason);
	free(result->pcap);
	free(result->owned);
	memset(result, 0, sizeof *result);
}

void result_call_not_run(struct result *result, const char *reason)
{
	result->verdict = VERDICT_NOT_RUN;
	result->reason = must_copy(reason);
	for (enum who who = 0; who < WHO_COUNT; who++) {
		result->stood[who] = must_copy("");
		result->output[who] = must_copy("");
	}
}

const char *end_cause_name(enum end_cause cause)
{
	return end_cause_names[cause];
}

enum end_cause end_cause_of(const char *name)
{
	for (enum end_cause cause = END_COMPLETE; cause <= END_FAILURE; cause++)
		if (!strcmp(end_cause_names[cause], name))
			return cause;
	return END_UNKNOWN;
}

/* How often it ran; what is skipped does not. */
static unsigned runs_of(const struct result *result)
{
	if (result->runs > 1)
		return result->runs - result->runs_of[VERDICT_SKIP];
	return result->verdict == VERDICT_SKIP ? 0 : result->runs;
}

void counts_add(struct counts *counts, const struct result *result)
{
	counts->of[result->verdict]++;
	counts->ran += runs_of(result) > 0;
	counts->runs += runs_of(result);
	if (result->verdict == VERDICT_NOT_RUN)
		return;
	if (result->expected) {
		counts->known += result_is_known(result);
		counts->retried += !verdict_is_good(result->verdict) && !result_is_known(result);
		return;
	}
	counts->unexpected++;
	if (result->verdict == VERDICT_BROKEN || result->verdict == VERDICT_TIMEOUT)
		counts->errors++;
	else
		counts->failures++;
}

void counts_add_end(struct counts *counts, const struct counts *run)
{
	counts->missing += run->missing;
	counts->ms += run->ms;
	if (counts->end.cause == END_COMPLETE)
		counts->end = run->end;
}

unsigned counts_all(const struct counts *counts)
{
	unsigned all = counts->missing;

	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		all += counts->of[v];
	return all;
}

unsigned counts_not_run(const struct counts *counts)
{
	return counts->of[VERDICT_NOT_RUN] + counts->missing;
}

void run_facts_merge(struct run_facts *facts, const struct run_facts *more)
{
	facts->planned = facts->planned && more->planned ? facts->planned + more->planned : 0;
	facts->until_fail |= more->until_fail;
	if (facts->timeout_ms != more->timeout_ms)
		facts->timeout_ms = 0;
	if (facts->stretch_percent != more->stretch_percent)
		facts->stretch_percent = 0;
	facts->seed = facts->seed == more->seed ? facts->seed : 0;
	facts->shard = facts->shards = 1;
}
