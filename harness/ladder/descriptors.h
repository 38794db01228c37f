/* descriptors.h -- which process holds which socket under which number, while a trace goes on. */
#ifndef SOCKDRILL_TRACE_DESCRIPTORS_H
#define SOCKDRILL_TRACE_DESCRIPTORS_H

#include "trace/event.h"

struct descriptor {
	unsigned process;
	int fd;
	unsigned socket;
	bool is_inherited; /* from the process that forked this one */
	bool has_cloexec;
};

struct descriptors {
	struct descriptor *held;
	size_t count;
};

/* Why a descriptor is gone. */
enum gone { GONE_CLOSED, GONE_REPLACED, GONE_EXECUTED, GONE_ENDED };

/* Is told of a descriptor that was just taken away. */
typedef void descriptor_gone(void *context, const struct descriptor *descriptor, enum gone why);

/* Applies an event; events come in the order of trace_event_at(). `gone` may be NULL. */
void descriptors_take(struct descriptors *descriptors, const struct trace_event *event,
		      descriptor_gone *gone, void *context);
/* How many there are of a socket, in all processes. */
unsigned descriptors_of(const struct descriptors *descriptors, unsigned socket);
/* That of the process; NULL: none. It stays until the next event. */
const struct descriptor *descriptors_find(const struct descriptors *descriptors, unsigned process,
					  int fd);
/* Frees what it owns; takes a zeroed one. */
void descriptors_finish(struct descriptors *descriptors);

/* Whether something comes to the program by this call: data, a connection, readiness. Such calls
 * have their effect when they return, all others when they are made. */
bool trace_event_takes(const struct trace_event *event);
/* When the call had its effect, in us; of other events when they were. */
int64_t trace_event_at(const struct trace_event *event);
/* The indices of the events in the order of their effects; new memory. */
size_t *trace_event_order(const struct trace_event *events, size_t count);

#endif
