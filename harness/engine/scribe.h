/* scribe.h -- a process that writes files for another, which need not wait for the disk then.
 *
 * Orders go through a pipe and are carried out in their sequence; the bytes lie in shared memory,
 * or follow in the pipe when there is no room for them, so that who orders waits seldom. When the
 * pipe hangs up the scribe ends, also because who gave the orders is gone: then an order that is
 * not whole is dropped. Files are whole or not there (aside.h).
 */
#ifndef SOCKDRILL_SCRIBE_H
#define SOCKDRILL_SCRIBE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct shelf;

struct scribe {
	pid_t pid;  /* 0: none */
	int orders; /* write end */
	int errors; /* read end */
	struct shelf *shelf;
	size_t put; /* bytes that were ever put on the shelf, gaps included */
};

/* False with errno; nothing is to be ended then. */
bool scribe_start(struct scribe *ret_scribe);
/* Orders a file of these bytes, in place of one that is there. False with errno when the scribe is
 * gone; whether the file could be written is told at the end. */
bool scribe_write(struct scribe *scribe, const char *path, const void *bytes, size_t n);
/* Orders that there be no such file. */
bool scribe_remove(struct scribe *scribe, const char *path);
/* Waits until all is written. False: *ret_error (new memory) names the first file that could not be
 * written, and why. Takes a zeroed one. */
bool scribe_end(struct scribe *scribe, char **ret_error);

#endif
