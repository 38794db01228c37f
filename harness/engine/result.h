/* result.h -- the outcome of one case instance, as the engine makes it and reports read it. */
#ifndef SOCKDRILL_RESULT_H
#define SOCKDRILL_RESULT_H

#include "base/memory.h"
#include "case.h"
#include "trace/log.h"

/* In rising order of alarm. */
enum verdict {
	VERDICT_PASS,    /* every observation is what a portable program may rely on */
	VERDICT_VARIANT, /* some are this system's documented variance */
	VERDICT_SKIP,    /* not run, or given up by a role, for a reason */
	VERDICT_FAIL,    /* an observation is not what it should be */
	VERDICT_BROKEN,  /* the machinery failed, a role died, a label was never recorded */
	VERDICT_TIMEOUT, /* the pair did not end within its limit */
	VERDICT_FLAKY,   /* repetitions differ */
	VERDICT_NOT_RUN, /* planned, but the run ended before its turn */
	VERDICT_COUNT
};

/* One word, for data: "pass", "notrun". */
const char *verdict_name(enum verdict verdict);
/* The same for sentences: "pass", "not run". */
const char *verdict_words(enum verdict verdict);
/* The verdict of that name, or VERDICT_COUNT. */
enum verdict verdict_of(const char *name);
/* Pass, variant and skip are as expected. */
bool verdict_is_good(enum verdict verdict);
/* Whether the verdict is as expected where the baseline lists these outcomes, a bit for each
 * verdict; 0: it lists none, and what is good is expected. A skip contradicts nothing. */
bool outcomes_expect(unsigned outcomes, enum verdict verdict);

const char *family_name(enum family family);  /* "inet", "inet6", "unix", "any" */
enum family family_of_name(const char *name); /* 0 when there is none */
const char *who_name(enum who who);
const char *os_name(enum os os); /* "Linux", "FreeBSD" */

struct observation {
	enum who who;
	char *label;
	char *value;
	char *want;             /* in words; "" when no row was found */
	enum standing standing; /* of its row */
	bool judged;            /* a row other than ANY applies */
	bool ok;
	bool variant; /* ok by the row's .on or .before only */
	int line;     /* of the case's file; 0 when unknown */
};

struct packets; /* engine/packets.h */

struct result {
	const char *name;             /* the case; lives as long as the registry or `owned` */
	const struct sock_case *test; /* NULL when this tool does not know the case */
	enum family family;
	enum verdict verdict;
	bool expected; /* as the baseline lists it, or good; or good when it was retried */
	unsigned baseline_outcomes; /* what the baseline lists for it: a bit for each verdict */
	char *baseline_reason;      /* and why; NULL: no line is for it */
	double ms;
	char *reason;            /* one line; "" for a pass */
	char *stood[WHO_COUNT];  /* how each role ended or where it stood; "" when unknown */
	char *output[WHO_COUNT]; /* what it wrote to stdout and stderr, cut; "" for nothing */
	struct observation *saw;
	size_t saw_count;
	struct trace_log *calls; /* of both roles; NULL: they were not traced */
	unsigned runs;           /* repetitions that ran, or were skipped; 0 when it was not run */
	unsigned runs_of[VERDICT_COUNT];
	char *pcap; /* the file of its packets; NULL: none was kept */
	const struct packets
		*packets; /* what the pair sent, lent while the result lands; else NULL */
	char *owned;      /* storage of name when it was read from a file; else NULL */
};

/* It is not good, but as the baseline says. What else is expected without being good was good when
 * it was retried. */
bool result_is_known(const struct result *result);
/* Frees the observations and their array, which may be NULL. */
void observations_finish(struct observation *saw, size_t count);
/* Frees what the result owns; takes a zeroed one. */
void result_finish(struct result *result);
/* What else a zeroed result needs to say that its instance was not run, and why. */
void result_call_not_run(struct result *result, const char *reason);

/* How a run ended. */
enum end_cause {
	END_UNKNOWN, /* its results have no end: who wrote them was killed */
	END_COMPLETE,
	END_OPTION, /* .detail is the option that ended it: "--fail-fast" */
	END_SIGNAL, /* .detail is the signal: "SIGTERM" */
	END_FAILURE /* of the harness; .detail says which */
};

struct end_of_run {
	enum end_cause cause;
	char detail[160];
};

/* One word, for data: "complete", "option", "signal", "failure"; "" for END_UNKNOWN. */
const char *end_cause_name(enum end_cause cause);
/* The cause of that name, or END_UNKNOWN. */
enum end_cause end_cause_of(const char *name);

struct counts {
	unsigned of[VERDICT_COUNT];
	unsigned missing;        /* planned, but in no result: the writer was killed */
	unsigned unexpected;     /* results that ran and were not as expected: */
	unsigned failures;       /* of these fail and flaky, */
	unsigned errors;         /* and broken and timeout */
	unsigned known;          /* not good, but as the baseline says */
	unsigned retried;        /* not good at first, but when retried */
	unsigned ran;            /* instances that ran, */
	unsigned long long runs; /* and how often all of them did */
	double ms;               /* wall time of the run */
	struct end_of_run end;
};

/* Counts a result whose .expected is set. */
void counts_add(struct counts *counts, const struct result *result);
/* Another run, whose results were counted, has ended so: adds its .missing and .ms; .end becomes
 * its when it is the first that is not complete. */
void counts_add_end(struct counts *counts, const struct counts *run);
/* Instances that were planned, whether they ran or not. */
unsigned counts_all(const struct counts *counts);
/* Those of them that never ran. */
unsigned counts_not_run(const struct counts *counts);

/* Limits of a run that says nothing else. */
enum { USUAL_TIMEOUT_MS = 2000, USUAL_STRETCH_PERCENT = 100 };

/* What stands in a results file's first line. */
struct run_facts {
	char tool[32];
	char stack[32];         /* what is tested: --stack, else the system's name in lower case */
	char stack_version[32]; /* its release where uname() does not tell; "" else */
	char date[24];          /* when the run began: ISO 8601, UTC; "" when unknown */
	char sysname[32];
	char release[64];
	char machine[32];
	char libc[32];
	char isolation[16];
	unsigned long long seed;
	unsigned shard, shards;
	unsigned planned;                     /* instances; 0 when unknown */
	unsigned timeout_ms, stretch_percent; /* limits; 0 when unknown */
	bool until_fail; /* rounds of which only what was not as expected is recorded */
};

/* Facts of a file that holds another run, too: what both do not have in common is not said. */
void run_facts_merge(struct run_facts *facts, const struct run_facts *more);

#endif
