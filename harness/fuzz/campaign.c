/* campaign.c -- starts, watches and ends afl-fuzz and libFuzzer. */
#include "fuzz/campaign.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "fuzz/child.h"
#include "fuzz/stats.h"
#include "os/os.h"

enum { JOBS_MAX = 64, WORDS_MAX = 40, TICK_MS = 1000 };

/* Words of a command line, owned. */
struct words {
	char *argv[WORDS_MAX + 1];
	int count;
};

static void add(struct words *words, char *word)
{
	if (words->count < WORDS_MAX)
		words->argv[words->count++] = word;
}

static void add_copy(struct words *words, const char *word)
{
	add(words, must_copy(word));
}

static void words_finish(struct words *words)
{
	for (int i = 0; i < words->count; i++)
		free(words->argv[i]);
}

/* The files of a directory whose names `counts`. */
static unsigned count_files(const char *directory, bool (*counts)(const char *name))
{
	unsigned count = 0;
	DIR *dir = opendir(directory);

	for (const struct dirent *entry; dir && (entry = readdir(dir));)
		count += counts(entry->d_name);
	if (dir)
		closedir(dir);
	return count;
}

static bool is_plain(const char *name)
{
	return *name != '.';
}

/* "0-crash-1f2e...", "0-timeout-...", "0-oom-...", "0-leak-..."; a slow unit breaks nothing. */
static bool is_artifact(const char *name)
{
	return strchr(name, '-') && !strstr(name, "slow-unit-");
}

static bool is_afl_finding(const char *name)
{
	return !strncmp(name, "id:", 3);
}

/* ---- afl-fuzz ---- */

/* The fuzzers' names in their common directory; the first is the main one. */
static char *job_name(unsigned job)
{
	return must_format("job%u", job);
}

static bool uses_cmplog(const struct campaign *c, unsigned job)
{
	return job == 1 && c->binaries->cmplog;
}

static void afl_words(const struct campaign *c, unsigned job, struct words *words)
{
	add_copy(words, "afl-fuzz");
	add(words, must_format("-i%s", c->seeds));
	add(words, must_format("-o%s/afl", c->output));
	add(words, must_format("-s%llu", c->seed + job));
	add(words, must_format("-t%u", c->timeout_ms));
	add_copy(words, "-mnone");
	if (c->seconds)
		add(words, must_format("-V%lld", c->seconds));
	if (c->execs)
		add(words, must_format("-E%lld", c->execs));
	if (c->dictionary)
		add(words, must_format("-x%s", c->dictionary));
	/* Several exchange what they find; a -S without a -M waits a second to complain. */
	add_copy(words, job ? "-S" : "-M");
	add(words, job_name(job));
	if (uses_cmplog(c, job)) {
		add_copy(words, "-c");
		add_copy(words, "0");
	}
	add_copy(words, "--");
	add_copy(words, uses_cmplog(c, job) ? c->binaries->cmplog : c->binaries->fuzzer);
}

static pid_t start_afl(const struct campaign *c, const struct words *words, const char *log)
{
	char *mutator = must_format("AFL_CUSTOM_MUTATOR_LIBRARY=%s", c->mutator ? c->mutator : "");
	/* afl-fuzz refuses to start with sanitizers' options that do not suit it. */
	const char *variables[] = { "ASAN_OPTIONS",
				    "UBSAN_OPTIONS",
				    "LSAN_OPTIONS",
				    "AFL_NO_UI=1",
				    "AFL_SKIP_CPUFREQ=1",
				    "AFL_NO_AFFINITY=1",
				    "AFL_FUZZER_STATS_UPDATE_INTERVAL=1",
				    "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1",
				    c->until_crash ? "AFL_BENCH_UNTIL_CRASH=1"
						   : "AFL_BENCH_UNTIL_CRASH",
				    c->mutator ? mutator : NULL,
				    NULL };
	const struct child_order order = { .argv = (const char *const *)words->argv,
					   .variables = variables,
					   .output = log };

	pid_t pid = child_start(&order);
	int err = errno;
	free(mutator);
	errno = err;
	return pid;
}

