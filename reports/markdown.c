/* markdown.c -- results as Markdown for a forge's page: what is not as expected first and in full,
 * the rest counted. Whatever was not written here is escaped, so that nothing in it is obeyed. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "reports/calls.h"
#include "reports/told.h"

enum {
	FULL_MAX = 100,   /* told in full: nobody reads more, and forges limit a page */
	ROWS_MAX = 8,     /* observations beyond which the table is folded */
	OUTPUT_MAX = 2000 /* bytes shown of what a role wrote */
};

/* What is told in a line at the end, by section. */
enum section {
	SECTION_MORE,
	SECTION_NOT_RUN,
	SECTION_KNOWN,
	SECTION_VARIANT,
	SECTION_SKIP,
	SECTION_COUNT
};

static const struct {
	const char *title, *head;
	bool folded, grouped;
} sections[SECTION_COUNT] = {
	[SECTION_MORE] = { "Not as expected, too", "case | verdict | reason", false, false },
	[SECTION_NOT_RUN] = { "Not run", "case | verdict | reason", true, false },
	[SECTION_KNOWN] = { "Not good, but expected", "case | verdict | reason", true, false },
	[SECTION_VARIANT] = { "This system's own way, known and documented", "instances | reason",
			      true, true },
	[SECTION_SKIP] = { "Skipped", "instances | reason", true, true },
};

struct line {
	enum section section;
	char *name, *reason; /* name: of one instance; NULL when instances share the reason */
	enum verdict verdict;
	unsigned count;
};

struct pages {
	struct line *lines;
	size_t count;
	struct tale tale;           /* in full */
	unsigned of[SECTION_COUNT]; /* instances */
};

static void put_cell(FILE *out, const char *text)
{
	put_markdown(out, text, SIZE_MAX, " ");
}

static void put_code(FILE *out, const char *text)
{
	if (!*text)
		return;
	fputs("<code>", out);
	put_cell(out, text);
	fputs("</code>", out);
}

static void begin(struct report *report, const struct run_facts *facts)
{
	(void)facts;
	report->own = must_alloc(1, sizeof(struct pages));
}

static void forget(struct report *report)
{
	struct pages *pages = report->own;

	if (!pages)
		return;
	for (size_t i = 0; i < pages->count; i++) {
		free(pages->lines[i].name);
		free(pages->lines[i].reason);
	}
	free(pages->lines);
	tale_finish(&pages->tale);
}

/* ---- One result in full ---- */

static void put_item(FILE *out, const char *head, const char *text)
{
	fprintf(out, "- %s: ", head);
	put_cell(out, text);
	fputc('\n', out);
}

static const char *standing(const struct observation *one)
{
	if (!one->judged)
		return *one->want ? "not judged" : "not expected";
	if (!one->ok)
		return "**no**";
	return one->variant ? "variant" : "yes";
}

static void put_table(FILE *out, const struct result *result)
{
	fputs("\n| role | label | value | wanted | ok |\n|---|---|---|---|---|\n", out);
	for (size_t i = 0; i < result->saw_count; i++) {
		const struct observation *one = &result->saw[i];
		fprintf(out, "| %s | ", who_name(one->who));
		put_cell(out, one->label);
		fputs(" | ", out);
		put_code(out, one->value);
		fputs(" | ", out);
		put_code(out, one->want);
		fprintf(out, " | %s", standing(one));
		if (!one->ok && one->line)
			fprintf(out, ", line %d", one->line);
		fputs(" |\n", out);
	}
}

static void fold(FILE *out, const char *title)
{
	fprintf(out, "\n<details>\n<summary>%s</summary>\n", title);
}

static void unfold(FILE *out)
{
	fputs("\n</details>\n", out);
}

static void put_outputs(FILE *out, const struct result *result)
{
	for (enum who who = 0; who < WHO_COUNT; who++) {
		if (!*result->output[who])
			continue;
		fold(out, who == SERVER ? "What the server wrote" : "What the client wrote");
		fputs("\n<pre>\n", out);
		put_markdown(out, result->output[who], OUTPUT_MAX, "\n");
		fputs("\n</pre>\n", out);
		unfold(out);
	}
}

