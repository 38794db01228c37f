/* terminal.c -- a comparison for a person at a terminal: what is new first, and in full. */
#include <stdlib.h>
#include <string.h>

#include "reports/compare/view.h"
#include "reports/report.h"

/* One comparison being written. */
struct writing {
	FILE *out;
	const struct comparison *comparison;
	unsigned width;
	bool color;
};

static const char *const colors[LIKE_COUNT] = {
	[LIKE_CONFORMS] = "32", [LIKE_ALLOWED] = "36",    [LIKE_DOCUMENTED] = "36",
	[LIKE_NEW] = "1;35",    [LIKE_VIOLATES] = "1;31", [LIKE_UNSUPPORTED] = "33",
	[LIKE_ABSENT] = "33",
};

static void color_on(const struct writing *w, const char *color)
{
	if (w->color)
		fprintf(w->out, "\033[%sm", color);
}

static void color_off(const struct writing *w)
{
	if (w->color)
		fputs("\033[0m", w->out);
}

/* ---- Lines ---- */

/* How many bytes of the text go into a line of `room`: up to a blank, if there is one. */
static size_t line_length(const char *text, size_t room)
{
	size_t n = strlen(text);

	if (n <= room)
		return n;
	for (n = room; n > room / 2; n--)
		if (text[n] == ' ')
			return n;
	/* Anywhere, then, but not within a character. */
	for (n = room; n > 1 && ((unsigned char)text[n] & 0xc0) == 0x80;)
		n--;
	return n;
}

/* Text as it is, its blanks too, in lines behind `indent` blanks; all but the first two more. */
static void put_filled(const struct writing *w, unsigned indent, const char *text)
{
	enum { LEAST = 20 };
	unsigned at = indent;

	do {
		size_t n = line_length(text, w->width > at + LEAST ? w->width - at : LEAST);
		fprintf(w->out, "%*s%.*s\n", (int)at, "", (int)n, text);
		text += n + (text[n] == ' ');
		at = indent + 2;
	} while (*text);
}

/* "name: text", or nothing when there is no text. */
static void put_named(const struct writing *w, unsigned indent, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	char *line = must_format("%s: %s", name, text);
	put_filled(w, indent, line);
	free(line);
}

/* ---- Rows ---- */

static void put_value(const struct writing *w, const struct row_group *group,
		      const struct row_label *label)
{
	const struct observation *one = outcome_saw(group->outcome, label->who, label->label);
	char *note = observation_note(one, group->cell->likeness);
	char *line = one ? must_format("%s %s = %s  %s", who_name(label->who), label->label,
				       one->value, note)
			 : must_format("%s %s: %s", who_name(label->who), label->label, note);

	put_filled(w, 6, line);
	free(line);
	free(note);
}

static void put_group(const struct writing *w, const struct row_group *group,
		      const struct row_label *labels, size_t count)
{
	char *class = class_text(group->cell);
	char *names = group_names(w->comparison, group);
	char *line = must_format("%c %s: %s", likeness_letter(group->cell->likeness), class, names);
	bool has_values = group->outcome && group->outcome->kind != VERDICT_SKIP;

	color_on(w, colors[group->cell->likeness]);
	put_filled(w, 2, line);
	color_off(w);
	for (size_t i = 0; has_values && i < count; i++)
		if (!labels[i].common)
			put_value(w, group, &labels[i]);
	put_named(w, 6, group_reason_name(group), group_reason(group));
	put_named(w, 6, "baseline", group->cell->known);
	free(line);
	free(names);
	free(class);
}

/* What all saw, in a line: with it, the sequence of calls is whole. */
static void put_common(const struct writing *w, const struct row_label *labels, size_t count)
{
	char *text = must_copy("");
	enum who said = WHO_COUNT;

	for (size_t i = 0; i < count; i++) {
		if (!labels[i].common)
			continue;
		const char *who = said != labels[i].who ? who_name(labels[i].who) : "";
		char *longer =
			must_format("%s%s%s%s%s = %s", text, *text ? ", " : "", who,
				    *who ? " " : "", labels[i].label, labels[i].common->value);
		free(text);
		text = longer;
		said = labels[i].who;
	}
	put_named(w, 2, "all saw", text);
	free(text);
}

/* So many rows that tell the same. */
static void put_rows(const struct writing *w, size_t from, size_t count)
{
	const struct compare_row *row = w->comparison->rows[from];
	struct row_group groups[SYSTEMS_MAX];
	struct row_label *labels;
	size_t group_count = row_groups(w->comparison, row, groups);
	size_t label_count = row_labels(row, &labels);

	char *families = rows_families(w->comparison, from, count);
	char *head = must_format("%s/%s", row->name, families);

	fputc('\n', w->out);
	color_on(w, "1");
	put_filled(w, 0, head);
	color_off(w);
	free(head);
	free(families);
	if (row->test)
		put_filled(w, 2, row->test->claim);
	for (size_t i = 0; i < group_count; i++)
		put_group(w, &groups[i], labels, label_count);
	put_common(w, labels, label_count);
	if (row->test) {
		put_named(w, 2, "source", row->test->source);
		put_named(w, 2, "portable", row->test->portable);
	}
	free(labels);
}

