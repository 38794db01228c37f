/* read_parts.h -- what the readers of results files share. Nothing in a file is trusted. */
#ifndef SOCKDRILL_READ_PARTS_H
#define SOCKDRILL_READ_PARTS_H

#include <jansson.h>

#include "engine/result.h"

/* The string under key, or "" when it is missing or of another type. */
const char *read_text(const json_t *object, const char *key);

/* Limits of a traced result: events, and the numbers of processes and sockets. */
enum { CALLS_MAX = 20000, CALLS_NUMBER_MAX = 4096 };

/* Reads "calls" of a result's line into a new log; NULL and true when there is none. False:
 * *ret_reason tells what is wrong. */
bool read_calls(const json_t *line, struct trace_log **ret_calls, const char **ret_reason);

#endif
