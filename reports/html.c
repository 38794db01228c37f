/* html.c -- one run as a page: what was not as expected first and in full, then everything else.
 *
 * Results land in any order and are kept as records in the report's body, each a section's digit,
 * the reason, the name and the row's text with a NUL behind each; no text here has one.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "reports/calls.h"
#include "reports/page/page.h"

enum section { UNEXPECTED, NOT_RUN, KNOWN, VARIANTS, SKIPS, PASSES, SECTIONS };

static const struct {
	const char *id, *title, *caption;
} sections[SECTIONS] = {
	[UNEXPECTED] = { "unexpected", "Not as expected", "What sets the status of the run" },
	[NOT_RUN] = { "notrun", "Not run", "Planned, but the run ended before" },
	[KNOWN] = { "known", "Not good, but expected",
		    "As the baseline says, or good when retried" },
	[VARIANTS] = { "variants", "Variants", "The system's own way, with its reason" },
	[SKIPS] = { "skips", "Skipped", "Not possible here, by reason" },
	[PASSES] = { "passes", "Passed", "As a portable program may rely on" },
};

static const struct {
	const char *css, *meaning;
	char letter;
} verdicts[VERDICT_COUNT] = {
	[VERDICT_PASS] = { "cC", "as a portable program may rely on", 'P' },
	[VERDICT_VARIANT] = { "cD", "the system's own way, as known", 'V' },
	[VERDICT_SKIP] = { "cU", "not possible here, for a reason", 'S' },
	[VERDICT_FAIL] = { "cV", "a value is not what it should be", 'F' },
	[VERDICT_BROKEN] = { "cN", "the machinery failed, or a role died", 'B' },
	[VERDICT_TIMEOUT] = { "cN", "the pair did not end in time", 'T' },
	[VERDICT_FLAKY] = { "cA", "repetitions differ", 'K' },
	[VERDICT_NOT_RUN] = { "cZ", "planned, but the run ended before", 'N' },
};

/* ---- Rows ---- */

static enum section section_of(const struct result *result)
{
	if (result->verdict == VERDICT_NOT_RUN)
		return NOT_RUN;
	if (!result->expected)
		return UNEXPECTED;
	if (!verdict_is_good(result->verdict))
		return KNOWN;
	return result->verdict == VERDICT_PASS   ? PASSES
	       : result->verdict == VERDICT_SKIP ? SKIPS
						 : VARIANTS;
}

static void put_observation(FILE *out, const struct observation *one)
{
	fprintf(out, "<tr%s><th scope=\"row\">%s ", one->ok && !one->variant ? "" : " class=\"d\"",
		who_name(one->who));
	put_html(out, one->label);
	fputs("</th><td>", out);
	put_html(out, one->value);
	fputs(one->judged && !one->ok ? " <b>\xe2\x89\xa0</b></td><td>" : "</td><td>", out);
	put_html(out, *one->want ? one->want : "\xe2\x80\x93");
	fputs("</td></tr>", out);
}

static void put_observed(FILE *out, const struct result *result)
{
	if (!result->saw_count)
		return;
	fputs("<table><thead><tr><th scope=\"col\">Observed</th><th scope=\"col\">Got</th>"
	      "<th scope=\"col\">Wanted</th></tr></thead><tbody>",
	      out);
	for (enum who who = 0; who < WHO_COUNT; who++)
		for (size_t i = 0; i < result->saw_count; i++)
			if (result->saw[i].who == who)
				put_observation(out, &result->saw[i]);
	fputs("</tbody></table>", out);
}

/* Where each side stood and what it wrote; of a pair that ended well there is nothing to say. */
static void put_roles(FILE *out, const struct result *result)
{
	bool any = false;

	for (enum who who = 0; who < WHO_COUNT; who++) {
		const char *stood = result->stood[who];
		if (!stood || !*stood || (result->expected && !strcmp(stood, "finished")))
			continue;
		fprintf(out, "%s<li>%s: ", any ? "" : "<ul>", who_name(who));
		put_html(out, stood);
		fputs("</li>", out);
		any = true;
	}
	fputs(any ? "</ul>" : "", out);
	for (enum who who = 0; who < WHO_COUNT; who++) {
		if (!result->output[who] || !*result->output[who])
			continue;
		fprintf(out, "<p>%s wrote:</p><pre>", who_name(who));
		put_html(out, result->output[who]);
		fputs("</pre>", out);
	}
}

/* How a page at `page` (NULL: unknown) names a file. Both are as seen from where the run was
 * started; when one of them is absolute and the other is not there is nothing to be said. */
