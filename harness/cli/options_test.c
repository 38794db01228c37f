/* options_test.c -- tables of options: what is read by them, what is refused and how, and their
 * help.
 */
#include "cli/options.h"

#include <criterion/criterion.h>

#include "cli/cli.h"
#include "cli/run_options.h"
#include "test_stderr.h"

/* ---- A command with an option of each kind ---- */

enum { NAMES_MAX = 3, ARGS_MAX = 8 };

struct sample {
	bool loud;
	int level, quiet;
	enum color color;
	unsigned small;
	long long large;
	const char *file, *flags;
	const char *names[NAMES_MAX];
	size_t name_count;
	const char *shape; /* what its own reader took; "none": nothing was given */
};

static enum option_outcome take_shape(const struct option_row *row, const char *text, void *options)
{
	struct sample *sample = options;

	(void)row;
	sample->shape = text ? text : "none";
	return text && strchr(text, '!') ? OPTION_REFUSED : OPTION_TAKEN;
}

static char *list_shapes(void)
{
	return must_copy("circle or square");
}

static const char *find_blank(const char *text)
{
	return strchr(text, ' ') ? "it has a blank" : NULL;
}

#define IN(member) FIELD(struct sample, member)
static const struct option_row rows[] = {
	{ .help = "kinds" },
	{ "loud", 0, NULL, "a switch", OPTION_SWITCH(IN(loud)) },
	{ "level", 'l', NULL, "a counter", OPTION_COUNTER(IN(level)) },
	{ "quiet", 'q', NULL, "a value of its own", OPTION_SET(IN(quiet), -1) },
	{ "color", 0, NULL, "a word", OPTION_WORD(IN(color), color_words) },
	{ "small", 's', "N", "a number of four bytes", OPTION_NUMBER(IN(small), 1, 9) },
	{ "large", 0, "MS", "a number of eight bytes, which is told with many words here",
	  OPTION_NUMBER(IN(large), -5, INT64_MAX), .allowed = "milliseconds" },
	{ "file", 'f', "FILE", "a text", OPTION_TEXT(IN(file)) },
	{ "flags", 0, "WORDS", "a text that may be empty", OPTION_ANY_TEXT(IN(flags)) },
	{ "name", 0, "NAME", "a list", OPTION_LIST(struct sample, names, name_count),
	  .check = find_blank },
	{ "shape", 0, "[=SHAPE]", "a reader of its own: %s, and more", .read = take_shape,
	  .allowed_list = list_shapes },
	{ 0 },
};
#undef IN

static const struct command mixing = { .name = "mix", .options = rows };
static const struct command running = { .name = "go", .options = rows, .operands_last = true };

/* A command line whose order may change, ended by NULL. */
struct line {
	char *words[ARGS_MAX + 2];
	int count;
};

static struct line line_of(const char *const args[ARGS_MAX])
{
	struct line line = { .words = { (char *)"command" }, .count = 1 };

	for (int i = 0; i < ARGS_MAX && args[i]; i++)
		line.words[line.count++] = (char *)args[i];
	return line;
}

static int read_line(const struct command *command, struct line *line, struct sample *ret_sample,
		     char **ret_error)
{
	struct captured_stderr captured = capture_stderr();

	*ret_sample = (struct sample){ 0 };
	int first = options_read(command, line->count, line->words, ret_sample);
	*ret_error = release_stderr(&captured);
	return first;
}

/* ---- What is read ---- */

static char *text_of(const struct sample *s)
{
	char *text = must_format("%d %d %d %d %u %lld %s %s %s", s->loud, s->level, s->quiet,
				 (int)s->color, s->small, s->large, s->file ? s->file : "-",
				 s->flags ? s->flags : "-", s->shape ? s->shape : "-");

	for (size_t i = 0; i < s->name_count; i++) {
		char *longer = must_format("%s %s", text, s->names[i]);
		free(text);
		text = longer;
	}
	return text;
}

