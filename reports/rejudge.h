/* rejudge.h -- recorded values weighed by the expectations of this program instead of the
 * recording one's. Pure. */
#ifndef SOCKDRILL_REJUDGE_H
#define SOCKDRILL_REJUDGE_H

#include "engine/result.h"
#include "os/os.h"

/* The system that a run was recorded on, for expectations that differ by it. */
void system_of_run(const struct run_facts *facts, struct os_facts *ret_os);

/* Verdict, reason and each observation's want, ok and variant, from the recorded values. Only what
 * came from values can be judged anew: a skip, a crash or a time-out stays, and so does a case that
 * this program does not know. Sets result->expected for a run without a baseline. */
void judge_anew(struct result *result, const struct os_facts *os);

#endif