static void put_section(const struct writing *w, enum section section)
{
	const struct comparison *comparison = w->comparison;
	char room[THOUSANDS_ROOM];
	unsigned count = 0;

	for (size_t i = 0; i < comparison->row_count; i++)
		count += row_section(comparison, comparison->rows[i]) == section;
	if (!count)
		return;
	char *head =
		must_format("== %s: %s case instance%s -- %s", section_name(section),
			    thousands(count, room), count == 1 ? "" : "s", section_claim(section));
	fputc('\n', w->out);
	color_on(w, section == SECTION_NEW ? "1;31" : "1");
	put_filled(w, 0, head);
	color_off(w);
	free(head);
	for (size_t i = 0, n; i < comparison->row_count; i += n) {
		n = rows_alike(comparison, i);
		if (row_section(comparison, comparison->rows[i]) == section)
			put_rows(w, i, n);
	}
}

/* ---- Head and tables ---- */

static void put_head(const struct writing *w)
{
	const struct comparison *comparison = w->comparison;
	char rows[THOUSANDS_ROOM], differ[THOUSANDS_ROOM];
	unsigned count = 0;

	for (size_t i = 0; i < comparison->row_count; i++)
		count += !row_is_unanimous(comparison->rows[i]);
	char *line = must_format("%zu systems, %s case instances; %s are not alike everywhere",
				 comparison->system_count,
				 thousands((unsigned)comparison->row_count, rows),
				 thousands(count, differ));
	put_filled(w, 0, line);
	free(line);
	for (size_t i = 0; i < comparison->system_count; i++) {
		const struct system *system = &comparison->systems[i];
		line = must_format("%2zu %s -- %s%s%s; %s", i + 1, system->name, system->title,
				   *system->facts.date ? ", " : "", system->facts.date,
				   system->path);
		put_filled(w, 0, line);
		free(line);
	}
	fputc('\n', w->out);
	for (size_t i = 1; i < comparison->system_count; i++) {
		const struct system *system = &comparison->systems[i];
		char *text = comparison_headline(comparison, i);
		color_on(w, system->new_ones ? "1;31" : "0");
		put_filled(w, 0, text);
		color_off(w);
		free(text);
	}
}

enum { NAME_WIDTH = 16, COLUMN_WIDTH = 6 };

static void put_row_name(const struct writing *w, size_t index)
{
	fprintf(w->out, "%2zu %-*.*s", index + 1, NAME_WIDTH, NAME_WIDTH,
		w->comparison->systems[index].name);
}

/* How many columns of a table stand side by side. */
static size_t columns_of(const struct writing *w)
{
	unsigned taken = 3 + NAME_WIDTH;

	return w->width > taken + COLUMN_WIDTH ? (w->width - taken) / COLUMN_WIDTH : 1;
}

static void put_distance(const struct writing *w, size_t row, size_t column)
{
	int alike = systems_alike(w->comparison, row, column);

	if (row == column || alike < 0)
		fprintf(w->out, "%*s", COLUMN_WIDTH, row == column ? "." : "-");
	else
		fprintf(w->out, "%*d.%d", COLUMN_WIDTH - 2, alike / 10, alike % 10);
}

static void put_distances(const struct writing *w)
{
	size_t count = w->comparison->system_count, columns = columns_of(w);

	fputc('\n', w->out);
	color_on(w, "1");
	put_filled(w, 0, "== alike: % of the case instances that ran on both");
	color_off(w);
	for (size_t from = 0; from < count; from += columns) {
		size_t to = from + columns < count ? from + columns : count;
		fprintf(w->out, "%*s", 3 + NAME_WIDTH, "");
		for (size_t i = from; i < to; i++)
			fprintf(w->out, "%*zu", COLUMN_WIDTH, i + 1);
		fputc('\n', w->out);
		for (size_t row = 0; row < count; row++) {
			put_row_name(w, row);
			for (size_t i = from; i < to; i++)
				put_distance(w, row, i);
			fputc('\n', w->out);
		}
	}
}

static void put_counts(const struct writing *w)
{
	char *legend = must_copy("");

	fprintf(w->out, "\n");
	color_on(w, "1");
	put_filled(w, 0, "== classes");
	color_off(w);
	for (enum likeness like = 0; like < LIKE_COUNT; like++) {
		char *longer = must_format("%s%s%c %s", legend, *legend ? ", " : "",
					   likeness_letter(like), likeness_name(like));
		free(legend);
		legend = longer;
	}
	put_filled(w, 0, legend);
	free(legend);
	fprintf(w->out, "%*s", 3 + NAME_WIDTH, "");
	for (enum likeness like = 0; like < LIKE_COUNT; like++)
		fprintf(w->out, "%*c", COLUMN_WIDTH, likeness_letter(like));
	fputc('\n', w->out);
	for (size_t i = 0; i < w->comparison->system_count; i++) {
		put_row_name(w, i);
		for (enum likeness like = 0; like < LIKE_COUNT; like++)
			fprintf(w->out, "%*u", COLUMN_WIDTH, w->comparison->systems[i].like[like]);
		fputc('\n', w->out);
	}
}

void compare_put_terminal(const struct comparison *comparison,
			  const struct compare_options *options, FILE *out)
{
	const struct writing w = { out, comparison, options->width, options->color };

	put_head(&w);
	for (enum section section = 0; section < SECTION_COUNT; section++)
		if (section != SECTION_ALIKE || options->all)
			put_section(&w, section);
	put_distances(&w);
	put_counts(&w);
}
