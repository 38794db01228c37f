/* read_test.c -- results files read back: what was written, what was cut, and what is no such file.
 */
#include "reports/read.h"

#include <criterion/criterion.h>

#include "engine/registry.h"
#include "ladder/test_stories.h"
#include "reports/report.h"
#include "test_files.h"

TestSuite(read, .init = make_test_directory, .fini = remove_test_directory);

#define T(text) ((char *)(text))

/* ---- What a reader heard ---- */

enum { HEARD_MAX = 8 };

struct heard {
	unsigned begins, ends;
	struct run_facts facts;
	struct counts counts;
	struct result results[HEARD_MAX];
	size_t count;
};

static void note_begin(void *context, const struct run_facts *facts)
{
	struct heard *heard = context;

	heard->begins++;
	heard->facts = *facts;
}

/* Takes what it is given, as it may. */
static void note_result(void *context, struct result *result)
{
	struct heard *heard = context;

	cr_assert_lt(heard->count, HEARD_MAX);
	heard->results[heard->count++] = *result;
	memset(result, 0, sizeof *result);
}

static void note_end(void *context, const struct counts *counts)
{
	struct heard *heard = context;

	heard->ends++;
	heard->counts = *counts;
}

static bool listen_to(const char *path, struct heard *ret_heard, char **ret_error)
{
	const struct results_sink sink = { note_begin, note_result, note_end, ret_heard };

	memset(ret_heard, 0, sizeof *ret_heard);
	*ret_error = NULL;
	return results_read(path, &sink, ret_error);
}

static void forget(struct heard *heard)
{
	for (size_t i = 0; i < heard->count; i++)
		result_finish(&heard->results[i]);
	heard->count = 0;
}

/* ---- There and back ---- */

static struct observation saw[] = {
	{ SERVER, T("accept"), T("0"), T("0"), .judged = true, .ok = true },
	{ CLIENT, T("recv again"), T("4:\\x00\""), T("-1 EAGAIN or 0"), .judged = true,
	  .line = 123 },
	{ CLIENT, T("order"), T(""), T("any"), .ok = true },
	{ CLIENT, T("surprise"), T("1"), T("") },
};

static const struct run_facts facts = {
	.tool = "sockdrill 9.8.7",
	.stack = "linux",
	.stack_version = "6.1-1",
	.date = "2026-01-02T03:04:05Z",
	.sysname = "Linux",
	.release = "6.1.0-\"test\"",
	.machine = "x86_64",
	.libc = "glibc 2.36",
	.isolation = "netns",
	.seed = INT64_MAX,
	.shard = 2,
	.shards = 5,
	.planned = 3,
	.timeout_ms = 100,
	.stretch_percent = 250,
};

/* One of a case that this program knows, one of none; what a file can hold of each. */
static void make_results(struct result ret_results[2])
{
	ret_results[0] = (struct result){
		.name = all_cases.entries[0].name,
		.test = all_cases.entries[0].test,
		.family = UNIX,
		.verdict = VERDICT_FLAKY,
		.ms = 12.5,
		.reason = T("1 pass, 2 fail: \"quoted\" \xc3\xbc \\ back and on"),
		.stood = { T("finished"), T("in recv(fd 3)") },
		.output = { T("\033[1mloud\033[0m\r\n"), T("") },
		.saw = saw,
		.saw_count = sizeof saw / sizeof *saw,
		.runs = 3,
		.runs_of = { [VERDICT_PASS] = 1, [VERDICT_FAIL] = 2 },
		.pcap = T("a \"dir\"/case.unix.pcapng"),
	};
	ret_results[1] = (struct result){
		.name = "no_such_case",
		.family = NO_FAMILY,
		.verdict = VERDICT_SKIP,
		.expected = true,
		.reason = T("needs root"),
		.stood = { T(""), T("") },
		.output = { T(""), T("") },
		.runs = 1,
	};
}

static void write_run(const char *path, const struct result *results, size_t count,
		      struct counts *ret_counts)
{
	char *spec = must_format("jsonl:%s", path), *error = NULL;
	struct report report;

