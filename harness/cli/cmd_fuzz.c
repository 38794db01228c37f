/* cmd_fuzz.c -- sockdrill fuzz: builds, runs and explains, for the project's parsers and anybody's.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/sources.h"
#include "fuzz/campaign.h"
#include "fuzz/child.h"
#include "fuzz/mutator.h"
#include "fuzz/programs.h"
#include "fuzz/triage.h"
#include "os/os.h"

/* REPLAY_SLOWER: a replay is a program started with sanitizers, of any machine's load: what is
 * given to an input of a fuzzer, times this, it is given. */
enum { RERUN = 5, SHRINK_RUNS = 400, JOBS_MAX = 64, REPLAY_SLOWER = 5 };

struct fuzz_options {
	struct fuzz_subject subject;
	enum fuzz_engine engine;
	struct campaign campaign; /* budget, seed, jobs; the rest is filled later */
	const char *seeds;        /* further inputs; NULL: none */
	const char *dictionary;
	const char *work;
	bool skips_broken_seeds, no_mutator, lists, quiet;
};

static const char *const engine_words[] = { "afl", "libfuzzer", NULL };

#define IN(member) FIELD(struct fuzz_options, member)
/* clang-format off */
static const struct option_row option_rows[] = {
	{ "time", 0, "S", "seconds to fuzz (60, unless --execs is given)",
	  OPTION_NUMBER(IN(campaign.seconds), 1, 10000000), .allowed = "seconds" },
	{ "execs", 0, "N", "runs of each fuzzer; with one job always the same",
	  OPTION_NUMBER(IN(campaign.execs), 1, INT64_MAX) },
	{ "seed", 0, "N", "of the fuzzers' choices (1)",
	  OPTION_NUMBER(IN(campaign.seed), 0, UINT32_MAX), .allowed = "a seed" },
	{ "jobs", 'j', "N", "fuzzers at once (1); the second learns compared values",
	  OPTION_NUMBER(IN(campaign.jobs), 1, JOBS_MAX) },
	{ "engine", 0, NULL, "the fuzzer (afl)",
	  OPTION_WORD(IN(engine), engine_words) },
	{ "until-crash", 0, NULL, "stop at the first crash",
	  OPTION_SWITCH(IN(campaign.until_crash)) },
	{ "skip-broken-seeds", 0, NULL, "leave out the seeds that break it already",
	  OPTION_SWITCH(IN(skips_broken_seeds)) },
	{ "timeout", 0, "MS", "one input that takes longer is a hang (1000)",
	  OPTION_NUMBER(IN(campaign.timeout_ms), 1, 600000), .allowed = "milliseconds" },
	{ "seeds", 0, "DIR", "further inputs to begin with",
	  OPTION_TEXT(IN(seeds)) },
	{ "dict", 0, "FILE", "words to put in",
	  OPTION_TEXT(IN(dictionary)) },
	{ "flags", 0, "WORDS", "further words for the compiler of FILE.c",
	  OPTION_ANY_TEXT(IN(subject.flags)) },
	{ "no-mutator", 0, NULL, "without the project's own mutations of lines",
	  OPTION_SWITCH(IN(no_mutator)) },
	{ "work", 0, "DIR", "builds and findings (build-fuzz)",
	  OPTION_TEXT(IN(work)) },
	{ "source", 0, "DIR", "the project's tree",
	  OPTION_TEXT(IN(subject.source)) },
	{ "list", 0, NULL, "names the targets",
	  OPTION_SWITCH(IN(lists)) },
	{ "quiet", 'q', NULL, "no progress",
	  OPTION_SWITCH(IN(quiet)) },
	{ 0 },
};
/* clang-format on */
#undef IN

/* ---- The command line ---- */

static bool is_name(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

	return n && !text[n] && !(*text >= '0' && *text <= '9');
}

