/* report_test.c -- the writers against golden files, and how reports are opened, fed and ended.
 *
 * After a change of a format: GOLDEN_UPDATE=1 build/report_test writes the golden files anew and
 * fails; look at the difference before it is kept.
 */
#include "reports/report.h"

#include <criterion/criterion.h>

#include "ladder/test_stories.h"
#include "test_files.h"
#include "test_golden.h"

static void trace_one(void);
static void forget_trace(void);

/* Where these tests run may be a job of GitHub, too. */
static void prepare(void)
{
	unsetenv("GITHUB_STEP_SUMMARY");
	make_test_directory();
	trace_one();
}

static void clean_up(void)
{
	forget_trace();
	remove_test_directory();
}

TestSuite(report, .init = prepare, .fini = clean_up);

/* ---- A run in which everything happens ---- */

/* A result owns its texts; these are only read. */
#define T(text) ((char *)(text))

#define ENDS(s, c) .stood = { T(s), T(c) }, .output = { T(""), T("") }
#define SAW(list)  .saw = (list), .saw_count = sizeof(list) / sizeof *(list)

static const struct run_facts facts = {
	.tool = "sockdrill 9.8.7",
	.stack = "linux",
	.sysname = "Linux",
	.release = "6.1.0-test",
	.machine = "x86_64",
	.libc = "glibc 2.36",
	.isolation = "netns",
	.seed = 42,
	.shard = 1,
	.shards = 2,
	.planned = 13,
};

static void no_role(struct role *me)
{
	(void)me;
}

static const struct sock_case two_sides = {
	.claim = "A claim that is long enough to be filled into more than one line of a report for "
		 "people, with <angles> & \"quotes\".",
	.source = "POSIX.1-2024 recv(), RETURN VALUE & <others>",
	.server = no_role,
	.client = no_role,
};
static const struct sock_case server_only = {
	.claim = "One side.",
	.source = "RFC 9293 3.10",
	.server = no_role,
};

static struct observation pass_saw[] = {
	{ SERVER, T("accept"), T("0"), T("0"), .judged = true, .ok = true },
	{ CLIENT, T("recv"), T("3:abc"), T("3:abc"), .judged = true, .ok = true },
	{ CLIENT, T("order of calls"), T("IN|HUP"), T("any"), .ok = true },
};
static struct observation variant_saw[] = {
	{ CLIENT, T("recv"), T("0"), T("0 or -1 EPIPE"), .judged = true, .ok = true,
	  .variant = true },
};
static struct observation fail_saw[] = {
	{ CLIENT, T("recv"), T("5:<&>\"'"), T("0"), .judged = true, .line = 17 },
	{ SERVER, T("backslash \\"), T("4:\\x00\\x0a\\\\"), T("4:\\x00\\x0a\\\\"), .judged = true,
	  .ok = true, .line = 18 },
	{ SERVER, T("a label much longer than any column should be wide"), T("1"), T("1"),
	  .judged = true, .ok = true },
};
static struct observation broken_saw[] = {
	{ SERVER, T("accept"), T("0"), T("0"), .judged = true, .ok = true },
	{ SERVER, T("surprise"), T("1"), T("") },
};

