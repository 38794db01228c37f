/* ladder.h -- a trace as a ladder: a column for each side, time downwards, calls in their order,
 * arrows for what went across. What it looks like is up to who draws it: text or SVG. */
#ifndef SOCKDRILL_TRACE_LADDER_H
#define SOCKDRILL_TRACE_LADDER_H

#include <stdio.h>

#include "ladder/flow.h"

enum ladder_phase {
	CELL_WHOLE, /* a call or another event, in one row */
	CELL_BEGIN, /* a call that other sides' calls came between: where it began, */
	CELL_REST   /* and where it returned */
};

struct ladder_cell {
	size_t event; /* by index */
	size_t column;
	enum ladder_phase phase;
};

enum { LADDER_CELLS = 2 };

struct ladder_row {
	int64_t at_us;
	struct ladder_cell cells[LADDER_CELLS]; /* two: sent and taken at once; two columns only */
	unsigned cell_count;
	/* A row without cells is a note on what is not shown here. */
	unsigned rounds; /* as many more rounds like the ones above */
	unsigned rows;   /* as many rows */
	bool *waits;     /* by column: in a call that began above and returns below */
};

struct ladder_column {
	char *name;
	unsigned process;
	int side;
};

struct ladder_arrow {
	struct arrow arrow;
	size_t from_row, to_row; /* to_row: only of what came */
	size_t from_column, to_column;
};

struct ladder {
	const struct trace_event *events;
	struct ladder_column *columns; /* clients first, servers last */
	size_t column_count;
	struct ladder_row *rows;
	size_t row_count;
	struct ladder_arrow *arrows;
	size_t arrow_count;
	size_t left_out; /* processes without a column: there are too many */
};

enum { LADDER_COLUMNS_MAX = 12, LADDER_ROWS = 300 };

/* Makes the ladder of events[0..count), which stay the caller's and must outlive it: of more than
 * about `rows_max` rows those in the middle are left out. */
void ladder_make(const struct trace_event *events, size_t count, size_t rows_max,
		 struct ladder *ret_ladder);
/* Frees what it owns; takes a zeroed one. */
void ladder_finish(struct ladder *ladder);

struct ladder_look {
	unsigned width; /* columns of the terminal; less than 60 is taken as 60 */
	bool boxes;     /* lines of box characters, for UTF-8; else of ASCII */
	bool color;
	const char *prefix; /* in front of each line, within the width; NULL: none */
};

/* Draws it for a terminal. Nothing of an empty ladder. */
void ladder_put_text(FILE *out, const struct ladder *ladder, const struct ladder_look *look);
/* Whether texts of this process's locale are UTF-8, by the environment. */
bool ladder_may_use_boxes(void);

/* ---- For those who draw ---- */

/* What stands in a cell, in at most `room` characters: `recv(4, "hel...) = 3`. New memory. */
char *ladder_cell_text(const struct ladder *ladder, const struct ladder_cell *cell, size_t room);
/* Everything about it, with the time it took. New memory. */
char *ladder_cell_title(const struct ladder *ladder, const struct ladder_cell *cell);
/* "5 B", "end", "reset", "connect"; new memory. */
char *ladder_arrow_label(const struct ladder_arrow *arrow);
/* What a note's row says; new memory. */
char *ladder_note(const struct ladder_row *row);
/* Characters of a UTF-8 text, and the bytes of its first n. */
size_t ladder_length(const char *text);
size_t ladder_bytes(const char *text, size_t n);

#endif
