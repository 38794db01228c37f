/* words.c -- what stands in the cells of a ladder and at its arrows. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/memory.h"
#include "ladder/ladder.h"
#include "os/os.h"

enum { NARROW = 24, WORTH = 8 };

size_t ladder_length(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

size_t ladder_bytes(const char *text, size_t n)
{
	size_t bytes = 0;

	while (text[bytes] && (((unsigned char)text[bytes] & 0xc0) == 0x80 || n-- > 0))
		bytes++;
	return bytes;
}

/* The text, which it frees, or as much of it as fits with dots behind it. */
static char *fit(char *text, size_t room)
{
	if (ladder_length(text) <= room)
		return text;
	size_t dots = room < NARROW ? 2 : 3;
	char *cut = must_format("%.*s%.*s", (int)ladder_bytes(text, room - dots), text, (int)dots,
				"...");
	free(text);
	return cut;
}

static char *describe_end(const struct trace_event *event)
{
	int status = (int)event->result;

	if (WIFSIGNALED(status)) {
		const char *name = os_signal_name(WTERMSIG(status));
		return name ? must_format("(killed by %s)", name)
			    : must_format("(killed by signal %d)", WTERMSIG(status));
	}
	return WEXITSTATUS(status) ? must_format("(exits with %d)", WEXITSTATUS(status))
				   : must_copy("(ends)");
}

static char *describe_begin(const struct ladder *ladder, unsigned parent)
{
	for (size_t i = 0; i < ladder->column_count; i++)
		if (ladder->columns[i].process == parent)
			return must_format("(forked by %s)", ladder->columns[i].name);
	return must_format("(forked by process %u)", parent);
}

/* Something that is no call. */
static char *describe_event(const struct ladder *ladder, const struct trace_event *event)
{
	switch (event->what) {
	case TRACE_BEGIN:
		return describe_begin(ladder, event->parent);
	case TRACE_PROGRAM:
		return must_format("(runs %s)", event->arguments);
	case TRACE_SIGNAL:
		return *event->arguments ? must_format("(signal %s)", event->arguments)
					 : must_format("(signal %lld)", event->result);
	default:
		return describe_end(event);
	}
}

/* What was disturbed, or just that it was, when there is no room for the words. */
static char *fault_of(const struct trace_event *event, size_t room)
{
	if (!*event->fault)
		return must_copy("");
	return must_format(" !%s", ladder_length(event->fault) + 2 <= room ? event->fault : "");
}

/* Before it returns, only its first argument says much. */
static char *describe_begun(const struct trace_event *event)
{
	int first = (int)strcspn(event->arguments, ",");

	return must_format("%s(%.*s ...%s", trace_call_name(event->call), first, event->arguments,
			   event->unfinished ? ") = ?" : "");
}

/* Cuts the end off the text when it is `end`. */
static void drop_end(char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	if (n >= m && !strcmp(text + n - m, end))
		text[n - m] = '\0';
}

/* Where the word is outside of quotes; NULL: nowhere. */
static char *find_outside(char *text, const char *word)
{
	bool quoted = false;

	for (char *c = text; *c; c++) {
		if (!quoted && !strncmp(c, word, strlen(word)))
			return c;
		if (*c == '\\' && c[1])
			c++;
		else if (*c == '"')
			quoted = !quoted;
	}
	return NULL;
}

/* Takes `n` bytes out of a text. */
static void take_out(char *at, size_t n)
{
	memmove(at, at + n, strlen(at + n) + 1);
}

/* The arguments without what only the kernel's way of calling adds: send() is sendto() to nobody,
 * and what family an address has is plain from it. */
