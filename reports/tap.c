/* tap.c -- results as flat TAP, of version 13, which prove of every Perl and meson read; and of
 * version 14.
 *
 * Perl's reader knows a part of YAML only: texts are of one line and in double quotes, or blocks
 * whose first line has the least blanks in front; there are no empty blocks. Meson's takes three
 * dots behind blanks for the end of all, so lines of a ladder begin with a bar. */
#include <stdlib.h>

#include "reports/calls.h"

/* How many results there will be. Of rounds only those are reported that were not as expected. */
static bool knows_plan(const struct run_facts *facts)
{
	return facts->planned && !facts->until_fail;
}

static void begin(struct report *report, const struct run_facts *facts, int version)
{
	fprintf(report->out, "TAP version %d\n", version);
	if (knows_plan(facts))
		fprintf(report->out, "1..%u\n", facts->planned);
	fprintf(report->out, "# %s on %s %s %s, isolation %s, seed %llu\n", facts->tool,
		facts->sysname, facts->release, facts->machine, facts->isolation, facts->seed);
}

static void begin_13(struct report *report, const struct run_facts *facts)
{
	begin(report, facts, 13);
}

static void begin_14(struct report *report, const struct run_facts *facts)
{
	begin(report, facts, 14);
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

static void put_block(struct report *report, const char *key, const char *text)
{
	if (text && *text)
		fprintf(report->out, "  %s: |\n%s", key, text);
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
	if (all) {
		put_observations(all, result, "    ");
		fclose(all);
		put_block(report, "observations", text);
		free(text);
	}
	char *calls = calls_text(report, result, "    |");
	put_block(report, "calls", calls);
	free(calls);
	fputs("  ...\n", report->out);
}

static bool is_diagnosed(const struct result *result)
{
	return !verdict_is_good(result->verdict) || !result->expected;
}

static void result_line(struct report *report, const struct result *result)
{
	const char *word = "";

	/* These stand before the bail-out, in comments: who bails out has no results for the rest.
	 */
	if (result->verdict == VERDICT_NOT_RUN)
		return;
	fprintf(report->out, "%s %zu - ", result->expected ? "ok" : "not ok",
		report->number - report->not_run_count);
	put_description(report->out, result->name);
	fprintf(report->out, "/%s", family_name(result->family));
	/* A skip that is not as expected must not count as one, and diagnostics stand directly
	 * behind their line. */
	if (result->verdict == VERDICT_SKIP && result->expected)
		word = " # SKIP ";
	else if (result->verdict == VERDICT_VARIANT && result->expected)
		word = "\n# variant: ";
	fputs(word, report->out);
	if (*word)
		put_description(report->out, result->reason);
	fputc('\n', report->out);
	if (is_diagnosed(result))
		diagnose(report, result);
}

static void end(struct report *report, const struct run_facts *facts, const struct counts *counts)
{
	char *cut = report_cut_text(counts);

	/* What nobody knew before may stand at the end. */
	if (!knows_plan(facts))
		fprintf(report->out, "1..%u%s\n", report->number,
			report->number ? "" : " # SKIP there is nothing to report");
	for (size_t i = 0; i < report->not_run_count; i++)
		fprintf(report->out, "# not run: %s\n", report->not_run[i]);
	if (cut)
		fprintf(report->out, "Bail out! %s\n", cut);
	free(cut);
}

const struct format format_tap = {
	.name = "tap",
	.streams = true,
	.begin = begin_13,
	.result = result_line,
	.end = end,
};

const struct format format_tap14 = {
	.name = "tap14",
	.streams = true,
	.begin = begin_14,
	.result = result_line,
	.end = end,
};
