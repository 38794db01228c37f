/* memory.h -- malloc() and its kin for a program that cannot go on without memory: they end it with
 * status 3 and a line on standard error. What they return is never NULL, and freed with free(). */
#ifndef SOCKDRILL_MEMORY_H
#define SOCKDRILL_MEMORY_H

#include <stddef.h>

/* n things of that size, all zero; n may be 0. */
void *must_alloc(size_t n, size_t size);
/* The same things, of which there are now n; old may be NULL. */
void *must_grow(void *old, size_t n, size_t size);
char *must_copy(const char *text);
/* What printf() would print. */
char *must_format(const char *format, ...) __attribute__((format(printf, 1, 2), nonnull(1)));

#endif
