/* judge.h -- what two roles recorded and how they ended, weighed against the case. Pure. */
#ifndef SOCKDRILL_JUDGE_H
#define SOCKDRILL_JUDGE_H

#include "engine/record.h"
#include "engine/result.h"
#include "os/os.h"

enum { STOOD_ROOM = 240, OUTPUT_ROOM = 2048 };

/* How one role ended, as the keeper noted it. */
struct role_ending {
	bool present;           /* the case has this side */
	bool finished;          /* its function returned */
	int status;             /* wait status; meaningful unless `killed` */
	bool both;              /* `status` is that of the process of both roles: it ended first */
	bool killed;            /* by the keeper */
	char stood[STOOD_ROOM]; /* where, when it was killed */
	uint32_t output_len;    /* bytes in output */
	uint64_t output_total;  /* bytes it wrote in all */
	char output[OUTPUT_ROOM];
};

/* How a pair ended. */
struct ending {
	struct role_ending role[WHO_COUNT];
	int first_bad; /* the side that went wrong first; -1: none did */
	bool timed_out;
	uint32_t limit_ms;
	int64_t took_us;
	unsigned left_behind; /* processes still alive after both roles had ended */
	char trouble[160];    /* the machinery's own failure; "" when it did not fail */
};

/* Fills *ret_result but for name, runs and expected. */
void judge(const struct sock_case *test, enum family family, const struct os_facts *facts,
	   const struct ending *ending, const struct record_bytes records[WHO_COUNT],
	   struct result *ret_result);

/* Judges observations that were recorded elsewhere (a results file) anew: fills want, judged, ok
 * and variant of each and gives PASS, VARIANT, FAIL or BROKEN; *ret_reason is new memory. */
enum verdict judge_observations(const struct sock_case *test, enum family family,
				const struct os_facts *facts, struct observation *saw, size_t n,
				char **ret_reason);

/* The reason of a FAIL by this observation; new memory. */
char *failure_text(const struct observation *one);

#endif
