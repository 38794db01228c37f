/* compare_page.c -- the page that compares systems: who they are, how far they are apart, and the
 * matrix of behaviours. */
#include "reports/compare/compare_page.h"

#include <stdlib.h>

#include "reports/page/page.h"

static const struct {
	const char *css, *meaning;
} likenesses[LIKE_COUNT] = {
	[LIKE_CONFORMS] = { "cC", "as a portable program may rely on, and as the first system" },
	[LIKE_ALLOWED] = { "cA", "allowed by the standard, but not as the first system" },
	[LIKE_DOCUMENTED] = { "cD", "the system's own way, of which the case knows the reason" },
	[LIKE_NEW] = { "cN", "told by no expectation: a crash, a time-out, an unknown case" },
	[LIKE_VIOLATES] = { "cV", "not what the standard behind the case demands" },
	[LIKE_UNSUPPORTED] = { "cU", "skipped: the system lacks it" },
	[LIKE_ABSENT] = { "cZ", "the file has no result of it" },
};

const char *likeness_css(enum likeness likeness)
{
	return likenesses[likeness].css;
}

/* ---- Who they are ---- */

static void put_verdicts(const struct comparison *comparison, FILE *out)
{
	fputs("<section aria-labelledby=\"verdict\"><h2 id=\"verdict\">Verdict</h2>\n"
	      "<ul class=\"verdicts\">\n",
	      out);
	for (size_t i = 1; i < comparison->system_count; i++) {
		const struct system *system = &comparison->systems[i];
		char *line = comparison_headline(comparison, i);
		fprintf(out, "<li%s>", system->new_ones ? " class=\"alarm\"" : "");
		put_html(out, line);
		fputs("</li>\n", out);
		free(line);
	}
	fputs("</ul></section>\n", out);
}

static void put_fact(FILE *out, const char *text)
{
	fputs("<td>", out);
	put_html(out, *text ? text : "\xe2\x80\x93");
	fputs("</td>", out);
}

static void put_system_facts(const struct system *system, FILE *out)
{
	const struct run_facts *facts = &system->facts;
	const char *const texts[] = { facts->stack,    facts->stack_version, facts->sysname,
				      facts->release,  facts->machine,       facts->libc,
				      facts->isolation };

	fputs("<tr><th scope=\"row\">", out);
	put_html(out, system->name);
	fputs("</th>", out);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		put_fact(out, texts[i]);
	fprintf(out, "<td>%llu</td>", facts->seed);
	put_fact(out, facts->date);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++) {
		char room[THOUSANDS_ROOM];
		fprintf(out, "<td class=\"n\">%s</td>", thousands(system->counts.of[v], room));
	}
	fprintf(out, "<td class=\"n\">%.1f</td></tr>\n", system->counts.ms / 1000);
}

static void put_facts(const struct comparison *comparison, FILE *out)
{
	static const char *const heads[] = { "System",  "Stack", "Version",   "OS",   "Release",
					     "Machine", "libc",  "Isolation", "Seed", "Date" };

	fputs("<section aria-labelledby=\"systems\"><h2 id=\"systems\">Systems</h2>\n"
	      "<section class=\"wide\" tabindex=\"0\" aria-label=\"Facts of the "
	      "systems\"><table class=\"facts\"><caption>What was compared; the others are held "
	      "against the first. Results by verdict.</caption>\n<thead><tr>",
	      out);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		fprintf(out, "<th scope=\"col\">%s</th>", heads[i]);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		fprintf(out, "<th scope=\"col\" class=\"n\">%s</th>", verdict_words(v));
	fputs("<th scope=\"col\" class=\"n\">seconds</th></tr></thead><tbody>\n", out);
	for (size_t i = 0; i < comparison->system_count; i++)
		put_system_facts(&comparison->systems[i], out);
	fputs("</tbody></table></section></section>\n", out);
}

/* ---- How far they are apart ---- */

/* Shades from 0, equal, to 9: the share of rows that differ, doubled, in tenths. */
static unsigned shade_of(unsigned common, unsigned equal)
{
	unsigned shade = common ? (common - equal) * 20 / common : 0;

	if (!shade && common != equal)
		return 1;
	return shade > 9 ? 9 : shade;
}

