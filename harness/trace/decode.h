/* decode.h -- arguments, data and results of calls as text, read from the memory of the program. */
#ifndef SOCKDRILL_TRACE_DECODE_H
#define SOCKDRILL_TRACE_DECODE_H

#include "trace/event.h"
#include "trace/registers.h"
#include "trace/table.h"
#include "trace/text.h"

/* A call to be told. The caller fills the first part. */
struct decode {
	pid_t tid;
	enum trace_call call;
	const uint64_t *args;
	bool returned;           /* else it is at its entry, or was never finished */
	long long result;        /* what the kernel returned; -errno */
	struct table *table;     /* descriptors, for what epoll tells */
	const struct file *file; /* of the descriptor that the call is about; NULL: none */
	uint32_t room;           /* for a name or value that the call gives, as it was at entry */
	size_t show_bytes;

	/* decode_data() fills this; `bytes` has room for show_bytes and is the caller's. */
	unsigned char *bytes;
	size_t shown;    /* of those that it asked to move, or that it got */
	long long asked; /* bytes asked for */
	long long moved; /* bytes that did move */
};

/* How far calls are decoded that name many things: descriptors, events, parts of a message. */
enum { SHOWN_ENTRIES = 64 };

/* The data of a call that reads or writes: before a write, what is to be written. */
void decode_data(struct decode *d);
/* Behind decode_data(): `4, "hello", 5, MSG_NOSIGNAL`. */
void decode_arguments(struct decode *d, struct text *to);
/* "3", "-1 EAGAIN", "1 (fd 4 IN|HUP)", "?" when it has not returned. */
void decode_result(struct decode *d, struct text *to);
/* The name of the one that a message came from or goes to, when the call tells; else nothing. */
void decode_peer(struct decode *d, struct text *to);
/* "-1 EAGAIN", and what is no error as a number. */
void decode_number(struct text *to, long long result);

/* Whether the arguments must be decoded at entry, because the call overwrites them. */
bool decode_is_early(enum trace_call call);
/* The index of the argument that points to the room for a name or value; -1: the call gives none.
 */
int decode_room_argument(enum trace_call call);

/* ---- Parts of memory that are parts of calls ---- */

/* One part of a vector, and a message, as 64-bit kernels have them. */
struct part {
	uint64_t base, length;
};
struct message {
	uint64_t name;
	uint32_t name_length, padding;
	uint64_t parts, part_count;
	uint64_t control, control_length;
	int32_t flags, padding2;
};

/* One of those that sendmmsg() and recvmmsg() move. */
struct message_of_many {
	struct message message;
	uint32_t length, padding;
};

/* One control message of a message. */
struct control {
	int level, type;
	const unsigned char *bytes;
	size_t length;
};
/* The control message at *at of `bytes`, of which there are n; moves *at behind it. False: no more.
 */
bool decode_control(const unsigned char *bytes, size_t n, size_t *at, struct control *ret_control);

/* The vector of a call that has one: where it is and how many parts; false: has none. */
bool decode_vector(const struct decode *d, uint64_t *ret_address, uint64_t *ret_count);
/* What a program wants epoll to give back, from the event that it hands over. */
bool decode_epoll_tag(pid_t tid, uint64_t at, uint64_t *ret_tag);

#endif
