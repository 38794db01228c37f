/* disturb.h -- proof that cases can fail: runs each once undisturbed, then again and again with one
 * of its recorded calls disturbed, until it fails. A case that never does proves nothing.
 *
 * A disturbed call was made, but the role is told another result: another errno, a failure for a
 * success and the other way round, another count, or data of which one bit is wrong. Of a case that
 * no disturbed call makes fail (what it calls are functions of the library that need no system
 * call) the values that it records are disturbed in turn.
 */
#ifndef SOCKDRILL_DISTURB_H
#define SOCKDRILL_DISTURB_H

#include "engine/schedule.h"

/* What a case instance did when its calls were disturbed; in rising order of alarm. */
enum proof {
	PROOF_FAILS,    /* an observation was judged wrong */
	PROOF_BREAKS,   /* only the machinery noticed: broken or timeout */
	PROOF_RECORDS,  /* only when a value that it recorded was another */
	PROOF_NOT_RUN,  /* it was not good undisturbed, or skipped */
	PROOF_SURVIVES, /* its verdict never changed */
	PROOF_COUNT
};

struct disturbed {
	const struct entry *entry;
	enum family family;
	enum proof proof;
	enum verdict verdict; /* undisturbed */
	unsigned calls;       /* that were recorded undisturbed */
	unsigned tried;       /* disturbances */
	bool cut;             /* there were more of them than are tried */
	const char *how;      /* the disturbance that showed it; PROOF_NOT_RUN: the reason of the
				 verdict; PROOF_SURVIVES: "" */
};

/* Called once for every instance; the texts live until it returns. */
typedef void (*disturbed_fn)(void *context, const struct disturbed *disturbed);

/* Runs the plan so. Of the setting repeat must be 1; traced and adjust are set here. */
void disturb_run(const struct plan *plan, const struct schedule_setting *setting,
		 disturbed_fn disturbed, void *context, struct run_outcome *ret_outcome);

#endif
