/* limits_test.c -- what GitHub takes of a report and what people read of it: the rest is told in
 * numbers. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/test_run.h"
#include "test_files.h"

/* ---- Limits of GitHub ---- */

enum { MANY = 200, MIB = 1024 * 1024 };

/* Many results that are not as expected, alternately failed and flaky; reasons of that length. */
static struct result *make_many(size_t reason_length)
{
	struct result *many = must_alloc(MANY, sizeof *many);
	char *rest = must_alloc(reason_length + 1, 1);

	memset(rest, 'r', reason_length);
	for (size_t i = 0; i < MANY; i++) {
		many[i] = everything.results[i % 2 ? RUN_FLAKES : RUN_FAILS];
		many[i].reason = must_format("reason %zu %s", i, rest);
	}
	free(rest);
	return many;
}

static void free_many(struct result *many)
{
	for (size_t i = 0; i < MANY; i++)
		free(many[i].reason);
	free(many);
}

Test(report, github_shows_ten_of_each)
{
	struct result *many = make_many(10);
	char *text = write_results("github", many, MANY);

	cr_expect_eq(count_of(text, "\n::error "), 10);
	cr_expect_eq(count_of(text, "\n::warning "), 10);
	cr_expect_eq(count_of(text, "\n"), 1 + 20 + 1);
	cr_expect_eq(strncmp(text, "::notice title=sockdrill::200 of 200 not as expected", 52), 0);
	cr_expect_not_null(
		strstr(text, "::180 more not as expected: see --report markdown:FILE\n"));
	free(text);
	/* Exactly as many as are shown leave nothing to say. */
	text = write_results("github", many, 20);
	cr_expect_eq(count_of(text, "\n"), 1 + 20);
	free(text);
	free_many(many);
}

/* Writes many results as github with a summary that holds `before` bytes; gives the summary. */
static char *write_summary(const struct result *many, size_t before, char **ret_commands)
{
	char *path = test_path("summary"), *old = must_alloc(before + 1, 1);

	memset(old, '\n', before);
	write_text(path, old);
	setenv("GITHUB_STEP_SUMMARY", path, 1);
	*ret_commands = write_results("github", many, MANY);
	char *summary = read_file(path);
	cr_expect_eq(strncmp(summary, old, before), 0, "what was there stays");
	unlink(path);
	free(old);
	free(path);
	return summary;
}

Test(report, github_appends_the_markdown)
{
	struct result *many = make_many(10);
	char *markdown = write_results("markdown", many, MANY), *commands;
	char *summary = write_summary(many, 4, &commands);

	cr_expect_str_eq(summary + 4, markdown);
	cr_expect_not_null(strstr(commands, "180 more not as expected: see the summary of"));
	free(summary);
	free(commands);
	free(markdown);
	free_many(many);
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

/* A summary that is cut: short enough, with its last line, and with nothing left open. Gives
 * whether something had to be closed. */
static bool expect_cut(const struct result *many, size_t before)
{
	char *commands, *summary = write_summary(many, before, &commands);
	bool closes = strstr(summary, "\n</pre>\n\n</details>\n\nThe rest is cut: ");

	cr_expect_not_null(strstr(summary, "\n\nThe rest is cut: "), "%zu", before);
	cr_expect_leq(strlen(summary), MIB, "%zu", before);
	cr_expect(ends_with(summary, " writes all of it.\n"), "%zu", before);
	cr_expect_eq(count_of(summary, "\n<details>\n"), count_of(summary, "\n</details>\n"), "%zu",
		     before);
	cr_expect_eq(count_of(summary, "\n<pre>\n"), count_of(summary, "\n</pre>\n"), "%zu",
		     before);
	cr_expect_not_null(strstr(commands, "see --report markdown:FILE"), "%zu", before);
	free(summary);
	free(commands);
	return closes;
}

/* The limit wanders through a folded part. */
Test(report, github_cuts_the_summary_at_a_line)
{
	enum { LENGTH = 10500, AROUND = 700, STEP = 50 };
	struct result *many = make_many(LENGTH);
	char *markdown = write_results("markdown", many, MANY);
	unsigned closed = 0;

	cr_assert_gt(strlen(markdown), MIB);
	const char *folded = strstr(markdown + MIB - 3 * LENGTH, "\n<details>\n");
	cr_assert_not_null(folded);
	size_t at = (size_t)(folded - markdown);
	cr_assert_lt(at + AROUND, MIB);
	for (size_t limit = at; limit < at + AROUND; limit += STEP)
		closed += expect_cut(many, MIB - limit);
	cr_expect_gt(closed, 0, "no cut fell into a folded part");
	free(markdown);
	free_many(many);
}

Test(report, github_leaves_a_full_summary_alone)
{
	struct result *many = make_many(10);
	char *commands, *summary = write_summary(many, MIB - 10, &commands);

	cr_expect_eq(strlen(summary), MIB - 10);
	cr_expect_not_null(strstr(commands, "nothing was added"), "%s", commands);
	free(summary);
	free(commands);
	free_many(many);
}

Test(report, github_summary_without_room)
{
	struct report report;
	char *path, *error;

	setenv("GITHUB_STEP_SUMMARY", "/dev/full", 1);
	path = begin_report(&everything, "github", &report);
	cr_expect(report_result(&report, &everything.results[RUN_FAILS]));
	cr_assert(!end_report(&everything, &report, &error));
	cr_expect_not_null(strstr(error, "/dev/full: No space left"), "%s", error);
	free(error);
	free(path);
}

/* Nobody reads every one of a thousand in full. */
Test(report, markdown_tells_a_hundred_in_full)
{
	struct result *many = make_many(10);
	char *text = write_results("markdown", many, MANY);

	cr_expect_eq(count_of(text, "\n### "), 100);
	cr_expect_not_null(strstr(text, "\n## Not as expected, too: 100\n"));
	cr_expect_eq(count_of(text, "\n| recv_fails/inet | fail | reason "), 50);
	free(text);
	free_many(many);
}
