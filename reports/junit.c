/* junit.c -- results as JUnit XML, in the dialect that GitLab and Jenkins read.
 *
 * GitLab knows a case by its classname and name, ignores one that has both in common with another,
 * shows the element's text and the case's file=. Jenkins groups by classname and reads the children
 * that Surefire writes for repetitions. The schema of Jenkins' xUnit plugin (junit-10.xsd) holds
 * but for file=, which it does not know and without which GitLab cannot link to the source. */
#include <stdlib.h>
#include <string.h>

#include "reports/calls.h"

/* A testsuite: the cases of one area. */
struct suite {
	char *area;
	struct counts counts;
	unsigned tests, skipped;
	double ms;
};

/* One testcase: its place in the body, and what makes it unique. */
struct piece {
	size_t suite, from, to;
	char *name;
};

struct suites {
	struct suite *suites;
	size_t suite_count;
	struct piece *pieces;
	size_t piece_count;
};

static void begin(struct report *report, const struct run_facts *facts)
{
	(void)facts;
	report->own = must_alloc(1, sizeof(struct suites));
	report_open_body(report);
}

static void forget(struct report *report)
{
	struct suites *own = report->own;

	if (!own)
		return;
	for (size_t i = 0; i < own->suite_count; i++)
		free(own->suites[i].area);
	for (size_t i = 0; i < own->piece_count; i++)
		free(own->pieces[i].name);
	free(own->suites);
	free(own->pieces);
}

static size_t suite_of(struct suites *own, const char *name)
{
	char *area = must_format("%.*s", area_length(name), name);
	size_t i = 0;

	while (i < own->suite_count && strcmp(own->suites[i].area, area) != 0)
		i++;
	if (i < own->suite_count) {
		free(area);
		return i;
	}
	own->suites = must_grow(own->suites, own->suite_count + 1, sizeof *own->suites);
	own->suites[own->suite_count++] = (struct suite){ .area = area };
	return i;
}

static bool is_taken(const struct suites *own, size_t suite, const char *name)
{
	for (size_t i = 0; i < own->piece_count; i++)
		if (own->pieces[i].suite == suite && !strcmp(own->pieces[i].name, name))
			return true;
	return false;
}

/* The instance's name; a file of several runs may hold it again, with a number behind it then. */
static char *unique_name(const struct suites *own, size_t suite, const struct result *result)
{
	char *name = must_format("%s/%s", result->name, family_name(result->family));

	for (unsigned n = 2; is_taken(own, suite, name); n++) {
		free(name);
		name = must_format("%s/%s (%u)", result->name, family_name(result->family), n);
	}
	return name;
}

/* ---- Elements ---- */

static void put_attribute(FILE *out, const char *name, const char *text)
{
	fprintf(out, " %s=\"", name);
	put_xml(out, text);
	fputc('"', out);
}

static bool is_error(enum verdict verdict)
{
	/* As counts_add() counts them. */
	return verdict == VERDICT_BROKEN || verdict == VERDICT_TIMEOUT;
}

/* What a reader needs to know of a result that is not good. */
static void put_account(FILE *out, const struct report *report, const struct result *result)
{
	struct place place = report_place(report, result);
	char *text = NULL;
	size_t size = 0;
	FILE *all = open_memstream(&text, &size);

	if (!all)
		return;
	if (*result->reason)
		fprintf(all, "%s\n", result->reason);
	if (result->test)
		fprintf(all, "%s\nsource: %s\n", result->test->claim, result->test->source);
	if (place.file)
		fprintf(all, "file: %s:%d\n", place.file, place.line);
	put_observations(all, result, "");
	char *calls = calls_text(report, result, "");
	fputs(calls ? calls : "", all);
	free(calls);
	if (!fclose(all))
		put_xml(out, text);
	free(text);
}

static void put_problem(FILE *out, const struct report *report, const struct result *result)
{
	const char *element = is_error(result->verdict) ? "error" : "failure";

	fprintf(out, "      <%s", element);
	put_attribute(out, "type", verdict_name(result->verdict));
	put_attribute(out, "message", result->reason);
	fputc('>', out);
	put_account(out, report, result);
	fprintf(out, "</%s>\n", element);
}

