/* triage.h -- what the fuzzers found: run again, grouped by cause, made small, explained. */
#ifndef SOCKDRILL_TRIAGE_H
#define SOCKDRILL_TRIAGE_H

#include <stdbool.h>
#include <stdio.h>

struct triage {
	const char *replay;   /* the program that runs inputs: fuzz/replay.c with the target */
	const char *output;   /* directory; each cause gets OUTPUT/findings/N */
	unsigned timeout_ms;  /* for one run: longer is a hang */
	unsigned rerun;       /* times each input is run */
	unsigned shrink_runs; /* runs at most to make the smallest of a cause smaller; 0: do not */
};

struct finding; /* one cause */

struct findings {
	struct finding *list;
	size_t count;
	unsigned vanished; /* inputs that broke the fuzzer's build, and never the replay */
};

/* Runs the input and files it under its cause. */
void triage_take(const struct triage *triage, struct findings *findings, const char *path);
/* Shrinks the smallest input of every cause, writes input and report.txt into its directory, and a
 * summary of each to `out`. False: *ret_error (one line, new memory). */
bool triage_conclude(const struct triage *triage, struct findings *findings, FILE *out,
		     char **ret_error);
void findings_finish(struct findings *findings);

/* The cause told by what a run wrote: its class and up to three frames of the subject,
 * "heap-buffer- overflow in parse (frame.c:88) < target (frame.c:12)". NULL when it tells of none.
 * Pure; new memory. The text is not trusted. */
char *triage_cause(const char *text);

#endif