static void put_ladder(FILE *out, const struct report *report, const struct result *result)
{
	char *text = calls_text(report, result, "");

	if (!text)
		return;
	fold(out, "What both sides called");
	fputs("\n<pre>\n", out);
	put_markdown(out, text, SIZE_MAX, "\n");
	fputs("</pre>\n", out);
	unfold(out);
	free(text);
}

static void put_facts_of_case(FILE *out, const struct report *report, const struct result *result)
{
	struct place place = report_place(report, result);

	if (result->test) {
		put_item(out, "claim", result->test->claim);
		put_item(out, "source", result->test->source);
	}
	for (enum who who = 0; who < WHO_COUNT; who++)
		if (*result->stood[who] && strcmp(result->stood[who], "finished") != 0)
			put_item(out, who_name(who), result->stood[who]);
	if (result->runs > 1)
		fprintf(out, "- runs: %u\n", result->runs);
	if (!place.file)
		return;
	char *where = must_format("%s:%d", place.file, place.line);
	fputs("- file: ", out);
	put_code(out, where);
	fputc('\n', out);
	free(where);
}

/* All but the heading, which names the families, and how to repeat it. */
static void put_in_full(FILE *out, const struct report *report, const struct result *result)
{
	bool folds = result->saw_count > ROWS_MAX;

	if (*result->reason) {
		put_cell(out, result->reason);
		fputs("\n\n", out);
	}
	put_facts_of_case(out, report, result);
	if (folds) {
		char *title = must_format("%zu observations", result->saw_count);
		fold(out, title);
		free(title);
	}
	if (result->saw_count)
		put_table(out, result);
	if (folds)
		unfold(out);
	put_outputs(out, result);
	put_ladder(out, report, result);
}

/* False: there is no room for more. */
static bool tell_in_full(struct report *report, const struct result *result)
{
	struct pages *pages = report->own;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out)
		put_in_full(out, report, result);
	if (out && !fclose(out))
		return tale_add(&pages->tale, report, result, text, FULL_MAX);
	report->err = errno;
	free(text);
	return false;
}

static void put_told(FILE *out, const struct report *report, const struct told *told)
{
	fprintf(out, "\n### %s: ", verdict_name(told->verdict));
	put_cell(out, told->name);
	fprintf(out, "/%s\n\n%s", told->families, told->text);
	if (!told->is_known)
		return;
	char *command = told_repeat(told, report);
	fputs("\nRepeat it with ", out);
	put_code(out, command);
	fputc('\n', out);
	free(command);
}

/* ---- Results in a line ---- */

static void add_line(struct pages *pages, enum section section, const struct result *result)
{
	bool grouped = sections[section].grouped;

	pages->of[section]++;
	for (size_t i = 0; grouped && i < pages->count; i++) {
		struct line *line = &pages->lines[i];
		if (line->section != section || strcmp(line->reason, result->reason) != 0)
			continue;
		line->count++;
		return;
	}
	pages->lines = must_grow(pages->lines, pages->count + 1, sizeof *pages->lines);
	pages->lines[pages->count++] = (struct line){
		.section = section,
		.name = grouped ? NULL
				: must_format("%s/%s", result->name, family_name(result->family)),
		.reason = must_copy(result->reason),
		.verdict = result->verdict,
		.count = 1,
	};
}

static void result_part(struct report *report, const struct result *result)
{
	struct pages *pages = report->own;

	if (result->verdict == VERDICT_NOT_RUN) {
		add_line(pages, SECTION_NOT_RUN, result);
	} else if (!result->expected) {
		if (!tell_in_full(report, result))
			add_line(pages, SECTION_MORE, result);
	} else if (!verdict_is_good(result->verdict)) {
		add_line(pages, SECTION_KNOWN, result);
	} else if (result->verdict == VERDICT_SKIP) {
		add_line(pages, SECTION_SKIP, result);
	} else if (result->verdict == VERDICT_VARIANT) {
		add_line(pages, SECTION_VARIANT, result);
	}
}

