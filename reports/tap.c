/* tap.c -- results as flat TAP 14. */
#include <stdlib.h>

#include "reports/calls.h"

static void begin(struct report *report, const struct run_facts *facts)
{
	fputs("TAP version 14\n", report->out);
	if (facts->planned)
		fprintf(report->out, "1..%u\n", facts->planned);
	fprintf(report->out, "# %s on %s %s %s, isolation %s, seed %llu\n", facts->tool,
		facts->sysname, facts->release, facts->machine, facts->isolation, facts->seed);
}

/* A YAML scalar in double quotes: JSON's strings are such. */
static void put_yaml(struct report *report, const char *key, const char *text)
{
	fprintf(report->out, "  %s: ", key);
	put_json(report->out, text);
	fputc('\n', report->out);
}

/* Behind the number a backslash, a number sign and the end of the line have a meaning. */
static void put_description(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '#')
			fputc('\\', out);
		fputc((unsigned char)*text < 0x20 ? ' ' : *text, out);
	}
}

static void diagnose(struct report *report, const struct result *result)
{
	char *text = NULL;
	size_t size = 0;
	FILE *all = open_memstream(&text, &size);

	fputs("  ---\n", report->out);
	put_yaml(report, "verdict", verdict_name(result->verdict));
	put_yaml(report, "reason", result->reason);
	if (result->test) {
		put_yaml(report, "claim", result->test->claim);
		put_yaml(report, "source", result->test->source);
	}
	fputs("  observations: |\n", report->out);
	if (all) {
		put_observations(all, result, "    ");
		fclose(all);
		fputs(text, report->out);
		free(text);
	}
	/* Its first line has more blanks in front than the others: YAML wants to be told. */
	char *calls = calls_text(report, result, "    ");
	if (calls)
		fprintf(report->out, "  calls: |2\n%s", calls);
	free(calls);
	fputs("  ...\n", report->out);
}

static void result_line(struct report *report, const struct result *result)
{
	/* These stand before the bail-out, in comments: who bails out has no results for the rest.
	 */
	if (result->verdict == VERDICT_NOT_RUN)
		return;
	fprintf(report->out, "%s %zu - ", result->expected ? "ok" : "not ok",
		report->number - report->not_run_count);
	put_description(report->out, result->name);
	fprintf(report->out, "/%s", family_name(result->family));
	if (result->verdict == VERDICT_SKIP)
		fputs(" # SKIP ", report->out);
	else if (result->verdict == VERDICT_VARIANT)
		fputs("\n# variant: ", report->out);
	if (result->verdict == VERDICT_SKIP || result->verdict == VERDICT_VARIANT)
		put_description(report->out, result->reason);
	fputc('\n', report->out);
	if (!verdict_is_good(result->verdict) || !result->expected)
		diagnose(report, result);
}

static void end(struct report *report, const struct run_facts *facts, const struct counts *counts)
{
	char *cut = report_cut_text(counts);

	/* What nobody knew before may stand at the end. */
	if (!facts->planned)
		fprintf(report->out, "1..%u%s\n", report->number,
			report->number ? "" : " # SKIP nothing was to be run");
	for (size_t i = 0; i < report->not_run_count; i++)
		fprintf(report->out, "# not run: %s\n", report->not_run[i]);
	if (cut)
		fprintf(report->out, "Bail out! %s\n", cut);
	free(cut);
}

const struct format format_tap = {
	.name = "tap",
	.streams = true,
	.begin = begin,
	.result = result_line,
	.end = end,
};