	*ret_counts = (struct counts){ .ms = 1234, .end = { .cause = END_COMPLETE } };
	cr_assert(report_open(&report, spec, &error), "%s", error);
	report_begin(&report, &facts);
	for (size_t i = 0; i < count; i++) {
		counts_add(ret_counts, &results[i]);
		cr_assert(report_result(&report, &results[i]));
	}
	cr_assert(report_end(&report, &facts, ret_counts, &error), "%s", error);
	free(spec);
}

static void expect_same_observations(const struct result *got, const struct result *wanted)
{
	cr_assert_eq(got->saw_count, wanted->saw_count, "%s", wanted->name);
	for (size_t i = 0; i < wanted->saw_count; i++) {
		const struct observation *a = &got->saw[i], *b = &wanted->saw[i];
		cr_expect_eq(a->who, b->who, "%s", b->label);
		cr_expect_str_eq(a->label, b->label);
		cr_expect_str_eq(a->value, b->value, "%s", b->label);
		cr_expect_str_eq(a->want, b->want, "%s", b->label);
		cr_expect_eq(a->judged, b->judged, "%s", b->label);
		cr_expect_eq(a->ok, b->ok, "%s", b->label);
		cr_expect_eq(a->line, b->line, "%s", b->label);
	}
}

static void expect_same(const struct result *got, const struct result *wanted)
{
	cr_expect_str_eq(got->name, wanted->name);
	cr_expect_eq(got->test, wanted->test, "%s", wanted->name);
	cr_expect_eq(got->family, wanted->family, "%s", wanted->name);
	cr_expect_eq(got->verdict, wanted->verdict, "%s", wanted->name);
	cr_expect_eq(got->expected, wanted->expected, "%s", wanted->name);
	cr_expect_float_eq(got->ms, wanted->ms, 0.051, "%s", wanted->name);
	cr_expect_str_eq(got->reason, wanted->reason, "%s", wanted->name);
	for (enum who who = 0; who < WHO_COUNT; who++) {
		cr_expect_str_eq(got->stood[who], wanted->stood[who], "%s", wanted->name);
		cr_expect_str_eq(got->output[who], wanted->output[who], "%s", wanted->name);
	}
	cr_expect_eq(!got->pcap, !wanted->pcap, "%s", wanted->name);
	if (got->pcap && wanted->pcap)
		cr_expect_str_eq(got->pcap, wanted->pcap, "%s", wanted->name);
	cr_expect(is_same_log(got->calls, wanted->calls), "%s", wanted->name);
	cr_expect_eq(got->runs, wanted->runs, "%s", wanted->name);
	cr_expect_arr_eq(got->runs_of, wanted->runs_of, sizeof wanted->runs_of, "%s", wanted->name);
	expect_same_observations(got, wanted);
}

static void expect_same_facts(const struct run_facts *got)
{
	cr_expect_str_eq(got->tool, facts.tool);
	cr_expect_str_eq(got->stack, facts.stack);
	cr_expect_str_eq(got->stack_version, facts.stack_version);
	cr_expect_str_eq(got->date, facts.date);
	cr_expect_str_eq(got->sysname, facts.sysname);
	cr_expect_str_eq(got->release, facts.release);
	cr_expect_str_eq(got->machine, facts.machine);
	cr_expect_str_eq(got->libc, facts.libc);
	cr_expect_str_eq(got->isolation, facts.isolation);
	cr_expect_eq(got->seed, facts.seed);
	cr_expect_eq(got->shard, facts.shard);
	cr_expect_eq(got->shards, facts.shards);
	cr_expect_eq(got->planned, facts.planned);
	cr_expect_eq(got->timeout_ms, facts.timeout_ms);
	cr_expect_eq(got->stretch_percent, facts.stretch_percent);
}