static void put_distance(const struct comparison *comparison, size_t a, size_t b, FILE *out)
{
	unsigned common, equal;

	if (a == b) {
		fputs("<td class=\"n\">\xc2\xb7</td>", out);
		return;
	}
	comparison_distance(comparison, a, b, &common, &equal);
	if (!common) {
		fputs("<td class=\"n\">\xe2\x80\x93</td>", out);
		return;
	}
	/* Rounded down: 100 means all. */
	unsigned tenths = (unsigned)((unsigned long long)equal * 1000 / common);
	fprintf(out, "<td class=\"n s%u\" title=\"%u of %u\">%u.%u</td>", shade_of(common, equal),
		equal, common, tenths / 10, tenths % 10);
}

static void put_distances(const struct comparison *comparison, FILE *out)
{
	fputs("<section aria-labelledby=\"distance\"><h2 id=\"distance\">Distance</h2>\n"
	      "<section class=\"wide\" tabindex=\"0\" aria-label=\"Distances\">"
	      "<table class=\"distance\"><caption>Behaviours with equal outcome, in percent of "
	      "those that ran on both systems.</caption>\n<thead><tr><td></td>",
	      out);
	for (size_t i = 0; i < comparison->system_count; i++) {
		fputs("<th scope=\"col\"><span>", out);
		put_html(out, comparison->systems[i].name);
		fputs("</span></th>", out);
	}
	fputs("</tr></thead><tbody>\n", out);
	for (size_t i = 0; i < comparison->system_count; i++) {
		fputs("<tr><th scope=\"row\">", out);
		put_html(out, comparison->systems[i].name);
		fputs("</th>", out);
		for (size_t k = 0; k < comparison->system_count; k++)
			put_distance(comparison, i, k, out);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></section></section>\n", out);
}

/* ---- The matrix ---- */

static void put_legend(FILE *out)
{
	fputs("<ul class=\"legend\">\n", out);
	for (enum likeness like = 0; like < LIKE_COUNT; like++)
		page_put_legend(out, likenesses[like].css, likeness_letter(like),
				likeness_name(like), likenesses[like].meaning);
	fputs("</ul>\n<p class=\"hint\">Cells of a row with the same shade saw the same; "
	      "\xe2\x89\xa0 marks a value that a portable program does not reckon with. A row's "
	      "name opens what both sides saw.</p>\n",
	      out);
}

static void put_matrix(const struct comparison *comparison, FILE *out)
{
	fputs("<section aria-labelledby=\"behaviours\"><h2 id=\"behaviours\">Behaviours</h2>\n",
	      out);
	put_legend(out);
	page_put_controls(out);
	fputs("<section class=\"scroll\" tabindex=\"0\" aria-label=\"Matrix\">"
	      "<table class=\"matrix\"><caption>What each system did</caption>\n"
	      "<thead><tr><th scope=\"col\">Behaviour</th>",
	      out);
	for (size_t i = 0; i < comparison->system_count; i++) {
		const struct system *system = &comparison->systems[i];
		fputs("<th scope=\"col\" title=\"", out);
		put_html(out, system->title);
		fputs("\">", out);
		put_html(out, system->name);
		fputs("</th>", out);
	}
	fputs("</tr></thead><tbody>\n", out);
	put_compare_rows(comparison, out);
	fputs("</tbody></table></section></section>\n", out);
}

void compare_put_html(const struct comparison *comparison, const struct compare_options *options,
		      FILE *out)
{
	char rows[THOUSANDS_ROOM];
	const struct system *first = &comparison->systems[0];
	char *title = must_format("%zu socket stacks compared", comparison->system_count);
	char *lead = must_format("%s behaviours, held against %s",
				 thousands((unsigned)comparison->row_count, rows), first->title);

	(void)options; /* a page has room for all */
	page_begin(out, title, lead);
	put_verdicts(comparison, out);
	put_facts(comparison, out);
	put_distances(comparison, out);
	put_matrix(comparison, out);
	page_end(out, first->facts.tool);
	free(title);
	free(lead);
}
