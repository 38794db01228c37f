/* baseline_test.c -- known deviations: read, applied, and written back after a run. */
#include "engine/baseline.h"

#include <criterion/criterion.h>

#include "test_files.h"

TestSuite(baseline, .init = make_test_directory, .fini = remove_test_directory);

static const struct run_facts facts = { .stack = "linux", .release = "6.1.0", .machine = "x86_64" };

#define BIT(verdict) (1U << VERDICT_##verdict)

static void forget_line(struct baseline_line line)
{
	struct baseline one = { must_alloc(1, sizeof line), 1 };

	one.lines[0] = line;
	baseline_finish(&one);
}

/* ---- One line ---- */

static const struct {
	const char *text, *where, *glob;
	unsigned outcomes;
	const char *reason;
} good_lines[] = {
	{ "linux/6.1/x86_64 recv_eintr fail bug 1", "linux/6.1/x86_64", "recv_eintr", BIT(FAIL),
	  "bug 1" },
	{ "*/*/* recv_*/inet6 fail,timeout https://a.org/b", "*/*/*", "recv_*/inet6",
	  BIT(FAIL) | BIT(TIMEOUT), "https://a.org/b" },
	{ "  a/b/c\tx\t\tbroken   many  words # here", "a/b/c", "x", BIT(BROKEN),
	  "many  words # here" },
	{ "a/b/c x pass,variant,skip,fail,broken,timeout,flaky r", "a/b/c", "x",
	  BIT(PASS) | BIT(VARIANT) | BIT(SKIP) | BIT(FAIL) | BIT(BROKEN) | BIT(TIMEOUT) |
		  BIT(FLAKY),
	  "r" },
	{ "a/b/c x fail,fail twice", "a/b/c", "x", BIT(FAIL), "twice" },
	{ "//  x fail empty words", "//", "x", BIT(FAIL), "empty words" },
};

Test(baseline, parses)
{
	for (size_t i = 0; i < sizeof good_lines / sizeof *good_lines; i++) {
		const char *text = good_lines[i].text, *error = NULL;
		struct baseline_line line;
		cr_assert(baseline_parse_line(text, 7, &line, &error), "%s: %s", text, error);
		cr_expect_str_eq(line.where, good_lines[i].where, "%s", text);
		cr_expect_str_eq(line.glob, good_lines[i].glob, "%s", text);
		cr_expect_eq(line.outcomes, good_lines[i].outcomes, "%s: %x", text, line.outcomes);
		cr_expect_str_eq(line.reason, good_lines[i].reason, "%s", text);
		cr_expect_null(line.raw, "%s", text);
		cr_expect_eq(line.number, 7, "%s", text);
		cr_expect(!line.used, "%s", text);
		forget_line(line);
	}
}

Test(baseline, keeps_comments_as_they_are)
{
	static const char *const texts[] = { "", "  ", "\t", "# words", "  # a/b/c x fail r", "#" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const char *error = NULL;
		struct baseline_line line;
		cr_assert(baseline_parse_line(texts[i], 1, &line, &error), "row %zu", i);
		cr_expect_str_eq(line.raw, texts[i], "row %zu", i);
		cr_expect_eq(line.outcomes, 0, "row %zu", i);
		forget_line(line);
	}
}

static const struct {
	const char *text, *error; /* error: part of it */
} bad_lines[] = {
	{ "linux recv fail r", "stack/release/machine" },
	{ "linux/6.1 recv fail r", "stack/release/machine" },
	{ "linux/6.1/x86/64 recv fail r", "stack/release/machine" },
	{ "linux/6.1/x86_64", "glob" },
	{ "linux/6.1/x86_64  ", "glob" },
	{ "a/b/c recv_[ fail r", "open [" },
	{ "a/b/c recv\\ fail r", "backslash" },
	{ "a/b/c recv", "verdicts" },
	{ "a/b/c recv failed r", "verdicts" },
	{ "a/b/c recv FAIL r", "verdicts" },
	{ "a/b/c recv fail,oops r", "verdicts" },
	{ "a/b/c recv fail, r", "verdicts" },
	{ "a/b/c recv ,fail r", "verdicts" },
	{ "a/b/c recv fail,,timeout r", "verdicts" },
	{ "a/b/c recv notrun r", "verdicts" },
	{ "a/b/c recv fail,notrun r", "verdicts" },
	{ "a/b/c recv averylongwordthatnoverdictis r", "verdicts" },
	{ "a/b/c recv fail", "reason" },
	{ "a/b/c recv fail   ", "reason" },
	{ "a/b/c recv fail \033[2J", "control character" },
	{ "a/b/c\vrecv fail r", "control character" },
};

