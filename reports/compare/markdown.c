/* markdown.c -- a comparison for a forge: tables, and a fold per difference.
 *
 * Whatever is not from this file is text: characters that could be marks are written as numeric
 * entities, which hold inside and outside of HTML blocks.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "reports/compare/view.h"
#include "reports/report.h"

/* In a name such as recv_zero an underscore is no mark. */
static bool is_within_word(const char *text, const char *at)
{
	return at > text && isalnum((unsigned char)at[-1]) && isalnum((unsigned char)at[1]);
}

static void put_text(FILE *out, const char *text)
{
	for (const char *c = text; *c; c++) {
		if (*c == '\n')
			fputc(' ', out);
		else if (*c == ' ' && c[1] == ' ')
			fputs("&#160;", out); /* blanks side by side would be shown as one */
		else if (strchr("\\`*_{}[]<>#|&~@$\"", *c) &&
			 !(*c == '_' && is_within_word(text, c)))
			fprintf(out, "&#%d;", *c);
		else
			fputc(*c, out);
	}
}

static void put_code(FILE *out, const char *text)
{
	fputs("<code>", out);
	put_text(out, text);
	fputs("</code>", out);
}

/* A paragraph "**name**: text", or nothing. */
static void put_named(FILE *out, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	fprintf(out, "**%s**: ", name);
	put_text(out, text);
	fputs("\n\n", out);
}

/* ---- Head ---- */

static void put_systems(FILE *out, const struct comparison *comparison)
{
	fputs("| # | name | system | recorded | file |\n|---:|---|---|---|---|\n", out);
	for (size_t i = 0; i < comparison->system_count; i++) {
		const struct system *system = &comparison->systems[i];
		fprintf(out, "| %zu | **", i + 1);
		put_text(out, system->name);
		fputs("** | ", out);
		put_text(out, system->title);
		fputs(" | ", out);
		put_text(out, system->facts.date);
		fputs(" | ", out);
		put_code(out, system->path);
		fputs(" |\n", out);
	}
	fputc('\n', out);
	for (size_t i = 1; i < comparison->system_count; i++) {
		char *headline = comparison_headline(comparison, i);
		fputs(comparison->systems[i].new_ones ? "- **" : "- ", out);
		put_text(out, headline);
		fputs(comparison->systems[i].new_ones ? "**\n" : "\n", out);
		free(headline);
	}
}

/* ---- Rows ---- */

static void put_observation(FILE *out, const struct row_group *group, const struct row_label *label)
{
	const struct observation *one = outcome_saw(group->outcome, label->who, label->label);
	char *note = observation_note(one, group->cell->likeness);

	fprintf(out, "%s ", who_name(label->who));
	put_text(out, label->label);
	fputs(one ? " = " : ": ", out);
	if (one) {
		put_code(out, one->value);
		fputc(' ', out);
	}
	put_text(out, note);
	free(note);
}

static void put_group(FILE *out, const struct comparison *comparison, const struct row_group *group,
		      const struct row_label *labels, size_t count)
{
	bool has_values = group->outcome && group->outcome->kind != VERDICT_SKIP;
	char *names = group_names(comparison, group), *class = class_text(group->cell);
	const char *reason = group_reason(group), *comma = "";

	fprintf(out, "| %c | %s%s%s | ", likeness_letter(group->cell->likeness),
		group->cell->is_new ? "**" : "", class, group->cell->is_new ? "**" : "");
	put_text(out, names);
	fputs(" | ", out);
	for (size_t i = 0; has_values && i < count; i++) {
		if (labels[i].common)
			continue;
		fputs(comma, out);
		comma = "<br>";
		put_observation(out, group, &labels[i]);
	}
	fputs(" | ", out);
	if (*reason && group->outcome && group->outcome->kind > VERDICT_SKIP)
		fprintf(out, "%s: ", group_reason_name(group));
	put_text(out, reason);
	if (group->cell->known) {
		fputs(*reason ? "<br>baseline: " : "baseline: ", out);
		put_text(out, group->cell->known);
	}
	fputs(" |\n", out);
	free(names);
	free(class);
}

