/* compare_rows.c -- the rows of the matrix: what each system did in short, and on request in full.
 *
 * 3,000 rows of 20 systems make a big page: a row on which all systems are of one mind has one
 * cell, what systems have in common is told once, behind their names, and what HTML allows to
 * leave out is left out: end tags, quotes, the scope of a head that its place tells.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/judge.h"
#include "reports/compare/compare_page.h"
#include "reports/page/page.h"

/* Shades for groups of systems that saw the same; the first group has none. */
enum { SHADES = 7 };

/* Bytes of the text of one cell for all systems, and of the cells of a row, which share its width:
 * more would never be seen, as the style cuts what does not fit the column. */
enum { WIDE_MAX = 160, ROW_MAX = 320, CELL_MAX = 40, CELL_MIN = 16 };

/* ---- Cells ---- */

static size_t cell_room(size_t systems)
{
	size_t room = ROW_MAX / systems;

	return room > CELL_MAX ? CELL_MAX : room < CELL_MIN ? CELL_MIN : room;
}

static void put_values(FILE *out, const struct compare_row *row, const struct outcome *outcome,
		       size_t room)
{
	char *text = must_copy(outcome->kind == VERDICT_PASS ? "" : verdict_name(outcome->kind));

	for (size_t i = 0; i < outcome->saw_count && strlen(text) <= room; i++) {
		const struct observation *one = &outcome->saw[i];
		if (!row_value_differs(row, one->who, one->label))
			continue;
		char *longer = must_format("%s%s%s", text, *text ? ", " : "", one->value);
		free(text);
		text = longer;
	}
	char *cut = shorten(text, room);
	put_html(out, cut);
	free(cut);
	free(text);
}

static void put_cell(FILE *out, const struct compare_row *row, const struct cell *cell, size_t room)
{
	const struct outcome *outcome = &row->outcomes[cell->outcome];
	const char *css = likeness_css(cell->likeness);
	bool ran = cell->likeness != LIKE_ABSENT && outcome->kind != VERDICT_SKIP;
	/* Most cells conform; an element more in each would make the page half as slow again. */
	bool plain = cell->likeness == LIKE_CONFORMS;

	if (ran && cell->outcome)
		fprintf(out, "<td class=\"%s g%u\">", css, (cell->outcome - 1) % SHADES + 1);
	else if (plain)
		fputs("<td>", out);
	else
		fprintf(out, "<td class=%s>", css);
	fprintf(out, plain ? "%c " : "<b>%c</b>", likeness_letter(cell->likeness));
	if (ran)
		put_values(out, row, outcome, room);
}

static void put_folded_cell(FILE *out, const struct compare_row *row, size_t systems)
{
	const struct cell *cell = &row->cells[0];
	const struct outcome *outcome = &row->outcomes[cell->outcome];
	char *text = outcome->kind == VERDICT_SKIP ? must_copy(cell->reason)
						   : outcome_text(row, outcome, false);
	char *cut = shorten(text, WIDE_MAX);

	fprintf(out, "<td colspan=%zu class=%s><b>%c</b>", systems, likeness_css(cell->likeness),
		likeness_letter(cell->likeness));
	put_html(out, cut);
	free(cut);
	free(text);
}

/* One cell says what all would. */
static bool is_folded(const struct compare_row *row, size_t systems)
{
	for (size_t i = 0; i < systems; i++)
		if (row->cells[i].likeness != row->cells[0].likeness ||
		    row->cells[i].likeness == LIKE_ABSENT ||
		    row->cells[i].outcome != row->cells[0].outcome)
			return false;
	return systems > 1;
}

/* ---- What each group of systems saw ---- */

/* The nth observation of that role and label, or NULL. */
static const struct observation *nth_of(const struct outcome *outcome,
					const struct observation *like, unsigned n)
{
	for (size_t i = 0; i < outcome->saw_count; i++) {
		const struct observation *one = &outcome->saw[i];
		if (one->who == like->who && !strcmp(one->label, like->label) && !n--)
			return one;
	}
	return NULL;
}

/* How many before this one of the same outcome have its role and label. */
static unsigned place_of(const struct outcome *outcome, size_t index)
{
	unsigned n = 0;

	for (size_t i = 0; i < index; i++)
		n += outcome->saw[i].who == outcome->saw[index].who &&
		     !strcmp(outcome->saw[i].label, outcome->saw[index].label);
	return n;
}

