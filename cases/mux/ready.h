/* ready.h -- the readiness matrix: a role brings a descriptor into a state, one observer looks.
 *
 * ready_poll_X and ready_select_X share their roles; they differ in the observer, which is their
 * .row. A state is reached before observe() is called; how far it has got is learned by other means
 * than poll() and select() wherever there are such. A peer that has to stay as it is until then
 * meets "observed".
 */
#ifndef SOCKDRILL_READY_H
#define SOCKDRILL_READY_H

#include "case.h"

struct observer {
	void (*look)(struct role *me, int fd);
};

/* poll() for IN|PRI|OUT|RDHUP, poll() for nothing, and what epoll says of the same. */
extern const struct observer by_poll;
/* select() with the descriptor in all three sets. */
extern const struct observer by_select;

/* Records what the case's observer sees of fd now, without waiting. */
void observe(struct role *me, int fd);

/* clang-format off */

/* Reasons that several states share. */
#define WHY_EPOLL "epoll is Linux's own; epoll_ctl(2) promises the events of poll(2)"
#define WHY_RDHUP "POLLRDHUP is Linux's own; POSIX settles the other bits"
#define WHY_HUP "POSIX does not say when a socket has hung up, and rules out POLLOUT beside POLLHUP"
#define WHY_ERROR_SET "only POLLPRI makes select(2)'s exceptional set on Linux, not a pending error"
#define WHY_SHUT_RD "POSIX does not say whether recv() waits after SHUT_RD; on Linux it does not"
#define WHY_SHUT_WR "POSIX does not say whether a send() that can only fail makes POLLOUT"
#define WHY_LISTENER "POSIX makes ready what fails at once; Linux never calls a listener writable"
#define WHY_WRONG_END "POSIX makes ready what fails at once; Linux only a pipe's own direction"
#define WHY_PEER_UNKNOWN                                                                           \
	"POSIX does not say what a datagram socket learns of its peer; on Linux nothing"

/* What to write instead, where only epoll differs. */
#define USE_POLL "Use poll(): epoll is Linux's own, and reports the same."
#define NO_WRITE_LISTENER "Ask a listener for reading only."
#define OWN_DIRECTION "Ask an end of a pipe for its own direction only."

/* Input has ended: readable for sure. Whether also writable or hung up is open, not both. */
#define AT_END                                                                                     \
	ONE_OF(FLAGS("IN"), FLAGS("IN|OUT"), FLAGS("IN|HUP"), FLAGS("IN|RDHUP"),                   \
	       FLAGS("IN|OUT|RDHUP"), FLAGS("IN|HUP|RDHUP"))
/* Input has ended, output has not: hence not hung up. */
#define END_OF_INPUT ONE_OF(FLAGS("IN|OUT"), FLAGS("IN|OUT|RDHUP"))

/* The side that was not shut down stays as it was; the other may be called ready or not. */
#define OUT_MAYBE_IN                                                                               \
	ONE_OF(FLAGS("OUT"), FLAGS("IN|OUT"), FLAGS("OUT|RDHUP"), FLAGS("IN|OUT|RDHUP"))
#define MAYBE_OUT ONE_OF(FLAGS("0"), FLAGS("OUT"))

/* Reported unasked. A connection that has failed: as an error, a hang-up or both; the same when the
 * error was taken by SO_ERROR: no error. */
#define FAILED ONE_OF(FLAGS("ERR"), FLAGS("HUP"), FLAGS("ERR|HUP"))
#define MAYBE_HUP ONE_OF(FLAGS("0"), FLAGS("HUP"))

/* What epoll says on Linux; after it `.before`, if need be. Brings its own comma. */
#define EPOLL_ROW(who, seen, ...)                                                                  \
	{ who, "epoll", ANY, .on[OS_LINUX] = seen, .why = WHY_EPOLL, .standing = SYSTEM,           \
	  __VA_ARGS__ },

/* Rows of ready_poll_X: `bits` of those asked for, `unasked` when nothing was asked for. What
 * POSIX settles; what it settles in part, by `wanted`, while nothing is reported unasked; what it
 * leaves open. */
#define POLL_ROWS(who, bits, unasked)                                                              \
	{ who, "poll", FLAGS(bits), .standing = SHALL },                                           \
	EPOLL_ROW(who, FLAGS(bits))                                                                \
	{ who, "poll for nothing", FLAGS(unasked), .standing = SHALL }
#define POLL_ROWS_PARTLY(who, wanted, bits, reason)                                                \
	{ who, "poll", wanted, .on[OS_LINUX] = FLAGS(bits), .why = reason, .standing = SHALL },    \
	EPOLL_ROW(who, FLAGS(bits))                                                                \
	{ who, "poll for nothing", FLAGS("0"), .standing = SHALL }
#define POLL_ROWS_OPEN(who, bits, unasked, reason)                                                 \
	{ who, "poll", ANY, .on[OS_LINUX] = FLAGS(bits), .why = reason, .standing = MAY },         \
	EPOLL_ROW(who, FLAGS(bits))                                                                \
	{ who, "poll for nothing", ANY, .on[OS_LINUX] = FLAGS(unasked), .why = reason,             \
	  .standing = MAY }
