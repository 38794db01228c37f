/* flow.c -- follows bytes and messages from the calls that sent them to those that took them. */
#include "ladder/flow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "ladder/descriptors.h"

static const size_t NOTHING = SIZE_MAX;

/* What a call sent and nobody took so far. */
struct parcel {
	size_t event;
	long long left; /* bytes; of a message 1 */
};

/* One direction: what the socket sent, in order. */
struct sent {
	struct parcel *parcels;
	size_t count, taken; /* parcels before `taken` have nothing left */
	size_t urgent;       /* the event that sent the last urgent byte */
	size_t ender;        /* the event that ended it: shut down or closed, */
	size_t closer;       /* closed for good */
	bool told_end;       /* the socket was told of its peer's end, */
	bool told_reset;     /* of a reset */
};

/* A trace while it is followed. */
struct following {
	const struct trace_event *events;
	struct flow *flow;
	struct sent *sent; /* by socket */
	struct sent mail;  /* datagrams of all sockets */
	const char **locals;
	struct descriptors descriptors;
	size_t now;
};

static bool is_datagram(int type)
{
	return type == SOCK_DGRAM || type == SOCK_RAW || type == SOCK_RDM;
}

static unsigned highest_socket(const struct trace_event *events, size_t count)
{
	unsigned highest = 0;

	for (size_t i = 0; i < count; i++) {
		const unsigned sockets[] = { events[i].socket, events[i].new_socket,
					     events[i].new_socket2 };
		for (size_t j = 0; j < sizeof sockets / sizeof *sockets; j++)
			highest = sockets[j] > highest ? sockets[j] : highest;
	}
	return highest;
}

/* The last name that is told of each socket; "" when there is none. */
static const char **learn_names(const struct trace_event *events, size_t count, unsigned sockets)
{
	const char **locals = must_alloc(sockets, sizeof *locals);

	for (unsigned i = 0; i < sockets; i++)
		locals[i] = "";
	for (size_t i = 0; i < count; i++) {
		const struct trace_event *event = &events[i];
		unsigned socket = event->new_socket ? event->new_socket : event->socket;
		if (*event->local)
			locals[socket] = event->local;
	}
	return locals;
}

static void deliver(struct following *f, enum arrow_kind kind, size_t from, long long bytes)
{
	flow_add(f->flow, (struct arrow){ kind, ARROW_CAME, from, f->now, bytes });
}

static void send_parcel(struct sent *sent, size_t event, long long left)
{
	if (!(sent->count & (sent->count - 1)))
		sent->parcels = must_grow(sent->parcels, sent->count ? sent->count * 2 : 1,
					  sizeof *sent->parcels);
	sent->parcels[sent->count++] = (struct parcel){ event, left };
}

/* Skips what nothing is left of. */
static void skip_empty(struct sent *sent)
{
	while (sent->taken < sent->count && !sent->parcels[sent->taken].left)
		sent->taken++;
}

/* ---- Streams ---- */

static bool is_urgent(const struct trace_event *event)
{
	return strstr(event->arguments, "MSG_OOB");
}

static void write_stream(struct following *f, const struct trace_event *event)
{
	struct sent *sent = &f->sent[event->socket];
	bool urgent = event->type == SOCK_STREAM && is_urgent(event);

	if (event->type == SOCK_SEQPACKET)
		send_parcel(sent, f->now, 1);
	else if (event->moved > urgent)
		send_parcel(sent, f->now, event->moved - urgent);
	if (urgent)
		sent->urgent = f->now;
}

/* Takes bytes from the front, an arrow for each call that sent some of them. */
static void take_bytes(struct following *f, struct sent *sent, long long wanted)
{
	for (; wanted > 0; skip_empty(sent)) {
		if (sent->taken == sent->count)
			return; /* sent before anybody followed, or by a call that is not told */
		struct parcel *parcel = &sent->parcels[sent->taken];
		long long n = parcel->left < wanted ? parcel->left : wanted;
		parcel->left -= n;
		wanted -= n;
		deliver(f, ARROW_BYTES, parcel->event, n);
	}
}