/* Repetitions that were not good. They are counted, not told one by one: an element per verdict. A
 * flake that is as expected passes: these are flaky; others failed already: these are reruns. */
static void put_repetitions(FILE *out, const struct report *report, const struct result *result)
{
	const char *kind = result->expected ? "flaky" : "rerun";

	if (result->runs <= 1 || (result->expected && result->verdict != VERDICT_FLAKY))
		return;
	for (enum verdict v = VERDICT_FAIL; v <= VERDICT_TIMEOUT; v++) {
		if (!result->runs_of[v])
			continue;
		char *message = must_format("%u of %u runs: %s", result->runs_of[v], result->runs,
					    verdict_name(v));
		const char *element = is_error(v) ? "Error" : "Failure";
		fprintf(out, "      <%s%s", kind, element);
		put_attribute(out, "message", message);
		put_attribute(out, "type", verdict_name(v));
		fputc('>', out);
		if (result->expected) {
			fputs("<stackTrace>", out);
			put_account(out, report, result);
			fputs("</stackTrace>", out);
		}
		fprintf(out, "</%s%s>\n", kind, element);
		free(message);
	}
}

static bool is_known(const struct result *result)
{
	return result->expected && !verdict_is_good(result->verdict);
}

static void put_output(FILE *out, const struct report *report, const struct result *result)
{
	if (!*result->output[SERVER] && !*result->output[CLIENT] && !is_known(result) &&
	    !result->pcap)
		return;
	fputs("      <system-out>", out);
	if (is_known(result)) {
		fprintf(out, "%s, as expected: ", verdict_name(result->verdict));
		put_account(out, report, result);
	}
	for (enum who who = 0; who < WHO_COUNT; who++) {
		if (!*result->output[who])
			continue;
		fprintf(out, "%s wrote:\n", who_name(who));
		put_xml(out, result->output[who]);
		fputc('\n', out);
	}
	if (result->pcap) {
		/* A line by itself, which GitLab and Jenkins make a link of. */
		fputs("[[ATTACHMENT|", out);
		put_xml(out, result->pcap);
		fputs("]]\n", out);
	}
	fputs("</system-out>\n", out);
}

/* JUnit has no word of its own for what was not run. */
static bool is_skipped(const struct result *result)
{
	return result->verdict == VERDICT_NOT_RUN ||
	       (result->verdict == VERDICT_SKIP && result->expected);
}

static void put_testcase(struct report *report, const struct result *result, const char *area,
			 const char *name)
{
	struct place place = report_place(report, result);
	FILE *out = report->body;

	fputs("    <testcase classname=\"sockdrill.", out);
	put_xml(out, area);
	fputc('"', out);
	put_attribute(out, "name", name);
	fprintf(out, " time=\"%.4f\"", result->ms / 1000);
	if (place.file)
		put_attribute(out, "file", place.file);
	fputs(">\n", out);
	if (is_skipped(result)) {
		char *message = must_format(
			"%s%s", result->verdict == VERDICT_SKIP ? "" : "not run: ", result->reason);
		fputs("      <skipped", out);
		put_attribute(out, "message", message);
		fputs("/>\n", out);
		free(message);
	} else if (!result->expected) {
		put_problem(out, report, result);
	}
	put_repetitions(out, report, result);
	put_output(out, report, result);
	fputs("    </testcase>\n", out);
}

static void result_element(struct report *report, const struct result *result)
{
	struct suites *own = report->own;
	size_t index = suite_of(own, result->name), from = report->body_size;
	struct suite *suite = &own->suites[index];
	char *name = unique_name(own, index, result);

	counts_add(&suite->counts, result);
	suite->tests++;
	suite->skipped += is_skipped(result);
	suite->ms += result->ms;
	if (report->body)
		put_testcase(report, result, suite->area, name);
	report_settle_body(report);
	own->pieces = must_grow(own->pieces, own->piece_count + 1, sizeof *own->pieces);
	own->pieces[own->piece_count++] = (struct piece){ index, from, report->body_size, name };
}