Test(read, what_was_written)
{
	char *path = test_path("run.jsonl"), *error;
	struct result results[2];
	struct counts counts;
	struct heard heard;
	struct story story = { 0 };

	make_results(results);
	add_forked(&story);
	story.events[3].peek = true;
	story.events[3].bytes = (const unsigned char *)"\0\x01\xff";
	story.events[3].shown = 3;
	results[0].calls = keep_story(&story);
	trace_log_lose(results[0].calls, 7);
	write_run(path, results, 2, &counts);
	cr_assert(listen_to(path, &heard, &error), "%s", error);
	cr_expect_null(error);
	cr_expect_eq(heard.begins, 1);
	cr_expect_eq(heard.ends, 1);
	expect_same_facts(&heard.facts);
	cr_assert_eq(heard.count, 2);
	for (size_t i = 0; i < 2; i++)
		expect_same(&heard.results[i], &results[i]);
	cr_expect_arr_eq(heard.counts.of, counts.of, sizeof counts.of);
	cr_expect_eq(heard.counts.unexpected, 1);
	cr_expect_float_eq(heard.counts.ms, 1234, 1e-9);
	cr_expect_eq(heard.counts.end.cause, END_COMPLETE);
	forget(&heard);
	trace_log_destroy(results[0].calls);
	story_finish(&story);
	free(path);
}

/* More calls than a line may have are counted. */
Test(read, too_many_calls_for_a_line)
{
	enum { CALLS = 9000 };
	char *path = test_path("run.jsonl"), *error;
	struct result results[2];
	struct counts counts;
	struct heard heard;
	struct story story = { 0 };
	size_t kept;

	make_results(results);
	act(&story, CLIENT, 1);
	for (int i = 0; i < CALLS; i++)
		add_data(&story, CALL_read, 3, 1, "3, \"a\", 1", "1", "a");
	results[0].calls = trace_log_create(8 << 20);
	for (size_t i = 0; i < story.count; i++)
		trace_log_event(results[0].calls, &story.events[i]);
	cr_assert_eq(trace_log_lost(results[0].calls), 0);
	write_run(path, results, 2, &counts);
	cr_assert(listen_to(path, &heard, &error), "%s", error);
	trace_log_events(heard.results[0].calls, &kept);
	cr_expect_gt(kept, 1000);
	cr_expect_eq(kept + trace_log_lost(heard.results[0].calls), CALLS);
	forget(&heard);
	trace_log_destroy(results[0].calls);
	story_finish(&story);
	free(path);
}

Test(read, without_listeners)
{
	static const struct results_sink deaf = { NULL };
	char *path = test_path("run.jsonl"), *error = NULL;
	struct result results[2];
	struct counts counts;

	make_results(results);
	write_run(path, results, 2, &counts);
	cr_expect(results_read(path, &deaf, &error), "%s", error);
	free(path);
}

/* ---- Lines by hand ---- */

#define RUN    "{\"type\":\"run\",\"schema\":1,\"release\":\"6.1\"}\n"
#define END    "{\"type\":\"end\",\"ms\":7}\n"
#define HEAD   "{\"type\":\"result\",\"case\":\"a_case\",\"family\":\"inet\","
#define PASSED HEAD "\"verdict\":\"pass\"}\n"
#define FAILED HEAD "\"verdict\":\"fail\"}\n"

/* Files that can be used, and what comes of them. */
static const struct {
	const char *name, *text;
	unsigned begins, ends, results;
	bool complete;
} usables[] = {
	{ "whole", RUN PASSED FAILED END, 1, 1, 2, true },
	{ "nothing ran", RUN END, 1, 1, 0, true },
	{ "interrupted", RUN PASSED FAILED, 1, 1, 2, false },
	{ "interrupted at once", RUN, 1, 1, 0, false },
	{ "torn result", RUN PASSED "{\"type\":\"result\",\"ca", 1, 1, 1, false },
	{ "torn end", RUN PASSED "{\"type\":\"end\",\"ms\":7}", 1, 1, 1, false },
	{ "two runs", RUN PASSED END RUN FAILED END, 2, 2, 2, true },
	{ "the first of two interrupted", RUN PASSED RUN FAILED END, 2, 2, 2, true },
	{ "the second of two interrupted", RUN PASSED END RUN FAILED, 2, 2, 2, false },
	{ "lines of a later version", RUN "{\"type\":\"weather\",\"x\":[1]}\n" PASSED END, 1, 1, 1,
	  true },
	{ "keys of a later version", RUN HEAD "\"verdict\":\"pass\",\"x\":{}}\n" END, 1, 1, 1,
	  true },
};