static bool told_before(const struct compare_row *row, size_t group, const struct observation *one,
			unsigned n)
{
	for (size_t i = 0; i < group; i++)
		if (row->outcomes[i].kind != VERDICT_SKIP && nth_of(&row->outcomes[i], one, n))
			return true;
	return false;
}

/* A label, as one of its observations has it: the nth of its role and name in the outcome. */
struct label {
	const struct observation *like;
	unsigned n;
};

/* All labels that a group saw, each once; new memory. */
static size_t labels_of(const struct compare_row *row, struct label **ret_labels)
{
	size_t count = 0;

	*ret_labels = NULL;
	for (size_t i = 0; i < row->outcome_count; i++) {
		const struct outcome *outcome = &row->outcomes[i];
		for (size_t k = 0; k < outcome->saw_count && outcome->kind != VERDICT_SKIP; k++) {
			const struct label label = { &outcome->saw[k], place_of(outcome, k) };
			if (told_before(row, i, label.like, label.n))
				continue;
			*ret_labels = must_grow(*ret_labels, count + 1, sizeof **ret_labels);
			(*ret_labels)[count++] = label;
		}
	}
	return count;
}

static void put_seen(FILE *out, const struct observation *one)
{
	fputs("<td>", out);
	if (one)
		put_html(out, one->value);
	else
		fputs("<s>not recorded</s>", out);
	fputs(one && one->judged && !one->ok ? " <b>\xe2\x89\xa0</b>" : "", out);
}

/* One label, what was wanted of it, and what every group saw; the first of so many rows (0: not the
 * first) has the one cell of a group that saw nothing at all. */
static void put_label(FILE *out, const struct compare_row *row, const struct label *label,
		      size_t first_of)
{
	bool differs = row_value_differs(row, label->like->who, label->like->label);

	fprintf(out, "<tr%s><th>%s ", differs ? " class=d" : "", who_name(label->like->who));
	put_html(out, label->like->label);
	fputs("<td>", out);
	put_html(out, label->like->want);
	for (size_t i = 0; i < row->outcome_count; i++) {
		const struct outcome *outcome = &row->outcomes[i];
		if (outcome->kind == VERDICT_SKIP)
			continue;
		if (outcome->saw_count)
			put_seen(out, nth_of(outcome, label->like, label->n));
		else if (first_of)
			fprintf(out, "<td rowspan=%zu><s>not recorded</s>", first_of);
	}
}

/* The names of the systems of a group, or how many, when all are in it. */
static void put_group_head(const struct comparison *comparison, const struct compare_row *row,
			   unsigned group, FILE *out)
{
	const struct outcome *outcome = &row->outcomes[group];
	const char *comma = "";

	fputs("<th", out);
	if (group)
		fprintf(out, " class=g%u", (group - 1) % SHADES + 1);
	fputc('>', out);
	if (outcome->systems == comparison->system_count)
		fprintf(out, "all %u systems", outcome->systems);
	for (size_t i = 0; i < comparison->system_count; i++) {
		const struct cell *cell = &row->cells[i];
		if (outcome->systems == comparison->system_count || cell->likeness == LIKE_ABSENT ||
		    cell->outcome != group)
			continue;
		fputs(comma, out);
		put_html(out, comparison->systems[i].name);
		comma = ", ";
	}
	if (outcome->kind != VERDICT_PASS)
		fprintf(out, ": %s", verdict_name(outcome->kind));
}

static void put_groups(const struct comparison *comparison, const struct compare_row *row,
		       FILE *out)
{
	struct label *labels;
	size_t count = labels_of(row, &labels);
	unsigned heads = 0;

	for (unsigned i = 0; i < row->outcome_count; i++) {
		if (row->outcomes[i].kind == VERDICT_SKIP)
			continue;
		fputs(heads++ ? "" : "<table><thead><tr><th>Observed<th>Wanted", out);
		put_group_head(comparison, row, i, out);
	}
	fputs(heads ? "<tbody>" : "", out);
	for (size_t i = 0; i < count; i++)
		put_label(out, row, &labels[i], i ? 0 : count);
	fputs(heads ? "</table>" : "", out);
	free(labels);
}

/* ---- Why ---- */

static const char *text_of(const char *text)
{
	return text ? text : "";
}

/* What is told of the cells of a row below its table. */
struct grounds {
	const struct comparison *comparison;
	const struct compare_row *row;
	const char *reasons[SYSTEMS_MAX]; /* one per system; "" for none */
};

