/* result.c -- names of verdicts and families; memory of results. */
#include "engine/result.h"

#include <stdlib.h>

static const char *const verdict_names[VERDICT_COUNT] = {
	[VERDICT_PASS] = "pass",   [VERDICT_VARIANT] = "variant", [VERDICT_SKIP] = "skip",
	[VERDICT_FAIL] = "fail",   [VERDICT_BROKEN] = "broken",   [VERDICT_TIMEOUT] = "timeout",
	[VERDICT_FLAKY] = "flaky",
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
	free(result->pcap);
	free(result->owned);
	memset(result, 0, sizeof *result);
}

void counts_add(struct counts *counts, const struct result *result)
{
	counts->of[result->verdict]++;
	if (result->expected) {
		counts->known += !verdict_is_good(result->verdict);
		return;
	}
	counts->unexpected++;
	if (result->verdict == VERDICT_BROKEN || result->verdict == VERDICT_TIMEOUT)
		counts->errors++;
	else
		counts->failures++;
}
