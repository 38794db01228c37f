/* pretty.c -- results for a person at a terminal: failures in full, everything else in a line. */
#include <stdlib.h>
#include <string.h>

#include "reports/calls.h"

enum {
	REASONS_MAX = 32,
	SLOWEST = 5,
	NAMES = 10 /* of instances that were not run, at default verbosity */
};

/* Reasons of skips with their counts, and the slowest instances. */
struct skips {
	struct {
		char text[128];
		unsigned count;
	} reasons[REASONS_MAX];
	unsigned count;
	struct {
		char name[96];
		double ms;
	} slowest[SLOWEST];
};

static const char *const colors[VERDICT_COUNT] = {
	[VERDICT_PASS] = "32",    [VERDICT_VARIANT] = "36",  [VERDICT_SKIP] = "33",
	[VERDICT_FAIL] = "1;31",  [VERDICT_BROKEN] = "1;35", [VERDICT_TIMEOUT] = "1;35",
	[VERDICT_FLAKY] = "1;33", [VERDICT_NOT_RUN] = "33",
};

static void put_verdict(struct report *report, enum verdict verdict)
{
	const char *name = verdict_words(verdict);

	if (report->color)
		fprintf(report->out, "\033[%sm%-7s\033[0m", colors[verdict], name);
	else
		fprintf(report->out, "%-7s", name);
}

static void begin(struct report *report, const struct run_facts *facts)
{
	report->skips = must_alloc(1, sizeof *report->skips);
	if (report->verbosity < 0)
		return;
	fprintf(report->out, "%s: %u case instance%s on %s %s %s, isolation %s", facts->tool,
		facts->planned, facts->planned == 1 ? "" : "s", facts->sysname, facts->release,
		facts->machine, facts->isolation);
	if (facts->seed)
		fprintf(report->out, ", seed %llu", facts->seed);
	if (facts->shards > 1)
		fprintf(report->out, ", shard %u/%u", facts->shard, facts->shards);
	fputc('\n', report->out);
}

static void note_skip(struct skips *skips, const char *reason)
{
	unsigned i = 0;

	/* As much of it as is kept. */
	while (i < skips->count &&
	       strncmp(skips->reasons[i].text, reason, sizeof skips->reasons[i].text - 1) != 0)
		i++;
	if (i == REASONS_MAX)
		return;
	if (i == skips->count)
		snprintf(skips->reasons[skips->count++].text, sizeof skips->reasons[i].text, "%s",
			 reason);
	skips->reasons[i].count++;
}

static void note_time(struct skips *skips, const struct result *result)
{
	int at = SLOWEST;

	while (at > 0 && result->ms > skips->slowest[at - 1].ms)
		at--;
	if (at == SLOWEST)
		return;
	memmove(&skips->slowest[at + 1], &skips->slowest[at],
		sizeof skips->slowest[0] * (size_t)(SLOWEST - 1 - at));
	skips->slowest[at].ms = result->ms;
	snprintf(skips->slowest[at].name, sizeof skips->slowest[at].name, "%.80s/%s", result->name,
		 family_name(result->family));
}

static void put_output(struct report *report, const struct result *result)
{
	enum { SHOWN_MAX = 400 };

	for (enum who who = 0; who < WHO_COUNT; who++) {
		const char *output = result->output[who];
		size_t n = strlen(output);
		if (!n)
			continue;
		fprintf(report->out, "    %s wrote: ", who_name(who));
		put_plain(report->out, output, SHOWN_MAX);
		if (n > SHOWN_MAX || output[n - 1] != '\n')
			fputs(n > SHOWN_MAX ? "...\n" : "\n", report->out);
	}
}

static void put_packets(FILE *out, const struct result *result)
{
	if (!result->pcap)
		return;
	fputs("  packets: ", out);
	put_plain(out, result->pcap, strlen(result->pcap));
	fputc('\n', out);
}

/* Everything about one instance that did not do as it should, on one screen. */
static void put_failure(struct report *report, const struct result *result)
{
	FILE *out = report->out;

	if (result->test)
		put_wrapped(out, result->test->claim, 2, report->width);
	put_wrapped(out, result->reason, 2, report->width);
	put_observations(out, result, "    ");
	put_output(report, result);
	put_packets(out, result);
	put_calls(report, result, "    ");
	if (result->test) {
		char *source = must_format("source: %s", result->test->source);
		put_wrapped(out, source, 2, report->width);
		free(source);
		fprintf(out, "  repeat: %s %s/%s\n", report->run_command, result->name,
			family_name(result->family));
		fprintf(out, "  debug:  gdb --args %s %s/%s --here %s\n", report->run_command,
			result->name, family_name(result->family),
			result->test->client ? "client" : "server");
	}
	fputc('\n', out);
}

