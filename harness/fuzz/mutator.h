/* mutator.h -- the mutator of lines for targets whose inputs are such. */
#ifndef SOCKDRILL_FUZZ_MUTATOR_H
#define SOCKDRILL_FUZZ_MUTATOR_H

#include "fuzz/binaries.h"

/* Builds fuzz/mutator.c into the directory `work` when fuzz/mutator.targets names the subject;
 * gives the path of the library, new memory. NULL: the subject has none, or, with *ret_error (one
 * line, new memory), it could not be built. */
char *mutator_build(const struct fuzz_subject *subject, const char *work, char **ret_error);

#endif
