/* report.c -- opening, feeding and closing reports; writing aside and renaming. */
#include "reports/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct format *const formats[] = {
	&format_pretty, &format_tap,      &format_tap14, &format_junit, &format_ctrf,
	&format_github, &format_markdown, &format_jsonl, &format_html,
};

enum { FORMATS = sizeof formats / sizeof *formats };

const struct format *format_find(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

char *format_names(void)
{
	char *names = must_copy(formats[0]->name);

	for (size_t i = 1; i < FORMATS; i++) {
		char *longer = must_format("%s, %s", names, formats[i]->name);
		free(names);
		names = longer;
	}
	return names;
}

static bool open_file(struct report *report, const char *path, char **ret_error)
{
	if (aside_open(&report->file, path, report->format->streams)) {
		report->out = report->file.out;
		return true;
	}
	*ret_error = must_format("cannot write report %s: %s: name a file in a writable directory",
				 path, strerror(errno));
	return false;
}

bool report_parse(const char *spec, const struct format **ret_format, const char **ret_path,
		  char **ret_error)
{
	const char *colon = strchr(spec, ':');
	char *name =
		must_format("%.*s", (int)(colon ? (size_t)(colon - spec) : strlen(spec)), spec);
	const struct format *format = format_find(name);

	if (!format) {
		char *names = format_names();
		*ret_error = must_format("unknown report format '%s': there are %s", name, names);
		free(names);
	} else if (colon && !colon[1]) {
		*ret_error = must_format("report '%s' names no file: write %s:FILE", spec, name);
		format = NULL;
	}
	free(name);
	*ret_format = format;
	*ret_path = colon ? colon + 1 : "-";
	return format != NULL;
}

bool report_open(struct report *report, const char *spec, char **ret_error)
{
	const char *path;

	memset(report, 0, sizeof *report);
	report->width = 80;
	report->cases = &all_cases;
	return report_parse(spec, &report->format, &path, ret_error) &&
	       open_file(report, path, ret_error);
}

void report_open_body(struct report *report)
{
	report->body = open_memstream(&report->body_text, &report->body_size);
	if (!report->body)
		report->err = errno;
}

bool report_settle_body(struct report *report)
{
	if (!report->body)
		return false;
	if (!fflush(report->body) && !ferror(report->body))
		return true;
	report->err = report->err ? report->err : errno;
	return false;
}

/* The line behind the last "at FILE:" in the reason of a broken case, or 0. */
static int line_of_reason(const char *reason, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *mark = must_format(" at %s:", slash ? slash + 1 : path);
	int line = 0;

	for (const char *at = reason; (at = strstr(at, mark)); at++)
		line = (int)strtol(at + strlen(mark), NULL, 10);
	free(mark);
	return line;
}

struct place report_place(const struct report *report, const struct result *result)
{
	const struct entry *entry = registry_find(report->cases, result->name);

	if (!entry)
		return (struct place){ NULL, 0 };
	for (size_t i = 0; i < result->saw_count; i++)
		if (!result->saw[i].ok && result->saw[i].line > 0)
			return (struct place){ entry->file, result->saw[i].line };
	int line = line_of_reason(result->reason, entry->file);
	return (struct place){ entry->file, line > 0 ? line : entry->line };
}

/* Passes on what was written, if the format streams, and remembers the first failure. */
static bool settle(struct report *report, bool flush)
{
	bool written = !(flush && fflush(report->out)) && !ferror(report->out);

	if (!written && !report->err)
		report->err = errno;
	return written;
}

/* What a shell takes as it stands. */
static bool is_plain_word(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-./+,:@%=";

	return *text && !text[strspn(text, plain)];
}

char *shell_word(const char *text)
{
	char *word = NULL;
	size_t size = 0;
	FILE *out = is_plain_word(text) ? NULL : open_memstream(&word, &size);

	if (!out)
		return must_copy(text);
	fputc('\'', out);
	for (; *text; text++)
		fputs(*text == '\'' ? "'\\''" : (const char[]){ *text, '\0' }, out);
	fputc('\'', out);
	fclose(out);
	return word;
}

/* The limits and the isolation are what a verdict may hang on. */
static char *run_command(const struct report *report, const struct run_facts *facts)
{
	char *program = shell_word(report->rerun ? report->rerun : "sockdrill");
	char timeout[40] = "", stretch[40] = "";
	bool apart = !strcmp(facts->isolation, "none");

	if (facts->timeout_ms && facts->timeout_ms != USUAL_TIMEOUT_MS)
		snprintf(timeout, sizeof timeout, " --timeout %u", facts->timeout_ms);
	if (facts->stretch_percent && facts->stretch_percent != USUAL_STRETCH_PERCENT)
		snprintf(stretch, sizeof stretch, " --timeout-multiplier %g",
			 facts->stretch_percent / 100.0);
	char *command = must_format("%s run%s%s%s", program, timeout, stretch,
				    apart ? " --isolation none" : "");
	free(program);
	return command;
}

void report_begin(struct report *report, const struct run_facts *facts)
{
	free(report->run_command);
	report->run_command = run_command(report, facts);
	report->format->begin(report, facts);
	settle(report, report->format->streams);
}

static void keep_name(struct report *report, const struct result *result)
{
	report->not_run =
		must_grow(report->not_run, report->not_run_count + 1, sizeof *report->not_run);
	report->not_run[report->not_run_count++] =
		must_format("%s/%s", result->name, family_name(result->family));
}

bool report_result(struct report *report, const struct result *result)
{
	report->number++;
	if (result->verdict == VERDICT_NOT_RUN)
		keep_name(report, result);
	report->format->result(report, result);
	return settle(report, report->format->streams);
}

static void forget(struct report *report)
{
	if (report->format && report->format->forget)
		report->format->forget(report);
	free(report->own);
	aside_abandon(&report->file);
	if (report->body)
		fclose(report->body);
	free(report->body_text);
	free(report->skips);
	for (size_t i = 0; i < report->not_run_count; i++)
		free(report->not_run[i]);
	free(report->not_run);
	free(report->run_command);
	memset(report, 0, sizeof *report);
}

bool report_end(struct report *report, const struct run_facts *facts, const struct counts *counts,
		char **ret_error)
{
	report->format->end(report, facts, counts);
	settle(report, true);
	const char *path = report->file.path ? report->file.path : "standard output";
	char *place = must_copy(report->err_at ? report->err_at : path);
	bool written = aside_close(&report->file);
	int err = report->err ? report->err : errno;
	/* A format may have failed beside its output. */
	written = written && !report->err;
	if (!written)
		*ret_error = must_format(
			"cannot write report %s to %s: %s: free space or name another file",
			report->format->name, place, strerror(err));
	free(place);
	forget(report);
	return written;
}

void report_abandon(struct report *report)
{
	forget(report);
}

char *report_headline(const struct counts *counts)
{
	unsigned all = counts_all(counts), not_run = counts_not_run(counts);

	if (counts->unexpected && not_run)
		return must_format("%u of %u not as expected, %u not run", counts->unexpected, all,
				   not_run);
	if (counts->unexpected)
		return must_format("%u of %u not as expected", counts->unexpected, all);
	if (not_run)
		return must_format("%u of %u not run%s", not_run, all,
				   not_run < all ? ", the others as expected" : "");
	return must_format("all %u as expected", all);
}

/* What ended the run; new memory. */
static char *end_text(const struct end_of_run *end)
{
	switch (end->cause) {
	case END_OPTION:
		return must_format("ended by %s", end->detail);
	case END_SIGNAL:
		return must_format("interrupted by %s", end->detail);
	case END_FAILURE:
		return must_format("the harness failed (%s)", end->detail);
	default:
		return must_copy("interrupted without an end line");
	}
}

char *report_cut_text(const struct counts *counts)
{
	unsigned not_run = counts_not_run(counts);

	if (counts->end.cause == END_COMPLETE)
		return NULL;
	char *text = end_text(&counts->end);
	if (!not_run)
		return text;
	char *longer = must_format("%s, %u of %u not run", text, not_run, counts_all(counts));
	free(text);
	return longer;
}

void put_not_run(FILE *out, const struct report *report, size_t most)
{
	size_t shown = report->not_run_count < most ? report->not_run_count : most;

	for (size_t i = 0; i < shown; i++)
		fprintf(out, "%s%s", i ? ", " : "", report->not_run[i]);
	if (shown < report->not_run_count)
		fprintf(out, "%sand %zu more", shown ? " ... " : "", report->not_run_count - shown);
}
