/* zoo_test.c -- roles that misbehave: each yields exactly its verdict and leaves nothing behind. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "engine/drill.h"
#include "engine/judge.h"
#include "role/state.h"
#include "trace/tracer.h"

enum { LIMIT_MS = 1000, MANY = 100000 };

/* LeakSanitizer cannot look at a role that has a tracer already; it would end it with status 1. */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
	return 1;
}

static void nothing(struct role *me)
{
	(void)me;
}

static void hangs(struct role *me)
{
	(void)me;
	pause();
}

static void loops(struct role *me)
{
	volatile bool goes_on = me != NULL;

	while (goes_on)
		;
}

static void hangs_deaf(struct role *me)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	hangs(me);
}

static void stops_itself(struct role *me)
{
	(void)me;
	raise(SIGSTOP);
}

static void hangs_in_accept(struct role *me)
{
	int fd = listen_on(me, 1);

	saw(me, "accept", accept(fd, NULL, NULL));
}

static void hangs_in_recv(struct role *me)
{
	int fd = accept_peer(me);
	char byte;

	must(send(fd, "xyz", 3, 0));
	saw(me, "recv", recv(fd, &byte, 1, 0));
}

static void hangs_in_poll(struct role *me)
{
	struct pollfd one = { .fd = connect_to_peer(me), .events = POLLPRI };

	saw(me, "poll", poll(&one, 1, -1));
}

static void waits_for_ever(struct role *me)
{
	until (me, "pigs fly", me == NULL) {
	}
}

static void dies(struct role *me)
{
	const int *signo = row_of(me);

	signal(*signo, SIG_DFL);
	kill(getpid(), *signo);
	pause();
}

static void writes_to_null(struct role *me)
{
	volatile char *nowhere = (volatile char *)row_of(me);

	*nowhere = 1;
}

static void exits_early(struct role *me)
{
	(void)me;
	exit(0);
}

static void exits_with_seven(struct role *me)
{
	(void)me;
	_exit(7);
}

static void must_fails(struct role *me)
{
	(void)me;
	must(close(-1));
}

static void records_unknown(struct role *me)
{
	saw(me, "known", 1);
	saw(me, "unknown", 1);
}

static void records_twice(struct role *me)
{
	saw(me, "known", 1);
	saw(me, "known", 1);
}

static void records_known(struct role *me)
{
	saw(me, "known", 1);
}

static void records_wrong(struct role *me)
{
	saw(me, "known", 2);
}

static void records_too_much(struct role *me)
{
	for (int i = 0; i < MANY; i++)
		saw(me, "known", i);
}

static void scribbles(struct role *me)
{
	memset(my_side(me)->records, 0xff, RECORDS_MAX);
	atomic_store(&my_side(me)->used, UINT32_MAX);
}

static void scribbles_a_little(struct role *me)
{
	saw(me, "known", 1);
	memcpy(my_side(me)->records, "garbage", 7);
}

static void skips(struct role *me)
{
	unsupported(me, "nothing here suits it");
}

static void meets_at_noon(struct role *me)
{
	meet(me, "noon");
}

static void meets_at_midnight(struct role *me)
{
	meet(me, "midnight");
}

static void hears_nothing(struct role *me)
{
	recv_number(me);
}

static void daemonises(struct role *me)
{
	pid_t child = must(fork());

	(void)me;
	if (child) {
		waitpid(child, NULL, 0);
		return;
	}
	setsid();
	if (fork())
		_exit(0);
	signal(SIGHUP, SIG_IGN);
	for (;;)
		pause();
}

static void leaves_child(struct role *me)
{
	(void)me;
	if (!fork())
		for (;;)
			pause();
}

/* Forks until the limit of the world says no, and leaves all of them. */
static void fork_bombs(struct role *me)
{
	int children = 0;

	for (pid_t pid; children < MANY && (pid = fork()) >= 0; children++)
		if (pid == 0)
			for (;;)
				pause();
	saw(me, "limit was reached", children < MANY);
}

