/* report.c -- opening, feeding and closing reports; writing aside and renaming. */
#include "reports/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct format *const formats[] = {
	&format_pretty, &format_tap, &format_junit, &format_jsonl, &format_html,
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

bool report_open(struct report *report, const char *spec, char **ret_error)
{
	const char *colon = strchr(spec, ':');
	char *name =
		must_format("%.*s", (int)(colon ? (size_t)(colon - spec) : strlen(spec)), spec);

	memset(report, 0, sizeof *report);
	report->width = 80;
	report->format = format_find(name);
	if (!report->format) {
		char *names = format_names();
		*ret_error = must_format("unknown report format '%s': there are %s", name, names);
		free(names);
	}
	free(name);
	if (!report->format)
		return false;
	if (colon && !colon[1]) {
		*ret_error = must_format("report '%s' names no file: write %s:FILE", spec,
					 report->format->name);
		return false;
	}
	return open_file(report, colon ? colon + 1 : "-", ret_error);
}

/* Passes on what was written, if the format streams, and remembers the first failure. */
static bool settle(struct report *report, bool flush)
{
	bool written = !(flush && fflush(report->out)) && !ferror(report->out);

	if (!written && !report->err)
		report->err = errno;
	return written;
}

void report_begin(struct report *report, const struct run_facts *facts)
{
	report->format->begin(report, facts);
	settle(report, report->format->streams);
}

bool report_result(struct report *report, const struct result *result)
{
	report->number++;
	report->format->result(report, result);
	return settle(report, report->format->streams);
}

static void forget(struct report *report)
{
	aside_abandon(&report->file);
	if (report->body)
		fclose(report->body);
	free(report->body_text);
	free(report->skips);
	memset(report, 0, sizeof *report);
}

bool report_end(struct report *report, const struct run_facts *facts, const struct counts *counts,
		char **ret_error)
{
	report->format->end(report, facts, counts);
	settle(report, true);
	char *place = must_copy(report->file.path ? report->file.path : "standard output");
	bool written = aside_close(&report->file);
	if (!written)
		*ret_error = must_format(
			"cannot write report %s to %s: %s: free space or name another file",
			report->format->name, place, strerror(report->err ? report->err : errno));
	free(place);
	forget(report);
	return written;
}

void report_abandon(struct report *report)
{
	forget(report);
}
