/* replay.c -- runs a fuzz target on given inputs: files, and all files of given directories.
 * usage: PROGRAM [-v] PATH...     -v: names each input before it is run
 *
 * Each input lies in memory of exactly its size, so that a sanitizer sees a byte read too many.
 * Ends with 0 when all inputs were run, with 1 when there was none or one could not be read; an
 * input that breaks the target ends the program as the target does.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the sanitizers do unless their variables in the environment say else: they show the stack of
 * whatever ends the program. */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
	return "handle_abort=1:detect_leaks=1:allocator_may_return_null=1";
}

const char *__ubsan_default_options(void)
{
	return "print_stacktrace=1:halt_on_error=1";
}

static int complain(const char *path)
{
	fprintf(stderr, "replay: cannot read %s: %s\n", path, strerror(errno));
	return -1;
}

/* Its size is what stat() said; a file that grows or shrinks meanwhile is run as far as it was
 * read. */
static int run_file(const char *path, size_t size, int names)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(size ? size : 1);

	if (!file || !bytes) {
		if (file)
			fclose(file);
		free(bytes);
		return complain(path);
	}
	size_t got = fread(bytes, 1, size, file);
	fclose(file);
	if (names)
		fprintf(stderr, "replay: %s\n", path);
	/* The end of the memory is the end of the input, also when that is empty. */
	uint8_t *input = bytes + (size ? size - got : 1);
	memmove(input, bytes, got);
	LLVMFuzzerTestOneInput(input, got);
	free(bytes);
	return 1;
}

static int run_path(const char *path, int names);

/* All entries but hidden ones; the number of inputs, -1 when one could not be read. */
static int run_directory(const char *path, int names)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort), inputs = 0;

	if (count < 0)
		return complain(path);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		size_t room = strlen(path) + strlen(name) + 2;
		char *whole = malloc(room);
		int ran = 0;
		if (whole && *name != '.') {
			snprintf(whole, room, "%s/%s", path, name);
			ran = run_path(whole, names);
		}
		inputs = ran < 0 || inputs < 0 ? -1 : inputs + ran;
		free(whole);
		free(entries[i]);
	}
	free(entries);
	return inputs;
}

static int run_path(const char *path, int names)
{
	struct stat info;

	if (stat(path, &info))
		return complain(path);
	return S_ISDIR(info.st_mode) ? run_directory(path, names)
				     : run_file(path, (size_t)info.st_size, names);
}

int main(int argc, char **argv)
{
	int names = argc > 1 && !strcmp(argv[1], "-v"), inputs = 0;

	for (int i = 1 + names; i < argc; i++) {
		int ran = run_path(argv[i], names);
		if (ran < 0)
			return 1;
		inputs += ran;
	}
	if (!inputs) {
		fputs("replay: no input: name files or directories that hold some\n", stderr);
		return 1;
	}
	fprintf(stderr, "replay: %d inputs\n", inputs);
	return 0;
}
