/* rows.c -- the index of rows by name and family. */
#include "reports/compare/rows.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

struct rows {
	void *tree;
	struct compare_row **list;
	size_t count, room, systems;
};

struct rows *rows_begin(size_t systems)
{
	struct rows *rows = must_alloc(1, sizeof *rows);

	rows->systems = systems;
	return rows;
}

static int compare_rows(const void *a, const void *b)
{
	const struct compare_row *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (int)x->family - (int)y->family;
}

static struct compare_row *row_create(const struct result *result, size_t systems)
{
	struct compare_row *row = must_alloc(1, sizeof *row);

	row->name = must_copy(result->name);
	row->family = result->family;
	row->test = result->test;
	row->cells = must_alloc(systems, sizeof *row->cells);
	for (size_t i = 0; i < systems; i++)
		row->cells[i].likeness = LIKE_ABSENT;
	return row;
}

struct compare_row *rows_find(struct rows *rows, const struct result *result)
{
	const struct compare_row key = { .name = (char *)result->name, .family = result->family };
	const struct compare_row *const *found = tfind(&key, &rows->tree, compare_rows);

	if (found)
		return (struct compare_row *)*found;
	struct compare_row *row = row_create(result, rows->systems);
	/* As must_alloc() ends the program without memory, so does this. */
	if (!tsearch(row, &rows->tree, compare_rows))
		abort();
	if (rows->count == rows->room) {
		rows->room = rows->room ? rows->room * 2 : 1024;
		rows->list = must_grow(rows->list, rows->room, sizeof *rows->list);
	}
	rows->list[rows->count++] = row;
	return row;
}

static int compare_pointers(const void *a, const void *b)
{
	return compare_rows(*(const struct compare_row *const *)a,
			    *(const struct compare_row *const *)b);
}

static void keep_row(void *row)
{
	(void)row; /* it goes to the caller of rows_end() */
}

size_t rows_end(struct rows *rows, struct compare_row ***ret_rows)
{
	size_t count = rows->count;

	if (count)
		qsort(rows->list, count, sizeof *rows->list, compare_pointers);
	*ret_rows = rows->list;
	tdestroy(rows->tree, keep_row);
	free(rows);
	return count;
}

void row_destroy(struct compare_row *row, size_t systems)
{
	for (size_t i = 0; i < row->outcome_count; i++)
		observations_finish(row->outcomes[i].saw, row->outcomes[i].saw_count);
	for (size_t i = 0; i < systems; i++) {
		free(row->cells[i].reason);
		free(row->cells[i].known);
	}
	free(row->outcomes);
	free(row->cells);
	free(row->name);
	free(row);
}