/* Every child forks, too; nobody counts. */
static void fork_bombs_for_ever(struct role *me)
{
	while (me)
		(void)!fork();
}

static void floods(struct role *me)
{
	char line[1000];

	memset(line, 'x', sizeof line);
	for (int i = 0; i < 10000; i++)
		(void)!write(STDOUT_FILENO, line, sizeof line);
	saw(me, "known", 1);
}

static void floods_for_ever(struct role *me)
{
	while (me)
		(void)!write(STDERR_FILENO, "flood\n", 6);
}

static void closes_all(struct role *me)
{
	for (int fd = 0; fd < 1024; fd++)
		close(fd);
	meet(me, "closed");
	saw(me, "known", 1);
}

static void meets_closed(struct role *me)
{
	meet(me, "closed");
}

static void kills_own_group(struct role *me)
{
	(void)me;
	kill(0, SIGKILL);
	pause();
}

/* In a PID namespace the keeper is out of reach; elsewhere it dies, and that is told. */
static void kills_keeper(struct role *me)
{
	(void)me;
	kill(getppid(), SIGKILL);
	pause();
}

static void kills_everyone(struct role *me)
{
	(void)me;
	kill(-1, SIGKILL);
}

static int entries_here(void)
{
	DIR *here = opendir(".");
	int entries = 0;

	while (here && readdir(here))
		entries++;
	if (here)
		closedir(here);
	return entries - 2;
}

/* The file system is small: it fills up, and that is the role's own problem. */
static void fills_directory(struct role *me)
{
	static const char block[65536];
	int written = 0, fd, n = 0;
	char name[32];

	saw(me, "entries before", entries_here());
	must(mkdir("below", 0700));
	must(mkdir("below/further", 0700));
	do {
		snprintf(name, sizeof name, "below/further/%d", n++);
		fd = open(name, O_WRONLY | O_CREAT, 0600);
		for (written = 0; fd >= 0 && written < 1 << 20; written += (int)sizeof block)
			if (write(fd, block, sizeof block) != (ssize_t)sizeof block)
				break;
		close(fd);
	} while (n < 64 && written == 1 << 20);
	saw(me, "filled", n < 64);
}

static const int signals[] = { SIGABRT, SIGALRM,   SIGBUS,  SIGFPE,  SIGHUP,  SIGILL,
			       SIGINT,  SIGIO,     SIGKILL, SIGPIPE, SIGPROF, SIGPWR,
			       SIGQUIT, SIGSEGV,   SIGSYS,  SIGTERM, SIGTRAP, SIGUSR1,
			       SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ };

/* A sanitizer makes an exit of a crash. */
#ifdef __SANITIZE_ADDRESS__
#define CRASH "client exited early"
#else
#define CRASH "client died of SIGSEGV"
#endif

#define KNOWN                                                                                      \
	.expect = {                                                                                \
		{ CLIENT, "known", EQ(1) },                                                        \
	}

/* Animals: roles, the verdict, and a piece of the reason. A client records "known" = 1 unless
 * the animal's rows say otherwise. */
