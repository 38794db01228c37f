/* calls.c -- the calls of a traced result: as JSON, as a ladder in text or SVG. */
#include "reports/calls.h"

#include <stdlib.h>

#include "ladder/ladder.h"
#include "reports/page/ladder_svg.h"
#include "trace/print.h"

enum {
	JSON_MAX = 1 << 19, /* bytes of the calls of a result: half of what a line may have */
	ROWS_MAX = 120      /* of a ladder in a report */
};

/* ---- JSON ---- */

/* Writes an event unless that would be too much. */
static bool put_event(FILE *out, const struct trace_event *event, size_t *written)
{
	struct text object = { 0 };

	trace_put_object(&object, event);
	bool fits = *written + object.length + 1 <= JSON_MAX;
	if (fits) {
		fputs(*written ? "," : "", out);
		fwrite(object.at, 1, object.length, out);
		*written += object.length + 1;
	}
	text_finish(&object);
	return fits;
}

void put_calls_json(FILE *out, const struct result *result)
{
	size_t count, written = 0, i = 0;

	if (!result->calls)
		return;
	const struct trace_event *events = trace_log_events(result->calls, &count);
	fputs(",\"calls\":[", out);
	while (i < count && put_event(out, &events[i], &written))
		i++;
	fputc(']', out);
	size_t lost = trace_log_lost(result->calls) + count - i;
	if (lost)
		fprintf(out, ",\"calls_lost\":%zu", lost);
}

/* ---- Ladders ---- */

static bool make_ladder(const struct result *result, struct ladder *ret_ladder)
{
	size_t count;

	if (!result->calls)
		return false;
	const struct trace_event *events = trace_log_events(result->calls, &count);
	ladder_make(events, count, ROWS_MAX, ret_ladder);
	return true;
}

static void put_text(FILE *out, const struct result *result, const struct ladder_look *look)
{
	struct ladder ladder;

	if (!make_ladder(result, &ladder))
		return;
	ladder_put_text(out, &ladder, look);
	if (trace_log_lost(result->calls))
		fprintf(out, "%s... %zu more calls were not kept ...\n",
			look->prefix ? look->prefix : "", trace_log_lost(result->calls));
	ladder_finish(&ladder);
}

char *calls_text(const struct report *report, const struct result *result, const char *prefix)
{
	const struct ladder_look look = { .width = report->width, .prefix = prefix };
	char *text = NULL;
	size_t size = 0;
	FILE *out = result->calls ? open_memstream(&text, &size) : NULL;

	if (!out)
		return NULL;
	put_text(out, result, &look);
	if (!fclose(out) && size)
		return text;
	free(text);
	return NULL;
}

void put_calls(struct report *report, const struct result *result, const char *prefix)
{
	const struct ladder_look look = { .width = report->width,
					  .boxes = report->boxes,
					  .color = report->color,
					  .prefix = prefix };

	put_text(report->out, result, &look);
}

void put_calls_html(FILE *out, const struct result *result)
{
	struct ladder ladder;

	if (!make_ladder(result, &ladder))
		return;
	if (ladder.column_count) {
		fputs("<div class=\"calls\" tabindex=\"0\">", out);
		put_ladder_svg(out, &ladder);
		fputs("</div>", out);
	}
	ladder_finish(&ladder);
}
