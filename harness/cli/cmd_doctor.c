/* cmd_doctor.c -- sockdrill doctor: what works on this machine, and what each missing thing costs.
 */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/doctor_checks.h"
#include "os/os.h"
#include "reports/report.h"

struct doctor_options {
	bool json;
};

/* clang-format off */
static const struct option_row option_rows[] = {
	{ "json", 0, NULL, "one JSON document with the same facts",
	  OPTION_SWITCH(FIELD(struct doctor_options, json)) },
	{ 0 },
};
/* clang-format on */

/* ---- For people ---- */

static void put_check(const struct check *check, unsigned width)
{
	enum { COLUMN = 19 };
	char *head = must_format("%s %-14s", check->works ? "yes" : "NO ", check->name);
	char *why = must_format("%s%s%s", check->cost ? check->cost : "",
				check->cost && check->reason ? ": " : "",
				check->reason ? check->reason : "");

	if (check->works && !check->note)
		printf("yes %s\n", check->name);
	else
		put_beside(stdout, head, check->works ? check->note : why, COLUMN, width);
	if (check->fix)
		put_beside(stdout, "               fix:", check->fix, COLUMN + 1, width);
	free(head);
	free(why);
}

/* Lines are filled for a terminal only: programs look for words in them. */
static void put_text(const struct os_facts *facts, const struct checks *checks)
{
	unsigned width = isatty(STDOUT_FILENO) ? terminal_width(STDOUT_FILENO) : UINT_MAX;

	printf("%s %s %s, %s, %u processors, user %u\n", facts->sysname, facts->release,
	       facts->machine, facts->libc, os_cpus(), (unsigned)geteuid());
	for (size_t i = 0; i < checks->count; i++)
		put_check(&checks->at[i], width);
}

/* ---- For programs ---- */

static void put_field(const char *before, const char *key, const char *text)
{
	printf("%s\"%s\":", before, key);
	if (text)
		put_json(stdout, text);
	else
		fputs("null", stdout);
}

static void put_document(const struct os_facts *facts, const struct checks *checks)
{
	put_field("{", "sysname", facts->sysname);
	put_field(",", "release", facts->release);
	put_field(",", "machine", facts->machine);
	put_field(",", "libc", facts->libc);
	printf(",\"processors\":%u,\"user\":%u,\"checks\":[", os_cpus(), (unsigned)geteuid());
	for (size_t i = 0; i < checks->count; i++) {
		const struct check *check = &checks->at[i];
		put_field(i ? ",\n{" : "\n{", "name", check->name);
		printf(",\"works\":%s,\"lost\":%u", check->works ? "true" : "false", check->lost);
		put_field(",", "note", check->note);
		put_field(",", "cost", check->cost);
		put_field(",", "reason", check->reason);
		put_field(",", "fix", check->fix);
		putchar('}');
	}
	puts("\n]}");
}

static int run(int argc, char **argv)
{
	struct doctor_options options = { 0 };
	struct os_facts facts;
	struct checks checks;

	int first = options_read(&command_doctor, argc, argv, &options);
	if (first < 0)
		return STATUS_USAGE;
	if (first < argc)
		return usage_error(&command_doctor, "it takes no argument, not '%s'", argv[first]);
	os_describe(&facts);
	checks_make(&checks);
	(options.json ? put_document : put_text)(&facts, &checks);
	checks_finish(&checks);
	return finish_output(&command_doctor, STATUS_EXPECTED);
}

const struct command command_doctor = {
	.name = "doctor",
	.usage = "",
	.summary = "print what works on this machine, and what each missing thing costs",
	.about = "Probes in a world like those of the cases; changes nothing. Of what does not\n"
		 "work it prints what is lost, why, and the option or setting to change.\n",
	.options = option_rows,
	.help = "example: sockdrill doctor\n",
	.run = run,
};