static const struct animal {
	const char *name;
	const struct sock_case test;
	enum verdict verdict;
	const char *reason;
	bool only_isolated, only_bare, only_processes;
	const char *threads_reason; /* where roles are threads; NULL: the same */
} zoo[] = {
	{ "well_behaved", { .client = records_known, KNOWN }, VERDICT_PASS, "" },
	{ "wrong_value",
	  { .client = records_wrong, KNOWN },
	  VERDICT_FAIL,
	  "client saw known = 2, wanted 1" },
	{ "hangs",
	  { .server = hangs, .client = records_known, KNOWN },
	  VERDICT_TIMEOUT,
	  "server in " },
	{ "hangs_in_accept",
	  { .server = hangs_in_accept, .expect = { { SERVER, "accept", EQ(0) } } },
	  VERDICT_TIMEOUT,
	  ": listening stream, accept queue 0 of 1)" },
	{ "hangs_in_recv",
	  { .server = hangs_in_recv,
	    .client = hangs_in_poll,
	    .expect = { { SERVER, "recv", EQ(0) }, { CLIENT, "poll", EQ(0) } } },
	  VERDICT_TIMEOUT,
	  ": stream to its peer, ESTABLISHED, receive queue empty), client in " },
	{ "hangs_in_poll",
	  { .server = hangs_in_recv,
	    .client = hangs_in_poll,
	    .expect = { { SERVER, "recv", EQ(0) }, { CLIENT, "poll", EQ(0) } } },
	  VERDICT_TIMEOUT,
	  " PRI: stream to its peer, ESTABLISHED, receive queue 3)" },
	{ "loops",
	  { .server = loops, .client = records_known, KNOWN },
	  VERDICT_TIMEOUT,
	  "server running, client finished" },
	{ "hangs_deaf",
	  { .server = hangs_deaf, .client = records_known, KNOWN },
	  VERDICT_TIMEOUT,
	  "server in " },
	{ "stops_itself",
	  { .server = stops_itself, .client = records_known, KNOWN },
	  VERDICT_TIMEOUT,
	  "after 1000 ms: server" },
	{ "waits_for_ever",
	  { .server = waits_for_ever, .client = records_known, KNOWN },
	  VERDICT_TIMEOUT,
	  "server waiting until pigs fly" },
	{ "writes_to_null", { .client = writes_to_null, KNOWN }, VERDICT_BROKEN, CRASH },
	{ "exits_early",
	  { .client = exits_early, KNOWN },
	  VERDICT_BROKEN,
	  "client exited early, with status 0" },
	{ "exits_with_seven",
	  { .client = exits_with_seven, KNOWN },
	  VERDICT_BROKEN,
	  "client exited early, with status 7" },
	{ "must_fails",
	  { .client = must_fails, KNOWN },
	  VERDICT_BROKEN,
	  "client: close(-1) failed: EBADF at zoo_test.c" },
	{ "never_records",
	  { .client = nothing, KNOWN },
	  VERDICT_BROKEN,
	  "client never recorded \"known\"" },
	{ "records_unknown",
	  { .client = records_unknown, KNOWN },
	  VERDICT_BROKEN,
	  "client recorded \"unknown\", which no row" },
	{ "records_twice",
	  { .client = records_twice, KNOWN },
	  VERDICT_BROKEN,
	  "client recorded \"known\" twice" },
	{ "records_too_much",
	  { .client = records_too_much, KNOWN },
	  VERDICT_BROKEN,
	  "client recorded more than fits" },
	{ "scribbles",
	  { .client = scribbles, KNOWN },
	  VERDICT_BROKEN,
	  "client recorded more than fits" },
	{ "scribbles_a_little",
	  { .client = scribbles_a_little, KNOWN },
	  VERDICT_BROKEN,
	  "client wrote 1 unreadable records" },
	{ "skips", { .client = skips, KNOWN }, VERDICT_SKIP, "nothing here suits it" },
	{ "meets_elsewhere",
	  { .server = meets_at_noon, .client = meets_at_midnight, KNOWN },
	  VERDICT_BROKEN,
	  "\"midnight\"" },
	{ "meets_nobody",
	  { .server = nothing, .client = meets_at_noon, KNOWN },
	  VERDICT_BROKEN,
	  "client: waited at meeting \"noon\", but the server had ended" },
	{ "hears_nothing",
	  { .server = nothing, .client = hears_nothing, KNOWN },
	  VERDICT_BROKEN,
	  "client: waited for a message, but the server had ended" },
	{ "daemonises",
	  { .server = daemonises, .client = records_known, KNOWN },
	  VERDICT_BROKEN,
	  "1 process outlived the roles" },
	{ "leaves_child",
	  { .server = leaves_child, .client = records_known, KNOWN },
	  VERDICT_BROKEN,
	  "1 process outlived the roles" },
	{ "fork_bombs",
	  { .client = fork_bombs, .expect = { { CLIENT, "limit was reached", EQ(1) } } },
	  VERDICT_BROKEN,
	  "processes outlived the roles",
	  .only_isolated = true },
	{ "fork_bombs_for_ever",
	  { .client = fork_bombs_for_ever, KNOWN },
	  VERDICT_TIMEOUT,
	  "after 1000 ms: client",
	  .only_isolated = true },
	{ "floods", { .client = floods, KNOWN }, VERDICT_PASS, "" },
	{ "floods_for_ever",
	  { .client = floods_for_ever, KNOWN },
	  VERDICT_TIMEOUT,
	  "after 1000 ms: client" },
	{ "closes_all", { .server = meets_closed, .client = closes_all, KNOWN }, VERDICT_PASS, "" },
	{ "kills_own_group",
	  { .server = nothing, .client = kills_own_group, KNOWN },
	  VERDICT_BROKEN,
	  "client died of SIGKILL",
	  .threads_reason = "the process of both roles died of SIGKILL" },
	{ "kills_keeper",
	  { .client = kills_keeper, KNOWN },
	  VERDICT_BROKEN,
	  "the keeper of its world was killed",
	  .only_bare = true },
	{ "kills_everyone",
	  { .server = hangs, .client = kills_everyone, KNOWN },
	  VERDICT_BROKEN,
	  "server died of SIGKILL",
	  .only_isolated = true,
	  .only_processes = true }, /* kill(-1) spares the process that calls it */
};

