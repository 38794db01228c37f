/* page.h -- what the HTML pages share: the frame with style and script, escaping, and the details
 * of a behaviour. Writers of HTML use nothing beyond the C library.
 *
 * A page is one file that asks for nothing outside of it. Every text that was not made here goes
 * through put_html(): names and values come from files that nobody vouches for.
 */
#ifndef SOCKDRILL_PAGE_H
#define SOCKDRILL_PAGE_H

#include <stdio.h>

#include "engine/result.h"

/* The text, fit for content and for attributes in double quotes. Characters that would turn the
 * reading direction or show nothing are written as \u202e, bytes that are no text as U+FFFD. */
void put_html(FILE *out, const char *text);
/* At most `most` bytes of it, and an ellipsis when there is more; new memory. */
char *shorten(const char *text, size_t most);
/* "NAME/FAMILY", or "NAME" for NO_FAMILY, with what no fragment of an address may have as %XX. */
void put_anchor(FILE *out, const char *name, enum family family);

/* All in front of the content: head, style, script, and the title as heading. `lead` is the line
 * below it. */
void page_begin(FILE *out, const char *title, const char *lead);
/* The style sheet of ladders, which is a part of every page's. */
const char *page_ladder_style(void);
/* The controls that the script brings to life; in front of the first table of behaviours. */
void page_put_controls(FILE *out);
void page_end(FILE *out, const char *tool);

/* One entry of a list of letters with their meaning. `css` is the class of their colour. */
void page_put_legend(FILE *out, const char *css, char letter, const char *name,
		     const char *meaning);

/* Rows of a table body: bodies out of sight are not laid out, so that thousands of rows stay quick.
 */
enum { PAGE_BODY_ROWS = 25 };

/* The head of a row up to where its cells begin; what follows it in order: begin, details, end. The
 * claim, its source and what to write to be portable are told first; `first` is the row to which
 * an address with the name alone leads. */
struct row_head {
	const char *name;
	enum family family;
	const struct sock_case *test; /* NULL: unknown to this program */
	bool first;
	bool open;       /* details are shown from the start */
	const char *css; /* of the row; "" for none */
};
void page_begin_row(FILE *out, const struct row_head *head);
/* run_command: what stands before the name of a case to run it, "sockdrill run". */
void page_end_details(FILE *out, const struct row_head *head, const char *run_command);

#endif
