/* baseline_update.h -- what a baseline becomes by a run: `run --expect FILE --expect-update`.
 *
 * After it the same run is as expected. What the baseline does not expect gets a line of its own; a
 * line that names one instance alone gets its new outcome, and keeps its reason. A line goes when
 * all that it is for ran well and not as it says: a line for several stays while one of them
 * failed, or did not run.
 */
#ifndef SOCKDRILL_BASELINE_UPDATE_H
#define SOCKDRILL_BASELINE_UPDATE_H

#include "engine/baseline.h"

/* The results of a run, as far as an update needs them; zeroed at first. */
struct baseline_update {
	struct baseline_seen *seen;
	size_t count;
};

/* Lines. */
struct baseline_changes {
	unsigned added, changed, removed;
};

/* Takes note of a result, whose .expected is set. */
void baseline_note(struct baseline_update *update, const struct result *result);
/* Changes the baseline by what was noted in a run of these facts. */
struct baseline_changes baseline_apply(struct baseline_update *update, struct baseline *baseline,
				       const struct run_facts *facts);
void baseline_update_finish(struct baseline_update *update);

#endif
