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
	VERDICT_COUNT
};

const char *verdict_name(enum verdict verdict);
/* The verdict of that name, or VERDICT_COUNT. */
enum verdict verdict_of(const char *name);
/* Pass, variant and skip are as expected. */
bool verdict_is_good(enum verdict verdict);

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
	bool expected; /* good, or listed in the baseline */
	double ms;
	char *reason;            /* one line; "" for a pass */
	char *stood[WHO_COUNT];  /* how each role ended or where it stood; "" when unknown */
	char *output[WHO_COUNT]; /* what it wrote to stdout and stderr, cut; "" for nothing */
	struct observation *saw;
	size_t saw_count;
	struct trace_log *calls; /* of both roles; NULL: they were not traced */
	unsigned runs;           /* repetitions that ran */
	unsigned runs_of[VERDICT_COUNT];
	char *pcap; /* the file of its packets; NULL: none was kept */
	const struct packets
		*packets; /* what the pair sent, lent while the result lands; else NULL */
	char *owned;      /* storage of name when it was read from a file; else NULL */
};

/* Frees the observations and their array, which may be NULL. */
void observations_finish(struct observation *saw, size_t count);
/* Frees what the result owns; takes a zeroed one. */
void result_finish(struct result *result);

struct counts {
	unsigned of[VERDICT_COUNT];
	unsigned unexpected; /* results that make the run's status 1: */
	unsigned failures;   /* of these fail and flaky, */
	unsigned errors;     /* and broken and timeout */
	unsigned known;      /* not good, but as the baseline says */
	double ms;           /* wall time of the run */
	bool complete;       /* an end line was read or written */
};

/* Counts a result whose .expected is set. */
void counts_add(struct counts *counts, const struct result *result);

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
	unsigned planned; /* instances; 0 when unknown */
};

#endif
