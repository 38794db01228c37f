/* state.h -- what a running role knows of itself; shared by the files of role/ and engine/pair.c.
 */
#ifndef SOCKDRILL_STATE_H
#define SOCKDRILL_STATE_H

#include <setjmp.h>

#include "role/role.h"

struct role {
	struct board *board;
	enum who who;
	enum family family;
	const void *row;
	unsigned stretch_percent; /* --timeout-multiplier; 100: none */
	unsigned slowness;        /* of this machine: effective.h */
	unsigned paths;           /* AF_UNIX paths given out by loopback() */
	unsigned lies_at;         /* the observation, from 1, that is recorded wrong; 0: none */
	bool knows_peer;
	struct address peer;
	jmp_buf *home; /* NULL: the role is a process and ends with _exit() */
};

/* How a role's process ends when nothing killed it. */
enum { ROLE_ENDED = 0, ROLE_BROKE_OFF = 98 };

/* Makes this thread the role's, so that must() knows whom to speak for. */
void role_begin(struct role *me);
/* Ends the role from within any depth: back to home, or _exit(). */
_Noreturn void role_end(struct role *me);

/* Kinds of records. engine/record.h reads them. */
enum record_kind { RECORD_SAW = '=', RECORD_BROKEN = '!', RECORD_SKIP = '-' };

/* Bytes of a record's label and value; what is longer is cut. */
enum { LABEL_MAX = 80, VALUE_MAX = 960 };

/* Appends one line "kind TAB label TAB value TAB line LF" to the role's records. Bytes that do not
 * print become \xNN. A record that does not fit is lost, which the engine notices by `used`. */
void record_put(struct role *me, enum record_kind kind, const char *label, const char *value,
		int line);

/* Records RECORD_BROKEN and ends the role. */
_Noreturn void role_broke(struct role *me, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Notes where the role stands, for the text of a time-out. place may be NULL. */
void note_state(struct role *me, enum role_state state, const char *place);

static inline struct side *my_side(const struct role *me)
{
	return &me->board->side[me->who];
}

static inline struct side *peer_side(const struct role *me)
{
	return &me->board->side[me->who == SERVER ? CLIENT : SERVER];
}

#endif
