/* flow.h -- what went from which call to which, in a trace: connections, bytes, messages, the end
 * of a stream, resets. Sockets are matched by their names, pairs and unnamed ones by their order.
 */
#ifndef SOCKDRILL_TRACE_FLOW_H
#define SOCKDRILL_TRACE_FLOW_H

#include "trace/event.h"

enum arrow_kind {
	ARROW_CONNECTION, /* from connect() to accept() */
	ARROW_BYTES,      /* of a stream */
	ARROW_URGENT,     /* the byte out of band */
	ARROW_MESSAGE,    /* a datagram or a record */
	ARROW_END,        /* of the stream: from shutdown(), close() or the process's end */
	ARROW_RESET,
	ARROW_KINDS
};

enum arrow_fate {
	ARROW_CAME,
	ARROW_WAITS, /* unread, not accepted: nobody took it while the trace went on */
	ARROW_LOST   /* refused, or a datagram that nobody got */
};

struct arrow {
	enum arrow_kind kind;
	enum arrow_fate fate;
	size_t from, to; /* events, by index; `to` only for what came */
	long long bytes; /* of these; 0 for what has none */
};

struct flow {
	unsigned *mates;  /* by socket: the one at the other end of its connection; 0: not known */
	unsigned sockets; /* the highest ordinal and 1 */
	struct arrow *arrows; /* in the order in which they came or, else, left */
	size_t count;
};

/* Follows what events[0..count) moved. */
void flow_make(const struct trace_event *events, size_t count, struct flow *ret_flow);
/* Frees what it owns; takes a zeroed one. */
void flow_finish(struct flow *flow);

/* For flow.c: who talks to whom, and the connections' arrows. locals[socket] is its name, or "". */
void flow_match(const struct trace_event *events, const size_t *order, size_t count,
		const char *const *locals, struct flow *flow);
void flow_add(struct flow *flow, struct arrow arrow);
/* Whether two names may be of one socket: an address that stands for all is any. */
bool flow_same_name(const char *a, const char *b);

#endif
