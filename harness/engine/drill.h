/* drill.h -- runs one case by itself: for tests that look at its result. */
#ifndef SOCKDRILL_DRILL_H
#define SOCKDRILL_DRILL_H

#include "engine/needs.h"
#include "engine/result.h"

struct drill_setting {
	enum isolation isolation;
	uint32_t timeout_ms; /* beside the case's own waits */
	unsigned repeat;     /* in the same world, as long as it can be used again */
	bool threads;        /* the roles are threads of one process */
	bool traced;         /* their calls are in the result */
};

/* Runs the case; fills *ret_result, which the caller finishes. False: *ret_error (new memory) says
 * why no pair could be run. */
bool drill(const char *name, const struct sock_case *test, enum family family,
	   const struct drill_setting *setting, struct result *ret_result, char **ret_error);

#endif
