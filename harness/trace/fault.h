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
#define FAULT_HELP                                                                                 \
	"A fault is WHAT=ACTION[@WHEN][#N]; --fault may be given more than once.\n"                \
	"  WHAT    read, write, wait: all calls that receive, send, wait for readiness;\n"         \
	"          any: all these, accept and connect; or one call by its name in C.\n"            \
	"          Only calls on sockets are disturbed.\n"                                         \
	"  ACTION  short[:BYTES]  at most BYTES (1) are moved; datagrams, MSG_PEEK and\n"          \
	"                         MSG_WAITALL are never cut\n"                                     \
	"          ERRNO          it fails: EINTR, ECONNABORTED, EMFILE, EADDRINUSE ...\n"         \
	"          retry:ERRNO    it fails, and the next try is spared\n"                          \
	"          delay:MS       it is made MS milliseconds later\n"                              \
	"  WHEN    N  the Nth     N..  from the Nth on     N..M  these\n"                          \
	"          everyN  each Nth     P%  by chance, the same for the same --seed\n"             \
	"          Without it: ERRNO the first time, everything else every time.\n"                \
	"          What a fault fits is counted by connection and direction; where\n"              \
	"          there is no connection, by process and call.\n"                                 \
	"  #N      only on the Nth connection that its process accepted or made\n"                 \
	"  recv=short@every3  write=short:7#2  any=EINTR@every5  accept=EMFILE@2\n"

/* Makes the plan of specs[0..count), each as FAULT_HELP tells. NULL: *ret_error (one line,
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
