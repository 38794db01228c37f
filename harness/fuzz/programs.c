/* programs.c -- looks through PATH. */
#include "fuzz/programs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool program_exists(const char *name)
{
	const char *path = getenv("PATH");
	char whole[4096];

	for (const char *at = path ? path : ""; *at;) {
		size_t n = strcspn(at, ":");
		snprintf(whole, sizeof whole, "%.*s/%s", (int)n, at, name);
		if (!access(whole, X_OK))
			return true;
		at += n + (at[n] == ':');
	}
	return false;
}