Test(read, usable_files)
{
	char *path = test_path("run.jsonl"), *error;

	for (size_t i = 0; i < sizeof usables / sizeof *usables; i++) {
		struct heard heard;
		write_text(path, usables[i].text);
		cr_assert(listen_to(path, &heard, &error), "%s: %s", usables[i].name, error);
		cr_expect_eq(heard.begins, usables[i].begins, "%s", usables[i].name);
		cr_expect_eq(heard.ends, usables[i].ends, "%s", usables[i].name);
		cr_expect_eq(heard.count, usables[i].results, "%s", usables[i].name);
		cr_expect_eq(heard.counts.end.cause == END_COMPLETE, usables[i].complete, "%s",
			     usables[i].name);
		forget(&heard);
	}
	free(path);
}

#define PLANNED(more) "{\"type\":\"run\",\"schema\":1,\"planned\":5" more "}\n"
#define NOT_RUN       HEAD "\"verdict\":\"notrun\",\"reason\":\"r\"}\n"
#define CUT_END(by)                                                                                \
	"{\"type\":\"end\",\"complete\":false,\"ended_by\":\"" by "\",\"detail\":\"d\"}\n"

/* How a run ended, and what has no result. */
static const struct {
	const char *name, *text;
	enum end_cause cause;
	unsigned not_run, missing;
} cuts[] = {
	{ "an end of old", PLANNED("") PASSED END, END_COMPLETE, 0, 0 },
	{ "complete", PLANNED("") PASSED "{\"type\":\"end\",\"complete\":true}\n", END_COMPLETE, 0,
	  0 },
	{ "by a signal", PLANNED("") PASSED NOT_RUN NOT_RUN CUT_END("signal"), END_SIGNAL, 2, 0 },
	{ "by an option", PLANNED("") NOT_RUN CUT_END("option"), END_OPTION, 1, 0 },
	{ "by a failure", PLANNED("") NOT_RUN CUT_END("failure"), END_FAILURE, 1, 0 },
	{ "killed", PLANNED("") PASSED FAILED, END_UNKNOWN, 0, 3 },
	{ "killed while it named them", PLANNED("") PASSED NOT_RUN, END_UNKNOWN, 1, 3 },
	{ "killed at once", PLANNED(""), END_UNKNOWN, 0, 5 },
	{ "killed, and nobody knows of how many", RUN PASSED, END_UNKNOWN, 0, 0 },
	{ "killed, but good results were not recorded", PLANNED(",\"until_fail\":true") FAILED,
	  END_UNKNOWN, 0, 0 },
	{ "the second killed", RUN PASSED END PLANNED("") PASSED, END_UNKNOWN, 0, 4 },
};

Test(read, runs_cut_short)
{
	char *path = test_path("run.jsonl"), *error;

	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		struct heard heard;
		write_text(path, cuts[i].text);
		cr_assert(listen_to(path, &heard, &error), "%s: %s", cuts[i].name, error);
		cr_expect_eq(heard.counts.end.cause, cuts[i].cause, "%s", cuts[i].name);
		cr_expect_str_eq(heard.counts.end.detail, cuts[i].cause > END_COMPLETE ? "d" : "",
				 "%s", cuts[i].name);
		cr_expect_eq(heard.counts.of[VERDICT_NOT_RUN], cuts[i].not_run, "%s", cuts[i].name);
		cr_expect_eq(heard.counts.missing, cuts[i].missing, "%s", cuts[i].name);
		for (size_t k = 0; k < heard.count; k++)
			cr_expect_eq(heard.results[k].runs,
				     heard.results[k].verdict != VERDICT_NOT_RUN, "%s",
				     cuts[i].name);
		forget(&heard);
	}
	free(path);
}

