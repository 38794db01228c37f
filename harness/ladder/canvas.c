/* canvas.c -- squares of a terminal and how they are written. */
#include "ladder/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ladder/ladder.h"

void canvas_make(struct canvas *canvas, size_t rows, size_t columns)
{
	*canvas = (struct canvas){ must_alloc(rows * columns, sizeof *canvas->squares), rows,
				   columns };
}

void canvas_finish(struct canvas *canvas)
{
	free(canvas->squares);
	memset(canvas, 0, sizeof *canvas);
}

static struct square *square_at(const struct canvas *canvas, size_t row, size_t column)
{
	return row < canvas->rows && column < canvas->columns
		       ? &canvas->squares[row * canvas->columns + column]
		       : NULL;
}

void canvas_text(struct canvas *canvas, size_t row, size_t column, const char *text, enum ink ink)
{
	for (; *text; column++) {
		size_t n = ladder_bytes(text, 1);
		struct square *square = square_at(canvas, row, column);
		if (square && n < sizeof square->text) {
			memcpy(square->text, text, n);
			square->text[n] = '\0';
			square->ink = (unsigned char)ink;
		}
		text += n;
	}
}

static void add_line(struct canvas *canvas, size_t row, size_t column, unsigned ways)
{
	struct square *square = square_at(canvas, row, column);

	if (!square)
		return;
	square->lines |= (unsigned char)ways;
	if (!*square->text)
		square->ink = INK_ARROW;
}

void canvas_across(struct canvas *canvas, size_t row, size_t from, size_t to)
{
	size_t left = from < to ? from : to, right = from < to ? to : from;

	for (size_t i = left; i <= right; i++)
		add_line(canvas, row, i,
			 (i > left || left == right ? WAY_LEFT : 0) |
				 (i < right || left == right ? WAY_RIGHT : 0));
}

void canvas_down(struct canvas *canvas, size_t from, size_t to, size_t column)
{
	for (size_t i = from; i <= to; i++)
		add_line(canvas, i, column, (i > from ? WAY_UP : 0) | (i < to ? WAY_DOWN : 0));
}

bool canvas_is_free(const struct canvas *canvas, size_t row, size_t from, size_t to)
{
	for (size_t i = from; i <= to; i++) {
		const struct square *square = square_at(canvas, row, i);
		if (!square || *square->text)
			return false;
	}
	return true;
}

static const char *glyph_of(unsigned lines, bool boxes)
{
	/* By the sum of the ways. */
	static const char *const glyphs[16][2] = {
		{ " ", " " },      { "-", "\u2500" }, { "-", "\u2500" }, { "-", "\u2500" },
		{ "|", "\u2502" }, { "'", "\u256f" }, { "'", "\u2570" }, { "+", "\u2534" },
		{ "|", "\u2502" }, { ".", "\u256e" }, { ".", "\u256d" }, { "+", "\u252c" },
		{ "|", "\u2502" }, { "+", "\u2524" }, { "+", "\u251c" }, { "+", "\u253c" },
	};

	return glyphs[lines & 15][boxes];
}

static bool is_blank(const struct square *square)
{
	return !square->lines && (!*square->text || !strcmp(square->text, " "));
}

static void put_row(FILE *out, const struct square *squares, size_t n, bool boxes, bool color)
{
	static const char *const codes[INKS] = {
		[INK_PLAIN] = "0",  [INK_HEAD] = "1",     [INK_FAINT] = "2",
		[INK_ARROW] = "36", [INK_ALARM] = "1;31",
	};
	unsigned ink = INK_PLAIN;

	for (; n && is_blank(&squares[n - 1]); n--)
		;
	for (size_t i = 0; i < n; i++) {
		unsigned next = is_blank(&squares[i]) ? ink : squares[i].ink;
		if (color && next != ink)
			fprintf(out, "\033[0;%sm", codes[next]);
		ink = next;
		fputs(*squares[i].text ? squares[i].text : glyph_of(squares[i].lines, boxes), out);
	}
	fputs(color && ink != INK_PLAIN ? "\033[0m\n" : "\n", out);
}

void canvas_put(FILE *out, const struct canvas *canvas, const char *prefix, bool boxes, bool color)
{
	for (size_t row = 0; row < canvas->rows; row++) {
		fputs(prefix, out);
		put_row(out, canvas->squares + row * canvas->columns, canvas->columns, boxes,
			color);
	}
}
