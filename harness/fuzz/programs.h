/* programs.h -- which of the programs that fuzzing needs are installed. */
#ifndef SOCKDRILL_PROGRAMS_H
#define SOCKDRILL_PROGRAMS_H

#include <stdbool.h>

/* The program of that name in PATH exists and can be executed. */
bool program_exists(const char *name);

#endif
