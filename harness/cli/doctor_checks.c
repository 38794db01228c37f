/* doctor_checks.c -- finds out what works on this machine, and what each missing thing costs. */
#include "cli/doctor_checks.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/pcap_files.h"
#include "engine/needs.h"
#include "engine/registry.h"
#include "fuzz/programs.h"
#include "os/obstacle.h"
#include "os/os.h"
#include "spy/spy.h"
#include "trace/tracer.h"

/* What several checks fail for; the check of that name says why. */
static const char no_isolation[] = "there is no isolation";

/* ---- The list ---- */

static struct check *add_check(struct checks *checks, const char *name, bool works)
{
	checks->at = must_grow(checks->at, checks->count + 1, sizeof *checks->at);
	struct check *check = &checks->at[checks->count++];
	*check = (struct check){ .name = name, .works = works };
	return check;
}

static char *copy_text(const char *text)
{
	return text && *text ? must_copy(text) : NULL;
}

/* Of something that does not work; each may be NULL. */
static void say_why(struct check *check, const char *cost, const char *reason, const char *fix)
{
	check->cost = copy_text(cost);
	check->reason = copy_text(reason);
	check->fix = copy_text(fix);
}

static void say_skipped(struct check *check, unsigned lost)
{
	check->lost = lost;
	if (!lost)
		return;
	free(check->cost);
	check->cost = must_format("%u case instance%s skipped", lost, lost == 1 ? " is" : "s are");
}

void checks_finish(struct checks *checks)
{
	for (size_t i = 0; i < checks->count; i++) {
		free(checks->at[i].note);
		free(checks->at[i].cost);
		free(checks->at[i].reason);
		free(checks->at[i].fix);
	}
	free(checks->at);
}

/* ---- What cases need ---- */

/* Instances of the families that need any of these bits. */
static unsigned count_instances(unsigned families, unsigned needs)
{
	unsigned count = 0;

	for (size_t i = 0; i < all_cases.count; i++) {
		const struct sock_case *test = all_cases.entries[i].test;
		for (unsigned family = INET; family <= NO_FAMILY; family <<= 1)
			count += test->families & family & families &&
				 (!needs || test->needs & needs);
	}
	return count;
}

/* Instances that are skipped for that reason before any other. */
static unsigned count_skipped(const struct abilities *abilities, const char *reason)
{
	unsigned count = 0;

	for (size_t i = 0; i < all_cases.count; i++) {
		const struct sock_case *test = all_cases.entries[i].test;
		for (unsigned family = INET; family <= NO_FAMILY; family <<= 1) {
			if (!(test->families & family))
				continue;
			const char *unmet = needs_unmet(abilities, test, family);
			count += unmet && !strcmp(unmet, reason);
		}
	}
	return count;
}

static void check_isolation(struct checks *checks, const struct abilities *abilities)
{
	struct check *check = add_check(checks, "isolation", abilities->isolated);

	if (abilities->isolated)
		check->note = must_format("worlds have a network, %sIPC and a directory of their "
					  "own%s",
					  abilities->walls.pid ? "PIDs, " : "",
					  abilities->walls.user ? ", in a user namespace" : "");
	else
		say_why(check, "cases run in the host's network", abilities->why_not,
			abilities->fix);
}

static void check_families(struct checks *checks, const struct abilities *abilities)
{
	struct check *check = add_check(checks, "inet6", abilities->has_ipv6);

	if (!check->works) {
		say_why(check, NULL, "no socket can be bound to ::1",
			"boot without ipv6.disable=1, with CONFIG_IPV6");
		say_skipped(check, count_instances(INET6, 0));
	}
	check = add_check(checks, "unix", abilities->has_unix);
	if (!check->works) {
		say_why(check, NULL, "there are no AF_UNIX sockets", "a kernel with CONFIG_UNIX");
		say_skipped(check, count_instances(UNIX, 0));
	}
}

static void check_need(struct checks *checks, const struct abilities *abilities, unsigned index)
{
	const struct need_text *need = need_text(index);
	const unsigned bit = 1U << index;
	struct check *check = add_check(checks, need->name, abilities->has & bit);
	struct os_obstacle obstacle;

	if (check->works)
		return;
	if (bit == NEEDS_ROOT && os_find_root_obstacle(&obstacle))
		say_why(check, NULL, obstacle.reason, obstacle.fix);
	else if (bit & (NEEDS_NETNS | NEEDS_OWN_NET | NEEDS_NETEM) && *abilities->why_not)
		say_why(check, NULL, no_isolation, abilities->fix);
	else
		say_why(check, NULL, need->reason, need->fix);
	say_skipped(check, count_skipped(abilities, need->skip));
}

