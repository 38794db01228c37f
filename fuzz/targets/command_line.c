/* command_line.c -- fuzzes the command line of run: each line of the input is a word, or NAME=VALUE
 * of one of the environment's variables behind a "$".
 */
#include "cli/run_options.h"

#include <fnmatch.h>
#include <stdio.h>

#include "protocol/property.h"

enum { INPUT_MAX = 1 << 13, WORDS_MAX = 64 };

static const struct command command = { .name = "run", .options = run_option_rows };
static const char *const variables[] = { "TEST_TOTAL_SHARDS", "TEST_SHARD_INDEX",
					 "TEST_SHARD_STATUS_FILE", "GTEST_TOTAL_SHARDS",
					 "GTEST_SHARD_INDEX" };

static void set_variable(char *text)
{
	char *value = strchr(text, '=');

	if (!value)
		return;
	*value++ = '\0';
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		if (!strcmp(variables[i], text))
			setenv(text, value, 1);
}

static void unset_variables(void)
{
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		unsetenv(variables[i]);
}

/* Splits the text in place; gives how many words there are, the program's name among them. */
static int take_words(char *program, char *text, char **argv)
{
	int argc = 0;

	argv[argc++] = program;
	for (char *line = text; line && argc < WORDS_MAX;) {
		char *end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		if (*line == '$')
			set_variable(line + 1);
		else
			argv[argc++] = line;
		line = end;
	}
	argv[argc] = NULL;
	return argc;
}

static void check_numbers(const struct run_options *o)
{
	property(o->shard >= 1 && o->shard <= o->shards && o->shards <= 100000);
	property(o->repeat >= 1 && o->repeat <= 1000000 && o->retries <= 100);
	property(o->jobs <= 1000 && o->timeout_ms >= 1 && o->timeout_ms <= 3600000);
	property(o->stretch_percent >= 1 && o->stretch_percent <= 100000);
	property(o->max_wait_ms >= -1 && o->max_wait_ms <= 3600000);
	property(o->seed <= INT64_MAX && (!o->seed || o->shuffle));
	property(!(o->families & ~(unsigned)(INET | INET6 | UNIX | NO_FAMILY)));
	property(o->report_count <= REPORTS_MAX && o->exclude_count <= GLOBS_MAX);
	property(!o->expect_update || o->expect);
	property(o->repeat == 1 || (!o->retries && !o->until_fail));
}

/* It is a word of baselines and of file names. */
static void check_stack(const char *stack)
{
	const char *slash = strchr(stack, '/');

	property(*stack && strlen(stack) <= 63 && slash != stack);
	property(!slash || (slash[1] && !strchr(slash + 1, '/')));
	property(!strpbrk(stack, " \t*?[\\"));
}

/* A glob fits a name as fnmatch() says, and a name fits itself. */
static void check_glob(const char *glob)
{
	static const char name[] = "accept_reads_what_was_sent_before";
	char *whole = must_format("%s/inet", name);

	property(glob_fits(name, name, INET) && glob_fits(whole, name, INET));
	property(!glob_fits(whole, name, INET6));
	property(glob_fits(glob, name, INET) ==
		 !fnmatch(glob, strchr(glob, '/') ? whole : name, 0));
	if (!glob[strcspn(glob, "*?[\\")] && !strchr(glob, '/'))
		property(glob_fits(glob, glob, INET));
	free(whole);
}

static void check_options(const struct run_options *o)
{
	check_numbers(o);
	if (o->stack)
		check_stack(o->stack);
	property(o->glob_count <= GLOBS_MAX);
	for (size_t i = 0; i < o->glob_count; i++)
		check_glob(o->globs[i]);
	for (size_t i = 0; i < o->exclude_count; i++)
		check_glob(o->exclude[i]);
}

/* What the command says of a word it cannot use is one line that no terminal obeys. */
static void check_said(const char *said, size_t n, bool refused)
{
	property(refused == (n > 0));
	if (!refused)
		return;
	property(!strncmp(said, "sockdrill run: ", 15) && said[n - 1] == '\n');
	for (size_t i = 0; i + 1 < n; i++)
		property((unsigned char)said[i] >= 0x20 && said[i] != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[WORDS_MAX + 1], program[] = "run", *said = NULL;
	struct run_options options;
	size_t n = 0;

	if (size > INPUT_MAX || (size && memchr(data, '\0', size)))
		return 0;
	char *text = must_format("%.*s", (int)size, (const char *)data);
	FILE *terminal = stderr, *listener = open_memstream(&said, &n);
	property(listener != NULL);
	int argc = take_words(program, text, argv);
	stderr = listener;
	int status = run_options_parse(&command, argc, argv, &options);
	stderr = terminal;
	property(fclose(listener) == 0);
	property(status == STATUS_EXPECTED || status == STATUS_USAGE);
	check_said(said, n, status != STATUS_EXPECTED);
	if (status == STATUS_EXPECTED)
		check_options(&options);
	unset_variables();
	free(said);
	free(text);
	return 0;
}