Test(baseline, refuses)
{
	for (size_t i = 0; i < sizeof bad_lines / sizeof *bad_lines; i++) {
		const char *text = bad_lines[i].text, *error = NULL;
		struct baseline_line line;
		cr_assert(!baseline_parse_line(text, 1, &line, &error), "%s", text);
		cr_assert_not_null(error, "%s", text);
		cr_expect_not_null(strstr(error, bad_lines[i].error), "%s: %s", text, error);
	}
}

/* ---- A file ---- */

static struct baseline read_lines(const char *text)
{
	struct baseline baseline;
	char *path = test_path("baseline"), *error = NULL;

	write_text(path, text);
	cr_assert(baseline_read(path, &facts, &baseline, &error), "%s", error);
	free(path);
	return baseline;
}

static void expect_no_file(const char *path, const char *error_part)
{
	struct baseline baseline;
	char *error = NULL;

	cr_assert(!baseline_read(path, &facts, &baseline, &error), "%s", path);
	cr_assert_not_null(error, "%s", path);
	cr_expect_not_null(strstr(error, path), "%s", error);
	cr_expect_not_null(strstr(error, error_part), "%s", error);
	cr_expect_null(strchr(error, '\n'), "%s", error);
	free(error);
}

Test(baseline, unreadable_files)
{
	char *path = test_path("baseline"), *name = must_format("%s:3", path);

	expect_no_file(path, "No such file");
	expect_no_file(test_directory, "Is a directory");
	write_text(path, "# one\n\nnonsense\na/b/c x fail r\n");
	expect_no_file(path, name);
	write_text(path, "# one\na/b/c x fail r\na/b/c x fail");
	expect_no_file(path, name);
	write_bytes(path, "# one\n\na/b/c x fail r\0more\n", 28);
	expect_no_file(path, "NUL");
	free(name);
	free(path);
}

Test(baseline, numbers_its_lines)
{
	struct baseline baseline = read_lines("# one\r\n\r\n*/*/* x fail r\r\n*/*/* y fail last");

	cr_assert_eq(baseline.count, 4);
	for (unsigned i = 0; i < 4; i++)
		cr_expect_eq(baseline.lines[i].number, i + 1);
	cr_expect_str_eq(baseline.lines[2].reason, "r", "without its carriage return");
	cr_expect_str_eq(baseline.lines[3].reason, "last");
	baseline_finish(&baseline);
	cr_expect_eq(baseline.count, 0);
}

Test(baseline, empty_file)
{
	struct baseline baseline = read_lines("");

	cr_expect_eq(baseline.count, 0);
	baseline_finish(&baseline);
}

/* ---- What it expects ---- */

static const struct {
	const char *where;
	bool applies;
} wheres[] = {
	{ "linux/6.1.0/x86_64", true }, { "linux/*/x86_64", true },    { "*/*/*", true },
	{ "linux/6.*/*", true },        { "l[hi]nux/6.?.0/*", true },  { "linux/5.*/*", false },
	{ "freebsd/*/*", false },       { "linux/6.1/x86_64", false }, { "linux/*/aarch64", false },
	{ "Linux/*/*", false },
};

Test(baseline, applies_by_system)
{
	for (size_t i = 0; i < sizeof wheres / sizeof *wheres; i++) {
		char *text = must_format("%s x fail r\n", wheres[i].where);
		struct baseline baseline = read_lines(text);
		cr_expect_eq(baseline.lines[0].applies, wheres[i].applies, "%s", wheres[i].where);
		baseline_finish(&baseline);
		free(text);
	}
}

