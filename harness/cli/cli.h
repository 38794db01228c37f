/* cli.h -- what the commands share: their descriptor, exit statuses, error lines. */
#ifndef SOCKDRILL_CLI_H
#define SOCKDRILL_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/options.h"
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

/* A command is a file that ends in one of these; commands.c lists them. --help prints them in this
 * order. Texts are at most 80 columns wide. */
struct command {
	const char *name;
	const char *usage;                /* behind the name: "[GLOB...]" */
	const char *summary;              /* one line */
	const char *about;                /* what to know before the options; NULL: nothing */
	const struct option_row *options; /* NULL: the command reads its options itself */
	const char *help;                 /* the rest; ends with an example */
	bool operands_last; /* what follows the first operand is no option: a command to run */
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
/* Ends the process as the signal would have: the caller sees that it was killed by it. Returns 128
 * + signo, the status that shells give that, if the signal does not end it. */
int die_of_signal(int signo);
/* Whether what is written to fd has nowhere to go: it is a pipe or socket whose reader is gone. */
bool reader_is_gone(int fd);
/* For a command that ignores SIGPIPE to end cleanly when the reader of standard output is gone.
 * Where SIGPIPE was ignored before, so that nothing but its status can say so: an error line,
 * returns STATUS_HARNESS. Else returns 128 + SIGPIPE: die_of_signal() follows, without a word, as
 * other programs do. */
int end_for_closed_pipe(const struct command *command, bool was_ignored);
/* Prints the help of a command to standard output; gives STATUS_EXPECTED, or STATUS_HARNESS when
 * it cannot be written. */
int print_help(const struct command *command);
/* Flushes standard output; gives status, or STATUS_HARNESS with an error line. */
int finish_output(const struct command *command, int status);

/* Whether these can be used as globs; false with an error line. */
bool globs_can_be_used(const struct command *command, char *const *globs, size_t count);
/* Parses a whole number from min to max; false when text is anything else. */
bool parse_number(const char *text, long long min, long long max, long long *ret_number);
/* The columns of the terminal behind fd, or 80. COLUMNS in the environment wins. */
unsigned terminal_width(int fd);
/* Prints a text beside its head, filled to `width` columns from `column` on; below the head when
 * that is too long. */
void put_beside(FILE *out, const char *head, const char *text, unsigned column, unsigned width);
/* How this program was called, for lines that say how to repeat something. */
extern const char *program_name;

#endif
