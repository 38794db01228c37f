/* names.c -- names of the processes of a trace. */
#include "ladder/names.h"

#include <stdlib.h>
#include <string.h>

#include "engine/result.h"

/* The last part of a command line's first word. */
static char *program_of(const char *words)
{
	size_t n = strcspn(words, " "), from = n;

	while (from > 0 && words[from - 1] != '/')
		from--;
	return must_format("%.*s", (int)(n - from), words + from);
}

/* A process has its side's name, its program's, or else its parent's. */
static void learn(struct process_names *names, const struct trace_event *event)
{
	char **name = &names->of[event->process];
	char *better = NULL;

	if (event->side != SIDE_NONE)
		better = *name ? NULL : must_copy(who_name((enum who)event->side));
	else if (event->what == TRACE_PROGRAM || (event->what == TRACE_BEGIN && *event->arguments))
		better = program_of(event->arguments);
	else if (event->what == TRACE_BEGIN && names->of[event->parent])
		better = must_copy(names->of[event->parent]);
	if (better) {
		free(*name);
		*name = better;
	}
}

static bool is_taken(const struct process_names *names, const char *name, size_t before)
{
	for (size_t i = 0; i < before; i++)
		if (names->of[i] && !strcmp(names->of[i], name))
			return true;
	return false;
}

/* Of several with one name all but the first get a number. */
static void tell_apart(struct process_names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		char *name = names->of[i];
		if (!name || !*name) {
			names->of[i] = must_format("process %zu", i);
		} else if (is_taken(names, name, i)) {
			unsigned n = 2;
			char *other = must_format("%s #%u", name, n);
			while (is_taken(names, other, i)) {
				free(other);
				other = must_format("%s #%u", name, ++n);
			}
			names->of[i] = other;
		} else {
			continue;
		}
		free(name);
	}
}

void process_names_make(const struct trace_event *events, size_t count,
			struct process_names *ret_names)
{
	unsigned highest = 0;

	for (size_t i = 0; i < count; i++) {
		highest = events[i].process > highest ? events[i].process : highest;
		highest = events[i].parent > highest ? events[i].parent : highest;
	}
	ret_names->count = (size_t)highest + 1;
	ret_names->of = must_alloc(ret_names->count, sizeof *ret_names->of);
	for (size_t i = 0; i < count; i++)
		learn(ret_names, &events[i]);
	tell_apart(ret_names);
}

void process_names_finish(struct process_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->of[i]);
	free(names->of);
	memset(names, 0, sizeof *names);
}