static struct result results[] = {
	{ .name = "recv_plain",
	  .test = &two_sides,
	  .family = INET,
	  .verdict = VERDICT_PASS,
	  .expected = true,
	  .ms = 0.4,
	  .reason = T(""),
	  ENDS("finished", "finished"),
	  SAW(pass_saw),
	  .runs = 1 },
	{ .name = "recv_plain",
	  .test = &two_sides,
	  .family = INET6,
	  .verdict = VERDICT_PASS,
	  .expected = true,
	  .ms = 12.3,
	  .reason = T(""),
	  ENDS("finished", "finished"),
	  SAW(pass_saw),
	  .runs = 3,
	  .runs_of = { [VERDICT_PASS] = 3 } },
	{ .name = "recv_variant",
	  .test = &two_sides,
	  .family = UNIX,
	  .verdict = VERDICT_VARIANT,
	  .expected = true,
	  .ms = 1.5,
	  .reason = T("Linux reads zero"),
	  ENDS("finished", "finished"),
	  SAW(variant_saw),
	  .pcap = T("/tmp/packets/recv_variant.unix.2.pcapng"),
	  .runs = 1 },
	{ .name = "bind_root",
	  .test = &server_only,
	  .family = INET,
	  .verdict = VERDICT_SKIP,
	  .expected = true,
	  .reason = T("needs root: run as root"),
	  ENDS("", ""),
	  .runs = 1 },
	{ .name = "bind_root",
	  .test = &server_only,
	  .family = INET6,
	  .verdict = VERDICT_SKIP,
	  .expected = true,
	  .reason = T("needs root: run as root"),
	  ENDS("", ""),
	  .runs = 1 },
	{ .name = "bind_option",
	  .test = &server_only,
	  .family = NO_FAMILY,
	  .verdict = VERDICT_SKIP,
	  .expected = true,
	  .ms = 0.2,
	  .reason = T("this system does not know <SO_FOO> & \"bar\""),
	  ENDS("exited with status 98", ""),
	  .runs = 1 },
	{ .name = "recv_fails",
	  .test = &two_sides,
	  .family = INET,
	  .verdict = VERDICT_FAIL,
	  .ms = 2.2,
	  .reason = T("client saw recv = 5:<&>\"', wanted 0"),
	  .stood = { T("finished"), T("finished") },
	  .output = { T("<b>\"loud\" & 'clear'</b>\n\tback\\slash\n"),
		      T("bell \a, escape \033[0m, delete \177, carriage\rreturn, bad \xff\xc0\x80, "
			"good \xc3\xbc \xe2\x82\xac \xf0\x9f\x99\x82") },
	  SAW(fail_saw),
	  .pcap = T("pcap/a&b \033<c>.inet.pcapng"),
	  .runs = 1 },
	{ .name = "recv_breaks",
	  .test = &server_only,
	  .family = UNIX,
	  .verdict = VERDICT_BROKEN,
	  .ms = 3.5,
	  .reason = T("server: bind(fd, &a.any, a.len) failed: EACCES at a.c:7"),
	  ENDS("died of SIGSEGV", ""),
	  SAW(broken_saw),
	  .runs = 1 },
	/* This tool does not know the case: it stands in a file of another version. */
	{ .name = "o\"d<d_case",
	  .family = INET,
	  .verdict = VERDICT_TIMEOUT,
	  .ms = 2001.9,
	  .reason = T("after 2000 ms: server in accept(fd 3), client waits for \"queue is full\""),
	  ENDS("in accept(fd 3)", "waits for \"queue is full\""),
	  .runs = 1 },
	{ .name = "send_flaky",
	  .test = &two_sides,
	  .family = UNIX,
	  .verdict = VERDICT_FLAKY,
	  .ms = 5,
	  .reason = T("2 pass, 1 fail: client saw recv = 1, wanted 0"),
	  ENDS("finished", "finished"),
	  SAW(variant_saw),
	  .runs = 3,
	  .runs_of = { [VERDICT_PASS] = 2, [VERDICT_FAIL] = 1 } },
	/* The baseline knows of it. */
	{ .name = "send_known",
	  .test = &two_sides,
	  .family = INET,
	  .verdict = VERDICT_FAIL,
	  .expected = true,
	  .ms = 1,
	  .reason = T("client saw recv = 1, wanted 0"),
	  ENDS("finished", "finished"),
	  SAW(fail_saw),
	  .runs = 1 },
	/* The baseline says that it fails. */
	{ .name = "send_healed",
	  .test = &server_only,
	  .family = INET,
	  .verdict = VERDICT_PASS,
	  .ms = 1,
	  .reason = T("as it should be, but the baseline expects otherwise"),
	  ENDS("finished", ""),
	  .runs = 1 },
	/* Here, too. */
	{ .name = "bind_root",
	  .test = &server_only,
	  .family = UNIX,
	  .verdict = VERDICT_SKIP,
	  .reason = T("needs root: run as root"),
	  ENDS("", ""),
	  .runs = 1 },
};

enum { RESULTS = sizeof results / sizeof *results };

enum { TRACED = 6 };

/* One of them was traced. */
static void trace_one(void)
{
	struct story story = { 0 };

	add_echo(&story);
	results[TRACED].calls = keep_story(&story);
	story_finish(&story);
}

static void forget_trace(void)
{
	trace_log_destroy(results[TRACED].calls);
	results[TRACED].calls = NULL;
}

/* Places of some of them; sorted. */
static const struct entry entries[] = {
	{ "recv_breaks", &server_only, "cases/some/a.c", 3 },
	{ "recv_fails", &two_sides, "cases/some/recv.c", 10 },
	{ "send_flaky", &two_sides, "cases/some/send.c", 20 },
	{ "send_healed", &server_only, "cases/100%/a,b:c.c", 30 },
};
static const struct registry places = { entries, sizeof entries / sizeof *entries };

