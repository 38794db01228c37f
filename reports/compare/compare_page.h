/* compare_page.h -- the parts of the page that compares systems. */
#ifndef SOCKDRILL_COMPARE_PAGE_H
#define SOCKDRILL_COMPARE_PAGE_H

#include "reports/compare/compare.h"

/* Classes of style: the colour of a cell's letter, by its likeness. */
const char *likeness_css(enum likeness likeness);
/* All rows of the matrix. */
void put_compare_rows(const struct comparison *comparison, FILE *out);

#endif
