/* rows.h -- the rows of a comparison while it is read: found by name and family, at addresses that
 * stay. */
#ifndef SOCKDRILL_COMPARE_ROWS_H
#define SOCKDRILL_COMPARE_ROWS_H

#include "reports/compare/compare.h"

struct rows;

/* For rows of that many systems. */
struct rows *rows_begin(size_t systems);
/* The row of the result's instance; made, with every cell absent, when it is the first of it. */
struct compare_row *rows_find(struct rows *rows, const struct result *result);
/* Frees the index; the rows, sorted by name and family, go to the caller: their number is given. */
size_t rows_end(struct rows *rows, struct compare_row ***ret_rows);

void row_destroy(struct compare_row *row, size_t systems);

#endif
