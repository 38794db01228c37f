/* flip.h -- wrong data: one bit of what a call has given the program through pointers. */
#ifndef SOCKDRILL_TRACE_FLIP_H
#define SOCKDRILL_TRACE_FLIP_H

#include "trace/decode.h"

/* A call that has returned, in a stopped thread. */
struct given {
	pid_t tid;
	enum trace_call call;
	const uint64_t *args; /* as the call was made */
	int64_t result;       /* no failure */
	uint32_t room;        /* for a name or value, as it was at entry */
};

/* Flips the `which`th of the bits that are tried: data, names, values, lengths, flags and answers
 * take turns. False: the call gave nothing, or its memory cannot be reached. */
bool flip(const struct given *given, uint64_t which);

#endif
