/* cmd_check.c -- sockdrill check: what is wrong with the descriptors of cases. */
#include "cli/cli.h"
#include "engine/check.h"
#include "engine/plan.h"

static bool fits(const struct entry *entry, char **globs, int count)
{
	for (int i = 0; i < count; i++)
		if (glob_fits(globs[i], entry->name, NO_FAMILY))
			return true;
	return !count;
}

static int run(int argc, char **argv)
{
	unsigned faults = 0, checked = 0, faulty = 0;

	for (int i = 1; i < argc; i++)
		if (argv[i][0] == '-' || glob_error(argv[i]))
			return usage_error(&command_check, "cannot use '%s': give a glob", argv[i]);
	for (size_t i = 0; i < all_cases.count; i++) {
		const struct entry *entry = &all_cases.entries[i];
		if (!fits(entry, argv + 1, argc - 1))
			continue;
		unsigned found = check_case(entry, stdout);
		faults += found;
		faulty += found != 0;
		checked++;
	}
	if (!checked) {
		fprintf(stderr, "sockdrill check: no case matches: 'sockdrill list' names them\n");
		return STATUS_NOTHING;
	}
	printf("%u cases checked, %u with %u faults\n", checked, faulty, faults);
	return finish_output(&command_check, faults ? STATUS_UNEXPECTED : STATUS_EXPECTED);
}

const struct command command_check = {
	.name = "check",
	.usage = "[GLOB...]",
	.summary = "look for what is wrong with the descriptors of cases",
	.help = "Prints a line for each fault: a claim that is no sentence, a source without a\n"
		"section, a row without a reason. CONTRIBUTING.md has the rules.\n"
		"\n"
		"status: 0 none, 1 there are faults, 4 no case matches\n"
		"example: sockdrill check 'recv_*'\n",
	.run = run,
};
