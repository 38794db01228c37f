/* options.c -- tables of options: reads a command line by one, prints its help, says what is wrong.
 */
#include "cli/options.h"

#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/suggest.h"

/* Values of getopt_long() beyond any letter: of the long option in row i. */
enum { ROWS_MAX = 64, FIRST_LONG = 256 };

const char *const color_words[] = { "auto", "always", "never", NULL };

/* ---- Readers ---- */

static void *field_of(const struct option_row *row, void *options)
{
	return (char *)options + row->at;
}

static void put_integer(const struct option_row *row, void *options, long long value)
{
	const uint8_t byte = (uint8_t)value;
	const int32_t word = (int32_t)value;

	if (row->size == sizeof byte)
		memcpy(field_of(row, options), &byte, sizeof byte);
	else if (row->size == sizeof word)
		memcpy(field_of(row, options), &word, sizeof word);
	else
		memcpy(field_of(row, options), &value, sizeof value);
}

enum option_outcome option_set(const struct option_row *row, const char *text, void *options)
{
	(void)text;
	put_integer(row, options, row->min);
	return OPTION_TAKEN;
}

enum option_outcome option_add(const struct option_row *row, const char *text, void *options)
{
	(void)text;
	++*(int *)field_of(row, options);
	return OPTION_TAKEN;
}

enum option_outcome option_number(const struct option_row *row, const char *text, void *options)
{
	long long number;

	if (!parse_number(text, row->min, row->max, &number))
		return OPTION_REFUSED;
	put_integer(row, options, number);
	return OPTION_TAKEN;
}

enum option_outcome option_word(const struct option_row *row, const char *text, void *options)
{
	for (int i = 0; row->words[i]; i++) {
		if (strcmp(text, row->words[i]) != 0)
			continue;
		put_integer(row, options, i);
		return OPTION_TAKEN;
	}
	return OPTION_REFUSED;
}

enum option_outcome option_any_text(const struct option_row *row, const char *text, void *options)
{
	*(const char **)field_of(row, options) = text;
	return OPTION_TAKEN;
}

enum option_outcome option_text(const struct option_row *row, const char *text, void *options)
{
	return *text ? option_any_text(row, text, options) : OPTION_REFUSED;
}

enum option_outcome option_list(const struct option_row *row, const char *text, void *options)
{
	const char **list = field_of(row, options);
	size_t *count = (size_t *)((char *)options + row->count_at);

	if (!*text)
		return OPTION_REFUSED;
	if (*count == (size_t)row->max)
		return OPTION_TOO_MANY;
	list[(*count)++] = text;
	return OPTION_TAKEN;
}

/* ---- The table as getopt_long() wants it ---- */

static bool takes_argument(const struct option_row *row)
{
	return row->argument || row->words;
}

static bool may_lack_argument(const struct option_row *row)
{
	return row->argument && *row->argument == '[';
}

static bool is_end(const struct option_row *row)
{
	return !row->name && !row->help;
}

struct getopt_table {
	struct option longs[ROWS_MAX + 1];
	char shorts[2 * ROWS_MAX + 3];
};

static void make_getopt_table(const struct command *command, struct getopt_table *ret_table)
{
	struct option *next = ret_table->longs;
	char *letter = ret_table->shorts;

	memset(ret_table, 0, sizeof *ret_table);
	if (command->operands_last)
		*letter++ = '+';
	*letter++ = ':';
	for (int i = 0; i < ROWS_MAX && !is_end(&command->options[i]); i++) {
		const struct option_row *row = &command->options[i];
		if (!row->name)
			continue;
		int has_argument = may_lack_argument(row) ? optional_argument
				   : takes_argument(row)  ? required_argument
							  : no_argument;
		*next++ = (struct option){ row->name, has_argument, NULL, FIRST_LONG + i };
		if (!row->letter)
			continue;
		*letter++ = row->letter;
		if (takes_argument(row))
			*letter++ = ':';
	}
}

/* The row of what getopt_long() returned; NULL when there is none. */
static const struct option_row *find_row(const struct option_row *rows, int opt)
{
	if (opt >= FIRST_LONG)
		return &rows[opt - FIRST_LONG];
	for (const struct option_row *row = rows; !is_end(row); row++)
		if (row->name && row->letter == opt)
			return row;
	return NULL;
}

/* ---- What is allowed, in words ---- */

