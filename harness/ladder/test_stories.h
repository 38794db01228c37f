/* test_stories.h -- for unit tests: whole traces, one for each kind of ladder. */
#ifndef SOCKDRILL_TEST_STORIES_H
#define SOCKDRILL_TEST_STORIES_H

#include "ladder/test_story.h"

/* A server that forks for its caller, ends without closing, and is written to after that. */
static inline void add_forked(struct story *s)
{
	add_meeting(s);
	act(s, SERVER, 3);
	add_event(s, TRACE_BEGIN)->parent = 1;
	s->now += 50;
	act(s, SERVER, 1);
	add_call(s, CALL_close, 4, 3, "4", "0");
	act(s, CLIENT, 2);
	add_data(s, CALL_sendto, 3, 2, "3, \"<a href=\\\"x\\\"> & more\", 22, 0, NULL, 0", "22",
		 "<a href=\"x\"> & more");
	act(s, SERVER, 3);
	add_data(s, CALL_recvfrom, 4, 3, "4, \"<a href=\\\"\", 9, 0, NULL, NULL", "9",
		 "<a href=\"");
	waited(s, 100);
	ends(s, 0);
	act(s, CLIENT, 2);
	fails(add_data(s, CALL_recvfrom, 3, 2, "3, 0x7ffe, 64, 0, NULL, NULL", "-1 ECONNRESET", ""),
	      ECONNRESET);
	waited(s, 200);
	add_call(s, CALL_close, 3, 2, "3", "0");
}

/* Many rounds of which some wait and some do not, then a peer that is killed with unread data. */
static inline void add_rounds(struct story *s, int rounds)
{
	add_meeting(s);
	for (int i = 0; i < rounds; i++) {
		act(s, CLIENT, 2);
		add_data(s, CALL_sendto, 3, 2, "3, \"ping\", 4, 0, NULL, 0", "4", "ping");
		act(s, SERVER, 1);
		add_data(s, CALL_recvfrom, 4, 3, "4, \"ping\", 64, 0, NULL, NULL", "4", "ping");
		waited(s, i % 3 ? 60 : 0);
		add_data(s, CALL_sendto, 4, 3, "4, \"pong\", 4, 0, NULL, 0", "4", "pong");
		act(s, CLIENT, 2);
		add_data(s, CALL_recvfrom, 3, 2, "3, \"pong\", 64, 0, NULL, NULL", "4", "pong");
		waited(s, i % 2 ? 60 : 0);
	}
	add_data(s, CALL_sendto, 3, 2, "3, \"last\", 4, 0, NULL, 0", "4", "last");
	ends(s, 9);
	act(s, SERVER, 1);
	fails(add_data(s, CALL_recvfrom, 4, 3, "4, 0x7ffe, 64, 0, NULL, NULL", "-1 ECONNRESET", ""),
	      ECONNRESET);
	ends(s, 1 << 8);
}

/* One process that talks to itself through a pair. */
static inline void add_alone(struct story *s)
{
	act(s, SIDE_NONE, 1);
	add_event(s, TRACE_PROGRAM)->arguments = "./bin/pair -v";
	s->now += 50;
	add_pair(s, 1, "AF_UNIX, SOCK_STREAM, 0, [3, 4]");
	add_data(s, CALL_write, 3, 1, "3, \"abc\", 3", "3", "abc");
	add_data(s, CALL_write, 3, 1, "3, \"def\", 3", "3", "def");
	add_data(s, CALL_read, 4, 2, "4, \"abcd\", 4", "4", "abcd");
	add_call(s, CALL_close, 3, 1, "3", "0");
	fails(add_call(s, CALL_close, 3, 0, "3", "-1 EBADF"), EBADF);
	ends(s, 0);
}

static inline struct trace_event *datagram(struct trace_event *event, const char *local,
					   const char *peer)
{
	event->type = SOCK_DGRAM;
	names(event, local, peer);
	return event;
}

/* Three datagrams of which the second is lost; then the reader waits until it is killed. */
static inline void add_lossy(struct story *s)
{
	static const char here[] = "127.0.0.1:4000", there[] = "127.0.0.1:53", any[] = "0.0.0.0:53";

	act(s, SERVER, 1);
	datagram(add_socket(s, CALL_socket, -1, 0, "AF_INET, SOCK_DGRAM, 0", 3, 1), "", "");
	datagram(add_call(s, CALL_bind, 3, 1, "3, 0.0.0.0:53, 16", "0"), any, "");
	act(s, CLIENT, 2);
	datagram(add_socket(s, CALL_socket, -1, 0, "AF_INET, SOCK_DGRAM, 0", 3, 2), "", "");
	datagram(add_data(s, CALL_sendto, 3, 2, "3, \"one\", 3, 0, 127.0.0.1:53, 16", "3", "one"),
		 here, there);
	datagram(add_data(s, CALL_sendto, 3, 2, "3, \"two\", 3, 0, 127.0.0.1:53, 16", "3", "two"),
		 here, there);
	datagram(add_data(s, CALL_sendto, 3, 2, "3, \"three\", 5, 0, 127.0.0.1:53, 16", "5",
			  "three"),
		 here, there);
	act(s, SERVER, 1);
	datagram(add_data(s, CALL_recvfrom, 3, 1, "3, \"one\", 64, 0, 127.0.0.1:4000, 16", "3",
			  "one"),
		 any, here);
	waited(s, 100);
	datagram(add_data(s, CALL_recvfrom, 3, 1, "3, \"three\", 64, 0, 127.0.0.1:4000, 16", "5",
			  "three"),
		 any, here);
	datagram(add_call(s, CALL_recvfrom, 3, 1, "3, 0x7ffe, 64, 0, NULL, NULL", ""), any, "")
		->unfinished = true;
	act(s, CLIENT, 2);
	ends(s, 0);
	act(s, SERVER, 1);
	ends(s, 9);
}

#endif
