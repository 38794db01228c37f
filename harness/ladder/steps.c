/* steps.c -- life lines of sockets. */
#include "ladder/steps.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "os/os.h"

enum {
	GROUP_MAX = 6, /* calls of what repeats */
	SHOWN_MAX = 40 /* groups of a line; those in its middle are left out */
};

void steps_add(struct steps *steps, const struct trace_event *event)
{
	bool later = event->result == -EAGAIN || event->result == -EINTR ||
		     event->result == -EINPROGRESS;

	/* Grows by doubling: some sockets see a million calls. */
	if (!(steps->count & (steps->count - 1)))
		steps->list = must_grow(steps->list, steps->count ? steps->count * 2 : 1,
					sizeof *steps->list);
	steps->list[steps->count++] = (struct step){
		.call = event->call,
		.err = event->result < 0 && !later ? -event->result : 0,
		.process = event->process,
	};
}

static bool is_same(const struct step *a, const struct step *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i].call != b[i].call || a[i].err != b[i].err || a[i].process != b[i].process)
			return false;
	return true;
}

/* How often the n steps come one behind the other. */
static size_t count_times(const struct step *step, size_t left, size_t n)
{
	size_t times = 1;

	while ((times + 1) * n <= left && is_same(step, step + times * n, n))
		times++;
	return times;
}

/* The group of steps that covers most when told once; 1 when nothing repeats. */
static size_t find_group(const struct step *step, size_t left, size_t *ret_times)
{
	size_t best = 1;

	*ret_times = count_times(step, left, 1);
	for (size_t n = 2; n <= GROUP_MAX && n * 2 <= left; n++) {
		size_t times = count_times(step, left, n);
		if (times < 2 || times * n <= best * *ret_times)
			continue;
		best = n;
		*ret_times = times;
	}
	return best;
}

static void put_step(FILE *out, const struct step *step)
{
	const char *name = step->err ? os_errno_name((int)step->err) : NULL;

	fputs(trace_call_name(step->call), out);
	if (name)
		fprintf(out, "=%s", name);
	else if (step->err)
		fprintf(out, "=error %lld", step->err);
}

static void put_group(FILE *out, const struct step *step, size_t n, size_t times)
{
	fputs(n > 1 ? "(" : "", out);
	for (size_t i = 0; i < n; i++) {
		fputs(i ? " " : "", out);
		put_step(out, &step[i]);
	}
	fputs(n > 1 ? ")" : "", out);
	if (times > 1)
		fprintf(out, " x%zu", times);
}

/* A line while it is written. */
struct line {
	FILE *out; /* NULL: only counted */
	const struct process_names *names;
	unsigned process;
	size_t groups, from, to; /* groups from..to are left out */
};

static void take_group(struct line *line, const struct step *step, size_t n, size_t times)
{
	size_t number = line->groups++;

	if (!line->out || (number > line->from && number < line->to))
		return;
	fputs(number ? " " : "", line->out);
	if (number == line->from && number < line->to) {
		fputs("...", line->out);
		return;
	}
	if (step->process != line->process)
		fprintf(line->out, "[%s] ", line->names->of[step->process]);
	line->process = step->process;
	put_group(line->out, step, n, times);
}

static void take_groups(struct line *line, const struct steps *steps)
{
	for (size_t i = 0, times; i < steps->count;) {
		size_t n = find_group(&steps->list[i], steps->count - i, &times);
		take_group(line, &steps->list[i], n, times);
		i += n * times;
	}
}

char *steps_line(const struct steps *steps, const struct process_names *names, unsigned process)
{
	struct line line = { .names = names, .process = process };
	char *text = NULL;
	size_t size = 0;

	take_groups(&line, steps);
	if (line.groups > SHOWN_MAX) {
		line.from = SHOWN_MAX / 2;
		line.to = line.groups - SHOWN_MAX / 2;
	}
	line.groups = 0;
	line.out = open_memstream(&text, &size);
	if (!line.out)
		return must_copy("");
	take_groups(&line, steps);
	if (fclose(line.out)) {
		free(text);
		return must_copy("");
	}
	return text;
}

void steps_finish(struct steps *steps)
{
	free(steps->list);
	memset(steps, 0, sizeof *steps);
}
