/* text.c -- draws ladders for a terminal: one column, or two with arrows between them. */
#include "ladder/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { WIDTH_MIN = 60, WIDTH_MAX = 160 };

enum ink drawing_ink(const struct drawing *drawing, const struct ladder_cell *cell)
{
	const struct trace_event *event = &drawing->ladder->events[cell->event];

	if (event->what != TRACE_CALL)
		return INK_FAINT;
	if (cell->phase == CELL_BEGIN || event->unfinished)
		return INK_PLAIN;
	return event->result < 0 || *event->fault ? INK_ALARM : INK_PLAIN;
}

void drawing_put_times(struct drawing *drawing)
{
	const struct ladder *ladder = drawing->ladder;

	canvas_text(&drawing->canvas, drawing->top - 1, TIME_WIDTH - 4, "ms", INK_FAINT);
	for (size_t i = 0; i < ladder->row_count; i++) {
		const struct ladder_row *row = &ladder->rows[i];
		char text[24];
		snprintf(text, sizeof text, "%*.1f", TIME_WIDTH - 2, (double)row->at_us / 1000);
		char *note = ladder_note(row);
		if (row->cell_count)
			canvas_text(&drawing->canvas, drawing->top + i, 0, text, INK_FAINT);
		else
			canvas_text(&drawing->canvas, drawing->top + i, TIME_WIDTH, note,
				    INK_FAINT);
		free(note);
	}
}

/* ---- Columns ---- */

static size_t start_of(const struct drawing *d, size_t column)
{
	return column ? d->right : d->left;
}

static void put_cell(struct drawing *d, size_t row, const struct ladder_cell *cell)
{
	char *text = ladder_cell_text(d->ladder, cell, d->room);
	size_t start = start_of(d, cell->column);

	canvas_text(&d->canvas, d->top + row, start, text, drawing_ink(d, cell));
	d->ends[cell->column][row] = start + ladder_length(text);
	free(text);
}

static void put_cells(struct drawing *d)
{
	for (size_t i = 0; i < d->ladder->row_count; i++) {
		const struct ladder_row *row = &d->ladder->rows[i];
		for (size_t column = 0; column < d->ladder->column_count; column++) {
			d->ends[column][i] = start_of(d, column);
			if (row->waits[column] && row->cell_count)
				canvas_text(&d->canvas, d->top + i, start_of(d, column),
					    d->boxes ? "\u2506" : ":", INK_FAINT);
		}
		for (unsigned c = 0; c < row->cell_count; c++)
			put_cell(d, i, &row->cells[c]);
	}
}

/* ---- Arrows ---- */

/* Where an arrow leaves or reaches a column in a row, on the gutter's side. */
static size_t door_of(const struct drawing *d, size_t row, size_t column)
{
	return column ? d->gutter_end : d->ends[column][row] + 1;
}

/* Whether a lane down the gutter is free in all of these rows: lines across are crossed, and joined
 * at its ends, for all that is in a row belongs to the same calls. */
static bool is_lane_free(const struct drawing *d, size_t from, size_t to, size_t column)
{
	for (size_t row = d->top + from; row <= d->top + to; row++) {
		const struct square *square = &d->canvas.squares[row * d->canvas.columns + column];
		if (*square->text || square->lines & (WAY_UP | WAY_DOWN))
			return false;
	}
	return true;
}

/* A lane for an arrow, as far from where it begins as there is one, but near the right column for
 * what that one sends to itself; 0: all are taken. */
static size_t find_lane(const struct drawing *d, const struct ladder_arrow *arrow)
{
	enum { EDGE = 2, STEP = 2 };
	bool rightwards = !arrow->from_column || arrow->to_column;

	for (size_t i = EDGE; i + EDGE < d->gutter_end - d->gutter; i += STEP) {
		size_t lane = rightwards ? d->gutter_end - i : d->gutter + i;
		if (is_lane_free(d, arrow->from_row, arrow->to_row, lane))
			return lane;
	}
	return 0;
}

/* The head stands in the last square before the column. */
static void put_head(struct drawing *d, size_t row, size_t at, const char *head)
{
	canvas_text(&d->canvas, d->top + row, at, head, INK_ARROW);
}

/* The label in the line between two squares: within the gutter, or where else it fits. */
static void put_label(struct drawing *d, const struct ladder_arrow *arrow, size_t a, size_t b)
{
	size_t from = a < b ? a : b, to = a < b ? b : a;
	char *label = ladder_arrow_label(arrow);
	char *padded = must_format(" %s ", label);
	size_t n = ladder_length(padded), row = d->top + arrow->from_row;

	if (from < d->gutter && to >= d->gutter + n + 1)
		from = d->gutter;
	size_t at = to > from + n ? from + (to - from - n + 1) / 2 : 0;
	if (at && canvas_is_free(&d->canvas, row, at, at + n - 1))
		canvas_text(&d->canvas, row, at, padded,
			    arrow->arrow.kind == ARROW_RESET || arrow->arrow.fate == ARROW_LOST
				    ? INK_ALARM
				    : INK_ARROW);
	free(padded);
	free(label);
}

/* Sent and taken in one row. */
static void draw_straight(struct drawing *d, const struct ladder_arrow *arrow)
{
	size_t row = arrow->from_row;
	size_t from = door_of(d, row, arrow->from_column), to = door_of(d, row, arrow->to_column);

	canvas_across(&d->canvas, d->top + row, from, to);
	put_head(d, row, to, to > from ? ">" : "<");
	put_label(d, arrow, from < to ? from : from - 1, from < to ? to - 1 : to + 1);
}

