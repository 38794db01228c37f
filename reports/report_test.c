/* report_test.c -- how reports are opened, fed and ended, and what becomes of their files. */
#include "reports/report.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/test_run.h"
#include "test_files.h"

TestSuite(report, .init = begin_test_run, .fini = end_test_run);

/* ---- Interrupted runs ---- */

static const struct {
	const char *format, *has, *has_not;
} interrupted[] = {
	{ "pretty", "interrupted: this run has no end", "\xff\xff" },
	{ "tap", "Bail out!", "\xff\xff" },
	{ "jsonl", "\"type\":\"result\"", "\"type\":\"end\"" },
	{ "ctrf", "\"complete\":false", "\"complete\":true" },
	{ "github", "%0Ainterrupted", "\xff\xff" },
	{ "markdown", "The run was interrupted", "\xff\xff" },
};

Test(report, interrupted_and_ended)
{
	for (size_t i = 0; i < sizeof interrupted / sizeof *interrupted; i++) {
		struct test_run run = everything;
		run.interrupted = true;
		char *text = write_run(&run, interrupted[i].format);
		cr_expect_not_null(strstr(text, interrupted[i].has), "%s", interrupted[i].format);
		cr_expect_null(strstr(text, interrupted[i].has_not), "%s", interrupted[i].format);
		free(text);
	}
}

/* Begins a report, gives it two results and leaves it. */
static char *abandon_run(const char *format)
{
	struct report report;
	char *path = begin_report(&everything, format, &report);

	cr_expect(report_result(&report, &everything.results[RUN_PASSES]), "%s", format);
	cr_expect(report_result(&report, &everything.results[RUN_FAILS]), "%s", format);
	report_abandon(&report);
	return path;
}

Test(report, abandoned_streams_keep_what_they_have)
{
	static const char *const streams[] = { "pretty", "tap", "jsonl" };

	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
		char *path = abandon_run(streams[i]), *text = read_file(path);
		cr_assert_not_null(text, "%s", streams[i]);
		cr_expect_not_null(strstr(text, "recv_fails"), "%s", streams[i]);
		cr_expect_eq(walk_test_directory(true), 1, "%s", streams[i]);
		free(text);
		free(path);
	}
}

static const char *const held[] = { "junit", "ctrf", "github", "markdown" };

Test(report, abandoned_others_say_nothing)
{
	for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
		free(abandon_run(held[i]));
		cr_expect_eq(walk_test_directory(false), 0, "%s", held[i]);
		/* What was there before stays. */
		char *path = test_path("out");
		write_text(path, "old");
		free(abandon_run(held[i]));
		char *text = read_file(path);
		cr_expect_str_eq(text, "old", "%s", held[i]);
		cr_expect_eq(walk_test_directory(true), 1, "%s", held[i]);
		free(text);
		free(path);
	}
}

/* ---- Files ---- */

Test(report, junit_appears_at_the_end)
{
	struct report report;
	char *path = begin_report(&everything, "junit", &report), *error;

	cr_expect(report_result(&report, &everything.results[RUN_PASSES]));
	cr_expect_neq(access(path, F_OK), 0, "it is there before its end");
	cr_assert(end_report(&everything, &report, &error), "%s", error);
	cr_expect_eq(access(path, F_OK), 0);
	cr_expect_eq(walk_test_directory(false), 1, "something stayed beside it");
	free(path);
}

Test(report, streams_appear_line_by_line)
{
	static const char *const streams[] = { "pretty", "tap", "jsonl" };

	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
		struct report report;
		char *path = begin_report(&everything, streams[i], &report);
		cr_expect(report_result(&report, &everything.results[RUN_FAILS]), "%s", streams[i]);
		char *text = read_file(path);
		cr_expect_not_null(strstr(text, "recv_fails"), "%s", streams[i]);
		report_abandon(&report);
		free(text);
		free(path);
	}
}

/* Between its opening and its end a directory has taken the report's place. */
Test(report, place_is_taken)
{
	struct report report;
	char *path = begin_report(&everything, "junit", &report), *error;

	cr_assert_eq(mkdir(path, 0700), 0);
	cr_assert(!end_report(&everything, &report, &error));
	cr_expect_not_null(strstr(error, path), "%s", error);
	free(error);
	cr_expect_eq(rmdir(path), 0);
	cr_expect_eq(walk_test_directory(false), 0, "the part stayed");
	free(path);
}

/* Ends a report whose output has no room; whatever else failed meanwhile is not the reason. */
static void expect_full(struct report *report, const char *name)
{
	char *error;

	report->rerun = "sockdrill";
	report_begin(report, everything.facts);
	bool streams = report->format->streams;
	cr_expect_eq(report_result(report, &everything.results[RUN_FAILS]), !streams, "%s", name);
	errno = EAGAIN;
	cr_assert(!end_report(&everything, report, &error), "%s", name);
	cr_expect_not_null(strstr(error, "No space left"), "%s: %s", name, error);
	cr_expect_null(strchr(error, '\n'), "%s: %s", name, error);
	free(error);
}

