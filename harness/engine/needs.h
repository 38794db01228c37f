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
	char why_not[160]; /* why worlds are not isolated; "" when they are */
};

/* Finds out. With ISOLATION_NETNS false is returned, why_not filled, when there can be no
 * isolation. Forks short-lived processes; leaves none. */
bool abilities_probe(enum isolation isolation, struct abilities *ret_abilities);

/* The reason to skip the case in this family, in words with the next step; NULL: it can run. */
const char *needs_unmet(const struct abilities *abilities, const struct sock_case *test,
			enum family family);

/* For `list` and `doctor`: the need's name ("root") and what it is for; NULL behind the last. */
const char *need_name(unsigned index, const char **ret_reason);

#endif
