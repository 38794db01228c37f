/* lives.c -- follows each socket of a trace from its first call to its last, and notes what went
 * wrong on the way. */
#include "ladder/lives.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "ladder/descriptors.h"
#include "ladder/flow.h"
#include "ladder/steps.h"

static const size_t NOWHERE = SIZE_MAX;

/* One socket while the trace goes on. */
struct track {
	struct steps steps;
	unsigned process; /* that had it first; 0: not seen */
	int fd;
	bool was_accepted, is_stream, is_listening;
	bool is_open;       /* when its last process ended */
	bool was_shared;    /* by several processes */
	bool is_done;       /* the program was told that its peer is gone */
	size_t end_of_file; /* the read that told of it; NOWHERE: none */
	size_t on;          /* the finding of reads after that; NOWHERE: none */
	size_t gone;        /* position in the order when its last descriptor went; NOWHERE: not */
};

/* The last thing that went wrong with a descriptor. */
struct watch {
	unsigned process;
	int fd;
	size_t failed; /* the call, by index; NOWHERE: none */
	size_t closed; /* the last close; NOWHERE: none */
};

/* Sockets that one process left open at its end. */
struct leak {
	unsigned process;
	bool accepted;
	unsigned count;
	int fds[8];
	unsigned socket; /* the first */
};

struct looking {
	const struct trace_event *events;
	size_t count;
	const size_t *order;
	struct lives *out;
	struct track *tracks; /* by socket */
	struct flow flow;
	struct descriptors descriptors;
	struct watch *watches;
	size_t watch_count;
	size_t *last_accept; /* by process: position in the order */
	size_t *no_socket;   /* by process: the call that should have made one; NOWHERE: none */
	struct leak leaks[2];
	size_t now, position;
};

/* ---- Findings ---- */

static double ms_of(const struct looking *l, size_t event)
{
	return (double)trace_event_at(&l->events[event]) / 1000;
}

static size_t add_finding(struct looking *l, struct finding finding)
{
	struct lives *out = l->out;

	out->findings = must_grow(out->findings, out->finding_count + 1, sizeof finding);
	out->findings[out->finding_count] = finding;
	return out->finding_count++;
}

static const char *name_of_event(const struct looking *l, size_t event)
{
	return l->out->names.of[l->events[event].process];
}

/* "ECONNRESET" of "-1 ECONNRESET". */
static const char *error_of(const struct trace_event *event)
{
	const char *space = strchr(event->result_text, ' ');

	return space ? space + 1 : event->result_text;
}

static void find_ignored(struct looking *l, size_t failed, int fd)
{
	const struct trace_event *was = &l->events[failed], *event = &l->events[l->now];
	const char *name = trace_call_name(was->call);
	char *text = must_format("%s: %s(fd %d) failed with %s at %.1f ms, yet %s(fd %d) followed "
				 "at %.1f ms: check what %s() returns",
				 name_of_event(l, l->now), name, was->fd, error_of(was),
				 ms_of(l, failed), trace_call_name(event->call), fd,
				 ms_of(l, l->now), name);

	add_finding(l, (struct finding){ FINDING_IGNORED, event->process, fd, event->socket, l->now,
					 failed, 1, text });
}

/* A call on -1 because the socket could not be made. */
static void find_no_socket(struct looking *l, const struct trace_event *event)
{
	size_t failed = l->no_socket[event->process];
	const char *name = trace_call_name(event->call);

	if (failed == NOWHERE || event->result != -EBADF || strncmp(event->arguments, "-1", 2) != 0)
		return;
	const struct trace_event *was = &l->events[failed];
	char *text =
		must_format("%s: %s() failed with %s at %.1f ms, yet %s(fd -1) followed at "
			    "%.1f ms: check what %s() returns",
			    name_of_event(l, l->now), trace_call_name(was->call), error_of(was),
			    ms_of(l, failed), name, ms_of(l, l->now), trace_call_name(was->call));
	add_finding(l, (struct finding){ FINDING_IGNORED, event->process, -1, 0, l->now, failed, 1,
					 text });
	l->no_socket[event->process] = NOWHERE;
}

