/* formats_test.c -- each format against its golden file, and what those do not show.
 *
 * After a change of a format: GOLDEN_UPDATE=1 build/report_test writes the golden files anew and
 * fails; look at the difference before it is kept.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "reports/test_run.h"
#include "test_files.h"

/* ---- Golden files ---- */

static const struct {
	const char *file, *format;
	int verbosity;
	unsigned width;
	const struct test_run *run; /* NULL: everything */
} goldens[] = {
	{ "pretty.txt", "pretty", 0, 80, NULL },
	{ "pretty-verbose.txt", "pretty", 2, 60, NULL },
	{ "tap.txt", "tap", 0, 80, NULL },
	{ "tap14.txt", "tap14", 0, 80, NULL },
	{ "junit.xml", "junit", 0, 80, NULL },
	{ "run.jsonl", "jsonl", 0, 80, NULL },
	{ "ctrf.json", "ctrf", 0, 80, NULL },
	{ "github.txt", "github", 0, 80, NULL },
	{ "markdown.md", "markdown", 0, 80, NULL },
	{ "pretty-cut.txt", "pretty", 0, 80, &cut_short },
	{ "tap-cut.txt", "tap", 0, 80, &cut_short },
	{ "junit-cut.xml", "junit", 0, 80, &cut_short },
	{ "run-cut.jsonl", "jsonl", 0, 80, &cut_short },
	{ "ctrf-cut.json", "ctrf", 0, 80, &cut_short },
	{ "github-cut.txt", "github", 0, 80, &cut_short },
	{ "markdown-cut.md", "markdown", 0, 80, &cut_short },
};

static void expect_golden_of(const char *file)
{
	for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++) {
		if (strcmp(goldens[i].file, file) != 0)
			continue;
		struct test_run run = goldens[i].run ? *goldens[i].run : everything;
		run.verbosity = goldens[i].verbosity;
		run.width = goldens[i].width;
		char *text = write_run(&run, goldens[i].format);
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

Test(report, tap14_is_golden)
{
	expect_golden_of("tap14.txt");
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

Test(report, cut_pretty_is_golden)
{
	expect_golden_of("pretty-cut.txt");
}

Test(report, cut_tap_is_golden)
{
	expect_golden_of("tap-cut.txt");
}

Test(report, cut_junit_is_golden)
{
	expect_golden_of("junit-cut.xml");
}

Test(report, cut_jsonl_is_golden)
{
	expect_golden_of("run-cut.jsonl");
}

Test(report, cut_ctrf_is_golden)
{
	expect_golden_of("ctrf-cut.json");
}

Test(report, cut_github_is_golden)
{
	expect_golden_of("github-cut.txt");
}

Test(report, cut_markdown_is_golden)
{
	expect_golden_of("markdown-cut.md");
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
					 .run_command = (char *)"sockdrill run",
					 .cases = everything.cases,
					 .file.path = (char *)links[i].page };
		struct result result = everything.results[RUN_PASSES];
		char *wanted = must_format("<a href=\"%s\">", links[i].href);
		result.pcap = (char *)links[i].path;
		format_html.begin(&report, everything.facts);
		format_html.result(&report, &result);
		fclose(report.body);
		cr_expect_not_null(
			memmem(report.body_text, report.body_size, wanted, strlen(wanted)),
			"%zu: %s", i, wanted);
		free(report.body_text);
		free(wanted);
	}
}

Test(report, quiet_pretty_is_short)
{
	struct test_run run = everything;

	run.verbosity = -1;
	char *text = write_run(&run, "pretty");

	cr_expect_eq(count_of(text, "\n"), 7, "six surprises and the totals:\n%s", text);
	cr_expect_not_null(strstr(text, "recv_fails/inet"));
	cr_expect_null(strstr(text, "recv_plain"));
	cr_expect_null(strstr(text, "skipped"));
	free(text);
}

/* Where nobody knew how many there would be the plan stands at the end; one of nothing says why. */
Test(report, tap_plans)
{
	struct run_facts facts = *everything.facts;
	struct test_run run = everything;

	facts.planned = 0;
	run.facts = &facts;
	char *text = write_run(&run, "tap");
	cr_expect_eq(count_of(text, "\n1.."), 1);
	cr_expect_str_eq(text + strlen(text) - 6, "1..13\n");
	free(text);
	run.count = 0;
	text = write_run(&run, "tap");
	cr_expect_not_null(strstr(text, "\n1..0 # SKIP there is nothing to report\n"), "%s", text);
	free(text);
}

