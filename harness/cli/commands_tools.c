/* commands_tools.c -- the commands of the full program. */
#include <stddef.h>

#include "cli/cli.h"

const struct command *const commands[] = {
	&command_run,
	&command_list,
	&command_explain,
	&command_check,
	&command_report,
	&command_compare,
	&command_fuzz,
	&command_trace,
	&command_spy,
	&command_doctor,
	NULL,
};