/* The processes of this name that live: what a run left behind, and this one. Those that have ended
 * and wait for their parent to notice do not count. */
static unsigned count_processes(const char *name)
{
	DIR *proc = opendir("/proc");
	unsigned count = 0;

	for (struct dirent *e; proc && (e = readdir(proc));) {
		char path[300], comm[32] = "", state = 'Z';
		snprintf(path, sizeof path, "/proc/%s/stat", e->d_name);
		FILE *file = atoi(e->d_name) > 0 ? fopen(path, "r") : NULL;
		if (!file)
			continue;
		(void)!fscanf(file, "%*d (%31[^)]) %c", comm, &state);
		fclose(file);
		count += !strcmp(comm, name) && state != 'Z' && state != 'X';
	}
	if (proc)
		closedir(proc);
	return count;
}

/* What was killed needs a moment to be gone. */
static bool is_alone(const char *name)
{
	int64_t deadline = os_now_us() + 1000000;

	while (count_processes(name) > 1) {
		if (os_now_us() > deadline)
			return false;
		os_pause_us(1000);
	}
	return true;
}

/* How the roles run: as processes, as on a stack that is a library, or followed by a tracer. */
enum way { PROCESSES, THREADS, TRACED };

static void check_animal(const struct animal *animal, enum isolation isolation, enum way way)
{
	const char *reason =
		way == THREADS && animal->threads_reason ? animal->threads_reason : animal->reason;
	/* What ends by itself is given time that no check depends on: with sanitizers hundreds of
	 * forks take seconds of a processor, which may be slow and not be theirs alone. */
	uint32_t limit_ms = animal->verdict == VERDICT_TIMEOUT ? LIMIT_MS : 60000;
	const struct drill_setting setting = { isolation, limit_ms, 1, way == THREADS,
					       way == TRACED };
	struct result result = { 0 };
	char name[16], *error = NULL;

	/* Forks inherit it: whatever survives can be told by it. */
	snprintf(name, sizeof name, "zoo%d", (int)getpid());
	prctl(PR_SET_NAME, name);
	bool ran = drill(animal->name, &animal->test, NO_FAMILY, &setting, &result, &error);
	cr_assert(ran, "%s: %s", animal->name, error);
	cr_expect_eq(result.verdict, animal->verdict, "%s: %s: %s", animal->name,
		     verdict_name(result.verdict), result.reason);
	cr_expect(strstr(result.reason, reason), "%s: \"%s\" does not hold \"%s\"", animal->name,
		  result.reason, reason);
	cr_expect(is_alone(name), "%s left a process behind", animal->name);
	cr_expect(strlen(result.output[CLIENT]) <= OUTPUT_ROOM, "%s: output is not bounded",
		  animal->name);
	result_finish(&result);
}

