/* compare.h -- the same behaviours on several systems, side by side: what every comparing report is
 * made from.
 *
 * A comparison is read from results files, one system each; the first is the one that the others
 * are held against. Recorded values are judged by this program's expectations. Outcomes that are
 * equal are kept once. Everything here is read-only after comparison_read().
 */
#ifndef SOCKDRILL_COMPARE_H
#define SOCKDRILL_COMPARE_H

#include <stdio.h>

#include "engine/result.h"
#include "reports/thousands.h"

/* How one system stands to one behaviour. */
enum likeness {
	LIKE_CONFORMS,    /* as a portable program may rely on, and as the first system does */
	LIKE_ALLOWED,     /* as it may rely on, but not as the first system does */
	LIKE_DOCUMENTED,  /* this system's own way: a row of the case with its reason says so */
	LIKE_NEW,         /* no expectation tells of it: a crash, a time-out, a case unknown here */
	LIKE_VIOLATES,    /* not what the standard behind the case demands */
	LIKE_UNSUPPORTED, /* skipped: the system lacks it */
	LIKE_ABSENT,      /* the file has no result of it */
	LIKE_COUNT
};

/* "conforms", "differs-allowed", "differs-documented", "differs-new", "violates", "unsupported",
 * "absent". */
const char *likeness_name(enum likeness likeness);
/* One letter each, for where colours do not show: C A D N V U and '-'. */
char likeness_letter(enum likeness likeness);

/* What was seen, shared by all systems that saw the same. Observations carry what the portable
 * expectation is (want; "" when there is none) and whether it is met (ok). */
struct outcome {
	enum verdict kind; /* PASS: it ran to its end; SKIP, BROKEN, TIMEOUT, FLAKY: it did not */
	struct observation *saw;
	size_t saw_count;
	unsigned systems; /* how many saw it */
};

/* One system at one behaviour. */
struct cell {
	enum likeness likeness;
	enum verdict verdict;
	bool not_run;     /* absent, since its run ended before its turn */
	bool differs;     /* both ran, and not as on the first system */
	bool is_new;      /* it differs, violates or is new, and nobody gave a reason */
	char *known;      /* the reason a baseline gives for this verdict; NULL: none does */
	unsigned outcome; /* in the row's outcomes; of an absent result 0, without meaning */
	char *reason;     /* of the verdict, one line; "" for a pass */
	double ms;        /* time it took */
};

struct compare_row {
	char *name; /* of the case */
	enum family family;
	const struct sock_case *test; /* NULL: unknown to this program */
	struct outcome *outcomes;     /* in the order of the systems that saw them first */
	size_t outcome_count;
	struct cell *cells; /* one per system */
};

struct system {
	char *name;  /* short and unique: the stack, else the file's name */
	char *title; /* "gvisor 20221219: Linux 4.4.0 x86_64" */
	char *path;
	struct run_facts facts;
	struct counts counts; /* .of by the verdicts of now; .ms and .end of its runs */
	bool is_torn;         /* a writer was killed, and nobody knows what else it was to run */
	unsigned like[LIKE_COUNT];    /* of all rows */
	unsigned common;              /* rows that ran here and on the first system */
	unsigned differs;             /* of these: */
	unsigned allowed, documented; /* documented: by a row of the case or by a baseline */
	unsigned new_ones;            /* those that set the exit status */
	unsigned violates;            /* of those that differ, known or not */
};

struct comparison {
	struct system *systems;
	size_t system_count;
	struct compare_row **rows; /* by name, then family */
	size_t row_count;
};

enum { SYSTEMS_MAX = 64 };

/* Reads the files. False: *ret_error (one line, new memory) names the file and the reason: it is
 * unreadable, broken, of another version than the first, or without results. `known` are baseline
 * files whose reasons make a difference a documented one. */
bool comparison_read(const char *const *paths, size_t count, const char *const *known,
		     size_t known_count, struct comparison *ret_comparison, char **ret_error);
void comparison_finish(struct comparison *comparison);
/* Whether every system ran the rows, as far as its file tells. A row that a run did not come to
 * says nothing of the system, and would be taken for one that it does not have. False: *ret_error
 * (one line, new memory) names the file, what ended its run, and what to do. Only then writers can
 * be called. */
bool comparison_is_whole(const struct comparison *comparison, char **ret_error);
/* Keeps the rows that one of the globs fits, and counts anew. */
void comparison_select(struct comparison *comparison, const char *const *globs, size_t count);

/* Rows that ran on both systems, and how many of them had the same outcome. */
void comparison_distance(const struct comparison *comparison, size_t a, size_t b,
			 unsigned *ret_common, unsigned *ret_equal);

/* Whether all systems that ran the row saw the same. */
bool row_is_unanimous(const struct compare_row *row);
/* Whether the observation `label` of `who` is not the same in all outcomes that have values. */
bool row_label_differs(const struct compare_row *row, enum who who, const char *label);
/* The same of the outcomes that have observations: one that timed out before any is left aside. */
bool row_value_differs(const struct compare_row *row, enum who who, const char *label);
/* The observation of that name; NULL: the outcome has none. */
const struct observation *outcome_saw(const struct outcome *outcome, enum who who,
				      const char *label);
/* "B differs from A in 37 of 2,600: 21 allowed, 12 documented, 4 new; 6 of these violate the
 * standard; 5 not supported; 2 not recorded"; what there is none of stays out behind "new"; new
 * memory. */
char *comparison_headline(const struct comparison *comparison, size_t system);
/* What happened, in one line: "client recv = 0, recv again = 0", "timeout"; only the labels that
 * differ, when `only_differing`; new memory. */
char *outcome_text(const struct compare_row *row, const struct outcome *outcome,
		   bool only_differing);

/* ---- Writers: each writes the whole comparison to `out`; errors stay in the stream ---- */

struct compare_options {
	bool all;       /* unanimous rows too */
	bool color;     /* terminal only */
	unsigned width; /* terminal only */
};

typedef void compare_writer(const struct comparison *comparison,
			    const struct compare_options *options, FILE *out);
compare_writer compare_put_terminal;
compare_writer compare_put_markdown;
compare_writer compare_put_json;
compare_writer compare_put_html; /* reports/page */

#endif