static void find_read_on(struct looking *l, const struct trace_event *event, struct track *track)
{
	if (track->on == NOWHERE)
		track->on = add_finding(l, (struct finding){ FINDING_READ_ON, event->process,
							     event->fd, event->socket, l->now,
							     track->end_of_file, 0, NULL });
	struct finding *finding = &l->out->findings[track->on];
	finding->count++;
	free(finding->text);
	finding->text = must_format("%s: fd %d was read %u time%s more after the end of file at "
				    "%.1f ms: after a read of 0 bytes nothing comes any more",
				    name_of_event(l, l->now), finding->fd, finding->count,
				    finding->count == 1 ? "" : "s", ms_of(l, finding->before));
}

/* Whether the process closes numbers one after the other, whatever they are: before a program is
 * started that is no mistake. */
static bool is_sweep(const struct looking *l, int way)
{
	const struct trace_event *event = &l->events[l->now];

	for (size_t i = l->position + way; i < l->count; i += way) {
		const struct trace_event *other = &l->events[l->order[i]];
		if (other->process != event->process || other->what != TRACE_CALL)
			continue;
		return other->call == CALL_close && other->result == -EBADF &&
		       other->fd == event->fd + way;
	}
	return false;
}

static void find_bad_close(struct looking *l, const struct trace_event *event, size_t closed)
{
	const char *name = name_of_event(l, l->now);
	int fd = (int)strtol(event->arguments, NULL, 10);

	if (is_sweep(l, 1) || is_sweep(l, -1))
		return;
	char *text = closed == NOWHERE
			     ? must_format("%s: close(%d) at %.1f ms: no such descriptor is open",
					   name, fd, ms_of(l, l->now))
			     : must_format("%s: close(%d) at %.1f ms came after it was closed at "
					   "%.1f ms: by then the number may be another's",
					   name, fd, ms_of(l, l->now), ms_of(l, closed));
	add_finding(l, (struct finding){ FINDING_BAD_CLOSE, event->process, fd, 0, l->now, closed,
					 1, text });
}

/* ---- Failures ---- */

static struct watch *watch_of(struct looking *l, const struct trace_event *event)
{
	for (size_t i = 0; i < l->watch_count; i++)
		if (l->watches[i].process == event->process && l->watches[i].fd == event->fd)
			return &l->watches[i];
	l->watches = must_grow(l->watches, l->watch_count + 1, sizeof *l->watches);
	l->watches[l->watch_count] = (struct watch){ event->process, event->fd, NOWHERE, NOWHERE };
	return &l->watches[l->watch_count++];
}

static void watch_failures(struct looking *l, const struct trace_event *event, struct watch *watch)
{
	if (watch->failed != NOWHERE && event->socket) {
		switch (failure_answer(&l->events[watch->failed], event)) {
		case ANSWER_IGNORED:
			find_ignored(l, watch->failed, event->fd);
			watch->failed = NOWHERE;
			break;
		case ANSWER_MINDED:
			watch->failed = NOWHERE;
			break;
		case ANSWER_NONE:
			break;
		}
	}
	if (failure_counts(event) && event->socket)
		watch->failed = l->now;
}

static void watch_closes(struct looking *l, const struct trace_event *event, struct watch *watch)
{
	if (event->call != CALL_close)
		return;
	if (event->result == -EBADF)
		find_bad_close(l, event, watch->closed);
	else
		watch->closed = l->now;
	watch->failed = NOWHERE;
}

/* ---- Sockets ---- */

static void begin_track(struct looking *l, const struct trace_event *event, unsigned socket, int fd)
{
	struct track *track = &l->tracks[socket];

	if (!socket)
		return;
	steps_add(&track->steps, event);
	if (track->process)
		return;
	track->process = event->process;
	track->fd = fd;
	track->was_accepted = trace_call_kind(event->call) == ACCEPTS && socket != event->socket;
	track->is_stream = event->type == SOCK_STREAM;
}

/* recv(fd, buffer, 0, flags) gives 0, and that says nothing: the third argument is 0. */
static bool asks_for_nothing(const struct trace_event *event)
{
	const char *second = strstr(event->arguments, ", ");
	const char *third = second ? strstr(second + 2, ", ") : NULL;

	return third && third[2] == '0' && (third[3] == ',' || !third[3]);
}