/* Where the cases ran as nobody would run them unasked, that is said to whoever repeats one. */
Test(report, repeats_with_the_options_that_matter)
{
	static const char *const formats[] = { "pretty", "github", "markdown", "html" };
	struct run_facts facts = *everything.facts;
	struct test_run run = everything;

	run.facts = &facts;
	facts.timeout_ms = USUAL_TIMEOUT_MS;
	facts.stretch_percent = USUAL_STRETCH_PERCENT;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		char *text = write_run(&run, formats[i]);
		cr_expect_not_null(strstr(text, "sockdrill run recv_fails/inet"), "%s", formats[i]);
		free(text);
	}
	facts.timeout_ms = 100;
	facts.stretch_percent = 150;
	snprintf(facts.isolation, sizeof facts.isolation, "none");
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		char *text = write_run(&run, formats[i]);
		cr_expect_not_null(strstr(text,
					  "sockdrill run --timeout 100 --timeout-multiplier 1.5 "
					  "--isolation none recv_fails/inet"),
				   "%s: %s", formats[i], text);
		free(text);
	}
}

static const struct {
	const char *text, *word;
} words[] = {
	{ "sockdrill", "sockdrill" },
	{ "/usr/bin/sockdrill-1.0_x+y,z:@%=", "/usr/bin/sockdrill-1.0_x+y,z:@%=" },
	{ "", "''" },
	{ "a b", "'a b'" },
	{ "$(rm)", "'$(rm)'" },
	{ "it's", "'it'\\''s'" },
	{ "~/a", "'~/a'" },
	{ "a\nb", "'a\nb'" },
};

Test(report, shell_words)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		char *word = shell_word(words[i].text);
		cr_expect_str_eq(word, words[i].word);
		free(word);
	}
}

/* With every case in a line, those that were not run have one, too. */
Test(report, verbose_pretty_names_all_that_was_not_run)
{
	struct test_run run = cut_short;

	run.verbosity = 1;
	char *text = write_run(&run, "pretty");
	cr_expect_eq(count_of(text, "\nnot run send_"), 12, "%s", text);
	cr_expect_null(strstr(text, "not run:"), "%s", text);
	free(text);
	run.verbosity = -1;
	text = write_run(&run, "pretty");
	cr_expect_str_eq(text, "fail    recv_fails/inet  2.2 ms\n"
			       "1 pass, 1 fail, 12 not run in 0.01 s\n"
			       "interrupted by SIGTERM, 12 of 14 not run\n");
	free(text);
}

Test(report, colored_pretty)
{
	struct test_run run = everything;

	run.color = true;
	char *text = write_run(&run, "pretty");
	cr_expect_not_null(strstr(text, "\033[1;31mfail   \033[0m recv_fails/inet"), "%s", text);
	free(text);
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
	char *text = write_run(&everything, "junit"), *cut = write_run(&cut_short, "junit");

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		unsigned count = count_of(text, pairs[i][1]);
		cr_expect_gt(count, 0, "%s", pairs[i][1]);
		cr_expect_eq(sum_of(text, pairs[i][0]), count, "%s", pairs[i][0]);
		count = count_of(cut, pairs[i][1]);
		cr_expect_eq(sum_of(cut, pairs[i][0]), count, "%s", pairs[i][0]);
	}
	cr_expect_not_null(strstr(text, "<testsuites name=\"sockdrill\" tests=\"13\" "
					"failures=\"4\" errors=\"2\""));
	cr_expect_not_null(strstr(cut, "<testsuites name=\"sockdrill\" tests=\"15\" "
				       "failures=\"1\" errors=\"1\""));
	free(cut);
	free(text);
}

/* GitLab ignores a case that has its names in common with another. */
Test(report, junit_names_are_unique)
{
	const struct result list[] = { everything.results[RUN_PASSES],
				       everything.results[RUN_PASSES_OFTEN],
				       everything.results[RUN_PASSES],
				       everything.results[RUN_PASSES] };
	char *text = write_results("junit", list, 4);

	cr_expect_eq(count_of(text, " name=\"recv_plain/inet\""), 1);
	cr_expect_eq(count_of(text, " name=\"recv_plain/inet (2)\""), 1);
	cr_expect_eq(count_of(text, " name=\"recv_plain/inet (3)\""), 1);
	cr_expect_eq(count_of(text, " name=\"recv_plain/inet6\""), 1);
	free(text);
}

/* A report of one flake, which is as expected or not. */
static char *write_flake(const char *format, bool expected)
{
	struct result flake = everything.results[RUN_FLAKES];

	flake.expected = expected;
	return write_results(format, &flake, 1);
}

/* A flake that is as expected passes, and its bad runs are children; else it fails. */
Test(report, junit_flakes)
{
	char *fails = write_flake("junit", false), *passes = write_flake("junit", true);

	cr_expect_not_null(strstr(fails, "<failure type=\"flaky\""));
	cr_expect_not_null(strstr(fails, "<rerunFailure message=\"1 of 3 runs: fail\""));
	cr_expect_null(strstr(passes, "<failure "));
	cr_expect_not_null(strstr(passes, "<flakyFailure message=\"1 of 3 runs: fail\""));
	free(passes);
	free(fails);
}

