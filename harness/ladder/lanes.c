/* lanes.c -- draws ladders of more than two columns: a lane for each, the calls beside. */
#include <stdlib.h>

#include "base/memory.h"
#include "ladder/text.h"

enum { PITCH = 4 };

static const char marks[] = "123456789abcdefghijklmnop";

static size_t lane_of(size_t column)
{
	return TIME_WIDTH + column * PITCH;
}

size_t lanes_top(const struct ladder *ladder)
{
	return ladder->column_count + 1;
}

/* From the first to the last of a column's rows. */
static void put_lane(struct drawing *d, size_t column)
{
	const struct ladder *ladder = d->ladder;
	size_t from = ladder->row_count, to = 0;

	for (size_t i = 0; i < ladder->row_count; i++)
		for (unsigned c = 0; c < ladder->rows[i].cell_count; c++) {
			if (ladder->rows[i].cells[c].column != column)
				continue;
			from = i < from ? i : from;
			to = i;
		}
	for (size_t i = from; i < to; i++) {
		bool waits = ladder->rows[i].waits[column];
		const char *line = d->boxes ? (waits ? "\u2506" : "\u2502") : waits ? ":" : "|";
		if (ladder->rows[i].cell_count)
			canvas_text(&d->canvas, d->top + i, lane_of(column), line, INK_FAINT);
	}
}

static void put_names(struct drawing *d)
{
	for (size_t i = 0; i < d->ladder->column_count; i++) {
		char *name = must_format("%c %s", marks[i], d->ladder->columns[i].name);
		canvas_text(&d->canvas, i, lane_of(i), name, INK_HEAD);
		for (size_t row = i + 1; row < d->top; row++)
			canvas_text(&d->canvas, row, lane_of(i), d->boxes ? "\u2502" : "|",
				    INK_FAINT);
		free(name);
	}
}

static void put_cell(struct drawing *d, size_t row, const struct ladder_cell *cell)
{
	size_t text_at = lane_of(d->ladder->column_count);
	char *text = ladder_cell_text(d->ladder, cell, d->canvas.columns - text_at);
	const char mark[] = { marks[cell->column], '\0' };

	canvas_text(&d->canvas, d->top + row, lane_of(cell->column), mark, INK_HEAD);
	canvas_text(&d->canvas, d->top + row, text_at, text, drawing_ink(d, cell));
	free(text);
}

/* An arrow is drawn where it comes, for that is when it has its effect. */
static void draw_arrow(struct drawing *d, const struct ladder_arrow *arrow)
{
	size_t from = lane_of(arrow->from_column), to = lane_of(arrow->to_column);
	size_t row = d->top + arrow->to_row;

	if (arrow->arrow.fate != ARROW_CAME) {
		canvas_text(&d->canvas, row, from + 1, d->boxes ? "\u2500" : "-", INK_ALARM);
		canvas_text(&d->canvas, row, from + 2, arrow->arrow.fate == ARROW_LOST ? "x" : "|",
			    INK_ALARM);
		return;
	}
	if (from == to)
		return;
	size_t left = from < to ? from : to, right = from < to ? to : from;
	for (size_t i = left + 1; i < right; i++)
		canvas_text(&d->canvas, row, i, d->boxes ? "\u2500" : "-", INK_ARROW);
	canvas_text(&d->canvas, row, from < to ? to - 1 : to + 1, from < to ? ">" : "<", INK_ARROW);
}

void draw_lanes(struct drawing *d)
{
	const struct ladder *ladder = d->ladder;

	put_names(d);
	for (size_t i = 0; i < ladder->column_count; i++)
		put_lane(d, i);
	for (size_t i = 0; i < ladder->row_count; i++)
		for (unsigned c = 0; c < ladder->rows[i].cell_count; c++)
			put_cell(d, i, &ladder->rows[i].cells[c]);
	for (size_t i = 0; i < ladder->arrow_count; i++)
		draw_arrow(d, &ladder->arrows[i]);
}
