/* excerpt_test.c -- a case's part of its file: itself and what it uses, in order, and no more. */
#include "cli/excerpt.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* ---- A small file in the manner of cases/ ---- */

/* clang-format off */
static const char file_head[] =
	"/* sample.c -- a file of cases; mentions helper() and LIMIT. */\n"
	"#include \"case.h\"\n"
	"\n"
	"#include <stdio.h>\n"
	"\n";
static const char macros[] =
	"/* How much is enough. */\n"
	"#define LIMIT 16\n";
static const char long_macro[] =
	"#define TWICE(x) \\\n"
	"\tdo { x; x; } \\\n"
	"\twhile (0)\n";
static const char enumeration[] =
	"enum { SMALL = 1, /* of LIMIT */ LARGE = 512 };\n";
static const char row_type[] =
	"/* One kind of call. */\n"
	"struct row {\n"
	"\tint size;\n"
	"\tconst char *text;\n"
	"};\n";
static const char small_row[] =
	"static const struct row small_row = { SMALL, \"}; {\" };\n";
static const char large_row[] =
	"static const struct row large_row = { LARGE, \"large\" };\n";
static const char table[] =
	"static const struct {\n"
	"\tint bit;\n"
	"\tconst char *name;\n"
	"} bits[LIMIT] = {\n"
	"\t{ 1, \"one\" },\n"
	"};\n";
static const char strings[] =
	"/* Text that looks like code: } */\n"
	"static void tricky(void)\n"
	"{\n"
	"\tputs(\"} lonely(); \\\" {\");\n"
	"\tputc('}', stdout);\n"
	"\tputc('\"', stdout);\n"
	"\tputc('\\'', stdout);\n"
	"\t/* } unused_helper() */\n"
	"}\n";
static const char helper[] =
	"static int helper(const struct row *row)\n"
	"{\n"
	"\tif (row->size > LIMIT) {\n"
	"\t\treturn 0;\n"
	"\t}\n"
	"\treturn bits[0].bit;\n"
	"}\n";
static const char lonely[] =
	"static void lonely(void)\n"
	"{\n"
	"}\n";
static const char section[] =
	"/* ---- The cases ---- */\n"
	"\n";
static const char row_server[] =
	"static void row_server(struct role *me)\n"
	"{\n"
	"\tsaw(me, \"helper\", helper(row_of(me)));\n"
	"}\n";
static const char tricky_client[] =
	"static void tricky_client(struct role *me)\n"
	"{\n"
	"\tTWICE(tricky());\n"
	"\tmeet(me, \"lonely\");\n"
	"}\n";
static const char small_case[] =
	"/* The small one. */\n"
	"const struct sock_case size_small = {\n"
	"\t.claim = \"Uses large_row in words only.\",\n"
	"\t.row = &small_row,\n"
	"\t.server = row_server,\n"
	"};\n";
static const char large_case[] =
	"const struct sock_case size_large = {\n"
	"\t.row = &large_row,\n"
	"\t.server = row_server,\n"
	"\t.client = tricky_client,\n"
	"};\n";
static const char plain_case[] =
	"const struct sock_case size = {\n"
	"\t.client = tricky_client,\n"
	"};\n";

static const char *const whole[] = {
	file_head, macros, "\n", long_macro, "\n", enumeration, "\n", row_type, "\n", small_row,
	large_row, "\n", table, "\n", strings, "\n", helper, "\n", lonely, "\n", section,
	row_server, "\n", tricky_client, "\n", small_case, "\n", large_case, "\n", plain_case, NULL,
};
/* clang-format on */

/* The parts, one behind the other, `gap` between them; new memory. */
static char *join(const char *const *parts, const char *gap)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; parts[i]; i++)
		fprintf(out, "%s%s", i ? gap : "", parts[i]);
	fclose(out);
	return text;
}

static char *excerpt_of(const char *file, const char *name)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	excerpt_put(out, file, name);
	fclose(out);
	return text;
}

/* In the order of the file, a blank line between two. */
static const struct {
	const char *name, *parts[16];
} excerpts[] = {
	{ "size_small",
	  { macros, enumeration, row_type, small_row, table, helper, row_server, small_case } },
	{ "size_large",
	  { macros, long_macro, enumeration, row_type, large_row, table, strings, helper,
	    row_server, tricky_client, large_case } },
	/* Strings, characters and comments use nothing. */
	{ "size", { long_macro, strings, tricky_client, plain_case } },
	{ "size_", { NULL } },
	{ "siz", { NULL } },
	{ "no_such_case", { NULL } },
	{ "helper", { NULL } },
	{ "", { NULL } },
};

static void expect_excerpt(const char *file, const char *name, const char *const *parts)
{
	char *wanted = join(parts, "\n"), *got = excerpt_of(file, name);

	cr_expect_str_eq(got, wanted, "'%s':\n%s", name, got);
	free(wanted);
	free(got);
}

Test(excerpt, has_what_is_used_and_no_more)
{
	char *file = join(whole, "");

	for (size_t i = 0; i < sizeof excerpts / sizeof *excerpts; i++)
		expect_excerpt(file, excerpts[i].name, excerpts[i].parts);
	free(file);
}

Test(excerpt, defines)
{
	char *file = join(whole, "");

	for (size_t i = 0; i < sizeof excerpts / sizeof *excerpts; i++)
		cr_expect_eq(excerpt_defines(file, excerpts[i].name), excerpts[i].parts[0] != NULL,
			     "'%s'", excerpts[i].name);
	free(file);
}

/* ---- Small texts ---- */

