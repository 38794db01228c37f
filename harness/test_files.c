/* test_files.c -- for unit tests: a directory of their own, and whole files written and read. */
#include "test_files.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/result.h"

char test_directory[] = "/tmp/sockdrill_test.XXXXXX";

void make_test_directory(void)
{
	cr_assert_not_null(mkdtemp(test_directory));
}

unsigned walk_test_directory(bool removes)
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

void remove_test_directory(void)
{
	walk_test_directory(true);
	rmdir(test_directory);
}

char *test_path(const char *name)
{
	return must_format("%s/%s", test_directory, name);
}

void write_bytes(const char *path, const char *bytes, size_t n)
{
	FILE *file = fopen(path, "we");

	cr_assert_not_null(file, "%s", path);
	cr_assert_eq(fwrite(bytes, 1, n, file), n, "%s", path);
	cr_assert_eq(fclose(file), 0, "%s", path);
}

void write_text(const char *path, const char *text)
{
	write_bytes(path, text, strlen(text));
}

char *read_file(const char *path)
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

static size_t first_difference(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

void expect_golden(const char *name, const char *text)
{
	char *path = must_format(GOLDEN_DIR "/%s", name);

	if (getenv("GOLDEN_UPDATE")) {
		write_text(path, text);
		cr_assert_fail("%s was written anew", path);
	}
	char *golden = read_file(path);
	cr_assert_not_null(golden, "%s", path);
	size_t at = first_difference(golden, text);
	cr_expect_str_eq(text, golden, "%s differs at byte %zu: wanted \"%.60s\", got \"%.60s\"",
			 name, at, golden + at, text + at);
	free(golden);
	free(path);
}
