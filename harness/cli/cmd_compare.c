/* cmd_compare.c -- sockdrill compare: results files of several systems, side by side. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "engine/aside.h"
#include "engine/plan.h"
#include "reports/compare/compare.h"

enum { LIST_MAX = 64, REPORTS_MAX = 8 };

static const struct {
	const char *name;
	compare_writer *put;
} formats[] = {
	{ "pretty", compare_put_terminal },
	{ "markdown", compare_put_markdown },
	{ "json", compare_put_json },
	{ "html", compare_put_html },
};

enum { FORMATS = sizeof formats / sizeof *formats };

/* What is asked for. */
struct wishes {
	const char *const *files;
	size_t file_count;
	const char *known[LIST_MAX], *globs[LIST_MAX];
	size_t known_count, glob_count;
	struct {
		size_t format;
		const char *path; /* "-": standard output */
	} reports[REPORTS_MAX];
	size_t report_count;
	bool all;
	enum color color;
};

/* ---- Options ---- */

static char *list_formats(void)
{
	char *names = must_copy(formats[0].name);

	for (size_t i = 1; i < FORMATS; i++) {
		char *longer = must_format("%s, %s", names, formats[i].name);
		free(names);
		names = longer;
	}
	return names;
}

/* FORMATS when there is none of that name, which has n letters. */
static size_t find_format(const char *name, size_t n)
{
	size_t format = 0;

	while (format < FORMATS &&
	       (strlen(formats[format].name) != n || strncmp(formats[format].name, name, n) != 0))
		format++;
	return format;
}

static enum option_outcome add_output(struct wishes *wishes, size_t format, const char *path)
{
	if (wishes->report_count == REPORTS_MAX)
		return OPTION_TOO_MANY;
	wishes->reports[wishes->report_count].format = format;
	wishes->reports[wishes->report_count++].path = path;
	return OPTION_TAKEN;
}

static enum option_outcome take_report(const struct option_row *row, const char *text,
				       void *options)
{
	const char *colon = strchr(text, ':');
	size_t format = find_format(text, colon ? (size_t)(colon - text) : strlen(text));

	(void)row;
	if (format == FORMATS || (colon && !colon[1]))
		return OPTION_REFUSED;
	return add_output(options, format, colon ? colon + 1 : "-");
}

static enum option_outcome take_html(const struct option_row *row, const char *text, void *options)
{
	(void)row;
	return *text ? add_output(options, find_format("html", strlen("html")), text)
		     : OPTION_REFUSED;
}

#define IN(member) FIELD(struct wishes, member)
/* clang-format off */
static const struct option_row option_rows[] = {
	{ "expect", 0, "FILE", "a baseline: what it gives a reason for is not new; may be repeated",
	  OPTION_LIST(struct wishes, known, known_count) },
	{ "report", 0, "FORMAT[:FILE]", "%s; may be repeated",
	  .read = take_report, .max = REPORTS_MAX,
	  .allowed_list = list_formats },
	{ "html", 0, "FILE", "the same as --report html:FILE: a page of one file",
	  .read = take_html, .max = REPORTS_MAX, .allowed = "a file" },
	{ "only", 0, "GLOB", "these behaviours; may be repeated",
	  OPTION_LIST(struct wishes, globs, glob_count), .check = glob_error },
	{ "all", 0, NULL, "those on which all agree, too",
	  OPTION_SWITCH(IN(all)) },
	{ "color", 0, NULL, "NO_COLOR is honoured",
	  OPTION_WORD(IN(color), color_words) },
	{ 0 },
};
/* clang-format on */
#undef IN

/* Two reports in one file would mix. */
static int refuse_same(const struct wishes *wishes)
{
	for (size_t i = 0; i < wishes->report_count; i++)
		for (size_t k = 0; k < i; k++)
			if (aside_is_same(wishes->reports[k].path, wishes->reports[i].path))
				return usage_error(
					&command_compare,
					"two reports would mix in %s: give each its FILE",
					strcmp(wishes->reports[i].path, "-") != 0
						? wishes->reports[i].path
						: "standard output");
	return STATUS_EXPECTED;
}

