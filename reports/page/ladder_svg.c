/* ladder_svg.c -- draws ladders as SVG: lines of life with calls beside them, arrows between. With
 * one or two columns the calls stand outside; with more all stand on the right. */
#include "reports/page/ladder_svg.h"

#include <stdlib.h>
#include <string.h>

#include "engine/result.h"
#include "reports/page/page.h"

enum {
	ROW = 22,        /* pixels from row to row */
	TOP = 44,        /* of the first row */
	CHARACTER = 74,  /* tenths of a pixel: its width */
	TEXT_MAX = 46,   /* characters shown of a call */
	TIME = 64,       /* where times end */
	GUTTER = 210,    /* between two columns */
	PITCH = 34,      /* between more of them */
	BESIDE = 10,     /* from a line to its texts */
	LANES_TEXT = 96, /* characters of a call beside many lanes */
	HEAD = 8         /* of an arrow */
};

/* A ladder while it is drawn. */
struct picture {
	FILE *out;
	const struct ladder *ladder;
	int lives[LADDER_COLUMNS_MAX]; /* where the columns' lines are */
	int width, height;
};

static int y_of(size_t row)
{
	return TOP + (int)row * ROW;
}

/* ---- Layout ---- */

static int pixels_of(size_t characters)
{
	return (int)characters * CHARACTER / 10;
}

static size_t room_of(const struct picture *p)
{
	return p->ladder->column_count > 2 ? LANES_TEXT : TEXT_MAX;
}

/* The longest text of a column, or of all for SIZE_MAX. */
static size_t longest(const struct picture *p, size_t column)
{
	const struct ladder *ladder = p->ladder;
	size_t most = 0;

	for (size_t i = 0; i < ladder->row_count; i++)
		for (unsigned c = 0; c < ladder->rows[i].cell_count; c++) {
			const struct ladder_cell *cell = &ladder->rows[i].cells[c];
			if (column != SIZE_MAX && cell->column != column)
				continue;
			char *text = ladder_cell_text(ladder, cell, room_of(p));
			size_t n = ladder_length(text);
			free(text);
			most = n > most ? n : most;
		}
	return most;
}

static void lay_out(struct picture *p)
{
	size_t columns = p->ladder->column_count;
	int left = columns == 2 ? pixels_of(longest(p, 0)) + 2 * BESIDE : 2 * BESIDE + HEAD;
	int last = 0;

	for (size_t i = 0; i < columns; i++)
		last = p->lives[i] = TIME + left + (int)i * (columns > 2 ? PITCH : GUTTER);
	p->width = last + 2 * BESIDE + pixels_of(longest(p, columns == 2 ? 1 : SIZE_MAX)) + BESIDE;
	if (columns > 2 && p->width < last + 200)
		p->width = last + 200;
	p->height = y_of(p->ladder->row_count);
}

/* ---- Pieces ---- */

static void put_label(const struct picture *p, const char *css, int x, int y, const char *anchor,
		      const char *text)
{
	fprintf(p->out, "<text class=\"%s\" x=\"%d\" y=\"%d\"%s%s%s>", css, x, y,
		*anchor ? " text-anchor=\"" : "", anchor, *anchor ? "\"" : "");
	put_html(p->out, text);
	fputs("</text>", p->out);
}

/* Where the texts of a column stand. */
static int text_x(const struct picture *p, size_t column)
{
	size_t columns = p->ladder->column_count;

	if (columns == 2 && !column)
		return p->lives[0] - BESIDE;
	return p->lives[columns > 2 ? columns - 1 : column] + BESIDE;
}

static const char *anchor_of(const struct picture *p, size_t column)
{
	return p->ladder->column_count == 2 && !column ? "end" : "";
}

static const char *css_of(const struct trace_event *event, const struct ladder_cell *cell)
{
	if (event->what != TRACE_CALL)
		return "other";
	if (cell->phase == CELL_BEGIN || (event->result >= 0 && !*event->fault))
		return "did";
	return "failed";
}

