/* run_options_test.c -- every option of `run`, good and bad, and what the environment adds. */
#include "cli/run_options.h"

#include <criterion/criterion.h>

#include "test_stderr.h"

static const char *const shard_variables[] = {
	"TEST_TOTAL_SHARDS",  "TEST_SHARD_INDEX",  "TEST_SHARD_STATUS_FILE",
	"GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX", "GTEST_SHARD_STATUS_FILE",
};

static void clear_environment(void)
{
	for (size_t i = 0; i < sizeof shard_variables / sizeof *shard_variables; i++)
		unsetenv(shard_variables[i]);
}

TestSuite(run_options, .init = clear_environment);

static const struct command command = { .name = "run", .options = run_option_rows };

enum { WORDS_MAX = 300, ARGS_MAX = 8 };

/* A command line as getopt may have it: its order may change, its end is NULL. */
struct line {
	char *words[WORDS_MAX + 1];
	int count;
};

static void add_word(struct line *line, const char *word)
{
	cr_assert_lt(line->count, WORDS_MAX);
	line->words[line->count++] = (char *)word;
}

static struct line line_of(const char *const args[ARGS_MAX])
{
	struct line line = { .words = { (char *)"run" }, .count = 1 };

	for (int i = 0; i < ARGS_MAX && args[i]; i++)
		add_word(&line, args[i]);
	return line;
}

/* Parses; *ret_error is what came on standard error, new memory. */
static int parse(struct line *line, struct run_options *ret_options, char **ret_error)
{
	struct captured_stderr captured = capture_stderr();
	int status = run_options_parse(&command, line->count, line->words, ret_options);

	*ret_error = release_stderr(&captured);
	return status;
}

/* ---- Options as text: those that are not as without any ---- */

static void put_flag(FILE *out, const char *name, bool flag)
{
	if (flag)
		fprintf(out, "%s ", name);
}

static void put_number(FILE *out, const char *name, long long number, long long usual)
{
	if (number != usual)
		fprintf(out, "%s=%lld ", name, number);
}

static void put_word(FILE *out, const char *name, const char *word)
{
	if (word)
		fprintf(out, "%s=%s ", name, word);
}

static void put_options(FILE *out, const struct run_options *o)
{
	for (size_t i = 0; i < o->glob_count; i++)
		put_word(out, "glob", o->globs[i]);
	for (size_t i = 0; i < o->exclude_count; i++)
		put_word(out, "exclude", o->exclude[i]);
	for (size_t i = 0; i < o->report_count; i++)
		put_word(out, "report", o->reports[i]);
	put_number(out, "families", o->families, 0);
	put_number(out, "jobs", o->jobs, 0);
	put_number(out, "repeat", o->repeat, 1);
	put_number(out, "retries", o->retries, 0);
	put_number(out, "seed", (long long)o->seed, 0);
	put_number(out, "shard", o->shard, 1);
	put_number(out, "shards", o->shards, 1);
	put_number(out, "max_wait", o->max_wait_ms, -1);
	put_number(out, "timeout", o->timeout_ms, 2000);
	put_number(out, "stretch", o->stretch_percent, 100);
	put_number(out, "isolation", o->isolation, ISOLATION_AUTO);
	put_number(out, "color", o->color, COLOR_AUTO);
	put_number(out, "verbosity", o->verbosity, 0);
	put_flag(out, "until_fail", o->until_fail);
	put_flag(out, "shuffle", o->shuffle);
	put_flag(out, "fail_fast", o->fail_fast);
	put_flag(out, "slow", o->slow);
	put_flag(out, "expect_update", o->expect_update);
	put_flag(out, "keep", o->keep);
	put_number(out, "pcap", o->pcap, KEEP_NEVER);
	put_word(out, "pcap_dir", o->pcap_dir);
	put_word(out, "expect", o->expect);
	put_word(out, "rerun_failed", o->rerun_failed);
	put_word(out, "status_file", o->shard_status_file);
	put_word(out, "stack", o->stack);
	if (o->has_here)
		put_word(out, "here", who_name(o->here));
}

static char *options_text(const struct run_options *options)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	put_options(out, options);
	fclose(out);
	if (size)
		text[size - 1] = '\0';
	return text;
}