/* The last 64 KiB of a file as text; new memory, empty when there is none. */
static char *read_text(const char *path)
{
	enum { ROOM = 65536 };
	char *text = must_alloc(ROOM, 1);
	FILE *file = fopen(path, "re");

	if (file) {
		if (fseek(file, 1 - (long)ROOM, SEEK_END))
			rewind(file);
		text[fread(text, 1, ROOM - 1, file)] = '\0';
		fclose(file);
	}
	return text;
}

/* What was found beyond the budget: afl-fuzz looks at the budget when its clock says so, so that
 * what is found there differs from run to run. Files have the number of their run in their name. */
static void drop_beyond(const char *directory, long long execs)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, NULL, NULL);

	for (int i = 0; i < count; i++) {
		const char *at = strstr(entries[i]->d_name, ",execs:");
		char *path = must_format("%s/%s", directory, entries[i]->d_name);
		if (at && strtoll(at + strlen(",execs:"), NULL, 10) > execs)
			unlink(path);
		free(path);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

static void keep_to_budget(const struct campaign *c)
{
	static const char *const folders[] = { "queue", "crashes", "hangs" };

	for (unsigned job = 0; c->execs && job < c->jobs; job++) {
		for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
			char *path = must_format("%s/afl/job%u/%s", c->output, job, folders[i]);
			drop_beyond(path, c->execs);
			free(path);
		}
	}
}

static unsigned long long within_budget(const struct campaign *c, double execs)
{
	if (c->execs && execs > (double)c->execs)
		return (unsigned long long)c->execs;
	return (unsigned long long)execs;
}

/* What it says at its end stands in fuzzer_stats; a full disk leaves that empty. Until then
 * plot_data is newer. */
static void add_afl_figures(const struct campaign *c, unsigned job, bool ended,
			    struct campaign_figures *sum)
{
	char *name = job_name(job);
	char *path = must_format("%s/afl/%s/fuzzer_stats", c->output, name);
	char *queue = must_format("%s/afl/%s/queue", c->output, name);
	char *plot = must_format("%s/afl/%s/plot_data", c->output, name);
	char *text = read_text(path), *lines = read_text(plot);
	double stability = stat_of(text, "stability");
	double done = stat_of(text, "execs_done"), drawn = plot_runs(lines);

	sum->execs += within_budget(c, ended || done > drawn ? done : drawn);
	sum->corpus += count_files(queue, is_afl_finding);
	sum->crashes += stat_count(text, "saved_crashes");
	sum->hangs += stat_count(text, "saved_hangs");
	if (stability > 0 && (sum->stability <= 0 || stability < sum->stability))
		sum->stability = stability;
	free(lines);
	free(text);
	free(plot);
	free(queue);
	free(path);
	free(name);
}

/* ---- libFuzzer ---- */

/* Where addresses are the same each time, so are the comparisons of them, of which libFuzzer
 * learns. Not every container allows that. */
static bool addresses_can_be_fixed(void)
{
	static const char *const argv[] = { "setarch", "-R", "true", NULL };
	const struct child_order order = { .argv = argv };
	struct child_end end = child_run(&order, 0);

	return end.started && !end.status;
}

static void libfuzzer_words(const struct campaign *c, unsigned job, struct words *words)
{
	if (addresses_can_be_fixed()) {
		add_copy(words, "setarch");
		add_copy(words, "-R");
	}
	add_copy(words, c->binaries->fuzzer);
	add(words, must_format("-seed=%llu", (c->seed + job) % 4294967295U + 1));
	add(words, must_format("-timeout=%u", c->timeout_ms / 1000 + 1));
	add(words, must_format("-artifact_prefix=%s/libfuzzer/%u-", c->output, job));
	add_copy(words, "-print_final_stats=1");
	add_copy(words, "-close_fd_mask=3"); /* what the subject prints would fill the log */
	add_copy(words, "-reload=0");        /* a clock would decide when */
	if (c->seconds)
		add(words, must_format("-max_total_time=%lld", c->seconds));
	if (c->execs)
		add(words, must_format("-runs=%lld", c->execs));
	if (c->dictionary)
		add(words, must_format("-dict=%s", c->dictionary));
	add(words, must_format("%s/libfuzzer/corpus%u", c->output, job));
	add_copy(words, c->seeds);
}

static void add_libfuzzer_figures(const struct campaign *c, unsigned job,
				  struct campaign_figures *sum)
{
	char *log = must_format("%s/job%u.log", c->output, job);
	char *corpus = must_format("%s/libfuzzer/corpus%u", c->output, job);
	char *found = must_format("%s/libfuzzer", c->output);
	char *text = read_text(log);

