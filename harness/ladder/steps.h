/* steps.h -- the calls on one socket as a line, with what repeats told once. */
#ifndef SOCKDRILL_TRACE_STEPS_H
#define SOCKDRILL_TRACE_STEPS_H

#include "ladder/names.h"

struct step {
	enum trace_call call;
	long long err; /* 0: it did not fail, or only for now */
	unsigned process;
};

struct steps {
	struct step *list;
	size_t count;
};

void steps_add(struct steps *steps, const struct trace_event *event);
/* "accept4 (recvfrom sendto) x3 close", with a process's name in front of what it did when it is
 * another than `process`, who began. New memory. */
char *steps_line(const struct steps *steps, const struct process_names *names, unsigned process);
/* Frees what it owns; takes a zeroed one. */
void steps_finish(struct steps *steps);

#endif
