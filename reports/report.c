/* report.c -- opening, feeding and closing reports; writing aside and renaming. */
#include "reports/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct format *const formats[] = {
	&format_pretty,
	&format_tap,
	&format_junit,
	&format_jsonl,
	&format_html,
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
	struct stat info;

	/* A pipe or a device cannot be renamed to; it is written to directly. */
	bool plain = stat(path, &info) || S_ISREG(info.st_mode);
	report->path = must_copy(path);
	if (plain && !report->format->streams)
		report->aside = must_format("%s.%ld.part", path, (long)getpid());
	report->out = fopen(report->aside ? report->aside : path, "we");
	if (report->out)
		return true;
	*ret_error = must_format("cannot write report %s: %s: name a file in a writable directory",
				 path, strerror(errno));
	free(report->path);
	free(report->aside);
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
	if (colon && strcmp(colon + 1, "-") != 0)
		return open_file(report, colon + 1, ret_error);
	report->out = stdout;
	return true;
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

static bool close_file(struct report *report)
{
	bool written = settle(report, true);

	if (report->path && fclose(report->out)) {
		report->err = report->err ? report->err : errno;
		written = false;
	}
	report->out = NULL;
	return written;
}

static void forget(struct report *report)
{
	if (report->aside)
		unlink(report->aside);
	free(report->path);
	free(report->aside);
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
	bool written = close_file(report);
	if (written && report->aside) {
		written = !rename(report->aside, report->path);
		report->err = errno;
		if (written) {
			free(report->aside);
			report->aside = NULL;
		}
	}
	if (!written)
		*ret_error = must_format(
			"cannot write report %s to %s: %s: free space or name another file",
			report->format->name, report->path ? report->path : "standard output",
			strerror(report->err));
	forget(report);
	return written;
}

void report_abandon(struct report *report)
{
	if (report->out)
		close_file(report);
	forget(report);
}