static void expect_options(const char *const args[ARGS_MAX], const char *wanted)
{
	struct line line = line_of(args);
	struct run_options options;
	char *error;
	const char *name = args[0] ? args[0] : "no argument";

	int status = parse(&line, &options, &error);
	cr_expect_eq(status, STATUS_EXPECTED, "%s: %s", name, error);
	cr_expect_str_eq(error, "", "%s: %s", name, error);
	if (status == STATUS_EXPECTED) {
		char *text = options_text(&options);
		cr_expect_str_eq(text, wanted, "%s: %s", name, text);
		free(text);
	}
	free(error);
}

static void expect_refusal(const char *const args[ARGS_MAX], const char *const parts[2])
{
	struct line line = line_of(args);
	struct run_options options;
	char *error;

	cr_expect_eq(parse(&line, &options, &error), STATUS_USAGE, "%s", args[0]);
	cr_expect_eq(strncmp(error, "sockdrill run: ", 15), 0, "%s: %s", args[0], error);
	cr_expect_eq(strcspn(error, "\n") + 1, strlen(error), "%s: one line: %s", args[0], error);
	for (int i = 0; i < 2 && parts[i]; i++)
		cr_expect_not_null(strstr(error, parts[i]), "%s: %s", args[0], error);
	free(error);
}

/* ---- Good ---- */

static const struct {
	const char *args[ARGS_MAX], *text;
} goods[] = {
	{ { NULL }, "" },
	{ { "recv_eintr", "send_*/inet" }, "glob=recv_eintr glob=send_*/inet" },
	{ { "-j", "4" }, "jobs=4" },
	{ { "-j1" }, "jobs=1" },
	{ { "--jobs", "1000" }, "jobs=1000" },
	{ { "--jobs=2" }, "jobs=2" },
	{ { "--report", "tap" }, "report=tap" },
	{ { "--report=junit:a", "--report=tap", "--report=tap" },
	  "report=junit:a report=tap report=tap" },
	{ { "--family", "inet" }, "families=1" },
	{ { "--family", "inet,unix" }, "families=5" },
	{ { "--family", "any,inet6,inet6" }, "families=10" },
	{ { "--family", "inet", "--family", "unix" }, "families=4" },
	{ { "--exclude", "a*", "--exclude=b/inet" }, "exclude=a* exclude=b/inet" },
	{ { "--repeat", "2" }, "repeat=2" },
	{ { "--repeat", "1000000" }, "repeat=1000000" },
	{ { "--until-fail" }, "until_fail" },
	{ { "--shuffle" }, "shuffle" },
	{ { "--shuffle=1" }, "seed=1 shuffle" },
	{ { "--shuffle=9223372036854775807" }, "seed=9223372036854775807 shuffle" },
	{ { "--shuffle", "7" }, "glob=7 shuffle" },
	{ { "--shard", "1/1" }, "" },
	{ { "--shard", "2/3" }, "shard=2 shards=3" },
	{ { "--shard", "3/3" }, "shard=3 shards=3" },
	{ { "--rerun-failed", "a.jsonl" }, "rerun_failed=a.jsonl" },
	{ { "--retries", "0" }, "" },
	{ { "--retries", "100" }, "retries=100" },
	{ { "--fail-fast" }, "fail_fast" },
	{ { "--slow" }, "slow" },
	{ { "--max-wait", "0" }, "max_wait=0" },
	{ { "--max-wait", "3600000" }, "max_wait=3600000" },
	{ { "--timeout", "1" }, "timeout=1" },
	{ { "--timeout", "3600000" }, "timeout=3600000" },
	{ { "--timeout-multiplier", "2" }, "stretch=200" },
	{ { "--timeout-multiplier", "0.5" }, "stretch=50" },
	{ { "--timeout-multiplier", "0.01" }, "stretch=1" },
	{ { "--timeout-multiplier", "1000" }, "stretch=100000" },
	{ { "--timeout-multiplier", "1.234" }, "stretch=123" },
	{ { "--expect", "file" }, "expect=file" },
	{ { "--expect", "file", "--expect-update" }, "expect_update expect=file" },
	{ { "--stack", "lwip" }, "stack=lwip" },
	{ { "--stack=gvisor/20221219.0-1+b1" }, "stack=gvisor/20221219.0-1+b1" },
	{ { "--isolation", "auto" }, "" },
	{ { "--isolation", "netns" }, "isolation=1" },
	{ { "--isolation", "none" }, "isolation=2" },
	{ { "--here", "server" }, "here=server" },
	{ { "--here", "client" }, "here=client" },
	{ { "--keep" }, "keep" },
	{ { "--pcap", "never" }, "" },
	{ { "--pcap", "fail" }, "pcap=1" },
	{ { "--pcap=always" }, "pcap=2" },
	{ { "--pcap=fail", "--pcap-dir", "a/b" }, "pcap=1 pcap_dir=a/b" },
	{ { "--pcap-dir=d", "--pcap=always" }, "pcap=2 pcap_dir=d" },
	{ { "--color", "auto" }, "" },
	{ { "--color", "always" }, "color=1" },
	{ { "--color", "never" }, "color=2" },
	{ { "-v" }, "verbosity=1" },
	{ { "-vv" }, "verbosity=2" },
	{ { "--verbose", "-v" }, "verbosity=2" },
	{ { "-q" }, "verbosity=-1" },
	{ { "--quiet" }, "verbosity=-1" },
	{ { "-v", "-q" }, "verbosity=-1" },
	/* The last of two wins; options and globs mix; -- ends options. */
	{ { "--repeat", "2", "--repeat", "3" }, "repeat=3" },
	{ { "a", "--slow", "b", "-v" }, "glob=a glob=b verbosity=1 slow" },
	{ { "--slow", "--", "a" }, "glob=a slow" },
	{ { "--until" }, "until_fail" },
	{ { "--repeat=2", "--fail-fast", "--shuffle=3" }, "repeat=2 seed=3 shuffle fail_fast" },
};

