/* number.h -- single numbers in bytes, of any size and order.
 *
 * Source: IEEE 754-2019 3.4 (binary16, binary32, binary64) and 4.3.1 (to nearest, ties to even).
 */
#ifndef SOCKDRILL_NUMBER_H
#define SOCKDRILL_NUMBER_H

#include "protocol/parse.h"

/* Integers of 1 to 8 bytes. Storing keeps the number's low bytes. */
uint64_t number_load(const uint8_t *bytes, size_t size, bool little_endian);
void number_store(uint64_t number, uint8_t *bytes, size_t size, bool little_endian);

/* The number of `size` bytes as a signed one. */
int64_t number_signed(uint64_t number, size_t size);

/* The double whose bits, as a number of 2, 4 or 8 bytes, are given. */
double number_to_real(uint64_t bits, size_t size);

/* The bits of the real in 2, 4 or 8 bytes, exactly rounded; false: it is too large for them. A NaN
 * of 2 bytes is the quiet one. */
bool number_of_real(double real, size_t size, uint64_t *ret_bits);

#endif