/* Adds to *text, which is new memory or NULL. */
static void append(char **text, const char *separator, const char *more)
{
	char *longer = *text ? must_format("%s%s%s", *text, separator, more) : must_copy(more);

	free(*text);
	*text = longer;
}

/* "auto, always or never" */
static char *join_words(const char *const *words)
{
	char *text = NULL;

	for (int i = 0; words[i]; i++)
		append(&text, words[i + 1] ? ", " : " or ", words[i]);
	return text;
}

char *option_allowed(const struct option_row *row)
{
	if (row->allowed_list)
		return row->allowed_list();
	if (row->words)
		return join_words(row->words);
	if (row->max && row->read != option_list)
		return must_format("%s from %lld to %lld", row->allowed ? row->allowed : "a number",
				   row->min, row->max);
	return row->allowed ? must_copy(row->allowed) : must_format("a %s", row->argument);
}

/* ---- Errors ---- */

static int refuse_value(const struct command *command, const struct option_row *row,
			const char *text)
{
	const char *reason = row->check ? row->check(text) : NULL;

	if (reason)
		return usage_error(command, "--%s cannot be '%s': %s", row->name, text, reason);
	char *allowed = option_allowed(row);
	usage_error(command, "--%s cannot be '%s': it takes %s", row->name, text, allowed);
	free(allowed);
	return STATUS_USAGE;
}

static int refuse_missing(const struct command *command, int opt)
{
	const struct option_row *row = find_row(command->options, opt);
	char *allowed = option_allowed(row);

	if (opt < FIRST_LONG)
		usage_error(command, "option '-%c' needs a value: %s", opt, allowed);
	else
		usage_error(command, "option '--%s' needs a value: %s", row->name, allowed);
	free(allowed);
	return STATUS_USAGE;
}

/* "--re" may be the beginning of several. */
static int refuse_ambiguous(const struct command *command, const char *beginning, size_t length)
{
	char *names = NULL;

	for (const struct option_row *row = command->options; !is_end(row); row++) {
		if (!row->name || strncmp(row->name, beginning, length) != 0)
			continue;
		append(&names, ", --", row->name);
	}
	usage_error(command, "option '--%.*s' is the beginning of several: --%s", (int)length,
		    beginning, names);
	free(names);
	return STATUS_USAGE;
}

static int refuse_unknown(const struct command *command, const char *word, const char *name)
{
	const char *names[ROWS_MAX];
	char written[64];
	size_t count = 0;

	for (const struct option_row *row = command->options; !is_end(row); row++)
		if (row->name)
			names[count++] = row->name;
	snprintf(written, sizeof written, "%.*s", (int)strcspn(name, "="), name);
	const char *near = suggest_word(written, names, count);
	if (near)
		return usage_error(command, "unknown option '%s': did you mean '--%s'?", word,
				   near);
	return usage_error(command, "unknown option '%s': 'sockdrill %s --help' lists them", word,
			   command->name);
}

/* The word with the letter that getopt_long() does not know: it is at it, or has just passed it. */
static const char *word_with_letter(int argc, char **argv, char letter)
{
	for (int i = optind; i >= optind - 1; i--)
		if (i > 0 && i < argc && argv[i][0] == '-' && argv[i][1] != '-' &&
		    strchr(argv[i], letter))
			return argv[i];
	return "";
}

/* What getopt_long() gave '?' for. Of options that it knows it says so only for a value that is
 * not wanted. */
static int refuse_option(const struct command *command, int argc, char **argv)
{
	size_t beginnings = 0;

	if (optopt >= FIRST_LONG)
		return usage_error(command, "option '--%s' takes no value",
				   find_row(command->options, optopt)->name);
	if (optopt >= '0' && optopt <= '9')
		return usage_error(command,
				   "'%s' is neither an option nor a number to be used here",
				   word_with_letter(argc, argv, (char)optopt));
	if (optopt) {
		const char letter[] = { '-', (char)optopt, '\0' };
		const char *word = word_with_letter(argc, argv, (char)optopt);
		/* "-report": one dash is missing. */
		return refuse_unknown(command, letter, *word && word[2] ? word + 1 : "");
	}
	const char *word = argv[optind - 1];
	const size_t length = strcspn(word + 2, "=");
	for (const struct option_row *row = command->options; !is_end(row); row++)
		beginnings += row->name && !strncmp(row->name, word + 2, length);
	if (beginnings > 1)
		return refuse_ambiguous(command, word + 2, length);
	return refuse_unknown(command, word, word + 2);
}

