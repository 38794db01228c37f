/* sources.h -- source text of the project, built into the program: the cases, and fuzz/replay.c. */
#ifndef SOCKDRILL_SOURCES_H
#define SOCKDRILL_SOURCES_H

#include <stddef.h>

#include "source.h"

extern const struct source case_sources[];
extern const size_t case_source_count;

#endif