static void check_zoo(enum isolation isolation, enum way way)
{
	struct abilities abilities;

	abilities_probe(isolation, &abilities);
	for (size_t i = 0; i < sizeof zoo / sizeof *zoo; i++)
		if ((abilities.isolated ? !zoo[i].only_bare : !zoo[i].only_isolated) &&
		    !(way == THREADS && zoo[i].only_processes))
			check_animal(&zoo[i], isolation, way);
}

Test(zoo, animals_in_worlds, .timeout = 120)
{
	check_zoo(ISOLATION_AUTO, PROCESSES);
}

Test(zoo, animals_without_worlds, .timeout = 120)
{
	check_zoo(ISOLATION_NONE, PROCESSES);
}

static void need_tracer(void)
{
	const char *why_not = tracer_why_not();

	if (why_not)
		cr_skip("%s", why_not);
}

/* A tracer changes nothing of it. */
Test(zoo, animals_traced_in_worlds, .timeout = 120)
{
	need_tracer();
	check_zoo(ISOLATION_AUTO, TRACED);
}

Test(zoo, animals_traced_without_worlds, .timeout = 120)
{
	need_tracer();
	check_zoo(ISOLATION_NONE, TRACED);
}

/* As on a stack that is a library: both roles of a pair in one process. */
Test(zoo, animals_as_threads, .timeout = 120)
{
	check_zoo(ISOLATION_AUTO, THREADS);
}

static void check_signals(enum isolation isolation, enum way way)
{
	const char *whose = way == THREADS ? "the process of both roles" : "client";

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		char reason[64];
		snprintf(reason, sizeof reason, "%s died of %s", whose, os_signal_name(signals[i]));
		const struct animal animal = {
			.name = reason,
			.test = { .row = &signals[i], .server = hangs, .client = dies, KNOWN },
			.verdict = VERDICT_BROKEN,
			.reason = reason,
		};
		check_animal(&animal, isolation, way);
	}
}

Test(zoo, every_signal_in_worlds, .timeout = 120)
{
	check_signals(ISOLATION_AUTO, PROCESSES);
}

Test(zoo, every_signal_traced, .timeout = 120)
{
	need_tracer();
	check_signals(ISOLATION_AUTO, TRACED);
}

Test(zoo, every_signal_as_threads, .timeout = 120)
{
	check_signals(ISOLATION_AUTO, THREADS);
}

Test(zoo, every_signal_without_worlds, .timeout = 120)
{
	check_signals(ISOLATION_NONE, PROCESSES);
}

/* The second and third pair find an empty directory, though the one before filled it. */
Test(zoo, directory_is_emptied, .timeout = 60)
{
	static const struct sock_case test = {
		.client = fills_directory,
		.expect = { { CLIENT, "entries before", EQ(0) }, { CLIENT, "filled", EQ(1) } },
	};
	const struct drill_setting setting = { ISOLATION_AUTO, 5000, 3 };
	struct abilities abilities;
	struct result result = { 0 };
	char *error = NULL;

	abilities_probe(ISOLATION_AUTO, &abilities);
	if (!abilities.isolated)
		cr_skip("%s", abilities.why_not);
	cr_assert(drill("fills_directory", &test, NO_FAMILY, &setting, &result, &error));
	cr_expect_eq(result.verdict, VERDICT_PASS, "%s", result.reason);
	cr_expect_eq(result.runs, 3);
	result_finish(&result);
}
