/* ctrf.c -- results as CTRF, the Common Test Report Format, a JSON document (ctrf.io).
 *
 * Its statuses are fewer than our verdicts; .rawStatus keeps ours. Passed: pass and variant, and a
 * flake that is as expected, with .flaky set. Skipped: skip. Pending: not run, since the run ended
 * before. Other: what is not good, but as the baseline says: neither news nor a pass. Failed:
 * whatever is not as expected. Times are whole
 * milliseconds; a run whose date is unknown starts at 0. Keys that CTRF lacks stand in .extra. */
#include <string.h>
#include <time.h>

#include "reports/calls.h"

enum status { PASSED, FAILED, SKIPPED, PENDING, OTHER, STATUS_COUNT };

static const char *const status_names[STATUS_COUNT] = { "passed", "failed", "skipped", "pending",
							"other" };

struct summary {
	unsigned of[STATUS_COUNT];
	unsigned flaky;
};

static enum status status_of(const struct result *result)
{
	if (result->verdict == VERDICT_NOT_RUN)
		return PENDING;
	if (!result->expected)
		return FAILED;
	switch (result->verdict) {
	case VERDICT_PASS:
	case VERDICT_VARIANT:
		return PASSED;
	case VERDICT_SKIP:
		return SKIPPED;
	case VERDICT_FLAKY:
		/* It passed, too, unless its runs failed in several ways. */
		return result->runs_of[VERDICT_PASS] || result->runs_of[VERDICT_VARIANT] ? PASSED
											 : OTHER;
	default:
		return OTHER;
	}
}

static void put_key(FILE *out, const char *key, const char *text)
{
	fprintf(out, ",\"%s\":", key);
	put_json(out, text);
}

static void begin(struct report *report, const struct run_facts *facts)
{
	(void)facts;
	report->own = must_alloc(1, sizeof(struct summary));
	report_open_body(report);
}

static void put_trace(FILE *out, const struct report *report, const struct result *result)
{
	char *text = NULL;
	size_t size = 0;
	FILE *all = result->saw_count || result->calls ? open_memstream(&text, &size) : NULL;

	if (!all)
		return;
	put_observations(all, result, "");
	char *calls = calls_text(report, result, "");
	fputs(calls ? calls : "", all);
	free(calls);
	if (!fclose(all))
		put_key(out, "trace", text);
	free(text);
}

/* The roles' outputs as an array of lines. */
static void put_stdout(FILE *out, const struct result *result)
{
	const char *comma = "";

	if (!*result->output[SERVER] && !*result->output[CLIENT])
		return;
	fputs(",\"stdout\":[", out);
	for (enum who who = 0; who < WHO_COUNT; who++) {
		for (const char *c = result->output[who]; *c;) {
			int n = (int)strcspn(c, "\n");
			char *line = must_format("%s: %.*s", who_name(who), n, c);
			fputs(comma, out);
			put_json(out, line);
			free(line);
			comma = ",";
			c += n + (c[n] == '\n');
		}
	}
	fputc(']', out);
}

static void put_extra(FILE *out, const struct result *result)
{
	const char *comma = "";

	fputs(",\"extra\":{\"case\":", out);
	put_json(out, result->name);
	put_key(out, "family", family_name(result->family));
	if (result->test) {
		put_key(out, "claim", result->test->claim);
		put_key(out, "source", result->test->source);
	}
	if (result->runs > 1) {
		fputs(",\"runs_of\":{", out);
		for (enum verdict v = 0; v < VERDICT_COUNT; v++) {
			if (!result->runs_of[v])
				continue;
			fprintf(out, "%s\"%s\":%u", comma, verdict_name(v), result->runs_of[v]);
			comma = ",";
		}
		fputc('}', out);
	}
	fputc('}', out);
}

static void put_place(FILE *out, struct place place)
{
	if (!place.file)
		return;
	put_key(out, "filePath", place.file);
	fprintf(out, ",\"line\":%d", place.line);
}

