/* run_options.c -- reads the command line of `run` and the sharding variables of Bazel and gtest.
 */
#include "cli/run_options.h"

#include <getopt.h>

/* Numbers of options without a letter. */
enum {
	OPT_FAMILY = 256,
	OPT_EXCLUDE,
	OPT_REPEAT,
	OPT_UNTIL_FAIL,
	OPT_SHUFFLE,
	OPT_SHARD,
	OPT_RERUN_FAILED,
	OPT_RETRIES,
	OPT_FAIL_FAST,
	OPT_SLOW,
	OPT_MAX_WAIT,
	OPT_TIMEOUT,
	OPT_MULTIPLIER,
	OPT_EXPECT,
	OPT_EXPECT_UPDATE,
	OPT_ISOLATION,
	OPT_HERE,
	OPT_KEEP,
	OPT_PCAP,
	OPT_PCAP_DIR,
	OPT_STACK,
	OPT_TRACE,
	OPT_DISTURB,
	OPT_COLOR,
	OPT_REPORT
};

static const struct option long_options[] = {
	{ "jobs", required_argument, NULL, 'j' },
	{ "report", required_argument, NULL, OPT_REPORT },
	{ "family", required_argument, NULL, OPT_FAMILY },
	{ "exclude", required_argument, NULL, OPT_EXCLUDE },
	{ "repeat", required_argument, NULL, OPT_REPEAT },
	{ "until-fail", no_argument, NULL, OPT_UNTIL_FAIL },
	{ "shuffle", optional_argument, NULL, OPT_SHUFFLE },
	{ "shard", required_argument, NULL, OPT_SHARD },
	{ "rerun-failed", required_argument, NULL, OPT_RERUN_FAILED },
	{ "retries", required_argument, NULL, OPT_RETRIES },
	{ "fail-fast", no_argument, NULL, OPT_FAIL_FAST },
	{ "slow", no_argument, NULL, OPT_SLOW },
	{ "max-wait", required_argument, NULL, OPT_MAX_WAIT },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "timeout-multiplier", required_argument, NULL, OPT_MULTIPLIER },
	{ "expect", required_argument, NULL, OPT_EXPECT },
	{ "expect-update", no_argument, NULL, OPT_EXPECT_UPDATE },
	{ "isolation", required_argument, NULL, OPT_ISOLATION },
	{ "here", required_argument, NULL, OPT_HERE },
	{ "keep", no_argument, NULL, OPT_KEEP },
	{ "pcap", required_argument, NULL, OPT_PCAP },
	{ "pcap-dir", required_argument, NULL, OPT_PCAP_DIR },
	{ "stack", required_argument, NULL, OPT_STACK },
	{ "trace", required_argument, NULL, OPT_TRACE },
	{ "disturb", no_argument, NULL, OPT_DISTURB },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "verbose", no_argument, NULL, 'v' },
	{ "quiet", no_argument, NULL, 'q' },
	{ 0 },
};

/* One of `words` (ended by NULL) as its index; false when text is none of them. */
static bool parse_word(const char *text, const char *const *words, int *ret_index)
{
	for (int i = 0; words[i]; i++) {
		if (strcmp(text, words[i]) != 0)
			continue;
		*ret_index = i;
		return true;
	}
	return false;
}

static bool parse_unsigned(const char *text, unsigned min, unsigned max, unsigned *ret_number)
{
	long long number;

	if (!parse_number(text, min, max, &number))
		return false;
	*ret_number = (unsigned)number;
	return true;
}

static bool parse_families(const char *text, unsigned *ret_families)
{
	char name[16];
	unsigned families = 0;

	while (*text) {
		size_t n = strcspn(text, ",");
		if (!n || n >= sizeof name)
			return false;
		snprintf(name, sizeof name, "%.*s", (int)n, text);
		enum family family = family_of_name(name);
		if (!family)
			return false;
		families |= family;
		text += n;
		if (*text == ',' && !*++text)
			return false;
	}
	*ret_families = families;
	return families != 0;
}

