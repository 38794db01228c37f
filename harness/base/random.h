/* random.h -- a small seeded generator (xorshift64*): the same numbers on every machine. Not for
 * secrets. */
#ifndef SOCKDRILL_RANDOM_H
#define SOCKDRILL_RANDOM_H

#include <stdint.h>

/* The next number of all 64 bits; *state, the seed at first, must not be 0. */
uint64_t next_random(uint64_t *state);

#endif
