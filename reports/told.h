/* told.h -- results of one case that say the same for several families, told once. */
#ifndef SOCKDRILL_TOLD_H
#define SOCKDRILL_TOLD_H

#include "reports/report.h"

struct told {
	enum verdict verdict;
	char *name;     /* of the case */
	char *families; /* "inet" or "inet, inet6" */
	bool is_shared; /* there are several of them */
	bool is_known;  /* this program has the case: it can be repeated */
	struct place place;
	char *text; /* what is told */
};

struct tale {
	struct told *told;
	size_t count;
};

/* Tells a result with this text (taken over): with an equal one, or as a new one while there are
 * fewer than `most`. False: there are as many, and the text is freed. */
bool tale_add(struct tale *tale, const struct report *report, const struct result *result,
	      char *text, size_t most);
/* What to type to see it again; new memory. */
char *told_repeat(const struct told *told, const struct report *report);
/* Frees what the tale owns; takes a zeroed one. */
void tale_finish(struct tale *tale);

#endif
