/* print.c -- events as text and as JSON Lines. */
#include "trace/print.h"

#include <string.h>
#include <sys/wait.h>

#include "os/os.h"
#include "trace/text.h"

/* ---- Text ---- */

static void put_framed(struct text *to, const char *before, const char *words, const char *after)
{
	text_put(to, before);
	text_put(to, words);
	text_put(to, after);
}

static void put_seconds(struct text *to, int64_t us)
{
	text_put_number(to, us / 1000000);
	text_putc(to, '.');
	text_put_padded(to, (unsigned long long)us % 1000000, 6);
}

static void put_signal(struct text *to, int signal)
{
	const char *name = os_signal_name(signal);

	if (name)
		text_put(to, name);
	else {
		text_put(to, "signal ");
		text_put_number(to, signal);
	}
}

static void put_end(struct text *to, int status)
{
	if (WIFSIGNALED(status)) {
		text_put(to, "+++ killed by ");
		put_signal(to, WTERMSIG(status));
		text_put(to, " +++");
	} else {
		text_put(to, "+++ ended with ");
		text_put_number(to, WEXITSTATUS(status));
		text_put(to, " +++");
	}
}

static void put_begin(struct text *to, const struct trace_event *event)
{
	text_put(to, "--- process ");
	text_put_number(to, event->pid);
	if (event->parent) {
		text_put(to, ", child of ");
		text_put_number(to, event->parent);
	}
	if (*event->arguments)
		put_framed(to, ": ", event->arguments, "");
	text_put(to, " ---");
}

static void put_call(struct text *to, const struct trace_event *event)
{
	text_put(to, trace_call_name(event->call));
	text_putc(to, '(');
	text_put(to, event->arguments);
	text_put(to, ") = ");
	text_put(to, event->result_text);
	if (!event->unfinished) {
		text_put(to, " <");
		put_seconds(to, event->took_us);
		text_putc(to, '>');
	} else if (trace_call_kind(event->call) != ENDS) {
		text_put(to, " (unfinished)");
	}
	if (*event->fault)
		put_framed(to, " [", event->fault, "]");
}

void trace_put_text(struct text *to, const struct trace_event *event)
{
	put_seconds(to, event->start_us);
	text_putc(to, ' ');
	text_put_number(to, event->process);
	text_putc(to, ' ');
	if (event->what == TRACE_CALL && event->tid != event->pid) {
		text_putc(to, '(');
		text_put_number(to, event->tid);
		text_put(to, ") ");
	}
	switch (event->what) {
	case TRACE_CALL:
		put_call(to, event);
		break;
	case TRACE_BEGIN:
		put_begin(to, event);
		break;
	case TRACE_PROGRAM:
		put_framed(to, "--- executes ", event->arguments, " ---");
		break;
	case TRACE_SIGNAL:
		text_put(to, "--- ");
		put_signal(to, (int)event->result);
		text_put(to, " ---");
		break;
	case TRACE_END:
		put_end(to, (int)event->result);
		break;
	}
	text_putc(to, '\n');
}

/* ---- JSON ---- */

static void put_unicode(struct text *to, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";

	text_put(to, (char[]){ '\\', 'u', '0', '0', digits[c >> 4], digits[c & 15], 0 });
}

static void put_key(struct text *to, const char *key)
{
	put_framed(to, ",\"", key, "\":");
}

static void put_json_bytes(struct text *to, const unsigned char *bytes, size_t n)
{
	text_putc(to, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = bytes[i];
		if (c == '"' || c == '\\')
			text_put(to, (char[]){ '\\', (char)c, 0 });
		else if (c >= 0x20 && c < 0x7f)
			text_putc(to, (char)c);
		else
			put_unicode(to, c);
	}
	text_putc(to, '"');
}

static void put_text_key(struct text *to, const char *key, const char *text)
{
	if (!*text)
		return;
	put_key(to, key);
	put_json_bytes(to, (const unsigned char *)text, strlen(text));
}

static void put_number_key(struct text *to, const char *key, long long number)
{
	put_key(to, key);
	text_put_number(to, number);
}

/* Left out when it is `none`. */
static void put_known_key(struct text *to, const char *key, long long number, long long none)
{
	if (number != none)
		put_number_key(to, key, number);
}

static void put_true_key(struct text *to, const char *key, bool is_true)
{
	if (!is_true)
		return;
	put_key(to, key);
	text_put(to, "true");
}

static void put_socket_keys(struct text *to, const struct trace_event *event)
{
	put_known_key(to, "fd", event->fd, -1);
	put_known_key(to, "socket", event->socket, 0);
	put_known_key(to, "new_fd", event->new_fd, -1);
	put_known_key(to, "new_socket", event->new_socket, 0);
	put_known_key(to, "new_fd2", event->new_fd2, -1);
	put_known_key(to, "new_socket2", event->new_socket2, 0);
	put_known_key(to, "type", event->type, 0);
	put_known_key(to, "family", event->family, 0);
	put_known_key(to, "connection", event->connection, 0);
	put_text_key(to, "local", event->local);
	put_text_key(to, "peer", event->peer);
}

/* As characters, or as digits. */
static void put_bytes_key(struct text *to, const struct trace_event *event, bool as_hex)
{
	static const char digits[] = "0123456789abcdef";

	if (!event->shown)
		return;
	put_key(to, as_hex ? "hex" : "bytes");
	if (!as_hex) {
		put_json_bytes(to, event->bytes, event->shown);
		return;
	}
	text_putc(to, '"');
	for (size_t i = 0; i < event->shown; i++) {
		text_putc(to, digits[event->bytes[i] >> 4]);
		text_putc(to, digits[event->bytes[i] & 15]);
	}
	text_putc(to, '"');
}

static void put_call_keys(struct text *to, const struct trace_event *event, bool as_hex)
{
	enum trace_kind kind = trace_call_kind(event->call);

	put_number_key(to, "took", event->took_us);
	put_true_key(to, "unfinished", event->unfinished);
	put_text_key(to, "call", trace_call_name(event->call));
	put_text_key(to, "args", event->arguments);
	if (!event->unfinished)
		put_number_key(to, "result", event->result);
	put_text_key(to, "text", event->result_text);
	put_socket_keys(to, event);
	if (kind == READS || kind == WRITES)
		put_number_key(to, "moved", event->moved);
	put_bytes_key(to, event, as_hex);
	put_true_key(to, "peek", event->peek);
	put_text_key(to, "fault", event->fault);
}

static void put_object(struct text *to, const struct trace_event *event, bool as_hex)
{
	put_framed(to, "{\"what\":\"", trace_what_name(event->what), "\"");
	put_number_key(to, "us", event->start_us);
	put_known_key(to, "side", event->side, SIDE_NONE);
	put_known_key(to, "process", event->process, 0);
	put_known_key(to, "parent", event->parent, 0);
	put_known_key(to, "pid", event->pid, 0);
	put_known_key(to, "tid", event->tid, 0);
	if (event->what == TRACE_CALL)
		put_call_keys(to, event, as_hex);
	else
		put_text_key(to, "args", event->arguments);
	if (event->what == TRACE_SIGNAL || event->what == TRACE_END)
		put_number_key(to, "result", event->result);
	text_putc(to, '}');
}

void trace_put_object(struct text *to, const struct trace_event *event)
{
	put_object(to, event, true);
}

void trace_put_json(struct text *to, const struct trace_event *event)
{
	put_object(to, event, false);
	text_putc(to, '\n');
}