/* What is missing in a line has a value that says so. */
Test(read, sparse_lines)
{
	char *path = test_path("run.jsonl"), *error;
	struct heard heard;

	write_text(path, "{\"type\":\"run\",\"schema\":1}\n" PASSED);
	cr_assert(listen_to(path, &heard, &error), "%s", error);
	cr_expect_str_eq(heard.facts.tool, "");
	cr_expect_eq(heard.facts.shard, 1);
	cr_expect_eq(heard.facts.shards, 1);
	cr_expect_eq(heard.facts.planned, 0);
	cr_assert_eq(heard.count, 1);
	cr_expect_str_eq(heard.results[0].reason, "");
	cr_expect_str_eq(heard.results[0].stood[SERVER], "");
	cr_expect_str_eq(heard.results[0].output[CLIENT], "");
	cr_expect_eq(heard.results[0].saw_count, 0);
	cr_expect_eq(heard.results[0].runs, 1);
	forget(&heard);
	free(path);
}

/* Texts longer than their room in the facts are cut. */
Test(read, long_facts)
{
	char *path = test_path("run.jsonl"), *error, long_text[300];
	struct heard heard;

	memset(long_text, 'x', sizeof long_text - 1);
	long_text[sizeof long_text - 1] = '\0';
	char *text =
		must_format("{\"type\":\"run\",\"schema\":1,\"tool\":\"%s\",\"release\":\"%s\","
			    "\"isolation\":\"%s\"}\n",
			    long_text, long_text, long_text);
	write_text(path, text);
	cr_assert(listen_to(path, &heard, &error), "%s", error);
	cr_expect_eq(strlen(heard.facts.tool), sizeof heard.facts.tool - 1);
	cr_expect_eq(strlen(heard.facts.release), sizeof heard.facts.release - 1);
	cr_expect_eq(strlen(heard.facts.isolation), sizeof heard.facts.isolation - 1);
	free(text);
	free(path);
}

/* ---- No results files ---- */

static void expect_error(const char *name, const char *path, const char *const parts[2])
{
	struct heard heard;
	char *error;

	cr_assert(!listen_to(path, &heard, &error), "%s", name);
	cr_assert_not_null(error, "%s", name);
	cr_expect_not_null(strstr(error, path), "%s: %s", name, error);
	for (int i = 0; i < 2; i++)
		cr_expect_not_null(strstr(error, parts[i]), "%s: %s", name, error);
	for (const char *c = error; *c; c++)
		cr_expect((unsigned char)*c >= 0x20 && *c != 0x7f, "%s: byte 0x%02x in: %s", name,
			  (unsigned char)*c, error);
	free(error);
	forget(&heard);
}

#define CALLS(list) RUN HEAD "\"verdict\":\"pass\",\"calls\":" list "}\n"
#define EXIT        "{\"what\":\"end\""

#define CLOSED "{\"what\":\"call\",\"call\":\"close\""