/* ---- Reading ---- */

static bool take(const struct command *command, const struct option_row *row, const char *text,
		 void *options)
{
	enum option_outcome outcome = OPTION_REFUSED;

	if (!text || !row->check || !row->check(text))
		outcome = row->read(row, text, options);
	if (outcome == OPTION_REFUSED)
		refuse_value(command, row, text ? text : "");
	if (outcome == OPTION_TOO_MANY)
		usage_error(command, "--%s is given more than %lld times", row->name, row->max);
	return outcome == OPTION_TAKEN;
}

int options_read(const struct command *command, int argc, char **argv, void *options)
{
	struct getopt_table table;
	int opt;

	make_getopt_table(command, &table);
	opterr = 0;
	optind = 0; /* getopt_long() forgets where it was within a word, too */
	while ((opt = getopt_long(argc, argv, table.shorts, table.longs, NULL)) != -1) {
		if (opt == '?') {
			refuse_option(command, argc, argv);
			return -1;
		}
		if (opt == ':') {
			refuse_missing(command, optopt);
			return -1;
		}
		if (!take(command, find_row(command->options, opt), optarg, options))
			return -1;
	}
	return optind;
}

/* Whether the argument of the letters in "-qo" is the next word. */
static bool letters_take_next_word(const struct option_row *rows, const char *letters)
{
	for (; *letters; letters++) {
		const struct option_row *row = find_row(rows, *letters);
		if (!row || takes_argument(row))
			return row && !letters[1];
	}
	return false;
}

/* Whether the word is an option whose argument is the next word. */
static bool takes_next_word(const struct option_row *rows, const char *word)
{
	if (word[0] != '-' || word[1] != '-')
		return word[0] == '-' && letters_take_next_word(rows, word + 1);
	for (const struct option_row *row = rows; !is_end(row); row++)
		if (row->name && strstr(row->name, word + 2) == row->name)
			return takes_argument(row) && !may_lack_argument(row);
	return false;
}

bool options_ask_for_help(const struct command *command, int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
		if (!command->operands_last)
			continue;
		/* What follows an operand is not ours. */
		if (argv[i][0] != '-')
			return false;
		if (takes_next_word(command->options, argv[i]))
			i++;
	}
	return false;
}

/* ---- Help ---- */

/* "  -j, --jobs N"; new memory. */
static char *option_head(const struct option_row *row)
{
	char letter[] = "-x, ";
	char *words = NULL;

	letter[1] = row->letter;
	for (int i = 0; row->words && row->words[i]; i++)
		append(&words, "|", row->words[i]);
	const char *argument = row->argument ? row->argument : words;
	char *head = must_format("  %s--%s%s%s", row->letter ? letter : "", row->name,
				 argument && !may_lack_argument(row) ? " " : "",
				 argument ? argument : "");
	free(words);
	return head;
}

/* The row's sentence, with what is allowed in its place; new memory. */
static char *option_sentence(const struct option_row *row)
{
	const char *place = strstr(row->help, "%s");

	if (!place)
		return must_copy(row->help);
	char *allowed = option_allowed(row);
	char *sentence =
		must_format("%.*s%s%s", (int)(place - row->help), row->help, allowed, place + 2);
	free(allowed);
	return sentence;
}

/* Where the sentences begin: behind the longest head that leaves them room. */
static unsigned find_column(const struct option_row *rows, unsigned width)
{
	enum { GAP = 2, MOST = 28, NARROW = 60, INDENT = 6 };
	size_t column = 0;

	if (width < NARROW)
		return INDENT;
	for (const struct option_row *row = rows; !is_end(row); row++) {
		if (!row->name)
			continue;
		char *head = option_head(row);
		size_t length = strlen(head);
		if (length < MOST && length + GAP > column)
			column = length + GAP < MOST ? length + GAP : MOST;
		free(head);
	}
	return column ? (unsigned)column : MOST;
}

static void put_row(FILE *out, const struct option_row *row, unsigned column, unsigned width)
{
	char *head = option_head(row), *sentence = option_sentence(row);

	put_beside(out, head, sentence, column, width);
	free(head);
	free(sentence);
}

void options_put_help(FILE *out, const struct option_row *rows, unsigned width)
{
	unsigned column = find_column(rows, width);

	for (const struct option_row *row = rows; !is_end(row); row++) {
		if (row->name)
			put_row(out, row, column, width);
		else
			fprintf(out, "%s\n", row->help);
	}
}