static void put_href(FILE *out, const char *page, const char *path)
{
	size_t same = 0;

	if (!page || (*page == '/') != (*path == '/') || strstr(page, ".."))
		page = "";
	for (size_t i = 0; page[i] && page[i] == path[i]; i++)
		if (page[i] == '/')
			same = i + 1;
	for (const char *c = page + same; *c; c++)
		fputs(*c == '/' ? "../" : "", out);
	for (const char *c = path + same; *c; c++) {
		if (isalnum((unsigned char)*c) || strchr("/._-~", *c))
			fputc(*c, out);
		else
			fprintf(out, "%%%02X", (unsigned char)*c);
	}
}

static void put_packets(FILE *out, const struct report *report, const struct result *result)
{
	if (!result->pcap)
		return;
	fputs("<p>packets: <a href=\"", out);
	put_href(out, report->file.path, result->pcap);
	fputs("\">", out);
	put_html(out, result->pcap);
	fputs("</a></p>", out);
}

static void put_debug(FILE *out, const struct report *report, const struct result *result)
{
	if (section_of(result) != UNEXPECTED || !result->test)
		return;
	fputs("<p class=\"repeat\"><code>gdb --args ", out);
	put_html(out, report->run_command);
	fputc(' ', out);
	put_html(out, result->name);
	fprintf(out, "/%s --here %s</code></p>", family_name(result->family),
		result->test->client ? "client" : "server");
}

/* All values in one line. */
static void put_values(FILE *out, const struct result *result)
{
	for (size_t i = 0; i < result->saw_count; i++) {
		fprintf(out, "%s%s ", i ? ", " : "", who_name(result->saw[i].who));
		put_html(out, result->saw[i].label);
		fputs(" = ", out);
		put_html(out, result->saw[i].value);
	}
}

static void put_row(FILE *out, const struct report *report, const struct result *result)
{
	const struct row_head head = {
		.name = result->name,
		.family = result->family,
		.test = result->test,
		.open = section_of(result) == UNEXPECTED,
		.css = "",
	};

	page_begin_row(out, &head);
	if (*result->reason) {
		fputs("<p class=\"reason\">", out);
		put_html(out, result->reason);
		fputs("</p>", out);
	}
	put_observed(out, result);
	put_roles(out, result);
	put_packets(out, report, result);
	put_calls_html(out, result);
	put_debug(out, report, result);
	page_end_details(out, &head, report->run_command);
	fprintf(out, "<td class=\"%s\"><b>%c</b>%s</td><td class=\"n\">%.1f</td><td>",
		verdicts[result->verdict].css, verdicts[result->verdict].letter,
		verdict_words(result->verdict), result->ms);
	if (*result->reason)
		put_html(out, result->reason);
	else
		put_values(out, result);
	fputs("</td></tr>\n", out);
}

static void begin(struct report *report, const struct run_facts *facts)
{
	(void)facts;
	report->body = open_memstream(&report->body_text, &report->body_size);
}

static void result_row(struct report *report, const struct result *result)
{
	FILE *out = report->body;

	if (!out)
		return;
	/* Names are in order before their families: \1 is below all that a name has. */
	fprintf(out, "%c%s%c%s\1%u%c", '0' + (int)section_of(result), result->reason, '\0',
		result->name, (unsigned)result->family, '\0');
	put_row(out, report, result);
	fputc('\0', out);
}

/* ---- The page ---- */

/* A row as it was kept. */
struct record {
	enum section section;
	const char *reason, *name, *row;
};

static int compare_records(const void *a, const void *b)
{
	const struct record *x = a, *y = b;
	int order = (int)x->section - (int)y->section;

	if (!order && x->section == SKIPS)
		order = strcmp(x->reason, y->reason);
	return order ? order : strcmp(x->name, y->name);
}

/* The records of the body, by section, reason of a skip, and name; new memory. */
static struct record *take_records(struct report *report, size_t *ret_count)
{
	struct record *records = must_alloc(report->number, sizeof *records);
	size_t count = 0;

	if (!report->body || fflush(report->body))
		report->body_size = 0;
	const char *at = report->body_text;
	for (const char *end = at + report->body_size; at < end && count < report->number;
	     count++) {
		struct record *record = &records[count];
		record->section = (enum section)(*at - '0');
		record->reason = at + 1;
		record->name = record->reason + strlen(record->reason) + 1;
		record->row = record->name + strlen(record->name) + 1;
		at = record->row + strlen(record->row) + 1;
	}
	qsort(records, count, sizeof *records, compare_records);
	*ret_count = count;
	return records;
}

