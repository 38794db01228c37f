/* log.h -- events kept: a region of memory of fixed size. When it is shared, one process fills it
 * and others, forked after it was made, read. */
#ifndef SOCKDRILL_TRACE_LOG_H
#define SOCKDRILL_TRACE_LOG_H

#include "trace/event.h"

struct trace_log;

/* A log of `size` bytes of address space, of which only what is used takes memory; NULL with errno.
 * trace_log_destroy takes NULL. */
struct trace_log *trace_log_create(size_t size);
/* One that is shared, which costs a little more. */
struct trace_log *trace_log_create_shared(size_t size);
void trace_log_destroy(struct trace_log *log);

/* Empties it. Only while nobody reads. */
void trace_log_clear(struct trace_log *log);

/* A log of its own, no larger than it must be, with the same events; NULL with errno. */
struct trace_log *trace_log_copy(const struct trace_log *log);

/* Copies an event with its texts. What no longer fits is counted only. The signature is that of a
 * tracer's sink: `log` is a struct trace_log. */
void trace_log_event(void *log, const struct trace_event *event);

/* The events in the order of their end; they belong to the log. */
const struct trace_event *trace_log_events(const struct trace_log *log, size_t *ret_count);
/* How many did not fit. */
size_t trace_log_lost(const struct trace_log *log);
/* Counts as many more that are not there: what was read from a file may not be all. */
void trace_log_lose(struct trace_log *log, size_t count);

#endif