static void take_record(struct following *f, struct sent *sent)
{
	struct parcel *parcel = &sent->parcels[sent->taken];

	parcel->left = 0;
	deliver(f, ARROW_MESSAGE, parcel->event, f->events[parcel->event].moved);
	skip_empty(sent);
}

/* Nothing more is under way, and the other side has ended: once. */
static void take_end(struct following *f, const struct trace_event *event, struct sent *sent)
{
	struct sent *mine = &f->sent[event->socket];

	if (sent->taken < sent->count || sent->ender == NOTHING || mine->told_end)
		return;
	mine->told_end = true;
	deliver(f, ARROW_END, sent->ender, 0);
}

static void read_stream(struct following *f, const struct trace_event *event)
{
	unsigned mate = f->flow->mates[event->socket];
	struct sent *sent = &f->sent[mate];

	if (!mate)
		return;
	if (event->type == SOCK_SEQPACKET && sent->taken < sent->count) {
		take_record(f, sent);
	} else if (event->moved > 0 && event->type == SOCK_STREAM && is_urgent(event)) {
		if (sent->urgent != NOTHING)
			deliver(f, ARROW_URGENT, sent->urgent, 1);
		sent->urgent = NOTHING;
	} else if (event->moved > 0) {
		take_bytes(f, sent, event->moved);
	} else if (!event->result) {
		take_end(f, event, sent);
	}
}

/* A call that tells of a reset, which the peer's end has caused. */
static void hear_reset(struct following *f, const struct trace_event *event)
{
	unsigned mate = f->flow->mates[event->socket];
	struct sent *mine = &f->sent[event->socket];

	if (!mate || f->sent[mate].closer == NOTHING || mine->told_reset)
		return;
	mine->told_reset = true;
	deliver(f, ARROW_RESET, f->sent[mate].closer, 0);
}

/* ---- Datagrams ---- */

/* How many messages the call moved. */
static long long messages_of(const struct trace_event *event)
{
	bool many = event->call == CALL_sendmmsg || event->call == CALL_recvmmsg;

	return many ? event->result : 1;
}

static bool has_same_bytes(const struct trace_event *a, const struct trace_event *b)
{
	size_t n = a->shown < b->shown ? a->shown : b->shown;

	return messages_of(a) > 1 || messages_of(b) > 1 ||
	       (b->moved <= a->moved && (!n || !memcmp(a->bytes, b->bytes, n)));
}

/* Whether the addresses of what `from` sent allow that `socket` got it. */
static bool leads_to(const struct following *f, const struct trace_event *from, unsigned socket)
{
	const char *local = f->locals[socket], *to = from->peer;

	if (f->flow->mates[from->socket])
		return f->flow->mates[from->socket] == socket;
	return socket != from->socket && flow_same_name(to, local);
}

/* Whether its sender is the one that the reader was told of. */
static bool comes_from(const struct following *f, const struct trace_event *from,
		       const struct trace_event *reader)
{
	const char *name = *from->local ? from->local : f->locals[from->socket];

	return !*name || !*reader->peer || flow_same_name(name, reader->peer);
}

static void read_mail(struct following *f, const struct trace_event *event)
{
	struct sent *mail = &f->mail;
	long long wanted = messages_of(event);

	for (size_t i = mail->taken; i < mail->count && wanted > 0; i++) {
		struct parcel *parcel = &mail->parcels[i];
		const struct trace_event *from = &f->events[parcel->event];
		if (!parcel->left || !leads_to(f, from, event->socket) ||
		    !comes_from(f, from, event) || !has_same_bytes(from, event))
			continue;
		parcel->left--;
		wanted--;
		deliver(f, ARROW_MESSAGE, parcel->event, from->moved);
	}
	skip_empty(mail);
}

/* Whether it is known that nobody got it: its receiver is followed. */
static bool is_known_lost(const struct following *f, const struct trace_event *from)
{
	if (from->side != SIDE_NONE)
		return true;
	for (unsigned socket = 1; socket < f->flow->sockets; socket++)
		if (leads_to(f, from, socket))
			return true;
	return false;
}