static const char *const formats[] = { "pretty", "tap",      "junit", "ctrf",
				       "github", "markdown", "jsonl" };

enum { FORMATS = sizeof formats / sizeof *formats };

Test(report, no_space_in_a_file)
{
	for (size_t i = 0; i < FORMATS; i++) {
		char *spec = must_format("%s:/dev/full", formats[i]), *error = NULL;
		struct report report;
		cr_assert(report_open(&report, spec, &error), "%s", error);
		expect_full(&report, spec);
		free(spec);
	}
	cr_expect_eq(access("/dev/full", F_OK), 0, "a device was replaced");
}

Test(report, no_space_on_standard_output)
{
	int kept = dup(STDOUT_FILENO), full = open("/dev/full", O_WRONLY);

	cr_assert(kept >= 0 && full >= 0);
	for (size_t i = 0; i < FORMATS; i++) {
		struct report report;
		char *error = NULL;
		cr_assert_geq(dup2(full, STDOUT_FILENO), 0);
		clearerr(stdout);
		cr_assert(report_open(&report, formats[i], &error), "%s", error);
		expect_full(&report, formats[i]);
	}
	/* What stdout still holds goes the same way as the rest. */
	fflush(stdout);
	clearerr(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	close(full);
}

/* ---- FORMAT:FILE ---- */

static const struct {
	const char *spec;
	const char *parts[3]; /* of the error */
} bad_specs[] = {
	{ "", { "unknown", "''", "pretty, tap, junit, ctrf, github, markdown, jsonl, html" } },
	{ "xml",
	  { "unknown", "'xml'", "pretty, tap, junit, ctrf, github, markdown, jsonl, html" } },
	{ "JUnit:a.xml", { "unknown", "'JUnit'" } },
	{ ":a.xml", { "unknown", "''" } },
	{ "junit:", { "'junit:'", "names no file", "junit:FILE" } },
	{ "pretty:", { "'pretty:'", "names no file", "pretty:FILE" } },
	{ "junit:/no/such/dir/a.xml", { "cannot write", "/no/such/dir/a.xml", "No such file" } },
	{ "jsonl:/no/such/dir/a", { "cannot write", "/no/such/dir/a", "No such file" } },
	{ "junit:/tmp", { "cannot write", "/tmp", "Is a directory" } },
	{ "tap:/tmp", { "cannot write", "/tmp", "Is a directory" } },
};

Test(report, bad_specs)
{
	for (size_t i = 0; i < sizeof bad_specs / sizeof *bad_specs; i++) {
		const char *spec = bad_specs[i].spec;
		struct report report;
		char *error = NULL;
		cr_assert(!report_open(&report, spec, &error), "'%s'", spec);
		cr_assert_not_null(error, "'%s'", spec);
		for (size_t p = 0; p < 3 && bad_specs[i].parts[p]; p++)
			cr_expect_not_null(strstr(error, bad_specs[i].parts[p]), "'%s': %s", spec,
					   error);
		cr_expect_null(strchr(error, '\n'), "'%s': %s", spec, error);
		free(error);
	}
}

Test(report, good_specs)
{
	static const char *const plain[] = { "pretty", "pretty:-", "tap", "tap:-", "jsonl:-" };

	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		struct report report;
		char *error = NULL;
		cr_assert(report_open(&report, plain[i], &error), "%s: %s", plain[i], error);
		cr_expect_eq(report.out, stdout, "%s", plain[i]);
		cr_expect_null(report.file.path, "%s", plain[i]);
		report_abandon(&report);
	}
}

/* Only the first colon parts. */
Test(report, file_names_may_hold_colons)
{
	char *path = test_path("a:b:c"), *spec = must_format("tap:%s", path), *error = NULL;
	struct report report;

	cr_assert(report_open(&report, spec, &error), "%s", error);
	report_abandon(&report);
	cr_expect_eq(access(path, F_OK), 0);
	free(spec);
	free(path);
}

Test(report, formats_have_names)
{
	char *names = format_names();

	cr_expect_str_eq(names, "pretty, tap, junit, ctrf, github, markdown, jsonl, html");
	free(names);
	for (size_t i = 0; i < FORMATS; i++) {
		const struct format *format = format_find(formats[i]);
		cr_assert_not_null(format, "%s", formats[i]);
		cr_expect_str_eq(format->name, formats[i]);
	}
	cr_expect_null(format_find(""));
	cr_expect_null(format_find("pre"));
	cr_expect_null(format_find("pretty "));
}
