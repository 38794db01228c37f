/* tally.h -- from repetitions of instances to one result each, and the counts of a run. */
#ifndef SOCKDRILL_TALLY_H
#define SOCKDRILL_TALLY_H

#include "engine/plan.h"
#include "engine/result.h"

struct tally;

/* Called once per instance, when its last repetition has landed. */
typedef void (*told_fn)(void *context, size_t instance, struct result *result);

/* repeat: runs of each instance; retries: further runs of one that was not good (only with
 * repeat 1). An instance whose verdicts differ is flaky. tally_destroy takes NULL. */
struct tally *tally_create(size_t instances, unsigned repeat, unsigned retries, told_fn told,
			   void *context);
void tally_destroy(struct tally *tally);

/* Takes one repetition's result; true when the instance is to run once more. */
bool tally_add(struct tally *tally, size_t instance, struct result *result);

/* Nothing more will land: reports each instance of which some repetitions are missing, by those
 * that landed. Returns how many these are. */
size_t tally_settle(struct tally *tally);
/* Whether any repetition of the instance has landed. */
bool tally_has(const struct tally *tally, size_t instance);

#endif
