/* spy_json.h -- what `sockdrill spy --json` prints. */
#ifndef SOCKDRILL_SPY_JSON_H
#define SOCKDRILL_SPY_JSON_H

#include "spy/spy.h"

/* Prints two looks at a process, and its load between them, as one JSON document. `before` may be
 * NULL. */
void put_spy_json(const struct spy_process *before, const struct spy_process *process,
		  const struct spy_load *load);

/* The thread of an earlier look; NULL when there is none. */
const struct spy_thread *spy_thread_before(const struct spy_process *before, pid_t tid);

#endif
