/* board.h -- the shared page on which two roles meet, exchange messages and record what they saw.
 *
 * Concurrency: a board lies in memory shared by the keeper (engine/world.c) and the two roles
 * of one pair; these are processes, or threads of one process. Each side is written by its own role
 * only, except `gone`, which the keeper sets when the role has ended. A role that changes anything
 * the other may wait for calls board_announce(); a waiter reads `changes` first, tests its
 * condition, then sleeps until `changes` differs. Nothing here uses sockets: the machinery must go
 * on working when the socket layer under test does not.
 */
#ifndef SOCKDRILL_BOARD_H
#define SOCKDRILL_BOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "os/os.h"

enum who { SERVER, CLIENT, WHO_COUNT };

enum {
	NAME_MAX_LEN = 64,  /* a meeting's name or a position, with its NUL */
	MESSAGE_MAX = 240,  /* bytes in one message */
	MESSAGES_MAX = 8,   /* messages that may wait unread */
	RECORDS_MAX = 24576 /* bytes of records of one role */
};

struct role_message {
	uint32_t len;
	unsigned char bytes[MESSAGE_MAX];
};

/* How a role stands. ROLE_RUNNING: in its own code or in a call that only the OS can name. */
enum role_state { ROLE_RUNNING, ROLE_AT_MEETING, ROLE_WAITING };

/* One role's half of the board. */
struct side {
	_Atomic uint32_t arrivals;     /* meetings reached so far */
	_Atomic uint32_t sent;         /* messages written so far */
	_Atomic uint32_t taken;        /* messages of the other side read so far */
	_Atomic uint32_t gone;         /* 1: reaped */
	_Atomic uint32_t finished;     /* 1: the role function returned */
	_Atomic uint32_t ended;        /* 1: its thread has ended, where roles are threads */
	_Atomic uint32_t state;        /* enum role_state */
	_Atomic uint32_t used;         /* bytes of records[] reserved, may pass the end */
	_Atomic uint32_t recorded;     /* observations so far, while one of them is to be wrong */
	pid_t pid;                     /* in the role's own PID namespace */
	pid_t thread;                  /* the same, where roles are threads */
	struct os_call call;           /* in which it is, where the stack is a library */
	char meeting[2][NAME_MAX_LEN]; /* name of arrival n at index n % 2 */
	char place[NAME_MAX_LEN];      /* what it waits for, or a remark on where it is */
	struct role_message messages[MESSAGES_MAX];
	char records[RECORDS_MAX];
};

struct board {
	_Atomic uint32_t changes; /* futex word */
	struct side side[WHO_COUNT];
};

/* Empties the board for the next pair. Only while no role runs. */
void board_clear(struct board *board);

/* Says that something on the board changed, and wakes whoever waits for it. */
void board_announce(struct board *board);

/* Sleeps until `changes` is no longer `seen` or, if timeout_ms >= 0, until that time is over.
 * May return early; the caller tests its condition again. */
void board_wait(struct board *board, uint32_t seen, long long timeout_ms);

#endif
