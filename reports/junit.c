/* junit.c -- results as JUnit XML, in the dialect that GitLab and Jenkins read. */
#include <stdlib.h>

#include "reports/report.h"

static void begin(struct report *report, const struct run_facts *facts)
{
	(void)facts;
	report->body = open_memstream(&report->body_text, &report->body_size);
}

static void put_attribute(FILE *out, const char *name, const char *text)
{
	fprintf(out, " %s=\"", name);
	put_xml(out, text);
	fputc('"', out);
}

static void put_problem(FILE *out, const struct result *result)
{
	/* As counts_add() counts them. */
	const char *element =
		result->verdict == VERDICT_BROKEN || result->verdict == VERDICT_TIMEOUT ? "error"
											: "failure";
	char *text = NULL;
	size_t size = 0;
	FILE *all = open_memstream(&text, &size);

	fprintf(out, "      <%s", element);
	put_attribute(out, "type", verdict_name(result->verdict));
	put_attribute(out, "message", result->reason);
	fputc('>', out);
	if (result->test) {
		put_xml(out, result->test->claim);
		fputs("\nsource: ", out);
		put_xml(out, result->test->source);
		fputc('\n', out);
	}
	if (all) {
		put_observations(all, result, "");
		fclose(all);
		put_xml(out, text);
		free(text);
	}
	fprintf(out, "</%s>\n", element);
}

static void put_output(FILE *out, const struct result *result)
{
	if (!*result->output[SERVER] && !*result->output[CLIENT])
		return;
	fputs("      <system-out>", out);
	for (enum who who = 0; who < WHO_COUNT; who++) {
		if (!*result->output[who])
			continue;
		fprintf(out, "%s wrote:\n", who_name(who));
		put_xml(out, result->output[who]);
		fputc('\n', out);
	}
	fputs("</system-out>\n", out);
}

static void result_element(struct report *report, const struct result *result)
{
	FILE *out = report->body;

	if (!out)
		return;
	char *area = must_format("%.*s", area_length(result->name), result->name);
	fputs("    <testcase classname=\"sockdrill.", out);
	put_xml(out, area);
	free(area);
	fputs("\" name=\"", out);
	put_xml(out, result->name);
	fprintf(out, "/%s\" time=\"%.4f\">\n", family_name(result->family), result->ms / 1000);
	if (result->verdict == VERDICT_SKIP) {
		fputs("      <skipped", out);
		put_attribute(out, "message", result->reason);
		fputs("/>\n", out);
	} else if (!result->expected) {
		put_problem(out, result);
	}
	put_output(out, result);
	fputs("    </testcase>\n", out);
}

static void put_property(FILE *out, const char *name, const char *value)
{
	fputs("      <property", out);
	put_attribute(out, "name", name);
	put_attribute(out, "value", value);
	fputs("/>\n", out);
}

/* Totals of the head; flaky counts as a failure, broken and timeout as errors. Those the baseline
 * expects were written as passes. */
static void put_totals(FILE *out, const struct report *report, const struct counts *counts)
{
	fprintf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\" time=\"%.3f\"",
		report->number, counts->failures, counts->errors, counts->of[VERDICT_SKIP],
		counts->ms / 1000);
}

static void end(struct report *report, const struct run_facts *facts, const struct counts *counts)
{
	FILE *out = report->out;

	if (report->body)
		fflush(report->body);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", out);
	put_totals(out, report, counts);
	fputs(">\n  <testsuite name=\"sockdrill\"", out);
	put_totals(out, report, counts);
	fputs(">\n    <properties>\n", out);
	put_property(out, "tool", facts->tool);
	put_property(out, "stack", facts->stack);
	put_property(out, "system", facts->sysname);
	put_property(out, "release", facts->release);
	put_property(out, "machine", facts->machine);
	put_property(out, "isolation", facts->isolation);
	fputs("    </properties>\n", out);
	if (report->body_text)
		fwrite(report->body_text, 1, report->body_size, out);
	fputs("  </testsuite>\n</testsuites>\n", out);
}

const struct format format_junit = {
	.name = "junit",
	.begin = begin,
	.result = result_element,
	.end = end,
};
