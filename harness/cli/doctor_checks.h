/* doctor_checks.h -- what `doctor` finds out about this machine: a list of facts, in no format. */
#ifndef SOCKDRILL_DOCTOR_CHECKS_H
#define SOCKDRILL_DOCTOR_CHECKS_H

#include <stdbool.h>
#include <stddef.h>

/* One thing that works here, or does not. Texts are owned; NULL: there is nothing to say. */
struct check {
	const char *name;
	bool works;
	unsigned lost; /* case instances that are skipped without it */
	char *note;    /* what there is, where it works */
	char *cost;    /* what does not work without it */
	char *reason;  /* why it does not */
	char *fix;     /* what to do about it */
};

struct checks {
	struct check *at;
	size_t count;
};

/* Finds out; forks short-lived processes, changes nothing. checks_finish() frees the texts. */
void checks_make(struct checks *ret_checks);
void checks_finish(struct checks *checks);

#endif