/* ---- The whole ---- */

static void put_property(FILE *out, const char *name, const char *value)
{
	fputs("      <property", out);
	put_attribute(out, "name", name);
	put_attribute(out, "value", value);
	fputs("/>\n", out);
}

static void put_properties(FILE *out, const struct run_facts *facts, const struct counts *counts)
{
	char *cut = report_cut_text(counts);

	fputs("    <properties>\n", out);
	put_property(out, "tool", facts->tool);
	put_property(out, "stack", facts->stack);
	put_property(out, "system", facts->sysname);
	put_property(out, "release", facts->release);
	put_property(out, "machine", facts->machine);
	put_property(out, "isolation", facts->isolation);
	if (cut)
		put_property(out, "end", cut);
	fputs("    </properties>\n", out);
	free(cut);
}

/* Totals of the head; flaky counts as a failure, broken and timeout as errors. Those the baseline
 * expects were written as passes. */
static void put_totals(FILE *out, unsigned tests, const struct counts *counts, double ms)
{
	fprintf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" time=\"%.3f\"", tests,
		counts->failures, counts->errors, ms / 1000);
}

static void put_suite(struct report *report, size_t index, const struct run_facts *facts,
		      const struct counts *counts)
{
	const struct suites *own = report->own;
	const struct suite *suite = &own->suites[index];
	FILE *out = report->out;

	fputs("  <testsuite name=\"sockdrill.", out);
	put_xml(out, suite->area);
	fputc('"', out);
	put_totals(out, suite->tests, &suite->counts, suite->ms);
	fprintf(out, " skipped=\"%u\"", suite->skipped);
	if (*facts->date)
		put_attribute(out, "timestamp", facts->date);
	fputs(">\n", out);
	put_properties(out, facts, counts);
	for (size_t i = 0; i < own->piece_count; i++) {
		const struct piece *piece = &own->pieces[i];
		if (piece->suite == index && report->body_text)
			fwrite(report->body_text + piece->from, 1, piece->to - piece->from, out);
	}
	fputs("  </testsuite>\n", out);
}

/* An interrupted run may have nothing but passes and skips, and must not look like a good one. What
 * an option ended has its failure already. */
static bool is_interrupted(const struct counts *counts)
{
	return counts->end.cause != END_COMPLETE && counts->end.cause != END_OPTION;
}

static void put_interruption(FILE *out, const struct run_facts *facts, const struct counts *counts)
{
	char *cut = report_cut_text(counts);

	fputs("  <testsuite name=\"sockdrill.run\" tests=\"1\" failures=\"0\" errors=\"1\" "
	      "time=\"0.000\" skipped=\"0\">\n",
	      out);
	put_properties(out, facts, counts);
	fputs("    <testcase classname=\"sockdrill.run\" name=\"complete\" time=\"0.0000\">\n"
	      "      <error type=\"interrupted\"",
	      out);
	put_attribute(out, "message", cut);
	fputs("/>\n    </testcase>\n  </testsuite>\n", out);
	free(cut);
}

static void end(struct report *report, const struct run_facts *facts, const struct counts *counts)
{
	const struct suites *own = report->own;
	struct counts shown = *counts;
	unsigned extra = is_interrupted(counts);
	FILE *out = report->out;

	shown.errors += extra;
	report_settle_body(report);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sockdrill\"", out);
	put_totals(out, report->number + extra, &shown, counts->ms);
	fputs(">\n", out);
	for (size_t i = 0; i < own->suite_count; i++)
		put_suite(report, i, facts, counts);
	if (extra)
		put_interruption(out, facts, counts);
	fputs("</testsuites>\n", out);
}

const struct format format_junit = {
	.name = "junit",
	.begin = begin,
	.result = result_element,
	.end = end,
	.forget = forget,
};