static struct counts counts_of(bool complete)
{
	struct counts counts = { .ms = 2345.6, .complete = complete };

	for (size_t i = 0; i < RESULTS; i++)
		counts_add(&counts, &results[i]);
	return counts;
}

/* Opens a report of that format into the test's file "out"; gives its path. */
static char *open_out(struct report *report, const char *format)
{
	char *path = test_path("out"), *spec = must_format("%s:%s", format, path), *error = NULL;

	cr_assert(report_open(report, spec, &error), "%s", error);
	report->rerun = "sockdrill";
	report->cases = &places;
	free(spec);
	return path;
}

/* Writes all of the run, complete or not; gives what is in the file then. */
static char *write_run(const char *format, int verbosity, unsigned width, bool complete)
{
	const struct counts counts = counts_of(complete);
	struct report report;
	char *path = open_out(&report, format), *error = NULL;

	report.verbosity = verbosity;
	report.width = width;
	report_begin(&report, &facts);
	for (size_t i = 0; i < RESULTS; i++)
		cr_expect(report_result(&report, &results[i]), "%s, result %zu", format, i);
	cr_assert(report_end(&report, &facts, &counts, &error), "%s: %s", format, error);
	char *text = read_text(path);
	cr_assert_not_null(text, "%s", path);
	unlink(path);
	free(path);
	return text;
}

/* ---- Golden files ---- */

static const struct {
	const char *file, *format;
	int verbosity;
	unsigned width;
} goldens[] = {
	{ "pretty.txt", "pretty", 0, 80 }, { "pretty-verbose.txt", "pretty", 2, 60 },
	{ "tap.txt", "tap", 0, 80 },       { "junit.xml", "junit", 0, 80 },
	{ "run.jsonl", "jsonl", 0, 80 },   { "ctrf.json", "ctrf", 0, 80 },
	{ "github.txt", "github", 0, 80 }, { "markdown.md", "markdown", 0, 80 },
};

static void expect_golden_of(const char *file)
{
	for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++) {
		if (strcmp(goldens[i].file, file) != 0)
			continue;
		char *text =
			write_run(goldens[i].format, goldens[i].verbosity, goldens[i].width, true);
		expect_golden(file, text);
		free(text);
		return;
	}
	cr_assert_fail("%s is no golden file", file);
}

Test(report, pretty_is_golden)
{
	expect_golden_of("pretty.txt");
}

Test(report, verbose_pretty_is_golden)
{
	expect_golden_of("pretty-verbose.txt");
}

Test(report, tap_is_golden)
{
	expect_golden_of("tap.txt");
}

Test(report, junit_is_golden)
{
	expect_golden_of("junit.xml");
}

Test(report, ctrf_is_golden)
{
	expect_golden_of("ctrf.json");
}

Test(report, github_is_golden)
{
	expect_golden_of("github.txt");
}

Test(report, markdown_is_golden)
{
	expect_golden_of("markdown.md");
}

Test(report, jsonl_is_golden)
{
	expect_golden_of("run.jsonl");
}

/* ---- What the golden files do not show ---- */

/* Pages and the files of packets may lie anywhere. */
Test(report, html_links_packets)
{
	static const struct {
		const char *page, *path, *href;
	} links[] = {
		{ NULL, "pcap/a.pcapng", "pcap/a.pcapng" },
		{ "run.html", "pcap/a.pcapng", "pcap/a.pcapng" },
		{ "out/run.html", "out/pcap/a.pcapng", "pcap/a.pcapng" },
		{ "out/run.html", "pcap/a.pcapng", "../pcap/a.pcapng" },
		{ "a/b/run.html", "a/c/a.pcapng", "../c/a.pcapng" },
		{ "pcap-pages/run.html", "pcap/a.pcapng", "../pcap/a.pcapng" },
		{ "../run.html", "pcap/a.pcapng", "pcap/a.pcapng" },
		{ "/x/run.html", "/x/y/a.pcapng", "y/a.pcapng" },
		{ "/x/run.html", "/tmp/a.pcapng", "../tmp/a.pcapng" },
		{ "/x/run.html", "pcap/a.pcapng", "pcap/a.pcapng" },
		{ "run.html", "/tmp/a.pcapng", "/tmp/a.pcapng" },
		{ "run.html", "a:b/\"<c d>\"?#%.pcapng",
		  "a%3Ab/%22%3Cc%20d%3E%22%3F%23%25.pcapng" },
	};

	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		struct report report = { .format = &format_html,
					 .rerun = "sockdrill",
					 .cases = &places,
					 .file.path = (char *)links[i].page };
		struct result result = results[0];
		char *wanted = must_format("<a href=\"%s\">", links[i].href);
		result.pcap = (char *)links[i].path;
		format_html.begin(&report, &facts);
		format_html.result(&report, &result);
		fclose(report.body);
		cr_expect_not_null(
			memmem(report.body_text, report.body_size, wanted, strlen(wanted)),
			"%zu: %s", i, wanted);
		free(report.body_text);
		free(wanted);
	}
}

