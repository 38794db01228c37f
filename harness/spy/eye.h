/* eye.h -- what a look at one process holds open; for the files of the spy. */
#ifndef SOCKDRILL_TRACE_SPY_EYE_H
#define SOCKDRILL_TRACE_SPY_EYE_H

#include "spy/diag.h"
#include "spy/parse.h"

struct spy_eye {
	pid_t pid;
	int process; /* a pidfd; -1: no copies of descriptors */
	int diag;    /* -1: no sock_diag */
	unsigned lacks;
	bool wants_options;
	bool has_table; /* of all INET sockets of this network, read when it is first needed */
	struct spy_row *table;
	size_t table_count;
	int fresh[8]; /* sockets that nobody has set options of, by kind; -1: not made yet */
};

/* A socket of which nothing but its descriptor is known. */
#define SPY_UNSEEN(fd_)                                                                            \
	(struct spy_socket)                                                                        \
	{                                                                                          \
		.fd = (fd_), .accept_queue = SPY_UNKNOWN, .backlog = SPY_UNKNOWN,                  \
		.receive_queue = SPY_UNKNOWN, .send_queue = SPY_UNKNOWN,                           \
		.end_unread = SPY_UNKNOWN, .nonblocking = SPY_UNKNOWN,                             \
		.close_on_exec = SPY_UNKNOWN                                                       \
	}

/* Sets what sock_diag tells, and nothing has told before. */
void spy_take_row(const struct spy_row *row, struct spy_socket *socket);

/* Opens and closes an eye; whatever cannot be opened is noted in lacks. */
void spy_eye_open(struct spy_eye *eye, pid_t pid, bool wants_options);
void spy_eye_close(struct spy_eye *eye);

/* Describes the descriptor; false when it is no socket, or cannot be seen. */
bool spy_eye_socket(struct spy_eye *eye, int fd, struct spy_socket *ret_socket);
/* Describes a thread and what it waits for. */
void spy_eye_thread(struct spy_eye *eye, pid_t tid, struct spy_thread *ret_thread);
/* A copy of a descriptor; -1 with errno, and the lack is noted. */
int spy_eye_copy(struct spy_eye *eye, int fd);

/* Sets of a copy what only a copy tells: options. */
void spy_take_options(struct spy_eye *eye, int copy, struct spy_socket *socket);

/* getsockopt() as the kernel has it, for an option of just this size; false with errno. */
bool spy_option(int fd, int level, int option, void *ret_value, socklen_t size);

/* Reads a file below /proc/PID, or below /proc/PID/task/TID, as text that is cut at the room; false
 * with errno. */
bool spy_read_text(char *ret_text, size_t room, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Reads /proc/PID/stat. */
bool spy_read_stat(pid_t pid, struct spy_stat *ret_stat);

/* Calls take(context, number) for each entry of a directory of /proc that is a number; false with
 * errno when it cannot be read. */
bool spy_each_number(const char *directory, void (*take)(void *context, int number), void *context);

#endif
