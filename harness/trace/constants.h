/* constants.h -- names of the numbers that calls take: domains, options, flags. */
#ifndef SOCKDRILL_TRACE_CONSTANTS_H
#define SOCKDRILL_TRACE_CONSTANTS_H

#include "trace/text.h"

/* Tables of constants.def. */
enum constants {
	DOMAINS,
	TYPES,
	TYPE_FLAGS,
	INET_PROTOCOLS,
	LEVELS,
	SOCKET_OPTIONS,
	TCP_OPTIONS,
	UDP_OPTIONS,
	INET_OPTIONS,
	INET6_OPTIONS,
	MSG_FLAGS,
	HOWS,
	POLL_EVENTS,
	EPOLL_EVENTS,
	EPOLL_OPS,
	FCNTLS,
	FD_FLAGS,
	FILE_FLAGS,
	IOCTLS,
	CONTROL_MESSAGES,
	CLOSE_RANGE_FLAGS,
	SPLICE_FLAGS
};

/* "SO_REUSEADDR"; NULL: has no name. */
const char *constant_name(enum constants table, unsigned long long value);
/* The name, or the number. */
void constant_put(struct text *text, enum constants table, long long value);
/* "MSG_PEEK|MSG_DONTWAIT|0x40"; "0" when no bit is set. */
void constant_put_flags(struct text *text, enum constants table, unsigned long long value);

#endif
