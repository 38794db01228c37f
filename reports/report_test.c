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

/* ---- Runs that are cut short ---- */

static const struct {
	const char *name;
	struct end_of_run end;
	unsigned missing;
	const char *text;
} ends[] = {
	{ "by a signal", { END_SIGNAL, "SIGINT" }, 0, "interrupted by SIGINT" },
	{ "by an option", { END_OPTION, "--fail-fast" }, 0, "ended by --fail-fast" },
	{ "a failure", { END_FAILURE, "no pipe" }, 0, "the harness failed (no pipe)" },
	{ "killed", { END_UNKNOWN, "" }, 4, "interrupted without an end line, 4 of 17 not run" },
};

/* Formats in which everybody reads by what the run was ended. */
static const char *const telling[] = { "pretty", "tap",    "tap14",   "junit",
				       "ctrf",   "github", "markdown" };

Test(report, cut_short_in_every_format)
{
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct test_run run = everything;
		run.end = ends[i].end;
		run.missing = ends[i].missing;
		for (size_t f = 0; f < sizeof telling / sizeof *telling; f++) {
			char *text = write_run(&run, telling[f]);
			cr_expect_not_null(strstr(text, ends[i].text), "%s, %s", telling[f],
					   ends[i].name);
			free(text);
		}
	}
}

/* A reader of it does not know more than there was to know. */
Test(report, killed_writers_stay_without_an_end)
{
	struct test_run run = everything;

	run.end = (struct end_of_run){ .cause = END_UNKNOWN };
	char *text = write_run(&run, "jsonl");
	cr_expect_null(strstr(text, "\"type\":\"end\""), "%s", text);
	free(text);
}

/* What an option ended has its failure; an interruption has none of its own but this. */
Test(report, junit_of_an_interrupted_run_is_not_green)
{
	struct test_run run = cut_short;

	char *text = write_run(&run, "junit");
	cr_expect_not_null(strstr(text, "<error type=\"interrupted\" message=\"interrupted by "
					"SIGTERM, 12 of 14 not run\"/>"));
	free(text);
	run.end = (struct end_of_run){ END_OPTION, "--fail-fast" };
	text = write_run(&run, "junit");
	cr_expect_null(strstr(text, "<error type=\"interrupted\""));
	free(text);
}

static const struct {
	struct counts counts;
	const char *text;
} headlines[] = {
	{ { .of = { [VERDICT_PASS] = 3 } }, "all 3 as expected" },
	{ { .of = { [VERDICT_PASS] = 3, [VERDICT_FAIL] = 1 }, .unexpected = 1 },
	  "1 of 4 not as expected" },
	{ { .of = { [VERDICT_PASS] = 3, [VERDICT_NOT_RUN] = 2 } },
	  "2 of 5 not run, the others as expected" },
	{ { .of = { [VERDICT_FAIL] = 1, [VERDICT_NOT_RUN] = 2 }, .missing = 4, .unexpected = 1 },
	  "1 of 7 not as expected, 6 not run" },
	{ { .of = { [VERDICT_NOT_RUN] = 2 } }, "2 of 2 not run" },
};

Test(report, headlines)
{
	for (size_t i = 0; i < sizeof headlines / sizeof *headlines; i++) {
		char *text = report_headline(&headlines[i].counts);
		cr_expect_str_eq(text, headlines[i].text);
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
	static const char *const streams[] = { "pretty", "tap", "tap14", "jsonl" };

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
	static const char *const streams[] = { "pretty", "tap", "tap14", "jsonl" };

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

static const char *const formats[] = { "pretty", "tap",    "tap14",    "junit",
				       "ctrf",   "github", "markdown", "jsonl" };

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
	{ "",
	  { "unknown", "''", "pretty, tap, tap14, junit, ctrf, github, markdown, jsonl, html" } },
	{ "xml",
	  { "unknown", "'xml'",
	    "pretty, tap, tap14, junit, ctrf, github, markdown, jsonl, html" } },
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

	cr_expect_str_eq(names, "pretty, tap, tap14, junit, ctrf, github, markdown, jsonl, html");
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
