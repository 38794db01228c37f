/* cmd_check.c -- sockdrill check: what is wrong with the descriptors of cases. */
#include "cli/cli.h"
#include "cli/suggest_cases.h"
#include "engine/check.h"
#include "engine/plan.h"

/* Nothing but --help, which every command has. */
static const struct option_row option_rows[] = { { 0 } };

static int run(int argc, char **argv)
{
	const struct entry *last = NULL;
	unsigned faults = 0, checked = 0, faulty = 0;
	struct plan plan;
	const char *unused;
	char nothing;

	int first = options_read(&command_check, argc, argv, &nothing);
	if (first < 0 || !globs_can_be_used(&command_check, argv + first, (size_t)(argc - first)))
		return STATUS_USAGE;
	const struct selection selection = {
		.include = { (const char *const *)argv + first, (size_t)(argc - first) },
		.slow = true,
		.max_wait_ms = -1,
	};
	plan_make(&all_cases, &selection, &plan, &unused);
	for (size_t i = 0; i < plan.count && !unused; i++) {
		const struct entry *entry = plan.instances[i].entry;
		if (entry == last)
			continue; /* the same case over another family */
		last = entry;
		unsigned found = check_case(entry, stdout);
		faults += found;
		faulty += found != 0;
		checked++;
	}
	free(plan.instances);
	if (unused)
		return refuse_glob(&command_check, unused);
	printf("%u case%s checked, %u with %u fault%s\n", checked, checked == 1 ? "" : "s", faulty,
	       faults, faults == 1 ? "" : "s");
	return finish_output(&command_check, faults ? STATUS_UNEXPECTED : STATUS_EXPECTED);
}

const struct command command_check = {
	.name = "check",
	.usage = "[GLOB...]",
	.summary = "look for what is wrong with the descriptors of cases",
	.options = option_rows,
	.help = "Prints a line for each fault: a claim that is no sentence, a source without a\n"
		"section, a row without a reason. CONTRIBUTING.md has the rules.\n"
		"\n"
		"status: 0 none, 1 there are faults, 4 no case matches\n"
		"example: sockdrill check 'recv_*'\n",
	.run = run,
};
