/* progress.h -- how far a run is: one line on a terminal, drawn over itself. */
#ifndef SOCKDRILL_PROGRESS_H
#define SOCKDRILL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
	FILE *terminal; /* NULL: nothing is drawn */
	int64_t start_us, drawn_us;
};

/* What is shown. */
struct progress_figures {
	size_t done, planned; /* case instances */
	unsigned unexpected;  /* of those that are done */
	unsigned seconds;     /* since the beginning */
};

/* Begins now. Nothing is drawn where `out` is NULL, is no terminal, or cannot move its cursor. */
void progress_begin(struct progress *progress, FILE *out);
/* Draws the line anew, in the width that the terminal has now; not more often than 20 times a
 * second. The figures' seconds are those since the beginning. */
void progress_draw(struct progress *progress, size_t done, size_t planned, unsigned unexpected);
/* Removes the line, before something else is printed. */
void progress_clear(const struct progress *progress);

/* The line, of at most `width` characters: with a bar where there is room for one, and without what
 * matters less where there is little. */
void progress_text(const struct progress_figures *figures, unsigned width, char *ret_text,
		   size_t size);

#endif