/* A flake that a retry made good is expected without a baseline, and nobody speaks of one. */
Test(report, retries_need_no_baseline)
{
	struct result flake = everything.results[RUN_FLAKES];
	struct test_run run = everything;

	flake.expected = true;
	run.results = &flake;
	run.count = 1;
	run.verbosity = 1;
	char *pretty = write_run(&run, "pretty");
	cr_expect_not_null(strstr(pretty, "send_flaky/unix  5.0 ms  (good when retried)\n"), "%s",
			   pretty);
	cr_expect_not_null(strstr(pretty, ", 1 flaky (1 good when retried) in "), "%s", pretty);
	cr_expect_null(strstr(pretty, "baseline"), "%s", pretty);
	free(pretty);
	flake.baseline_outcomes = 1U << VERDICT_FLAKY;
	pretty = write_run(&run, "pretty");
	cr_expect_not_null(strstr(pretty, ", 1 flaky (1 as the baseline says) in "), "%s", pretty);
	free(pretty);
}

/* Repetitions are counted where there were any; what was skipped did not run. */
Test(report, pretty_counts_runs)
{
	struct result list[] = { everything.results[RUN_PASSES_OFTEN],
				 everything.results[RUN_FLAKES], everything.results[RUN_SKIPS] };

	list[0].runs = 200000;
	char *text = write_results("pretty", list, 3);
	cr_expect_not_null(strstr(text, "\n200,003 runs of 2 case instances\n"), "%s", text);
	free(text);
	list[2].runs = 7;
	list[2].runs_of[VERDICT_SKIP] = 7;
	text = write_results("pretty", list + 2, 1);
	cr_expect_null(strstr(text, " runs of "), "%s", text);
	free(text);
	text = write_results("pretty", &everything.results[RUN_PASSES], 1);
	cr_expect_null(strstr(text, " runs of "), "%s", text);
	free(text);
}

Test(report, ctrf_flakes)
{
	char *fails = write_flake("ctrf", false), *passes = write_flake("ctrf", true);

	cr_expect_not_null(strstr(fails, "\"status\":\"failed\""));
	cr_expect_not_null(strstr(fails, "\"flaky\":false"));
	cr_expect_not_null(strstr(passes, "\"status\":\"passed\""));
	cr_expect_not_null(strstr(passes, "\"flaky\":true"));
	cr_expect_not_null(strstr(passes, "\"retries\":2"));
	free(passes);
	free(fails);
}

Test(report, ctrf_times)
{
	struct run_facts dated = *everything.facts;
	const struct test_run run = { .facts = &dated,
				      .ms = 1234.4,
				      .end = { .cause = END_COMPLETE } };

	snprintf(dated.date, sizeof dated.date, "2001-09-09T01:46:40Z");
	char *text = write_run(&run, "ctrf");
	cr_expect_not_null(strstr(text, "\"start\":1000000000000,\"stop\":1000000001234,"), "%s",
			   text);
	cr_expect_not_null(strstr(text, "\"tests\":0,"), "%s", text);
	free(text);
}

/* What a case says for several families is told once; what it says differently is not. */
Test(report, families_share_what_they_say)
{
	struct result list[] = { everything.results[RUN_FAILS], everything.results[RUN_FAILS],
				 everything.results[RUN_FAILS], everything.results[RUN_FAILS] };

	list[1].family = INET6;
	list[2].family = UNIX;
	list[2].reason = T("another");
	list[3].family = UNIX;
	list[3].verdict = VERDICT_BROKEN;
	char *commands = write_results("github", list, 4);
	cr_expect_eq(count_of(commands, "\n::error "), 3, "%s", commands);
	cr_expect_not_null(strstr(commands, "title=fail%3A recv_fails/inet%2C inet6::"));
	cr_expect_not_null(strstr(commands, "repeat: sockdrill run recv_fails\n"));
	cr_expect_not_null(strstr(commands, "repeat: sockdrill run recv_fails/unix\n"));
	char *markdown = write_results("markdown", list, 4);
	cr_expect_eq(count_of(markdown, "\n### "), 3, "%s", markdown);
	cr_expect_not_null(strstr(markdown, "\n### fail: recv_fails/inet, inet6\n"));
	free(markdown);
	free(commands);
}

/* A command ends at its line's end; a property also at a comma or colons. */
Test(report, github_escapes)
{
	struct result list[] = { everything.results[RUN_HEALS] };

	list[0].reason = T("100%\r\n::error::a, b: c\a");
	char *text = write_results("github", list, 1);
	cr_expect_not_null(strstr(text, "\n::error file=cases/100%25/a%2Cb%3Ac.c,line=30,"
					"title=pass%3A send_healed/inet::100%25%0D%0A"
					"::error::a, b: c\\x07%0AOne side.%0A"),
			   "%s", text);
	cr_expect_eq(count_of(text, "\n"), 2, "%s", text);
	free(text);
}

Test(report, long_skip_reasons_are_counted_together)
{
	char reason[200];
	struct result skip = everything.results[RUN_SKIPS];

	memset(reason, 'x', sizeof reason - 1);
	reason[sizeof reason - 1] = '\0';
	skip.reason = reason;
	const struct result list[] = { skip, skip };
	char *text = write_results("pretty", list, 2);
	cr_expect_not_null(strstr(text, "skipped 2: xxx"), "%s", text);
	free(text);
}
