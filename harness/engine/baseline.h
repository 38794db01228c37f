/* baseline.h -- known deviations of systems: what `run --expect FILE` takes as expected.
 *
 * A file of lines, blank ones and those that begin with # apart:
 *   stack/release/machine  glob  outcome[,outcome]  reason or URL
 * Each of the first three may hold wildcards; glob is a case's name or
 * name/family; an outcome is a verdict other than notrun. Two outcomes say that it is known to
 * vary. All matching lines together say what is expected; without one, pass, variant and skip are.
 */
#ifndef SOCKDRILL_BASELINE_H
#define SOCKDRILL_BASELINE_H

#include <stdio.h>

#include "engine/plan.h"
#include "engine/result.h"

struct baseline_line {
	char *where; /* stack/release/machine, as written */
	char *glob;
	unsigned outcomes; /* bit per enum verdict */
	char *reason;
	char *raw;       /* a comment or blank line, kept by --expect-update; else NULL */
	unsigned number; /* in the file, from 1 */
	bool applies;    /* to the running system */
	bool used;       /* a result matched it */
};

struct baseline {
	struct baseline_line *lines;
	size_t count;
};

/* Reads one line (without its newline and without NUL). False: *ret_error is the reason. Pure. */
bool baseline_parse_line(const char *text, unsigned number, struct baseline_line *ret_line,
			 const char **ret_error);

/* Reads the file; false: *ret_error (new memory) names file, line and reason. */
bool baseline_read(const char *path, const struct run_facts *facts, struct baseline *ret_baseline,
		   char **ret_error);
/* The same from an open stream, which the error calls `name`. The stream stays open. */
bool baseline_read_stream(FILE *file, const char *name, const struct run_facts *facts,
			  struct baseline *ret_baseline, char **ret_error);
void baseline_finish(struct baseline *baseline);

/* Sets the result's .expected, .baseline_outcomes and .baseline_reason, and marks the lines used.
 * What was not run is never expected, and uses no line. */
void baseline_judge(struct baseline *baseline, struct result *result);
/* Whether the verdict is what the baseline expects of this instance. */
bool baseline_expects(const struct baseline *baseline, const struct result *result);

/* The reason that the baseline's applying lines give for this verdict of the instance, owned by the
 * baseline; NULL when none lists it. */
const char *baseline_reason(const struct baseline *baseline, const struct result *result);

/* Writes the lines that apply to this system and fit no instance of any case to `out`; returns
 * their number. A line for instances that were not selected, or did not run, may be right. */
unsigned baseline_report_unused(const struct baseline *baseline, const char *path, FILE *out);

bool baseline_write(const struct baseline *baseline, const char *path, char **ret_error);
/* Writes the lines to `out`; errors stay in the stream. */
void baseline_put(const struct baseline *baseline, FILE *out);

#endif
