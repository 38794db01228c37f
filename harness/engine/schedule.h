/* schedule.h -- runs the instances of a plan, many pairs at once, in worlds.
 *
 * One process schedules; it runs no case code. It keeps three lanes:
 *   waiting  cases that wait by design: the longest first, many at once, since waiting costs no CPU
 *   quick    all others: a few at once per CPU
 *   timed    cases that measure time: one per CPU, when no quick case is left and all that wait do
 * Completions come through one pipe (world.h). SIGINT, SIGTERM and SIGHUP end the run: every
 * world is closed before schedule_run() returns.
 */
#ifndef SOCKDRILL_SCHEDULE_H
#define SOCKDRILL_SCHEDULE_H

#include "engine/needs.h"
#include "engine/plan.h"
#include "engine/result.h"

struct schedule_setting {
	const struct abilities *abilities;
	const struct os_facts *facts;
	unsigned jobs;            /* pairs at once; 0: chosen from the CPUs and the waits */
	unsigned repeat;          /* times each instance runs, at least 1 */
	uint32_t timeout_ms;      /* a pair's limit, to which its designed wait is added */
	unsigned stretch_percent; /* of limits; 100: none */
	uint64_t shuffle;         /* seed of a random order; 0: none */
	bool tapped;              /* results come with their packets */
	const char *keep_in;      /* directory in which every pair leaves its own; NULL: none */
};

enum next_step { GO_ON, RUN_AGAIN, STOP_RUN };

/* Called for every finished repetition with the index of its instance. The result's content belongs
 * to the callee, who may take it (and zero the struct) or leave it to be freed. */
typedef enum next_step (*landed_fn)(void *context, size_t instance, struct result *result);

enum run_end { RUN_DONE, RUN_STOPPED, RUN_INTERRUPTED, RUN_FAILED };

struct run_outcome {
	enum run_end end;
	int signo;         /* RUN_INTERRUPTED: by which signal */
	char trouble[160]; /* RUN_FAILED: why */
};

void schedule_run(const struct plan *plan, const struct schedule_setting *setting, landed_fn landed,
		  void *context, struct run_outcome *ret_outcome);

#endif