static void put_common(FILE *out, const struct row_label *labels, size_t count)
{
	const char *comma = "all saw: ";

	for (size_t i = 0; i < count; i++) {
		if (!labels[i].common)
			continue;
		fprintf(out, "%s%s ", comma, who_name(labels[i].who));
		put_text(out, labels[i].label);
		fputs(" = ", out);
		put_code(out, labels[i].common->value);
		comma = ", ";
	}
	if (*comma == ',')
		fputs("\n\n", out);
}

/* So many rows that tell the same. */
static void put_rows(FILE *out, const struct comparison *comparison, size_t from, size_t count,
		     bool open)
{
	const struct compare_row *row = comparison->rows[from];
	struct row_group groups[SYSTEMS_MAX];
	struct row_label *labels;
	size_t group_count = row_groups(comparison, row, groups);
	size_t label_count = row_labels(row, &labels);

	char *families = rows_families(comparison, from, count);

	fprintf(out, "<details%s><summary><code>", open ? " open" : "");
	put_text(out, row->name);
	fprintf(out, "/%s</code></summary>\n\n", families);
	free(families);
	if (row->test) {
		put_text(out, row->test->claim);
		fputs("\n\n", out);
	}
	fputs("| | class | systems | saw | because |\n|---|---|---|---|---|\n", out);
	for (size_t i = 0; i < group_count; i++)
		put_group(out, comparison, &groups[i], labels, label_count);
	fputc('\n', out);
	put_common(out, labels, label_count);
	if (row->test) {
		put_named(out, "source", row->test->source);
		put_named(out, "portable", row->test->portable);
	}
	fputs("</details>\n\n", out);
	free(labels);
}

static void put_section(FILE *out, const struct comparison *comparison, enum section section)
{
	char room[THOUSANDS_ROOM];
	unsigned count = 0;

	for (size_t i = 0; i < comparison->row_count; i++)
		count += row_section(comparison, comparison->rows[i]) == section;
	if (!count)
		return;
	fprintf(out, "\n## %s: %s\n\n%s.\n\n", section_name(section), thousands(count, room),
		section_claim(section));
	for (size_t i = 0, n; i < comparison->row_count; i += n) {
		n = rows_alike(comparison, i);
		if (row_section(comparison, comparison->rows[i]) == section)
			put_rows(out, comparison, i, n, section == SECTION_NEW);
	}
}

/* ---- Tables ---- */

static void put_distances(FILE *out, const struct comparison *comparison)
{
	size_t count = comparison->system_count;

	fputs("\n## alike, in % of the case instances that ran on both\n\n| |", out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, " %zu |", i + 1);
	fputs("\n|---|", out);
	for (size_t i = 0; i < count; i++)
		fputs("---:|", out);
	for (size_t row = 0; row < count; row++) {
		fprintf(out, "\n| %zu ", row + 1);
		put_text(out, comparison->systems[row].name);
		fputs(" |", out);
		for (size_t i = 0; i < count; i++) {
			int alike = systems_alike(comparison, row, i);
			if (row == i || alike < 0)
				fputs(row == i ? " . |" : " - |", out);
			else
				fprintf(out, " %d.%d |", alike / 10, alike % 10);
		}
	}
	fputc('\n', out);
}

static void put_classes(FILE *out, const struct comparison *comparison)
{
	fputs("\n## classes\n\n| |", out);
	for (enum likeness like = 0; like < LIKE_COUNT; like++)
		fprintf(out, " %s |", likeness_name(like));
	fputs("\n|---|", out);
	for (enum likeness like = 0; like < LIKE_COUNT; like++)
		fputs("---:|", out);
	for (size_t i = 0; i < comparison->system_count; i++) {
		fprintf(out, "\n| %zu ", i + 1);
		put_text(out, comparison->systems[i].name);
		fputs(" |", out);
		for (enum likeness like = 0; like < LIKE_COUNT; like++)
			fprintf(out, " %u |", comparison->systems[i].like[like]);
	}
	fputc('\n', out);
}

void compare_put_markdown(const struct comparison *comparison,
			  const struct compare_options *options, FILE *out)
{
	fputs("# Sockets compared\n\n", out);
	put_systems(out, comparison);
	for (enum section section = 0; section < SECTION_COUNT; section++)
		if (section != SECTION_ALIKE || options->all)
			put_section(out, comparison, section);
	put_distances(out, comparison);
	put_classes(out, comparison);
}
