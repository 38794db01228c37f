/* descriptors.c -- follows sockets through dup(), fork(), exec() and close(). */
#include "ladder/descriptors.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

bool trace_event_takes(const struct trace_event *event)
{
	if (event->what != TRACE_CALL || event->unfinished)
		return false;
	enum trace_kind kind = trace_call_kind(event->call);
	return kind == READS || kind == ACCEPTS || kind == WAITS;
}

int64_t trace_event_at(const struct trace_event *event)
{
	return event->start_us + (trace_event_takes(event) ? event->took_us : 0);
}

/* What one event is ordered by: of two at once the one that gives is first. */
struct place {
	int64_t at;
	bool takes;
	size_t index;
};

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->takes != y->takes)
		return x->takes ? 1 : -1;
	return x->index < y->index ? -1 : x->index > y->index;
}

size_t *trace_event_order(const struct trace_event *events, size_t count)
{
	struct place *places = must_alloc(count, sizeof *places);
	size_t *order = must_alloc(count, sizeof *order);

	for (size_t i = 0; i < count; i++)
		places[i] = (struct place){ trace_event_at(&events[i]),
					    trace_event_takes(&events[i]), i };
	qsort(places, count, sizeof *places, compare_places);
	for (size_t i = 0; i < count; i++)
		order[i] = places[i].index;
	free(places);
	return order;
}

static size_t index_of(const struct descriptors *descriptors, unsigned process, int fd)
{
	size_t i = 0;

	while (i < descriptors->count &&
	       (descriptors->held[i].process != process || descriptors->held[i].fd != fd))
		i++;
	return i;
}

static void drop(struct descriptors *descriptors, size_t i, enum gone why, descriptor_gone *gone,
		 void *context)
{
	struct descriptor was = descriptors->held[i];

	memmove(&descriptors->held[i], &descriptors->held[i + 1],
		(descriptors->count - i - 1) * sizeof was);
	descriptors->count--;
	if (gone)
		gone(context, &was, why);
}

static void add(struct descriptors *descriptors, struct descriptor one)
{
	descriptors->held =
		must_grow(descriptors->held, descriptors->count + 1, sizeof *descriptors->held);
	descriptors->held[descriptors->count++] = one;
}

/* Puts a socket under a number, in the place of whatever was there. */
static void put(struct descriptors *descriptors, struct descriptor one, descriptor_gone *gone,
		void *context)
{
	size_t i = index_of(descriptors, one.process, one.fd);

	if (i < descriptors->count && descriptors->held[i].socket == one.socket)
		return;
	if (i < descriptors->count)
		drop(descriptors, i, GONE_REPLACED, gone, context);
	add(descriptors, one);
}

static void inherit(struct descriptors *descriptors, const struct trace_event *event)
{
	size_t count = descriptors->count;

	for (size_t i = 0; i < count; i++) {
		struct descriptor one = descriptors->held[i];
		if (one.process != event->parent)
			continue;
		one.process = event->process;
		one.is_inherited = true;
		add(descriptors, one);
	}
}

/* Drops those of the event's process from first to last, or only the ones that do not outlive an
 * execve(). */
static void drop_range(struct descriptors *descriptors, const struct trace_event *event, long first,
		       long last, enum gone why, descriptor_gone *gone, void *context)
{
	for (size_t i = 0; i < descriptors->count;) {
		const struct descriptor *one = &descriptors->held[i];
		if (one->process == event->process && one->fd >= first && one->fd <= last &&
		    (why != GONE_EXECUTED || one->has_cloexec))
			drop(descriptors, i, why, gone, context);
		else
			i++;
	}
}

/* close_range(first, last, flags), as it was written out. */
static void close_range_of(struct descriptors *descriptors, const struct trace_event *event,
			   descriptor_gone *gone, void *context)
{
	char *behind;
	unsigned long first = strtoul(event->arguments, &behind, 0), last = first;

	if (*behind == ',')
		last = strtoul(behind + 1, NULL, 0);
	if (strstr(event->arguments, "CLOEXEC") || first > INT32_MAX)
		return;
	drop_range(descriptors, event, (long)first, last > INT32_MAX ? INT32_MAX : (long)last,
		   GONE_CLOSED, gone, context);
}

static void note_flags(struct descriptors *descriptors, const struct trace_event *event)
{
	size_t i = index_of(descriptors, event->process, event->fd);

	if (event->call == CALL_fcntl && strstr(event->arguments, "F_SETFD") &&
	    i < descriptors->count)
		descriptors->held[i].has_cloexec = strstr(event->arguments, "FD_CLOEXEC");
}

static void take_call(struct descriptors *descriptors, const struct trace_event *event,
		      descriptor_gone *gone, void *context)
{
	struct descriptor one = { .process = event->process,
				  .has_cloexec = strstr(event->arguments, "CLOEXEC") };

	/* What was there before, or came in a message. */
	if (event->socket && event->fd >= 0 &&
	    index_of(descriptors, event->process, event->fd) == descriptors->count)
		add(descriptors,
		    (struct descriptor){ event->process, event->fd, event->socket, true, false });
	note_flags(descriptors, event);
	if (event->result < 0)
		return;
	if (event->call == CALL_close)
		drop_range(descriptors, event, event->fd, event->fd, GONE_CLOSED, gone, context);
	if (event->call == CALL_close_range)
		close_range_of(descriptors, event, gone, context);
	if (event->new_socket && event->new_fd >= 0) {
		one.fd = event->new_fd;
		one.socket = event->new_socket;
		put(descriptors, one, gone, context);
	}
	if (event->new_socket2 && event->new_fd2 >= 0) {
		one.fd = event->new_fd2;
		one.socket = event->new_socket2;
		put(descriptors, one, gone, context);
	}
}

void descriptors_take(struct descriptors *descriptors, const struct trace_event *event,
		      descriptor_gone *gone, void *context)
{
	switch (event->what) {
	case TRACE_CALL:
		if (!event->unfinished)
			take_call(descriptors, event, gone, context);
		break;
	case TRACE_BEGIN:
		if (event->parent)
			inherit(descriptors, event);
		break;
	case TRACE_PROGRAM:
		drop_range(descriptors, event, 0, INT32_MAX, GONE_EXECUTED, gone, context);
		break;
	case TRACE_END:
		drop_range(descriptors, event, 0, INT32_MAX, GONE_ENDED, gone, context);
		break;
	case TRACE_SIGNAL:
		break;
	}
}

unsigned descriptors_of(const struct descriptors *descriptors, unsigned socket)
{
	unsigned n = 0;

	for (size_t i = 0; i < descriptors->count; i++)
		n += descriptors->held[i].socket == socket;
	return n;
}

const struct descriptor *descriptors_find(const struct descriptors *descriptors, unsigned process,
					  int fd)
{
	size_t i = index_of(descriptors, process, fd);

	return i < descriptors->count ? &descriptors->held[i] : NULL;
}

void descriptors_finish(struct descriptors *descriptors)
{
	free(descriptors->held);
	memset(descriptors, 0, sizeof *descriptors);
}