/* At default verbosity the end names some of them. */
static void not_run_line(struct report *report, const struct result *result)
{
	if (report->verbosity <= 0)
		return;
	put_verdict(report, result->verdict);
	fprintf(report->out, " %s/%s  %s\n", result->name, family_name(result->family),
		result->reason);
}

static void result_lines(struct report *report, const struct result *result)
{
	FILE *out = report->out;
	bool good = verdict_is_good(result->verdict);
	const char *why = good || !result->expected ? ""
			  : result_is_known(result) ? "  (as the baseline says)"
						    : "  (good when retried)";

	if (result->verdict == VERDICT_NOT_RUN) {
		not_run_line(report, result);
		return;
	}
	note_time(report->skips, result);
	if (result->verdict == VERDICT_SKIP)
		note_skip(report->skips, result->reason);
	bool shown = report->verbosity > 0 || (!result->expected && report->verbosity >= 0);
	if (!shown && result->expected)
		return;
	put_verdict(report, result->verdict);
	fprintf(out, " %s/%s  %.1f ms%s", result->name, family_name(result->family), result->ms,
		why);
	if (good && *result->reason)
		fprintf(out, "  %s", result->reason);
	fputc('\n', out);
	if (!result->expected && report->verbosity >= 0)
		put_failure(report, result);
	else if (report->verbosity > 1)
		put_observations(out, result, "    ");
	if (result->expected && report->verbosity > 0) {
		put_packets(out, result);
		put_calls(report, result, "    ");
	}
}

static void put_skips(struct report *report)
{
	for (unsigned i = 0; i < report->skips->count; i++)
		fprintf(report->out, "skipped %u: %s\n", report->skips->reasons[i].count,
			report->skips->reasons[i].text);
}

static void put_slowest(struct report *report)
{
	fputs("slowest:", report->out);
	for (int i = 0; i < SLOWEST && report->skips->slowest[i].ms > 0; i++)
		fprintf(report->out, "%s %s %.0f ms", i ? "," : "", report->skips->slowest[i].name,
			report->skips->slowest[i].ms);
	fputc('\n', report->out);
}

static void put_names(struct report *report)
{
	char *text = NULL;
	size_t size = 0;
	FILE *list = report->not_run_count ? open_memstream(&text, &size) : NULL;

	if (!list)
		return;
	fputs("not run: ", list);
	put_not_run(list, report, NAMES);
	if (report->not_run_count > NAMES)
		fputs(" (-v names all)", list);
	if (!fclose(list))
		put_wrapped(report->out, text, 0, report->width);
	free(text);
}

static void put_runs(FILE *out, const struct counts *counts)
{
	char runs[THOUSANDS_ROOM], ran[THOUSANDS_ROOM];

	if (counts->runs > counts->ran)
		fprintf(out, "%s runs of %s case instance%s\n", thousands(counts->runs, runs),
			thousands(counts->ran, ran), counts->ran == 1 ? "" : "s");
}

static void put_totals(FILE *out, const struct counts *counts)
{
	const char *comma = "";

	for (enum verdict v = 0; v < VERDICT_COUNT; v++) {
		unsigned count = v == VERDICT_NOT_RUN ? counts_not_run(counts) : counts->of[v];
		if (!count && v != VERDICT_PASS && v != VERDICT_FAIL)
			continue;
		fprintf(out, "%s%u %s", comma, count, verdict_words(v));
		comma = ", ";
	}
	if (counts->known || counts->retried)
		fputs(" (", out);
	if (counts->known)
		fprintf(out, "%u as the baseline says%s", counts->known,
			counts->retried ? ", " : "");
	if (counts->retried)
		fprintf(out, "%u good when retried", counts->retried);
	if (counts->known || counts->retried)
		fputc(')', out);
	fprintf(out, " in %.2f s\n", counts->ms / 1000);
}

static void end(struct report *report, const struct run_facts *facts, const struct counts *counts)
{
	char *cut = report_cut_text(counts);

	(void)facts;
	if (report->verbosity >= 0)
		put_skips(report);
	if (report->verbosity == 0)
		put_names(report);
	if (report->verbosity > 0)
		put_slowest(report);
	if (report->verbosity >= 0)
		put_runs(report->out, counts);
	put_totals(report->out, counts);
	if (cut)
		fprintf(report->out, "%s\n", cut);
	free(cut);
}

const struct format format_pretty = {
	.name = "pretty",
	.streams = true,
	.begin = begin,
	.result = result_lines,
	.end = end,
};
