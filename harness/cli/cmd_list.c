/* cmd_list.c -- sockdrill list: the names of cases, or all that their descriptors say. */
#include <getopt.h>

#include "cli/cli.h"
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
	const char *reason, *comma = "";

	for (unsigned i = 0; need_name(i, &reason); i++) {
		if (!(needs & 1U << i))
			continue;
		printf("%s%s", comma, need_name(i, &reason));
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
	const char *reason;

	return need_name(bit, &reason);
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

static int run(int argc, char **argv)
{
	static const struct option long_options[] = { { "long", no_argument, NULL, 'l' },
						      { "json", no_argument, NULL, 'j' },
						      { 0 } };
	int opt, form = 0;
	struct os_facts facts;
	struct plan plan;
	const char *unused;

	opterr = 0;
	optind = 1;
	while ((opt = getopt_long(argc, argv, "l", long_options, NULL)) != -1) {
		if (opt == '?')
			return usage_error(
				&command_list,
				"unknown option '%s': 'sockdrill list --help' lists them",
				argv[optind - 1]);
		form = opt;
	}
	for (int i = optind; i < argc; i++)
		if (glob_error(argv[i]))
			return usage_error(&command_list, "cannot use the glob '%s': %s", argv[i],
					   glob_error(argv[i]));
	const struct selection selection = {
		.include = { (const char *const *)argv + optind, (size_t)(argc - optind) },
		.slow = true,
		.max_wait_ms = -1,
	};
	os_describe(&facts);
	plan_make(&all_cases, &selection, &plan, &unused);
	if (unused)
		fprintf(stderr, "sockdrill list: no case fits '%s'\n", unused);
	const struct entry *last = NULL;
	for (size_t i = 0; i < plan.count && !unused; i++) {
		const struct entry *entry = plan.instances[i].entry;
		if (entry == last)
			continue;
		last = entry;
		if (form == 'l')
			put_long(entry, &facts);
		else if (form == 'j')
			put_json_case(entry);
		else
			puts(entry->name);
	}
	free(plan.instances);
	return finish_output(&command_list, unused ? STATUS_NOTHING : STATUS_EXPECTED);
}

const struct command command_list = {
	.name = "list",
	.usage = "[GLOB...]",
	.summary = "name the cases, one a line",
	.help = "  -l, --long   claim, source, families, needs and expectations of each\n"
		"  --json       the same, one JSON object a line\n"
		"\n"
		"example: sockdrill list --long 'recv_*'\n",
	.run = run,
};
