/* check.c -- looks for what is wrong with a descriptor: the rules of CONTRIBUTING.md that can be
 * seen in the data. */
#include "engine/check.h"

#include <ctype.h>
#include <stdarg.h>

#include "engine/result.h"
#include "engine/want.h"

/* A descriptor while it is looked at. */
struct checking {
	const struct entry *entry;
	FILE *out; /* NULL: only counted */
	unsigned faults;
};

static void fault(struct checking *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void fault(struct checking *c, const char *format, ...)
{
	va_list args;

	c->faults++;
	if (!c->out)
		return;
	fprintf(c->out, "%s:%d: %s: ", c->entry->file ? c->entry->file : "?", c->entry->line,
		c->entry->name);
	va_start(args, format);
	vfprintf(c->out, format, args);
	va_end(args);
	fputc('\n', c->out);
}

static bool is_empty(const char *text)
{
	return !text || !*text;
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text >= 0x7f)
			return false;
	return true;
}

static unsigned row_count(const struct sock_case *test)
{
	unsigned n = 0;

	while (n < EXPECT_MAX && test->expect[n].label)
		n++;
	return n;
}

/* ---- Name, claim, source ---- */

static void check_name(struct checking *c)
{
	const char *name = c->entry->name;

	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] ||
	    !islower((unsigned char)*name))
		fault(c, "a name is of a-z, 0-9 and _, and begins with a letter");
	if (!strchr(name, '_'))
		fault(c, "a name begins with its area: area_situation_outcome");
}

/* "recv() returns ..." */
static bool begins_with_call(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n && text[n] == '(';
}

static void check_claim(struct checking *c)
{
	const char *claim = c->entry->test->claim;

	if (is_empty(claim)) {
		fault(c, "it has no .claim: one sentence that a user can rely on");
		return;
	}
	if (!isupper((unsigned char)*claim) && !begins_with_call(claim))
		fault(c, "the claim must begin with a capital or a call's name");
	if (claim[strlen(claim) - 1] != '.')
		fault(c, "the claim must end with a full stop");
	if (strstr(claim, ". "))
		fault(c, "the claim must be one sentence");
	if (!is_printable(claim))
		fault(c, "the claim must be printable ASCII");
}

/* "POSIX.1-2024 recv(), RETURN VALUE": behind the call stands a section. */
static bool posix_has_section(const char *source)
{
	const char *posix = strstr(source, "POSIX");

	return !posix || strchr(posix, ',') || strstr(posix, "<") || strstr(posix, "XSH") ||
	       strstr(posix, "XBD");
}

/* "RFC 9293, section 3.6". */
static bool rfc_has_section(const char *source)
{
	return !strstr(source, "RFC ") || strstr(source, "section") || strstr(source, "Section") ||
	       strstr(source, "appendix");
}

static bool names_manual_page(const char *source)
{
	const char *open = strchr(source, '(');

	for (; open; open = strchr(open + 1, '('))
		if (isdigit((unsigned char)open[1]) && strchr(open, ')'))
			return true;
	return false;
}

static void check_source(struct checking *c)
{
	const struct sock_case *test = c->entry->test;
	const char *source = test->source;

	if (is_empty(source)) {
		fault(c,
		      "it has no .source: a clause of POSIX, a section of an RFC, a manual page");
		return;
	}
	if (!posix_has_section(source))
		fault(c,
		      "the source names POSIX without a section: \"POSIX.1-2024 recv(), ERRORS\"");
	if (!rfc_has_section(source))
		fault(c, "the source names an RFC without a section");
	if (strstr(source, "nspecified") && !strstr(source, "POSIX"))
		fault(c, "the source says \"unspecified\" without saying by whom");
	if (test->standing == SYSTEM && !names_manual_page(source) && !strstr(source, "Linux"))
		fault(c, "a SYSTEM claim's source is that system's manual page or document");
}

/* ---- Families, needs, roles ---- */

static void check_families(struct checking *c)
{
	const unsigned families = c->entry->test->families;

	if (!families)
		fault(c, "it has no .families: INET, INET6, UNIX, or NO_FAMILY");
	if (families & ~(unsigned)(INET | INET6 | UNIX | NO_FAMILY))
		fault(c, ".families has a bit that is no family");
	if (families & NO_FAMILY && families != NO_FAMILY)
		fault(c, "NO_FAMILY stands alone");
}

static void check_roles(struct checking *c)
{
	const struct sock_case *test = c->entry->test;

	if (!test->server && !test->client)
		fault(c, "it has no role: .server, .client or both");
	if (test->needs >> NEEDS_COUNT)
		fault(c, ".needs has a bit that is no need");
	if (!row_count(test))
		fault(c, "it has no row in .expect");
	for (unsigned i = row_count(test); i < EXPECT_MAX; i++)
		if (test->expect[i].label)
			fault(c, "the row \"%s\" stands behind a gap", test->expect[i].label);
}

/* ---- Standing ---- */

