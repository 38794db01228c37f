/* numbers.h -- the kernel's numbers of the calls that are told, and of the few more that the tracer
 * must see. */
#ifndef SOCKDRILL_TRACE_NUMBERS_H
#define SOCKDRILL_TRACE_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

#include "trace/event.h"

/* Beyond CALL_COUNT: calls that end or resume an interrupted one, or give a thread descriptors of
 * its own. */
enum { CALL_RESTART = CALL_COUNT, CALL_SIGRETURN, CALL_UNSHARE, CALL_ALL };

enum { NO_NUMBER = -1 };

/* The number of an enum trace_call or of those above; NO_NUMBER: this machine has none. */
int call_number(unsigned call);
/* And back; CALL_ALL when it is none of these. */
unsigned call_of_number(uint64_t number);

#endif
