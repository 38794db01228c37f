/* triage.h -- what the fuzzers found: run again, grouped by cause, made small, explained. */
#ifndef SOCKDRILL_TRIAGE_H
#define SOCKDRILL_TRIAGE_H

#include <stdbool.h>
#include <stdio.h>

struct triage {
	const char *replay;   /* the program that runs inputs: fuzz/replay.c with the target */
	const char *fuzzer;   /* the fuzzer's, for inputs that do not break that */
	const char *output;   /* directory; each cause gets OUTPUT/findings/N */
	unsigned timeout_ms;  /* for one run: longer is a hang */
	unsigned rerun;       /* times each input is run */
	bool drop_broken;     /* triage_check() removes the files that break it */
	unsigned shrink_runs; /* runs at most to make the smallest of a cause smaller; 0: do not */
};

struct finding; /* one cause */

struct findings {
	struct finding *list;
	size_t count;
	unsigned vanished;       /* inputs that broke the subject once, and never again */
	unsigned vanished_hangs; /* inputs that took too long once, and never again */
	char *error;             /* what kept an input from being run; owned; NULL: nothing */
	bool stopped;            /* a signal to stop came: what is here is not all */
};

/* Runs the input and files it under its cause. `hang`: the fuzzer waited too long for it. */
void triage_take(const struct triage *triage, struct findings *findings, const char *path,
		 bool hang);
/* Runs one of the two programs on all files of the directory, together, and on each alone when
 * something breaks; files those that do under their causes. How many do. */
unsigned triage_check(const struct triage *triage, struct findings *findings, const char *program,
		      const char *directory);
/* Shrinks the smallest input of every cause, writes input and report.txt into its directory, and a
 * summary of each to `out`. False: *ret_error (one line, new memory), also for what kept inputs
 * from being run before. */
bool triage_conclude(const struct triage *triage, struct findings *findings, FILE *out,
		     char **ret_error);
void findings_finish(struct findings *findings);

#endif