static unsigned count_lines_with(const char *text, const char *part)
{
	unsigned count = 0;

	for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
		count++;
	return count;
}

Test(report, quiet_pretty_is_short)
{
	char *text = write_run("pretty", -1, 80, true);

	cr_expect_eq(count_lines_with(text, "\n"), 7, "six surprises and the totals:\n%s", text);
	cr_expect_not_null(strstr(text, "recv_fails/inet"));
	cr_expect_null(strstr(text, "recv_plain"));
	cr_expect_null(strstr(text, "skipped"));
	free(text);
}

Test(report, colored_pretty)
{
	struct report report;
	char *path = open_out(&report, "pretty"), *error = NULL;
	const struct counts counts = counts_of(true);

	report.color = true;
	report_begin(&report, &facts);
	cr_expect(report_result(&report, &results[6]));
	cr_assert(report_end(&report, &facts, &counts, &error), "%s", error);
	char *text = read_text(path);
	cr_expect_not_null(strstr(text, "\033[1;31mfail   \033[0m recv_fails/inet"), "%s", text);
	free(text);
	free(path);
}

/* The sum of an attribute of all suites. */
static unsigned sum_of(const char *text, const char *attribute)
{
	char *mark = must_format(" %s=\"", attribute);
	unsigned sum = 0;

	for (const char *at = text; (at = strstr(at, "<testsuite "));) {
		const char *value = strstr(at++, mark);
		cr_assert_not_null(value, "%s", attribute);
		sum += (unsigned)strtoul(value + strlen(mark), NULL, 10);
	}
	free(mark);
	return sum;
}

/* The elements of a JUnit file are as many as its heads say. */
Test(report, junit_totals_fit_the_elements)
{
	static const char *const pairs[][2] = { { "tests", "<testcase " },
						{ "failures", "<failure " },
						{ "errors", "<error " },
						{ "skipped", "<skipped " } };
	char *text = write_run("junit", 0, 80, true);

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		unsigned count = count_lines_with(text, pairs[i][1]);
		cr_expect_gt(count, 0, "%s", pairs[i][1]);
		cr_expect_eq(sum_of(text, pairs[i][0]), count, "%s", pairs[i][0]);
	}
	cr_expect_not_null(strstr(text, "<testsuites name=\"sockdrill\" tests=\"13\" "
					"failures=\"4\" errors=\"2\""));
	free(text);
}

/* Writes these results, in this order, as if they were a run; gives what is in the file then. */
static char *write_results(const char *format, const struct result *list, size_t count)
{
	struct counts counts = { .ms = 1, .complete = true };
	struct report report;
	char *path = open_out(&report, format), *error = NULL;

	report_begin(&report, &facts);
	for (size_t i = 0; i < count; i++) {
		counts_add(&counts, &list[i]);
		report_result(&report, &list[i]);
	}
	cr_assert(report_end(&report, &facts, &counts, &error), "%s: %s", format, error);
	char *text = read_text(path);
	cr_assert_not_null(text, "%s", path);
	unlink(path);
	free(path);
	return text;
}

/* GitLab ignores a case that has its names in common with another. */
Test(report, junit_names_are_unique)
{
	const struct result list[] = { results[0], results[1], results[0], results[0] };
	char *text = write_results("junit", list, 4);

	cr_expect_eq(count_lines_with(text, " name=\"recv_plain/inet\""), 1);
	cr_expect_eq(count_lines_with(text, " name=\"recv_plain/inet (2)\""), 1);
	cr_expect_eq(count_lines_with(text, " name=\"recv_plain/inet (3)\""), 1);
	cr_expect_eq(count_lines_with(text, " name=\"recv_plain/inet6\""), 1);
	free(text);
}

