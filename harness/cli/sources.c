/* sources.c -- the table of the cases' source texts, filled at build time by embed.c. */
#include "cli/sources.h"

const struct source case_sources[] = {
#include "harness/cli/case_sources.h"
};

const size_t case_source_count = sizeof case_sources / sizeof *case_sources;