Test(run_options, good)
{
	for (size_t i = 0; i < sizeof goods / sizeof *goods; i++)
		expect_options(goods[i].args, goods[i].text);
}

/* ---- Bad ---- */

static const struct {
	const char *args[ARGS_MAX], *parts[2];
} bads[] = {
	{ { "--nonsense" }, { "unknown option '--nonsense'", "--help" } },
	{ { "--nonsense=1" }, { "unknown option '--nonsense=1'", "--help" } },
	{ { "-x" }, { "unknown option '-x'", "--help" } },
	{ { "-7" }, { "'-7' is neither an option nor a number" } },
	{ { "--re" }, { "'--re'", "--repeat, --retries, --report" } },
	{ { "--re=2" }, { "'--re'", "--repeat, --retries, --report" } },
	{ { "--repeet", "2" }, { "'--repeet'", "did you mean '--repeat'?" } },
	{ { "--fmaily=inet" }, { "'--fmaily=inet'", "did you mean '--family'?" } },
	{ { "-slow" }, { "'-s'", "did you mean '--slow'?" } },
	{ { "--slow", "-vx" }, { "unknown option '-x'", "--help" } },
	{ { "--slow=1" }, { "'--slow' takes no value" } },
	{ { "--verbose=1" }, { "'--verbose' takes no value" } },
	{ { "--jobs" }, { "'--jobs' needs a value: a number from 1 to 1000" } },
	{ { "--report" }, { "'--report' needs a value", "pretty, tap, tap14, junit" } },
	{ { "-j" }, { "'-j' needs a value: a number from 1 to 1000" } },
	{ { "-j", "0" }, { "--jobs cannot be '0'", "a number from 1 to 1000" } },
	{ { "-j", "1001" }, { "--jobs", "'1001'" } },
	{ { "-j", "-1" }, { "--jobs", "'-1'" } },
	{ { "-j", "+1" }, { "--jobs", "'+1'" } },
	{ { "-j", " 1" }, { "--jobs", "' 1'" } },
	{ { "-j", "1x" }, { "--jobs", "'1x'" } },
	{ { "-j", "0x1" }, { "--jobs", "'0x1'" } },
	{ { "-j", "" }, { "--jobs", "''" } },
	{ { "-j", "-" }, { "--jobs", "'-'" } },
	{ { "-j", "99999999999999999999" }, { "--jobs", "'99999999999999999999'" } },
	{ { "--family", "" }, { "--family", "''" } },
	{ { "--family", "ipx" }, { "--family cannot be 'ipx'", "inet, inet6, unix and any" } },
	{ { "--family", "INET" }, { "--family", "'INET'" } },
	{ { "--family", "inet," }, { "--family", "'inet,'" } },
	{ { "--family", ",inet" }, { "--family", "',inet'" } },
	{ { "--family", "inet,,unix" }, { "--family", "'inet,,unix'" } },
	{ { "--family", "inet unix" }, { "--family", "'inet unix'" } },
	{ { "--family", "averylongwordthatnofamilyis" }, { "--family" } },
	{ { "--exclude", "" }, { "--exclude cannot be ''", "it is empty" } },
	{ { "--exclude", "a[" }, { "--exclude cannot be 'a['", "an open [" } },
	{ { "--repeat", "0" }, { "--repeat cannot be '0'", "from 1 to 1000000" } },
	{ { "--repeat", "1000001" }, { "--repeat", "'1000001'" } },
	{ { "--shuffle=0" }, { "--shuffle cannot be '0'", "a seed from 1 to" } },
	{ { "--shuffle=" }, { "--shuffle", "''" } },
	{ { "--shuffle=x" }, { "--shuffle", "'x'" } },
	{ { "--shuffle=9223372036854775808" }, { "--shuffle", "'9223372036854775808'" } },
	{ { "--shard", "" }, { "--shard", "''" } },
	{ { "--shard", "1" }, { "--shard cannot be '1'", "I/N, 1 <= I <= N" } },
	{ { "--shard", "0/3" }, { "--shard", "'0/3'" } },
	{ { "--shard", "4/3" }, { "--shard", "'4/3'" } },
	{ { "--shard", "1/0" }, { "--shard", "'1/0'" } },
	{ { "--shard", "/3" }, { "--shard", "'/3'" } },
	{ { "--shard", "1/" }, { "--shard", "'1/'" } },
	{ { "--shard", "1/2/3" }, { "--shard", "'1/2/3'" } },
	{ { "--shard", "-1/3" }, { "--shard", "'-1/3'" } },
	{ { "--shard", "1/100001" }, { "--shard", "'1/100001'" } },
	{ { "--shard", "00000000000000000001/3" }, { "--shard" } },
	{ { "--retries", "-1" }, { "--retries", "'-1'" } },
	{ { "--retries", "101" }, { "--retries cannot be '101'", "from 0 to 100" } },
	{ { "--max-wait", "-1" },
	  { "--max-wait cannot be '-1'", "milliseconds from 0 to 3600000" } },
	{ { "--max-wait", "3600001" }, { "--max-wait", "'3600001'" } },
	{ { "--stack", "" }, { "--stack", "''" } },
	{ { "--stack", "a b" }, { "--stack cannot be 'a b'", "NAME or NAME/VERSION" } },
	{ { "--stack", "/1" }, { "--stack", "'/1'" } },
	{ { "--stack", "a/" }, { "--stack", "'a/'" } },
	{ { "--stack", "a/b/c" }, { "--stack", "'a/b/c'" } },
	{ { "--stack", "a23456789012345678901234567890123" }, { "--stack" } },
	{ { "--timeout", "0" }, { "--timeout", "'0'" } },
	{ { "--timeout", "3600001" }, { "--timeout", "'3600001'" } },
	{ { "--timeout", "2s" }, { "--timeout cannot be '2s'", "milliseconds from 1 to 3600000" } },
	{ { "--timeout-multiplier", "0" },
	  { "--timeout-multiplier cannot be '0'", "from 0.01 to 1000" } },
	{ { "--timeout-multiplier", "0.001" }, { "--timeout-multiplier", "'0.001'" } },
	{ { "--timeout-multiplier", "1001" }, { "--timeout-multiplier", "'1001'" } },
	{ { "--timeout-multiplier", "-1" }, { "--timeout-multiplier", "'-1'" } },
	{ { "--timeout-multiplier", "nan" }, { "--timeout-multiplier", "'nan'" } },
	{ { "--timeout-multiplier", "inf" }, { "--timeout-multiplier", "'inf'" } },
	{ { "--timeout-multiplier", "2x" }, { "--timeout-multiplier", "'2x'" } },
	{ { "--timeout-multiplier", "" }, { "--timeout-multiplier", "''" } },
	{ { "--isolation", "vm" }, { "--isolation cannot be 'vm'", "auto, netns or none" } },
	{ { "--isolation", "" }, { "--isolation", "''" } },
	{ { "--here", "both" }, { "--here cannot be 'both'", "server or client" } },
	{ { "--color", "yes" }, { "--color cannot be 'yes'", "auto, always or never" } },
	{ { "--pcap", "some" }, { "--pcap cannot be 'some'", "never, fail or always" } },
	{ { "--trace", "calls" }, { "--trace cannot be 'calls'", "never, fail or always" } },
	{ { "--report", "xml" }, { "--report cannot be 'xml'", "pretty, tap, tap14, junit" } },
	{ { "--report", "" }, { "--report cannot be ''", "pretty, tap, tap14, junit" } },
	{ { "--expect=" }, { "--expect cannot be ''", "a FILE" } },
	{ { "--pcap" }, { "'--pcap' needs a value: never, fail or always" } },
	{ { "--pcap=fail", "--pcap-dir=" }, { "--pcap-dir", "''" } },
	{ { "" }, { "glob ''", "empty" } },
	{ { "recv_[" }, { "glob 'recv_['", "open [" } },
	{ { "good", "bad\\" }, { "glob 'bad\\'", "backslash" } },
	/* Refused together. */
	{ { "--expect-update" }, { "--expect-update needs --expect" } },
	{ { "--until-fail", "--repeat", "2" }, { "--until-fail", "--repeat" } },
	{ { "--until-fail", "--retries", "1" }, { "--until-fail", "--retries" } },
	{ { "--repeat", "2", "--retries", "1" }, { "--repeat", "--retries" } },
	{ { "--pcap-dir", "d" }, { "--pcap-dir needs --pcap" } },
	{ { "--pcap-dir=d", "--pcap=never" }, { "--pcap-dir needs --pcap" } },
	{ { "--pcap=fail", "--isolation=none" }, { "--pcap", "--isolation none" } },
	{ { "--pcap=always", "--here=client" }, { "--pcap", "--here" } },
	{ { "--expect", "f", "--expect-update", "--until-fail" },
	  { "--expect-update", "--until-fail" } },
};

