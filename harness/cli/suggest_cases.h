/* suggest_cases.h -- "did you mean", for globs that no case matches. */
#ifndef SOCKDRILL_SUGGEST_CASES_H
#define SOCKDRILL_SUGGEST_CASES_H

#include "cli/cli.h"
#include "engine/registry.h"

/* What may have been meant. */
struct case_suggestion {
	char glob[160];    /* a name, a glob, or either with a family; "": nothing is near */
	size_t cases;      /* how many cases match it */
	unsigned families; /* the glob is right but for its family: those of the cases it names */
};

/* Finds it for a glob that matches no case of the registry. */
void suggest_cases(const struct registry *registry, const char *glob,
		   struct case_suggestion *ret_suggestion);
/* The text of an error line: "no case matches 'GLOB': did you mean ...?", new memory. */
char *no_case_matches(const struct registry *registry, const char *glob);
/* Prints that line, for the cases of this program; returns STATUS_NOTHING. */
int refuse_glob(const struct command *command, const char *glob);

#endif
