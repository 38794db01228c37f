/* test_run.c -- for unit tests: a run in which everything happens, and reports written of runs. */
#include "reports/test_run.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ladder/test_stories.h"
#include "test_files.h"

/* ---- A run in which everything happens ---- */

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

void no_role(struct role *me)
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
	[RUN_PASSES] = { .name = "recv_plain",
			 .test = &two_sides,
			 .family = INET,
			 .verdict = VERDICT_PASS,
			 .expected = true,
			 .ms = 0.4,
			 .reason = T(""),
			 ENDS("finished", "finished"),
			 OBSERVED(pass_saw),
			 .runs = 1 },
	[RUN_PASSES_OFTEN] = { .name = "recv_plain",
			       .test = &two_sides,
			       .family = INET6,
			       .verdict = VERDICT_PASS,
			       .expected = true,
			       .ms = 12.3,
			       .reason = T(""),
			       ENDS("finished", "finished"),
			       OBSERVED(pass_saw),
			       .runs = 3,
			       .runs_of = { [VERDICT_PASS] = 3 } },
	[RUN_VARIES] = { .name = "recv_variant",
			 .test = &two_sides,
			 .family = UNIX,
			 .verdict = VERDICT_VARIANT,
			 .expected = true,
			 .ms = 1.5,
			 .reason = T("Linux reads zero"),
			 ENDS("finished", "finished"),
			 OBSERVED(variant_saw),
			 .pcap = T("/tmp/packets/recv_variant.unix.2.pcapng"),
			 .runs = 1 },
	[RUN_SKIPS] = { .name = "bind_root",
			.test = &server_only,
			.family = INET,
			.verdict = VERDICT_SKIP,
			.expected = true,
			.reason = T("needs root: run as root"),
			ENDS("", ""),
			.runs = 1 },
	[RUN_SKIPS_TOO] = { .name = "bind_root",
			    .test = &server_only,
			    .family = INET6,
			    .verdict = VERDICT_SKIP,
			    .expected = true,
			    .reason = T("needs root: run as root"),
			    ENDS("", ""),
			    .runs = 1 },
	[RUN_LACKS_OPTION] = { .name = "bind_option",
			       .test = &server_only,
			       .family = NO_FAMILY,
			       .verdict = VERDICT_SKIP,
			       .expected = true,
			       .ms = 0.2,
			       .reason = T("this system does not know <SO_FOO> & \"bar\""),
			       ENDS("exited with status 98", ""),
			       .runs = 1 },
	[RUN_FAILS] = { .name = "recv_fails",
			.test = &two_sides,
			.family = INET,
			.verdict = VERDICT_FAIL,
			.ms = 2.2,
			.reason = T("client saw recv = 5:<&>\"', wanted 0"),
			.stood = { T("finished"), T("finished") },
			.output = { T("<b>\"loud\" & 'clear'</b>\n\tback\\slash\n"),
				    T("bell \a, escape \033[0m, delete \177, carriage\rreturn, bad "
				      "\xff\xc0\x80, "
				      "good \xc3\xbc \xe2\x82\xac \xf0\x9f\x99\x82") },
			OBSERVED(fail_saw),
			.pcap = T("pcap/a&b \033<c>.inet.pcapng"),
			.runs = 1 },
	[RUN_BREAKS] = { .name = "recv_breaks",
			 .test = &server_only,
			 .family = UNIX,
			 .verdict = VERDICT_BROKEN,
			 .ms = 3.5,
			 .reason = T("server: bind(fd, &a.any, a.len) failed: EACCES at a.c:7"),
			 ENDS("died of SIGSEGV", ""),
			 OBSERVED(broken_saw),
			 .runs = 1 },
	/* This tool does not know the case: it stands in a file of another version. */
	[RUN_WAITS] = { .name = "o\"d<d_case",
			.family = INET,
			.verdict = VERDICT_TIMEOUT,
			.ms = 2001.9,
			.reason = T("after 2000 ms: server in accept(fd 3), client waits for "
				    "\"queue is full\""),
			ENDS("in accept(fd 3)", "waits for \"queue is full\""),
			.runs = 1 },
	[RUN_FLAKES] = { .name = "send_flaky",
			 .test = &two_sides,
			 .family = UNIX,
			 .verdict = VERDICT_FLAKY,
			 .ms = 5,
			 .reason = T("2 pass, 1 fail: client saw recv = 1, wanted 0"),
			 ENDS("finished", "finished"),
			 OBSERVED(variant_saw),
			 .runs = 3,
			 .runs_of = { [VERDICT_PASS] = 2, [VERDICT_FAIL] = 1 } },
	/* The baseline knows of it. */
	[RUN_FAILS_AS_KNOWN] = { .name = "send_known",
				 .test = &two_sides,
				 .family = INET,
				 .verdict = VERDICT_FAIL,
				 .expected = true,
				 .baseline_outcomes = 1U << VERDICT_FAIL,
				 .baseline_reason = T("bug 17, <reported>"),
				 .ms = 1,
				 .reason = T("client saw recv = 1, wanted 0"),
				 ENDS("finished", "finished"),
				 OBSERVED(fail_saw),
				 .runs = 1 },
	/* The baseline says that it fails. */
	[RUN_HEALS] = { .name = "send_healed",
			.test = &server_only,
			.family = INET,
			.verdict = VERDICT_PASS,
			.baseline_outcomes = 1U << VERDICT_FAIL | 1U << VERDICT_TIMEOUT,
			.baseline_reason = T("bug 18"),
			.ms = 1,
			.reason = T("as it should be, but the baseline expects otherwise"),
			ENDS("finished", ""),
			.runs = 1 },
	/* Here, too. */
	[RUN_SKIPS_UNEXPECTED] = { .name = "bind_root",
				   .test = &server_only,
				   .family = UNIX,
				   .verdict = VERDICT_SKIP,
				   .reason = T("needs root: run as root"),
				   ENDS("", ""),
				   .runs = 1 },
};

