/* cmd_run.c -- sockdrill run: selects cases, runs them in pairs, reports, and sets the status. */
#include <sys/time.h>

#include "base/random.h"
#include "cli/cli.h"
#include "cli/consumer.h"
#include "cli/pcap_files.h"
#include "cli/progress.h"
#include "cli/run_disturb.h"
#include "cli/run_options.h"
#include "cli/suggest_cases.h"
#include "engine/baseline_update.h"
#include "engine/schedule.h"
#include "engine/tally.h"
#include "engine/world.h"
#include "ladder/ladder.h"
#include "os/os.h"
#include "reports/read.h"
#include "reports/report.h"
#include "reports/rerun.h"
#include "trace/tracer.h"

/* Everything of one `run`, from the options to the counts. */
struct session {
	struct run_options options;
	struct os_facts os;
	struct abilities abilities;
	struct run_facts facts;
	struct plan plan;
	struct baseline baseline, updated; /* as it is read, and as it is written */
	struct baseline_update seen;
	char **only; /* names of --rerun-failed */
	size_t only_count;
	bool nothing_to_rerun;
	struct consumer consumer; /* of what comes of the cases */
	struct tally *tally;
	unsigned landed; /* instances told */
	struct progress progress;
	bool stop_at_unexpected;
	struct pcap_files *pcap; /* NULL: no packets are taken */
	char *kept;              /* --keep: the directory of the pairs' directories; NULL: none */
	bool ignored_pipe;       /* SIGPIPE was ignored before this program ran */
	int dies_of;             /* the signal by which the program ends after all; 0: none */
};

/* ---- Progress: on a terminal only, on standard error ---- */

/* The bar would mix with a report that says something of every case on the same terminal. */
static bool wants_progress(const struct session *s)
{
	if (s->options.verbosity != 0)
		return false;
	for (size_t i = 0; i < s->consumer.report_count; i++)
		if (!s->consumer.reports[i].file.path &&
		    s->consumer.reports[i].format != &format_pretty)
			return false;
	return true;
}

/* ---- Results as they come ---- */

/* One repetition. */
static bool expects(const struct session *s, const struct result *result)
{
	return baseline_expects(&s->baseline, result);
}

/* Of one repetition; the memory of its packets is needed for the next. */
static void keep_packets(struct session *s, size_t instance, struct result *result)
{
	char *error;

	if (s->pcap && !pcap_files_land(s->pcap, instance, expects(s, result), result, &error)) {
		progress_clear(&s->progress);
		harness_error(&command_run, "%s", error);
		free(error);
		s->consumer.output_failed = true;
	}
	result->packets = NULL;
}

/* Runs that all failed, but in several ways, are flaky, too. */
static bool was_good_once(const struct result *result)
{
	unsigned good = 0;

	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		good += verdict_is_good(v) ? result->runs_of[v] : 0;
	return result->verdict == VERDICT_FLAKY && good;
}

static void told(void *context, size_t instance, struct result *result)
{
	struct session *s = context;

	baseline_judge(&s->baseline, result);
	if (verdict_is_good(result->verdict) && !result->expected) {
		free(result->reason);
		result->reason = must_copy("as it should be, but the baseline expects otherwise");
	}
	/* Whoever asks for retries wants to hear of a flake, not to fail for it. */
	if (s->options.retries && was_good_once(result))
		result->expected = true;
	if (s->pcap)
		pcap_files_settle(s->pcap, instance, result);
	if (s->options.expect_update)
		baseline_note(&s->seen, result);
	if (s->options.trace == KEEP_FAIL && result->expected) {
		trace_log_destroy(result->calls);
		result->calls = NULL;
	}
	s->landed++;
	/* Rounds without end are not worth their good results. */
	bool shown = !s->options.until_fail || !result->expected;
	if (!result->expected)
		progress_clear(&s->progress);
	consumer_take(&s->consumer, result, shown);
	progress_draw(&s->progress, s->landed, s->plan.count, s->consumer.counts.unexpected);
}

static enum next_step landed(void *context, size_t instance, struct result *result)
{
	struct session *s = context;

	keep_packets(s, instance, result);
	bool again = tally_add(s->tally, instance, result);
	if (s->consumer.output_failed || (s->stop_at_unexpected && s->consumer.counts.unexpected))
		return STOP_RUN;
	return again ? RUN_AGAIN : GO_ON;
}

/* ---- Before the run ---- */