static size_t same_reason(const struct record *records, size_t count)
{
	size_t n = 0;

	while (n < count && !strcmp(records[n].reason, records[0].reason))
		n++;
	return n;
}

static void put_group(FILE *out, const struct record *records, size_t count, bool has_reason)
{
	fputs("<tbody>", out);
	if (has_reason) {
		fputs("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"4\">", out);
		put_html(out, records->reason);
		fprintf(out, " <i>%zu</i></th></tr>\n", count);
	}
	for (size_t i = 0; i < count; i++) {
		/* A reason and its rows stay together. */
		if (i && i % PAGE_BODY_ROWS == 0 && !has_reason)
			fputs("</tbody><tbody>\n", out);
		fputs(records[i].row, out);
	}
	fputs("</tbody>", out);
}

static void put_section(FILE *out, enum section section, const struct record *records, size_t count)
{
	const char *id = sections[section].id;

	fprintf(out,
		"<section class=\"results\" aria-labelledby=\"%s\"><h2 id=\"%s\">%s "
		"<i>%zu</i></h2>\n<table class=\"matrix run\"><caption>%s</caption><thead><tr>"
		"<th scope=\"col\">Behaviour</th><th scope=\"col\">Verdict</th>"
		"<th scope=\"col\" class=\"n\">ms</th><th scope=\"col\">What happened</th>"
		"</tr></thead>\n",
		id, id, sections[section].title, count, sections[section].caption);
	for (size_t i = 0, n; i < count; i += n) {
		n = section == SKIPS ? same_reason(records + i, count - i) : count;
		put_group(out, records + i, n, section == SKIPS);
	}
	fputs("</table></section>\n", out);
}

static void put_fact(FILE *out, const char *name, const char *value)
{
	if (!*value)
		return;
	fprintf(out, "<li><small>%s</small> ", name);
	put_html(out, value);
	fputs("</li>", out);
}

static void put_facts(FILE *out, const struct run_facts *facts, const struct counts *counts)
{
	char number[64];

	fputs("<ul class=\"cards\">", out);
	put_fact(out, "Stack", facts->stack);
	put_fact(out, "Version", facts->stack_version);
	put_fact(out, "OS", facts->sysname);
	put_fact(out, "Release", facts->release);
	put_fact(out, "Machine", facts->machine);
	put_fact(out, "libc", facts->libc);
	put_fact(out, "Isolation", facts->isolation);
	put_fact(out, "Date", facts->date);
	snprintf(number, sizeof number, "%llu", facts->seed);
	put_fact(out, "Seed", number);
	snprintf(number, sizeof number, "%u of %u", facts->shard, facts->shards);
	put_fact(out, "Shard", facts->shards > 1 ? number : "");
	snprintf(number, sizeof number, "%.2f s", counts->ms / 1000);
	put_fact(out, "Time", number);
	fputs("</ul>\n<ul class=\"legend\">", out);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++) {
		snprintf(number, sizeof number, "%u",
			 v == VERDICT_NOT_RUN ? counts_not_run(counts) : counts->of[v]);
		char *meaning = must_format("<strong>%s</strong> %s", number, verdicts[v].meaning);
		page_put_legend(out, verdicts[v].css, verdicts[v].letter, verdict_words(v),
				meaning);
		free(meaning);
	}
	fputs("</ul>\n", out);
}

static void put_head(const struct report *report, const struct run_facts *facts,
		     const struct counts *counts)
{
	char *title = must_format("%s %s: %u behaviours drilled", facts->stack,
				  *facts->stack_version ? facts->stack_version : facts->release,
				  report->number - (unsigned)report->not_run_count);
	char *lead = report_headline(counts), *cut = report_cut_text(counts);

	page_begin(report->out, title, lead);
	free(title);
	free(lead);
	if (cut) {
		fputs("<p class=\"alarm\">This run is incomplete: ", report->out);
		put_html(report->out, cut);
		fputs(".</p>\n", report->out);
	}
	free(cut);
	put_facts(report->out, facts, counts);
}

static void end(struct report *report, const struct run_facts *facts, const struct counts *counts)
{
	size_t count;
	struct record *records = take_records(report, &count);

	put_head(report, facts, counts);
	fputs("<div id=\"behaviours\">\n", report->out);
	page_put_controls(report->out);
	for (size_t i = 0, n; i < count; i += n) {
		for (n = 1; i + n < count && records[i + n].section == records[i].section; n++)
			;
		put_section(report->out, records[i].section, records + i, n);
	}
	fputs("</div>\n", report->out);
	page_end(report->out, facts->tool);
	free(records);
}

const struct format format_html = {
	.name = "html",
	.begin = begin,
	.result = result_row,
	.end = end,
};
