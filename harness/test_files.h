/* test_files.h -- for unit tests: a directory of their own, and whole files written and read. */
#ifndef SOCKDRILL_TEST_FILES_H
#define SOCKDRILL_TEST_FILES_H

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/result.h"

/* Where the test's files lie; one test is one process. */
static char test_directory[] = "/tmp/sockdrill_test.XXXXXX";

/* To be given as .init of a test or suite. */
static inline void make_test_directory(void)
{
	cr_assert_not_null(mkdtemp(test_directory));
}

/* How many entries the directory has; with `removes` they go. */
static inline unsigned walk_test_directory(bool removes)
{
	unsigned count = 0;
	DIR *directory = opendir(test_directory);

	for (struct dirent *one; directory && (one = readdir(directory));) {
		if (!strcmp(one->d_name, ".") || !strcmp(one->d_name, ".."))
			continue;
		count++;
		if (removes)
			unlinkat(dirfd(directory), one->d_name, 0);
	}
	if (directory)
		closedir(directory);
	return count;
}

/* To be given as .fini. */
static inline void remove_test_directory(void)
{
	walk_test_directory(true);
	rmdir(test_directory);
}

/* The path of a file of this test; new memory. */
static inline char *test_path(const char *name)
{
	return must_format("%s/%s", test_directory, name);
}

static inline void write_bytes(const char *path, const char *bytes, size_t n)
{
	FILE *file = fopen(path, "we");

	cr_assert_not_null(file, "%s", path);
	cr_assert_eq(fwrite(bytes, 1, n, file), n, "%s", path);
	cr_assert_eq(fclose(file), 0, "%s", path);
}

static inline void write_text(const char *path, const char *text)
{
	write_bytes(path, text, strlen(text));
}

/* What the file holds, with a NUL behind; NULL when it cannot be read. New memory. */
static inline char *read_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t n = 0, got;

	if (!file)
		return NULL;
	do {
		text = must_grow(text, n + 4097, 1);
		got = fread(text + n, 1, 4096, file);
		n += got;
	} while (got);
	text[n] = '\0';
	fclose(file);
	return text;
}

#endif
