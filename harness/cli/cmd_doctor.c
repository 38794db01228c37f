/* cmd_doctor.c -- sockdrill doctor: what works on this machine, and what each missing thing costs.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/pcap_files.h"
#include "engine/needs.h"
#include "engine/plan.h"
#include "fuzz/programs.h"
#include "os/os.h"
#include "spy/spy.h"
#include "trace/tracer.h"

/* How many instances could not run for the first-named reason. */
static unsigned count_lost(const struct abilities *abilities, const char *reason)
{
	unsigned lost = 0;

	for (size_t i = 0; i < all_cases.count; i++) {
		const struct sock_case *test = all_cases.entries[i].test;
		for (unsigned family = INET; family <= NO_FAMILY; family <<= 1) {
			if (!(test->families & family))
				continue;
			const char *unmet = needs_unmet(abilities, test, family);
			lost += unmet && !strcmp(unmet, reason);
		}
	}
	return lost;
}

static void put_line(bool works, const char *name, const char *text)
{
	printf("%s %-12s %s\n", works ? "yes" : "NO ", name, text);
}

static void put_need(const struct abilities *abilities, unsigned index)
{
	const char *reason;
	const char *name = need_name(index, &reason);
	char text[256];

	if (abilities->has & 1U << index) {
		put_line(true, name, "");
		return;
	}
	snprintf(text, sizeof text, "%u case instances are skipped: %s",
		 count_lost(abilities, reason), reason);
	put_line(false, name, text);
}

static bool has_command(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return true;
	return false;
}

/* What `sockdrill fuzz` needs; a build without it needs nothing. */
static void put_fuzzers(void)
{
	static const struct {
		const char *program, *lack;
	} needs[] = {
		{ "afl-fuzz", "fuzz has --engine libfuzzer only: install Debian's afl++" },
		{ "clang", "fuzz has no --engine libfuzzer: install Debian's clang and "
			   "libclang-rt-14-dev" },
		{ "gcc", "fuzz cannot explain what it finds, and does not start: install gcc" },
	};

	for (size_t i = 0; has_command("fuzz") && i < sizeof needs / sizeof *needs; i++) {
		bool there = program_exists(needs[i].program);
		put_line(there, needs[i].program, there ? "" : needs[i].lack);
	}
}

/* What is seen of programs from outside; the rest works without. */
static void put_watching(const struct abilities *abilities)
{
	static const struct {
		const char *name;
		const char *(*why_not)(void);
		const char *lost;
	} means[] = {
		{ "tracing", tracer_why_not, "no calls are told, and none disturbed" },
		{ "looking", spy_why_no_copies, "sockets are told without their options" },
		{ "sock_diag", spy_why_no_diag, "nothing can wait until a program listens" },
	};
	char text[512], *error;

	for (size_t i = 0; i < sizeof means / sizeof *means; i++) {
		const char *why_not = means[i].why_not();
		snprintf(text, sizeof text, "%s: %s", means[i].lost, why_not ? why_not : "");
		put_line(!why_not, means[i].name, why_not ? text : "");
	}
	bool possible = pcap_files_possible(abilities, &error);
	put_line(possible, "capture", possible ? "" : error);
	free(error);
}

static int run(int argc, char **argv)
{
	struct abilities abilities;
	struct os_facts facts;
	char text[256];
	const char *reason;

	if (argc > 1)
		return usage_error(&command_doctor, "it takes no argument, not '%s'", argv[1]);
	os_describe(&facts);
	abilities_probe(ISOLATION_AUTO, &abilities);
	printf("%s %s %s, %s, %u processors, user %u\n", facts.sysname, facts.release,
	       facts.machine, facts.libc, os_cpus(), (unsigned)geteuid());
	snprintf(text, sizeof text, "%s",
		 abilities.isolated
			 ? abilities.walls.pid
				   ? "worlds have a network, PIDs, IPC and a directory of their own"
				   : "worlds have a network, IPC and a directory of their own"
			 : abilities.why_not);
	put_line(abilities.isolated, "isolation", text);
	put_line(abilities.has_ipv6, "inet6",
		 abilities.has_ipv6 ? "" : "no socket can be bound to ::1");
	put_line(abilities.has_unix, "unix", abilities.has_unix ? "" : "no AF_UNIX sockets");
	for (unsigned i = 0; need_name(i, &reason); i++)
		put_need(&abilities, i);
	put_watching(&abilities);
	put_fuzzers();
	return finish_output(&command_doctor, STATUS_EXPECTED);
}

const struct command command_doctor = {
	.name = "doctor",
	.usage = "",
	.summary = "print what works on this machine, and what each missing thing costs",
	.help = "Probes in a world like those of the cases; changes nothing.\n"
		"\n"
		"example: sockdrill doctor\n",
	.run = run,
};