static int take_operands(int argc, char **argv, struct fuzz_options *o)
{
	if (o->lists && argc == 0)
		return STATUS_EXPECTED;
	if (argc == 3 && !strcmp(argv[0], "parser")) {
		o->subject.file = argv[1];
		o->subject.name = argv[2];
		if (access(argv[1], R_OK))
			return usage_error(&command_fuzz, "cannot read %s: %s", argv[1],
					   strerror(errno));
	} else if (argc == 1) {
		o->subject.name = argv[0];
	} else {
		return usage_error(&command_fuzz, "give a TARGET, or parser FILE.c FUNCTION; "
						  "'sockdrill fuzz --list' names the targets");
	}
	if (!is_name(o->subject.name) || !strcmp(o->subject.name, "main"))
		return usage_error(&command_fuzz, "'%s' is no name of a function or target",
				   o->subject.name);
	return STATUS_EXPECTED;
}

static int parse_options(int argc, char **argv, struct fuzz_options *o)
{
	int first = options_read(&command_fuzz, argc, argv, o);

	if (first < 0)
		return STATUS_USAGE;
	if (!o->campaign.seconds && !o->campaign.execs)
		o->campaign.seconds = 60;
	return take_operands(argc - first, argv + first, o);
}

/* ---- Targets ---- */

/* The project's tree: this directory if it is one, else the one that the program was built from. */
static const char *find_source(const struct fuzz_options *o)
{
	if (o->subject.source)
		return o->subject.source;
	return access("fuzz/targets", F_OK) ? SOCKDRILL_SOURCE : ".";
}

