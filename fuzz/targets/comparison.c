/* comparison.c -- fuzzes comparisons of results files: a byte of options, then files, which a line
 * of two dashes separates; what stands before the first such line is a baseline of known reasons.
 */
#include <stdio.h>
#include <sys/mman.h>

#include "protocol/property.h"
#include "reports/compare/compare.h"

enum { INPUT_MAX = 1 << 16, FILES_MAX = 4 };

/* Bits of the options. */
enum { ALL = 1, MARKDOWN = 2, PAGE = 4, SELECT = 8 };

/* Files of memory, for readers want paths: made before main, so that no call differs. */
static int files[FILES_MAX];
static char paths[FILES_MAX][32];

__attribute__((constructor)) static void make_files(void)
{
	for (int i = 0; i < FILES_MAX; i++) {
		files[i] = memfd_create("fuzz", MFD_CLOEXEC);
		property(files[i] >= 0);
		snprintf(paths[i], sizeof paths[i], "/proc/self/fd/%d", files[i]);
	}
}

static void fill_file(int file, const uint8_t *bytes, size_t n)
{
	property(ftruncate(file, 0) == 0);
	property(pwrite(file, bytes, n, 0) == (ssize_t)n);
}

/* Gives how many files there are. */
static size_t fill_files(const uint8_t *at, size_t n)
{
	static const char mark[] = "--\n";
	size_t count = 0;

	for (;;) {
		const uint8_t *next =
			count + 1 < FILES_MAX ? memmem(at, n, mark, sizeof mark - 1) : NULL;
		fill_file(files[count++], at, next ? (size_t)(next - at) : n);
		if (!next)
			return count;
		n -= (size_t)(next - at) + sizeof mark - 1;
		at = next + sizeof mark - 1;
	}
}

/* Lines of text, apart from the colours of a terminal, which are not asked for. */
static bool is_text(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((unsigned char)text[i] < 0x20 && text[i] != '\n' && text[i] != '\t') ||
		    text[i] == 0x7f)
			return false;
	return true;
}

static void check_written(const struct comparison *comparison, compare_writer *put, bool all)
{
	const struct compare_options options = { .all = all, .width = 80 };
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	property(out != NULL);
	put(comparison, &options, out);
	property(fclose(out) == 0);
	property(n && is_text(text, n));
	free(text);
}

static void check_system(const struct comparison *comparison, size_t index)
{
	const struct system *system = &comparison->systems[index];
	unsigned rows = 0, common, equal, back, same;

	for (int i = 0; i < LIKE_COUNT; i++)
		rows += system->like[i];
	property(rows == comparison->row_count);
	property(system->differs == system->allowed + system->documented + system->new_ones);
	property(system->violates <= system->differs && system->differs <= system->common);
	property(index || !system->differs);
	comparison_distance(comparison, 0, index, &common, &equal);
	comparison_distance(comparison, index, 0, &back, &same);
	property(common == back && equal == same && equal <= common);
	property(common == system->common && common - equal == system->differs);
	for (size_t i = 0; i < index; i++)
		property(strcmp(system->name, comparison->systems[i].name) != 0);
	char *line = comparison_headline(comparison, index);
	property(line && !strchr(line, '\n'));
	free(line);
}

static void check_rows(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->row_count; i++) {
		const struct compare_row *row = comparison->rows[i];
		unsigned systems = 0, absent = 0;
		for (size_t k = 0; k < row->outcome_count; k++)
			systems += row->outcomes[k].systems;
		for (size_t k = 0; k < comparison->system_count; k++)
			absent += row->cells[k].likeness == LIKE_ABSENT;
		property(systems + absent == comparison->system_count);
		property(!i || strcmp(comparison->rows[i - 1]->name, row->name) <= 0);
	}
}

static void check_error(char *error)
{
	property(error && !strchr(error, '\n') && is_text(error, strlen(error)));
	free(error);
}

static void check_comparison(struct comparison *comparison, unsigned options)
{
	static const char *const globs[] = { "a*", "*/inet" };
	char *error = NULL;

	if (options & SELECT)
		comparison_select(comparison, globs, 2);
	check_rows(comparison);
	for (size_t i = 0; i < comparison->system_count; i++)
		check_system(comparison, i);
	if (!comparison_is_whole(comparison, &error)) {
		check_error(error);
		return;
	}
	check_written(comparison, compare_put_terminal, options & ALL);
	check_written(comparison, compare_put_json, options & ALL);
	if (options & MARKDOWN)
		check_written(comparison, compare_put_markdown, options & ALL);
	if (options & PAGE)
		check_written(comparison, compare_put_html, options & ALL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct comparison comparison;
	char *error = NULL;
	const char *known[1] = { paths[0] }, *results[FILES_MAX];

	if (size == 0 || size > INPUT_MAX)
		return 0;
	size_t count = fill_files(data + 1, size - 1);
	for (size_t i = 1; i < count; i++)
		results[i - 1] = paths[i];
	if (count < 2)
		return 0;
	if (comparison_read(results, count - 1, known, 1, &comparison, &error)) {
		check_comparison(&comparison, data[0]);
		comparison_finish(&comparison);
	} else {
		check_error(error);
	}
	return 0;
}