static void put_cell(const struct picture *p, size_t row, const struct ladder_cell *cell)
{
	const struct ladder *ladder = p->ladder;
	const struct trace_event *event = &ladder->events[cell->event];
	char *text = ladder_cell_text(ladder, cell, room_of(p));
	char *title = ladder_cell_title(ladder, cell);

	fputs("<g class=\"call\"><title>", p->out);
	put_html(p->out, title);
	fprintf(p->out, "</title><circle class=\"dot\" cx=\"%d\" cy=\"%d\" r=\"3\"/>",
		p->lives[cell->column], y_of(row));
	put_label(p, css_of(event, cell), text_x(p, cell->column), y_of(row) + 4,
		  anchor_of(p, cell->column), text);
	fputs("</g>\n", p->out);
	free(title);
	free(text);
}

static void put_row(const struct picture *p, size_t i)
{
	const struct ladder_row *row = &p->ladder->rows[i];
	char text[32];

	if (!row->cell_count) {
		char *note = ladder_note(row);
		put_label(p, "note", TIME + BESIDE, y_of(i) + 4, "", note);
		fputc('\n', p->out);
		free(note);
		return;
	}
	snprintf(text, sizeof text, "%.1f ms", (double)row->at_us / 1000);
	put_label(p, "time", TIME, y_of(i) + 4, "end", text);
	for (unsigned c = 0; c < row->cell_count; c++)
		put_cell(p, i, &row->cells[c]);
}

/* The time that a call waited, as a bar on the line of life. */
static void put_waits(const struct picture *p, size_t column)
{
	const struct ladder *ladder = p->ladder;

	for (size_t i = 0, to; i < ladder->row_count; i = to + 1) {
		for (to = i; to < ladder->row_count && ladder->rows[to].waits[column]; to++)
			;
		/* From the row above, where it began, to the one below, if there is one. */
		if (to > i && i > 0)
			fprintf(p->out,
				"<rect class=\"wait\" x=\"%d\" y=\"%d\" width=\"8\" "
				"height=\"%d\"/>\n",
				p->lives[column] - 4, y_of(i - 1), y_of(to) - y_of(i - 1));
	}
}

static void put_lives(const struct picture *p)
{
	const struct ladder *ladder = p->ladder;

	for (size_t i = 0; i < ladder->column_count; i++) {
		int x = p->lives[i];
		fprintf(p->out, "<line class=\"life\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
			x, TOP - ROW / 2, x, p->height - ROW / 2);
		put_waits(p, i);
	}
}

/* Names above their lines; of many lanes the numbers, and the names beside. */
static void put_names(const struct picture *p)
{
	const struct ladder *ladder = p->ladder;
	char number[24];

	if (ladder->column_count <= 2) {
		for (size_t i = 0; i < ladder->column_count; i++)
			put_label(p, "name", text_x(p, i), 20, anchor_of(p, i),
				  ladder->columns[i].name);
		return;
	}
	char *names = must_copy("");
	for (size_t i = 0; i < ladder->column_count; i++) {
		snprintf(number, sizeof number, "%zu", i + 1);
		put_label(p, "name", p->lives[i], 20, "middle", number);
		char *more = must_format("%s%s%zu %s", names, i ? "   " : "", i + 1,
					 ladder->columns[i].name);
		free(names);
		names = more;
	}
	put_label(p, "name", text_x(p, ladder->column_count) + BESIDE, 20, "", names);
	free(names);
}

/* ---- Arrows ---- */

static const char *css_of_arrow(const struct ladder_arrow *arrow)
{
	static const char *const kinds[ARROW_KINDS] = {
		[ARROW_CONNECTION] = "arrow connect",
		[ARROW_BYTES] = "arrow data",
		[ARROW_URGENT] = "arrow urgent",
		[ARROW_MESSAGE] = "arrow data",
		[ARROW_END] = "arrow end",
		[ARROW_RESET] = "arrow reset",
	};

	return arrow->arrow.fate == ARROW_CAME ? kinds[arrow->arrow.kind] : "arrow lost";
}

static void begin_arrow(const struct picture *p, const struct ladder_arrow *arrow)
{
	static const char *const fates[] = {
		[ARROW_CAME] = "",
		[ARROW_WAITS] = ", never taken",
		[ARROW_LOST] = ", lost",
	};
	char *label = ladder_arrow_label(arrow);

	fprintf(p->out, "<g class=\"%s\"><title>%s%s</title>", css_of_arrow(arrow), label,
		fates[arrow->arrow.fate]);
	free(label);
}

static void end_arrow(const struct picture *p, const struct ladder_arrow *arrow, int x, int y)
{
	char *label = ladder_arrow_label(arrow);

	if (p->ladder->column_count == 2)
		fprintf(p->out, "<text x=\"%d\" y=\"%d\">%s</text>", x, y, label);
	fputs("</g>\n", p->out);
	free(label);
}

