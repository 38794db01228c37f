/* test_stderr.h -- for unit tests: what a call prints on standard error. What cannot be done here
 * ends the test.
 */
#ifndef SOCKDRILL_TEST_STDERR_H
#define SOCKDRILL_TEST_STDERR_H

#include <stdio.h>

/* Where standard error goes meanwhile, and where it went before. */
struct captured_stderr {
	FILE *file;
	int before;
};

/* From now on standard error is captured. */
struct captured_stderr capture_stderr(void);
/* Puts standard error back; returns what was printed meanwhile, new memory. */
char *release_stderr(struct captured_stderr *captured);

#endif
