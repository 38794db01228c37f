/* run_options.h -- the command line of `run`, read. */
#ifndef SOCKDRILL_RUN_OPTIONS_H
#define SOCKDRILL_RUN_OPTIONS_H

#include "cli/cli.h"
#include "engine/needs.h"
#include "engine/plan.h"

enum { REPORTS_MAX = 8, GLOBS_MAX = 256 };

/* The options of `run`; they set the fields of struct run_options. */
extern const struct option_row run_option_rows[];

/* Of which case instances something is kept. */
enum keep_of { KEEP_NEVER, KEEP_FAIL, KEEP_ALWAYS };

/* Lists point into argv or the environment; nothing is owned. */
struct run_options {
	const char *reports[REPORTS_MAX];
	size_t report_count;
	const char *exclude[GLOBS_MAX];
	size_t exclude_count;
	char **globs;
	size_t glob_count;
	unsigned families;
	unsigned jobs, repeat, retries;
	bool until_fail, shuffle, fail_fast, slow, expect_update, keep, has_here, disturb;
	unsigned long long seed; /* of shuffle; 0: choose one */
	unsigned shard, shards;
	const char *shard_status_file; /* to be touched, for Bazel and gtest; NULL: none */
	const char *rerun_failed;
	const char *expect;
	const char *stack; /* NAME or NAME/VERSION; NULL: the system */
	long long max_wait_ms;
	uint32_t timeout_ms;
	unsigned stretch_percent;
	enum isolation isolation;
	enum keep_of trace;
	enum keep_of pcap;
	const char *pcap_dir; /* NULL: a new one */
	enum who here;
	enum color color;
	int verbosity;
};

/* Reads argv, by the rows above, and the environment. Returns STATUS_EXPECTED, or STATUS_USAGE with
 * an error line printed. The order of argv may change. */
int run_options_parse(const struct command *command, int argc, char **argv,
		      struct run_options *ret_options);

#endif
