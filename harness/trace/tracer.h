/* tracer.h -- follows programs with all their threads and children, tells their socket calls as
 * events, and disturbs them as a fault plan says. By ptrace and a seccomp filter (Linux, x86_64 and
 * aarch64); elsewhere nothing can be traced, and tracer_create() says so.
 *
 * The caller keeps the loop: it waits with waitpid(-1, &status, __WALL) and hands what it gets to
 * tracer_take(). One thread does all of it. A delayed call is resumed by the end of a child process
 * of the tracer's own, which comes out of that waitpid(), too: tracer_take() knows it. When the
 * caller dies, so does all that it follows; what was attached to goes on.
 */
#ifndef SOCKDRILL_TRACER_H
#define SOCKDRILL_TRACER_H

#include "trace/event.h"
#include "trace/fault.h"

/* Takes an event, whose texts it must copy: they live until it returns. */
typedef void trace_sink(void *context, const struct trace_event *event);

struct tracer_setting {
	size_t show_bytes;         /* of the data of each call, at most */
	struct fault_plan *faults; /* NULL: none. Stays the caller's */
	trace_sink *sink;
	void *context;
};

struct tracer;

/* NULL with errno; ENOSYS: not on this machine. tracer_destroy tells the unfinished calls, kills
 * and reaps what was started (without its tracer it could make no calls), lets go of what was
 * attached to, and takes NULL. */
struct tracer *tracer_create(const struct tracer_setting *setting);
void tracer_destroy(struct tracer *tracer);

/* Why nothing can be traced here, as one line with what to do; NULL: it can. Tries it on a process
 * of its own. */
const char *tracer_why_not(void);

/* The two ends of a start: the parent makes a gate before it forks, the child calls
 * tracer_consent() before anything that is to be seen, the parent tracer_follow(). */
struct trace_gate {
	int ends[2];
};
bool trace_gate_open(struct trace_gate *ret_gate);
/* In the child: allows to be traced, waits until it is, and closes the gate. False with errno: it
 * cannot be traced. */
bool tracer_consent(struct trace_gate *gate);
/* In the parent: follows the child and lets it through the gate, which it closes. False with
 * errno: the child has been let through to end by itself. */
bool tracer_follow(struct tracer *tracer, struct trace_gate *gate, pid_t pid, int side);

/* Follows a process that runs already, with its threads; it goes on when tracing ends. False with
 * errno. */
bool tracer_attach(struct tracer *tracer, pid_t pid);

enum tracer_took {
	TRACER_FOREIGN, /* nothing that is followed: the caller's own affair */
	TRACER_STOP,    /* a stop or the end of a thread; dealt with */
	TRACER_ENDED    /* a process has ended, as the wait status says */
};
/* Takes what waitpid() gave. */
enum tracer_took tracer_take(struct tracer *tracer, pid_t tid, int status);

/* waitpid(-1, ret_status, __WALL), for a caller whose loop needs nothing else. */
pid_t tracer_wait(int *ret_status);
/* Keeps this process, and what it starts from now on, to the processor that it is on: traced and
 * tracer take turns anyway, and on one processor each turn is cheaper. False with errno. */
bool tracer_pin(void);

#endif
