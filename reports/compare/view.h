/* view.h -- a comparison as writers show it: rows by urgency, systems that are alike together, and
 * labels once. */
#ifndef SOCKDRILL_COMPARE_VIEW_H
#define SOCKDRILL_COMPARE_VIEW_H

#include <stdint.h>

#include "reports/compare/compare.h"

/* What a row is to be told as, the most urgent first. */
enum section {
	SECTION_NEW,        /* a system does what nobody expects of it */
	SECTION_DOCUMENTED, /* systems differ from the first, each for a documented reason */
	SECTION_ALLOWED,    /* they differ as the standard allows */
	SECTION_OTHERS,     /* the first did not run it, and the others are not alike */
	SECTION_ALIKE,      /* all that ran it saw the same */
	SECTION_COUNT
};

enum section row_section(const struct comparison *comparison, const struct compare_row *row);
/* "new", "documented", ... */
const char *section_name(enum section section);
/* What the section is about, as a sentence without full stop. */
const char *section_claim(enum section section);

/* Systems that saw the same, and whose cells say the same. */
struct row_group {
	uint64_t systems;              /* bit i: system i */
	const struct cell *cell;       /* of the first of them */
	const struct outcome *outcome; /* NULL: absent */
};

/* Every system is in one group; in the order of the systems. Gives their number. */
size_t row_groups(const struct comparison *comparison, const struct compare_row *row,
		  struct row_group groups[SYSTEMS_MAX]);
/* How many rows from `from` on (of rows sorted by name) are of one case, and tell the same of every
 * system: its families, as a rule. At least 1. */
size_t rows_alike(const struct comparison *comparison, size_t from);
/* "inet, unix": of so many rows; new memory. */
char *rows_families(const struct comparison *comparison, size_t from, size_t count);
/* "linux, lwip"; new memory. */
char *group_names(const struct comparison *comparison, const struct row_group *group);
/* What there is to say of the group beside class and values: why its own way is documented, why it
 * was skipped, where it hung; "" when the values say it all. */
const char *group_reason(const struct row_group *group);
/* What a reason is the reason of: "timeout", "broken", ... for what did not run to its end, else
 * "because". */
const char *group_reason_name(const struct row_group *group);

/* What roles recorded in a row, each label once. */
struct row_label {
	enum who who;
	const char *label;
	const struct observation *common; /* what all saw; NULL: they differ */
};

/* In the order of recording, server first; skipped outcomes left out. The caller frees *ret_labels;
 * what it points to is the row's. */
size_t row_labels(const struct compare_row *row, struct row_label **ret_labels);

/* How an observation stands to the portable expectation: "ok", "ok (0 or -1 EAGAIN)", "left open",
 * "portable is 0", "WANTED 0". NULL: it was not recorded. `likeness` is its cell's. New memory. */
char *observation_note(const struct observation *one, enum likeness likeness);

/* How many of a thousand common rows are equal on both, never rounded up; -1: none are common. */
int systems_alike(const struct comparison *comparison, size_t a, size_t b);

/* "differs-new", with ", new" or ", known" behind a difference that is or would be one; new memory.
 */
char *class_text(const struct cell *cell);

#endif