static char *plain_arguments(const struct trace_event *event)
{
	static const char *const families[] = { "{AF_INET, ", "{AF_INET6, ", "{AF_UNIX, " };
	char *copy = must_copy(event->arguments);

	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		char *from = find_outside(copy, families[i]);
		char *to = from ? find_outside(from, "}") : NULL;
		if (!to)
			continue;
		take_out(to, 1);
		take_out(from, strlen(families[i]));
	}
	if (event->call == CALL_recvfrom)
		drop_end(copy, ", NULL, NULL");
	if (event->call == CALL_sendto)
		drop_end(copy, ", NULL, 0");
	return copy;
}

/* The arguments in about that room: the descriptor stays, others are cut. */
static char *fit_arguments(const struct trace_event *event, size_t room)
{
	char *text = plain_arguments(event);
	size_t first = event->fd >= 0 ? strcspn(text, ",") + 3 : 3;

	return fit(text, room > first ? room : first);
}

/* A call with its result; what is too long is cut in its arguments, for the result matters more. Of
 * the rest of a call they are left out when little of them could be shown. */
static char *describe_call(const struct trace_event *event, bool is_rest, size_t room)
{
	const char *name = trace_call_name(event->call), *head = is_rest ? "... " : "";
	size_t need = strlen(head) + strlen(name) + strlen("(4, ...) = ") +
		      ladder_length(event->result_text);
	char *fault = fault_of(event, room > need ? room - need : 0);
	char *back = must_format(" = %s%s", event->result_text, fault);

	need = strlen(head) + strlen(name) + ladder_length(back) + strlen("()");
	size_t left = room > need ? room - need : 0;
	char *arguments = fit_arguments(event, left);
	bool bare = is_rest && left < WORTH && left < ladder_length(event->arguments);
	char *all = bare ? must_format("%s%s%s", head, name, back)
			 : must_format("%s%s(%s)%s", head, name, arguments, back);

	free(arguments);
	free(back);
	free(fault);
	return all;
}

char *ladder_cell_text(const struct ladder *ladder, const struct ladder_cell *cell, size_t room)
{
	const struct trace_event *event = &ladder->events[cell->event];
	char *text;

	if (event->what != TRACE_CALL)
		text = describe_event(ladder, event);
	else if (cell->phase == CELL_BEGIN || event->unfinished)
		text = describe_begun(event);
	else
		text = describe_call(event, cell->phase == CELL_REST, room);
	return fit(text, room);
}

char *ladder_cell_title(const struct ladder *ladder, const struct ladder_cell *cell)
{
	const struct trace_event *event = &ladder->events[cell->event];

	if (event->what != TRACE_CALL)
		return describe_event(ladder, event);
	return must_format("%s(%s) = %s%s%s\nat %.3f ms, took %.3f ms%s%s%s%s",
			   trace_call_name(event->call), event->arguments,
			   event->unfinished ? "?" : event->result_text, *event->fault ? " !" : "",
			   event->fault, (double)event->start_us / 1000,
			   (double)event->took_us / 1000, *event->local ? "\nlocal " : "",
			   event->local, *event->peer ? "\npeer " : "", event->peer);
}

char *ladder_arrow_label(const struct ladder_arrow *arrow)
{
	static const char *const words[ARROW_KINDS] = {
		[ARROW_CONNECTION] = "connect",
		[ARROW_URGENT] = "urgent",
		[ARROW_END] = "end",
		[ARROW_RESET] = "reset",
	};
	enum arrow_kind kind = arrow->arrow.kind;

	if (kind == ARROW_CONNECTION && arrow->arrow.fate == ARROW_LOST)
		return must_copy("refused");
	return words[kind] ? must_copy(words[kind]) : must_format("%lld B", arrow->arrow.bytes);
}

char *ladder_note(const struct ladder_row *row)
{
	return row->rounds ? must_format("... %u more round%s like this ...", row->rounds,
					 row->rounds == 1 ? "" : "s")
			   : must_format("... %u rows are left out here ...", row->rows);
}

bool ladder_may_use_boxes(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return strstr(value, "UTF-8") || strstr(value, "utf8") ||
			       strstr(value, "UTF8") || strstr(value, "utf-8");
	}
	return false;
}
