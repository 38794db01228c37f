/* want.h -- expectations against canonical text. Pure. */
#ifndef SOCKDRILL_WANT_H
#define SOCKDRILL_WANT_H

#include "case.h"
#include "os/os.h"

/* Whether the observed text is what is wanted. WANT_ANY fits everything, WANT_UNSET nothing. */
bool want_fits(const struct want *want, const char *value);

/* The expectation in words, as reports show it: "0", "1..5", "at least 3", "-1 EAGAIN",
 * "-1 EAGAIN or -1 EINVAL", "any". The caller frees it. */
char *want_text(const struct want *want);

/* Whether the row is about this family. */
bool row_stands(const struct expect *row, enum family family);

/* What is wanted over this family: of BY_FAMILY one of its choices, else the want itself. */
const struct want *want_of_family(const struct want *want, enum family family);

/* What the row says of the described system alone, its .before or its .on; NULL: nothing. */
const struct want *want_special(const struct expect *row, const struct os_facts *facts);
/* What applies to this row over the family on the described system: its .before, its .on, else its
 * .want. *ret_special says that it was not .want. */
const struct want *want_here(const struct expect *row, enum family family,
			     const struct os_facts *facts, bool *ret_special);

/* The row's own standing, else the case's. */
enum standing row_standing(const struct sock_case *test, const struct expect *row);
/* "SHALL", "MAY", "SYSTEM"; "" while it is not set. */
const char *standing_name(enum standing standing);

#endif
