/* read.h -- results files (JSON Lines, see reports/jsonl.c) read back. The bytes are not trusted.
 *
 * A file holds one run or several, one behind the other. Of a run without its end line the writer
 * was killed; what it has is used, and what else was planned is counted as missing. Without any
 * readable run line, reading fails.
 */
#ifndef SOCKDRILL_READ_H
#define SOCKDRILL_READ_H

#include <stdio.h>

#include "engine/result.h"

/* What a reader is told; each may be NULL. What a pointer names lives during the call; a result's
 * content may be taken. end: counts are of the recorded results of this run. */
struct results_sink {
	void (*begin)(void *context, const struct run_facts *facts);
	void (*result)(void *context, struct result *result);
	void (*end)(void *context, const struct counts *counts);
	void *context;
};

/* Limits of a file: a line's length in bytes, observations of a result. */
enum { RESULTS_LINE_MAX = 1 << 20, RESULTS_SAW_MAX = 1024 };

/* Reads the file; "-" is standard input. False: *ret_error (one line, new memory) names the file,
 * the line and the reason. Verdicts are as the file has them; name, family, test (by the registry),
 * observations are filled. Texts are UTF-8; but for what roles wrote they have no control
 * characters. */
bool results_read(const char *path, const struct results_sink *sink, char **ret_error);
/* The same from an open stream, which the error calls `name`. The stream stays open. */
bool results_read_stream(FILE *file, const char *name, const struct results_sink *sink,
			 char **ret_error);

#endif
