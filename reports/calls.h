/* calls.h -- the calls of a traced result in reports. */
#ifndef SOCKDRILL_CALLS_H
#define SOCKDRILL_CALLS_H

#include "reports/report.h"

/* The key "calls" of a result's line, behind a comma: events with the keys of
 * harness/trace/print.h, but the data as "hex", two digits a byte; and "calls_lost", how many are
 * missing. Nothing for a result that was not traced. */
void put_calls_json(FILE *out, const struct result *result);

/* The ladder of the calls, its lines behind `prefix`, as wide as the report and plain; new memory.
 * NULL: it was not traced, or did nothing. */
char *calls_text(const struct report *report, const struct result *result, const char *prefix);
/* The same written out, for a report that may have colours and box characters. */
void put_calls(struct report *report, const struct result *result, const char *prefix);
/* As SVG in an element of its own. */
void put_calls_html(FILE *out, const struct result *result);

#endif
