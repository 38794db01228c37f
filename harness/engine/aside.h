/* aside.h -- files that are whole or not there: written beside their place, then renamed to it. */
#ifndef SOCKDRILL_ASIDE_H
#define SOCKDRILL_ASIDE_H

#include <stdbool.h>
#include <stdio.h>

/* An output being written. */
struct aside {
	FILE *out;
	char *path; /* NULL: standard output */
	char *part; /* what is renamed to path in the end; NULL: path itself is written */
};

/* Whether both paths name one file, by whatever name: it is there, or would be. "-" is what
 * standard output is now. /dev/null is none: it may take all. */
bool aside_is_same(const char *a, const char *b);

/* Opens what becomes `path`; "-" is standard output. What is no plain file (a pipe, a device)
 * cannot be renamed to and is written directly, and so is anything that is to be read while it
 * grows (`grows`). False: errno says why; nothing is to be closed. */
bool aside_open(struct aside *aside, const char *path, bool grows);
/* Closes and puts the file in its place. False: errno says why, of the first failure that stdio
 * still knows; the old file, if any, is as it was. Either way *aside is empty. Standard output is
 * flushed and stays open. */
bool aside_close(struct aside *aside);
/* Closes and leaves the old file as it was; what was written directly stays. */
void aside_abandon(struct aside *aside);

#endif
