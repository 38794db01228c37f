/* report.h -- the writers of results: each turns run facts, results and counts into one format.
 *
 * A writer gets begin(), then result() per case instance as they land, then end(). An instance that
 * never ran has a result, too, behind all others of its run; how the run ended stands in the
 * counts. What is abandoned never gets end(): formats that stream keep what they have, the others
 * say nothing.
 */
#ifndef SOCKDRILL_REPORT_H
#define SOCKDRILL_REPORT_H

#include <stdio.h>

#include "base/escape.h"
#include "engine/aside.h"
#include "engine/registry.h"
#include "engine/result.h"
#include "reports/thousands.h"

struct report;

struct format {
	const char *name;
	bool streams; /* written to its file line by line; others aside, then renamed */
	void (*begin)(struct report *report, const struct run_facts *facts);
	void (*result)(struct report *report, const struct result *result);
	void (*end)(struct report *report, const struct run_facts *facts,
		    const struct counts *counts);
	void (*forget)(struct report *report); /* frees what .own holds; may be NULL */
};

/* One report being written. */
struct report {
	const struct format *format;
	FILE *out;
	struct aside file; /* what out writes to */
	bool color;
	bool boxes;         /* lines of box characters, which need UTF-8 */
	int verbosity;      /* -1 quiet, 0, 1 every case, 2 every observation */
	unsigned width;     /* columns */
	int err;            /* errno of the first write that failed; 0: none did */
	const char *err_at; /* what could not be written then; NULL: the report itself */
	unsigned number;    /* results so far */
	char **not_run;     /* of these, names of instances that were not run: "case/family" */
	size_t not_run_count;
	const char
		*rerun; /* how this program is called, for lines that say how to repeat something */
	char *run_command; /* the same as words for a shell, with " run" and the options of this run
			      that matter to its cases */
	FILE *body;        /* of formats whose head needs totals: report_open_body() */
	char *body_text;
	size_t body_size;
	struct skips *skips;          /* of pretty: reasons counted */
	void *own;                    /* what else a format keeps; freed after its .forget */
	const struct registry *cases; /* tells where cases are defined */
};

extern const struct format format_pretty;
extern const struct format format_tap;   /* of version 13 */
extern const struct format format_tap14; /* of version 14 */
extern const struct format format_jsonl;
extern const struct format format_junit;
extern const struct format format_ctrf;
extern const struct format format_github;
extern const struct format format_markdown;
extern const struct format format_html;

/* The format of that name, or NULL. */
const struct format *format_find(const char *name);
/* "pretty, tap, ..."; the caller frees it. */
char *format_names(void);

/* Takes FORMAT or FORMAT:FILE apart; the path, "-" without a file, points into the spec. False:
 * *ret_error (one line, new memory) says what is wrong with it. */
bool report_parse(const char *spec, const struct format **ret_format, const char **ret_path,
		  char **ret_error);
/* Opens a report given as FORMAT or FORMAT:FILE ("-" is standard output). False: *ret_error (one
 * line, new memory) says why. */
bool report_open(struct report *report, const char *spec, char **ret_error);
void report_begin(struct report *report, const struct run_facts *facts);
/* False when the output cannot be written. */
bool report_result(struct report *report, const struct result *result);
/* Ends, closes, and puts the file in place. False: *ret_error says why. */
bool report_end(struct report *report, const struct run_facts *facts, const struct counts *counts,
		char **ret_error);
/* Closes without ending. */
void report_abandon(struct report *report);

/* ---- For writers ---- */

/* Opens .body, which grows in memory. Without memory it stays NULL, and the report's end says so.
 */
void report_open_body(struct report *report);
/* Brings .body_text and .body_size up to what was written to .body; false: there is none. */
bool report_settle_body(struct report *report);

/* Where to look when a result is not good: a path in the project, NULL for a case that is not
 * known here; and the line of the first observation that is wrong, of the machinery that failed, or
 * else of the case. */
struct place {
	const char *file;
	int line;
};
struct place report_place(const struct report *report, const struct result *result);

/* What the results come to, in a few words: "2 of 13 not as expected, 4 not run", "all 13 as
 * expected"; new memory. */
char *report_headline(const struct counts *counts);
/* What ended the run before all had run, and how many had not: "interrupted by SIGTERM, 3 of 13 not
 * run"; new memory. NULL for a run that is complete. */
char *report_cut_text(const struct counts *counts);
/* A word for a shell: as it stands, or in quotes; new memory. */
char *shell_word(const char *text);
/* The names of at most `most` instances that were not run, between commas, and how many more there
 * are. */
void put_not_run(FILE *out, const struct report *report, size_t most);

/* Every observation, a line each, and how the roles ended: the part that all formats share. */
void put_observations(FILE *out, const struct result *result, const char *line_prefix);
/* The area of a case: its name up to the first underscore. */
int area_length(const char *name);

#endif