/* At the end of input; Linux may call it a hang-up as well. */
#define POLL_ROWS_AT_END(who, bits, unasked, reason)                                               \
	{ who, "poll", AT_END, .on[OS_LINUX] = FLAGS(bits), .why = reason, .standing = SHALL },    \
	EPOLL_ROW(who, FLAGS(bits))                                                                \
	{ who, "poll for nothing", MAYBE_HUP, .on[OS_LINUX] = FLAGS(unasked), .why = reason,       \
	  .standing = SHALL }
/* After a failure; `maybe` is FAILED, or MAYBE_HUP when the error was taken. */
#define POLL_ROWS_FAILED(who, maybe, bits, unasked, reason)                                        \
	{ who, "poll", ANY, .on[OS_LINUX] = FLAGS(bits), .why = reason, .standing = MAY },         \
	EPOLL_ROW(who, FLAGS(bits))                                                                \
	{ who, "poll for nothing", maybe, .on[OS_LINUX] = FLAGS(unasked), .why = reason,           \
	  .standing = SHALL }

/* Rows of ready_select_X: 0 or 1 for each set, and their sum; a sum that the bits do not make is
 * never a number. POSIX settles the readable and the writable set by whether recvmsg() and
 * sendmsg() would wait, and calls exceptional a pending error, urgent data and its mark; no
 * protocol here has anything else. What it settles; what it settles against Linux, with Linux's
 * number; what it leaves open, with Linux's number. */
#define SETTLED_ROW(who, label, value) { who, label, EQ(value), .standing = SHALL }
#define AGAINST_ROW(who, label, value, here, reason)                                               \
	{ who, label, EQ(value), .on[OS_LINUX] = EQ(here), .why = reason, .standing = SHALL }
#define OPEN_ROW(who, label, lo, hi, value, reason)                                                \
	{ who, label, BETWEEN(lo, hi), .on[OS_LINUX] = EQ(value), .why = reason, .standing = MAY }
#define SELECT_ROWS(who, r, w, x)                                                                  \
	SETTLED_ROW(who, "select", (r) + (w) + (x)),                                               \
	SETTLED_ROW(who, "readable", r),                                                           \
	SETTLED_ROW(who, "writable", w),                                                           \
	SETTLED_ROW(who, "exceptional", x)
#define SELECT_ROWS_READ_OPEN(who, r, w, x, reason)                                                \
	OPEN_ROW(who, "select", (w) + (x), (w) + (x) + 1, (r) + (w) + (x), reason),                \
	OPEN_ROW(who, "readable", 0, 1, r, reason),                                                \
	SETTLED_ROW(who, "writable", w),                                                           \
	SETTLED_ROW(who, "exceptional", x)
#define SELECT_ROWS_WRITE_OPEN(who, r, w, x, reason)                                               \
	OPEN_ROW(who, "select", (r) + (x), (r) + (x) + 1, (r) + (w) + (x), reason),                \
	SETTLED_ROW(who, "readable", r),                                                           \
	OPEN_ROW(who, "writable", 0, 1, w, reason),                                                \
	SETTLED_ROW(who, "exceptional", x)
#define SELECT_ROWS_EXCEPT_OPEN(who, r, w, x, reason)                                              \
	OPEN_ROW(who, "select", (r) + (w), (r) + (w) + 1, (r) + (w) + (x), reason),                \
	SETTLED_ROW(who, "readable", r),                                                           \
	SETTLED_ROW(who, "writable", w),                                                           \
	OPEN_ROW(who, "exceptional", 0, 1, x, reason)
/* send() does not wait, whatever the socket has learned: writable. */
#define SELECT_ROWS_WRITABLE(who, r, x, reason)                                                    \
	OPEN_ROW(who, "select", 1, 3, (r) + 1 + (x), reason),                                      \
	OPEN_ROW(who, "readable", 0, 1, r, reason),                                                \
	SETTLED_ROW(who, "writable", 1),                                                           \
	OPEN_ROW(who, "exceptional", 0, 1, x, reason)
/* Reading or writing fails at once: in that set by POSIX, not on Linux. */
#define SELECT_ROWS_READ_FAILS(who, w, reason)                                                     \
	AGAINST_ROW(who, "select", 1 + (w), w, reason),                                            \
	AGAINST_ROW(who, "readable", 1, 0, reason),                                                \
	SETTLED_ROW(who, "writable", w),                                                           \
	SETTLED_ROW(who, "exceptional", 0)
#define SELECT_ROWS_WRITE_FAILS(who, r, reason)                                                    \
	AGAINST_ROW(who, "select", (r) + 1, r, reason),                                            \
	SETTLED_ROW(who, "readable", r),                                                           \
	AGAINST_ROW(who, "writable", 1, 0, reason),                                                \
	SETTLED_ROW(who, "exceptional", 0)
/* In the exceptional set by POSIX, not on Linux. */
#define SELECT_ROWS_EXCEPT(who, r, w, reason)                                                      \
	AGAINST_ROW(who, "select", (r) + (w) + 1, (r) + (w), reason),                              \
	SETTLED_ROW(who, "readable", r),                                                           \
	SETTLED_ROW(who, "writable", w),                                                           \
	AGAINST_ROW(who, "exceptional", 1, 0, reason)
/* A pending error is in all three sets by POSIX. */
#define SELECT_ROWS_ERROR(who) SELECT_ROWS_EXCEPT(who, 1, 1, WHY_ERROR_SET)

/* clang-format on */

#endif
