/* text.h -- what the two ways of drawing a ladder in a terminal share. */
#ifndef SOCKDRILL_TRACE_LADDER_TEXT_H
#define SOCKDRILL_TRACE_LADDER_TEXT_H

#include "ladder/canvas.h"
#include "ladder/ladder.h"

/* A ladder while it is drawn. Its rows are below `top` rows of the canvas. */
struct drawing {
	const struct ladder *ladder;
	struct canvas canvas;
	bool boxes;
	size_t top;
	size_t broken; /* arrows that had to be drawn in two parts */
	/* With two columns or one: */
	size_t left, right;        /* where the columns begin */
	size_t room;               /* characters of a column's texts */
	size_t gutter, gutter_end; /* between them; the last is a blank */
	size_t *ends[2];           /* by row: where the texts of a column end */
};

enum { TIME_WIDTH = 9 };

/* The times, and notes on what is not shown. */
void drawing_put_times(struct drawing *drawing);
enum ink drawing_ink(const struct drawing *drawing, const struct ladder_cell *cell);

/* Draws up to two columns side by side; more as lanes. */
void draw_columns(struct drawing *drawing);
void draw_lanes(struct drawing *drawing);
/* Rows that lanes need above their ladder. */
size_t lanes_top(const struct ladder *ladder);

#endif