static bool is_open(const struct expect *row)
{
	for (int os = 0; os < OS_COUNT; os++)
		if (row->on[os].kind != WANT_UNSET)
			return true;
	return row->want.kind == WANT_ANY;
}

/* Words by which a claim says that it is no law. */
static bool says_may(const char *claim)
{
	static const char *const words[] = { " may ", "Linux", "lwIP", "BSD", " macOS", "systems" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(claim, words[i]))
			return true;
	return false;
}

static void check_standing(struct checking *c)
{
	const struct sock_case *test = c->entry->test;
	unsigned open = 0, rows = row_count(test);

	if (test->standing == STANDING_UNSET || test->standing > SYSTEM)
		fault(c, "it has no .standing: SHALL, MAY or SYSTEM");
	if (test->system >= OS_COUNT)
		fault(c, ".system is no system");
	if (test->standing != SYSTEM && test->system)
		fault(c, ".system stands with .standing = SYSTEM only");
	for (unsigned i = 0; i < rows; i++)
		open += is_open(&test->expect[i]);
	if (open * 2 > rows && test->standing != SYSTEM && !is_empty(test->claim) &&
	    !says_may(test->claim))
		fault(c,
		      "%u of %u rows are ANY or differ by system: the claim must say \"may\" or "
		      "name who does what",
		      open, rows);
}

/* ---- Rows ---- */

static unsigned families_of(const struct sock_case *test, const struct expect *row)
{
	return row->only ? row->only : test->families;
}

static bool differs_somewhere(const struct expect *row)
{
	for (int os = 0; os < OS_COUNT; os++)
		if (row->on[os].kind != WANT_UNSET)
			return true;
	return row->before.want.kind != WANT_UNSET;
}

static void check_label(struct checking *c, const struct expect *row)
{
	const struct sock_case *test = c->entry->test;

	if (!*row->label || strlen(row->label) > 80 || !is_printable(row->label))
		fault(c, "a label is 1 to 80 bytes of printable ASCII, not \"%s\"", row->label);
	if (!(row->who == SERVER ? test->server : test->client))
		fault(c, "the row \"%s\" is of a role that it has not", row->label);
	for (const struct expect *before = test->expect; before < row; before++)
		if (before->who == row->who && !strcmp(before->label, row->label) &&
		    families_of(test, before) & families_of(test, row))
			fault(c, "there are two rows for \"%s\"", row->label);
}

/* Every family of the row has its choice, and no other has one. */
static void check_choices(struct checking *c, const struct expect *row, const struct want *want)
{
	static const enum family families[] = { INET, INET6, UNIX };

	if (want->kind != WANT_BY_FAMILY)
		return;
	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		bool has = families_of(c->entry->test, row) & families[i];
		bool wanted = want->choices[i].kind != WANT_UNSET;
		if (has != wanted)
			fault(c, "\"%s\": BY_FAMILY has %s for %s", row->label,
			      wanted ? "a value" : "NOT_HERE", family_name(families[i]));
	}
}

static void check_row(struct checking *c, const struct expect *row)
{
	check_label(c, row);
	if (row->want.kind == WANT_UNSET)
		fault(c, "the row \"%s\" wants nothing: ANY, where anything may come", row->label);
	if (row->only & ~c->entry->test->families)
		fault(c, "\"%s\": .only names a family that the case has not", row->label);
	if (differs_somewhere(row) && is_empty(row->why))
		fault(c, "\"%s\": .on and .before need a .why", row->label);
	if (!differs_somewhere(row) && row->why)
		fault(c, "\"%s\": .why stands without .on or .before", row->label);
	if ((row->before.want.kind != WANT_UNSET) != (row->before.version != 0) ||
	    row->before.os >= OS_COUNT)
		fault(c, "\"%s\": .before takes a system, a version and a want", row->label);
	if (row->standing > SYSTEM)
		fault(c, "\"%s\": .standing is SHALL, MAY or SYSTEM", row->label);
	check_choices(c, row, &row->want);
	check_choices(c, row, &row->before.want);
	for (int os = 0; os < OS_COUNT; os++)
		check_choices(c, row, &row->on[os]);
}

static void check_portable(struct checking *c)
{
	const struct sock_case *test = c->entry->test;

	for (unsigned i = 0; i < row_count(test); i++) {
		if (!differs_somewhere(&test->expect[i]) || !is_empty(test->portable))
			continue;
		fault(c, "systems differ in \"%s\", and no .portable says what to write",
		      test->expect[i].label);
		return;
	}
}

unsigned check_case(const struct entry *entry, FILE *out)
{
	struct checking c = { .entry = entry, .out = out };

	check_name(&c);
	check_claim(&c);
	check_source(&c);
	check_families(&c);
	check_roles(&c);
	check_standing(&c);
	for (unsigned i = 0; i < row_count(entry->test); i++)
		check_row(&c, &entry->test->expect[i]);
	check_portable(&c);
	return c.faults;
}