/* Each part stands in the error. ":2:" is the line. */
static const struct {
	const char *name, *text, *parts[2];
} unusables[] = {
	{ "empty file", "", { "holds no run", "jsonl" } },
	{ "only a torn line", "{\"type\":\"run\",\"schema\":1}", { "holds no run", "jsonl" } },
	{ "only of a later version", "{\"type\":\"weather\"}\n", { "holds no run", "jsonl" } },
	{ "another schema", "{\"type\":\"run\",\"schema\":2}\n", { ":1:", "schema" } },
	{ "no schema", "{\"type\":\"run\"}\n", { ":1:", "schema" } },
	{ "schema as text", "{\"type\":\"run\",\"schema\":\"1\"}\n", { ":1:", "schema" } },
	{ "a negative seed", "{\"type\":\"run\",\"schema\":1,\"seed\":-1}\n", { ":1:", "seed" } },
	{ "more than can be planned",
	  "{\"type\":\"run\",\"schema\":1,\"planned\":4294967296}\n",
	  { ":1:", "planned" } },
	{ "a time that never was", RUN "{\"type\":\"end\",\"ms\":1e300}\n", { ":2:", "ms" } },
	{ "a negative time", RUN "{\"type\":\"end\",\"ms\":-1}\n", { ":2:", "ms" } },
	{ "an end that does not tell why",
	  RUN "{\"type\":\"end\",\"complete\":false}\n",
	  { ":2:", "ended_by" } },
	{ "an end by what nobody knows", RUN CUT_END("tiredness"), { ":2:", "ended_by" } },
	{ "an end that is and is not", RUN CUT_END("complete"), { ":2:", "ended_by" } },
	{ "another schema later",
	  RUN PASSED "{\"type\":\"run\",\"schema\":9}\n",
	  { ":3:", "schema" } },
	{ "result before run", PASSED RUN, { ":1:", "before any run" } },
	{ "result behind end", RUN END PASSED, { ":3:", "before any run" } },
	{ "end before run", END, { ":1:", "without a run" } },
	{ "two ends", RUN END END, { ":3:", "without a run" } },
	{ "unknown verdict", RUN HEAD "\"verdict\":\"great\"}\n", { ":2:", "verdict" } },
	{ "no verdict",
	  RUN "{\"type\":\"result\",\"case\":\"a\",\"family\":\"inet\"}\n",
	  { ":2:", "verdict" } },
	{ "verdict as number", RUN HEAD "\"verdict\":0}\n", { ":2:", "verdict" } },
	{ "no case",
	  RUN "{\"type\":\"result\",\"family\":\"inet\",\"verdict\":\"pass\"}\n",
	  { ":2:", "case" } },
	{ "no family",
	  RUN "{\"type\":\"result\",\"case\":\"a\",\"verdict\":\"pass\"}\n",
	  { ":2:", "family" } },
	{ "unknown family",
	  RUN "{\"type\":\"result\",\"case\":\"a\",\"family\":\"ipx\",\"verdict\":\"pass\"}\n",
	  { ":2:", "family" } },
	{ "observation of nobody",
	  RUN HEAD "\"verdict\":\"pass\",\"saw\":[{\"label\":\"a\"}]}\n",
	  { ":2:", "role" } },
	{ "observation that is none",
	  RUN HEAD "\"verdict\":\"pass\",\"saw\":[1]}\n",
	  { ":2:", "role" } },
	{ "second observation of nobody",
	  RUN HEAD "\"verdict\":\"pass\",\"saw\":[{\"role\":\"server\"},{\"role\":\"x\"}]}\n",
	  { ":2:", "role" } },
	{ "calls that are no list", CALLS("1"), { ":2:", "calls" } },
	{ "a call that is none", CALLS("[1]"), { ":2:", "no object" } },
	{ "an unknown event", CALLS("[{\"what\":\"x\"}]"), { ":2:", "none of the events" } },
	{ "no event", CALLS("[{}]"), { ":2:", "none of the events" } },
	{ "an unknown call",
	  CALLS("[{\"what\":\"call\",\"call\":\"x\"}]"),
	  { ":2:", "a call is not known" } },
	{ "a socket's number", CALLS("[" CLOSED ",\"socket\":4097}]"), { ":2:", "out of range" } },
	{ "a process's number", CALLS("[" EXIT ",\"process\":-1}]"), { ":2:", "out of range" } },
	{ "a side of three", CALLS("[" EXIT ",\"side\":2}]"), { ":2:", "out of range" } },
	{ "a number as text", CALLS("[" CLOSED ",\"fd\":\"3\"}]"), { ":2:", "out of range" } },
	{ "a long result",
	  CALLS("[" EXIT ",\"result\":-9223372036854775808}]"),
	  { ":2:", "out of range" } },
	{ "odd bytes", CALLS("[" CLOSED ",\"hex\":\"abc\"}]"), { ":2:", "digits" } },
	{ "bytes that are none", CALLS("[" CLOSED ",\"hex\":\"ax\"}]"), { ":2:", "digits" } },
	{ "bytes that begin with none",
	  CALLS("[" CLOSED ",\"hex\":\"xa\"}]"),
	  { ":2:", "digits" } },
	{ "a bad call behind a good one", CALLS("[" EXIT "},{}]"), { ":2:", "none of" } },
	{ "not JSON", "hello\n", { ":1:", "cannot use this line" } },
	{ "not JSON behind good lines", RUN PASSED "hello\n", { ":3:", "cannot use this line" } },
	{ "an empty line", RUN "\n", { ":2:", "cannot use this line" } },
	{ "an open string", "{\"type\":\"run\n", { ":1:", "cannot use this line" } },
	{ "an open object", "{\"type\":\"run\"\n", { ":1:", "cannot use this line" } },
	{ "a control character", "{\"type\":\"r\033[1mun\"}\n", { ":1:", "cannot use this line" } },
	{ "control characters all over", "\033]0;x\a\n", { ":1:", "cannot use this line" } },
	{ "bad UTF-8", "{\"type\":\"\xff\xfe\"}\n", { ":1:", "cannot use this line" } },
	{ "an escaped NUL", "{\"type\":\"run\\u0000\"}\n", { ":1:", "cannot use this line" } },
	{ "a key twice",
	  "{\"type\":\"run\",\"type\":\"end\"}\n",
	  { ":1:", "cannot use this line" } },
	{ "two objects",
	  "{\"type\":\"run\",\"schema\":1} {}\n",
	  { ":1:", "cannot use this line" } },
	{ "a number out of range",
	  RUN HEAD "\"verdict\":\"pass\",\"ms\":1e999}\n",
	  { ":2:", "cannot use this line" } },
	{ "an array", "[1]\n", { ":1:", "object" } },
	{ "a number", "1\n", { ":1:", "cannot use this line" } },
	{ "no type", "{}\n", { ":1:", "object" } },
	{ "type as number", "{\"type\":1}\n", { ":1:", "object" } },
};

