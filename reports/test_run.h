/* test_run.h -- for unit tests: a run in which everything happens, and reports written of runs. */
#ifndef SOCKDRILL_TEST_RUN_H
#define SOCKDRILL_TEST_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "case.h"
#include "engine/registry.h"
#include "engine/result.h"
#include "reports/report.h"

/* ---- To write results down ---- */

/* A result owns its texts; these are only read. */
#define T(text) ((char *)(text))

/* Where both roles stood, who said nothing, and what they saw. */
#define ENDS(s, c)     .stood = { T(s), T(c) }, .output = { T(""), T("") }
#define OBSERVED(list) .saw = (list), .saw_count = sizeof(list) / sizeof *(list)

/* A role of a case that never runs. */
void no_role(struct role *me);

/* ---- Runs ---- */

/* The results of `everything`, by what happens in them. */
enum {
	RUN_PASSES,
	RUN_PASSES_OFTEN,
	RUN_VARIES,
	RUN_SKIPS,
	RUN_SKIPS_TOO,
	RUN_LACKS_OPTION,
	RUN_FAILS, /* the only one that was traced */
	RUN_BREAKS,
	RUN_WAITS,
	RUN_FLAKES,
	RUN_FAILS_AS_KNOWN,
	RUN_HEALS,
	RUN_SKIPS_UNEXPECTED
};

/* A run, and how its report is to be. */
struct test_run {
	const struct run_facts *facts;
	const struct result *results;
	size_t count;
	double ms;
	struct end_of_run end;
	unsigned missing;             /* of the killed writer of a file */
	const struct registry *cases; /* NULL: all of the program */
	int verbosity;
	unsigned width; /* 0: as the report has it */
	bool color;
};
extern const struct test_run everything;
/* One that SIGTERM interrupted: a pass, a failure, and a dozen that were not run. */
extern const struct test_run cut_short;

/* To be given as .init of a suite, */
void begin_test_run(void);
/* and as .fini. */
void end_test_run(void);

/* ---- Reports ---- */

/* Opens and begins a report in that format into the test's file "out"; gives its path, new memory.
 */
char *begin_report(const struct test_run *run, const char *format, struct report *ret_report);
/* Ends it as if it had been given all results; false with *ret_error, which the caller frees. */
bool end_report(const struct test_run *run, struct report *report, char **ret_error);
/* The report of all of the run in that format; new memory. */
char *write_run(const struct test_run *run, const char *format);
/* The same of `everything`, with other results. */
char *write_results(const char *format, const struct result *results, size_t count);

/* ---- Texts ---- */

/* What `put` writes of the text; new memory. */
char *put_text(void (*put)(FILE *, const char *), const char *text);
/* How often the part, which is not empty, stands in the text. */
unsigned count_of(const char *text, const char *part);

#endif
