/* run_options.c -- reads the command line of `run` and the sharding variables of Bazel and gtest.
 */
#include "cli/run_options.h"

#include "reports/report.h"

enum { MS_MAX = 3600000, SHARDS_MAX = 100000 };

static bool parse_unsigned(const char *text, unsigned min, unsigned max, unsigned *ret_number)
{
	long long number;

	if (!parse_number(text, min, max, &number))
		return false;
	*ret_number = (unsigned)number;
	return true;
}

/* ---- What is read in a way of its own ---- */

static enum option_outcome take_families(const struct option_row *row, const char *text,
					 void *options)
{
	struct run_options *o = options;
	char name[16];
	unsigned families = 0;

	(void)row;
	while (*text) {
		size_t n = strcspn(text, ",");
		if (!n || n >= sizeof name)
			return OPTION_REFUSED;
		snprintf(name, sizeof name, "%.*s", (int)n, text);
		enum family family = family_of_name(name);
		if (!family)
			return OPTION_REFUSED;
		families |= family;
		text += n;
		if (*text == ',' && !*++text)
			return OPTION_REFUSED;
	}
	o->families = families;
	return families ? OPTION_TAKEN : OPTION_REFUSED;
}

static enum option_outcome take_shard(const struct option_row *row, const char *text, void *options)
{
	struct run_options *o = options;
	char first[16];
	const char *slash = strchr(text, '/');

	(void)row;
	if (!slash || slash - text >= (long)sizeof first)
		return OPTION_REFUSED;
	snprintf(first, sizeof first, "%.*s", (int)(slash - text), text);
	bool taken = parse_unsigned(slash + 1, 1, SHARDS_MAX, &o->shards) &&
		     parse_unsigned(first, 1, o->shards, &o->shard);
	return taken ? OPTION_TAKEN : OPTION_REFUSED;
}

/* "2", "0.5": as percent. */
static enum option_outcome take_multiplier(const struct option_row *row, const char *text,
					   void *options)
{
	struct run_options *o = options;
	char *end;

	(void)row;
	if (*text < '0' || *text > '9')
		return OPTION_REFUSED;
	double number = strtod(text, &end);
	if (*end || !(number >= 0.01 && number <= 1000))
		return OPTION_REFUSED;
	o->stretch_percent = (unsigned)(number * 100 + 0.5);
	return OPTION_TAKEN;
}

static enum option_outcome take_seed(const struct option_row *row, const char *text, void *options)
{
	struct run_options *o = options;

	o->shuffle = true;
	return text ? option_number(row, text, options) : OPTION_TAKEN;
}

static enum option_outcome take_here(const struct option_row *row, const char *text, void *options)
{
	struct run_options *o = options;

	o->has_here = true;
	return option_word(row, text, options);
}

/* Of letters, digits and -._+: what baselines and file names can hold. */
static enum option_outcome take_stack(const struct option_row *row, const char *text, void *options)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789-._+";
	struct run_options *o = options;
	size_t name = strspn(text, characters);

	(void)row;
	if (!name || name > 31)
		return OPTION_REFUSED;
	if (text[name]) {
		size_t version = text[name] == '/' ? strspn(text + name + 1, characters) : 0;
		if (!version || version > 31 || text[name + 1 + version])
			return OPTION_REFUSED;
	}
	o->stack = text;
	return OPTION_TAKEN;
}

/* FORMAT or FORMAT:FILE; whether FILE can be written is found when it is opened. */
static enum option_outcome take_report(const struct option_row *row, const char *text,
				       void *options)
{
	char name[16];
	size_t n = strcspn(text, ":");

	if (n >= sizeof name)
		return OPTION_REFUSED;
	snprintf(name, sizeof name, "%.*s", (int)n, text);
	return format_find(name) ? option_list(row, text, options) : OPTION_REFUSED;
}

/* ---- The table ---- */

static const char *const isolation_words[] = { "auto", "netns", "none", NULL };
static const char *const keep_words[] = { "never", "fail", "always", NULL };
static const char *const side_words[] = { "server", "client", NULL };

