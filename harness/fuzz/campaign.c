/* campaign.c -- starts, watches and ends afl-fuzz and libFuzzer. */
#include "fuzz/campaign.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "engine/result.h"
#include "fuzz/child.h"
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
	/* One alone is deterministic; several exchange what they find. */
	add_copy(words, job ? "-S" : c->jobs > 1 ? "-M" : "-S");
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
	const char *variables[] = { "AFL_NO_UI=1",
				    "AFL_SKIP_CPUFREQ=1",
				    "AFL_NO_AFFINITY=1",
				    "AFL_FUZZER_STATS_UPDATE_INTERVAL=1",
				    "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1",
				    c->until_crash ? "AFL_BENCH_UNTIL_CRASH=1" : "AFL_QUIET=1",
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

/* One figure of a fuzzer_stats file, "name   : value"; NAN-free: 0 when it is not there. */
static double stat_of(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, n) != 0 || (line[n] != ' ' && line[n] != ':'))
			continue;
		const char *colon = strchr(line, ':');
		return colon ? strtod(colon + 1, NULL) : 0;
	}
	return 0;
}

/* The first 64 KiB of a file as text; new memory, empty when there is none. */
static char *read_text(const char *path)
{
	enum { ROOM = 65536 };
	char *text = must_alloc(ROOM, 1);
	FILE *file = fopen(path, "re");

	if (file) {
		text[fread(text, 1, ROOM - 1, file)] = '\0';
		fclose(file);
	}
	return text;
}

static void add_afl_figures(const struct campaign *c, unsigned job, struct campaign_figures *sum)
{
	char *name = job_name(job);
	char *path = must_format("%s/afl/%s/fuzzer_stats", c->output, name);
	char *text = read_text(path);
	double stability = stat_of(text, "stability");

	sum->execs += (unsigned long long)stat_of(text, "execs_done");
	sum->execs_per_s += (unsigned long long)stat_of(text, "execs_per_sec");
	sum->corpus += (unsigned)stat_of(text, "corpus_count");
	sum->crashes += (unsigned)stat_of(text, "saved_crashes");
	sum->hangs += (unsigned)stat_of(text, "saved_hangs");
	if (stability > 0 && (sum->stability <= 0 || stability < sum->stability))
		sum->stability = stability;
	free(text);
	free(path);
	free(name);
}

/* ---- libFuzzer ---- */

static void libfuzzer_words(const struct campaign *c, unsigned job, struct words *words)
{
	add_copy(words, c->binaries->fuzzer);
	add(words, must_format("-seed=%llu", (c->seed + job) % 4294967295U + 1));
	add(words, must_format("-timeout=%u", c->timeout_ms / 1000 + 1));
	add(words, must_format("-artifact_prefix=%s/libfuzzer/%u-", c->output, job));
	add_copy(words, "-print_final_stats=1");
	if (c->seconds)
		add(words, must_format("-max_total_time=%lld", c->seconds));
	if (c->execs)
		add(words, must_format("-runs=%lld", c->execs));
	if (c->dictionary)
		add(words, must_format("-dict=%s", c->dictionary));
	add(words, must_format("%s/libfuzzer/corpus%u", c->output, job));
	add_copy(words, c->seeds);
}

/* The number behind the last "#" that begins a line: runs so far. */
static unsigned long long runs_told(const char *text)
{
	unsigned long long runs = 0;

	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (*line == '#')
			runs = strtoull(line + 1, NULL, 10);
	}
	return runs;
}

static unsigned count_files(const char *directory, const char *but)
{
	unsigned count = 0;
	DIR *dir = opendir(directory);

	for (const struct dirent *entry; dir && (entry = readdir(dir));)
		count += *entry->d_name != '.' && !(but && strstr(entry->d_name, but));
	if (dir)
		closedir(dir);
	return count;
}

static void add_libfuzzer_figures(const struct campaign *c, unsigned job,
				  struct campaign_figures *sum)
{
	char *log = must_format("%s/job%u.log", c->output, job);
	char *corpus = must_format("%s/libfuzzer/corpus%u", c->output, job);
	char *found = must_format("%s/libfuzzer", c->output);
	char *text = read_text(log);