#define CASE_OF(what) "const struct sock_case a_case = {\n\t.server = " what ",\n};\n"
#define ROLE(body)    "static void role_a(struct role *me)\n{\n" body "}\n"

/* A file and what of it a_case needs. */
static const struct {
	const char *name, *text, *excerpt;
} smalls[] = {
	{ "nothing", "", "" },
	{ "blanks", " \n\t\n", "" },
	{ "a comment alone", "/* alone */\n", "" },
	{ "an open comment", CASE_OF("b") "/* open", CASE_OF("b") },
	{ "an open brace", "static int open = {\n" CASE_OF("b"), "" },
	{ "an open string", CASE_OF("b") "static char c[] = \"open", CASE_OF("b") },
	{ "no newline at the end", "const struct sock_case a_case = { 0 };",
	  "const struct sock_case a_case = { 0 };" },
	{ "itself", "int x;\n" CASE_OF("b") "int y;\n", CASE_OF("b") },
	{ "a recursive function", ROLE("\trole_a(me);\n") "\n" CASE_OF("role_a"),
	  ROLE("\trole_a(me);\n") "\n" CASE_OF("role_a") },
	{ "functions that call each other",
	  "static void b(void);\n\n" ROLE(
		  "\tb();\n") "\nstatic void b(void)\n{\n\trole_a(0);\n}\n\n" CASE_OF("role_a"),
	  "static void b(void);\n\n" ROLE(
		  "\tb();\n") "\nstatic void b(void)\n{\n\trole_a(0);\n}\n\n" CASE_OF("role_a") },
	{ "a part of a word is no use",
	  "#define LIM 1\n\n" ROLE("\tLIMIT; xLIM; LIM1;\n") "\n" CASE_OF("role_a"),
	  ROLE("\tLIMIT; xLIM; LIM1;\n") "\n" CASE_OF("role_a") },
	{ "a function is not used with its type",
	  "struct thing {\n\tint x;\n};\n\nstatic struct thing make(void)\n{\n}\n\n" ROLE(
		  "\tstruct thing t;\n") "\n" CASE_OF("role_a"),
	  "struct thing {\n\tint x;\n};\n\n" ROLE("\tstruct thing t;\n") "\n" CASE_OF("role_a") },
	{ "a type is used with its function",
	  "struct thing {\n\tint x;\n};\n\nstatic struct thing make(void)\n{\n}\n\n" ROLE(
		  "\tmake();\n") "\n" CASE_OF("role_a"),
	  "struct thing {\n\tint x;\n};\n\nstatic struct thing make(void)\n{\n}\n\n" ROLE(
		  "\tmake();\n") "\n" CASE_OF("role_a") },
	{ "a function that gives an enum",
	  "enum color { RED, GREEN };\n\nenum color pick(void)\n{\n\tint role_x = RED;\n}\n\n" ROLE(
		  "\tint role_x = RED;\n") "\n" CASE_OF("role_a"),
	  "enum color { RED, GREEN };\n\n" ROLE("\tint role_x = RED;\n") "\n" CASE_OF("role_a") },
	{ "a constant of an enum with a name",
	  "enum color { RED, GREEN };\n\n" ROLE("\tint x = GREEN;\n") "\n" CASE_OF("role_a"),
	  "enum color { RED, GREEN };\n\n" ROLE("\tint x = GREEN;\n") "\n" CASE_OF("role_a") },
	{ "a list of functions",
	  "static void (*const calls[])(void) = { spare };\n\n" ROLE(
		  "\tcalls[0]();\n") "\n" CASE_OF("role_a"),
	  "static void (*const calls[])(void) = { spare };\n\n" ROLE(
		  "\tcalls[0]();\n") "\n" CASE_OF("role_a") },
	{ "a list of functions that is not used",
	  "static void (*const calls[])(void) = { role_a };\n\n" ROLE("\tvoid *p;\n") "\n" CASE_OF(
		  "role_a"),
	  ROLE("\tvoid *p;\n") "\n" CASE_OF("role_a") },
	{ "values and types of constants are not their names",
	  "#define LIMIT 3\n\nenum { ONE = LIMIT, TWO };\n\n" ROLE(
		  "\tint x = LIMIT;\n") "\n" CASE_OF("role_a"),
	  "#define LIMIT 3\n\n" ROLE("\tint x = LIMIT;\n") "\n" CASE_OF("role_a") },
	{ "members are no names",
	  "struct row {\n\tint size;\n};\n\n" ROLE("\tint size;\n") "\n" CASE_OF("role_a"),
	  ROLE("\tint size;\n") "\n" CASE_OF("role_a") },
	{ "several objects in one line",
	  "static int one, two[2], three;\n\n" ROLE("\ttwo[0] = 1;\n") "\n" CASE_OF("role_a"),
	  "static int one, two[2], three;\n\n" ROLE("\ttwo[0] = 1;\n") "\n" CASE_OF("role_a") },
	{ "a pointer and a list",
	  "static const char *const words[] = { \"a\" };\n\nstatic char *spare;\n\n" ROLE(
		  "\tputs(words[0]);\n") "\n" CASE_OF("role_a"),
	  "static const char *const words[] = { \"a\" };\n\n" ROLE(
		  "\tputs(words[0]);\n") "\n" CASE_OF("role_a") },
};

Test(excerpt, small_texts)
{
	for (size_t i = 0; i < sizeof smalls / sizeof *smalls; i++) {
		char *got = excerpt_of(smalls[i].text, "a_case");
		cr_expect_str_eq(got, smalls[i].excerpt, "%s:\n%s", smalls[i].name, got);
		free(got);
	}
}