static const struct {
	const char *args[ARGS_MAX], *text, *first; /* the first operand; NULL: none */
} goods[] = {
	{ { NULL }, "0 0 0 0 0 0 - - -", NULL },
	{ { "--loud" }, "1 0 0 0 0 0 - - -", NULL },
	{ { "-lql", "--level" }, "0 3 -1 0 0 0 - - -", NULL },
	{ { "--color", "never" }, "0 0 0 2 0 0 - - -", NULL },
	{ { "-s9", "--large=-5" }, "0 0 0 0 9 -5 - - -", NULL },
	{ { "--large=9223372036854775807" }, "0 0 0 0 0 9223372036854775807 - - -", NULL },
	{ { "-f", "--loud" }, "0 0 0 0 0 0 --loud - -", NULL },
	{ { "-lf", "a" }, "0 1 0 0 0 0 a - -", NULL },
	{ { "--flags=" }, "0 0 0 0 0 0 -  -", NULL },
	{ { "--name", "a", "--name=b", "--name", "c" }, "0 0 0 0 0 0 - - - a b c", NULL },
	{ { "--shape" }, "0 0 0 0 0 0 - - none", NULL },
	{ { "--shape=square" }, "0 0 0 0 0 0 - - square", NULL },
	{ { "--shape", "square" }, "0 0 0 0 0 0 - - none", "square" },
	{ { "--sm", "3" }, "0 0 0 0 3 0 - - -", NULL },
	{ { "--", "--loud" }, "0 0 0 0 0 0 - - -", "--loud" },
};

Test(options, good)
{
	for (size_t i = 0; i < sizeof goods / sizeof *goods; i++) {
		struct line line = line_of(goods[i].args);
		struct sample sample;
		char *error;
		int first = read_line(&mixing, &line, &sample, &error);
		char *text = text_of(&sample);
		cr_expect_str_eq(error, "", "%zu: %s", i, error);
		cr_expect_str_eq(text, goods[i].text, "%zu: %s", i, text);
		cr_assert_gt(first, 0, "%zu", i);
		cr_expect_str_eq(first < line.count ? line.words[first] : "(none)",
				 goods[i].first ? goods[i].first : "(none)", "%zu", i);
		free(text);
		free(error);
	}
}

/* Where a command to run follows, its options are its own. */
Test(options, order)
{
	static const char *const args[ARGS_MAX] = { "--loud", "program", "--level" };
	struct line line = line_of(args);
	struct sample sample;
	char *error;

	cr_expect_eq(read_line(&mixing, &line, &sample, &error), 3);
	cr_expect(sample.loud && sample.level == 1);
	free(error);
	line = line_of(args);
	cr_expect_eq(read_line(&running, &line, &sample, &error), 2);
	cr_expect(sample.loud && sample.level == 0);
	free(error);
}

/* ---- What is refused ---- */

static const struct {
	const char *args[ARGS_MAX], *error;
} bads[] = {
	{ { "--color", "red" }, "--color cannot be 'red': it takes auto, always or never" },
	{ { "-s", "0" }, "--small cannot be '0': it takes a number from 1 to 9" },
	{ { "--large=x" },
	  "--large cannot be 'x': it takes milliseconds from -5 to 9223372036854775807" },
	{ { "--file=" }, "--file cannot be '': it takes a FILE" },
	{ { "--name", "a b" }, "--name cannot be 'a b': it has a blank" },
	{ { "--name=" }, "--name cannot be '': it takes a NAME" },
	{ { "--name=a", "--name=b", "--name=c", "--name=d" }, "--name is given more than 3 times" },
	{ { "--shape=!" }, "--shape cannot be '!': it takes circle or square" },
	{ { "--file" }, "option '--file' needs a value: a FILE" },
	{ { "-lf" }, "option '-f' needs a value: a FILE" },
	{ { "--color" }, "option '--color' needs a value: auto, always or never" },
	{ { "--loud=1" }, "option '--loud' takes no value" },
	{ { "--l" }, "option '--l' is the beginning of several: --loud, --level, --large" },
	{ { "--s=1" }, "option '--s' is the beginning of several: --small, --shape" },
	{ { "--lewel" }, "unknown option '--lewel': did you mean '--level'?" },
	{ { "--COLOUR=1" }, "unknown option '--COLOUR=1': did you mean '--color'?" },
	{ { "-color" }, "unknown option '-c': did you mean '--color'?" },
	{ { "-x" }, "unknown option '-x': 'sockdrill mix --help' lists them" },
	{ { "--frobnicate" }, "unknown option '--frobnicate': 'sockdrill mix --help' lists them" },
};

