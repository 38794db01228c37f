/* log.c -- events kept: they grow from the front, their texts from the back. */
#include "trace/log.h"

#include <stdalign.h>
#include <string.h>
#include <sys/mman.h>

struct trace_log {
	size_t size;  /* of the whole region */
	size_t count; /* of events */
	size_t lost;
	size_t texts; /* offset of the lowest text */
	alignas(struct trace_event) struct trace_event events[];
};

static struct trace_log *create(size_t size, int sharing)
{
	struct trace_log *log = mmap(NULL, size, PROT_READ | PROT_WRITE,
				     sharing | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (log == MAP_FAILED)
		return NULL;
	log->size = size;
	trace_log_clear(log);
	return log;
}

struct trace_log *trace_log_create(size_t size)
{
	return create(size, MAP_PRIVATE);
}

struct trace_log *trace_log_create_shared(size_t size)
{
	return create(size, MAP_SHARED);
}

void trace_log_destroy(struct trace_log *log)
{
	if (log)
		munmap(log, log->size);
}

void trace_log_clear(struct trace_log *log)
{
	log->count = 0;
	log->lost = 0;
	log->texts = log->size;
}

struct trace_log *trace_log_copy(const struct trace_log *log)
{
	size_t texts = log->size - log->texts;
	size_t events = offsetof(struct trace_log, events) + log->count * sizeof *log->events;
	struct trace_log *copy = trace_log_create(events + texts);

	if (!copy)
		return NULL;
	for (size_t i = 0; i < log->count; i++)
		trace_log_event(copy, &log->events[i]);
	copy->lost = log->lost;
	return copy;
}

static const void *keep(struct trace_log *log, const void *bytes, size_t n)
{
	log->texts -= n;
	return memcpy((char *)log + log->texts, bytes, n);
}

void trace_log_event(void *context, const struct trace_event *event)
{
	struct trace_log *log = context;
	const char *const texts[] = { event->arguments, event->result_text, event->local,
				      event->peer, event->fault };
	struct trace_event *kept = &log->events[log->count];
	const char **const places[] = { &kept->arguments, &kept->result_text, &kept->local,
					&kept->peer, &kept->fault };
	enum { TEXTS = sizeof texts / sizeof *texts };
	size_t need = sizeof *kept + event->shown;

	for (int i = 0; i < TEXTS; i++)
		need += strlen(texts[i]) + 1;
	if (need > log->texts - ((size_t)((char *)kept - (char *)log))) {
		log->lost++;
		return;
	}
	*kept = *event;
	for (int i = 0; i < TEXTS; i++)
		*places[i] = keep(log, texts[i], strlen(texts[i]) + 1);
	kept->bytes = event->shown ? keep(log, event->bytes, event->shown) : NULL;
	log->count++;
}

const struct trace_event *trace_log_events(const struct trace_log *log, size_t *ret_count)
{
	*ret_count = log->count;
	return log->events;
}

void trace_log_lose(struct trace_log *log, size_t count)
{
	log->lost += count;
}

size_t trace_log_lost(const struct trace_log *log)
{
	return log->lost;
}