static unsigned long long choose_seed(const struct run_options *options)
{
	if (!options->shuffle || options->seed)
		return options->seed;
	return (unsigned long long)(os_now_us() ^ (int64_t)getpid() << 20) % 1000000 + 1;
}

/* The name of what is tested: as the user says, or the system's. */
static void describe_stack(struct session *s)
{
	struct run_facts *facts = &s->facts;
	const char *stack = s->options.stack;

	if (stack) {
		size_t name = strcspn(stack, "/");
		snprintf(facts->stack, sizeof facts->stack, "%.*s", (int)name, stack);
		snprintf(facts->stack_version, sizeof facts->stack_version, "%s",
			 stack[name] ? stack + name + 1 : "");
		return;
	}
	for (size_t i = 0; s->os.sysname[i] && i + 1 < sizeof facts->stack; i++)
		facts->stack[i] = (char)(s->os.sysname[i] | 0x20);
}

static void describe_run(struct session *s)
{
	const time_t now = time(NULL);
	struct tm utc;

	struct run_facts *facts = &s->facts;

	snprintf(facts->tool, sizeof facts->tool, "sockdrill %s", SOCKDRILL_VERSION);
	snprintf(facts->sysname, sizeof facts->sysname, "%s", s->os.sysname);
	snprintf(facts->release, sizeof facts->release, "%s", s->os.release);
	snprintf(facts->machine, sizeof facts->machine, "%s", s->os.machine);
	snprintf(facts->libc, sizeof facts->libc, "%s", s->os.libc);
	snprintf(facts->isolation, sizeof facts->isolation, "%s",
		 s->abilities.isolated ? "netns" : "none");
	describe_stack(s);
	if (gmtime_r(&now, &utc))
		strftime(facts->date, sizeof facts->date, "%Y-%m-%dT%H:%M:%SZ", &utc);
	facts->seed = choose_seed(&s->options);
	facts->shard = s->options.shard;
	facts->shards = s->options.shards;
	facts->timeout_ms = s->options.timeout_ms;
	facts->stretch_percent = s->options.stretch_percent;
	facts->until_fail = s->options.until_fail;
}

static struct selection selection_of(const struct run_options *o)
{
	return (struct selection){
		.include = { (const char *const *)o->globs, o->glob_count },
		.exclude = { o->exclude, o->exclude_count },
		.families = o->families,
		.slow = o->slow,
		.max_wait_ms = o->max_wait_ms,
		.shard = o->shard,
		.shards = o->shards,
	};
}

static void add_only(struct session *s, char *name)
{
	s->only = must_grow(s->only, s->only_count + 1, sizeof *s->only);
	s->only[s->only_count++] = name;
}

/* What is selected now in the shard of that run, and has no result, was not run. */
static void add_unrecorded(struct session *s, const struct rerun *rerun,
			   const struct rerun_killed *killed)
{
	struct selection selection = selection_of(&s->options);
	const char *unused;
	struct plan plan;

	selection.shard = killed->shard;
	selection.shards = killed->shards;
	plan_make(&all_cases, &selection, &plan, &unused);
	if (plan.count != killed->planned)
		fprintf(stderr,
			"sockdrill run: %s is of a killed run of %u case instances, and %zu are "
			"selected: what is among these and not in it is run; give the globs and "
			"options of that run\n",
			s->options.rerun_failed, killed->planned, plan.count);
	for (size_t i = 0; i < plan.count; i++) {
		char *name = must_format("%s/%s", plan.instances[i].entry->name,
					 family_name(plan.instances[i].family));
		if (rerun_has(rerun, name))
			free(name);
		else
			add_only(s, name);
	}
	free(plan.instances);
}

static int read_rerun(const struct command *command, struct session *s)
{
	const char *path = s->options.rerun_failed;
	struct rerun rerun;
	char *error;

	if (!rerun_read(path, &rerun, &error)) {
		usage_error(command, "%s", error);
		free(error);
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < rerun.count; i++)
		if (rerun.instances[i].again)
			add_only(s, must_copy(rerun.instances[i].name));
	for (size_t i = 0; i < rerun.killed_count; i++)
		add_unrecorded(s, &rerun, &rerun.killed[i]);
	s->nothing_to_rerun = !s->only_count;
	if (s->nothing_to_rerun)
		fprintf(stderr, "sockdrill run: nothing to rerun: all %zu were as expected in %s\n",
			rerun.count, path);
	rerun_finish(&rerun);
	return STATUS_EXPECTED;
}