	sum->execs += runs_told(text);
	sum->corpus += count_files(corpus, is_plain);
	if (!job)
		sum->crashes = count_files(found, is_artifact);
	free(text);
	free(found);
	free(corpus);
	free(log);
}

/* ---- Either ---- */

static void figures(const struct campaign *c, bool ended, struct campaign_figures *ret_figures)
{
	*ret_figures = (struct campaign_figures){ .crash_ms = -1 };
	for (unsigned job = 0; job < c->jobs; job++) {
		if (c->engine == ENGINE_AFL)
			add_afl_figures(c, job, ended, ret_figures);
		else
			add_libfuzzer_figures(c, job, ret_figures);
	}
}

static void show(const struct campaign *c, long long elapsed_ms, const struct campaign_figures *f)
{
	if (!c->progress)
		return;
	fprintf(c->progress, "%s%5lld s  %llu runs  %llu/s  corpus %u  crashes %u  hangs %u%s",
		c->terminal ? "\r" : "", elapsed_ms / 1000, f->execs,
		f->execs * 1000 / (unsigned long long)(elapsed_ms + 1), f->corpus, f->crashes,
		f->hangs, c->terminal ? "\033[K" : "\n");
	fflush(c->progress);
}

static pid_t start_job(const struct campaign *c, unsigned job)
{
	struct words words = { 0 };
	char *log = must_format("%s/job%u.log", c->output, job);
	char *corpus = must_format("%s/libfuzzer/corpus%u", c->output, job);
	pid_t pid;

	if (c->engine == ENGINE_AFL) {
		afl_words(c, job, &words);
		pid = start_afl(c, &words, log);
	} else {
		static const char *const variables[] = { "ASAN_OPTIONS", "UBSAN_OPTIONS",
							 "LSAN_OPTIONS", NULL };
		libfuzzer_words(c, job, &words);
		const struct child_order order = { .argv = (const char *const *)words.argv,
						   .variables = variables,
						   .output = log };
		mkdir(corpus, 0777);
		pid = child_start(&order);
	}
	int err = errno;
	words_finish(&words);
	free(corpus);
	free(log);
	errno = err;
	return pid;
}

/* Jobs that run, by process; 0: ended. */
struct jobs {
	pid_t pids[JOBS_MAX];
	unsigned count, running;
	unsigned failed; /* the last that ended with a status, counted from 1; 0: none did */
};

static void stop_jobs(struct jobs *jobs)
{
	for (unsigned i = 0; i < jobs->count; i++)
		if (jobs->pids[i])
			child_stop(jobs->pids[i]);
	jobs->running = 0;
}

static void job_ended(struct jobs *jobs, pid_t pid, int status)
{
	for (unsigned i = 0; i < jobs->count; i++) {
		if (jobs->pids[i] != pid)
			continue;
		jobs->pids[i] = 0;
		jobs->running--;
		if (status)
			jobs->failed = i + 1;
	}
}

/* Until all have ended, or the main one, or a crash where one is enough, or a signal. */
static int watch(const struct campaign *c, struct jobs *jobs, int64_t begin, int64_t *ret_crash_ms)
{
	const unsigned every = c->terminal ? 1 : 10;
	struct campaign_figures f;

	for (unsigned tick = 1; jobs->running; tick++) {
		int status, signo = 0;
		pid_t pid = children_wait(TICK_MS, &status, &signo);
		if (pid < 0)
			return signo;
		if (pid > 0)
			job_ended(jobs, pid, status);
		figures(c, false, &f);
		if (f.crashes && *ret_crash_ms < 0)
			*ret_crash_ms = (os_now_us() - begin) / 1000;
		if (tick % every == 0)
			show(c, (os_now_us() - begin) / 1000, &f);
		if (!jobs->pids[0] || (c->until_crash && f.crashes))
			break;
	}
	return 0;
}

/* Takes escape sequences out of the text, in place. */
static void drop_colours(char *text)
{
	char *to = text;

	for (const char *from = text; *from;) {
		if (*from != '\033') {
			*to++ = *from++;
			continue;
		}
		from += 1 + (from[1] == '[');
		from += strspn(from, "0123456789;?");
		from += *from != '\0';
	}
	*to = '\0';
}

