/* suggest.h -- "did you mean": the known word that a mistyped one is nearest to. */
#ifndef SOCKDRILL_SUGGEST_H
#define SOCKDRILL_SUGGEST_H

#include <stddef.h>

/* How many characters must be inserted, removed, changed or swapped with their neighbour to make b
 * of a, where upper and lower case, - and _ are the same; more than `most` is most + 1. */
unsigned edit_distance(const char *a, const char *b, unsigned most);
/* The nearest of `count` words, if it is near enough to be what was meant; else NULL. */
const char *suggest_word(const char *word, const char *const *words, size_t count);

#endif
