/* cmd_explain.c -- sockdrill explain: a case's rule, and the source text of its roles. */
#include "cli/cli.h"
#include "cli/excerpt.h"
#include "cli/sources.h"
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

/* The only case that the word means: its name, a name/family, or a glob that fits one case. */
static const struct entry *find_case(const char *word)
{
	const struct entry *found = NULL;

	for (size_t i = 0; i < all_cases.count; i++) {
		const struct entry *entry = &all_cases.entries[i];
		bool fits = false;
		for (unsigned family = INET; family <= NO_FAMILY; family <<= 1)
			fits |= glob_fits(word, entry->name, family);
		if (!fits)
			continue;
		if (found)
			return NULL;
		found = entry;
	}
	return found;
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

/* Reads the words; false when they are not one case and perhaps --run. */
static bool read_words(int argc, char **argv, const char **ret_word, bool *ret_run)
{
	*ret_word = NULL;
	*ret_run = false;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--run"))
			*ret_run = true;
		else if (*argv[i] == '-' || *ret_word)
			return false;
		else
			*ret_word = argv[i];
	}
	return *ret_word != NULL;
}

static int run(int argc, char **argv)
{
	const char *word;
	bool runs;

	if (!read_words(argc, argv, &word, &runs))
		return usage_error(&command_explain, "give one case, and --run to see it run: "
						     "'sockdrill list' names them");
	const struct entry *entry = find_case(word);
	if (!entry) {
		fprintf(stderr,
			"sockdrill explain: '%s' fits no case, or several: "
			"'sockdrill list' names them\n",
			word);
		return STATUS_NOTHING;
	}
	puts(entry->name);
	put_field("Rule", entry->test->claim);
	put_field("Source", entry->test->source);
	put_expectations(entry->test);
	put_field("To be portable", entry->test->portable);
	put_field("Notes", entry->test->notes);
	put_source(entry->name);
	if (runs)
		return run_traced(word, entry);
	printf("\nRun it: %s explain '%s' --run\n", program_name, entry->name);
	return finish_output(&command_explain, STATUS_EXPECTED);
}

const struct command command_explain = {
	.name = "explain",
	.usage = "CASE [--run]",
	.summary =
		"tell a case's rule, show the source text of both roles, and the calls they make",
	.help = "  --run    run it, and show what both roles called and saw: CASE/FAMILY chooses "
		"the "
		"family\n\n"
		"status: that of the run\n"
		"example: sockdrill explain recv_zero_on_orderly_close --run\n",
	.run = run,
};