static bool parse_shard(const char *text, struct run_options *o)
{
	char first[16];
	const char *slash = strchr(text, '/');

	if (!slash || slash - text >= (long)sizeof first)
		return false;
	snprintf(first, sizeof first, "%.*s", (int)(slash - text), text);
	return parse_unsigned(slash + 1, 1, 100000, &o->shards) &&
	       parse_unsigned(first, 1, o->shards, &o->shard);
}

/* "2", "0.5": from 0.01 to 1000, as percent. */
static bool parse_multiplier(const char *text, unsigned *ret_percent)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	double number = strtod(text, &end);
	if (*end || !(number >= 0.01 && number <= 1000))
		return false;
	*ret_percent = (unsigned)(number * 100 + 0.5);
	return true;
}

static bool parse_seed(const char *text, struct run_options *o)
{
	long long seed;

	o->shuffle = true;
	if (!text)
		return true;
	if (!parse_number(text, 1, INT64_MAX, &seed))
		return false;
	o->seed = (unsigned long long)seed;
	return true;
}

/* NAME or NAME/VERSION of letters, digits and -._+: what baselines and file names can hold. */
static bool parse_stack(const char *text, struct run_options *o)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-._+";
	size_t name = strspn(text, allowed);

	if (!name || name > 31)
		return false;
	if (text[name]) {
		size_t version = text[name] == '/' ? strspn(text + name + 1, allowed) : 0;
		if (!version || version > 31 || text[name + 1 + version])
			return false;
	}
	o->stack = text;
	return true;
}

static const char *const *words_of(int opt)
{
	static const char *const isolations[] = { "auto", "netns", "none", NULL };
	static const char *const keeps[] = { "never", "fail", "always", NULL };
	static const char *const colors[] = { "auto", "always", "never", NULL };
	static const char *const sides[] = { "server", "client", NULL };

	switch (opt) {
	case OPT_ISOLATION:
		return isolations;
	case OPT_COLOR:
		return colors;
	case OPT_HERE:
		return sides;
	default:
		return keeps;
	}
}

/* Takes an option with a list of words; false when its argument is none of them. */
static bool take_word(int opt, struct run_options *o)
{
	int index;

	if (!parse_word(optarg, words_of(opt), &index))
		return false;
	if (opt == OPT_ISOLATION)
		o->isolation = (enum isolation)index;
	else if (opt == OPT_COLOR)
		o->color = (enum color)index;
	else if (opt == OPT_PCAP)
		o->pcap = (enum keep_of)index;
	else if (opt == OPT_TRACE)
		o->trace = (enum keep_of)index;
	else
		o->here = (enum who)index;
	o->has_here |= opt == OPT_HERE;
	return true;
}

/* Takes an option whose argument has to be read; false when it cannot be. */
static bool take_value(int opt, struct run_options *o)
{
	switch (opt) {
	case 'j':
		return parse_unsigned(optarg, 1, 1000, &o->jobs);
	case OPT_FAMILY:
		return parse_families(optarg, &o->families);
	case OPT_REPEAT:
		return parse_unsigned(optarg, 1, 1000000, &o->repeat);
	case OPT_RETRIES:
		return parse_unsigned(optarg, 0, 100, &o->retries);
	case OPT_SHUFFLE:
		return parse_seed(optarg, o);
	case OPT_SHARD:
		return parse_shard(optarg, o);
	case OPT_MAX_WAIT:
		return parse_number(optarg, 0, 3600000, &o->max_wait_ms);
	case OPT_TIMEOUT:
		return parse_unsigned(optarg, 1, 3600000, &o->timeout_ms);
	case OPT_MULTIPLIER:
		return parse_multiplier(optarg, &o->stretch_percent);
	case OPT_STACK:
		return parse_stack(optarg, o);
	case OPT_PCAP_DIR:
		o->pcap_dir = optarg;
		return *optarg != '\0';
	case OPT_EXCLUDE:
		if (glob_error(optarg) || o->exclude_count == GLOBS_MAX)
			return false;
		o->exclude[o->exclude_count++] = optarg;
		return true;
	case OPT_REPORT:
		if (o->report_count == REPORTS_MAX)
			return false;
		o->reports[o->report_count++] = optarg;
		return true;
	default:
		return take_word(opt, o);
	}
}

