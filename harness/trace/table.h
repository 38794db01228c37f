/* table.h -- which descriptor of which process is which socket. */
#ifndef SOCKDRILL_TRACE_TABLE_H
#define SOCKDRILL_TRACE_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "trace/map.h"

/* FILE_CLOSED: not open, but was a socket or an instance of epoll: a call with it is a program's
 * mistake, and told. */
enum file_kind { FILE_OTHER, FILE_CLOSED, FILE_SOCKET, FILE_EPOLL };

/* What a descriptor stands for (an open file description), shared by its copies in all processes.
 */
struct file {
	enum file_kind kind;
	unsigned holders; /* descriptors, and calls that are under way */
	struct registry *registry;

	/* Of a socket. */
	uint64_t inode;
	unsigned number;     /* 1, 2 ... in order of appearance */
	unsigned connection; /* its ordinal in the process that accepted or made it; 0: none */
	int type, family;    /* 0: unknown */
	bool passed;         /* inside a message: it may come out of one when nobody holds it */
	bool looked;         /* type, family and names were asked for */
	char *local, *peer;  /* names; NULL: unknown */

	/* Of an epoll instance: from what the program wants back to descriptor + 1. */
	struct map tags;
};

/* All sockets that are known. */
struct registry {
	struct map by_inode;
	unsigned sockets;          /* the last number given */
	struct file other, closed; /* stand for all of their kind */
};

void registry_start(struct registry *registry);
/* Frees what is still there. No table may be in use. */
void registry_finish(struct registry *registry);

struct file *file_hold(struct file *file);
/* Takes NULL. */
void file_release(struct file *file);
/* Whether calls with it are told: a socket, or an instance of epoll. NULL is not. */
bool file_is_followed(const struct file *file);
/* "" when unknown. */
const char *file_local(const struct file *file);
const char *file_peer(const struct file *file);
/* Asks the system, by a copy of the descriptor, for what *file, a socket, is and for its names.
 * What cannot be known stays as it was. */
void file_look(struct file *file, pid_t pid, int fd);
/* Takes another name, new memory or NULL. */
void file_set_peer(struct file *file, char *peer);
void file_set_local(struct file *file, char *local);

/* The descriptors of a process, or of several that share them. */
struct table;

struct table *table_create(struct registry *registry);
/* One more that shares it; it gives the same. table_release takes NULL. */
struct table *table_share(struct table *table);
struct table *table_copy(const struct table *table);
void table_release(struct table *table);
/* How many share it. */
bool table_is_shared(const struct table *table);

/* What fd is, learnt from the system (/proc/TID) when it is not known yet. Never NULL: FILE_OTHER,
 * too, for what is not open. Belongs to the table. */
struct file *table_get(struct table *table, pid_t tid, int fd);
/* What is known of it; NULL: nothing. */
struct file *table_known(const struct table *table, int fd);
/* fd is `file` from now on, whatever it was. */
void table_set(struct table *table, int fd, struct file *file);
/* fd is closed. */
void table_drop(struct table *table, int fd);
/* first ... last likewise. */
void table_drop_range(struct table *table, unsigned first, unsigned last);
/* How many of first ... last are known, and followed. */
unsigned table_followed(const struct table *table, unsigned first, unsigned last);
/* After exec: forgets what the system has closed. */
void table_exec(struct table *table, pid_t tid);

#endif
