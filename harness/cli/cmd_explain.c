/* cmd_explain.c -- sockdrill explain: a case's rule, and the source text of its roles. */
#include "cli/cli.h"
#include "cli/excerpt.h"
#include "cli/sources.h"
#include "cli/suggest_cases.h"
#include "engine/plan.h"
#include "engine/want.h"
#include "os/os.h"
#include "reports/report.h"

static void put_field(const char *head, const char *text)
{
	if (!text)
		return;
	printf("\n%s\n", head);
	put_wrapped(stdout, text, 2, terminal_width(STDOUT_FILENO));
}

static void put_expectations(const struct sock_case *test)
{
	struct os_facts facts;

	os_describe(&facts);
	puts("\nExpected");
	for (int i = 0; i < EXPECT_MAX && test->expect[i].label; i++) {
		const struct expect *row = &test->expect[i];
		const struct want *special = want_special(row, &facts);
		char *want = want_text(&row->want);
		char *here = special ? want_text(special) : NULL;
		printf("  %s sees %s = %s", who_name(row->who), row->label, want);
		for (unsigned family = INET; family <= NO_FAMILY; family <<= 1)
			if (row->only & family)
				printf(" [%s]", family_name(family));
		putchar('\n');
		if (special)
			printf("    on this system %s: %s\n", here, row->why ? row->why : "");
		free(want);
		free(here);
	}
}

static void put_source(const char *name)
{
	for (size_t i = 0; i < case_source_count; i++) {
		if (!excerpt_defines(case_sources[i].text, name))
			continue;
		printf("\nThe program (%s)\n\n", case_sources[i].path);
		excerpt_put(stdout, case_sources[i].text, name);
		return;
	}
}

/* How many cases the word means: a name, a name/family, or a glob. The first is *ret_entry. */
static size_t find_cases(const char *word, const struct entry **ret_entry)
{
	size_t count = 0;

	for (size_t i = 0; i < all_cases.count; i++) {
		const struct entry *entry = &all_cases.entries[i];
		bool matches = false;
		for (unsigned family = INET; family <= NO_FAMILY; family <<= 1)
			matches |= entry->test->families & family &&
				   glob_fits(word, entry->name, family);
		if (matches && !count++)
			*ret_entry = entry;
	}
	return count;
}

/* Of no case, or of several. */
static int refuse_word(const char *word, size_t count)
{
	if (!count)
		return refuse_glob(&command_explain, word);
	usage_error(&command_explain, "'%s' matches %zu cases: give one of 'sockdrill list \"%s\"'",
		    word, count, word);
	return STATUS_NOTHING;
}

/* The instance that is run: as the word says, or the case's first family. New memory. */
static char *instance_of(const char *word, const struct entry *entry)
{
	unsigned families = entry->test->families;

	if (strchr(word, '/'))
		return must_copy(word);
	return must_format("%s/%s", entry->name,
			   family_name(families ? families & -families : NO_FAMILY));
}

/* The run itself is `run`'s affair. */
static int run_traced(const char *word, const struct entry *entry)
{
	static char run[] = "run", trace[] = "--trace=always", slow[] = "--slow", all[] = "-vv";
	char *instance = instance_of(word, entry);
	char *argv[] = { run, trace, slow, all, instance, NULL };

	printf("\nRun here\n\n");
	int status = finish_output(&command_explain, STATUS_EXPECTED);
	if (!status)
		status = command_run.run(sizeof argv / sizeof *argv - 1, argv);
	free(instance);
	return status;
}

struct explain_options {
	bool runs;
};

/* clang-format off */
static const struct option_row option_rows[] = {
	{ "run", 0, NULL, "run it, and show what both roles called and saw: CASE/FAMILY chooses "
	  "the family",
	  OPTION_SWITCH(FIELD(struct explain_options, runs)) },
	{ 0 },
};
/* clang-format on */

static int run(int argc, char **argv)
{
	struct explain_options options = { 0 };

	int first = options_read(&command_explain, argc, argv, &options);
	if (first < 0 || !globs_can_be_used(&command_explain, argv + first, (size_t)(argc - first)))
		return STATUS_USAGE;
	if (argc - first != 1)
		return usage_error(&command_explain, "give one case, and --run to see it run: "
						     "'sockdrill list' names them");
	const char *word = argv[first];
	const struct entry *entry = NULL;
	size_t count = find_cases(word, &entry);
	if (count != 1)
		return refuse_word(word, count);
	puts(entry->name);
	put_field("Rule", entry->test->claim);
	put_field("Source", entry->test->source);
	put_expectations(entry->test);
	put_field("To be portable", entry->test->portable);
	put_field("Notes", entry->test->notes);
	put_source(entry->name);
	if (options.runs)
		return run_traced(word, entry);
	printf("\nRun it: %s explain '%s' --run\n", program_name, entry->name);
	return finish_output(&command_explain, STATUS_EXPECTED);
}

const struct command command_explain = {
	.name = "explain",
	.usage = "CASE [--run]",
	.summary = "show a case's rule, the source of both roles, and their calls",
	.options = option_rows,
	.help = "status: that of the run\n"
		"example: sockdrill explain recv_zero_on_orderly_close --run\n",
	.run = run,
};