static void note_read(struct looking *l, const struct trace_event *event, struct track *track)
{
	if (trace_call_kind(event->call) != READS || !track->is_stream || asks_for_nothing(event))
		return;
	if (event->result == 0 && track->end_of_file != NOWHERE) {
		find_read_on(l, event, track);
	} else if (event->result == 0 && !event->peek) {
		track->end_of_file = l->now;
		track->is_done = true;
	}
}

static void take_socket(struct looking *l, const struct trace_event *event)
{
	struct track *track = &l->tracks[event->socket];

	begin_track(l, event, event->socket, event->fd);
	if (event->new_socket != event->socket)
		begin_track(l, event, event->new_socket, event->new_fd);
	begin_track(l, event, event->new_socket2, event->new_fd2);
	if (!event->socket)
		return;
	track->is_listening |= event->call == CALL_listen;
	track->is_done |= event->result == -ECONNRESET || event->result == -EPIPE;
	note_read(l, event, track);
}

static void take_call(struct looking *l, const struct trace_event *event)
{
	enum trace_kind kind = trace_call_kind(event->call);

	if (event->unfinished)
		return;
	take_socket(l, event);
	if (kind == ACCEPTS)
		l->last_accept[event->process] = l->position;
	if ((kind == MAKES || kind == ACCEPTS) && event->result < 0 && event->result != -EAGAIN &&
	    event->result != -EINTR)
		l->no_socket[event->process] = l->now;
	if (kind == CONTROLS || kind == READS || kind == WRITES || event->call == CALL_accept ||
	    event->call == CALL_accept4)
		find_no_socket(l, event);
	if (event->fd < 0 && event->call != CALL_close)
		return;
	watch_failures(l, event, watch_of(l, event));
	watch_closes(l, event, watch_of(l, event));
}

/* ---- Leaks ---- */

/* Whether the process could know that nothing is left to do with the socket. */
static bool is_over(const struct looking *l, unsigned process, unsigned socket)
{
	const struct track *track = &l->tracks[socket];
	unsigned mate = l->flow.mates[socket];

	if (track->is_done || (track->was_shared && !descriptors_of(&l->descriptors, socket)))
		return true;
	/* It went on to other callers since this one's end. */
	return mate && l->tracks[mate].gone != NOWHERE && l->last_accept[process] != NOWHERE &&
	       l->last_accept[process] > l->tracks[mate].gone;
}

static void note_leak(struct looking *l, const struct descriptor *was)
{
	const struct track *track = &l->tracks[was->socket];
	struct leak *leak = &l->leaks[track->was_accepted];

	if (was->is_inherited || !track->is_stream || track->is_listening ||
	    !is_over(l, was->process, was->socket))
		return;
	if (leak->count < sizeof leak->fds / sizeof *leak->fds)
		leak->fds[leak->count] = was->fd;
	if (!leak->count)
		leak->socket = was->socket;
	leak->process = was->process;
	leak->count++;
}

static void note_gone(void *context, const struct descriptor *was, enum gone why)
{
	struct looking *l = context;
	struct track *track = &l->tracks[was->socket];

	if (why == GONE_ENDED)
		note_leak(l, was);
	if (descriptors_of(&l->descriptors, was->socket))
		return;
	track->gone = l->position;
	track->is_open = why == GONE_ENDED;
}