Test(run_options, bad)
{
	for (size_t i = 0; i < sizeof bads / sizeof *bads; i++)
		expect_refusal(bads[i].args, bads[i].parts);
}

/* ---- Too many ---- */

static void expect_limit(const char *option, int limit)
{
	for (int count = limit; count <= limit + 1; count++) {
		struct line line = line_of((const char *const[ARGS_MAX]){ NULL });
		struct run_options options;
		char *error;
		for (int i = 0; i < count; i++)
			add_word(&line, option);
		int wanted = count == limit ? STATUS_EXPECTED : STATUS_USAGE;
		cr_expect_eq(parse(&line, &options, &error), wanted, "%d times %s: %s", count,
			     option, error);
		free(error);
	}
}

Test(run_options, limits)
{
	expect_limit("--report=tap", REPORTS_MAX);
	expect_limit("--exclude=a", GLOBS_MAX);
	expect_limit("glob", GLOBS_MAX);
}

/* ---- The environment ---- */

static const struct {
	const char *name;
	const char *variables[4]; /* NAME=VALUE */
	const char *args[ARGS_MAX];
	const char *text; /* NULL: refused */
} environments[] = {
	{ "Bazel", { "TEST_TOTAL_SHARDS=4", "TEST_SHARD_INDEX=0" }, { NULL }, "shards=4" },
	{ "Bazel's last",
	  { "TEST_TOTAL_SHARDS=4", "TEST_SHARD_INDEX=3", "TEST_SHARD_STATUS_FILE=/a/b" },
	  { NULL },
	  "shard=4 shards=4 status_file=/a/b" },
	{ "gtest",
	  { "GTEST_TOTAL_SHARDS=3", "GTEST_SHARD_INDEX=1", "GTEST_SHARD_STATUS_FILE=s" },
	  { NULL },
	  "shard=2 shards=3 status_file=s" },
	{ "one shard", { "TEST_TOTAL_SHARDS=1", "TEST_SHARD_INDEX=0" }, { NULL }, "" },
	{ "Bazel before gtest",
	  { "TEST_TOTAL_SHARDS=4", "TEST_SHARD_INDEX=1", "GTEST_TOTAL_SHARDS=3",
	    "GTEST_SHARD_INDEX=0" },
	  { NULL },
	  "shard=2 shards=4" },
	{ "the command line before all",
	  { "TEST_TOTAL_SHARDS=4", "TEST_SHARD_INDEX=1" },
	  { "--shard=5/6" },
	  "shard=5 shards=6" },
	{ "a status file alone", { "TEST_SHARD_STATUS_FILE=/a/b" }, { NULL }, "" },
	{ "behind the last", { "TEST_TOTAL_SHARDS=4", "TEST_SHARD_INDEX=4" }, { NULL }, NULL },
	{ "negative", { "TEST_TOTAL_SHARDS=4", "TEST_SHARD_INDEX=-1" }, { NULL }, NULL },
	{ "no shards", { "TEST_TOTAL_SHARDS=0", "TEST_SHARD_INDEX=0" }, { NULL }, NULL },
	{ "no number", { "TEST_TOTAL_SHARDS=4", "TEST_SHARD_INDEX=x" }, { NULL }, NULL },
	{ "no index", { "TEST_TOTAL_SHARDS=4" }, { NULL }, NULL },
	{ "no total", { "GTEST_SHARD_INDEX=0" }, { NULL }, NULL },
	{ "no index of gtest's beside Bazel's",
	  { "GTEST_TOTAL_SHARDS=4", "TEST_TOTAL_SHARDS=4", "TEST_SHARD_INDEX=1" },
	  { NULL },
	  NULL },
	{ "empty", { "GTEST_TOTAL_SHARDS=", "GTEST_SHARD_INDEX=0" }, { NULL }, NULL },
};