static const struct judged {
	const char *lines, *name;
	enum family family;
	enum verdict verdict;
	bool expected;
} judgeds[] = {
	/* Nothing is known: what is good is expected. */
	{ "", "x", INET, VERDICT_PASS, true },
	{ "", "x", INET, VERDICT_VARIANT, true },
	{ "", "x", INET, VERDICT_SKIP, true },
	{ "", "x", INET, VERDICT_FAIL, false },
	{ "", "x", INET, VERDICT_BROKEN, false },
	{ "", "x", INET, VERDICT_TIMEOUT, false },
	{ "", "x", INET, VERDICT_FLAKY, false },
	/* One line. */
	{ "*/*/* x fail r\n", "x", INET, VERDICT_FAIL, true },
	{ "*/*/* x fail r\n", "x", INET, VERDICT_TIMEOUT, false },
	{ "*/*/* x fail r\n", "x", INET, VERDICT_PASS, false },
	{ "*/*/* x fail r\n", "x", INET, VERDICT_VARIANT, false },
	{ "*/*/* x fail r\n", "y", INET, VERDICT_FAIL, false },
	{ "*/*/* x fail r\n", "y", INET, VERDICT_PASS, true },
	{ "*/*/* x/inet fail r\n", "x", INET, VERDICT_FAIL, true },
	{ "*/*/* x/inet fail r\n", "x", INET6, VERDICT_FAIL, false },
	{ "*/*/* x/inet fail r\n", "x", INET6, VERDICT_PASS, true },
	{ "*/*/* recv_* broken r\n", "recv_x", UNIX, VERDICT_BROKEN, true },
	/* Known to vary. */
	{ "*/*/* x pass,fail r\n", "x", INET, VERDICT_PASS, true },
	{ "*/*/* x pass,fail r\n", "x", INET, VERDICT_FAIL, true },
	{ "*/*/* x pass,fail r\n", "x", INET, VERDICT_FLAKY, false },
	/* What did not run. */
	{ "", "x", INET, VERDICT_NOT_RUN, false },
	{ "*/*/* x pass,variant,skip,fail,broken,timeout,flaky r\n", "x", INET, VERDICT_NOT_RUN,
	  false },
	/* Several lines together. */
	{ "*/*/* x fail r\n*/*/* x/* timeout r\n", "x", INET, VERDICT_FAIL, true },
	{ "*/*/* x fail r\n*/*/* x/* timeout r\n", "x", INET, VERDICT_TIMEOUT, true },
	{ "*/*/* x fail r\n*/*/* x/* timeout r\n", "x", INET, VERDICT_BROKEN, false },
	{ "*/*/* x fail r\n*/*/* x/* timeout r\n", "x", INET, VERDICT_PASS, false },
	/* Of another system. */
	{ "freebsd/*/* x fail r\n", "x", INET, VERDICT_FAIL, false },
	{ "freebsd/*/* x fail r\n", "x", INET, VERDICT_PASS, true },
	/* No line at all. */
	{ "# */*/* x fail r\n", "x", INET, VERDICT_FAIL, false },
};

Test(baseline, expects)
{
	for (size_t i = 0; i < sizeof judgeds / sizeof *judgeds; i++) {
		const struct judged *row = &judgeds[i];
		struct baseline baseline = read_lines(row->lines);
		const struct result result = { .name = row->name,
					       .family = row->family,
					       .verdict = row->verdict };
		cr_expect_eq(baseline_expects(&baseline, &result), row->expected,
			     "row %zu: %s/%s %s", i, row->name, family_name(row->family),
			     verdict_name(row->verdict));
		baseline_finish(&baseline);
	}
}

static const struct {
	const char *lines;
	enum verdict verdict;
	bool expected;
	unsigned outcomes;
	const char *reason; /* NULL: none */
} judgements[] = {
	{ "", VERDICT_FAIL, false, 0, NULL },
	{ "*/*/* y fail r\n", VERDICT_PASS, true, 0, NULL },
	{ "*/*/* x fail r\n", VERDICT_FAIL, true, BIT(FAIL), "r" },
	/* The line that lists what happened, else the first that is contradicted. */
	{ "*/*/* x timeout r\n*/*/* x/* fail q\n", VERDICT_FAIL, true, BIT(FAIL) | BIT(TIMEOUT),
	  "q" },
	{ "# c\n*/*/* x timeout r\n*/*/* x/* fail q\n", VERDICT_PASS, false,
	  BIT(FAIL) | BIT(TIMEOUT), "r" },
	{ "*/*/* x timeout r\n*/*/* x/* fail q\n", VERDICT_BROKEN, false, BIT(FAIL) | BIT(TIMEOUT),
	  "r" },
	{ "freebsd/*/* x fail r\n", VERDICT_FAIL, false, 0, NULL },
	{ "*/*/* x fail r\n", VERDICT_NOT_RUN, false, BIT(FAIL), "r" },
};