/* Places of some of them; sorted. */
static const struct entry entries[] = {
	{ "recv_breaks", &server_only, "cases/some/a.c", 3 },
	{ "recv_fails", &two_sides, "cases/some/recv.c", 10 },
	{ "send_flaky", &two_sides, "cases/some/send.c", 20 },
	{ "send_healed", &server_only, "cases/100%/a,b:c.c", 30 },
};
static const struct registry places = { entries, sizeof entries / sizeof *entries };

#define NOT_RUN(name_)                                                                             \
	{                                                                                          \
		.name = (name_), .test = &two_sides, .family = INET, .verdict = VERDICT_NOT_RUN,   \
		.reason = T("SIGTERM ended the run"), ENDS("", "")                                 \
	}

static struct result cut_results[] = {
	{ .name = "recv_plain",
	  .test = &two_sides,
	  .family = INET,
	  .verdict = VERDICT_PASS,
	  .expected = true,
	  .ms = 0.4,
	  .reason = T(""),
	  ENDS("finished", "finished"),
	  .runs = 1 },
	{ .name = "recv_fails",
	  .test = &two_sides,
	  .family = INET,
	  .verdict = VERDICT_FAIL,
	  .ms = 2.2,
	  .reason = T("client saw recv = 5, wanted 0"),
	  ENDS("finished", "finished"),
	  OBSERVED(fail_saw),
	  .runs = 1 },
	NOT_RUN("send_a"),
	NOT_RUN("send_b"),
	NOT_RUN("send_c"),
	NOT_RUN("send_d"),
	NOT_RUN("send_e"),
	NOT_RUN("send_f"),
	NOT_RUN("send_g"),
	NOT_RUN("send_h"),
	NOT_RUN("send_i"),
	NOT_RUN("send_j"),
	NOT_RUN("send_k"),
	NOT_RUN("send_l"),
};

const struct test_run everything = {
	.facts = &facts,
	.results = results,
	.count = sizeof results / sizeof *results,
	.ms = 2345.6,
	.end = { .cause = END_COMPLETE },
	.cases = &places,
};

static const struct run_facts cut_facts = {
	.tool = "sockdrill 9.8.7",
	.stack = "linux",
	.sysname = "Linux",
	.release = "6.1.0-test",
	.machine = "x86_64",
	.isolation = "none",
	.shard = 1,
	.shards = 1,
	.planned = 14,
};

const struct test_run cut_short = {
	.facts = &cut_facts,
	.results = cut_results,
	.count = sizeof cut_results / sizeof *cut_results,
	.ms = 12.3,
	.end = { .cause = END_SIGNAL, .detail = "SIGTERM" },
	.cases = &places,
};

/* Where these tests run may be a job of GitHub, too. */
void begin_test_run(void)
{
	struct story story = { 0 };

	unsetenv("GITHUB_STEP_SUMMARY");
	make_test_directory();
	add_echo(&story);
	results[RUN_FAILS].calls = keep_story(&story);
	story_finish(&story);
}

void end_test_run(void)
{
	trace_log_destroy(results[RUN_FAILS].calls);
	results[RUN_FAILS].calls = NULL;
	remove_test_directory();
}

/* ---- Reports ---- */

char *begin_report(const struct test_run *run, const char *format, struct report *ret_report)
{
	char *path = test_path("out"), *spec = must_format("%s:%s", format, path), *error = NULL;

	cr_assert(report_open(ret_report, spec, &error), "%s", error);
	ret_report->rerun = "sockdrill";
	ret_report->verbosity = run->verbosity;
	ret_report->color = run->color;
	if (run->width)
		ret_report->width = run->width;
	if (run->cases)
		ret_report->cases = run->cases;
	report_begin(ret_report, run->facts);
	free(spec);
	return path;
}

bool end_report(const struct test_run *run, struct report *report, char **ret_error)
{
	struct counts counts = { .ms = run->ms, .end = run->end, .missing = run->missing };

	*ret_error = NULL;
	for (size_t i = 0; i < run->count; i++)
		counts_add(&counts, &run->results[i]);
	return report_end(report, run->facts, &counts, ret_error);
}

char *write_run(const struct test_run *run, const char *format)
{
	struct report report;
	char *path = begin_report(run, format, &report), *error;

	for (size_t i = 0; i < run->count; i++)
		cr_expect(report_result(&report, &run->results[i]), "%s, result %zu", format, i);
	cr_assert(end_report(run, &report, &error), "%s: %s", format, error);
	char *text = read_file(path);
	cr_assert_not_null(text, "%s", path);
	unlink(path);
	free(path);
	return text;
}

char *write_results(const char *format, const struct result *list, size_t count)
{
	struct test_run run = everything;

	run.results = list;
	run.count = count;
	return write_run(&run, format);
}

/* ---- Texts ---- */

char *put_text(void (*put)(FILE *, const char *), const char *text)
{
	char *all = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&all, &size);

	cr_assert_not_null(out);
	put(out, text);
	fclose(out);
	return all;
}

unsigned count_of(const char *text, const char *part)
{
	unsigned count = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		count++;
	return count;
}
