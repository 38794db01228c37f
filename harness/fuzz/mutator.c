/* mutator.c -- finds out which targets have a mutator, and builds it. */
#include "fuzz/mutator.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fuzz/child.h"

enum { BUILD_LIMIT_MS = 60000 };

/* Whether fuzz/mutator.targets has a line of the name. */
static bool is_listed(const struct fuzz_subject *subject)
{
	char *path = must_format("%s/fuzz/mutator.targets", subject->source);
	FILE *file = fopen(path, "re");
	char line[128];
	bool listed = false;

	while (file && !listed && fgets(line, sizeof line, file)) {
		line[strcspn(line, "\r\n")] = '\0';
		listed = !strcmp(line, subject->name);
	}
	if (file)
		fclose(file);
	free(path);
	return listed;
}

/* False: *ret_error. */
static bool compile(const char *source, const char *library, const char *log, char **ret_error)
{
	const char *const argv[] = { "cc", "-O2", "-shared", "-fPIC", "-o", library, source, NULL };
	const struct child_order order = { .argv = argv, .output = log };
	struct child_end end = child_run(&order, BUILD_LIMIT_MS);

	if (!end.started)
		*ret_error = must_format("cannot start cc: %s: install gcc", strerror(end.err));
	else if (end.timed_out || end.status)
		*ret_error = must_format("cc could not build %s: its words are in %s", source, log);
	return end.started && !end.timed_out && !end.status;
}

char *mutator_build(const struct fuzz_subject *subject, const char *work, char **ret_error)
{
	if (subject->file || !is_listed(subject))
		return NULL;
	char *source = must_format("%s/fuzz/mutator.c", subject->source);
	char *library = must_format("%s/mutator.so", work);
	char *log = must_format("%s/mutator.log", work);

	if (!compile(source, library, log, ret_error)) {
		free(library);
		library = NULL;
	}
	free(log);
	free(source);
	return library;
}
