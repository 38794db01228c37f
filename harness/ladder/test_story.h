/* test_story.h -- for unit tests: traces made by hand, call by call. */
#ifndef SOCKDRILL_TEST_STORY_H
#define SOCKDRILL_TEST_STORY_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "engine/result.h"

/* Events as they are told; `side` and `process` are those of whoever acts next. */
struct story {
	struct trace_event *events;
	size_t count;
	int64_t now;
	int side;
	unsigned process;
};

/* The story as a log. */
static inline struct trace_log *keep_story(const struct story *story)
{
	struct trace_log *log = trace_log_create(1 << 20);

	for (size_t i = 0; log && i < story->count; i++)
		trace_log_event(log, &story->events[i]);
	return log;
}

static inline bool is_same_event(const struct trace_event *a, const struct trace_event *b)
{
	return a->what == b->what && a->start_us == b->start_us && a->took_us == b->took_us &&
	       a->unfinished == b->unfinished && a->side == b->side && a->process == b->process &&
	       a->parent == b->parent && a->pid == b->pid && a->tid == b->tid &&
	       a->call == b->call && !strcmp(a->arguments, b->arguments) &&
	       a->result == b->result && !strcmp(a->result_text, b->result_text) &&
	       a->fd == b->fd && a->socket == b->socket && a->new_fd == b->new_fd &&
	       a->new_socket == b->new_socket && a->new_fd2 == b->new_fd2 &&
	       a->new_socket2 == b->new_socket2 && a->type == b->type && a->family == b->family &&
	       a->connection == b->connection && !strcmp(a->local, b->local) &&
	       !strcmp(a->peer, b->peer) && a->shown == b->shown &&
	       (!a->shown || !memcmp(a->bytes, b->bytes, a->shown)) && a->moved == b->moved &&
	       a->peek == b->peek && !strcmp(a->fault, b->fault);
}

/* Whether two logs, which may be NULL, have the same events and miss as many. */
static inline bool is_same_log(const struct trace_log *a, const struct trace_log *b)
{
	size_t n = 0, m = 0;
	const struct trace_event *x = a ? trace_log_events(a, &n) : NULL;
	const struct trace_event *y = b ? trace_log_events(b, &m) : NULL;

	if (!a != !b || n != m || (a && trace_log_lost(a) != trace_log_lost(b)))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!is_same_event(&x[i], &y[i]))
			return false;
	return true;
}

static inline void story_finish(struct story *story)
{
	free(story->events);
}

/* Whoever acts from now on. */
static inline void act(struct story *story, int side, unsigned process)
{
	story->side = side;
	story->process = process;
}

static inline struct trace_event *add_event(struct story *story, enum trace_what what)
{
	story->events = must_grow(story->events, story->count + 1, sizeof *story->events);
	struct trace_event *event = &story->events[story->count++];
	*event = (struct trace_event){
		.what = what,
		.start_us = story->now,
		.side = story->side,
		.process = story->process,
		.pid = 1000 + (pid_t)story->process,
		.tid = 1000 + (pid_t)story->process,
		.arguments = "",
		.result_text = "",
		.fd = -1,
		.new_fd = -1,
		.new_fd2 = -1,
		.local = "",
		.peer = "",
		.fault = "",
	};
	return event;
}

/* A call about a socket that returned after 20 us, behind all that was told before. */
static inline struct trace_event *add_call(struct story *story, enum trace_call call, int fd,
					   unsigned socket, const char *arguments,
					   const char *result_text)
{
	struct trace_event *event = add_event(story, TRACE_CALL);

	event->call = call;
	event->took_us = 20;
	event->fd = fd;
	event->socket = socket;
	event->type = SOCK_STREAM;
	event->family = AF_INET;
	event->arguments = arguments;
	event->result_text = result_text;
	event->result = strtoll(result_text, NULL, 10);
	story->now += 50;
	return event;
}

/* The same for one that moves data: as much as it returns. */
static inline struct trace_event *add_data(struct story *story, enum trace_call call, int fd,
					   unsigned socket, const char *arguments,
					   const char *result_text, const char *bytes)
{
	struct trace_event *event = add_call(story, call, fd, socket, arguments, result_text);

	event->moved = event->result > 0 ? event->result : 0;
	event->bytes = (const unsigned char *)bytes;
	event->shown = strlen(bytes);
	return event;
}

