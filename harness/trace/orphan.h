/* orphan.h -- threads whose first stop comes before their parent's, or whose parent never tells of
 * them; used by tracer.c. */
#ifndef SOCKDRILL_TRACE_ORPHAN_H
#define SOCKDRILL_TRACE_ORPHAN_H

#include "trace/follow.h"

/* Keeps a stop of a thread that is not known yet. */
void orphan_keep(struct tracer *tracer, pid_t tid, int status);
/* Takes out the stop that was kept; false: none. */
bool orphan_take(struct tracer *tracer, pid_t tid, int *ret_status);
/* Follows the new thread of a parent; NULL when it is followed already, or is gone. */
struct thread *orphan_adopt(struct tracer *tracer, struct thread *parent, pid_t tid,
			    uint64_t flags);
/* The next of those whose parent was `dying`, followed; NULL: no more. Its stop is *ret_status. */
struct thread *orphan_adopt_of(struct tracer *tracer, struct thread *dying, int *ret_status);

#endif
