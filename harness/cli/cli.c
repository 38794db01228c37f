/* cli.c -- help, error lines, numbers and the terminal: what the commands share. */
#include "cli/cli.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "engine/plan.h"
#include "reports/report.h"

const char *program_name = "sockdrill";

/* One line, whatever stands in the words that it repeats. */
static void put_error(const struct command *command, const char *format, va_list args)
{
	char text[2048];

	vsnprintf(text, sizeof text, format, args);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	fprintf(stderr, "sockdrill %s: %s\n", command->name, text);
}

int usage_error(const struct command *command, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_error(command, format, args);
	va_end(args);
	return STATUS_USAGE;
}

int harness_error(const struct command *command, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_error(command, format, args);
	va_end(args);
	return STATUS_HARNESS;
}

int die_of_signal(int signo)
{
	sigset_t one;

	signal(signo, SIG_DFL);
	raise(signo);
	sigemptyset(&one);
	sigaddset(&one, signo);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	return 128 + signo;
}

bool reader_is_gone(int fd)
{
	struct pollfd end = { .fd = fd };

	return poll(&end, 1, 0) == 1 && end.revents & (POLLERR | POLLHUP);
}

int end_for_closed_pipe(const struct command *command, bool was_ignored)
{
	if (was_ignored)
		return harness_error(command, "standard output was closed by its reader");
	return 128 + SIGPIPE;
}

int finish_output(const struct command *command, int status)
{
	if (!ferror(stdout) && !fflush(stdout))
		return status;
	return harness_error(command, "cannot write to standard output: %s", strerror(errno));
}

int print_help(const struct command *command)
{
	enum { WIDEST = 80 };
	unsigned width = terminal_width(STDOUT_FILENO);

	printf("sockdrill %s%s%s\n%s\n\n", command->name, *command->usage ? " " : "",
	       command->usage, command->summary);
	if (command->about)
		printf("%s\n", command->about);
	if (command->options) {
		options_put_help(stdout, command->options, width < WIDEST ? width : WIDEST);
		putchar('\n');
	}
	fputs(command->help, stdout);
	return finish_output(command, STATUS_EXPECTED);
}

bool globs_can_be_used(const struct command *command, char *const *globs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *error = glob_error(globs[i]);
		if (!error)
			continue;
		usage_error(command, "cannot use the glob '%s': %s", globs[i], error);
		return false;
	}
	return true;
}

bool parse_number(const char *text, long long min, long long max, long long *ret_number)
{
	char *end;

	if (*text != '-' && (*text < '0' || *text > '9'))
		return false;
	errno = 0;
	long long number = strtoll(text, &end, 10);
	if (errno || end == text || *end || number < min || number > max)
		return false;
	*ret_number = number;
	return true;
}

unsigned terminal_width(int fd)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	long long number;

	if (columns && parse_number(columns, 20, 1000, &number))
		return (unsigned)number;
	if (!ioctl(fd, TIOCGWINSZ, &size) && size.ws_col >= 20)
		return size.ws_col;
	return 80;
}

/* put_wrapped() fills whole lines: what it indents the first one by makes place for the head. */
void put_beside(FILE *out, const char *head, const char *text, unsigned column, unsigned width)
{
	char *lines = NULL;
	size_t size = 0;
	FILE *filled = open_memstream(&lines, &size);

	if (filled) {
		put_wrapped(filled, text, column, width);
		fclose(filled);
	}
	if (!size)
		fprintf(out, "%s %s\n", head, text);
	else if (strlen(head) < column)
		fprintf(out, "%s%s", head, lines + strlen(head));
	else
		fprintf(out, "%s\n%s", head, lines);
	free(lines);
}
