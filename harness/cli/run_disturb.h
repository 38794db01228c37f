/* run_disturb.h -- `run --disturb`: tells which cases fail when their calls are disturbed. */
#ifndef SOCKDRILL_RUN_DISTURB_H
#define SOCKDRILL_RUN_DISTURB_H

#include "cli/cli.h"
#include "engine/schedule.h"

/* Disturbs the plan's cases and prints what became of them to standard output: each that survives,
 * then a summary; with verbosity > 0 every one. whole: all cases are planned, so that a line of
 * cases/undisturbed.tsv that no survivor needs is an error. *ret_outcome tells how the run ended;
 * the status is that of the command when it is RUN_DONE. */
int run_disturb(const struct plan *plan, const struct schedule_setting *setting, int verbosity,
		bool whole, struct run_outcome *ret_outcome);

#endif
