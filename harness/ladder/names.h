/* names.h -- what the processes of a trace are called: by their side, or the program they run. */
#ifndef SOCKDRILL_TRACE_NAMES_H
#define SOCKDRILL_TRACE_NAMES_H

#include "trace/event.h"

struct process_names {
	char **of; /* by process: "server", "client #2", "wget", "process 3" */
	size_t count;
};

/* Names all processes of the trace, each differently. process_names_finish() frees them and takes
 * a zeroed one. */
void process_names_make(const struct trace_event *events, size_t count,
			struct process_names *ret_names);
void process_names_finish(struct process_names *names);

#endif
