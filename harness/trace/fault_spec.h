/* fault_spec.h -- one fault as text: WHAT=ACTION[:AMOUNT][@WHEN][#CONNECTION], as FAULT_HELP tells.
 */
#ifndef SOCKDRILL_TRACE_FAULT_SPEC_H
#define SOCKDRILL_TRACE_FAULT_SPEC_H

#include "trace/fault.h"

/* 100 %, in the unit of fault_rule.chance. */
enum { FAULT_CERTAIN = 100000 };

/* What it says: which calls, which of them in the order of their counter, and what they suffer. */
struct fault_rule {
	uint64_t calls;             /* bit per enum trace_call */
	struct fault_action action; /* FAULT_CUT, FAULT_FAIL or FAULT_DELAY */
	bool retry;                 /* the call after one that was hit is spared, and not counted */
	uint64_t first, last, step; /* hits first, first + step ... up to last */
	unsigned chance;            /* that such a call is hit after all: 1..FAULT_CERTAIN */
	unsigned connection;        /* 0: any, or none */
};

/* Reads one. False: *ret_error (one printable line, new memory) names what is wrong in it, why, and
 * what is possible. Pure. */
bool fault_spec_parse(const char *text, struct fault_rule *ret_rule, char **ret_error);

#endif