#define IN(member) FIELD(struct run_options, member)
/* clang-format off */
const struct option_row run_option_rows[] = {
	{ .help = "selection" },
	{ "family", 0, "F[,F]", "%s",
	  .read = take_families, .allowed = "inet, inet6, unix and any, with commas between" },
	{ "exclude", 0, "GLOB", "leave these out; may be repeated",
	  OPTION_LIST(struct run_options, exclude, exclude_count), .check = glob_error },
	{ "slow", 0, NULL, "also the cases that wait longer than 4 s",
	  OPTION_SWITCH(IN(slow)) },
	{ "max-wait", 0, "MS", "only cases that wait no longer by design (0: none)",
	  OPTION_NUMBER(IN(max_wait_ms), 0, MS_MAX), .allowed = "milliseconds" },
	{ "shard", 0, "I/N", "the I-th of N parts (or Bazel's, gtest's variables)",
	  .read = take_shard, .allowed = "I/N, 1 <= I <= N <= 100000" },
	{ "rerun-failed", 0, "FILE", "what a results file (jsonl) says was not as expected or not run",
	  OPTION_TEXT(IN(rerun_failed)) },
	{ .help = "how" },
	{ "jobs", 'j', "N", "at most N pairs at once",
	  OPTION_NUMBER(IN(jobs), 1, 1000) },
	{ "repeat", 0, "N", "N times each; a verdict that changes is flaky",
	  OPTION_NUMBER(IN(repeat), 1, 1000000) },
	{ "until-fail", 0, NULL, "again and again, until something is not as expected",
	  OPTION_SWITCH(IN(until_fail)) },
	{ "retries", 0, "N", "once more, up to N times, what is not good; passing then is called "
	  "flaky and does not change the status",
	  OPTION_NUMBER(IN(retries), 0, 100) },
	{ "shuffle", 0, "[=SEED]", "in random order; the seed is printed",
	  .read = take_seed, IN(seed), .min = 1, .max = INT64_MAX, .allowed = "a seed" },
	{ "fail-fast", 0, NULL, "stop at the first that is not as expected",
	  OPTION_SWITCH(IN(fail_fast)) },
	{ "timeout", 0, "MS", "a pair's limit beside its designed waits (2000)",
	  OPTION_NUMBER(IN(timeout_ms), 1, MS_MAX), .allowed = "milliseconds" },
	{ "timeout-multiplier", 0, "X", "stretch every upper limit of time",
	  .read = take_multiplier, .allowed = "a number from 0.01 to 1000" },
	{ "isolation", 0, NULL, "cases in networks of their own, or in the host's",
	  OPTION_WORD(IN(isolation), isolation_words) },
	{ "here", 0, NULL, "that role in this process, without a limit: for gdb",
	  .read = take_here, IN(here), .words = side_words },
	{ "keep", 0, NULL, "keep the directories of the pairs",
	  OPTION_SWITCH(IN(keep)) },
	{ "trace", 0, NULL, "keep the calls of cases not as expected, or of all",
	  OPTION_WORD(IN(trace), keep_words) },
	{ "disturb", 0, NULL, "run each case again and again, each time with one of its calls "
	  "disturbed, and print which never notice",
	  OPTION_SWITCH(IN(disturb)) },
	{ "pcap", 0, NULL, "keep the packets of cases not as expected, or of all",
	  OPTION_WORD(IN(pcap), keep_words) },
	{ "pcap-dir", 0, "DIR", "pcapng files go there, not in a new directory",
	  OPTION_TEXT(IN(pcap_dir)) },
	{ .help = "output" },
	{ "report", 0, "FORMAT[:FILE]", "%s; may be repeated",
	  .read = take_report, LIST_FIELD(struct run_options, reports, report_count),
	  .allowed_list = format_names },
	{ "expect", 0, "FILE", "known deviations: the baseline",
	  OPTION_TEXT(IN(expect)) },
	{ "expect-update", 0, NULL, "write it from what was seen",
	  OPTION_SWITCH(IN(expect_update)) },
	{ "stack", 0, "NAME[/VERSION]", "what is tested, where it is not this system's own",
	  .read = take_stack,
	  .allowed = "NAME or NAME/VERSION, of at most 31 letters, digits, - . _ + each" },
	{ "color", 0, NULL, "NO_COLOR is honoured",
	  OPTION_WORD(IN(color), color_words) },
	{ "verbose", 'v', NULL, "every case; twice: every observation",
	  OPTION_COUNTER(IN(verbosity)) },
	{ "quiet", 'q', NULL, "only the essence",
	  OPTION_SET(IN(verbosity), -1) },
	{ 0 },
};
/* clang-format on */
#undef IN

