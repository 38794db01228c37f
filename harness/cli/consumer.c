/* consumer.c -- counts results, feeds the reports, and decides the exit status. */
#include "cli/consumer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ladder/ladder.h"

/* ---- Opening ---- */

static bool wants_color(enum color color, const struct report *report)
{
	const char *no_color = getenv("NO_COLOR");

	if (color != COLOR_AUTO)
		return color == COLOR_ALWAYS;
	return (!no_color || !*no_color) && isatty(fileno(report->out));
}

static int open_report(struct consumer *consumer, const struct consumer_setting *setting,
		       const char *spec)
{
	struct report *report = &consumer->reports[consumer->report_count];
	char *error;

	/* The spec is one: it is the file that cannot be written. */
	if (!report_open(report, spec, &error)) {
		harness_error(consumer->command, "%s", error);
		free(error);
		return STATUS_HARNESS;
	}
	report->color = wants_color(setting->color, report);
	report->boxes = ladder_may_use_boxes();
	report->verbosity = setting->verbosity;
	report->width = terminal_width(STDOUT_FILENO);
	report->rerun = program_name;
	consumer->report_count++;
	return STATUS_EXPECTED;
}

/* The path of a spec that is one, or NULL with an error line printed. */
static const char *path_of(const struct command *command, const char *spec)
{
	const struct format *format;
	const char *path;
	char *error;

	if (report_parse(spec, &format, &path, &error))
		return path;
	usage_error(command, "%s", error);
	free(error);
	return NULL;
}

static int refuse_same(const struct command *command, const char *path, const char *other)
{
	const char *file = strcmp(path, "-") != 0 ? path : other;

	if (!strcmp(file, "-"))
		return usage_error(command,
				   "two reports would mix on standard output: give FORMAT:FILE");
	return usage_error(command, "two reports would mix in %s: give each a file of its own",
			   file);
}

int consumer_check(const struct consumer_setting *setting)
{
	const char *paths[REPORTS_MAX];

	if (setting->spec_count > REPORTS_MAX)
		return usage_error(setting->command,
				   "there are more than %d reports: ask for fewer", REPORTS_MAX);
	for (size_t i = 0; i < setting->spec_count; i++) {
		paths[i] = path_of(setting->command, setting->specs[i]);
		if (!paths[i])
			return STATUS_USAGE;
		for (size_t k = 0; k < i; k++)
			if (aside_is_same(paths[k], paths[i]))
				return refuse_same(setting->command, paths[i], paths[k]);
	}
	return STATUS_EXPECTED;
}

int consumer_open(struct consumer *consumer, const struct consumer_setting *setting)
{
	static const char *const fallback = "pretty";
	struct consumer_setting wanted = *setting;

	if (!wanted.spec_count) {
		wanted.specs = &fallback;
		wanted.spec_count = 1;
	}
	consumer->command = setting->command;
	consumer->ignored_pipe = setting->ignored_pipe;
	int status = consumer_check(&wanted);
	for (size_t i = 0; i < wanted.spec_count && !status; i++)
		status = open_report(consumer, &wanted, wanted.specs[i]);
	return status;
}

/* ---- Results ---- */

void consumer_begin(struct consumer *consumer, const struct run_facts *facts)
{
	consumer->facts = *facts;
	for (size_t i = 0; i < consumer->report_count; i++)
		report_begin(&consumer->reports[i], facts);
}

void consumer_take(struct consumer *consumer, const struct result *result, bool shown)
{
	counts_add(&consumer->counts, result);
	for (size_t i = 0; shown && i < consumer->report_count; i++)
		consumer->output_failed |= !report_result(&consumer->reports[i], result);
}

/* ---- The end ---- */

bool consumer_is_unread(const struct consumer *consumer)
{
	for (size_t i = 0; i < consumer->report_count; i++)
		if (!consumer->reports[i].file.path && consumer->reports[i].err == EPIPE)
			return reader_is_gone(STDOUT_FILENO);
	return false;
}

/* True when one of them has no reader any more; the others are written nevertheless. */
static bool end_reports(struct consumer *consumer)
{
	bool unread = false;
	char *error;

	for (size_t i = 0; i < consumer->report_count; i++) {
		struct report *report = &consumer->reports[i];
		bool on_stdout = !report->file.path;
		if (report_end(report, &consumer->facts, &consumer->counts, &error))
			continue;
		consumer->output_failed = true;
		if (on_stdout && reader_is_gone(STDOUT_FILENO))
			unread = true;
		else
			harness_error(consumer->command, "%s", error);
		free(error);
	}
	consumer->report_count = 0;
	return unread;
}

static int status_of(const struct counts *counts)
{
	unsigned all = counts_all(counts);

	if (counts->unexpected || counts_not_run(counts) || counts->end.cause != END_COMPLETE)
		return STATUS_UNEXPECTED;
	return all && counts->of[VERDICT_SKIP] == all ? STATUS_SKIPPED : STATUS_EXPECTED;
}

int consumer_end(struct consumer *consumer)
{
	if (end_reports(consumer))
		return end_for_closed_pipe(consumer->command, consumer->ignored_pipe);
	return consumer->output_failed ? STATUS_HARNESS : status_of(&consumer->counts);
}

void consumer_abandon(struct consumer *consumer)
{
	for (size_t i = 0; i < consumer->report_count; i++)
		report_abandon(&consumer->reports[i]);
	consumer->report_count = 0;
}