/* A result keeps what the baseline said of it. */
Test(baseline, judges)
{
	for (size_t i = 0; i < sizeof judgements / sizeof *judgements; i++) {
		struct baseline baseline = read_lines(judgements[i].lines);
		struct result result = { .name = "x",
					 .family = INET,
					 .verdict = judgements[i].verdict };
		baseline_judge(&baseline, &result);
		cr_expect_eq(result.expected, judgements[i].expected, "row %zu", i);
		cr_expect_eq(result.baseline_outcomes, judgements[i].outcomes, "row %zu", i);
		cr_expect_eq(!result.baseline_reason, !judgements[i].reason, "row %zu", i);
		if (result.baseline_reason && judgements[i].reason)
			cr_expect_str_eq(result.baseline_reason, judgements[i].reason, "row %zu",
					 i);
		free(result.baseline_reason);
		baseline_finish(&baseline);
	}
}

/* ---- Unused lines ---- */

/* Marks lines used. */
static void judge_and_forget(struct baseline *baseline, struct result result)
{
	baseline_judge(baseline, &result);
	free(result.baseline_reason);
}

/* A result uses its line, unless it says that there is none; a line for a case or a family that is
 * not there is a mistake. */
Test(baseline, reports_unused_lines)
{
	struct baseline baseline = read_lines("# comment\n"
					      "*/*/* recv_eintr/inet fail used\n"
					      "*/*/* recv_eintr/unix fail did not run\n"
					      "freebsd/*/* no_such_case fail elsewhere\n"
					      "*/*/* recv_data_then_zero fail not planned\n"
					      "*/*/* no_such_case fail of no case\n"
					      "*/*/* recv_eintr/any fail of no family\n"
					      "*/*/* case_of_* fail of another version\n");
	const struct result results[] = {
		{ .name = "recv_eintr", .family = INET, .verdict = VERDICT_PASS },
		{ .name = "recv_eintr", .family = UNIX, .verdict = VERDICT_NOT_RUN },
		{ .name = "case_of_another_version", .family = INET, .verdict = VERDICT_FAIL },
	};
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < sizeof results / sizeof *results; i++)
		judge_and_forget(&baseline, results[i]);
	cr_expect(!baseline.lines[2].used, "by what did not run");
	cr_expect_eq(baseline_report_unused(&baseline, "the/file", out), 2);
	fclose(out);
	cr_expect_str_eq(text, "the/file:6: unused line: */*/* no_such_case\n"
			       "the/file:7: unused line: */*/* recv_eintr/any\n");
	free(text);
	baseline_finish(&baseline);
}

/* ---- Writing ---- */

Test(baseline, writes_aside)
{
	char *path = test_path("baseline"), *error = NULL;
	struct baseline baseline = read_lines("*/*/*  x  fail  r\n");

	write_text(path, "old\n");
	FILE *old = fopen(path, "re");
	char line[16] = "";
	cr_assert_not_null(old);
	cr_assert(baseline_write(&baseline, path, &error), "%s", error);
	/* Who has the old file open sees all of it: it was not written over. */
	cr_expect_not_null(fgets(line, sizeof line, old));
	cr_expect_str_eq(line, "old\n");
	fclose(old);
	cr_expect_eq(walk_test_directory(false), 1);
	baseline_finish(&baseline);
	free(path);
}

Test(baseline, cannot_be_written)
{
	char *path = test_path("missing/baseline"), *error = NULL;
	struct baseline baseline = read_lines("*/*/*  x  fail  r\n");

	cr_assert(!baseline_write(&baseline, path, &error));
	cr_expect_not_null(strstr(error, path), "%s", error);
	cr_expect_not_null(strstr(error, "No such file"), "%s", error);
	free(error);
	/* A directory cannot be renamed to; nothing stays beside it. */
	cr_assert(!baseline_write(&baseline, test_directory, &error));
	cr_expect_not_null(strstr(error, test_directory), "%s", error);
	free(error);
	char *aside = must_format("%s.%ld.part", test_directory, (long)getpid());
	cr_expect_neq(access(aside, F_OK), 0, "%s stayed", aside);
	free(aside);
	baseline_finish(&baseline);
	free(path);
}