/* A flake that is as expected passes, and its bad runs are children; else it fails. */
Test(report, junit_flakes)
{
	struct result list[] = { results[9] };
	char *text = write_results("junit", list, 1);

	cr_expect_not_null(strstr(text, "<failure type=\"flaky\""));
	cr_expect_not_null(strstr(text, "<rerunFailure message=\"1 of 3 runs: fail\""));
	free(text);
	list[0].expected = true;
	text = write_results("junit", list, 1);
	cr_expect_null(strstr(text, "<failure "));
	cr_expect_not_null(strstr(text, "<flakyFailure message=\"1 of 3 runs: fail\""));
	free(text);
}

Test(report, ctrf_flakes)
{
	struct result list[] = { results[9] };
	char *text = write_results("ctrf", list, 1);

	cr_expect_not_null(strstr(text, "\"status\":\"failed\""));
	cr_expect_not_null(strstr(text, "\"flaky\":false"));
	free(text);
	list[0].expected = true;
	text = write_results("ctrf", list, 1);
	cr_expect_not_null(strstr(text, "\"status\":\"passed\""));
	cr_expect_not_null(strstr(text, "\"flaky\":true"));
	cr_expect_not_null(strstr(text, "\"retries\":2"));
	free(text);
}

Test(report, ctrf_times)
{
	struct run_facts dated = facts;
	const struct counts counts = { .ms = 1234.4, .complete = true };
	struct report report;
	char *path = open_out(&report, "ctrf"), *error = NULL;

	snprintf(dated.date, sizeof dated.date, "2001-09-09T01:46:40Z");
	report_begin(&report, &dated);
	cr_assert(report_end(&report, &dated, &counts, &error), "%s", error);
	char *text = read_text(path);
	cr_expect_not_null(strstr(text, "\"start\":1000000000000,\"stop\":1000000001234,"), "%s",
			   text);
	cr_expect_not_null(strstr(text, "\"tests\":0,"), "%s", text);
	free(text);
	free(path);
}

/* ---- Limits of GitHub ---- */

enum { MANY = 200, MIB = 1024 * 1024 };

/* Many results that are not as expected, alternately failed and flaky; reasons of that length. */
static struct result *make_many(size_t reason_length)
{
	struct result *many = must_alloc(MANY, sizeof *many);
	char *rest = must_alloc(reason_length + 1, 1);

	memset(rest, 'r', reason_length);
	for (size_t i = 0; i < MANY; i++) {
		many[i] = results[i % 2 ? 9 : 6];
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

	cr_expect_eq(count_lines_with(text, "\n::error "), 10);
	cr_expect_eq(count_lines_with(text, "\n::warning "), 10);
	cr_expect_eq(count_lines_with(text, "\n"), 1 + 20 + 1);
	cr_expect_eq(strncmp(text, "::notice title=sockdrill::200 of 200 not as expected", 52), 0);
	cr_expect_not_null(
		strstr(text, "::180 more not as expected: see --report markdown:FILE\n"));
	free(text);
	/* Exactly as many as are shown leave nothing to say. */
	text = write_results("github", many, 20);
	cr_expect_eq(count_lines_with(text, "\n"), 1 + 20);
	free(text);
	free_many(many);
}

/* What a case says for several families is told once; what it says differently is not. */
Test(report, families_share_what_they_say)
{
	struct result list[] = { results[6], results[6], results[6], results[6] };

	list[1].family = INET6;
	list[2].family = UNIX;
	list[2].reason = T("another");
	list[3].family = UNIX;
	list[3].verdict = VERDICT_BROKEN;
	char *commands = write_results("github", list, 4);
	cr_expect_eq(count_lines_with(commands, "\n::error "), 3, "%s", commands);
	cr_expect_not_null(strstr(commands, "title=fail%3A recv_fails/inet%2C inet6::"));
	cr_expect_not_null(strstr(commands, "repeat: sockdrill run recv_fails\n"));
	cr_expect_not_null(strstr(commands, "repeat: sockdrill run recv_fails/unix\n"));
	char *markdown = write_results("markdown", list, 4);
	cr_expect_eq(count_lines_with(markdown, "\n### "), 3, "%s", markdown);
	cr_expect_not_null(strstr(markdown, "\n### fail: recv_fails/inet, inet6\n"));
	free(markdown);
	free(commands);
}

/* Writes many results as github with a summary that holds `before` bytes; gives the summary. */
static char *write_summary(const struct result *many, size_t before, char **ret_commands)
{
	char *path = test_path("summary"), *old = must_alloc(before + 1, 1);

	memset(old, '\n', before);
	write_text(path, old);
	setenv("GITHUB_STEP_SUMMARY", path, 1);
	*ret_commands = write_results("github", many, MANY);
	char *summary = read_text(path);
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
	cr_expect_eq(count_lines_with(summary, "\n<details>\n"),
		     count_lines_with(summary, "\n</details>\n"), "%zu", before);
	cr_expect_eq(count_lines_with(summary, "\n<pre>\n"),
		     count_lines_with(summary, "\n</pre>\n"), "%zu", before);
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
	char *path = open_out(&report, "github"), *error = NULL;
	const struct counts counts = counts_of(true);

	setenv("GITHUB_STEP_SUMMARY", "/dev/full", 1);
	report_begin(&report, &facts);
	cr_expect(report_result(&report, &results[6]));
	cr_assert(!report_end(&report, &facts, &counts, &error));
	cr_expect_not_null(strstr(error, "/dev/full: No space left"), "%s", error);
	free(error);
	free(path);
}

/* Nobody reads every one of a thousand in full. */
Test(report, markdown_tells_a_hundred_in_full)
{
	struct result *many = make_many(10);
	char *text = write_results("markdown", many, MANY);

	cr_expect_eq(count_lines_with(text, "\n### "), 100);
	cr_expect_not_null(strstr(text, "\n## Not as expected, too: 100\n"));
	cr_expect_eq(count_lines_with(text, "\n| recv_fails/inet | fail | reason "), 50);
	free(text);
	free_many(many);
}

Test(report, long_skip_reasons_are_counted_together)
{
	char reason[200];
	struct result skip = results[3];
	struct report report;
	char *path = open_out(&report, "pretty"), *error = NULL;
	const struct counts counts = counts_of(true);

	memset(reason, 'x', sizeof reason - 1);
	reason[sizeof reason - 1] = '\0';
	skip.reason = reason;
	report_begin(&report, &facts);
	report_result(&report, &skip);
	report_result(&report, &skip);
	cr_assert(report_end(&report, &facts, &counts, &error), "%s", error);
	char *text = read_text(path);
	cr_expect_not_null(strstr(text, "skipped 2: xxx"), "%s", text);
	free(text);
	free(path);
}

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
		char *text = write_run(interrupted[i].format, 0, 80, false);
		cr_expect_not_null(strstr(text, interrupted[i].has), "%s", interrupted[i].format);
		cr_expect_null(strstr(text, interrupted[i].has_not), "%s", interrupted[i].format);
		free(text);
	}
}

