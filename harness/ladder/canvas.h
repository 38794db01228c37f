/* canvas.h -- squares of a terminal: texts, and lines that join where they meet. */
#ifndef SOCKDRILL_TRACE_CANVAS_H
#define SOCKDRILL_TRACE_CANVAS_H

#include <stdbool.h>
#include <stdio.h>

/* What a colour says. */
enum ink { INK_PLAIN, INK_HEAD, INK_FAINT, INK_ARROW, INK_ALARM, INKS };

/* Ways out of a square; a line is their sum. */
enum way { WAY_LEFT = 1, WAY_RIGHT = 2, WAY_UP = 4, WAY_DOWN = 8 };

struct square {
	char text[5]; /* a character with its NUL; "" for none */
	unsigned char lines;
	unsigned char ink;
};

struct canvas {
	struct square *squares;
	size_t rows, columns;
};

/* An empty one; canvas_finish() frees it. */
void canvas_make(struct canvas *canvas, size_t rows, size_t columns);
void canvas_finish(struct canvas *canvas);

/* What lies outside of the canvas is not drawn. */
void canvas_text(struct canvas *canvas, size_t row, size_t column, const char *text, enum ink ink);
/* A line within a row from one square to the other, both included; without loose ends beyond. */
void canvas_across(struct canvas *canvas, size_t row, size_t from, size_t to);
/* A line within a column, likewise. */
void canvas_down(struct canvas *canvas, size_t from, size_t to, size_t column);
/* Whether nothing but lines is in the squares from..to of the row. */
bool canvas_is_free(const struct canvas *canvas, size_t row, size_t from, size_t to);

/* Writes it, a line behind `prefix` for each row, without blanks at their ends. */
void canvas_put(FILE *out, const struct canvas *canvas, const char *prefix, bool boxes, bool color);

#endif