/* Why a fuzzer gave up, as its log tells. */
static char *trouble_of(const struct campaign *c, unsigned job)
{
	static const char *const marks[] = { "PROGRAM ABORT : ", "SYSTEM ERROR : ", "ERROR: " };
	char *log = must_format("%s/job%u.log", c->output, job);
	char *text = read_text(log);
	const char *words = NULL;

	drop_colours(text);
	for (size_t i = 0; !words && i < sizeof marks / sizeof *marks; i++)
		words = strstr(text, marks[i]);
	char *trouble = words ? must_format("the fuzzer gave up: %.*s: see %s",
					    (int)strcspn(words, "\n"), words, log)
			      : must_format("the fuzzer gave up: see %s", log);
	free(text);
	free(log);
	return trouble;
}

bool campaign_run(const struct campaign *campaign, struct campaign_figures *ret_figures,
		  char **ret_error)
{
	struct jobs jobs = { .count = campaign->jobs < JOBS_MAX ? campaign->jobs : JOBS_MAX };
	const int64_t begin = os_now_us();
	char *found = must_format("%s/libfuzzer", campaign->output);

	*ret_error = NULL;
	if (campaign->engine == ENGINE_LIBFUZZER)
		mkdir(found, 0777);
	free(found);
	for (unsigned job = 0; job < jobs.count; job++) {
		jobs.pids[job] = start_job(campaign, job);
		if (jobs.pids[job] < 0) {
			*ret_error = must_format("cannot start the fuzzer: %s", strerror(errno));
			jobs.count = job;
			stop_jobs(&jobs);
			return false;
		}
		jobs.running++;
	}
	int64_t crash_ms = -1;
	int signo = watch(campaign, &jobs, begin, &crash_ms);
	stop_jobs(&jobs);
	if (campaign->engine == ENGINE_AFL)
		keep_to_budget(campaign);
	figures(campaign, true, ret_figures);
	ret_figures->signo = signo;
	ret_figures->crash_ms = crash_ms;
	show(campaign, (os_now_us() - begin) / 1000, ret_figures);
	if (campaign->progress && campaign->terminal)
		fputc('\n', campaign->progress);
	/* libFuzzer ends with a status when it has found something, too. */
	if (jobs.failed && !signo && (campaign->engine == ENGINE_AFL || !ret_figures->crashes))
		*ret_error = trouble_of(campaign, jobs.failed - 1);
	else if (!ret_figures->execs && !ret_figures->crashes && !signo)
		*ret_error =
			must_format("the fuzzer ran nothing: see %s/job0.log", campaign->output);
	return !*ret_error;
}

static void take_directory(const char *path, bool (*counts)(const char *name), bool hang,
			   void (*take)(void *context, const char *path, bool hang), void *context)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		char *whole = must_format("%s/%s", path, entries[i]->d_name);
		if (counts(entries[i]->d_name))
			take(context, whole, hang || strstr(entries[i]->d_name, "timeout-"));
		free(whole);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

void campaign_findings(const struct campaign *campaign,
		       void (*take)(void *context, const char *path, bool hang), void *context)
{
	if (campaign->engine == ENGINE_LIBFUZZER) {
		char *path = must_format("%s/libfuzzer", campaign->output);
		take_directory(path, is_artifact, false, take, context);
		free(path);
		return;
	}
	for (unsigned job = 0; job < campaign->jobs; job++) {
		char *crashes = must_format("%s/afl/job%u/crashes", campaign->output, job);
		char *hangs = must_format("%s/afl/job%u/hangs", campaign->output, job);
		take_directory(crashes, is_afl_finding, false, take, context);
		take_directory(hangs, is_afl_finding, true, take, context);
		free(crashes);
		free(hangs);
	}
}

void campaign_corpora(const struct campaign *campaign,
		      void (*take)(void *context, const char *directory), void *context)
{
	for (unsigned job = 0; job < campaign->jobs; job++) {
		char *path = campaign->engine == ENGINE_AFL
				     ? must_format("%s/afl/job%u/queue", campaign->output, job)
				     : must_format("%s/libfuzzer/corpus%u", campaign->output, job);
		take(context, path);
		free(path);
	}
}
