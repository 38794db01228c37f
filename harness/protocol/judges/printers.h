/* printers.h -- one line of text for what a parser made of an input: what judges compare. */
#ifndef SOCKDRILL_PRINTERS_H
#define SOCKDRILL_PRINTERS_H

#include <inttypes.h>
#include <stdio.h>

#include "protocol/parse.h"

/* Writes what the parser says of the bytes, without a newline, to `out`. Never fails. */
typedef void printer(const uint8_t *bytes, size_t len, FILE *out);

#define PRINTER(name) printer print_##name;
#include "protocol/judges/printers.def"
#undef PRINTER

/* The bytes as hexadecimal digits; "-" when there are none, so that a line's words can be counted.
 */
static inline void print_hex(const uint8_t *bytes, size_t len, FILE *out)
{
	if (!len)
		fputc('-', out);
	for (size_t i = 0; i < len; i++)
		fprintf(out, "%02x", bytes[i]);
}

#endif
