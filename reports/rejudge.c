/* rejudge.c -- recorded values weighed by the expectations of this program. */
#include "reports/rejudge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/judge.h"

void system_of_run(const struct run_facts *facts, struct os_facts *ret_os)
{
	static const struct {
		const char *sysname;
		int os;
	} systems[] = { { "Linux", OS_LINUX },   { "FreeBSD", OS_FREEBSD },
			{ "NetBSD", OS_NETBSD }, { "OpenBSD", OS_OPENBSD },
			{ "Darwin", OS_MACOS },  { "lwIP", OS_LWIP } };
	unsigned major = 0, minor = 0;

	memset(ret_os, 0, sizeof *ret_os);
	ret_os->os = OS_COUNT;
	for (size_t i = 0; i < sizeof systems / sizeof *systems; i++)
		if (!strcmp(facts->sysname, systems[i].sysname))
			ret_os->os = systems[i].os;
	if (sscanf(facts->release, "%u.%u", &major, &minor) == 2)
		ret_os->version = VERSION(major, minor);
}

void judge_anew(struct result *result, const struct os_facts *os)
{
	char *reason;

	if (!result->test || result->verdict > VERDICT_FAIL || result->verdict == VERDICT_SKIP)
		return;
	result->verdict = judge_observations(result->test, result->family, os, result->saw,
					     result->saw_count, &reason);
	free(result->reason);
	result->reason = reason;
	result->expected = verdict_is_good(result->verdict);
}
