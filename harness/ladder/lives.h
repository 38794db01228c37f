/* lives.h -- what became of each socket of a trace, and what a program did that it should not: told
 * at the end. */
#ifndef SOCKDRILL_TRACE_LIVES_H
#define SOCKDRILL_TRACE_LIVES_H

#include <stdio.h>

#include "ladder/names.h"

/* One socket over all of its descriptors in all processes. */
struct life {
	unsigned socket;
	unsigned process; /* that had it first, */
	int fd;           /* as this */
	char *line;       /* "socket bind listen accept4 x3 close" */
	bool is_open;     /* some process had it still when it ended, or when tracing did */
};

enum finding_kind {
	FINDING_LEAK,     /* never closed, though there was nothing left to do with it */
	FINDING_IGNORED,  /* a call that failed, and the program went on as if it had not */
	FINDING_READ_ON,  /* reading after the end of file */
	FINDING_BAD_CLOSE /* close() of what is not open */
};

struct finding {
	enum finding_kind kind;
	unsigned process;
	int fd;          /* of the first, when there are several */
	unsigned socket; /* likewise; 0: it is none */
	size_t event;  /* that shows it, by index: the next call, the last read, the close, the end
			*/
	size_t before; /* the call that failed, the end of file, the close before; SIZE_MAX: none */
	unsigned count; /* sockets that leaked; reads too many; else 1 */
	char *text;     /* one line */
};

struct lives {
	struct process_names names;
	struct life *lives; /* by the order of their sockets */
	size_t count;
	struct finding *findings; /* in the order of their events */
	size_t finding_count;
};

/* Looks at events[0..count). */
void lives_make(const struct trace_event *events, size_t count, struct lives *ret_lives);
/* A line for each socket, then one for each finding; nothing for none. */
void lives_put(FILE *out, const struct lives *lives);
void lives_put_findings(FILE *out, const struct lives *lives);
/* Frees what it owns; takes a zeroed one. */
void lives_finish(struct lives *lives);

/* ---- For lives.c ---- */

/* Whether the error says that a call on a socket of that type did not do what it was for, so that
 * the next call must respect it. */
bool failure_counts(const struct trace_event *event);
/* What the next call on the descriptor makes of a failure. */
enum answer {
	ANSWER_NONE,   /* asks, sets or waits: what comes next tells */
	ANSWER_MINDED, /* closes, asks for the error, tries again, or reads what was left */
	ANSWER_IGNORED
};
enum answer failure_answer(const struct trace_event *failed, const struct trace_event *next);

#endif