/* Through a lane of the gutter; from a column to itself, too. */
static void draw_bent(struct drawing *d, const struct ladder_arrow *arrow, size_t lane)
{
	size_t from = door_of(d, arrow->from_row, arrow->from_column);
	size_t to = door_of(d, arrow->to_row, arrow->to_column);

	canvas_across(&d->canvas, d->top + arrow->from_row, from, lane);
	canvas_down(&d->canvas, d->top + arrow->from_row, d->top + arrow->to_row, lane);
	canvas_across(&d->canvas, d->top + arrow->to_row, lane, to);
	put_head(d, arrow->to_row, to, to > lane ? ">" : "<");
	put_label(d, arrow, from, lane > from ? lane - 1 : lane + 1);
}

/* No lane is free: both ends get a number. */
static void draw_broken(struct drawing *d, const struct ladder_arrow *arrow)
{
	size_t from = door_of(d, arrow->from_row, arrow->from_column);
	size_t to = door_of(d, arrow->to_row, arrow->to_column);
	size_t middle = (d->gutter + d->gutter_end) / 2;
	char *mark = must_format("(%zu)", ++d->broken);

	if (canvas_is_free(&d->canvas, d->top + arrow->from_row, middle, middle + 3)) {
		canvas_across(&d->canvas, d->top + arrow->from_row, from, middle);
		canvas_text(&d->canvas, d->top + arrow->from_row, middle, mark, INK_ARROW);
	}
	canvas_across(&d->canvas, d->top + arrow->to_row, middle, to);
	canvas_text(&d->canvas, d->top + arrow->to_row, middle, mark, INK_ARROW);
	put_head(d, arrow->to_row, to, arrow->to_column ? ">" : "<");
	free(mark);
}

/* What never came ends in the gutter. */
static void draw_lost(struct drawing *d, const struct ladder_arrow *arrow)
{
	size_t from = door_of(d, arrow->from_row, arrow->from_column);
	size_t to = arrow->from_column ? d->gutter + 2 : d->gutter_end - 3;
	size_t row = d->top + arrow->from_row;

	if (!canvas_is_free(&d->canvas, row, to, to))
		return; /* another of the same call ends there */
	canvas_across(&d->canvas, row, from, to);
	canvas_text(&d->canvas, row, to, arrow->arrow.fate == ARROW_LOST ? "x" : "|", INK_ALARM);
	put_label(d, arrow, from, to > from ? to - 1 : to + 1);
}

static void draw_arrow(struct drawing *d, const struct ladder_arrow *arrow)
{
	bool to_itself = arrow->from_column == arrow->to_column;

	if (arrow->arrow.fate != ARROW_CAME) {
		draw_lost(d, arrow);
		return;
	}
	size_t lane = arrow->from_row == arrow->to_row ? 0 : find_lane(d, arrow);
	if (arrow->from_row == arrow->to_row && !to_itself)
		draw_straight(d, arrow);
	else if (lane)
		draw_bent(d, arrow, lane);
	else if (arrow->from_row < arrow->to_row)
		draw_broken(d, arrow);
}

enum route { STRAIGHT, BENT, LOST, ROUTES };

static enum route route_of(const struct ladder_arrow *arrow)
{
	if (arrow->arrow.fate != ARROW_CAME)
		return LOST;
	return arrow->from_row == arrow->to_row ? STRAIGHT : BENT;
}

void draw_columns(struct drawing *d)
{
	const struct ladder *ladder = d->ladder;

	for (size_t i = 0; i < ladder->column_count; i++) {
		d->ends[i] = must_alloc(ladder->row_count, sizeof *d->ends[i]);
		canvas_text(&d->canvas, d->top - 1, start_of(d, i), ladder->columns[i].name,
			    INK_HEAD);
	}
	put_cells(d);
	/* Straight ones first: lanes lead around them; what is lost ends where there is room. */
	for (enum route route = 0; route < ROUTES; route++)
		for (size_t i = 0; i < ladder->arrow_count; i++)
			if (route_of(&ladder->arrows[i]) == route)
				draw_arrow(d, &ladder->arrows[i]);
	free(d->ends[0]);
	free(d->ends[1]);
}

/* ---- Either ---- */

static void lay_out(struct drawing *d, size_t width)
{
	bool alone = d->ladder->column_count == 1;
	size_t gutter = alone          ? (d->ladder->arrow_count ? 16 : 1)
			: width >= 100 ? 18
			: width >= 80  ? 14
				       : 12;
	size_t room = (width - TIME_WIDTH - gutter) / (alone ? 1 : 2);

	d->left = TIME_WIDTH;
	d->room = room;
	d->gutter = d->left + room;
	d->gutter_end = d->gutter + gutter - 2;
	d->right = d->gutter + gutter;
}

void ladder_put_text(FILE *out, const struct ladder *ladder, const struct ladder_look *look)
{
	struct drawing d = { .ladder = ladder, .boxes = look->boxes, .top = 1 };
	const char *prefix = look->prefix ? look->prefix : "";
	size_t width = look->width < WIDTH_MIN   ? WIDTH_MIN
		       : look->width > WIDTH_MAX ? WIDTH_MAX
						 : look->width;
	bool lanes = ladder->column_count > 2;

	if (!ladder->column_count)
		return;
	width -= strlen(prefix) < WIDTH_MIN / 2 ? strlen(prefix) : 0;
	if (lanes)
		d.top = lanes_top(ladder);
	lay_out(&d, width);
	canvas_make(&d.canvas, d.top + ladder->row_count, width);
	drawing_put_times(&d);
	if (lanes)
		draw_lanes(&d);
	else
		draw_columns(&d);
	canvas_put(out, &d.canvas, prefix, look->boxes, look->color);
	canvas_finish(&d.canvas);
	if (ladder->left_out)
		fprintf(out, "%s... %zu more processes are not shown ...\n", prefix,
			ladder->left_out);
}
