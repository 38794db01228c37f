/* cli.h -- what the commands share: their descriptor, exit statuses, error lines. */
#ifndef SOCKDRILL_CLI_H
#define SOCKDRILL_CLI_H

#include <stdbool.h>

#include "engine/result.h"

/* Exit statuses, of every command. */
enum status {
	STATUS_EXPECTED = 0,   /* all as expected */
	STATUS_UNEXPECTED = 1, /* something not as expected */
	STATUS_USAGE = 2,      /* the call cannot be carried out as written */
	STATUS_HARNESS = 3,    /* the harness itself failed: output, memory, worlds */
	STATUS_NOTHING = 4,    /* nothing was selected */
	STATUS_SKIPPED = 77    /* everything was skipped */
};

/* A command is a file that ends in one of these; commands.c lists them. */
struct command {
	const char *name;
	const char *usage;   /* behind the name: "[GLOB...]" */
	const char *summary; /* one line */
	const char *help;    /* the rest of --help; ends with an example */
	int (*run)(int argc, char **argv);
};

extern const struct command command_run;
extern const struct command command_check;
extern const struct command command_list;
extern const struct command command_explain;
extern const struct command command_report;
extern const struct command command_compare;
extern const struct command command_doctor;
extern const struct command command_fuzz;
extern const struct command command_spy;
extern const struct command command_trace;

/* The commands of this build, ended by NULL. */
extern const struct command *const commands[];

/* Prints "sockdrill COMMAND: text" to standard error; gives STATUS_USAGE. */
int usage_error(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The same, giving STATUS_HARNESS. */
int harness_error(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Prints the help of a command to standard output; gives STATUS_EXPECTED, or STATUS_HARNESS when
 * it cannot be written. */
int print_help(const struct command *command);
/* Flushes standard output; gives status, or STATUS_HARNESS with an error line. */
int finish_output(const struct command *command, int status);

/* Parses a whole number from min to max; false when text is anything else. */
bool parse_number(const char *text, long long min, long long max, long long *ret_number);
/* The columns of the terminal behind fd, or 80. COLUMNS in the environment wins. */
unsigned terminal_width(int fd);
/* How this program was called, for lines that say how to repeat something. */
extern const char *program_name;

#endif
