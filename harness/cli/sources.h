/* sources.h -- the source text of the cases, built into the program. */
#ifndef SOCKDRILL_SOURCES_H
#define SOCKDRILL_SOURCES_H

#include <stddef.h>

#include "source.h"

extern const struct source case_sources[];
extern const size_t case_source_count;

#endif