/* The head points from x to the right or the left. */
static void put_head(const struct picture *p, int x, int y, int way)
{
	fprintf(p->out, "<polygon points=\"%d,%d %d,%d %d,%d\"/>", x, y, x - way * HEAD, y - 4,
		x - way * HEAD, y + 4);
}

static void put_came(const struct picture *p, const struct ladder_arrow *arrow)
{
	int way = arrow->to_column > arrow->from_column ? 1 : -1;
	int from = p->lives[arrow->from_column] + 4 * way;
	int to = p->lives[arrow->to_column] - 4 * way;
	int y = y_of(arrow->from_row), z = y_of(arrow->to_row);

	begin_arrow(p, arrow);
	fprintf(p->out, "<path d=\"M%d %dL%d %dH%d\"/>", from, y, to - way * 2 * HEAD, z,
		to - way * HEAD);
	put_head(p, to, z, way);
	end_arrow(p, arrow, (from + to) / 2, (y + z) / 2 - 3);
}

/* What a column sends to itself bulges beside its line, on the other side than its texts. */
static void put_looped(const struct picture *p, const struct ladder_arrow *arrow)
{
	int way = p->ladder->column_count == 2 && !arrow->from_column ? 1 : -1;
	int x = p->lives[arrow->from_column] + 4 * way;
	int y = y_of(arrow->from_row), z = y_of(arrow->to_row);

	begin_arrow(p, arrow);
	fprintf(p->out, "<path d=\"M%d %dC%d %d %d %d %d %d\"/>", x, y, x + way * 20, y,
		x + way * 20, z, x + way * HEAD, z);
	put_head(p, x, z, -way);
	fputs("</g>\n", p->out);
}

/* What never came ends on its way, with a cross or a bar. */
static void put_lost(const struct picture *p, const struct ladder_arrow *arrow)
{
	size_t columns = p->ladder->column_count;
	int way = arrow->from_column + 1 == columns ? -1 : 1;
	int from = p->lives[arrow->from_column] + 4 * way, y = y_of(arrow->from_row);
	int to = columns == 2 ? from + way * GUTTER * 3 / 5 : from + way * PITCH / 2;

	begin_arrow(p, arrow);
	fprintf(p->out, "<path d=\"M%d %dH%d", from, y, to);
	if (arrow->arrow.fate == ARROW_LOST)
		fprintf(p->out, "m-5 -5l10 10m0 -10l-10 10");
	else
		fprintf(p->out, "m0 -6v12");
	fputs("\"/>", p->out);
	end_arrow(p, arrow, (from + to) / 2, y - 3);
}

static void put_arrow(const struct picture *p, const struct ladder_arrow *arrow)
{
	if (arrow->arrow.fate != ARROW_CAME)
		put_lost(p, arrow);
	else if (arrow->from_column == arrow->to_column)
		put_looped(p, arrow);
	else
		put_came(p, arrow);
}

/* ---- The whole ---- */

static void put_all(const struct picture *p)
{
	const struct ladder *ladder = p->ladder;

	put_lives(p);
	put_names(p);
	for (size_t i = 0; i < ladder->arrow_count; i++)
		put_arrow(p, &ladder->arrows[i]);
	for (size_t i = 0; i < ladder->row_count; i++)
		put_row(p, i);
	fputs("</svg>\n", p->out);
}

static void begin_svg(const struct picture *p, const char *space)
{
	fprintf(p->out,
		"<svg class=\"ladder\"%s width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
		"role=\"img\" aria-label=\"The calls of both sides in their order\">\n",
		space, p->width, p->height, p->width, p->height);
}

void put_ladder_svg(FILE *out, const struct ladder *ladder)
{
	struct picture p = { .out = out, .ladder = ladder };

	if (!ladder->column_count)
		return;
	lay_out(&p);
	begin_svg(&p, "");
	put_all(&p);
}

void put_ladder_svg_file(FILE *out, const struct ladder *ladder)
{
	struct picture p = { .out = out, .ladder = ladder };

	if (!ladder->column_count)
		return;
	lay_out(&p);
	begin_svg(&p, " xmlns=\"http://www.w3.org/2000/svg\"");
	fprintf(out, "<style>%s</style>\n", page_ladder_style());
	put_all(&p);
}