static int compare_numbers(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* "3, 4, 5 ..." */
static char *list_numbers(struct leak *leak)
{
	unsigned shown = sizeof leak->fds / sizeof *leak->fds;
	char *all = must_copy("");

	shown = leak->count < shown ? leak->count : shown;
	qsort(leak->fds, shown, sizeof *leak->fds, compare_numbers);
	for (unsigned i = 0; i < shown; i++) {
		char *more = must_format("%s%s%d", all, i ? ", " : "", leak->fds[i]);
		free(all);
		all = more;
	}
	if (leak->count > shown) {
		char *more = must_format("%s ...", all);
		free(all);
		all = more;
	}
	return all;
}

static void tell_leak(struct looking *l, struct leak *leak, bool accepted)
{
	if (!leak->count)
		return;
	char *fds = list_numbers(leak), *name = l->out->names.of[leak->process];
	char *text = must_format(
		"%s: %u %s socket%s never closed (fd %s), though there was nothing "
		"left to do with %s",
		name, leak->count, accepted ? "accepted" : "connected",
		leak->count == 1 ? " was" : "s were", fds, leak->count == 1 ? "it" : "them");

	add_finding(l, (struct finding){ FINDING_LEAK, leak->process, leak->fds[0], leak->socket,
					 l->now, NOWHERE, leak->count, text });
	free(fds);
	memset(leak, 0, sizeof *leak);
}

/* ---- The whole ---- */

/* A descriptor of another process is one more that must be closed. */
static void note_shared(struct looking *l, unsigned process)
{
	for (size_t i = 0; i < l->descriptors.count; i++)
		if (l->descriptors.held[i].process == process)
			l->tracks[l->descriptors.held[i].socket].was_shared = true;
}

static void look(struct looking *l)
{
	for (l->position = 0; l->position < l->count; l->position++) {
		l->now = l->order[l->position];
		const struct trace_event *event = &l->events[l->now];
		if (event->what == TRACE_CALL)
			take_call(l, event);
		descriptors_take(&l->descriptors, event, note_gone, l);
		if (event->what == TRACE_BEGIN && event->parent)
			note_shared(l, event->process);
		for (int accepted = 0; accepted < 2; accepted++)
			tell_leak(l, &l->leaks[accepted], accepted);
	}
}

static void take_lives(struct looking *l)
{
	struct lives *out = l->out;

	out->lives = must_alloc(l->flow.sockets, sizeof *out->lives);
	for (unsigned socket = 1; socket < l->flow.sockets; socket++) {
		struct track *track = &l->tracks[socket];
		bool is_open = track->is_open || descriptors_of(&l->descriptors, socket);
		if (track->process)
			out->lives[out->count++] = (struct life){
				.socket = socket,
				.process = track->process,
				.fd = track->fd,
				.line = steps_line(&track->steps, &out->names, track->process),
				.is_open = is_open,
			};
		steps_finish(&track->steps);
	}
}

static void looking_begin(struct looking *l)
{
	size_t processes;

	flow_make(l->events, l->count, &l->flow);
	process_names_make(l->events, l->count, &l->out->names);
	processes = l->out->names.count;
	l->tracks = must_alloc(l->flow.sockets, sizeof *l->tracks);
	for (unsigned i = 0; i < l->flow.sockets; i++)
		l->tracks[i].end_of_file = l->tracks[i].on = l->tracks[i].gone = NOWHERE;
	l->last_accept = must_alloc(processes, sizeof *l->last_accept);
	l->no_socket = must_alloc(processes, sizeof *l->no_socket);
	for (size_t i = 0; i < processes; i++)
		l->last_accept[i] = l->no_socket[i] = NOWHERE;
}

void lives_make(const struct trace_event *events, size_t count, struct lives *ret_lives)
{
	size_t *order = trace_event_order(events, count);
	struct looking l = { .events = events, .count = count, .order = order, .out = ret_lives };

	memset(ret_lives, 0, sizeof *ret_lives);
	looking_begin(&l);
	look(&l);
	take_lives(&l);
	flow_finish(&l.flow);
	descriptors_finish(&l.descriptors);
	free(l.tracks);
	free(l.watches);
	free(l.last_accept);
	free(l.no_socket);
	free(order);
}

void lives_put(FILE *out, const struct lives *lives)
{
	size_t widest = 0;

	for (size_t i = 0; i < lives->count; i++) {
		size_t n = strlen(lives->names.of[lives->lives[i].process]);
		widest = n > widest ? n : widest;
	}
	for (size_t i = 0; i < lives->count; i++) {
		const struct life *life = &lives->lives[i];
		fprintf(out, "%-*s  fd %-3d %s%s\n", (int)widest, lives->names.of[life->process],
			life->fd, life->line, life->is_open ? " (open at the end)" : "");
	}
	lives_put_findings(out, lives);
}

void lives_put_findings(FILE *out, const struct lives *lives)
{
	for (size_t i = 0; i < lives->finding_count; i++)
		fprintf(out, "! %s\n", lives->findings[i].text);
}

void lives_finish(struct lives *lives)
{
	for (size_t i = 0; i < lives->count; i++)
		free(lives->lives[i].line);
	for (size_t i = 0; i < lives->finding_count; i++)
		free(lives->findings[i].text);
	free(lives->lives);
	free(lives->findings);
	process_names_finish(&lives->names);
	memset(lives, 0, sizeof *lives);
}
