/* rerun.h -- what a results file leaves to be run again: what was not as expected, and what was not
 * run.
 */
#ifndef SOCKDRILL_RERUN_H
#define SOCKDRILL_RERUN_H

#include <stdbool.h>
#include <stddef.h>

/* An instance that has a result. */
struct rerun_instance {
	char *name; /* "case/family" */
	bool again; /* by its last result in the file */
};

/* A run whose writer was killed before all that was planned had a result. Nobody named the rest. */
struct rerun_killed {
	unsigned shard, shards, planned;
};

struct rerun {
	struct rerun_instance *instances; /* sorted by name, each once */
	size_t count;
	struct rerun_killed *killed;
	size_t killed_count;
};

/* Reads a results file, of one run or several. False: *ret_error (one line, new memory) says why.
 */
bool rerun_read(const char *path, struct rerun *ret_rerun, char **ret_error);
/* Whether the file has a result of the instance. */
bool rerun_has(const struct rerun *rerun, const char *name);
/* Frees what it owns; takes a zeroed one. */
void rerun_finish(struct rerun *rerun);

#endif