/* ---- Files and directories ---- */

static void check_proc(struct checks *checks)
{
	struct os_obstacle obstacle;
	struct check *check = add_check(checks, "proc", !os_find_proc_obstacle(&obstacle));

	if (!check->works)
		say_why(check,
			"spy finds no process, trace names no programs, time-outs do not say in "
			"which call a role is",
			obstacle.reason, obstacle.fix);
}

/* Each pair has a directory there. */
static void check_temporary(struct checks *checks)
{
	const char *base = getenv("TMPDIR");
	char *path = must_format("%s/sockdrill.XXXXXX", base && *base ? base : "/tmp");
	struct check *check = add_check(checks, "temporary", mkdtemp(path) != NULL);

	if (check->works) {
		rmdir(path);
	} else {
		char *reason = must_format("cannot make %s: %s", path, strerror(errno));
		say_why(check, "no case can be run", reason, "set TMPDIR to a writable directory");
		free(reason);
	}
	free(path);
}

/* ---- Looking into programs ---- */

static void check_means(struct checks *checks)
{
	static const struct {
		const char *name;
		const char *(*why_not)(void);
		bool (*find_obstacle)(struct os_obstacle *obstacle);
		const char *cost;
	} means[] = {
		{ "tracing", tracer_why_not, os_find_trace_obstacle,
		  "trace, run --trace and run --disturb do not work" },
		{ "looking", spy_why_no_copies, os_find_copy_obstacle,
		  "spy and time-outs show sockets without their options" },
		{ "sock_diag", spy_why_no_diag, NULL, "nothing can wait until a program listens" },
	};
	struct os_obstacle obstacle;

	for (size_t i = 0; i < sizeof means / sizeof *means; i++) {
		const char *why_not = means[i].why_not();
		struct check *check = add_check(checks, means[i].name, !why_not);
		if (why_not && means[i].find_obstacle && means[i].find_obstacle(&obstacle))
			say_why(check, means[i].cost, obstacle.reason, obstacle.fix);
		else if (why_not)
			say_why(check, means[i].cost, why_not, NULL);
	}
}

static void check_capture(struct checks *checks, const struct abilities *abilities)
{
	char *error;
	struct check *check = add_check(checks, "capture", pcap_files_possible(abilities, &error));

	if (*abilities->why_not)
		say_why(check, "run --pcap does not work", no_isolation, abilities->fix);
	else if (!check->works)
		say_why(check, "run --pcap does not work", error, NULL);
	free(error);
}

static bool has_command(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return true;
	return false;
}

/* What `sockdrill fuzz` needs; a build without it needs nothing. */
static void check_fuzzers(struct checks *checks)
{
	static const struct {
		const char *program, *cost, *fix;
	} needs[] = {
		{ "afl-fuzz", "fuzz has --engine libfuzzer only", "apt-get install afl++" },
		{ "clang", "fuzz has no --engine libfuzzer",
		  "apt-get install clang libclang-rt-14-dev" },
		{ "gcc", "fuzz cannot explain what it finds, and does not start",
		  "apt-get install gcc" },
	};

	for (size_t i = 0; has_command("fuzz") && i < sizeof needs / sizeof *needs; i++) {
		struct check *check =
			add_check(checks, needs[i].program, program_exists(needs[i].program));
		if (!check->works)
			say_why(check, needs[i].cost, "it is not installed", needs[i].fix);
	}
}

void checks_make(struct checks *ret_checks)
{
	struct abilities abilities;

	memset(ret_checks, 0, sizeof *ret_checks);
	abilities_probe(ISOLATION_AUTO, &abilities);
	check_isolation(ret_checks, &abilities);
	check_temporary(ret_checks);
	check_proc(ret_checks);
	check_families(ret_checks, &abilities);
	for (unsigned i = 0; need_text(i); i++)
		check_need(ret_checks, &abilities, i);
	check_means(ret_checks);
	check_capture(ret_checks, &abilities);
	check_fuzzers(ret_checks);
}
