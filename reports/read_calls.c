/* read_calls.c -- reads the calls of traced results back. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "reports/read_parts.h"
#include "trace/text.h"

enum { TEXTS = 5, BYTES_MAX = 4096 };

/* Whole numbers that doubles have, too, so that no reader's sums overflow. */
static const long long LARGE = 1LL << 53, LONG_US = 1LL << 50;

/* One event while it is read: what it owns, and the first thing that was wrong. */
struct event_reading {
	const json_t *item;
	struct trace_event event;
	char *texts[TEXTS];
	size_t text_count;
	unsigned char bytes[BYTES_MAX];
	const char *wrong;
};

/* The whole number under key, `none` when there is none. */
static long long number_of(struct event_reading *r, const char *key, long long min, long long max,
			   long long none)
{
	const json_t *value = json_object_get(r->item, key);
	long long number = value ? json_integer_value(value) : none;

	if (value && (!json_is_integer(value) || number < min || number > max))
		r->wrong = "a number of a call is out of range";
	return r->wrong ? none : number;
}

static unsigned ordinal_of(struct event_reading *r, const char *key)
{
	return (unsigned)number_of(r, key, 0, CALLS_NUMBER_MAX, 0);
}

static int descriptor_of(struct event_reading *r, const char *key)
{
	return (int)number_of(r, key, -1, INT_MAX, -1);
}

/* Traces write these texts in ASCII; whatever else a file has there is escaped as traces do it. */
static const char *text_of(struct event_reading *r, const char *key)
{
	struct text text = { 0 };

	text_put(&text, "");
	for (const char *c = read_text(r->item, key); *c; c++)
		if (*c >= ' ' && *c <= '~')
			text_putc(&text, *c);
		else
			text_put_escaped(&text, (const unsigned char *)c, 1);
	r->texts[r->text_count++] = text.at;
	return text.at;
}

static int nibble(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = digit ? strchr(digits, digit) : NULL;

	return at ? (int)(at - digits) : -1;
}

static void read_bytes(struct event_reading *r)
{
	static const char no_bytes[] = "the bytes of a call are no digits in pairs, or too many";
	const char *hex = read_text(r->item, "hex");
	size_t n = strlen(hex) / 2;

	if (strlen(hex) % 2 || n > BYTES_MAX) {
		r->wrong = no_bytes;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		int high = nibble(hex[2 * i]), low = nibble(hex[2 * i + 1]);
		if (high < 0 || low < 0) {
			r->wrong = no_bytes;
			return;
		}
		r->bytes[i] = (unsigned char)(high << 4 | low);
	}
	r->event.bytes = r->bytes;
	r->event.shown = n;
}

static void read_what(struct event_reading *r)
{
	int what = trace_what_of(read_text(r->item, "what"));

	r->event.call =
		what == TRACE_CALL ? trace_call_of(read_text(r->item, "call")) : (enum trace_call)0;
	if (what < 0)
		r->wrong = "a call is none of the events that are known";
	else if (r->event.call == CALL_COUNT)
		r->wrong = "a call is not known";
	r->event.what = what < 0 ? TRACE_CALL : (enum trace_what)what;
	if (r->event.call == CALL_COUNT)
		r->event.call = 0;
}

static void read_sockets(struct event_reading *r)
{
	struct trace_event *event = &r->event;

	event->fd = descriptor_of(r, "fd");
	event->socket = ordinal_of(r, "socket");
	event->new_fd = descriptor_of(r, "new_fd");
	event->new_socket = ordinal_of(r, "new_socket");
	event->new_fd2 = descriptor_of(r, "new_fd2");
	event->new_socket2 = ordinal_of(r, "new_socket2");
	event->type = (int)number_of(r, "type", 0, 255, 0);
	event->family = (int)number_of(r, "family", 0, 255, 0);
	event->connection = (unsigned)number_of(r, "connection", 0, UINT_MAX, 0);
}

/* What the writer leaves out for an event of this kind is nothing of it. */
static void read_call(struct event_reading *r)
{
	struct trace_event *event = &r->event;
	enum trace_kind kind = trace_call_kind(event->call);

	event->took_us = number_of(r, "took", 0, LONG_US, 0);
	event->unfinished = json_is_true(json_object_get(r->item, "unfinished"));
	if (!event->unfinished)
		event->result = number_of(r, "result", -LARGE, LARGE, 0);
	if (kind == READS || kind == WRITES)
		event->moved = number_of(r, "moved", 0, LARGE, 0);
	event->peek = json_is_true(json_object_get(r->item, "peek"));
	read_sockets(r);
	read_bytes(r);
	event->result_text = text_of(r, "text");
	event->local = text_of(r, "local");
	event->peer = text_of(r, "peer");
	event->fault = text_of(r, "fault");
}

static void read_event(struct event_reading *r)
{
	struct trace_event *event = &r->event;

	*event = (struct trace_event){ .fd = -1,
				       .new_fd = -1,
				       .new_fd2 = -1,
				       .result_text = "",
				       .local = "",
				       .peer = "",
				       .fault = "" };
	read_what(r);
	event->start_us = number_of(r, "us", 0, LONG_US, 0);
	event->side = (int)number_of(r, "side", 0, WHO_COUNT - 1, SIDE_NONE);
	event->process = ordinal_of(r, "process");
	event->parent = ordinal_of(r, "parent");
	event->pid = (pid_t)number_of(r, "pid", 0, INT_MAX, 0);
	event->tid = (pid_t)number_of(r, "tid", 0, INT_MAX, 0);
	event->arguments = text_of(r, "args");
	if (event->what == TRACE_CALL)
		read_call(r);
	else if (event->what == TRACE_SIGNAL || event->what == TRACE_END)
		event->result = number_of(r, "result", -LARGE, LARGE, 0);
}

static const char *take_event(const json_t *item, struct trace_log *log)
{
	struct event_reading r = { .item = item };

	if (!json_is_object(item))
		return "a call is no object";
	read_event(&r);
	if (!r.wrong)
		trace_log_event(log, &r.event);
	for (size_t i = 0; i < r.text_count; i++)
		free(r.texts[i]);
	return r.wrong;
}

/* A log that has room for all that a line may hold; what is not used takes no memory. */
static struct trace_log *make_log(size_t count)
{
	enum { LINE = 1 << 20, ESCAPED = 4 };

	return trace_log_create(LINE * (ESCAPED + 1) +
				(count + 1) * (sizeof(struct trace_event) + TEXTS));
}

bool read_calls(const json_t *line, struct trace_log **ret_calls, const char **ret_reason)
{
	const json_t *calls = json_object_get(line, "calls");
	size_t count = json_array_size(calls);
	struct trace_log *log;

	*ret_calls = NULL;
	if (!calls)
		return true;
	if (!json_is_array(calls) || count > CALLS_MAX) {
		*ret_reason = "its calls are no list, or too many";
		return false;
	}
	log = make_log(count);
	*ret_reason = log ? NULL : "there is no memory for its calls";
	for (size_t i = 0; i < count && !*ret_reason; i++)
		*ret_reason = take_event(json_array_get(calls, i), log);
	if (!*ret_reason) {
		const json_t *lost = json_object_get(line, "calls_lost");
		long long n = json_integer_value(lost);
		trace_log_lose(log, n > 0 && n < LARGE ? (size_t)n : 0);
		*ret_calls = trace_log_copy(log);
		if (!*ret_calls)
			*ret_reason = "there is no memory for its calls";
	}
	trace_log_destroy(log);
	return !*ret_reason;
}