/* Begins a report, gives it two results and leaves it. */
static char *abandon_run(const char *format)
{
	struct report report;
	char *path = open_out(&report, format);

	report_begin(&report, &facts);
	cr_expect(report_result(&report, &results[0]), "%s", format);
	cr_expect(report_result(&report, &results[6]), "%s", format);
	report_abandon(&report);
	return path;
}

Test(report, abandoned_streams_keep_what_they_have)
{
	static const char *const streams[] = { "pretty", "tap", "jsonl" };

	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
		char *path = abandon_run(streams[i]), *text = read_text(path);
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
		char *text = read_text(path);
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
	char *path = open_out(&report, "junit"), *error = NULL;
	const struct counts counts = counts_of(true);

	report_begin(&report, &facts);
	cr_expect(report_result(&report, &results[0]));
	cr_expect_neq(access(path, F_OK), 0, "it is there before its end");
	cr_assert(report_end(&report, &facts, &counts, &error), "%s", error);
	cr_expect_eq(access(path, F_OK), 0);
	cr_expect_eq(walk_test_directory(false), 1, "something stayed beside it");
	free(path);
}

Test(report, streams_appear_line_by_line)
{
	static const char *const streams[] = { "pretty", "tap", "jsonl" };

	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
		struct report report;
		char *path = open_out(&report, streams[i]);
		report_begin(&report, &facts);
		cr_expect(report_result(&report, &results[6]), "%s", streams[i]);
		char *text = read_text(path);
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
	char *path = open_out(&report, "junit"), *error = NULL;
	const struct counts counts = counts_of(true);

	report_begin(&report, &facts);
	cr_assert_eq(mkdir(path, 0700), 0);
	cr_assert(!report_end(&report, &facts, &counts, &error));
	cr_expect_not_null(strstr(error, path), "%s", error);
	free(error);
	cr_expect_eq(rmdir(path), 0);
	cr_expect_eq(walk_test_directory(false), 0, "the part stayed");
	free(path);
}

