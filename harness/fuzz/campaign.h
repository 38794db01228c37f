/* campaign.h -- runs fuzzers on one subject until their budget is spent, and says how it goes. */
#ifndef SOCKDRILL_CAMPAIGN_H
#define SOCKDRILL_CAMPAIGN_H

#include <stdio.h>

#include "fuzz/binaries.h"

struct campaign {
	enum fuzz_engine engine;
	const struct fuzz_binaries *binaries;
	const char *dictionary; /* file; NULL: none */
	const char *mutator;    /* AFL++ custom mutator library; NULL: none */
	const char *seeds;      /* directory of inputs, not empty */
	const char *output;     /* directory to work in; the fuzzers' own go below */
	long long seconds;      /* 0: no limit of time */
	long long execs;        /* of each fuzzer; 0: no limit of runs */
	unsigned long long seed;
	unsigned jobs; /* fuzzers at once: the first with sanitizers, the second with CMPLOG */
	unsigned timeout_ms; /* for one input */
	bool until_crash;    /* the first crash ends it */
	FILE *progress;      /* NULL: none */
	bool terminal;       /* progress is rewritten in place */
};

/* What the fuzzers say of themselves, summed up. */
struct campaign_figures {
	unsigned long long execs;
	unsigned corpus; /* inputs kept */
	unsigned crashes, hangs;
	double stability;   /* percent, the lowest; 0: not told */
	long long crash_ms; /* from the beginning to the first crash seen; -1: none */
	int signo;          /* a signal ended it; 0: none did */
};

/* False: *ret_error (one line, new memory) says what failed. A crash of the subject is no failure.
 */
bool campaign_run(const struct campaign *campaign, struct campaign_figures *ret_figures,
		  char **ret_error);

/* Calls `take` with every directory of inputs that the fuzzers kept. */
void campaign_corpora(const struct campaign *campaign,
		      void (*take)(void *context, const char *directory), void *context);

/* Calls `take` with the path of every input that broke the subject, hangs included. */
void campaign_findings(const struct campaign *campaign,
		       void (*take)(void *context, const char *path, bool hang), void *context);

#endif
