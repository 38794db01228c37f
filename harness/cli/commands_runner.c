/* commands_runner.c -- the commands of the runner alone (-Dtools=disabled). */
#include <stddef.h>

#include "cli/cli.h"

const struct command *const commands[] = {
	&command_run, &command_list,   &command_check, &command_trace,
	&command_spy, &command_doctor, NULL,
};
