/* list_cases.c -- build tool: finds every case in the files of cases/ and writes the list of them,
 * sorted by name: CASE(name, "path", line) a line.
 * Usage: list_cases OUT DEPFILE PREFIX FILE...  PREFIX is cut from the front of the paths.
 *
 * A file that stands beside those given and is none of them was forgotten in cases/meson.build: an
 * error. The folders are written to DEPFILE, so that ninja asks again when one of them changes. */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char opening[] = "const struct sock_case ";

struct found {
	char *name;
	const char *path;
	int line;
};

struct list {
	struct found *cases;
	size_t count;
	char **files; /* as given */
	int file_count;
	const char *prefix;
};

static const char *without_prefix(const struct list *list, const char *path)
{
	size_t n = strlen(list->prefix);
	const char *rest = strncmp(path, list->prefix, n) ? path : path + n;

	return rest + strspn(rest, "/");
}

static int complain(const char *path, const char *why)
{
	fprintf(stderr, "list_cases: %s: %s\n", path, why);
	return 1;
}

static int add_case(struct list *list, const char *name, const char *path, int line)
{
	struct found *cases = realloc(list->cases, (list->count + 1) * sizeof *cases);

	if (!cases)
		return complain(path, "out of memory");
	list->cases = cases;
	cases[list->count] = (struct found){ strndup(name, strcspn(name, " =")), path, line };
	return cases[list->count++].name ? 0 : complain(path, "out of memory");
}

static int read_file(struct list *list, const char *path)
{
	FILE *in = fopen(path, "r");
	char text[4096];
	int line = 1, failed = 0;

	if (!in)
		return complain(path, strerror(errno));
	while (!failed && fgets(text, sizeof text, in)) {
		if (!strncmp(text, opening, sizeof opening - 1))
			failed = add_case(list, text + sizeof opening - 1,
					  without_prefix(list, path), line);
		line += strchr(text, '\n') != NULL;
	}
	fclose(in);
	return failed;
}

static bool is_given(const struct list *list, const char *path)
{
	for (int i = 0; i < list->file_count; i++)
		if (!strcmp(list->files[i], path))
			return true;
	return false;
}

/* Looks for files of the folder that were not given. */
static int check_folder(const struct list *list, const char *folder)
{
	DIR *entries = opendir(folder);
	int failed = 0;

	if (!entries)
		return complain(folder, strerror(errno));
	for (const struct dirent *one; (one = readdir(entries));) {
		size_t n = strlen(one->d_name);
		char *path;
		if (n < 2 || strcmp(one->d_name + n - 2, ".c") != 0 || one->d_name[0] == '.')
			continue;
		if (asprintf(&path, "%s/%s", folder, one->d_name) < 0)
			failed = complain(folder, "out of memory");
		else if (!is_given(list, path))
			failed = complain(without_prefix(list, path),
					  "is not built: add it to cases/meson.build");
		free(path);
	}
	closedir(entries);
	return failed;
}

static bool is_first_of_folder(const struct list *list, int index, size_t folder_length)
{
	for (int i = 0; i < index; i++)
		if (!strncmp(list->files[i], list->files[index], folder_length + 1) &&
		    !strchr(list->files[i] + folder_length + 1, '/'))
			return false;
	return true;
}

static int check_folders(const struct list *list, FILE *depfile, const char *out)
{
	int failed = 0;

	fprintf(depfile, "%s:", out);
	for (int i = 0; i < list->file_count; i++) {
		const char *slash = strrchr(list->files[i], '/');
		size_t n = slash ? (size_t)(slash - list->files[i]) : 0;
		char folder[4096];
		if (!slash || !is_first_of_folder(list, i, n))
			continue;
		snprintf(folder, sizeof folder, "%.*s", (int)n, list->files[i]);
		fprintf(depfile, " %s", folder);
		failed |= check_folder(list, folder);
	}
	fputc('\n', depfile);
	return failed;
}

static int by_name(const void *a, const void *b)
{
	const struct found *one = a, *other = b;

	return strcmp(one->name, other->name);
}

static int put_cases(struct list *list, FILE *out)
{
	if (list->count)
		qsort(list->cases, list->count, sizeof *list->cases, by_name);
	for (size_t i = 0; i < list->count; i++) {
		const struct found *one = &list->cases[i];
		if (i && !strcmp(one->name, list->cases[i - 1].name))
			return complain(one->path, "a case of another file has this name, too");
		fprintf(out, "CASE(%s, \"%s\", %d)\n", one->name, one->path, one->line);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct list list = { .files = argv + 4,
			     .file_count = argc - 4,
			     .prefix = argc > 3 ? argv[3] : "" };

	if (argc < 5)
		return complain("usage", "list_cases OUT DEPFILE PREFIX FILE...");
	FILE *out = fopen(argv[1], "w"), *depfile = fopen(argv[2], "w");
	if (!out || !depfile)
		return complain(argv[1], strerror(errno));
	int failed = check_folders(&list, depfile, argv[1]);
	for (int i = 0; i < list.file_count && !failed; i++)
		failed = read_file(&list, list.files[i]);
	if (!failed)
		failed = put_cases(&list, out);
	failed |= ferror(out) | fclose(out) | fclose(depfile);
	for (size_t i = 0; i < list.count; i++)
		free(list.cases[i].name);
	free(list.cases);
	/* Ninja must not take it for made. */
	if (failed)
		remove(argv[1]);
	return failed ? 1 : 0;
}
