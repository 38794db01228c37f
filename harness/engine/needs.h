/* needs.h -- what this machine can do, probed once, and what a case misses. */
#ifndef SOCKDRILL_NEEDS_H
#define SOCKDRILL_NEEDS_H

#include "case.h"
#include "os/os.h"

enum isolation { ISOLATION_AUTO, ISOLATION_NETNS, ISOLATION_NONE };

struct abilities {
	struct os_walls walls; /* which stand around every world */
	bool threads;          /* the roles of a pair are threads of one process */
	bool isolated;         /* net, ipc, and what else of mount and pid the system has stand */
	bool has_ipv6;         /* ::1 can be bound */
	bool has_unix;
	unsigned has;      /* of enum need */
	char why_not[336]; /* why worlds are not isolated; "" when they are */
	char fix[256];     /* what to change so that they are; "": nothing is known */
};

/* Finds out. With ISOLATION_NETNS false is returned, why_not filled, when there can be no
 * isolation. Forks short-lived processes; leaves none. */
bool abilities_probe(enum isolation isolation, struct abilities *ret_abilities);

/* The reason to skip the case in this family, in words with the next step; NULL: it can run. */
const char *needs_unmet(const struct abilities *abilities, const struct sock_case *test,
			enum family family);

/* One of enum need, in words. */
struct need_text {
	const char *name;   /* "root" */
	const char *reason; /* what is needed, and what for */
	const char *fix;    /* what to do about it; NULL: nothing can be done */
	const char *skip;   /* the reason of a case that is skipped: both of these */
};

/* The words for bit `index` of enum need; NULL behind the last. */
const struct need_text *need_text(unsigned index);

#endif