static int select_cases(const struct command *command, struct session *s)
{
	struct selection selection = selection_of(&s->options);
	const char *unused;

	if (s->options.rerun_failed && read_rerun(command, s))
		return STATUS_USAGE;
	selection.only = (struct globs){ (const char *const *)s->only, s->only_count };
	selection.restrict_only = s->options.rerun_failed != NULL;
	plan_make(&all_cases, &selection, &s->plan, &unused);
	s->facts.planned = (unsigned)s->plan.count;
	if (unused)
		return refuse_glob(command, unused);
	/* The reports that are asked for are written, of nothing. */
	if (s->plan.before_sharding || s->nothing_to_rerun)
		return STATUS_EXPECTED;
	fputs("sockdrill run: nothing is selected: loosen the globs, --family, --exclude, "
	      "--max-wait or "
	      "--rerun-failed\n",
	      stderr);
	return STATUS_NOTHING;
}

static int find_abilities(const struct command *command, struct session *s)
{
	if (!abilities_probe(s->options.isolation, &s->abilities))
		return harness_error(command, "no isolation here: %s: %s%s--isolation none",
				     s->abilities.why_not, s->abilities.fix,
				     *s->abilities.fix ? ", or " : "");
	os_describe(&s->os);
	if (!s->options.trace && !s->options.disturb)
		return STATUS_EXPECTED;
	const char *why_not =
		s->abilities.threads ? "the roles are threads of one process" : tracer_why_not();
	if (why_not)
		return harness_error(command, "nothing can be traced here: %s", why_not);
	return STATUS_EXPECTED;
}

static int read_baseline(const struct command *command, struct session *s)
{
	const char *path = s->options.expect;
	char *error;

	if (!path)
		return STATUS_EXPECTED;
	/* An update may make the file. */
	const bool missing = access(path, F_OK) && errno == ENOENT;
	if (missing && s->options.expect_update)
		return STATUS_EXPECTED;
	if (missing)
		return usage_error(command, "no baseline %s: --expect-update makes it", path);
	if (baseline_read(path, &s->facts, &s->baseline, &error) &&
	    baseline_read(path, &s->facts, &s->updated, &error))
		return STATUS_EXPECTED;
	usage_error(command, "%s", error);
	free(error);
	return STATUS_USAGE;
}

static int open_reports(const struct command *command, struct session *s)
{
	const struct consumer_setting setting = {
		.command = command,
		.specs = s->options.reports,
		.spec_count = s->options.report_count,
		.verbosity = s->options.verbosity,
		.color = s->options.color,
		.ignored_pipe = s->ignored_pipe,
	};

	return consumer_open(&s->consumer, &setting);
}

static int make_kept(const struct command *command, struct session *s)
{
	const char *base = getenv("TMPDIR");

	if (!s->options.keep)
		return STATUS_EXPECTED;
	s->kept = must_format("%s/sockdrill.XXXXXX", base && *base ? base : "/tmp");
	if (mkdtemp(s->kept))
		return STATUS_EXPECTED;
	return harness_error(command, "cannot make %s: %s: set TMPDIR to a writable directory",
			     s->kept, strerror(errno));
}

static int find_pcap(const struct command *command, struct session *s)
{
	const struct pcap_setting setting = {
		.directory = s->options.pcap_dir,
		.instances = s->plan.count,
		.numbered = s->options.repeat > 1 || s->options.retries,
		.all = s->options.pcap == KEEP_ALWAYS,
		.os = &s->os,
	};
	char *error;

	if (s->options.pcap == KEEP_NEVER)
		return STATUS_EXPECTED;
	if (pcap_files_possible(&s->abilities, &error))
		s->pcap = pcap_files_create(&setting, &error);
	if (s->pcap)
		return STATUS_EXPECTED;
	harness_error(command, "%s", error);
	free(error);
	return STATUS_HARNESS;
}

static void touch_shard_status(const struct run_options *options)
{
	if (!options->shard_status_file)
		return;
	FILE *file = fopen(options->shard_status_file, "we");
	if (file)
		fclose(file);
}

/* ---- The run ---- */

static struct schedule_setting schedule_setting_of(const struct session *s, uint64_t shuffle)
{
	return (struct schedule_setting){
		.abilities = &s->abilities,
		.facts = &s->os,
		.jobs = s->options.jobs,
		.repeat = s->options.repeat,
		.timeout_ms = s->options.timeout_ms,
		.stretch_percent = s->options.stretch_percent,
		.shuffle = shuffle,
		.tapped = s->pcap != NULL,
		.keep_in = s->kept,
		.traced = s->options.trace != KEEP_NEVER,
	};
}

