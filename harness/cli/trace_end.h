/* trace_end.h -- what sockdrill trace tells when tracing has ended: the ladder, the life of each
 * socket, and what was wrong. */
#ifndef SOCKDRILL_TRACE_END_H
#define SOCKDRILL_TRACE_END_H

#include <stdio.h>

#include "trace/log.h"

struct trace_end {
	bool ladder;        /* as text */
	bool only_findings; /* of the sockets' lives */
	unsigned width;
	bool color;
};

/* Writes it to `out`. */
void trace_end_put(FILE *out, const struct trace_log *log, const struct trace_end *end);
/* Writes the ladder as SVG. Errors stay in the stream. False: there is nothing to draw. */
bool trace_end_put_svg(FILE *out, const struct trace_log *log);

#endif