static void put_test(struct report *report, const struct result *result, enum status status)
{
	bool is_flaky = status == PASSED && result->verdict == VERDICT_FLAKY;
	char *name = must_format("%s/%s", result->name, family_name(result->family));
	char *area = must_format("%.*s", area_length(result->name), result->name);
	FILE *out = report->body;

	fprintf(out, "%s\n{\"name\":", report->number > 1 ? "," : "");
	put_json(out, name);
	fprintf(out, ",\"status\":\"%s\",\"duration\":%.0f,\"suite\":[\"sockdrill\",",
		status_names[status], result->ms);
	put_json(out, area);
	fputc(']', out);
	put_key(out, "rawStatus", verdict_name(result->verdict));
	if (*result->reason)
		put_key(out, "message", result->reason);
	if (status == FAILED || !verdict_is_good(result->verdict))
		put_trace(out, report, result);
	put_place(out, report_place(report, result));
	if (result->runs > 1)
		fprintf(out, ",\"retries\":%u", result->runs - 1);
	fprintf(out, ",\"flaky\":%s", is_flaky ? "true" : "false");
	put_stdout(out, result);
	put_extra(out, result);
	fputc('}', out);
	free(area);
	free(name);
}

static void result_object(struct report *report, const struct result *result)
{
	struct summary *summary = report->own;
	enum status status = status_of(result);

	summary->of[status]++;
	summary->flaky += status == PASSED && result->verdict == VERDICT_FLAKY;
	if (report->body)
		put_test(report, result, status);
}

/* Milliseconds since 1970 of an ISO 8601 date in UTC; 0 when it is none. */
static long long epoch_ms(const char *date)
{
	struct tm utc = { 0 };
	const char *behind = strptime(date, "%Y-%m-%dT%H:%M:%SZ", &utc);

	return behind && !*behind ? (long long)timegm(&utc) * 1000 : 0;
}

static void put_tool(FILE *out, const char *tool)
{
	const char *space = strchr(tool, ' ');
	char *name = must_format("%.*s", (int)strcspn(tool, " "), tool);

	fputs("\"tool\":{\"name\":", out);
	put_json(out, *name ? name : "sockdrill");
	if (space)
		put_key(out, "version", space + 1);
	fputs("},\n", out);
	free(name);
}

static void put_summary(FILE *out, const struct summary *summary, unsigned tests,
			const struct run_facts *facts, const struct counts *counts)
{
	long long start = epoch_ms(facts->date);
	char *cut = report_cut_text(counts);

	fprintf(out, "\"summary\":{\"tests\":%u", tests);
	for (enum status status = 0; status < STATUS_COUNT; status++)
		fprintf(out, ",\"%s\":%u", status_names[status], summary->of[status]);
	fprintf(out, ",\"flaky\":%u,\"start\":%lld,\"stop\":%.0f", summary->flaky, start,
		(double)start + counts->ms);
	fputs(",\"extra\":{", out);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		fprintf(out, "\"%s\":%u,", verdict_name(v), counts->of[v]);
	fprintf(out, "\"complete\":%s", cut ? "false" : "true");
	if (cut)
		put_key(out, "end", cut);
	if (counts->missing)
		fprintf(out, ",\"missing\":%u", counts->missing);
	fputs("}},\n", out);
	free(cut);
}

static void put_environment(FILE *out, const struct run_facts *facts)
{
	fputs("\"environment\":{\"appName\":", out);
	put_json(out, facts->stack);
	put_key(out, "appVersion", *facts->stack_version ? facts->stack_version : facts->release);
	put_key(out, "osPlatform", facts->sysname);
	put_key(out, "osRelease", facts->release);
	fputs(",\"extra\":{\"machine\":", out);
	put_json(out, facts->machine);
	put_key(out, "libc", facts->libc);
	put_key(out, "isolation", facts->isolation);
	fprintf(out, ",\"seed\":%llu,\"shard\":\"%u/%u\"}}", facts->seed, facts->shard,
		facts->shards);
}

static void end(struct report *report, const struct run_facts *facts, const struct counts *counts)
{
	FILE *out = report->out;

	fputs("{\"reportFormat\":\"CTRF\",\"specVersion\":\"0.0.0\",\"generatedBy\":", out);
	put_json(out, facts->tool);
	if (*facts->date)
		put_key(out, "timestamp", facts->date);
	fputs(",\n\"results\":{\n", out);
	put_tool(out, facts->tool);
	put_summary(out, report->own, report->number, facts, counts);
	fputs("\"tests\":[", out);
	if (report_settle_body(report))
		fwrite(report->body_text, 1, report->body_size, out);
	fputs("\n],\n", out);
	put_environment(out, facts);
	fputs("\n}}\n", out);
}

const struct format format_ctrf = {
	.name = "ctrf",
	.begin = begin,
	.result = result_object,
	.end = end,
};
