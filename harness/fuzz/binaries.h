/* binaries.h -- the programs of one fuzzed function: the fuzzers' own builds of it, and the one
 * that replays an input and explains what goes wrong. */
#ifndef SOCKDRILL_FUZZ_BINARIES_H
#define SOCKDRILL_FUZZ_BINARIES_H

#include <stdbool.h>

enum fuzz_engine { ENGINE_AFL, ENGINE_LIBFUZZER };

/* What is fuzzed: one of the project's targets, or anybody's function. */
struct fuzz_subject {
	const char *name;   /* of the target, or of the function */
	const char *file;   /* FILE.c of anybody's function; NULL: a target */
	const char *flags;  /* further compiler words for it, separated by blanks; may be NULL */
	const char *source; /* the project's tree, for a target */
	const char *replay; /* text of fuzz/replay.c, for a function */
};

/* Paths, owned; NULL: not built. */
struct fuzz_binaries {
	char *fuzzer; /* the engine's, with address and undefined behaviour sanitizers */
	char *cmplog; /* AFL++'s that learns compared values; no address sanitizer: it would hide
			 them */
	char *replay; /* plain main(), sanitizers, stacks with names: fuzz/replay.c */
};

/* Builds them below the directory `work`, which exists; compilers' words go to WORK/build.log. What
 * is up to date is not built again. with_cmplog: also that one. False: *ret_error (one line, new
 * memory) says what is missing or where the compiler's words are. */
bool fuzz_build(const struct fuzz_subject *subject, enum fuzz_engine engine, bool with_cmplog,
		const char *work, struct fuzz_binaries *ret_binaries, char **ret_error);
void fuzz_binaries_finish(struct fuzz_binaries *binaries);

#endif
