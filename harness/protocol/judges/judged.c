/* judged.c -- the judged party: one line of output for each input, so that thousands go through one
 * process.
 *
 * usage: judged PARSER <inputs >lines
 * An input is its length (4 bytes, little endian) and its bytes. Ends with 0; 1: the inputs end
 * amid one, or one is too long; 2: no such parser.
 */
#include "protocol/judges/printers.h"

#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 1 << 20 };

static const struct {
	const char *name;
	printer *print;
} printers[] = {
#define PRINTER(name) { #name, print_##name },
#include "protocol/judges/printers.def"
#undef PRINTER
};

static printer *find_printer(const char *name)
{
	for (size_t i = 0; i < sizeof printers / sizeof *printers; i++)
		if (!strcmp(printers[i].name, name))
			return printers[i].print;
	return NULL;
}

/* Judges one input from memory of exactly its size, where sanitizers see what is read beyond it. */
static int judge_one(printer *print, const uint8_t header[4])
{
	size_t len = (size_t)header[0] | (size_t)header[1] << 8 | (size_t)header[2] << 16 |
		     (size_t)header[3] << 24;
	uint8_t *bytes = len <= INPUT_MAX ? malloc(len + !len) : NULL;
	int status = 1;

	if (bytes && fread(bytes, 1, len, stdin) == len) {
		print(bytes, len, stdout);
		putchar('\n');
		status = 0;
	}
	free(bytes);
	return status;
}

int main(int argc, char **argv)
{
	printer *print = argc == 2 ? find_printer(argv[1]) : NULL;
	uint8_t header[4];
	size_t got;
	int status = 0;

	if (!print) {
		fprintf(stderr, "judged: %s is no parser here: see judges/printers.def\n",
			argc == 2 ? argv[1] : "nothing");
		return 2;
	}
	while (!status && (got = fread(header, 1, sizeof header, stdin)) == sizeof header)
		status = judge_one(print, header);
	if (status || got)
		fprintf(stderr, "judged: the inputs end amid one, or one is above %d bytes\n",
			INPUT_MAX);
	return status || got;
}