static void tell_lost(struct following *f)
{
	for (size_t i = f->mail.taken; i < f->mail.count; i++) {
		const struct parcel *parcel = &f->mail.parcels[i];
		const struct trace_event *from = &f->events[parcel->event];
		if (parcel->left && is_known_lost(f, from))
			flow_add(f->flow, (struct arrow){ ARROW_MESSAGE, ARROW_LOST, parcel->event,
							  0, from->moved });
	}
}

/* What a stream's reader has left unread. */
static void tell_unread(struct following *f)
{
	for (unsigned socket = 1; socket < f->flow->sockets; socket++) {
		const struct sent *sent = &f->sent[socket];
		for (size_t i = sent->taken; f->flow->mates[socket] && i < sent->count; i++) {
			const struct trace_event *from = &f->events[sent->parcels[i].event];
			bool record = from->type == SOCK_SEQPACKET;
			flow_add(f->flow,
				 (struct arrow){ record ? ARROW_MESSAGE : ARROW_BYTES, ARROW_WAITS,
						 sent->parcels[i].event, 0,
						 record ? from->moved : sent->parcels[i].left });
		}
	}
}

/* ---- Events ---- */

static void note_gone(void *context, const struct descriptor *descriptor, enum gone why)
{
	struct following *f = context;
	struct sent *sent = &f->sent[descriptor->socket];

	(void)why;
	if (descriptors_of(&f->descriptors, descriptor->socket))
		return;
	sent->closer = f->now;
	if (sent->ender == NOTHING)
		sent->ender = f->now;
}

static void note_shutdown(struct following *f, const struct trace_event *event)
{
	struct sent *sent = &f->sent[event->socket];

	if (event->call == CALL_shutdown && !event->result && sent->ender == NOTHING &&
	    (strstr(event->arguments, "SHUT_WR") || strstr(event->arguments, "SHUT_RDWR")))
		sent->ender = f->now;
}

static void take_call(struct following *f, const struct trace_event *event)
{
	enum trace_kind kind = trace_call_kind(event->call);

	if (!event->socket || event->unfinished)
		return;
	if (event->result == -ECONNRESET || event->result == -EPIPE)
		hear_reset(f, event);
	note_shutdown(f, event);
	if (event->result < 0 || event->peek)
		return;
	if (kind == WRITES && is_datagram(event->type))
		send_parcel(&f->mail, f->now, messages_of(event));
	else if (kind == WRITES)
		write_stream(f, event);
	else if (kind == READS && is_datagram(event->type))
		read_mail(f, event);
	else if (kind == READS)
		read_stream(f, event);
}

static void follow(struct following *f, const size_t *order, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct trace_event *event = &f->events[order[i]];
		f->now = order[i];
		if (event->what == TRACE_CALL)
			take_call(f, event);
		descriptors_take(&f->descriptors, event, note_gone, f);
	}
	tell_lost(f);
	tell_unread(f);
}

static void following_finish(struct following *f)
{
	for (unsigned i = 0; i < f->flow->sockets; i++)
		free(f->sent[i].parcels);
	free(f->sent);
	free(f->mail.parcels);
	free(f->locals);
	descriptors_finish(&f->descriptors);
}

void flow_make(const struct trace_event *events, size_t count, struct flow *ret_flow)
{
	struct following f = { .events = events, .flow = ret_flow };
	size_t *order = trace_event_order(events, count);

	*ret_flow = (struct flow){ .sockets = highest_socket(events, count) + 1 };
	ret_flow->mates = must_alloc(ret_flow->sockets, sizeof *ret_flow->mates);
	f.sent = must_alloc(ret_flow->sockets, sizeof *f.sent);
	for (unsigned i = 0; i < ret_flow->sockets; i++)
		f.sent[i].ender = f.sent[i].closer = f.sent[i].urgent = NOTHING;
	f.locals = learn_names(events, count, ret_flow->sockets);
	flow_match(events, order, count, f.locals, ret_flow);
	follow(&f, order, count);
	following_finish(&f);
	free(order);
}

void flow_finish(struct flow *flow)
{
	free(flow->mates);
	free(flow->arrows);
	memset(flow, 0, sizeof *flow);
}