static int read_wishes(struct wishes *wishes, int argc, char **argv)
{
	int first = options_read(&command_compare, argc, argv, wishes);

	if (first < 0)
		return STATUS_USAGE;
	wishes->files = (const char *const *)argv + first;
	wishes->file_count = (size_t)(argc - first);
	if (wishes->file_count < 2)
		return usage_error(&command_compare, "give two results files or more");
	if (wishes->file_count > LIST_MAX)
		return usage_error(&command_compare,
				   "there are more than %d results files: compare fewer at once",
				   LIST_MAX);
	if (!wishes->report_count)
		add_output(wishes, 0, "-");
	return refuse_same(wishes);
}

/* ---- Reports ---- */

static bool wants_color(const struct wishes *wishes, FILE *out)
{
	const char *no_color = getenv("NO_COLOR");

	if (wishes->color != COLOR_AUTO)
		return wishes->color == COLOR_ALWAYS;
	return (!no_color || !*no_color) && isatty(fileno(out));
}

static int put_report(const struct comparison *comparison, const struct wishes *wishes,
		      size_t index)
{
	const char *path = wishes->reports[index].path;
	struct aside aside;
	bool written = aside_open(&aside, path, false);

	if (written) {
		const struct compare_options options = {
			.all = wishes->all,
			.color = wants_color(wishes, aside.out),
			.width = terminal_width(STDOUT_FILENO),
		};
		formats[wishes->reports[index].format].put(comparison, &options, aside.out);
		written = aside_close(&aside);
	}
	if (written)
		return STATUS_EXPECTED;
	return harness_error(&command_compare,
			     "cannot write report %s to %s: %s: free space or name another file",
			     formats[wishes->reports[index].format].name,
			     strcmp(path, "-") != 0 ? path : "standard output", strerror(errno));
}

static bool anything_new(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->system_count; i++)
		if (comparison->systems[i].new_ones)
			return true;
	return false;
}

static int compare(const struct wishes *wishes)
{
	struct comparison comparison;
	char *error = NULL;

	if (!comparison_read(wishes->files, wishes->file_count, wishes->known, wishes->known_count,
			     &comparison, &error)) {
		usage_error(&command_compare, "%s", error);
		free(error);
		return STATUS_USAGE;
	}
	if (wishes->glob_count)
		comparison_select(&comparison, wishes->globs, wishes->glob_count);
	int status = anything_new(&comparison) ? STATUS_UNEXPECTED : STATUS_EXPECTED;
	if (!comparison_is_whole(&comparison, &error)) {
		status = usage_error(&command_compare, "%s", error);
		free(error);
	} else if (!comparison.row_count) {
		usage_error(&command_compare, "no recorded behaviour fits --only '%s'",
			    wishes->globs[0]);
		status = STATUS_NOTHING;
	}
	for (size_t i = 0; i < wishes->report_count && status < STATUS_USAGE; i++)
		if (put_report(&comparison, wishes, i))
			status = STATUS_HARNESS;
	comparison_finish(&comparison);
	return status;
}

static int run(int argc, char **argv)
{
	struct wishes wishes = { 0 };

	signal(SIGPIPE, SIG_IGN);
	int status = read_wishes(&wishes, argc, argv);
	return status ? status : compare(&wishes);
}

const struct command command_compare = {
	.name = "compare",
	.usage = "FILE FILE...",
	.summary = "show where systems differ, from their results files",
	.about = "FILE is what 'run --report jsonl:FILE' wrote, one per system; the others are\n"
		 "compared with the first.\n",
	.options = option_rows,
	.help = "status: 0 nothing new, 1 a difference is new: no row of its case and no baseline\n"
		"        has it; 2 usage, or a file that cannot be compared; 3 the harness "
		"failed;\n"
		"        4 nothing was selected\n"
		"example: sockdrill compare linux.jsonl gvisor.jsonl --report json:c.json\n",
	.run = run,
};