/* Ends a report whose output has no room; whatever else failed meanwhile is not the reason. */
static void expect_full(struct report *report, const char *name)
{
	const struct counts counts = counts_of(true);
	char *error = NULL;

	report->rerun = "sockdrill";
	report_begin(report, &facts);
	bool streams = report->format->streams;
	cr_expect_eq(report_result(report, &results[6]), !streams, "%s", name);
	errno = EAGAIN;
	cr_assert(!report_end(report, &facts, &counts, &error), "%s", name);
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

/* ---- Pieces ---- */

static const struct escaped {
	const char *name, *text, *json, *xml;
} escapeds[] = {
	{ "nothing", "", "\"\"", "" },
	{ "plain", "abc ~", "\"abc ~\"", "abc ~" },
	{ "quotes", "\"'", "\"\\\"'\"", "&quot;'" },
	{ "backslash", "\\n", "\"\\\\n\"", "\\n" },
	{ "markup", "<&>]]>", "\"<&>]]>\"", "&lt;&amp;&gt;]]&gt;" },
	{ "blanks", "\n\t", "\"\\n\\t\"", "\n\t" },
	{ "carriage return", "\r", "\"\\r\"", "\\x0d" },
	{ "controls", "\001\b\f\033\037", "\"\\u0001\\u0008\\u000c\\u001b\\u001f\"",
	  "\\x01\\x08\\x0c\\x1b\\x1f" },
	{ "delete", "\177", "\"\\u007f\"", "\\x7f" },
	{ "two bytes", "\xc2\xa0\xdf\xbf", "\"\xc2\xa0\xdf\xbf\"", "\xc2\xa0\xdf\xbf" },
	{ "controls of two bytes", "\xc2\x80\xc2\x9f", "\"\xc2\x80\xc2\x9f\"",
	  "\\xc2\\x80\\xc2\\x9f" },
	{ "three bytes", "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80",
	  "\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\"", "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80" },
	{ "four bytes", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"",
	  "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" },
	{ "no characters of XML", "\xef\xbf\xbe\xef\xbf\xbf", "\"\xef\xbf\xbe\xef\xbf\xbf\"",
	  "\\xef\\xbf\\xbe\\xef\\xbf\\xbf" },
	{ "alone",
	  "a\x80\xbf"
	  "b",
	  "\"a\\ufffd\\ufffdb\"", "a\\x80\\xbfb" },
	{ "never", "\xff\xfe", "\"\\ufffd\\ufffd\"", "\\xff\\xfe" },
	{ "cut short", "\xe2\x82", "\"\\ufffd\\ufffd\"", "\\xe2\\x82" },
	{ "cut by a letter", "\xe2\x82z", "\"\\ufffd\\ufffdz\"", "\\xe2\\x82z" },
	{ "cut by a quote", "\xf0\x9f\"", "\"\\ufffd\\ufffd\\\"\"", "\\xf0\\x9f&quot;" },
	{ "two bytes for ASCII", "\xc0\x80\xc1\xbf", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"",
	  "\\xc0\\x80\\xc1\\xbf" },
	{ "three bytes for two", "\xe0\x9f\xbf", "\"\\ufffd\\ufffd\\ufffd\"", "\\xe0\\x9f\\xbf" },
	{ "four bytes for three", "\xf0\x8f\xbf\xbf", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"",
	  "\\xf0\\x8f\\xbf\\xbf" },
	{ "surrogate", "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"", "\\xed\\xa0\\x80" },
	{ "above Unicode", "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"",
	  "\\xf4\\x90\\x80\\x80" },
	{ "five bytes", "\xf8\x88\x80\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\"",
	  "\\xf8\\x88\\x80\\x80\\x80" },
};

static char *put_text(void (*put)(FILE *, const char *), const char *text)
{
	char *all = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&all, &size);

	put(out, text);
	fclose(out);
	return all;
}

Test(report, escapes)
{
	for (size_t i = 0; i < sizeof escapeds / sizeof *escapeds; i++) {
		char *json = put_text(put_json, escapeds[i].text);
		char *xml = put_text(put_xml, escapeds[i].text);
		cr_expect_str_eq(json, escapeds[i].json, "%s: JSON %s", escapeds[i].name, json);
		cr_expect_str_eq(xml, escapeds[i].xml, "%s: XML %s", escapeds[i].name, xml);
		free(json);
		free(xml);
	}
}

static const struct {
	const char *name, *text;
	size_t most;
	const char *markdown;
} markdowns[] = {
	{ "nothing", "", SIZE_MAX, "" },
	{ "plain", "recv() = 5, at 10.0.0.1:80; why? \"no\"", SIZE_MAX,
	  "recv() = 5, at 10.0.0.1:80; why? \"no\"" },
	{ "a cell's end", "a|b", SIZE_MAX, "a&#124;b" },
	{ "backslash before it", "a\\|b", SIZE_MAX, "a&#92;&#124;b" },
	{ "emphasis", "*a* _b_ c_d ~e~", SIZE_MAX, "&#42;a&#42; &#95;b&#95; c_d &#126;e&#126;" },
	{ "code", "`a`", SIZE_MAX, "&#96;a&#96;" },
	{ "HTML", "</pre><b>&amp;", SIZE_MAX, "&#60;/pre&#62;&#60;b&#62;&#38;amp;" },
	{ "link, mention, heading", "![a](b) @c #1", SIZE_MAX, "!&#91;a&#93;(b) &#64;c &#35;1" },
	{ "blanks", "a\nb\tc", SIZE_MAX, "a<br>b c" },
	{ "controls", "\a\r\033[0m\177", SIZE_MAX, "\\x07\\x0d\\x1b&#91;0m\\x7f" },
	{ "UTF-8", "\xc3\xbc\xff", SIZE_MAX, "\xc3\xbc\\xff" },
	{ "as long as allowed", "abc", 3, "abc" },
	{ "longer", "abcd", 3, "abc..." },
};

Test(report, markdown_escapes)
{
	for (size_t i = 0; i < sizeof markdowns / sizeof *markdowns; i++) {
		char *all = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&all, &size);
		put_markdown(out, markdowns[i].text, markdowns[i].most, "<br>");
		fclose(out);
		cr_expect_str_eq(all, markdowns[i].markdown, "%s: %s", markdowns[i].name, all);
		free(all);
	}
}