/* ---- The environment, and what goes together ---- */

/* Who shards by environment, and what is set: the number of shards, and which this is, from 0. */
struct shard_variables {
	const char *total, *index, *status_file;
};

static bool take_shard_variables(const struct command *command,
				 const struct shard_variables *variables, struct run_options *o)
{
	const char *total = getenv(variables->total);
	const char *index = getenv(variables->index);

	if (!total && !index)
		return true;
	if (!total || !index) {
		usage_error(command, "%s is set and %s is not: set both or neither",
			    total ? variables->total : variables->index,
			    total ? variables->index : variables->total);
		return false;
	}
	if (!parse_unsigned(total, 1, SHARDS_MAX, &o->shards) ||
	    !parse_unsigned(index, 0, o->shards - 1, &o->shard)) {
		usage_error(command,
			    "%s=%s and %s=%s name no shard: there are 1 to %d, which count from 0",
			    variables->index, index, variables->total, total, SHARDS_MAX);
		return false;
	}
	o->shard++;
	o->shard_status_file = getenv(variables->status_file);
	return true;
}

/* The first that is set wins; each that is set must make sense. */
static bool read_shard_variables(const struct command *command, struct run_options *o)
{
	static const struct shard_variables bazel = { "TEST_TOTAL_SHARDS", "TEST_SHARD_INDEX",
						      "TEST_SHARD_STATUS_FILE" };
	static const struct shard_variables gtest = { "GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX",
						      "GTEST_SHARD_STATUS_FILE" };

	return take_shard_variables(command, &gtest, o) && take_shard_variables(command, &bazel, o);
}

static int check_pcap(const struct command *command, const struct run_options *o)
{
	if (o->pcap_dir && o->pcap == KEEP_NEVER)
		return usage_error(command, "--pcap-dir needs --pcap fail or --pcap always");
	if (o->pcap == KEEP_NEVER)
		return STATUS_EXPECTED;
	if (o->isolation == ISOLATION_NONE)
		return usage_error(
			command, "--pcap does not go with --isolation none: in the host's network "
				 "the packets of others would be kept, too");
	if (o->has_here)
		return usage_error(command,
				   "--pcap does not go with --here: no keeper is there to capture");
	return STATUS_EXPECTED;
}

static int check_together(const struct command *command, const struct run_options *o)
{
	if (!globs_can_be_used(command, o->globs, o->glob_count))
		return STATUS_USAGE;
	if (o->glob_count > GLOBS_MAX)
		return usage_error(command, "more than %d globs", GLOBS_MAX);
	if (o->expect_update && !o->expect)
		return usage_error(command, "--expect-update needs --expect FILE");
	if (o->until_fail && (o->repeat > 1 || o->retries))
		return usage_error(command,
				   "--until-fail goes with neither --repeat nor --retries");
	if (o->repeat > 1 && o->retries)
		return usage_error(command, "--repeat shows what --retries would hide: use one");
	if (o->trace != KEEP_NEVER && o->has_here)
		return usage_error(command, "--trace does not go with --here: no keeper is there "
					    "to follow");
	if (o->disturb &&
	    (o->report_count || o->expect || o->repeat > 1 || o->retries || o->until_fail ||
	     o->has_here || o->trace || o->pcap || o->keep || o->fail_fast))
		return usage_error(command, "--disturb goes with none of --report, --expect, "
					    "--repeat, --retries, --until-fail, --here, --trace, "
					    "--pcap, --keep, --fail-fast: run these without it");
	if (o->expect_update && o->until_fail)
		return usage_error(command, "--expect-update does not go with --until-fail");
	return check_pcap(command, o);
}

int run_options_parse(const struct command *command, int argc, char **argv,
		      struct run_options *ret_options)
{
	struct run_options o = { .repeat = 1,
				 .shard = 1,
				 .shards = 1,
				 .max_wait_ms = -1,
				 .timeout_ms = 2000,
				 .stretch_percent = 100 };

	if (!read_shard_variables(command, &o))
		return STATUS_USAGE;
	int first = options_read(command, argc, argv, &o);
	if (first < 0)
		return STATUS_USAGE;
	o.globs = argv + first;
	o.glob_count = (size_t)(argc - first);
	int status = check_together(command, &o);
	*ret_options = o;
	return status;
}