/* The call that returned last began when its side had done `us` less: it waited. */
static inline void waited(struct story *story, int64_t us)
{
	struct trace_event *event = &story->events[story->count - 1];

	event->start_us -= us;
	event->took_us += us;
}

static inline void fails(struct trace_event *event, int err)
{
	event->result = -err;
	event->moved = 0;
}

/* A call that makes a socket. */
static inline struct trace_event *add_socket(struct story *story, enum trace_call call, int fd,
					     unsigned socket, const char *arguments, int new_fd,
					     unsigned new_socket)
{
	struct trace_event *event = add_call(story, call, fd, socket, arguments, "");
	static const char *const numbers[] = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" };

	event->new_fd = new_fd;
	event->new_socket = new_socket;
	event->result = new_fd;
	event->result_text = numbers[new_fd % 10];
	return event;
}

static inline void names(struct trace_event *event, const char *local, const char *peer)
{
	event->local = local;
	event->peer = peer;
}

static inline void ends(struct story *story, int status)
{
	add_event(story, TRACE_END)->result = status;
	story->now += 50;
}

#define SERVED "127.0.0.1:5000"
#define CALLED "127.0.0.1:40000"

/* A server that listens as socket 1 on fd 3, and a client that has connected its socket 2 on fd 3;
 * the accepted one is socket 3 on fd 4. */
static inline void add_meeting(struct story *story)
{
	act(story, SERVER, 1);
	add_socket(story, CALL_socket, -1, 0, "AF_INET, SOCK_STREAM, 0", 3, 1);
	names(add_call(story, CALL_bind, 3, 1, "3, " SERVED ", 16", "0"), SERVED, "");
	names(add_call(story, CALL_listen, 3, 1, "3, 1", "0"), SERVED, "");
	act(story, CLIENT, 2);
	add_socket(story, CALL_socket, -1, 0, "AF_INET, SOCK_STREAM, 0", 3, 2);
	names(add_call(story, CALL_connect, 3, 2, "3, " SERVED ", 16", "0"), CALLED, SERVED);
	act(story, SERVER, 1);
	names(add_socket(story, CALL_accept4, 3, 1, "3, NULL, NULL, 0", 4, 3), SERVED, CALLED);
	waited(story, 80);
}

/* Its accepted socket is read once and has come to its end. */
static inline void add_end_of_file(struct story *story)
{
	add_data(story, CALL_read, 4, 3, "4, \"\", 9", "0", "");
}

/* A pair: socket `first` on fd 3, the one behind it on fd 4. */
static inline void add_pair(struct story *story, unsigned first, const char *arguments)
{
	struct trace_event *pair = add_call(story, CALL_socketpair, -1, 0, arguments, "0");

	pair->new_fd = 3;
	pair->new_socket = first;
	pair->new_fd2 = 4;
	pair->new_socket2 = first + 1;
}

/* A greeting, an echo of it in two parts, and an orderly end. */
static inline void add_echo(struct story *story)
{
	add_meeting(story);
	act(story, CLIENT, 2);
	add_data(story, CALL_sendto, 3, 2, "3, \"hello\\n\", 6, MSG_NOSIGNAL, NULL, 0", "6",
		 "hello\n");
	act(story, SERVER, 1);
	add_data(story, CALL_recvfrom, 4, 3, "4, \"hel\", 3, 0, NULL, NULL", "3", "hel")->fault =
		"cut to 3 bytes";
	add_data(story, CALL_recvfrom, 4, 3, "4, \"lo\\n\", 64, 0, NULL, NULL", "3", "lo\n");
	add_data(story, CALL_sendto, 4, 3, "4, \"hello\\n\", 6, 0, NULL, 0", "6", "hello\n");
	act(story, CLIENT, 2);
	add_data(story, CALL_recvfrom, 3, 2, "3, \"hello\\n\", 64, 0, NULL, NULL", "6", "hello\n");
	waited(story, 200);
	add_call(story, CALL_close, 3, 2, "3", "0");
	act(story, SERVER, 1);
	add_data(story, CALL_recvfrom, 4, 3, "4, \"\", 64, 0, NULL, NULL", "0", "");
	waited(story, 120);
	add_call(story, CALL_close, 4, 3, "4", "0");
	add_call(story, CALL_close, 3, 1, "3", "0");
	ends(story, 0);
	act(story, CLIENT, 2);
	ends(story, 0);
}

#endif
