/* sources.h -- source text of the project, built into the program: the cases, and fuzz/replay.c. */
#ifndef SOCKDRILL_SOURCES_H
#define SOCKDRILL_SOURCES_H

#include <stddef.h>

struct source {
	const char *path; /* in the project */
	const char *text;
};

/* Made at build time by embed_sources.c. */
extern const struct source case_sources[];
extern const size_t case_source_count;

#endif
