/* print.h -- events as text, a line each, and as JSON Lines.
 *
 * The keys of a JSON line; what is empty, 0, false or -1 in the event is left out, unless told
 * otherwise here:
 *	"what"     "call", "begin", "program", "signal", "end"; always
 *	"us"       start_us; always
 *	"took"     took_us; always with "call"
 *	"unfinished"  true
 *	"side"     0 or 1
 *	"process", "parent", "pid", "tid"
 *	"call"     "recvfrom"
 *	"args"     arguments; of a program, and of a process that ran before, its command line
 *	"result"   always with "call", "signal" and "end"; not of an unfinished call
 *	"text"     result_text
 *	"fd", "socket", "new_fd", "new_socket", "new_fd2", "new_socket2"
 *	"type", "family"  numbers, as this system has them
 *	"connection", "local", "peer"
 *	"moved"    always with calls that read or write
 *	"bytes"    the first bytes of these: one character each, U+0000 to U+00FF (latin-1)
 *	"peek"     true
 *	"fault"
 */
#ifndef SOCKDRILL_TRACE_PRINT_H
#define SOCKDRILL_TRACE_PRINT_H

#include "trace/event.h"
#include "trace/text.h"

/* Each appends. */

/* A line `0.012345 1 recvfrom(4, "hello", 5, 0) = 5 <0.000021>`: seconds since tracing began, the
 * process, and as far as there are any, the fault, the thread when it is not the first. */
void trace_put_text(struct text *to, const struct trace_event *event);
/* One object and a newline. */
void trace_put_json(struct text *to, const struct trace_event *event);
/* The object alone; for "bytes" it has "hex", two digits each: a JSON reader may refuse U+0000, but
 * not digits. */
void trace_put_object(struct text *to, const struct trace_event *event);

#endif