static void put_line(FILE *out, const struct line *line)
{
	fputs("| ", out);
	if (line->name) {
		put_cell(out, line->name);
		fprintf(out, " | %s", verdict_words(line->verdict));
	} else {
		fprintf(out, "%u", line->count);
	}
	fputs(" | ", out);
	put_cell(out, line->reason);
	fputs(" |\n", out);
}

static void put_section(FILE *out, const struct pages *pages, enum section section)
{
	if (!pages->of[section])
		return;
	char *title = must_format("%s: %u", sections[section].title, pages->of[section]);
	if (sections[section].folded)
		fold(out, title);
	else
		fprintf(out, "\n## %s\n", title);
	free(title);
	fprintf(out, "\n| %s |\n|%s\n", sections[section].head,
		sections[section].grouped ? "---:|---|" : "---|---|---|");
	for (size_t i = 0; i < pages->count; i++)
		if (pages->lines[i].section == section)
			put_line(out, &pages->lines[i]);
	if (sections[section].folded)
		unfold(out);
}

/* ---- The head ---- */

static void put_fact(FILE *out, const char *name, char *value)
{
	if (*value) {
		fprintf(out, "| %s | ", name);
		put_cell(out, value);
		fputs(" |\n", out);
	}
	free(value);
}

static void put_facts(FILE *out, const struct run_facts *facts, const struct counts *counts)
{
	fputs("| run | |\n|---|---|\n", out);
	put_fact(out, "tool", must_copy(facts->tool));
	put_fact(out, "stack",
		 must_format("%s%s%s", facts->stack, *facts->stack_version ? " " : "",
			     facts->stack_version));
	put_fact(out, "system",
		 must_format("%s %s %s", facts->sysname, facts->release, facts->machine));
	put_fact(out, "C library", must_copy(facts->libc));
	put_fact(out, "isolation", must_copy(facts->isolation));
	put_fact(out, "date", must_copy(facts->date));
	put_fact(out, "seed", facts->seed ? must_format("%llu", facts->seed) : must_copy(""));
	put_fact(out, "shard",
		 facts->shards > 1 ? must_format("%u/%u", facts->shard, facts->shards)
				   : must_copy(""));
	put_fact(out, "duration", must_format("%.2f s", counts->ms / 1000));
}

static void put_counts(FILE *out, const struct counts *counts)
{
	fputs("\n|", out);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		fprintf(out, " %s |", verdict_words(v));
	fputs("\n|", out);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		fputs("---:|", out);
	fputs("\n|", out);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		fprintf(out, " %u |",
			v == VERDICT_NOT_RUN ? counts_not_run(counts) : counts->of[v]);
	fputc('\n', out);
}

static void put_head(FILE *out, const struct run_facts *facts, const struct counts *counts)
{
	char *headline = report_headline(counts), *cut = report_cut_text(counts);

	fprintf(out, "# sockdrill: %s\n\n", headline);
	if (cut) {
		fputs("**This run is incomplete: ", out);
		put_cell(out, cut);
		fputs(".**\n\n", out);
	}
	free(headline);
	free(cut);
	put_facts(out, facts, counts);
	put_counts(out, counts);
}

static void end(struct report *report, const struct run_facts *facts, const struct counts *counts)
{
	const struct pages *pages = report->own;

	put_head(report->out, facts, counts);
	if (pages->tale.count)
		fputs("\n## Not as expected\n", report->out);
	for (size_t i = 0; i < pages->tale.count; i++)
		put_told(report->out, report, &pages->tale.told[i]);
	for (enum section section = 0; section < SECTION_COUNT; section++)
		put_section(report->out, pages, section);
}

const struct format format_markdown = {
	.name = "markdown",
	.begin = begin,
	.result = result_part,
	.end = end,
	.forget = forget,
};
