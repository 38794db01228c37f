/* options.h -- the options of a command, once each: one table, of which the command line is read,
 * --help is printed and the error lines are made.
 */
#ifndef SOCKDRILL_OPTIONS_H
#define SOCKDRILL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct command;
struct option_row;

/* What became of an option's argument. */
enum option_outcome {
	OPTION_TAKEN,
	OPTION_REFUSED, /* not a value that the option takes */
	OPTION_TOO_MANY /* a good one, but the option was given as often as it may be */
};

/* Reads the argument (NULL where an optional one is missing, and for a switch) into the command's
 * own structure, to which `options` points. */
typedef enum option_outcome option_reader(const struct option_row *row, const char *text,
					  void *options);

/* One option. A row without a name is a heading of the help; one without help, too, ends the table.
 * Rows are written with positions for the first four fields and one of the OPTION_ macros below:
 *	{ "jobs", 'j', "N", "at most N pairs at once",
 *	  OPTION_NUMBER(FIELD(struct run_options, jobs), 1, 1000) },
 */
struct option_row {
	const char *name;     /* of the long form, without its dashes */
	char letter;          /* of the short form; 0: none */
	const char *argument; /* its name in the help: "N"; "[=SEED]": may be left out; NULL: the
				 option takes none, or one of `words` */
	const char *help;     /* one sentence; %s stands for the allowed values */
	option_reader *read;
	size_t at, size;          /* the field that it sets: its offset and its size in bytes */
	size_t count_at;          /* of a list: the offset of its length, a size_t */
	long long min, max;       /* of a number: its limits; of a list: max elements; of a switch:
				     min is what it sets */
	const char *const *words; /* of an enumeration: the word of each value, ended by NULL */
	const char *allowed;      /* what the argument may be, to follow "it takes"; of a number:
				     what it counts, "milliseconds"; NULL: "a number" */
	char *(*allowed_list)(void); /* the same as new memory, where it is made of another table */
	const char *(*check)(const char *text); /* why a text cannot be used; NULL: it can */
};

/* Where the value of an option goes. */
#define FIELD(type, member) .at = offsetof(type, member), .size = sizeof(((type *)NULL)->member)
/* A switch: sets a bool or an integer to a value, or adds one to an int. */
#define OPTION_SWITCH(field)     .read = option_set, field, .min = 1
#define OPTION_SET(field, value) .read = option_set, field, .min = (value)
#define OPTION_COUNTER(field)    .read = option_add, field
/* A whole number from lo to hi; the field is an integer of 4 or 8 bytes. */
#define OPTION_NUMBER(field, lo, hi) .read = option_number, field, .min = (lo), .max = (hi)
/* One of a list of words; the field is an enum or int, the place of the word. */
#define OPTION_WORD(field, list) .read = option_word, field, .words = (list)
/* Any text that is not empty; the field is a const char *. */
#define OPTION_TEXT(field) .read = option_text, field
/* The same, and it may be empty. */
#define OPTION_ANY_TEXT(field) .read = option_any_text, field
/* Texts, each time the option is given one more; the field is an array of const char *. */
#define OPTION_LIST(type, list, count) .read = option_list, LIST_FIELD(type, list, count)
#define LIST_FIELD(type, list, count)                                                              \
	FIELD(type, list), .count_at = offsetof(type, count),                                      \
			   .max = sizeof(((type *)NULL)->list) / sizeof(const char *)

option_reader option_set, option_add, option_number, option_word, option_text, option_any_text,
	option_list;

/* Reads the options in argv (argv[0] is the command's name) into *options by the table
 * command->options. Returns the index of the first operand, argc when there is none; -1 when an
 * error line was printed. Options and operands may mix, and the order of argv changes then, unless
 * command->operands_last. */
int options_read(const struct command *command, int argc, char **argv, void *options);
/* Whether argv asks for the help of the command: --help or -h stands where an option may. */
bool options_ask_for_help(const struct command *command, int argc, char **argv);

/* What an argument of the option may be, to follow "it takes"; new memory. */
char *option_allowed(const struct option_row *row);
/* Prints the table for people, at most `width` columns wide. */
void options_put_help(FILE *out, const struct option_row *rows, unsigned width);

/* Words that several commands share. */
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
extern const char *const color_words[];

#endif
