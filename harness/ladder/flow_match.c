/* flow_match.c -- which sockets of a trace talk to each other. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "ladder/descriptors.h"
#include "ladder/flow.h"

/* The part of a name in front of its port, without what maps IPv4 into IPv6. */
struct host {
	const char *text;
	size_t n;
};

static struct host host_of(const char *name, const char *colon)
{
	static const char mapped[] = "[::ffff:";
	struct host host = { name, (size_t)(colon - name) };

	if (host.n > sizeof mapped && !strncmp(name, mapped, sizeof mapped - 1)) {
		host.text += sizeof mapped - 1;
		host.n -= sizeof mapped; /* and the bracket behind it */
	}
	return host;
}

static bool is_host(struct host host, const char *text)
{
	return host.n == strlen(text) && !memcmp(host.text, text, host.n);
}

static bool is_any(struct host host)
{
	return is_host(host, "0.0.0.0") || is_host(host, "[::]");
}

static bool is_unix(const char *name)
{
	return *name == '/' || *name == '@';
}

bool flow_same_name(const char *a, const char *b)
{
	const char *x = strrchr(a, ':'), *y = strrchr(b, ':');

	if (!*a || !*b)
		return false;
	if (!strcmp(a, b))
		return true;
	if (is_unix(a) || is_unix(b) || !x || !y || strcmp(x, y) != 0)
		return false;
	struct host p = host_of(a, x), q = host_of(b, y);
	return is_any(p) || is_any(q) || (p.n == q.n && !memcmp(p.text, q.text, p.n));
}

void flow_add(struct flow *flow, struct arrow arrow)
{
	/* Grows by doubling: traces are long. */
	if (!(flow->count & (flow->count - 1)))
		flow->arrows = must_grow(flow->arrows, flow->count ? flow->count * 2 : 1,
					 sizeof *flow->arrows);
	flow->arrows[flow->count++] = arrow;
}

/* A call of connect() and what became of it. */
struct caller {
	size_t event;
	bool is_taken;
};

struct callers {
	struct caller *list;
	size_t count;
	const struct trace_event *events;
	const char *const *locals;
};

static bool is_stream(int type)
{
	return type == SOCK_STREAM || type == SOCK_SEQPACKET || !type;
}

static bool has_begun(const struct trace_event *event)
{
	return event->result == 0 || event->result == -EINPROGRESS || event->result == -EINTR ||
	       event->unfinished;
}

static void note_caller(struct callers *callers, size_t index)
{
	const struct trace_event *event = &callers->events[index];

	if (event->what != TRACE_CALL || event->call != CALL_connect || !event->socket ||
	    !is_stream(event->type) || !has_begun(event))
		return;
	/* A call may be made again until it has succeeded: the first one called. */
	for (size_t i = 0; i < callers->count; i++)
		if (callers->events[callers->list[i].event].socket == event->socket)
			return;
	callers->list = must_grow(callers->list, callers->count + 1, sizeof *callers->list);
	callers->list[callers->count++] = (struct caller){ .event = index };
}

/* How well they fit: 2 by both names, 1 by one, the other not being known; 0 not at all. */
static int fit(const struct callers *callers, const struct caller *caller,
	       const struct trace_event *accepted)
{
	const struct trace_event *call = &callers->events[caller->event];
	const char *from = *call->local ? call->local : callers->locals[call->socket];
	const char *at = *accepted->local ? accepted->local : callers->locals[accepted->socket];
	bool knows_from = *from && *accepted->peer, knows_to = *call->peer && *at;

	if (caller->is_taken || call->start_us > trace_event_at(accepted))
		return 0;
	if ((knows_from && !flow_same_name(from, accepted->peer)) ||
	    (knows_to && !flow_same_name(call->peer, at)))
		return 0;
	return knows_from + knows_to;
}

/* The caller that an accept() got: the best, of equal ones the first. */
static struct caller *find_caller(const struct callers *callers, const struct trace_event *accepted)
{
	struct caller *best = NULL;
	int best_fit = 0;

	for (size_t i = 0; i < callers->count && best_fit < 2; i++) {
		int now = fit(callers, &callers->list[i], accepted);
		if (now > best_fit) {
			best = &callers->list[i];
			best_fit = now;
		}
	}
	return best;
}

static void join(struct flow *flow, unsigned a, unsigned b)
{
	if (a && b && a != b) {
		flow->mates[a] = b;
		flow->mates[b] = a;
	}
}

static void match_accept(struct callers *callers, size_t index, struct flow *flow)
{
	const struct trace_event *event = &callers->events[index];

	if (trace_call_kind(event->call) != ACCEPTS || !event->new_socket)
		return;
	struct caller *caller = find_caller(callers, event);
	if (!caller)
		return;
	caller->is_taken = true;
	join(flow, callers->events[caller->event].socket, event->new_socket);
	flow_add(flow, (struct arrow){ ARROW_CONNECTION, ARROW_CAME, caller->event, index, 0 });
}

/* Two that called each other. */
static bool match_crossing(struct callers *callers, struct caller *caller, struct flow *flow)
{
	const struct trace_event *a = &callers->events[caller->event];

	for (size_t i = 0; i < callers->count; i++) {
		struct caller *other = &callers->list[i];
		const struct trace_event *b = &callers->events[other->event];
		if (other == caller || other->is_taken || a->socket == b->socket ||
		    !flow_same_name(a->peer, callers->locals[b->socket]) ||
		    !flow_same_name(b->peer, callers->locals[a->socket]))
			continue;
		caller->is_taken = other->is_taken = true;
		join(flow, a->socket, b->socket);
		return true;
	}
	return false;
}

/* Whether a followed socket listens there, so that it is known that nobody accepted. */
static bool is_listened(const struct callers *callers, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		const struct trace_event *event = &callers->events[i];
		if (event->what == TRACE_CALL && event->call == CALL_listen && !event->result &&
		    event->socket && flow_same_name(callers->locals[event->socket], name))
			return true;
	}
	return false;
}

static void tell_unmatched(struct callers *callers, size_t count, struct flow *flow)
{
	for (size_t i = 0; i < callers->count; i++) {
		struct caller *caller = &callers->list[i];
		if (caller->is_taken || match_crossing(callers, caller, flow) ||
		    !is_listened(callers, count, callers->events[caller->event].peer))
			continue;
		flow_add(flow, (struct arrow){ ARROW_CONNECTION, ARROW_WAITS, caller->event });
	}
}

void flow_match(const struct trace_event *events, const size_t *order, size_t count,
		const char *const *locals, struct flow *flow)
{
	struct callers callers = { .events = events, .locals = locals };

	for (size_t i = 0; i < count; i++)
		note_caller(&callers, order[i]);
	for (size_t i = 0; i < count; i++) {
		const struct trace_event *event = &events[order[i]];
		if (event->what != TRACE_CALL)
			continue;
		match_accept(&callers, order[i], flow);
		if (event->call == CALL_socketpair)
			join(flow, event->new_socket, event->new_socket2);
		if (event->call == CALL_connect && event->result == -ECONNREFUSED &&
		    is_stream(event->type) && event->side != SIDE_NONE)
			flow_add(flow, (struct arrow){ ARROW_CONNECTION, ARROW_LOST, order[i] });
	}
	tell_unmatched(&callers, count, flow);
	free(callers.list);
}
