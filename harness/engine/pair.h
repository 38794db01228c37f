/* pair.h -- runs one case instance as a pair of processes and notes how it ended.
 *
 * Processes: pair_run() is called in the keeper of a world (world.c). It forks the server and the
 * client role, each in its own process group with /dev/null as stdin, a capture pipe as stdout
 * and stderr, and nothing else. A role ends when it has been reaped, never when a pipe closes.
 * When the time is up, or when one role went wrong and the other does not follow within a
 * grace time, what still runs is killed and reaped, with everything it forked. Where the roles are
 * threads of one process (threads.h), that process is killed and reaped in their place. With a log
 * the keeper is the tracer of both roles and of all that they fork.
 */
#ifndef SOCKDRILL_PAIR_H
#define SOCKDRILL_PAIR_H

#include "engine/judge.h"
#include "role/board.h"
#include "trace/fault.h"
#include "trace/log.h"

/* The memory that a keeper and the scheduler share. Roles have the board only: they could not be
 * trusted with the account of how they ended, nor with the path of what is to be removed. */
struct stage {
	struct board *board;
	struct ending ending;
	_Atomic int64_t until_us; /* of os_now_us(): when the pair is killed, as it stands now */
	struct trace_log *log;    /* of what the roles called; NULL: they are not traced */
	char directory[160];      /* of the world, to be removed; "" when it is a private mount */
};

/* New shared memory; NULL with errno when there is none. log_size: of the log, 0 for none.
 * stage_destroy takes NULL. */
struct stage *stage_create(size_t log_size);
void stage_destroy(struct stage *stage);

/* What a role recorded; points into the stage. */
struct record_bytes stage_records(const struct stage *stage, enum who who);

/* Of one call, or of one value that a role recorded: the `number`th of `side`. */
struct disturbance {
	int side;
	unsigned number;            /* 0: nothing is disturbed */
	bool of_record;             /* the value that is recorded is another; no action */
	struct fault_action action; /* of a call */
};

struct pair_setting {
	const struct sock_case *test;
	enum family family;
	uint32_t limit_ms;              /* of effective time, until the pair is killed */
	unsigned stretch_percent;       /* of upper time limits; 100: none */
	unsigned slowness;              /* of this machine: role/effective.h */
	bool own_pid_namespace;         /* the keeper is its first process */
	bool threads;                   /* the roles are threads of one process: threads.h */
	struct disturbance disturbance; /* of one call; needs a log */
	int stop_fd;                    /* hung up: the scheduler is gone */
};

/* The read and write end of each role's capture pipe; -1 before capture_open(). */
struct capture {
	int from[WHO_COUNT], to[WHO_COUNT];
};

bool capture_open(struct capture *ret_capture);
void capture_close(struct capture *capture);

/* Runs the pair and fills stage->ending. Returns false when the scheduler went away meanwhile;
 * everything has been killed then, too. */
bool pair_run(struct stage *stage, const struct pair_setting *setting,
	      const struct capture *capture);

/* For a debugger: runs the role `here` in this process, the other as its child, without a time
 * limit and without capture. */
void pair_run_here(struct stage *stage, const struct pair_setting *setting, enum who here);

#endif
