/* parse.h -- reads the texts of /proc and the sets of descriptors that a look is made of. Pure
 * functions; the bytes may be any. */
#ifndef SOCKDRILL_TRACE_SPY_PARSE_H
#define SOCKDRILL_TRACE_SPY_PARSE_H

#include <poll.h>

#include "spy/spy.h"

/* Of /proc/PID/stat. */
struct spy_stat {
	char command[16];
	char state;
	pid_t parent, group;
	unsigned long long user_ticks, system_ticks;
};
/* False when the text is none; a command may hold blanks, parentheses and line ends. */
bool spy_parse_stat(const char *text, struct spy_stat *ret_stat);

/* The inode in "socket:[123]", where a descriptor leads; false for other links. */
bool spy_parse_socket_link(const char *text, uint64_t *ret_inode);
/* What kind of thing a link of /proc/PID/fd is: "pipe", "eventfd", "file". */
void spy_parse_kind(const char *link, char *ret_kind, size_t room);
/* The number behind "name:" at the beginning of a line of /proc/PID/status or fdinfo; false when
 * there is none. Base 0 takes a leading 0 for octal. */
bool spy_parse_field(const char *text, const char *name, int base, unsigned long long *ret_number);
/* The first number of /proc/PID/schedstat, ns that it ran. */
bool spy_parse_ran(const char *text, unsigned long long *ret_ns);

/* Takes what an epoll instance watches from its fdinfo; pollfds; sets of select() (each of
 * `bytes`, NULL for none). All set wait_count, wait_total and wait[] but for the kinds. */
void spy_take_epoll(const char *text, struct spy_thread *thread);
void spy_take_pollfds(const struct pollfd *fds, size_t count, size_t total,
		      struct spy_thread *thread);
void spy_take_sets(const unsigned char *const sets[3], size_t bytes, size_t count,
		   struct spy_thread *thread);

#endif