/* Takes a switch or a plain text; false when opt is neither. */
static bool take_plain(int opt, struct run_options *o)
{
	switch (opt) {
	case OPT_UNTIL_FAIL:
		o->until_fail = true;
		return true;
	case OPT_FAIL_FAST:
		o->fail_fast = true;
		return true;
	case OPT_SLOW:
		o->slow = true;
		return true;
	case OPT_KEEP:
		o->keep = true;
		return true;
	case OPT_DISTURB:
		o->disturb = true;
		return true;
	case OPT_EXPECT_UPDATE:
		o->expect_update = true;
		return true;
	case OPT_RERUN_FAILED:
		o->rerun_failed = optarg;
		return true;
	case OPT_EXPECT:
		o->expect = optarg;
		return true;
	case 'v':
		o->verbosity++;
		return true;
	case 'q':
		o->verbosity = -1;
		return true;
	default:
		return false;
	}
}

static const char *option_name(int opt)
{
	for (const struct option *one = long_options; one->name; one++)
		if (one->val == opt)
			return one->name;
	return "?";
}

/* What getopt_long() gave '?' for; word is its last. Of options it knows it says so for a value
 * behind "=" only. */
static int refuse_option(const struct command *command, const char *word)
{
	const char letter[] = { '-', (char)optopt, '\0' };

	if (optopt && *option_name(optopt) != '?')
		return usage_error(command, "option '--%s' takes no value", option_name(optopt));
	return usage_error(command, "unknown option '%s': 'sockdrill run --help' lists them",
			   optopt ? letter : word);
}

/* Bazel and gtest say by environment which shard this is; 0-based. */
static bool read_shard_variables(const struct command *command, struct run_options *o)
{
	static const struct {
		const char *total, *index, *status;
	} systems[] = {
		{ "TEST_TOTAL_SHARDS", "TEST_SHARD_INDEX", "TEST_SHARD_STATUS_FILE" },
		{ "GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX", "GTEST_SHARD_STATUS_FILE" },
	};

	for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
		const char *total = getenv(systems[i].total);
		const char *index = getenv(systems[i].index);
		if (!total || !index)
			continue;
		if (!parse_unsigned(total, 1, 100000, &o->shards) ||
		    !parse_unsigned(index, 0, o->shards - 1, &o->shard)) {
			usage_error(command, "%s=%s and %s=%s name no shard", systems[i].index,
				    index, systems[i].total, total);
			return false;
		}
		o->shard++;
		o->shard_status_file = getenv(systems[i].status);
		return true;
	}
	return true;
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
	for (size_t i = 0; i < o->glob_count; i++)
		if (glob_error(o->globs[i]))
			return usage_error(command, "cannot use the glob '%s': %s", o->globs[i],
					   glob_error(o->globs[i]));
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
	int opt;

	if (!read_shard_variables(command, &o))
		return STATUS_USAGE;
	opterr = 0;
	optind = 0; /* getopt_long() forgets where it was within a word, too */
	while ((opt = getopt_long(argc, argv, ":j:vq", long_options, NULL)) != -1) {
		if (opt == '?')
			return refuse_option(command, argv[optind - 1]);
		if (opt == ':')
			return usage_error(command, "option '%s' needs a value", argv[optind - 1]);
		if (!take_plain(opt, &o) && !take_value(opt, &o))
			return usage_error(command,
					   "--%s cannot be '%s': see 'sockdrill run --help'",
					   option_name(opt), optarg ? optarg : "");
	}
	o.globs = argv + optind;
	o.glob_count = (size_t)(argc - optind);
	int status = check_together(command, &o);
	*ret_options = o;
	return status;
}
