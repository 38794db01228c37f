/* test_files.h -- for unit tests: a directory of their own, whole files written and read, and texts
 * held against golden files. What cannot be done here ends the test.
 */
#ifndef SOCKDRILL_TEST_FILES_H
#define SOCKDRILL_TEST_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Where the test's files lie; one test is one process. */
extern char test_directory[];

/* To be given as .init of a test or suite, */
void make_test_directory(void);
/* and as .fini. */
void remove_test_directory(void);
/* How many entries the directory has; with `removes` they go. */
unsigned walk_test_directory(bool removes);
/* The path of a file of this test; new memory. */
char *test_path(const char *name);

void write_bytes(const char *path, const char *bytes, size_t n);
void write_text(const char *path, const char *text);
/* What the file holds, with a NUL behind; NULL when it cannot be read. New memory. */
char *read_file(const char *path);

/* The text is that of the golden file. After a change of a format: GOLDEN_UPDATE=1 and the test
 * writes its golden files anew and fails; look at the difference before it is kept. */
void expect_golden(const char *name, const char *text);

#endif