/* Whether the reason is no more than a value with its mark and what was wanted of it. */
static bool is_in_table(const struct outcome *outcome, const char *reason)
{
	bool found = false;

	for (size_t i = 0; i < outcome->saw_count && !found; i++) {
		if (!outcome->saw[i].judged || outcome->saw[i].ok)
			continue;
		char *failure = failure_text(&outcome->saw[i]);
		found = !strcmp(failure, reason);
		free(failure);
	}
	return found;
}

static struct grounds grounds_of(const struct comparison *comparison, const struct compare_row *row)
{
	struct grounds grounds = { .comparison = comparison, .row = row };

	for (size_t i = 0; i < comparison->system_count; i++) {
		const struct cell *cell = &row->cells[i];
		const char *reason = text_of(cell->reason);
		if (*reason && is_in_table(&row->outcomes[cell->outcome], reason))
			reason = "where marked \xe2\x89\xa0";
		grounds.reasons[i] = reason;
	}
	return grounds;
}

/* Whether the same is to be said of both cells. */
static bool same_grounds(const struct grounds *grounds, size_t a, size_t b)
{
	const struct cell *x = &grounds->row->cells[a], *y = &grounds->row->cells[b];

	return x->likeness == y->likeness && !strcmp(grounds->reasons[a], grounds->reasons[b]) &&
	       !strcmp(text_of(x->known), text_of(y->known));
}

static bool has_grounds(const struct grounds *grounds, size_t index)
{
	const struct cell *cell = &grounds->row->cells[index];

	return cell->likeness != LIKE_ABSENT &&
	       (*grounds->reasons[index] || cell->known || cell->is_new);
}

static bool grounds_told_before(const struct grounds *grounds, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (same_grounds(grounds, i, index))
			return true;
	return false;
}

static void put_grounds(const struct grounds *grounds, size_t index, FILE *out)
{
	const struct comparison *comparison = grounds->comparison;
	const struct cell *cell = &grounds->row->cells[index];
	const char *comma = "";

	fprintf(out, "<li><b class=%s>%c</b> ", likeness_css(cell->likeness),
		likeness_letter(cell->likeness));
	for (size_t i = index; i < comparison->system_count; i++) {
		if (!same_grounds(grounds, i, index))
			continue;
		fputs(comma, out);
		put_html(out, comparison->systems[i].name);
		comma = ", ";
	}
	fprintf(out, ": <em>%s</em> ", likeness_name(cell->likeness));
	put_html(out, grounds->reasons[index]);
	if (cell->known) {
		fputs("; known: ", out);
		put_html(out, cell->known);
	}
}

static void put_all_grounds(const struct comparison *comparison, const struct compare_row *row,
			    FILE *out)
{
	struct grounds grounds = grounds_of(comparison, row);
	bool any = false;

	for (size_t i = 0; i < comparison->system_count; i++) {
		if (!has_grounds(&grounds, i) || grounds_told_before(&grounds, i))
			continue;
		fputs(any ? "" : "<ul>", out);
		any = true;
		put_grounds(&grounds, i, out);
	}
	fputs(any ? "</ul>" : "", out);
}

/* ---- Rows ---- */

static void put_cells(const struct comparison *comparison, const struct compare_row *row, FILE *out)
{
	size_t systems = comparison->system_count, room = cell_room(systems);

	if (is_folded(row, systems)) {
		put_folded_cell(out, row, systems);
		return;
	}
	for (size_t i = 0; i < systems; i++)
		put_cell(out, row, &row->cells[i], room);
}

void put_compare_rows(const struct comparison *comparison, FILE *out)
{
	for (size_t i = 0; i < comparison->row_count; i++) {
		const struct compare_row *row = comparison->rows[i];
		const struct row_head head = {
			.name = row->name,
			.family = row->family,
			.test = row->test,
			.first = !i || strcmp(comparison->rows[i - 1]->name, row->name) != 0,
			.css = row_is_unanimous(row) ? "u" : "",
		};
		if (i && i % PAGE_BODY_ROWS == 0)
			fputs("<tbody>\n", out);
		page_begin_row(out, &head);
		put_groups(comparison, row, out);
		put_all_grounds(comparison, row, out);
		page_end_details(out, &head, "sockdrill run");
		put_cells(comparison, row, out);
		fputs("</tr>\n", out);
	}
}