Test(read, unusable_files)
{
	char *path = test_path("run.jsonl");

	for (size_t i = 0; i < sizeof unusables / sizeof *unusables; i++) {
		write_text(path, unusables[i].text);
		expect_error(unusables[i].name, path, unusables[i].parts);
	}
	free(path);
}

Test(read, a_nul_in_a_line)
{
	static const char text[] = RUN "{\"type\":\"weather\"}\0\n";
	static const char *const parts[2] = { ":2:", "cannot use this line" };
	char *path = test_path("run.jsonl");

	write_bytes(path, text, sizeof text - 1);
	expect_error("a NUL", path, parts);
	free(path);
}

Test(read, no_files)
{
	static const char *const missing[2] = { "cannot read", "No such file" };
	static const char *const directory[2] = { "cannot read", "Is a directory" };
	char *path = test_path("missing.jsonl");

	expect_error("missing", path, missing);
	expect_error("a directory", test_directory, directory);
	free(path);
}

/* Brackets in brackets must not cost the stack. */
Test(read, deep_nesting)
{
	static const char *const parts[2] = { ":1:", "cannot use this line" };
	enum { DEPTH = 500000 };
	char *path = test_path("run.jsonl"), *text = must_alloc(DEPTH + 2, 1);

	memset(text, '[', DEPTH);
	text[DEPTH] = '\n';
	write_text(path, text);
	expect_error("deep", path, parts);
	free(text);
	free(path);
}

/* ---- Limits ---- */

/* A line of that many bytes with its newline, of a type that is passed over. */
static void write_long_line(const char *path, size_t n)
{
	static const char run[] = RUN, head[] = "{\"type\":\"weather\",\"x\":\"", tail[] = "\"}\n";
	size_t all = sizeof run - 1 + n;
	char *text = must_alloc(all + 1, 1);

	memset(text, 'x', all);
	memcpy(text, run, sizeof run - 1);
	memcpy(text + sizeof run - 1, head, sizeof head - 1);
	memcpy(text + all - (sizeof tail - 1), tail, sizeof tail - 1);
	write_bytes(path, text, all);
	free(text);
}

