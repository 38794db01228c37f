/* cmd_list.c -- sockdrill list: the names of cases, or all that their descriptors say. */
#include "cli/cli.h"
#include "cli/suggest_cases.h"
#include "engine/needs.h"
#include "engine/plan.h"
#include "engine/want.h"
#include "reports/report.h"

static void put_families(unsigned families)
{
	const char *comma = "";

	for (unsigned family = INET; family <= NO_FAMILY; family <<= 1) {
		if (!(families & family))
			continue;
		printf("%s%s", comma, family_name(family));
		comma = ", ";
	}
}

static void put_needs(unsigned needs)
{
	const char *comma = "";

	for (unsigned i = 0; need_text(i); i++) {
		if (!(needs & 1U << i))
			continue;
		printf("%s%s", comma, need_text(i)->name);
		comma = ", ";
	}
}

static void put_field(const char *name, const char *text)
{
	if (!text)
		return;
	char *line = must_format("%s: %s", name, text);
	put_wrapped(stdout, line, 4, terminal_width(STDOUT_FILENO));
	free(line);
}

static void put_row(const struct expect *row, const struct os_facts *facts)
{
	const struct want *special = want_special(row, facts);
	char *want = want_text(&row->want);
	char *here = special ? want_text(special) : NULL;

	printf("    %s %s = %s", who_name(row->who), row->label, want);
	if (row->only) {
		printf(" (");
		put_families(row->only);
		putchar(')');
	}
	if (special)
		printf(" (here %s: %s)", here, row->why ? row->why : "");
	putchar('\n');
	free(want);
	free(here);
}

static void put_long(const struct entry *entry, const struct os_facts *facts)
{
	const struct sock_case *test = entry->test;

	printf("%s\n", entry->name);
	put_wrapped(stdout, test->claim, 4, terminal_width(STDOUT_FILENO));
	put_field("source", test->source);
	printf("    standing: %s\n    families: ", standing_name(test->standing));
	put_families(test->families);
	if (test->needs) {
		printf("\n    needs: ");
		put_needs(test->needs);
	}
	if (test->waits_ms)
		printf("\n    waits: %u ms%s", test->waits_ms,
		       test->waits_ms > SLOW_MS ? " (slow)" : "");
	putchar('\n');
	for (int i = 0; i < EXPECT_MAX && test->expect[i].label; i++)
		put_row(&test->expect[i], facts);
	put_field("portable", test->portable);
	put_field("notes", test->notes);
}

static void put_json_field(const char *key, const char *text)
{
	if (!text)
		return;
	printf(",\"%s\":", key);
	put_json(stdout, text);
}

static void put_json_list(const char *key, unsigned bits, const char *(*name)(unsigned bit))
{
	const char *comma = "";

	printf(",\"%s\":[", key);
	for (unsigned bit = 0; bit < 31; bit++) {
		if (!(bits >> bit & 1U))
			continue;
		printf("%s\"%s\"", comma, name(bit));
		comma = ",";
	}
	putchar(']');
}

static const char *family_bit_name(unsigned bit)
{
	return family_name(1U << bit);
}

static const char *need_bit_name(unsigned bit)
{
	return need_text(bit)->name;
}

static void put_json_case(const struct entry *entry)
{
	const struct sock_case *test = entry->test;

	printf("{\"case\":\"%s\"", entry->name);
	put_json_field("claim", test->claim);
	put_json_field("source", test->source);
	put_json_field("standing", standing_name(test->standing));
	put_json_list("families", test->families, family_bit_name);
	put_json_list("needs", test->needs, need_bit_name);
	printf(",\"waits_ms\":%u,\"expect\":[", test->waits_ms);
	for (int i = 0; i < EXPECT_MAX && test->expect[i].label; i++) {
		char *want = want_text(&test->expect[i].want);
		printf("%s{\"role\":\"%s\"", i ? "," : "", who_name(test->expect[i].who));
		put_json_field("label", test->expect[i].label);
		put_json_field("want", want);
		put_json_field("why", test->expect[i].why);
		if (test->expect[i].only)
			put_json_list("only", test->expect[i].only, family_bit_name);
		putchar('}');
		free(want);
	}
	putchar(']');
	put_json_field("portable", test->portable);
	put_json_field("notes", test->notes);
	printf("}\n");
}

/* How much is printed of each case. */
enum form { FORM_NAMES, FORM_LONG, FORM_JSON };

struct list_options {
	enum form form;
};

/* clang-format off */
static const struct option_row option_rows[] = {
	{ "long", 'l', NULL, "claim, source, families, needs and expectations of each",
	  OPTION_SET(FIELD(struct list_options, form), FORM_LONG) },
	{ "json", 0, NULL, "the same, one JSON object a line",
	  OPTION_SET(FIELD(struct list_options, form), FORM_JSON) },
	{ 0 },
};
/* clang-format on */

/* The instances of a case follow each other. */
static void put_cases(const struct plan *plan, enum form form)
{
	const struct entry *last = NULL;
	struct os_facts facts;

	os_describe(&facts);
	for (size_t i = 0; i < plan->count; i++) {
		const struct entry *entry = plan->instances[i].entry;
		if (entry == last)
			continue;
		last = entry;
		if (form == FORM_LONG)
			put_long(entry, &facts);
		else if (form == FORM_JSON)
			put_json_case(entry);
		else
			puts(entry->name);
	}
}

static int run(int argc, char **argv)
{
	struct list_options options = { 0 };
	struct plan plan;
	const char *unused;

	int first = options_read(&command_list, argc, argv, &options);
	if (first < 0 || !globs_can_be_used(&command_list, argv + first, (size_t)(argc - first)))
		return STATUS_USAGE;
	const struct selection selection = {
		.include = { (const char *const *)argv + first, (size_t)(argc - first) },
		.slow = true,
		.max_wait_ms = -1,
	};
	plan_make(&all_cases, &selection, &plan, &unused);
	if (!unused)
		put_cases(&plan, options.form);
	free(plan.instances);
	return unused ? refuse_glob(&command_list, unused)
		      : finish_output(&command_list, STATUS_EXPECTED);
}

const struct command command_list = {
	.name = "list",
	.usage = "[GLOB...]",
	.summary = "name the cases, one a line",
	.options = option_rows,
	.help = "example: sockdrill list --long 'recv_*'\n",
	.run = run,
};
