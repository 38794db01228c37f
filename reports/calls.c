/* calls.c -- the calls of a traced result: as JSON, as a ladder in text or SVG. */
#include "reports/calls.h"

#include <stdlib.h>

#include "ladder/ladder.h"
#include "reports/page/ladder_svg.h"

enum {
	JSON_MAX = 1 << 19, /* bytes of the calls of a result: half of what a line may have */
	ROWS_MAX = 120      /* of a ladder in a report */
};

/* ---- JSON ---- */

static void put_text_key(FILE *out, const char *key, const char *text)
{
	if (!*text)
		return;
	fprintf(out, ",\"%s\":", key);
	put_json(out, text);
}

static void put_number_key(FILE *out, const char *key, long long number)
{
	fprintf(out, ",\"%s\":%lld", key, number);
}

/* Left out when it is `none`. */
static void put_known_key(FILE *out, const char *key, long long number, long long none)
{
	if (number != none)
		put_number_key(out, key, number);
}

static void put_true_key(FILE *out, const char *key, bool is_true)
{
	if (is_true)
		fprintf(out, ",\"%s\":true", key);
}

static void put_socket_keys(FILE *out, const struct trace_event *event)
{
	put_known_key(out, "fd", event->fd, -1);
	put_known_key(out, "socket", event->socket, 0);
	put_known_key(out, "new_fd", event->new_fd, -1);
	put_known_key(out, "new_socket", event->new_socket, 0);
	put_known_key(out, "new_fd2", event->new_fd2, -1);
	put_known_key(out, "new_socket2", event->new_socket2, 0);
	put_known_key(out, "type", event->type, 0);
	put_known_key(out, "family", event->family, 0);
	put_known_key(out, "connection", event->connection, 0);
	put_text_key(out, "local", event->local);
	put_text_key(out, "peer", event->peer);
}

/* A JSON reader may refuse U+0000, but not digits. */
static void put_hex_key(FILE *out, const struct trace_event *event)
{
	if (!event->shown)
		return;
	fputs(",\"hex\":\"", out);
	for (size_t i = 0; i < event->shown; i++)
		fprintf(out, "%02x", event->bytes[i]);
	fputc('"', out);
}

static void put_call_keys(FILE *out, const struct trace_event *event)
{
	enum trace_kind kind = trace_call_kind(event->call);

	put_number_key(out, "took", event->took_us);
	put_true_key(out, "unfinished", event->unfinished);
	put_text_key(out, "call", trace_call_name(event->call));
	put_text_key(out, "args", event->arguments);
	if (!event->unfinished)
		put_number_key(out, "result", event->result);
	put_text_key(out, "text", event->result_text);
	put_socket_keys(out, event);
	if (kind == READS || kind == WRITES)
		put_number_key(out, "moved", event->moved);
	put_hex_key(out, event);
	put_true_key(out, "peek", event->peek);
	put_text_key(out, "fault", event->fault);
}

static void put_object(FILE *out, const struct trace_event *event)
{
	fprintf(out, "{\"what\":\"%s\",\"us\":%lld", trace_what_name(event->what),
		(long long)event->start_us);
	put_known_key(out, "side", event->side, SIDE_NONE);
	put_known_key(out, "process", event->process, 0);
	put_known_key(out, "parent", event->parent, 0);
	put_known_key(out, "pid", event->pid, 0);
	put_known_key(out, "tid", event->tid, 0);
	if (event->what == TRACE_CALL)
		put_call_keys(out, event);
	else
		put_text_key(out, "args", event->arguments);
	if (event->what == TRACE_SIGNAL || event->what == TRACE_END)
		put_number_key(out, "result", event->result);
	putc('}', out);
}

/* Writes an event unless that would be too much. */
static bool put_event(FILE *out, const struct trace_event *event, size_t *written)
{
	char *text = NULL;
	size_t size = 0;
	FILE *one = open_memstream(&text, &size);
	bool fits = false;

	if (!one)
		return false;
	put_object(one, event);
	if (!fclose(one) && *written + size + 1 <= JSON_MAX) {
		fputs(*written ? "," : "", out);
		fwrite(text, 1, size, out);
		*written += size + 1;
		fits = true;
	}
	free(text);
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