/* ---- Signals while reports are written ---- */

static void ignore_once(int signo)
{
	(void)signo;
}

/* The scheduler has held them; the worlds are gone. Reports are to be written, too: so one signal
 * does not end that, and the next ends the program at once. After an interrupted run the one has
 * been, and what came with it counts as the same. */
static void let_next_signal_end(bool interrupted)
{
	static const int ends_run[] = { SIGINT, SIGTERM, SIGHUP };
	const struct sigaction once = { .sa_handler = ignore_once,
					.sa_flags = (int)SA_RESETHAND | SA_RESTART };
	struct sigaction old;
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof ends_run / sizeof *ends_run; i++) {
		sigaddset(&set, ends_run[i]);
		if (sigaction(ends_run[i], NULL, &old) || old.sa_handler == SIG_IGN)
			continue;
		if (!interrupted) {
			sigaction(ends_run[i], &once, NULL);
			continue;
		}
		signal(ends_run[i], SIG_IGN); /* forgets those that wait */
		signal(ends_run[i], SIG_DFL);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* ---- A run that ends before all of it has run ---- */

/* By what. The reason of those that did not run says the same. */
static struct end_of_run find_end(const struct session *s, const struct run_outcome *outcome)
{
	struct end_of_run end = { .cause = END_COMPLETE };
	const char *detail = "";

	if (outcome->end == RUN_INTERRUPTED) {
		end.cause = END_SIGNAL;
		detail = os_signal_name(outcome->signo);
	} else if (outcome->end == RUN_FAILED) {
		end.cause = END_FAILURE;
		detail = outcome->trouble;
	} else if (outcome->end == RUN_STOPPED && consumer_is_unread(&s->consumer)) {
		end.cause = END_SIGNAL;
		detail = os_signal_name(SIGPIPE);
	} else if (outcome->end == RUN_STOPPED && s->consumer.output_failed) {
		end.cause = END_FAILURE;
		detail = "a report cannot be written";
	} else if (outcome->end == RUN_STOPPED) {
		end.cause = END_OPTION;
		detail = s->options.fail_fast ? "--fail-fast" : "--until-fail";
	}
	snprintf(end.detail, sizeof end.detail, "%s", detail);
	return end;
}

static void report_not_run(struct session *s, size_t instance, const struct end_of_run *end)
{
	const struct instance *planned = &s->plan.instances[instance];
	struct result result = { .name = planned->entry->name,
				 .test = planned->entry->test,
				 .family = planned->family };
	char *reason = end->cause == END_FAILURE
			       ? must_format("the harness failed: %s", end->detail)
			       : must_format("%s ended the run", end->detail);

	result_call_not_run(&result, reason);
	told(s, instance, &result);
	result_finish(&result);
	free(reason);
}

/* What has run is reported as far as it came, then each instance that has not. Of --until-fail
 * another round has run all. */
static void settle(struct session *s, bool ran_before, const struct run_outcome *outcome)
{
	const struct end_of_run end = find_end(s, outcome);
	bool cut = tally_settle(s->tally) > 0;

	for (size_t i = 0; i < s->plan.count; i++) {
		if (tally_has(s->tally, i))
			continue;
		cut = true;
		if (!ran_before)
			report_not_run(s, i, &end);
	}
	/* The last one may have been what ended it; and a later round ended as it was meant to. */
	if (!cut || (ran_before && end.cause == END_OPTION))
		s->consumer.counts.end.cause = END_COMPLETE;
	else
		s->consumer.counts.end = end;
}

static void run_once(struct session *s, uint64_t shuffle, bool ran_before,
		     struct run_outcome *ret_outcome)
{
	const struct schedule_setting setting = schedule_setting_of(s, shuffle);

	if (s->pcap)
		pcap_files_restart(s->pcap);
	s->tally = tally_create(s->plan.count, s->options.repeat, s->options.retries, told, s);
	schedule_run(&s->plan, &setting, landed, s, ret_outcome);
	if (ret_outcome->end == RUN_INTERRUPTED)
		let_next_signal_end(true);
	settle(s, ran_before, ret_outcome);
	tally_destroy(s->tally);
	s->tally = NULL;
}

/* With --until-fail rounds follow each other; the counts are those of the last. */
static void run_rounds(struct session *s, struct run_outcome *ret_outcome)
{
	uint64_t shuffle = s->facts.seed;

	for (unsigned rounds = 0;; rounds++) {
		run_once(s, shuffle, rounds > 0, ret_outcome);
		if (!s->options.until_fail)
			return;
		if (ret_outcome->end != RUN_DONE || s->consumer.counts.unexpected) {
			progress_clear(&s->progress);
			fprintf(stderr, "sockdrill run: %u rounds were as expected\n", rounds);
			return;
		}
		shuffle = shuffle ? next_random(&shuffle) | 1 : 0;
		memset(&s->consumer.counts, 0, sizeof s->consumer.counts);
		s->landed = 0;
	}
}

static int update_baseline(const struct command *command, struct session *s)
{
	const struct baseline_changes changes = baseline_apply(&s->seen, &s->updated, &s->facts);
	const char *path = s->options.expect;
	char *error;

	if (baseline_write(&s->updated, path, &error)) {
		fprintf(stderr, "sockdrill run: %s: %u line%s added, %u changed, %u removed\n",
			path, changes.added, changes.added == 1 ? "" : "s", changes.changed,
			changes.removed);
		return STATUS_EXPECTED;
	}
	int status = harness_error(command, "%s", error);
	free(error);
	return status;
}

static int conclude(const struct command *command, struct session *s)
{
	int status = consumer_end(&s->consumer);

	if (status == 128 + SIGPIPE)
		s->dies_of = SIGPIPE;
	if (status == STATUS_HARNESS || s->dies_of)
		return status;
	if (s->options.expect_update)
		return update_baseline(command, s);
	if (s->options.expect && baseline_report_unused(&s->baseline, s->options.expect, stderr))
		return STATUS_UNEXPECTED;
	return status;
}

/* Reports say what was not run, and by what the run was interrupted. The program ends as others do
 * that the signal killed, after everything has been cleaned up. */
static int end_by_signal(struct session *s, int signo)
{
	unsigned ran = counts_all(&s->consumer.counts) - counts_not_run(&s->consumer.counts);

	consumer_end(&s->consumer);
	fprintf(stderr, "sockdrill run: interrupted by %s after %u of %zu\n", os_signal_name(signo),
		ran, s->plan.count);
	s->dies_of = signo;
	return 128 + signo;
}

static void finish_packets(const struct command *command, struct session *s)
{
	char *error;

	if (!pcap_files_finish(s->pcap, &error)) {
		harness_error(command, "%s", error);
		free(error);
		s->consumer.output_failed = true;
		return;
	}
	pcap_files_tell(s->pcap, stderr);
}

static int run_plan(const struct command *command, struct session *s)
{
	struct run_outcome outcome;
	int64_t start = os_now_us();

	/* From here on a signal is the scheduler's: reports that have begun get their end. */
	os_hold_signals();
	consumer_begin(&s->consumer, &s->facts);
	progress_begin(&s->progress, wants_progress(s) ? stderr : NULL);
	s->stop_at_unexpected = s->options.fail_fast || s->options.until_fail;
	run_rounds(s, &outcome);
	if (outcome.end != RUN_INTERRUPTED)
		let_next_signal_end(false);
	progress_clear(&s->progress);
	s->consumer.counts.ms = (double)(os_now_us() - start) / 1000;
	if (s->kept)
		fprintf(stderr, "sockdrill run: kept %s\n", s->kept);
	if (s->pcap)
		finish_packets(command, s);
	if (outcome.end == RUN_INTERRUPTED)
		return end_by_signal(s, outcome.signo);
	if (outcome.end == RUN_FAILED) {
		consumer_end(&s->consumer);
		return harness_error(command, "%s: 'sockdrill doctor' says what works here",
				     outcome.trouble);
	}
	return conclude(command, s);
}

/* ---- --disturb ---- */

static int run_disturbed(const struct command *command, struct session *s)
{
	const struct schedule_setting setting = schedule_setting_of(s, s->facts.seed);
	const struct run_options *o = &s->options;
	const bool whole = !o->glob_count && !o->exclude_count && !o->families && o->shards <= 1 &&
			   o->max_wait_ms < 0 && !o->rerun_failed;
	struct run_outcome outcome;

	/* It prints as it goes and writes no files: without a reader it can die at once. */
	if (!s->ignored_pipe)
		signal(SIGPIPE, SIG_DFL);
	int status = run_disturb(&s->plan, &setting, o->verbosity, whole, &outcome);
	if (outcome.end == RUN_INTERRUPTED) {
		fprintf(stderr, "sockdrill run: interrupted by %s\n",
			os_signal_name(outcome.signo));
		s->dies_of = outcome.signo;
		return 128 + outcome.signo;
	}
	if (outcome.end == RUN_FAILED)
		return harness_error(command, "%s: 'sockdrill doctor' says what works here",
				     outcome.trouble);
	return finish_output(command, status);
}

/* ---- --here: one role in this process, for a debugger ---- */

static int run_here(const struct command *command, struct session *s)
{
	struct result result = { 0 };
	struct record_bytes records[WHO_COUNT];

	if (s->plan.count != 1)
		return usage_error(command,
				   "--here needs one case instance, not %zu: give NAME/FAMILY",
				   s->plan.count);
	const struct instance *instance = &s->plan.instances[0];
	const char *unmet = needs_unmet(&s->abilities, instance->entry->test, instance->family);
	if (unmet) {
		fprintf(stderr, "sockdrill run: skipped: %s\n", unmet);
		return STATUS_SKIPPED;
	}
	struct stage *stage = stage_create(0);
	if (!stage)
		return harness_error(command, "cannot get memory: %s", strerror(errno));
	const struct order order = { .test = instance->entry->test, .family = instance->family };
	if (!world_run_here(&s->abilities, &order, s->options.here, stage))
		return harness_error(command, "cannot make a world: %s", strerror(errno));
	for (enum who who = 0; who < WHO_COUNT; who++)
		records[who] = stage_records(stage, who);
	judge(order.test, order.family, &s->os, &stage->ending, records, &result);
	result.name = instance->entry->name;
	result.family = instance->family;
	result.runs = 1;
	consumer_begin(&s->consumer, &s->facts);
	told(s, 0, &result);
	result_finish(&result);
	stage_destroy(stage);
	s->consumer.counts.end.cause = END_COMPLETE;
	return conclude(command, s);
}

static void session_finish(struct session *s)
{
	consumer_abandon(&s->consumer);
	baseline_finish(&s->baseline);
	baseline_finish(&s->updated);
	baseline_update_finish(&s->seen);
	free(s->plan.instances);
	for (size_t i = 0; i < s->only_count; i++)
		free(s->only[i]);
	free(s->only);
	free(s->kept);
	pcap_files_destroy(s->pcap);
}

static int prepare(const struct command *command, struct session *s, int argc, char **argv)
{
	int status = run_options_parse(command, argc, argv, &s->options);

	if (!status)
		status = select_cases(command, s);
	if (!status)
		status = find_abilities(command, s);
	if (status)
		return status;
	describe_run(s);
	if (s->options.disturb)
		return STATUS_EXPECTED;
	status = find_pcap(command, s);
	if (!status)
		status = read_baseline(command, s);
	if (!status)
		status = open_reports(command, s);
	if (!status && s->options.has_here)
		return STATUS_EXPECTED;
	if (!status)
		status = make_kept(command, s);
	return status;
}

static int run(int argc, char **argv)
{
	struct session s = { 0 };

	/* When the reader of standard output is gone all else is still to be cleaned up. */
	s.ignored_pipe = signal(SIGPIPE, SIG_IGN) == SIG_IGN;
	int status = prepare(&command_run, &s, argc, argv);
	if (!status) {
		touch_shard_status(&s.options);
		if (s.options.has_here)
			status = run_here(&command_run, &s);
		else if (s.options.disturb)
			status = run_disturbed(&command_run, &s);
		else
			status = run_plan(&command_run, &s);
	}
	session_finish(&s);
	return s.dies_of ? die_of_signal(s.dies_of) : status;
}

const struct command command_run = {
	.name = "run",
	.usage = "[GLOB...]",
	.summary = "run cases (all by default) in pairs of processes over loopback",
	.about = "GLOB is a case's name or NAME/FAMILY, with * ? [ ]; quote it.\n",
	.options = run_option_rows,
	.help = "status: 0 as expected, 1 not as expected, 2 usage, 3 the harness failed,\n"
		"        4 nothing selected, 77 everything skipped\n"
		"example: sockdrill run 'recv_*' --family inet --repeat 50 --report "
		"jsonl:r.jsonl\n",
	.run = run,
};