static int list_targets(const char *source)
{
	struct dirent **entries;
	char *path = must_format("%s/fuzz/targets", source);
	int count = scandir(path, &entries, NULL, alphasort);

	if (count < 0) {
		usage_error(&command_fuzz,
			    "no targets in %s: give --source with the project's tree", path);
		free(path);
		return STATUS_USAGE;
	}
	for (int i = 0; i < count; i++) {
		size_t n = strlen(entries[i]->d_name);
		if (n > 2 && !strcmp(entries[i]->d_name + n - 2, ".c"))
			printf("%.*s\n", (int)n - 2, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	free(path);
	return finish_output(&command_fuzz, STATUS_EXPECTED);
}

static int check_target(const struct fuzz_subject *subject)
{
	char *tree = must_format("%s/fuzz/targets", subject->source);
	bool no_tree = access(tree, X_OK) != 0;

	free(tree);
	if (no_tree)
		return usage_error(&command_fuzz,
				   "no targets in %s/fuzz/targets: give --source with the "
				   "project's tree",
				   subject->source);
	char *path = must_format("%s/fuzz/targets/%s.c", subject->source, subject->name);
	bool there = !access(path, R_OK);

	free(path);
	if (there)
		return STATUS_EXPECTED;
	return usage_error(&command_fuzz,
			   "there is no target '%s': 'sockdrill fuzz --list' names them",
			   subject->name);
}

/* The text of fuzz/replay.c. */
static const char *replay_source(void)
{
	for (size_t i = 0; i < case_source_count; i++)
		if (!strcmp(case_sources[i].path, "fuzz/replay.c"))
			return case_sources[i].text;
	return "";
}

/* ---- Files ---- */

static bool copy_file(const char *from, const char *to)
{
	char bytes[65536];
	FILE *in = fopen(from, "re"), *out = in ? fopen(to, "we") : NULL;
	bool copied = out != NULL;

	for (size_t n; copied && (n = fread(bytes, 1, sizeof bytes, in)) > 0;)
		copied = fwrite(bytes, 1, n, out) == n;
	if (out && fclose(out))
		copied = false;
	if (in)
		fclose(in);
	return copied;
}

/* Copies the plain files of a directory to SEEDS/PREFIX-NAME; how many. *ret_error, unless it says
 * something already, tells of the first that could not be copied. */
static unsigned gather(const char *from, const char *prefix, const char *seeds, char **ret_error)
{
	struct dirent **entries;
	int count = scandir(from, &entries, NULL, alphasort);
	unsigned copied = 0;

	if (count < 0 && !*ret_error)
		*ret_error = must_format("cannot read seeds in %s: %s", from, strerror(errno));
	for (int i = 0; i < count; i++) {
		struct stat info;
		char *source = must_format("%s/%s", from, entries[i]->d_name);
		char *to = must_format("%s/%s-%s", seeds, prefix, entries[i]->d_name);
		if (!stat(source, &info) && S_ISREG(info.st_mode)) {
			if (copy_file(source, to))
				copied++;
			else if (!*ret_error)
				*ret_error = must_format("cannot copy %s to %s: %s", source, to,
							 strerror(errno));
		}
		free(source);
		free(to);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return copied;
}

/* A directory of this run alone: WORK/NAME.1, .2 ...; new memory, NULL with errno. */
static char *make_output(const char *work, const char *name)
{
	for (unsigned n = 1;; n++) {
		char *path = must_format("%s/%s.%u", work, name, n);
		if (!mkdir(path, 0777))
			return path;
		int err = errno;
		free(path);
		errno = err;
		if (err != EEXIST)
			return NULL;
	}
}

/* The project's own inputs of a target; a target may have none yet. */
static unsigned gather_own(const struct fuzz_subject *subject, const char *seeds, char **ret_error)
{
	static const char *const folders[] = { "corpus", "regress" };
	unsigned count = 0;

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		char *path =
			must_format("%s/fuzz/%s/%s", subject->source, folders[i], subject->name);
		if (!access(path, F_OK))
			count += gather(path, folders[i], seeds, ret_error);
		free(path);
	}
	return count;
}

/* One byte where there is no seed, as fuzzers want something. */
static void write_one_byte(const char *seeds, char **ret_error)
{
	char *path = must_format("%s/one-byte", seeds);
	FILE *file = fopen(path, "we");
	bool written = file && fputc('0', file) != EOF;

	if (file && fclose(file))
		written = false;
	if (!written)
		*ret_error = must_format("cannot write %s: %s", path, strerror(errno));
	free(path);
}

/* Seeds of the project and the user's. False: *ret_error. */
static bool make_seeds(const struct fuzz_options *o, const char *seeds, char **ret_error)
{
	unsigned count = 0, given = 0;

	*ret_error = NULL;
	if (mkdir(seeds, 0777)) {
		*ret_error = must_format("cannot make %s: %s", seeds, strerror(errno));
		return false;
	}
	if (!o->subject.file)
		count = gather_own(&o->subject, seeds, ret_error);
	if (o->seeds) {
		given = gather(o->seeds, "given", seeds, ret_error);
		if (!given && !*ret_error)
			*ret_error = must_format("no files in %s: --seeds wants some", o->seeds);
	}
	if (!*ret_error && !count && !given)
		write_one_byte(seeds, ret_error);
	return !*ret_error;
}

/* The project's dictionary of a target, when there is one; new memory or NULL. */
static char *find_dictionary(const struct fuzz_options *o)
{
	if (o->dictionary)
		return realpath(o->dictionary, NULL);
	if (o->subject.file)
		return NULL;
	char *path = must_format("%s/fuzz/dict/%s.dict", o->subject.source, o->subject.name);
	if (!access(path, R_OK))
		return path;
	free(path);
	return NULL;
}

/* ---- The run ---- */

struct taking {
	struct triage triage;
	struct findings findings;
};

static void take(void *context, const char *path, bool hang)
{
	struct taking *taking = context;

	triage_take(&taking->triage, &taking->findings, path, hang);
}

/* What the fuzzer let pass: its build does not tell of leaks. */
static void take_corpus(void *context, const char *directory)
{
	struct taking *taking = context;

	triage_check(&taking->triage, &taking->findings, taking->triage.replay, directory);
}

/* The last lines: what was done, and what came of it. */
static void print_summary(const struct fuzz_options *o, const struct campaign *campaign,
			  const struct campaign_figures *f, const struct findings *findings)
{
	printf("%s: %llu runs with seed %llu, corpus %u", o->subject.name, f->execs, campaign->seed,
	       f->corpus);
	if (f->stability > 0)
		printf(", stability %.4g%%", f->stability);
	if (f->crash_ms >= 0)
		printf(", first crash after %.1f s", (double)f->crash_ms / 1000);
	printf(": %zu cause%s of crashes or hangs", findings->count,
	       findings->count == 1 ? "" : "s");
	if (findings->vanished)
		printf("; %u inputs broke it once, and not again", findings->vanished);
	if (findings->vanished_hangs)
		printf("; %u inputs took too long once, and not again", findings->vanished_hangs);
	printf("\neverything is in %s\n", campaign->output);
}

/* Explains what was found. */
static int conclude(const struct fuzz_options *o, const struct campaign *campaign,
		    const struct campaign_figures *f, struct taking *taking)
{
	struct findings *findings = &taking->findings;
	char *error = NULL;
	bool written = triage_conclude(&taking->triage, findings, stdout, &error);

	print_summary(o, campaign, f, findings);
	if (!written) {
		harness_error(&command_fuzz, "%s", error);
		free(error);
		return STATUS_HARNESS;
	}
	return finish_output(&command_fuzz, findings->count || findings->vanished
						    ? STATUS_UNEXPECTED
						    : STATUS_EXPECTED);
}

/* With the replay, and with the fuzzer's build where that does not break. */
static unsigned check_both(const struct triage *triage, struct findings *findings,
			   const char *seeds)
{
	unsigned broken = triage_check(triage, findings, triage->replay, seeds);

	if (broken && !triage->drop_broken)
		return broken;
	return broken + triage_check(triage, findings, triage->fuzzer, seeds);
}

/* How many of the seeds break it; 0, too, when those were to be left out. */
static unsigned check_seeds(const struct fuzz_options *o, const struct campaign *campaign,
			    struct taking *taking)
{
	struct triage quick = taking->triage;
	struct findings skipped = { 0 };

	if (!o->skips_broken_seeds)
		return check_both(&taking->triage, &taking->findings, campaign->seeds);
	quick.rerun = 1;
	quick.drop_broken = true;
	unsigned broken = check_both(&quick, &skipped, campaign->seeds);
	if (broken)
		printf("%u of the seeds break it already and are left out\n", broken);
	taking->findings.stopped = skipped.stopped;
	if (skipped.error)
		taking->findings.error = must_copy(skipped.error);
	findings_finish(&skipped);
	return 0;
}

/* Fuzzers begin with inputs that work: those that do not are told of at once. */
static int fuzz_from_seeds(const struct fuzz_options *o, const struct campaign *campaign)
{
	struct taking taking = { .triage = { .replay = campaign->binaries->replay,
					     .fuzzer = campaign->binaries->fuzzer,
					     .output = campaign->output,
					     .timeout_ms = campaign->timeout_ms * REPLAY_SLOWER,
					     .rerun = RERUN,
					     .shrink_runs = SHRINK_RUNS } };
	struct campaign_figures figures = { .crash_ms = -1 };
	int status = STATUS_EXPECTED;
	char *error = NULL;

	unsigned broken = check_seeds(o, campaign, &taking);
	if (broken)
		printf("%u of the seeds break it already: nothing was fuzzed; "
		       "--skip-broken-seeds does without them\n",
		       broken);
	else if (taking.findings.error || taking.findings.stopped)
		; /* told below */
	else if (!campaign_run(campaign, &figures, &error))
		status = harness_error(&command_fuzz, "%s", error);
	if (!status) {
		campaign_findings(campaign, take, &taking);
		if (!broken && !figures.signo)
			campaign_corpora(campaign, take_corpus, &taking);
		status = conclude(o, campaign, &figures, &taking);
	}
	if (figures.signo)
		status = die_of_signal(figures.signo);
	findings_finish(&taking.findings);
	free(error);
	return status;
}

static int fuzz_with(const struct fuzz_options *o, const struct fuzz_binaries *binaries,
		     const char *mutator, const char *output)
{
	char *seeds = must_format("%s/seeds", output), *error = NULL;
	char *dictionary = find_dictionary(o);
	struct campaign campaign = o->campaign;
	int status;

	campaign.engine = o->engine;
	campaign.binaries = binaries;
	campaign.dictionary = dictionary;
	campaign.mutator = mutator;
	campaign.seeds = seeds;
	campaign.output = output;
	campaign.progress = o->quiet ? NULL : stderr;
	campaign.terminal = isatty(STDERR_FILENO);
	if (make_seeds(o, seeds, &error))
		status = fuzz_from_seeds(o, &campaign);
	else
		status = harness_error(&command_fuzz, "%s", error);
	free(error);
	free(dictionary);
	free(seeds);
	return status;
}

/* Builds it in the directory `work`, and fuzzes. */
static int build_and_fuzz(const struct fuzz_options *o, const char *work)
{
	struct fuzz_binaries binaries = { 0 };
	bool with_cmplog = o->engine == ENGINE_AFL && o->campaign.jobs > 1;
	char *error = NULL, *output = NULL, *mutator = NULL;
	int status;

	if (!fuzz_build(&o->subject, o->engine, with_cmplog, work, &binaries, &error))
		status = stop_pending() ? 0 : harness_error(&command_fuzz, "%s", error);
	else if (o->engine == ENGINE_AFL && !o->no_mutator &&
		 !(mutator = mutator_build(&o->subject, work, &error)) && error)
		status = stop_pending() ? 0 : harness_error(&command_fuzz, "%s", error);
	else if (!(output = make_output(work, o->subject.name)))
		status = harness_error(&command_fuzz, "cannot make a directory in %s: %s", work,
				       strerror(errno));
	else
		status = fuzz_with(o, &binaries, mutator, output);
	fuzz_binaries_finish(&binaries);
	free(error);
	free(output);
	free(mutator);
	return stop_pending() ? die_of_signal(stop_pending()) : status;
}

static int fuzz(const struct fuzz_options *o)
{
	if (o->engine == ENGINE_AFL && !program_exists("afl-fuzz"))
		return harness_error(&command_fuzz, "afl-fuzz is missing: install Debian's afl++, "
						    "or use --engine libfuzzer");
	if (mkdir(o->work, 0777) && errno != EEXIST)
		return harness_error(&command_fuzz, "cannot make %s: %s", o->work, strerror(errno));
	char *work = realpath(o->work, NULL);
	if (!work)
		return harness_error(&command_fuzz, "cannot use %s: %s", o->work, strerror(errno));
	int status = build_and_fuzz(o, work);
	free(work);
	return status;
}

static int run(int argc, char **argv)
{
	struct fuzz_options o = { .campaign = { .seed = 1, .jobs = 1, .timeout_ms = 1000 },
				  .work = "build-fuzz" };
	int status = parse_options(argc, argv, &o);

	if (status)
		return status;
	o.subject.source = find_source(&o);
	o.subject.replay = replay_source();
	if (o.lists)
		return list_targets(o.subject.source);
	status = o.subject.file ? STATUS_EXPECTED : check_target(&o.subject);
	if (status)
		return status;
	if (o.dictionary && access(o.dictionary, R_OK))
		return usage_error(&command_fuzz, "cannot read %s: %s", o.dictionary,
				   strerror(errno));
	signal(SIGPIPE, SIG_IGN);
	children_begin();
	return fuzz(&o);
}

const struct command command_fuzz = {
	.name = "fuzz",
	.usage = "TARGET | parser FILE.c FUNCTION",
	.summary = "fuzz a parser with AFL++ or libFuzzer, and explain what breaks it",
	.about = "TARGET is one of the project's (--list). FUNCTION takes (const uint8_t *,\n"
		 "size_t) and is defined in FILE.c, static or not; a main() there does no harm.\n",
	.options = option_rows,
	.help = "Each crash is run again five times, grouped by its cause, made small, and\n"
		"printed with stack, bytes and the command that replays it.\n"
		"\n"
		"status: 0 nothing broke, 1 something did, 2 usage, 3 it could not be built\n"
		"example: sockdrill fuzz parser my_parser.c parse_header --time 30\n",
	.run = run,
};
