/* jsonl.c -- results as JSON Lines: a run line, a result line per instance, an end line.
 *
 * A run that ended before all of it had run says so in its end line: "complete" is false,
 * "ended_by" and "detail" tell by what; what was not run has result lines of the verdict notrun. */
#include "reports/calls.h"

static void put_key(FILE *out, const char *key, const char *text)
{
	fprintf(out, ",\"%s\":", key);
	put_json(out, text);
}

static void begin(struct report *report, const struct run_facts *facts)
{
	FILE *out = report->out;

	fputs("{\"type\":\"run\",\"schema\":1", out);
	put_key(out, "tool", facts->tool);
	put_key(out, "stack", facts->stack);
	if (*facts->stack_version)
		put_key(out, "stack_version", facts->stack_version);
	if (*facts->date)
		put_key(out, "date", facts->date);
	put_key(out, "sysname", facts->sysname);
	put_key(out, "release", facts->release);
	put_key(out, "machine", facts->machine);
	put_key(out, "libc", facts->libc);
	put_key(out, "isolation", facts->isolation);
	if (facts->timeout_ms)
		fprintf(out, ",\"timeout_ms\":%u", facts->timeout_ms);
	if (facts->stretch_percent)
		fprintf(out, ",\"timeout_percent\":%u", facts->stretch_percent);
	fprintf(out, ",\"seed\":%llu,\"shard\":\"%u/%u\",\"planned\":%u%s}\n", facts->seed,
		facts->shard, facts->shards, facts->planned,
		facts->until_fail ? ",\"until_fail\":true" : "");
}

static void put_observation(FILE *out, const struct observation *one)
{
	fprintf(out, "{\"role\":\"%s\"", who_name(one->who));
	put_key(out, "label", one->label);
	put_key(out, "value", one->value);
	put_key(out, "want", one->want);
	fprintf(out, ",\"ok\":%s", one->ok ? "true" : "false");
	if (one->variant)
		fputs(",\"variant\":true", out);
	if (one->line)
		fprintf(out, ",\"line\":%d", one->line);
	fputc('}', out);
}

static void put_repetitions(FILE *out, const struct result *result)
{
	const char *comma = "";

	if (result->runs <= 1)
		return;
	fprintf(out, ",\"runs\":%u,\"runs_of\":{", result->runs);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++) {
		if (!result->runs_of[v])
			continue;
		fprintf(out, "%s\"%s\":%u", comma, verdict_name(v), result->runs_of[v]);
		comma = ",";
	}
	fputc('}', out);
}

static void put_roles(FILE *out, const struct result *result)
{
	for (enum who who = 0; who < WHO_COUNT; who++) {
		if (!*result->stood[who] && !*result->output[who])
			continue;
		fprintf(out, ",\"%s\":{\"stood\":", who_name(who));
		put_json(out, result->stood[who]);
		if (*result->output[who])
			put_key(out, "output", result->output[who]);
		fputc('}', out);
	}
}

static void result_line(struct report *report, const struct result *result)
{
	FILE *out = report->out;

	fputs("{\"type\":\"result\"", out);
	put_key(out, "case", result->name);
	put_key(out, "family", family_name(result->family));
	put_key(out, "verdict", verdict_name(result->verdict));
	fprintf(out, ",\"ms\":%.1f", result->ms);
	put_key(out, "reason", result->reason);
	fputs(",\"saw\":[", out);
	for (size_t i = 0; i < result->saw_count; i++) {
		if (i)
			fputc(',', out);
		put_observation(out, &result->saw[i]);
	}
	fputc(']', out);
	put_repetitions(out, result);
	put_roles(out, result);
	if (result->pcap)
		put_key(out, "pcap", result->pcap);
	put_calls_json(out, result);
	fputs("}\n", out);
}

static void end(struct report *report, const struct run_facts *facts, const struct counts *counts)
{
	const struct end_of_run *end = &counts->end;
	FILE *out = report->out;

	(void)facts;
	/* As who wrote it was killed, so it stays. */
	if (end->cause == END_UNKNOWN)
		return;
	fprintf(out, "{\"type\":\"end\",\"complete\":%s",
		end->cause == END_COMPLETE ? "true" : "false");
	if (end->cause != END_COMPLETE) {
		put_key(out, "ended_by", end_cause_name(end->cause));
		put_key(out, "detail", end->detail);
	}
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		fprintf(out, ",\"%s\":%u", verdict_name(v), counts->of[v]);
	fprintf(out, ",\"ms\":%.0f}\n", counts->ms);
}

const struct format format_jsonl = {
	.name = "jsonl",
	.streams = true,
	.begin = begin,
	.result = result_line,
	.end = end,
};
