/* cmd_compare.c -- sockdrill compare: results files of several systems, side by side. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
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

/* Words of the command line of one kind. */
struct words {
	const char *list[LIST_MAX];
	size_t count;
};

/* What is asked for. */
struct wishes {
	struct words files, known, globs;
	struct {
		size_t format;
		const char *path; /* "-": standard output */
	} reports[REPORTS_MAX];
	size_t report_count;
	bool all;
	const char *color;
};

/* ---- Options ---- */

static int too_many(const char *what, size_t most)
{
	return usage_error(&command_compare, "there are more than %zu %s: compare fewer at once",
			   most, what);
}

static int add_word(struct words *words, const char *word, const char *what)
{
	if (words->count == LIST_MAX)
		return too_many(what, LIST_MAX);
	words->list[words->count++] = word;
	return STATUS_EXPECTED;
}

static int add_glob(struct wishes *wishes, const char *glob)
{
	const char *error = glob_error(glob);

	if (error)
		return usage_error(&command_compare, "cannot use --only '%s': %s", glob, error);
	return add_word(&wishes->globs, glob, "globs");
}

static int unknown_format(const char *spec)
{
	char *names = must_copy(formats[0].name);

	for (size_t i = 1; i < FORMATS; i++) {
		char *longer = must_format("%s, %s", names, formats[i].name);
		free(names);
		names = longer;
	}
	usage_error(&command_compare, "unknown report format '%s': there are %s", spec, names);
	free(names);
	return STATUS_USAGE;
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

static int add_output(struct wishes *wishes, size_t format, const char *path)
{
	if (wishes->report_count == REPORTS_MAX)
		return too_many("reports", REPORTS_MAX);
	for (size_t i = 0; i < wishes->report_count; i++)
		if (aside_is_same(wishes->reports[i].path, path))
			return usage_error(&command_compare,
					   "two reports would mix in %s: give each its FILE",
					   strcmp(path, "-") != 0 ? path : "standard output");
	wishes->reports[wishes->report_count].format = format;
	wishes->reports[wishes->report_count++].path = path;
	return STATUS_EXPECTED;
}

static int add_report(struct wishes *wishes, const char *spec)
{
	const char *colon = strchr(spec, ':');
	size_t format = find_format(spec, colon ? (size_t)(colon - spec) : strlen(spec));

	if (format == FORMATS)
		return unknown_format(spec);
	if (colon && !colon[1])
		return usage_error(&command_compare, "report '%s' names no file: write %s:FILE",
				   spec, formats[format].name);
	return add_output(wishes, format, colon ? colon + 1 : "-");
}

static int set_color(struct wishes *wishes, const char *when)
{
	if (strcmp(when, "auto") != 0 && strcmp(when, "always") != 0 && strcmp(when, "never") != 0)
		return usage_error(&command_compare,
				   "cannot use --color '%s': it is auto, always or never", when);
	wishes->color = when;
	return STATUS_EXPECTED;
}

static int take_option(struct wishes *wishes, int opt, const char *word)
{
	switch (opt) {
	case 'e':
		return add_word(&wishes->known, optarg, "baselines");
	case 'r':
		return add_report(wishes, optarg);
	case 'h':
		return add_output(wishes, find_format("html", strlen("html")), optarg);
	case 'o':
		return add_glob(wishes, optarg);
	case 'c':
		return set_color(wishes, optarg);
	case 'a':
		wishes->all = true;
		return STATUS_EXPECTED;
	default:
		return usage_error(&command_compare,
				   "cannot use '%s': see 'sockdrill compare --help'", word);
	}
}

static int read_wishes(struct wishes *wishes, int argc, char **argv)
{
	static const struct option long_options[] = { { "expect", required_argument, NULL, 'e' },
						      { "report", required_argument, NULL, 'r' },
						      { "html", required_argument, NULL, 'h' },
						      { "only", required_argument, NULL, 'o' },
						      { "color", required_argument, NULL, 'c' },
						      { "all", no_argument, NULL, 'a' },
						      { 0 } };
	int opt, status = STATUS_EXPECTED;

	opterr = 0;
	optind = 1;
	while (!status && (opt = getopt_long(argc, argv, ":", long_options, NULL)) != -1)
		status = take_option(wishes, opt, argv[optind - 1]);
	for (int i = optind; i < argc && !status; i++)
		status = add_word(&wishes->files, argv[i], "results files");
	if (!status && wishes->files.count < 2)
		status = usage_error(&command_compare, "give two results files or more");
	if (!status && !wishes->report_count)
		status = add_report(wishes, formats[0].name);
	return status;
}

/* ---- Reports ---- */

static bool wants_color(const struct wishes *wishes, FILE *out)
{
	const char *no_color = getenv("NO_COLOR");

	if (wishes->color && strcmp(wishes->color, "auto") != 0)
		return !strcmp(wishes->color, "always");
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

	if (!comparison_read(wishes->files.list, wishes->files.count, wishes->known.list,
			     wishes->known.count, &comparison, &error)) {
		usage_error(&command_compare, "%s", error);
		free(error);
		return STATUS_USAGE;
	}
	if (wishes->globs.count)
		comparison_select(&comparison, wishes->globs.list, wishes->globs.count);
	int status = anything_new(&comparison) ? STATUS_UNEXPECTED : STATUS_EXPECTED;
	if (!comparison_is_whole(&comparison, &error)) {
		status = usage_error(&command_compare, "%s", error);
		free(error);
	} else if (!comparison.row_count) {
		usage_error(&command_compare, "no recorded behaviour fits --only '%s'",
			    wishes->globs.list[0]);
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
	.help = "  FILE                      that 'run --report jsonl:FILE' wrote, one per system; "
		"the\n"
		"                            others are held against the first\n"
		"  --expect FILE             a baseline: what it gives a reason for is not new; "
		"may "
		"be\n"
		"                            repeated\n"
		"  --report FORMAT[:FILE]    pretty (the default), markdown, json, html; may "
		"be\n"
		"                            repeated\n"
		"  --html FILE               the same as --report html:FILE: a page that asks for "
		"nothing\n"
		"  --only GLOB               these behaviours; may be repeated\n"
		"  --all                     those on which all agree, too\n"
		"  --color auto|always|never NO_COLOR is honoured\n"
		"\n"
		"status: 0 nothing new, 1 a difference is new: no row of its case and no baseline "
		"tells of\n"
		"        it; 2 usage, or a file that cannot be compared; 3 the harness failed;\n"
		"        4 nothing was selected\n"
		"example: sockdrill compare linux.jsonl gvisor.jsonl --report pretty --report "
		"json:c.json\n",
	.run = run,
};