Test(read, long_lines)
{
	static const char *const parts[2] = { ":2:", "longer than 1 MiB" };
	char *path = test_path("run.jsonl"), *error;
	struct heard heard;

	write_long_line(path, RESULTS_LINE_MAX);
	cr_expect(listen_to(path, &heard, &error), "%s", error);
	write_long_line(path, RESULTS_LINE_MAX + 1);
	expect_error("one byte too long", path, parts);
	write_long_line(path, RESULTS_LINE_MAX * 4);
	expect_error("much too long", path, parts);
	free(path);
}

static void write_observations(const char *path, unsigned count)
{
	FILE *out = fopen(path, "we");

	cr_assert_not_null(out);
	fputs(RUN HEAD "\"verdict\":\"pass\",\"saw\":[", out);
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "%s{\"role\":\"client\",\"label\":\"l%u\"}", i ? "," : "", i);
	fputs("]}\n", out);
	cr_assert_eq(fclose(out), 0);
}

Test(read, many_observations)
{
	static const char *const parts[2] = { ":2:", "too many observations" };
	char *path = test_path("run.jsonl"), *error;
	struct heard heard;

	write_observations(path, RESULTS_SAW_MAX);
	cr_assert(listen_to(path, &heard, &error), "%s", error);
	cr_assert_eq(heard.count, 1);
	cr_expect_eq(heard.results[0].saw_count, RESULTS_SAW_MAX);
	cr_expect_str_eq(heard.results[0].saw[RESULTS_SAW_MAX - 1].label, "l1023");
	forget(&heard);
	write_observations(path, RESULTS_SAW_MAX + 1);
	expect_error("one too many", path, parts);
	free(path);
}

/* ---- Hostile texts ---- */

Test(read, texts_are_cut_between_characters)
{
	char *path = test_path("cut"), *error;
	struct heard heard;

	/* 31 bytes are kept at most: fifteen of these characters. */
	write_text(path, "{\"type\":\"run\",\"schema\":1,\"tool\":\""
			 "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
			 "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\"}\n");
	cr_assert(listen_to(path, &heard, &error), "%s", error);
	cr_expect_eq(strlen(heard.facts.tool), 30);
	free(path);
}

Test(read, long_control_characters_are_taken_away)
{
	char *path = test_path("c1"), *error;
	struct heard heard;

	write_text(path, "{\"type\":\"run\",\"schema\":1,\"tool\":\"a\\u009b2Jb\"}\n");
	cr_assert(listen_to(path, &heard, &error), "%s", error);
	cr_expect_str_eq(heard.facts.tool, "a??2Jb");
	free(path);
}

static void expect_shard(const char *shard, unsigned first, unsigned all)
{
	char *path = test_path("shard"), *error;
	char *text = must_format("{\"type\":\"run\",\"schema\":1,\"shard\":\"%s\"}\n", shard);
	struct heard heard;

	write_text(path, text);
	cr_assert(listen_to(path, &heard, &error), "%s", error);
	cr_expect_eq(heard.facts.shard, first, "%s", shard);
	cr_expect_eq(heard.facts.shards, all, "%s", shard);
	free(text);
	free(path);
}

Test(read, what_is_no_shard_is_the_whole)
{
	expect_shard("2/3", 2, 3);
	expect_shard("4/3", 1, 1);
	expect_shard("0/3", 1, 1);
	expect_shard("-1/-1", 1, 1);
	expect_shard("99999999999/99999999999", 1, 1);
	expect_shard("", 1, 1);
}

/* Texts of calls are as traces write them, whatever the file has, and so they stay. */
Test(read, foreign_texts_of_calls)
{
	char *path = test_path("run.jsonl"), *error;
	struct heard heard;
	size_t count;

	write_text(path,
		   CALLS("[{\"what\":\"program\",\"args\":\"\xc2\xa9 \\\"a\\\\x\\\" \\u001b\"}]"));
	cr_assert(listen_to(path, &heard, &error), "%s", error);
	const struct trace_event *event = trace_log_events(heard.results[0].calls, &count);
	cr_assert_eq(count, 1);
	cr_expect_str_eq(event->arguments, "\\xc2\\xa9 \"a\\x\" \\x1b");
	forget(&heard);
	free(path);
}
