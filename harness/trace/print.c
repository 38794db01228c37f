/* print.c -- events as text and as JSON Lines. */
#include "trace/print.h"

#include <string.h>
#include <sys/wait.h>

#include "os/os.h"
#include "reports/report.h"

/* ---- Text ---- */

static void put_seconds(FILE *out, int64_t us, int width)
{
	fprintf(out, "%*lld.%06lld", width, (long long)us / 1000000, (long long)us % 1000000);
}

static void put_signal(FILE *out, int signal)
{
	const char *name = os_signal_name(signal);

	if (name)
		fputs(name, out);
	else
		fprintf(out, "signal %d", signal);
}

static void put_end(FILE *out, int status)
{
	if (WIFSIGNALED(status)) {
		fputs("+++ killed by ", out);
		put_signal(out, WTERMSIG(status));
		fputs(" +++", out);
	} else {
		fprintf(out, "+++ ended with %d +++", WEXITSTATUS(status));
	}
}

static void put_call(FILE *out, const struct trace_event *event)
{
	fprintf(out, "%s(%s) = %s", trace_call_name(event->call), event->arguments,
		event->result_text);
	if (!event->unfinished) {
		fputs(" <", out);
		put_seconds(out, event->took_us, 0);
		putc('>', out);
	} else if (trace_call_kind(event->call) != ENDS) {
		fputs(" (unfinished)", out);
	}
	if (*event->fault)
		fprintf(out, " [%s]", event->fault);
}

void trace_put_text(FILE *out, const struct trace_event *event)
{
	put_seconds(out, event->start_us, 3);
	fprintf(out, " %u ", event->process);
	if (event->what == TRACE_CALL && event->tid != event->pid)
		fprintf(out, "(%d) ", (int)event->tid);
	switch (event->what) {
	case TRACE_CALL:
		put_call(out, event);
		break;
	case TRACE_BEGIN:
		fprintf(out, "--- process %d", (int)event->pid);
		if (event->parent)
			fprintf(out, ", child of %u", event->parent);
		fputs(" ---", out);
		break;
	case TRACE_PROGRAM:
		fprintf(out, "--- executes %s ---", event->arguments);
		break;
	case TRACE_SIGNAL:
		fputs("--- ", out);
		put_signal(out, (int)event->result);
		fputs(" ---", out);
		break;
	case TRACE_END:
		put_end(out, (int)event->result);
		break;
	}
	putc('\n', out);
}

/* ---- JSON ---- */

static const char *const whats[] = {
	[TRACE_CALL] = "call",     [TRACE_BEGIN] = "begin", [TRACE_PROGRAM] = "program",
	[TRACE_SIGNAL] = "signal", [TRACE_END] = "end",
};

enum { WHATS = sizeof whats / sizeof *whats };

const char *trace_what_name(enum trace_what what)
{
	return whats[what];
}

int trace_what_of(const char *name)
{
	for (int what = 0; what < WHATS; what++)
		if (!strcmp(whats[what], name))
			return what;
	return -1;
}

static void put_json_bytes(FILE *out, const unsigned char *bytes, size_t n)
{
	putc('"', out);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = bytes[i];
		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c >= 0x20 && c < 0x7f)
			putc(c, out);
		else
			fprintf(out, "\\u%04x", c);
	}
	putc('"', out);
}

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
static void put_bytes_key(FILE *out, const struct trace_event *event, bool as_hex)
{
	if (!event->shown)
		return;
	fprintf(out, ",\"%s\":", as_hex ? "hex" : "bytes");
	if (!as_hex) {
		put_json_bytes(out, event->bytes, event->shown);
		return;
	}
	putc('"', out);
	for (size_t i = 0; i < event->shown; i++)
		fprintf(out, "%02x", event->bytes[i]);
	putc('"', out);
}

static void put_call_keys(FILE *out, const struct trace_event *event, bool as_hex)
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
	put_bytes_key(out, event, as_hex);
	put_true_key(out, "peek", event->peek);
	put_text_key(out, "fault", event->fault);
}

static void put_object(FILE *out, const struct trace_event *event, bool as_hex)
{
	fprintf(out, "{\"what\":\"%s\",\"us\":%lld", trace_what_name(event->what),
		(long long)event->start_us);
	put_known_key(out, "side", event->side, SIDE_NONE);
	put_known_key(out, "process", event->process, 0);
	put_known_key(out, "parent", event->parent, 0);
	put_known_key(out, "pid", event->pid, 0);
	put_known_key(out, "tid", event->tid, 0);
	if (event->what == TRACE_CALL)
		put_call_keys(out, event, as_hex);
	else
		put_text_key(out, "args", event->arguments);
	if (event->what == TRACE_SIGNAL || event->what == TRACE_END)
		put_number_key(out, "result", event->result);
	putc('}', out);
}

void trace_put_json(FILE *out, const struct trace_event *event)
{
	put_object(out, event, false);
	putc('\n', out);
}

void trace_put_object(FILE *out, const struct trace_event *event)
{
	put_object(out, event, true);
}
