/* follow.h -- the inside of the tracer: what is known of the processes that are followed. Shared by
 * tracer.c and the files that it is made of; nobody else's.
 *
 *	start.c   begins to follow: a child that consents, or a process that runs already
 *	tracer.c  takes the stops of threads, one after the other
 *	thread.c  threads and processes, their making and their end
 *	orphan.c  threads that stop before anybody has told of them
 *	entry.c   a call is about to be made: is it told, is it disturbed
 *	finish.c  a call has returned, was interrupted, or never will
 *	effect.c  what a returned call has done to descriptors and sockets
 *	apply.c   carries out disturbances, and undoes what the program must not notice
 *	tell.c    makes events
 */
#ifndef SOCKDRILL_TRACE_FOLLOW_H
#define SOCKDRILL_TRACE_FOLLOW_H

#include "trace/decode.h"
#include "trace/map.h"
#include "trace/numbers.h"
#include "trace/registers.h"
#include "trace/table.h"
#include "trace/text.h"
#include "trace/tracer.h"

enum { SIDES = 3 }; /* none, and two */

struct tracer {
	struct tracer_setting setting;
	int64_t start_us;
	struct map threads;   /* struct thread by ID */
	struct map processes; /* struct process by ID */
	struct map early;     /* stops of threads that are not known yet, by ID: orphan.c's */
	struct map sleepers;  /* struct thread by the ID of the process that sleeps for it */
	struct registry registry;
	unsigned process_count;  /* the last number given */
	unsigned numbers[SIDES]; /* of calls so far, by side + 1 */
	/* Texts of the event that is being told. */
	struct text arguments, result, peer, fault;
	unsigned char *bytes;
};

struct process {
	pid_t pid;
	unsigned number;
	int side;
	unsigned threads;
	unsigned connections; /* the last ordinal given */
	bool is_attached;     /* ran before: it has no filter, and is let go in the end */
};

/* A part of memory that is other than the program has it, while it is in a call. */
struct patch {
	uint64_t at;
	void *bytes; /* as they were; NULL: nothing is changed */
	size_t size;
};

/* A call between its entry and its event. */
struct call {
	struct call *outer; /* of those that are interrupted: the one before */
	enum trace_call call;
	unsigned number; /* on its side */
	struct call_entry entry;
	int64_t start_us;
	int fd;
	struct file *file;     /* that it is about, held; NULL: none */
	struct text arguments; /* decoded at entry, where the call overwrites them */
	bool has_arguments;
	uint32_t room; /* as in struct decode */
	struct fault_action fault;
	bool fault_done;  /* it was carried out */
	int cut_argument; /* whose value is lowered while it is in the kernel; -1: none */
	struct patch patch;
};

struct thread {
	pid_t tid;
	struct process *process;
	struct table *table;
	struct call now; /* while in_call */
	bool in_call;
	unsigned hidden;          /* what it is in, not told, whose end matters: CALL_SIGRETURN,
				     CALL_UNSHARE; 0: none */
	struct call *interrupted; /* by signals, and perhaps to be made again: the last one first */
	pid_t sleeper;            /* until it has ended the thread stays stopped; 0: none */
};

static inline int64_t tracer_now(const struct tracer *tracer, int64_t now_us)
{
	return now_us - tracer->start_us;
}

/* ---- thread.c ---- */

struct process *process_begin(struct tracer *tracer, pid_t pid, const struct process *parent,
			      int side, bool is_attached);
/* Takes over the table. */
struct thread *thread_begin(struct tracer *tracer, pid_t tid, struct process *process,
			    struct table *table);
/* Its calls that have not ended are told, it is forgotten; with its last thread its process, too.
 */
void thread_end(struct tracer *tracer, struct thread *thread);
/* What it shares with others becomes its own. */
void thread_own_table(struct thread *thread);
/* Lets a stopped thread go on, with a signal or 0, up to its next stop. */
void thread_go_on(const struct thread *thread, int signal);

/* ---- entry.c, finish.c ---- */

/* At the entry of a call; lets the thread go on, unless it is delayed. */
void thread_enters(struct tracer *tracer, struct thread *thread);
/* At the exit. */
void thread_leaves(struct tracer *tracer, struct thread *thread);
/* Tells the calls that will not return. */
void thread_abandons(struct tracer *tracer, struct thread *thread);
void call_finish(struct call *call);

/* ---- effect.c ---- */

/* What a call has made; new_fd[i] < 0: nothing. */
struct effect {
	int new_fd[2];
	struct file *made[2]; /* belong to the table */
};
/* At entry of any call, told or not, that will be made: descriptors that it closes. */
void effect_at_entry(struct thread *thread, enum trace_call call, const struct call_entry *entry);
/* After a call that has returned `result` from the kernel. */
struct effect effect_of(struct thread *thread, const struct call *call, int64_t result);

/* ---- apply.c ---- */

/* Asks the plan, if any, and remembers what to do. */
void apply_decide(struct tracer *tracer, struct thread *thread);
/* Does at entry what is to be done then. False: the thread stays where it is, for a while. */
bool apply_at_entry(struct tracer *tracer, struct thread *thread);
/* Undoes at exit; gives the result that the program will see. */
int64_t apply_at_exit(struct thread *thread, int64_t result);
/* Undoes only: the call was interrupted, and perhaps is made again. */
void apply_undo(struct thread *thread);
/* The text of event.fault. */
void apply_put(struct text *to, const struct call *call);
/* The sleeper of a thread has ended, or is no longer needed. */
void apply_sleeper_gone(struct tracer *tracer, struct thread *thread, bool is_reaped);

/* ---- tell.c ---- */

void tell_call(struct tracer *tracer, struct thread *thread, struct call *call, bool returned,
	       int64_t kernel_result, int64_t seen_result, const struct effect *effect);
void tell_begin(struct tracer *tracer, const struct process *process, unsigned parent);
void tell_program(struct tracer *tracer, const struct thread *thread);
void tell_signal(struct tracer *tracer, const struct thread *thread, int signal);
void tell_end(struct tracer *tracer, const struct process *process, int status);
/* Fills d for the call as it stands. */
void tell_prepare(struct tracer *tracer, struct thread *thread, const struct call *call,
		  struct decode *d);

#endif