	sum->execs += runs_told(text);
	sum->corpus += count_files(corpus, NULL);
	if (!job)
		sum->crashes = count_files(found, "corpus");
	free(text);
	free(found);
	free(corpus);
	free(log);
}

/* ---- Either ---- */

static void figures(const struct campaign *c, struct campaign_figures *ret_figures)
{
	*ret_figures = (struct campaign_figures){ 0 };
	for (unsigned job = 0; job < c->jobs; job++) {
		if (c->engine == ENGINE_AFL)
			add_afl_figures(c, job, ret_figures);
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
		f->execs_per_s ? f->execs_per_s
			       : f->execs * 1000 / (unsigned long long)(elapsed_ms + 1),
		f->corpus, f->crashes, f->hangs, c->terminal ? "\033[K" : "\n");
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
		static const char *const variables[] = { "UBSAN_OPTIONS=print_stacktrace=1", NULL };
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
};

static void stop_jobs(struct jobs *jobs)
{
	for (unsigned i = 0; i < jobs->count; i++)
		if (jobs->pids[i])
			child_stop(jobs->pids[i]);
	jobs->running = 0;
}

static void job_ended(struct jobs *jobs, pid_t pid)
{
	for (unsigned i = 0; i < jobs->count; i++) {
		if (jobs->pids[i] != pid)
			continue;
		jobs->pids[i] = 0;
		jobs->running--;
	}
}

/* Until all have ended, or the main one, or a crash where one is enough, or a signal. */
static int watch(const struct campaign *c, struct jobs *jobs)
{
	const int64_t begin = os_now_us();
	const unsigned every = c->terminal ? 1 : 10;
	struct campaign_figures f;

	for (unsigned tick = 1; jobs->running; tick++) {
		int status, signo = 0;
		pid_t pid = children_wait(TICK_MS, &status, &signo);
		if (pid < 0)
			return signo;
		if (pid > 0)
			job_ended(jobs, pid);
		figures(c, &f);
		if (tick % every == 0)
			show(c, (os_now_us() - begin) / 1000, &f);
		if (!jobs->pids[0] || (c->until_crash && f.crashes))
			break;
	}
	return 0;
}

/* Fuzzers that never ran an input say why in their log. */
static char *log_trouble(const struct campaign *c)
{
	char *log = must_format("%s/job0.log", c->output);
	char *text = read_text(log);
	const char *abort_line = strstr(text, "PROGRAM ABORT");
	char *trouble = NULL;

	if (abort_line)
		trouble = must_format("the fuzzer gave up: %.*s: see %s",
				      (int)strcspn(abort_line, "\n\033"), abort_line, log);
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
	int signo = watch(campaign, &jobs);
	stop_jobs(&jobs);
	figures(campaign, ret_figures);
	ret_figures->signo = signo;
	show(campaign, (os_now_us() - begin) / 1000, ret_figures);
	if (campaign->progress && campaign->terminal)
		fputc('\n', campaign->progress);
	*ret_error = log_trouble(campaign);
	if (!*ret_error && !ret_figures->execs && !ret_figures->crashes && !signo)
		*ret_error =
			must_format("the fuzzer ran nothing: see %s/job0.log", campaign->output);
	return !*ret_error;
}

static void take_directory(const char *path, const char *prefix, bool hang,
			   void (*take)(void *context, const char *path, bool hang), void *context)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		char *whole = must_format("%s/%s", path, entries[i]->d_name);
		if (strstr(entries[i]->d_name, prefix))
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
		take_directory(path, "-", false, take, context);
		free(path);
		return;
	}
	for (unsigned job = 0; job < campaign->jobs; job++) {
		char *crashes = must_format("%s/afl/job%u/crashes", campaign->output, job);
		char *hangs = must_format("%s/afl/job%u/hangs", campaign->output, job);
		take_directory(crashes, "id:", false, take, context);
		take_directory(hangs, "id:", true, take, context);
		free(crashes);
		free(hangs);
	}
}
