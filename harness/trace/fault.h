/* fault.h -- deliberate disturbances of a program's calls: written as text, decided call by call,
 * seeded and counted, so that the same faults hit the same calls again. Pure: the tracer carries
 * them out. */
#ifndef SOCKDRILL_TRACE_FAULT_H
#define SOCKDRILL_TRACE_FAULT_H

#include "trace/event.h"

enum fault_kind {
	FAULT_NONE,
	FAULT_CUT,   /* at entry: at most `amount` bytes are asked for */
	FAULT_FAIL,  /* at entry: the call is not made and fails with `err` */
	FAULT_DELAY, /* at entry: the call is made `amount` us later */
	FAULT_LIE,   /* at exit: the call was made, but is said to have returned `value` */
	FAULT_FLIP   /* at exit: one bit of the data it gave is flipped */
};

struct fault_action {
	enum fault_kind kind;
	int err;
	long long amount;
	long long value; /* FAULT_LIE: the result, -errno for a failure */
};

/* The call that is about to be made. */
struct fault_point {
	enum trace_call call;
	int side;
	unsigned process;
	unsigned connection; /* as in struct trace_event */
	unsigned number;     /* of the call on this side, over all its processes: 1, 2 ... */
	bool is_socket;      /* its descriptor is one; a WAITS call counts as one */
	bool may_be_cut;  /* it moves data of a byte stream, and neither peeks nor waits for all */
	long long length; /* bytes asked for; 0 when it moves none */
};

struct fault_plan;

/* How faults are written, for people: lines for the help of `trace`. */
extern const char fault_help[];

/* Makes the plan of specs[0..count), each as fault_help tells. NULL: *ret_error (one line,
 * new memory) names the part that is wrong. fault_plan_destroy takes NULL. */
struct fault_plan *fault_plan_create(const char *const *specs, size_t count, uint64_t seed,
				     char **ret_error);
/* A plan that disturbs one call alone: the `number`th of `side`. NULL without memory. */
struct fault_plan *fault_plan_single(int side, unsigned number, struct fault_action action);
void fault_plan_destroy(struct fault_plan *plan);

/* What to do with that call; counts it. At most one fault a call: of several, the one that was
 * given first. */
struct fault_action fault_plan_decide(struct fault_plan *plan, const struct fault_point *point);

/* How often the fault `spec` (0, 1 ... as given) has been decided for; 0: it never fitted. */
unsigned long fault_plan_hits(const struct fault_plan *plan, size_t spec);

#endif