/* A command ends at its line's end; a property also at a comma or colons. */
Test(report, github_escapes)
{
	struct result list[] = { results[11] };

	list[0].reason = T("100%\r\n::error::a, b: c\a");
	char *text = write_results("github", list, 1);
	cr_expect_not_null(strstr(text, "\n::error file=cases/100%25/a%2Cb%3Ac.c,line=30,"
					"title=pass%3A send_healed/inet::100%25%0D%0A"
					"::error::a, b: c\\x07%0AOne side.%0A"),
			   "%s", text);
	cr_expect_eq(count_lines_with(text, "\n"), 2, "%s", text);
	free(text);
}

#define FOX                                                                                        \
	"The quick brown fox jumps over the lazy dog, and then it runs away into the dark forest."

static const struct {
	const char *name, *text;
	unsigned indent, width;
	const char *wrapped;
} wrappeds[] = {
	{ "short", "one two", 2, 80, "  one two\n" },
	{ "nothing", "", 2, 80, "" },
	{ "at 20", FOX, 2, 20,
	  "  The quick brown\n"
	  "  fox jumps over the\n"
	  "  lazy dog, and then\n"
	  "  it runs away into\n"
	  "  the dark forest.\n" },
	{ "at 80", FOX, 2, 80,
	  "  The quick brown fox jumps over the lazy dog, and then it runs away into the\n"
	  "  dark forest.\n" },
	{ "without indent", FOX, 0, 20,
	  "The quick brown fox\n"
	  "jumps over the lazy\n"
	  "dog, and then it\n"
	  "runs away into the\n"
	  "dark forest.\n" },
	{ "exactly as wide", "  aaaaaaaa bbbbbbbbb", 2, 20, "  aaaaaaaa bbbbbbbbb\n" },
	{ "one too wide", "aaaaaaaa bbbbbbbbbb", 2, 20, "  aaaaaaaa\n  bbbbbbbbbb\n" },
	{ "a word wider than the line", "a https://example.org/a/long/path b", 2, 20,
	  "  a\n  https://example.org/a/long/path\n  b\n" },
	{ "blanks of all kinds", "  one\n\ntwo   three \n", 2, 20, "  one two three\n" },
};

Test(report, wraps)
{
	for (size_t i = 0; i < sizeof wrappeds / sizeof *wrappeds; i++) {
		char *all = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&all, &size);
		put_wrapped(out, wrappeds[i].text, wrappeds[i].indent, wrappeds[i].width);
		fclose(out);
		cr_expect_str_eq(all, wrappeds[i].wrapped, "%s:\n%s", wrappeds[i].name, all);
		free(all);
	}
}

Test(report, areas)
{
	cr_expect_eq(area_length("recv_eintr"), 4);
	cr_expect_eq(area_length("recv"), 4);
	cr_expect_eq(area_length("recv_a_b"), 4);
	cr_expect_eq(area_length(""), 0);
}