static void set_variables(const char *const variables[4])
{
	clear_environment();
	for (int i = 0; i < 4 && variables[i]; i++) {
		size_t n = strcspn(variables[i], "=");
		char *name = must_format("%.*s", (int)n, variables[i]);
		cr_assert_eq(setenv(name, variables[i] + n + 1, 1), 0);
		free(name);
	}
}

/* The line names both variables of a pair. */
static void expect_refused_variables(const char *name)
{
	struct line line = line_of((const char *const[ARGS_MAX]){ NULL });
	struct run_options options;
	char *error;

	cr_expect_eq(parse(&line, &options, &error), STATUS_USAGE, "%s", name);
	cr_expect_not_null(strstr(error, "TEST_TOTAL_SHARDS"), "%s: %s", name, error);
	cr_expect_not_null(strstr(error, "TEST_SHARD_INDEX"), "%s: %s", name, error);
	free(error);
}

Test(run_options, shards_by_environment)
{
	for (size_t i = 0; i < sizeof environments / sizeof *environments; i++) {
		set_variables(environments[i].variables);
		if (environments[i].text)
			expect_options(environments[i].args, environments[i].text);
		else
			expect_refused_variables(environments[i].name);
	}
}

/* ---- What cli.c adds ---- */

static const struct {
	const char *text;
	long long min, max;
	bool good;
	long long number;
} numbers[] = {
	{ "0", 0, 0, true, 0 },
	{ "-5", -5, 5, true, -5 },
	{ "-6", -5, 5, false, 0 },
	{ "5", -5, 5, true, 5 },
	{ "6", -5, 5, false, 0 },
	{ "007", 0, 9, true, 7 },
	{ "9223372036854775807", 0, INT64_MAX, true, INT64_MAX },
	{ "9223372036854775808", 0, INT64_MAX, false, 0 },
	{ "-9223372036854775808", INT64_MIN, 0, true, INT64_MIN },
	{ "", 0, 9, false, 0 },
	{ "-", -9, 9, false, 0 },
	{ "--1", -9, 9, false, 0 },
	{ "- 1", -9, 9, false, 0 },
	{ "+1", 0, 9, false, 0 },
	{ " 1", 0, 9, false, 0 },
	{ "1 ", 0, 9, false, 0 },
	{ "1.0", 0, 9, false, 0 },
	{ "1e0", 0, 9, false, 0 },
};

Test(run_options, numbers)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		long long number = 0;
		bool good = parse_number(numbers[i].text, numbers[i].min, numbers[i].max, &number);
		cr_expect_eq(good, numbers[i].good, "'%s'", numbers[i].text);
		if (good)
			cr_expect_eq(number, numbers[i].number, "'%s': %lld", numbers[i].text,
				     number);
	}
}