Test(options, bad)
{
	for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
		struct line line = line_of(bads[i].args);
		struct sample sample;
		char *error;
		cr_expect_eq(read_line(&mixing, &line, &sample, &error), -1, "%s", bads[i].error);
		char *wanted = must_format("sockdrill mix: %s\n", bads[i].error);
		cr_expect_str_eq(error, wanted, "%s", error);
		free(wanted);
		free(error);
	}
}

/* ---- --help ---- */

static const struct {
	const char *args[ARGS_MAX];
	bool mixing, running;
} helps[] = {
	{ { NULL }, false, false },
	{ { "--help" }, true, true },
	{ { "-h" }, true, true },
	{ { "--loud", "-h" }, true, true },
	{ { "program", "--help" }, true, false },
	{ { "--", "--help" }, false, false },
	{ { "-f", "file", "--help" }, true, true },
	{ { "-ffile", "--help" }, true, true },
	{ { "-ffilef", "program", "--help" }, true, false },
	{ { "-lf", "file", "--help" }, true, true },
	{ { "--file", "file", "--help" }, true, true },
	{ { "--file=file", "program", "--help" }, true, false },
	{ { "--loud", "program", "--help" }, true, false },
	{ { "--shape", "program", "--help" }, true, false },
};

Test(options, help_is_asked_for)
{
	for (size_t i = 0; i < sizeof helps / sizeof *helps; i++) {
		struct line line = line_of(helps[i].args);
		cr_expect_eq(options_ask_for_help(&mixing, line.count, line.words), helps[i].mixing,
			     "%zu", i);
		cr_expect_eq(options_ask_for_help(&running, line.count, line.words),
			     helps[i].running, "%zu", i);
	}
}

static char *help_of(const struct option_row *table, unsigned width)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	options_put_help(out, table, width);
	fclose(out);
	return text;
}

Test(options, help)
{
	char *wide = help_of(rows, 64), *narrow = help_of(rows, 40);

	cr_expect_str_eq(wide,
			 "kinds\n"
			 "  --loud                    a switch\n"
			 "  -l, --level               a counter\n"
			 "  -q, --quiet               a value of its own\n"
			 "  --color auto|always|never a word\n"
			 "  -s, --small N             a number of four bytes\n"
			 "  --large MS                a number of eight bytes, which is\n"
			 "                            told with many words here\n"
			 "  -f, --file FILE           a text\n"
			 "  --flags WORDS             a text that may be empty\n"
			 "  --name NAME               a list\n"
			 "  --shape[=SHAPE]           a reader of its own: circle or\n"
			 "                            square, and more\n",
			 "%s", wide);
	cr_expect_not_null(strstr(narrow, "\n  --loud\n      a switch\n  -l, --level\n"), "%s",
			   narrow);
	free(wide);
	free(narrow);
}

/* ---- The options of `run` ---- */

/* No line is too long. */
Test(options, run_rows_fit)
{
	for (unsigned width = 40; width <= 80; width += 20) {
		char *help = help_of(run_option_rows, width);
		for (const char *line = help; *line; line += strcspn(line, "\n") + 1)
			cr_expect_leq(strcspn(line, "\n"), width, "%.90s", line);
		free(help);
	}
}

/* What takes no text as it stands says what it takes. */
Test(options, run_rows_say_what_they_allow)
{
	for (const struct option_row *row = run_option_rows; row->name || row->help; row++) {
		bool is_text = row->read == option_text || row->read == option_list;
		if (!row->name || (!row->argument && !row->words) || is_text)
			continue;
		cr_expect(row->words || row->allowed || row->allowed_list || row->max, "--%s",
			  row->name);
	}
}
