/* check.h -- what CONTRIBUTING.md asks of a descriptor, looked for in one. Pure but for the output.
 */
#ifndef SOCKDRILL_CHECK_H
#define SOCKDRILL_CHECK_H

#include <stdio.h>

#include "engine/registry.h"

/* Prints a line "file:line: name: what is wrong" to `out` for each fault of the descriptor; returns
 * their number. `out` may be NULL. */
unsigned check_case(const struct entry *entry, FILE *out);

#endif
