/* main.c -- sockdrill: finds the command and runs it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/suggest.h"

static void put_usage(FILE *out)
{
	fputs("sockdrill " SOCKDRILL_VERSION ": drills sockets, and says what they really do\n\n"
	      "usage: sockdrill COMMAND [ARGUMENT...]\n\n",
	      out);
	for (const struct command *const *c = commands; *c; c++)
		fprintf(out, "  %-8s %s\n", (*c)->name, (*c)->summary);
	fputs("\n'sockdrill COMMAND --help' says more, with an example.\n"
	      "status: 0 as expected, 1 not as expected, 2 usage, 3 the harness failed,\n"
	      "        4 nothing selected, 77 everything skipped\n",
	      out);
}

static int put_and_flush(void)
{
	put_usage(stdout);
	if (!ferror(stdout) && !fflush(stdout))
		return STATUS_EXPECTED;
	perror("sockdrill: cannot write to standard output");
	return STATUS_HARNESS;
}

/* A closed standard descriptor would be given to the next file or pipe, which then gets what is
 * meant for the user. Opened the wrong way round, writing fails as it should. */
static void fill_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

static const struct command *find_command(const char *name)
{
	for (const struct command *const *c = commands; *c; c++)
		if (!strcmp(name, (*c)->name))
			return *c;
	return NULL;
}

static int refuse_command(const char *word)
{
	const char *names[32] = { "help" };
	size_t count = 1;

	for (const struct command *const *c = commands; *c && count < 32; c++)
		names[count++] = (*c)->name;
	const char *near = suggest_word(word, names, count);
	if (near)
		fprintf(stderr, "sockdrill: there is no command '%s': did you mean '%s'?\n", word,
			near);
	else
		fprintf(stderr,
			"sockdrill: there is no command '%s': 'sockdrill --help' lists them\n",
			word);
	return STATUS_USAGE;
}

int main(int argc, char **argv)
{
	fill_standard_descriptors();
	if (argc > 0 && argv[0] && *argv[0])
		program_name = argv[0];
	if (argc < 2) {
		put_usage(stderr);
		return STATUS_USAGE;
	}
	const bool is_help = !strcmp(argv[1], "help");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || (is_help && argc == 2))
		return put_and_flush();
	if (!strcmp(argv[1], "--version")) {
		puts("sockdrill " SOCKDRILL_VERSION);
		return fflush(stdout) ? STATUS_HARNESS : STATUS_EXPECTED;
	}
	const struct command *command = find_command(argv[is_help ? 2 : 1]);
	if (!command)
		return refuse_command(argv[is_help ? 2 : 1]);
	if (is_help || options_ask_for_help(command, argc - 1, argv + 1))
		return print_help(command);
	return command->run(argc - 1, argv + 1);
}
