/* excerpt.h -- the part of a C file that one definition needs: itself and what it uses of the file.
 * Pure. */
#ifndef SOCKDRILL_EXCERPT_H
#define SOCKDRILL_EXCERPT_H

#include <stdbool.h>
#include <stdio.h>

/* Whether the text defines `name` at top level. */
bool excerpt_defines(const char *text, const char *name);

/* Writes the definition of `name` and, before it, in the order of the file, every top-level
 * definition (function, enum, struct, table, macro) that it uses, directly or through others. */
void excerpt_put(FILE *out, const char *text, const char *name);

#endif
