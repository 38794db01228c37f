/* case.h -- everything a case file needs: the words of a role and the descriptor of a case.
 *
 * A case is two role functions and one `const struct sock_case` at the end of its file, named
 * like the behaviour it shows; the build finds it there and registers it. Roles record what
 * they see with saw(); they never judge. What they saw is compared with the rows of .expect
 * by engine/judge.c in the runner's process.
 */
#ifndef SOCKDRILL_CASE_H
#define SOCKDRILL_CASE_H

#include "os/need.h"
#include "os/system.h"
#include "role/role.h"

/* What an observation may be. Observations are canonical text: "0", "-1 ECONNRESET",
 * "IN|OUT|HUP", "3:abc"; see the saw words in role/role.h. Use the macros below. */
enum want_kind {
	WANT_UNSET,    /* the row says nothing */
	WANT_ANY,      /* recorded, not judged: the standard leaves it open */
	WANT_RANGE,    /* an integer from lo to hi */
	WANT_ERRNO,    /* -1 with this errno (lo) */
	WANT_TEXT,     /* exactly this text */
	WANT_FAILURE,  /* -1 with any errno */
	WANT_ONE_OF,   /* any of the choices, which end at the first WANT_UNSET */
	WANT_BY_FAMILY /* the first choice over IPv4, the second over IPv6, the third over AF_UNIX
			*/
};

struct want {
	enum want_kind kind;
	union {
		struct {
			long long lo, hi;
		};
		const char *text;
		const struct want *choices;
	};
};

/* clang-format off */
#define ANY           { .kind = WANT_ANY }
#define EQ(v)         { .kind = WANT_RANGE, .lo = (v), .hi = (v) }
#define BETWEEN(a, b) { .kind = WANT_RANGE, .lo = (a), .hi = (b) }
#define AT_LEAST(a)   { .kind = WANT_RANGE, .lo = (a), .hi = INT64_MAX }
#define FAILS(e)      { .kind = WANT_ERRNO, .lo = (e), .hi = (e) }
#define FAILS_ANY     { .kind = WANT_FAILURE }
#define TEXT(t)       { .kind = WANT_TEXT, .text = (t) }
#define FLAGS(t)      TEXT(t)          /* poll bits in the order of saw_flags(), "0" for none */
#define ON_TIME       TEXT("on time")  /* of saw_time() */
#define ONE_OF(...)                                                                               \
	{ .kind = WANT_ONE_OF, .choices = (const struct want[]){ __VA_ARGS__, { .kind = WANT_UNSET } } }
/* What differs by family and is the same on every system; NOT_HERE for a family the row is not about. */
#define BY_FAMILY(inet, inet6, unix)                                                              \
	{ .kind = WANT_BY_FAMILY, .choices = (const struct want[]){ inet, inet6, unix } }
#define NOT_HERE       { .kind = WANT_UNSET }
/* clang-format on */

/* Who stands behind an expectation. */
enum standing {
	STANDING_UNSET,
	SHALL, /* a standard demands it: a system that differs violates that */
	MAY,   /* a standard leaves it open, or is silent: the claim says "may" or who does what */
	SYSTEM /* a feature of one system, by its manual: others may lack it, or differ */
};

/* One row: what `who` must have recorded under `label`. `.want` is what a portable program may
 * rely on. `.on[OS_X]` is what that system is known to do, `.before` what it did in releases
 * before `version`; either needs a `.why`. Where families differ there may be a row for each. */
struct expect {
	enum who who;
	const char *label;
	struct want want;
	struct want on[OS_COUNT];
	struct {
		enum os os;
		unsigned version;
		struct want want;
	} before;
	const char *why;
	unsigned only;          /* families for which the row stands; 0: all of the case's */
	enum standing standing; /* where it is not the case's; else unset */
};

enum { EXPECT_MAX = 16 };

struct sock_case {
	const char *claim;      /* one sentence a user can rely on */
	const char *source;     /* where the claim comes from: POSIX clause, RFC, man page */
	enum standing standing; /* of the claim and of the rows that do not say otherwise */
	enum os system;         /* SYSTEM: whose; Linux unless it says so */
	const char *portable;   /* where systems differ: what to write instead; may be NULL */
	const char *notes;      /* what is believed but was not confirmed; may be NULL */
	unsigned families;      /* INET | INET6 | UNIX, or NO_FAMILY: one instance each */
	unsigned needs;         /* of enum need */
	unsigned waits_ms;      /* time it spends waiting by design; 0: none. Over SLOW_MS: slow */
	bool timed;             /* measures time: runs while nothing else competes */
	const void *row;        /* for roles shared by several cases: row_of(me); may be NULL */
	void (*server)(struct role *me); /* either may be NULL: a case with one side */
	void (*client)(struct role *me);
	struct expect expect[EXPECT_MAX]; /* ends at the first row without a label */
};

/* A case that waits longer than this is slow: it runs with --slow only. Milliseconds. */
enum { SLOW_MS = 4000 };

#endif
