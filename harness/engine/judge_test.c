/* judge_test.c -- every verdict and the sentence that goes with it, and which of several wins. */
#include "engine/judge.h"

#include <criterion/criterion.h>

/* Wait statuses, as the kernels make them. */
#define EXITED(code) ((code) << 8)
#define DIED_OF(sig) (sig)

/* clang-format off */
#define DONE         { .present = true, .finished = true }
#define BROKE_OFF    { .present = true, .status = EXITED(98) }
#define KILLED_IN(w) { .present = true, .killed = true, .stood = w }
/* clang-format on */

#define SERVER_GOOD "=\taccept\t0\t10\n"
#define CLIENT_GOOD "=\trecv\t-1 ECONNRESET\t20\n=\torder\tany text\t0\n"

static void no_role(struct role *me)
{
	(void)me;
}

static const struct sock_case sample = {
	.claim = "A sample.",
	.source = "none",
	.families = INET,
	.server = no_role,
	.client = no_role,
	.expect = {
		{ SERVER, "accept", EQ(0) },
		{ CLIENT, "recv", FAILS(ECONNRESET),
		  .on = { [OS_LINUX] = ONE_OF(EQ(0), FAILS(ECONNRESET)) },
		  .why = "Linux reads zero" },
		{ CLIENT, "order", ANY },
	},
};

static const struct sock_case client_only = {
	.claim = "A sample.",
	.source = "none",
	.families = INET,
	.client = no_role,
	.expect = { { CLIENT, "a", EQ(1) } },
};

/* What two roles left, and what is to be said of it. */
struct scene {
	const char *name;
	struct ending ending;
	const char *server, *client; /* records; NULL: all as it should be */
	bool lost[WHO_COUNT];
	enum verdict verdict;
	const char *reason;
};

static void judge_scene(const struct sock_case *test, const struct scene *scene, int os,
			struct result *ret_result)
{
	const char *server = scene->server ? scene->server : SERVER_GOOD;
	const char *client = scene->client ? scene->client : CLIENT_GOOD;
	const struct record_bytes records[WHO_COUNT] = {
		{ server, strlen(server), scene->lost[SERVER] },
		{ client, strlen(client), scene->lost[CLIENT] },
	};
	const struct os_facts facts = { .os = os };

	memset(ret_result, 0, sizeof *ret_result);
	judge(test, INET, &facts, &scene->ending, records, ret_result);
}

static void expect_scenes(const struct sock_case *test, const struct scene *scenes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct scene *scene = &scenes[i];
		struct result result;
		judge_scene(test, scene, OS_LINUX, &result);
		cr_expect_eq(result.verdict, scene->verdict, "%s: %s", scene->name,
			     verdict_name(result.verdict));
		cr_expect_str_eq(result.reason, scene->reason, "%s: \"%s\"", scene->name,
				 result.reason);
		/* How far a skipped pair came is chance. */
		cr_expect(result.verdict != VERDICT_SKIP || !result.saw_count, "%s", scene->name);
		result_finish(&result);
	}
}

#define EXPECT_SCENES(test, scenes) expect_scenes(test, scenes, sizeof scenes / sizeof *scenes)

/* Both roles came to their ends; what they saw decides. */
Test(judge, observations_decide)
{
	static const struct scene scenes[] = {
		{ "pass", { { DONE, DONE }, -1 }, .verdict = VERDICT_PASS, .reason = "" },
		{ "variant",
		  { { DONE, DONE }, -1 },
		  .client = "=\trecv\t0\t1\n=\torder\t1\t1\n",
		  .verdict = VERDICT_VARIANT,
		  .reason = "Linux reads zero" },
		{ "fail",
		  { { DONE, DONE }, -1 },
		  .server = "=\taccept\t-1 EMFILE\t1\n",
		  .verdict = VERDICT_FAIL,
		  .reason = "server saw accept = -1 EMFILE, wanted 0" },
		{ "fail where the system has its own row",
		  { { DONE, DONE }, -1 },
		  .client = "=\trecv\t1\t1\n=\torder\t1\t1\n",
		  .verdict = VERDICT_FAIL,
		  .reason = "client saw recv = 1, wanted 0 or -1 ECONNRESET" },
		{ "the first of two failures",
		  { { DONE, DONE }, -1 },
		  .server = "=\taccept\t7\t1\n",
		  .client = "=\trecv\t8\t1\n=\torder\t1\t1\n",
		  .verdict = VERDICT_FAIL,
		  .reason = "server saw accept = 7, wanted 0" },
		{ "never recorded",
		  { { DONE, DONE }, -1 },
		  .client = "=\trecv\t-1 ECONNRESET\t1\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "client never recorded \"order\"" },
		{ "nothing was recorded",
		  { { DONE, DONE }, -1 },
		  .server = "",
		  .client = "",
		  .verdict = VERDICT_BROKEN,
		  .reason = "server never recorded \"accept\"" },
		{ "unknown label",
		  { { DONE, DONE }, -1 },
		  .client = CLIENT_GOOD "=\tfoo\t1\t1\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "client recorded \"foo\", which no row of the case expects" },
		{ "a label of the other role",
		  { { DONE, DONE }, -1 },
		  .server = SERVER_GOOD "=\trecv\t-1 ECONNRESET\t1\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "server recorded \"recv\", which no row of the case expects" },
		{ "recorded twice, though equal",
		  { { DONE, DONE }, -1 },
		  .server = SERVER_GOOD SERVER_GOOD,
		  .verdict = VERDICT_BROKEN,
		  .reason = "server recorded \"accept\" twice" },
		{ "broken rather than failed",
		  { { DONE, DONE }, -1 },
		  .server = "=\taccept\t7\t1\n",
		  .client = "=\torder\t1\t1\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "client never recorded \"recv\"" },
		{ "failed rather than variant",
		  { { DONE, DONE }, -1 },
		  .server = "=\taccept\t7\t1\n",
		  .client = "=\trecv\t0\t1\n=\torder\t1\t1\n",
		  .verdict = VERDICT_FAIL,
		  .reason = "server saw accept = 7, wanted 0" },
	};

	EXPECT_SCENES(&sample, scenes);
}

/* A role did not come to its end. */
Test(judge, broken_roles)
{
	static const struct scene scenes[] = {
		{ "must() failed",
		  { { BROKE_OFF, DONE }, SERVER },
		  .server = "!\t\tbind(fd) failed: EACCES at a.c:7\t7\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "server: bind(fd) failed: EACCES at a.c:7" },
		{ "the first of two in one role",
		  { { DONE, BROKE_OFF }, CLIENT },
		  .client = "!\t\tone\t1\n!\t\ttwo\t2\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "client: one" },
		{ "a helper's must() failed, the role went on",
		  { { DONE, DONE }, -1 },
		  .client = CLIENT_GOOD "!\t\tsend(fd) failed: EPIPE at a.c:9\t9\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "client: send(fd) failed: EPIPE at a.c:9" },
		{ "a signal",
		  { { DONE, { .present = true, .status = DIED_OF(SIGSEGV) } }, CLIENT },
		  .verdict = VERDICT_BROKEN,
		  .reason = "client died of SIGSEGV" },
		{ "a signal without a name",
		  { { DONE, { .present = true, .status = DIED_OF(50) } }, CLIENT },
		  .verdict = VERDICT_BROKEN,
		  .reason = "client died of an unnamed signal" },
		{ "a signal at the very end",
		  { { { .present = true, .finished = true, .status = DIED_OF(SIGABRT) }, DONE },
		    SERVER },
		  .verdict = VERDICT_BROKEN,
		  .reason = "server died of SIGABRT" },
		{ "early exit",
		  { { { .present = true, .status = EXITED(3) }, DONE }, SERVER },
		  .verdict = VERDICT_BROKEN,
		  .reason = "server exited early, with status 3" },
		{ "early exit that looks good",
		  { { DONE, { .present = true, .status = EXITED(0) } }, CLIENT },
		  .verdict = VERDICT_BROKEN,
		  .reason = "client exited early, with status 0" },
		{ "the other was killed in consequence",
		  { { { .present = true, .status = EXITED(3) }, KILLED_IN("in recv(fd 3)") },
		    SERVER },
		  .verdict = VERDICT_BROKEN,
		  .reason = "server exited early, with status 3" },
		{ "lost records",
		  { { DONE, DONE }, -1 },
		  .lost = { [CLIENT] = true },
		  .verdict = VERDICT_BROKEN,
		  .reason = "client recorded more than fits" },
		{ "torn records",
		  { { DONE, DONE }, -1 },
		  .server = SERVER_GOOD "=\tx\n=\ty",
		  .verdict = VERDICT_BROKEN,
		  .reason = "server wrote 2 unreadable records" },
		{ "one process left behind",
		  { { DONE, DONE }, -1, .left_behind = 1 },
		  .verdict = VERDICT_BROKEN,
		  .reason = "1 process outlived the roles" },
		{ "three processes left behind",
		  { { DONE, DONE }, -1, .left_behind = 3 },
		  .verdict = VERDICT_BROKEN,
		  .reason = "3 processes outlived the roles" },
		{ "the machinery's own trouble",
		  { { DONE, DONE }, -1, .trouble = "cannot fork a role: EAGAIN" },
		  .verdict = VERDICT_BROKEN,
		  .reason = "cannot fork a role: EAGAIN" },
	};

	EXPECT_SCENES(&sample, scenes);
}

Test(judge, time_outs)
{
	static const struct scene scenes[] = {
		{ "both hang",
		  { { KILLED_IN("in accept(fd 3)"), KILLED_IN("waits for \"queue is full\"") },
		    -1,
		    .timed_out = true,
		    .limit_ms = 2000 },
		  .verdict = VERDICT_TIMEOUT,
		  .reason = "after 2000 ms: server in accept(fd 3), client waits for \"queue is "
			    "full\"" },
		{ "one hangs, nobody knows where",
		  { { DONE, KILLED_IN("") }, -1, .timed_out = true, .limit_ms = 50 },
		  .verdict = VERDICT_TIMEOUT,
		  .reason = "after 50 ms: server finished, client running" },
		{ "one hangs, the other died",
		  { { { .present = true, .status = DIED_OF(SIGPIPE) }, KILLED_IN("running") },
		    -1,
		    .timed_out = true,
		    .limit_ms = 50 },
		  .verdict = VERDICT_TIMEOUT,
		  .reason = "after 50 ms: server died of SIGPIPE, client running" },
		{ "one hangs, the other left",
		  { { BROKE_OFF, KILLED_IN("running") }, -1, .timed_out = true, .limit_ms = 50 },
		  .verdict = VERDICT_TIMEOUT,
		  .reason = "after 50 ms: server exited with status 98, client running" },
		{ "a failure seen before does not count",
		  { { DONE, KILLED_IN("running") }, -1, .timed_out = true, .limit_ms = 50 },
		  .server = "=\taccept\t7\t1\n",
		  .verdict = VERDICT_TIMEOUT,
		  .reason = "after 50 ms: server finished, client running" },
	};

	EXPECT_SCENES(&sample, scenes);
}

Test(judge, skips)
{
	static const struct scene scenes[] = {
		{ "by the server",
		  { { BROKE_OFF, KILLED_IN("in recv(fd 3)") }, SERVER },
		  .server = "-\t\tno such option here\t0\n",
		  .client = "",
		  .verdict = VERDICT_SKIP,
		  .reason = "no such option here" },
		{ "by the client",
		  { { KILLED_IN("running"), BROKE_OFF }, CLIENT },
		  .client = "-\t\tno such option here\t0\n",
		  .verdict = VERDICT_SKIP,
		  .reason = "no such option here" },
		{ "by both",
		  { { BROKE_OFF, BROKE_OFF }, CLIENT },
		  .server = "-\t\tof the server\t0\n",
		  .client = "-\t\tof the client\t0\n",
		  .verdict = VERDICT_SKIP,
		  .reason = "of the server" },
		{ "after a failure",
		  { { DONE, BROKE_OFF }, CLIENT },
		  .client = "=\trecv\t7\t1\n-\t\tno such option here\t0\n",
		  .verdict = VERDICT_SKIP,
		  .reason = "no such option here" },
		/* The other was left alone; what became of it is a consequence. */
		{ "and the other broke for it",
		  { { BROKE_OFF, BROKE_OFF }, SERVER },
		  .server = "-\t\tno such option here\t0\n",
		  .client = "!\t\tconnect(fd) failed: ECONNREFUSED at a.c:7\t7\n",
		  .verdict = VERDICT_SKIP,
		  .reason = "no such option here" },
		{ "but the machinery failed",
		  { { BROKE_OFF, DONE }, SERVER, .trouble = "cannot fork a role: EAGAIN" },
		  .server = "-\t\tno such option here\t0\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "cannot fork a role: EAGAIN" },
		{ "but a process was left behind",
		  { { BROKE_OFF, DONE }, SERVER, .left_behind = 1 },
		  .server = "-\t\tno such option here\t0\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "1 process outlived the roles" },
		{ "but the time was up",
		  { { BROKE_OFF, KILLED_IN("running") }, -1, .timed_out = true, .limit_ms = 50 },
		  .server = "-\t\tno such option here\t0\n",
		  .verdict = VERDICT_TIMEOUT,
		  .reason = "after 50 ms: server exited with status 98, client running" },
	};

	EXPECT_SCENES(&sample, scenes);
}

/* Of several reasons for one verdict the cause is told. */
Test(judge, precedence)
{
	static const struct scene scenes[] = {
		{ "the server went wrong first",
		  { { BROKE_OFF, BROKE_OFF }, SERVER },
		  .server = "!\t\ts\t1\n",
		  .client = "!\t\tc\t1\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "server: s" },
		{ "the client went wrong first",
		  { { BROKE_OFF, BROKE_OFF }, CLIENT },
		  .server = "!\t\ts\t1\n",
		  .client = "!\t\tc\t1\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "client: c" },
		{ "the client died, the server complained",
		  { { BROKE_OFF, { .present = true, .status = DIED_OF(SIGSEGV) } }, CLIENT },
		  .server = "!\t\ts\t1\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "client died of SIGSEGV" },
		{ "must() rather than the signal that followed",
		  { { { .present = true, .status = DIED_OF(SIGABRT) }, DONE }, SERVER },
		  .server = "!\t\ts\t1\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "server: s" },
		{ "trouble rather than the role",
		  { { BROKE_OFF, DONE }, SERVER, .trouble = "t" },
		  .server = "!\t\ts\t1\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "t" },
		{ "the role rather than what it left",
		  { { BROKE_OFF, DONE }, SERVER, .left_behind = 2 },
		  .server = "!\t\ts\t1\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "server: s" },
		{ "the role rather than its missing rows",
		  { { BROKE_OFF, DONE }, SERVER },
		  .server = "!\t\ts\t1\n",
		  .client = "",
		  .verdict = VERDICT_BROKEN,
		  .reason = "server: s" },
		{ "the role rather than its failure",
		  { { BROKE_OFF, DONE }, SERVER },
		  .server = "=\taccept\t7\t1\n!\t\ts\t1\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "server: s" },
		{ "time rather than trouble",
		  { { DONE, KILLED_IN("running") },
		    -1,
		    .timed_out = true,
		    .limit_ms = 50,
		    .left_behind = 1,
		    .trouble = "t" },
		  .verdict = VERDICT_TIMEOUT,
		  .reason = "after 50 ms: server finished, client running" },
		{ "loss rather than the rows that are missing for it",
		  { { DONE, DONE }, -1 },
		  .client = "",
		  .lost = { [CLIENT] = true },
		  .verdict = VERDICT_BROKEN,
		  .reason = "client recorded more than fits" },
	};

	EXPECT_SCENES(&sample, scenes);
}

Test(judge, one_side)
{
	static const struct scene scenes[] = {
		{ "pass",
		  { { { 0 }, DONE }, -1 },
		  .server = "",
		  .client = "=\ta\t1\t1\n",
		  .verdict = VERDICT_PASS,
		  .reason = "" },
		{ "time-out names the present side only",
		  { { { 0 }, KILLED_IN("in recv(fd 3)") },
		    -1,
		    .timed_out = true,
		    .limit_ms = 2000 },
		  .server = "",
		  .client = "",
		  .verdict = VERDICT_TIMEOUT,
		  .reason = "after 2000 ms: client in recv(fd 3)" },
		{ "broken",
		  { { { 0 }, BROKE_OFF }, CLIENT },
		  .server = "",
		  .client = "!\t\tc\t1\n",
		  .verdict = VERDICT_BROKEN,
		  .reason = "client: c" },
	};

	EXPECT_SCENES(&client_only, scenes);
}

/* The same values, judged for different systems. */
Test(judge, by_system)
{
	static const struct scene zero = { "zero",
					   { { DONE, DONE }, -1 },
					   .client = "=\trecv\t0\t1\n=\torder\t1\t1\n" };
	struct result result;

	judge_scene(&sample, &zero, OS_FREEBSD, &result);
	cr_expect_eq(result.verdict, VERDICT_FAIL);
	cr_expect_str_eq(result.reason, "client saw recv = 0, wanted -1 ECONNRESET");
	result_finish(&result);
	judge_scene(&sample, &zero, OS_COUNT, &result);
	cr_expect_eq(result.verdict, VERDICT_FAIL, "an unknown system");
	result_finish(&result);
}

static void expect_observation(const struct observation *one, enum who who, const char *label,
			       const char *value, const char *want)
{
	cr_expect_eq(one->who, who, "%s", label);
	cr_expect_str_eq(one->label, label);
	cr_expect_str_eq(one->value, value, "%s", label);
	cr_expect_str_eq(one->want, want, "%s", label);
}

Test(judge, fills_the_result)
{
	static const struct scene scene = {
		"filled",
		{ { { .present = true, .finished = true, .output_len = 5, .output = "hello..." },
		    { .present = true, .killed = true, .stood = "in recv(fd 3)" } },
		  -1,
		  .timed_out = true,
		  .limit_ms = 50,
		  .took_us = 51500 },
		.client = "=\trecv\t0\t1\n=\tfoo\t1\t1\n=\torder\t1\t1\n",
	};
	struct result result;

	judge_scene(&sample, &scene, OS_LINUX, &result);
	cr_expect_eq(result.test, &sample);
	cr_expect_float_eq(result.ms, 51.5, 1e-9);
	cr_expect_str_eq(result.stood[SERVER], "finished");
	cr_expect_str_eq(result.stood[CLIENT], "in recv(fd 3)");
	cr_expect_str_eq(result.output[SERVER], "hello");
	cr_expect_str_eq(result.output[CLIENT], "");
	cr_assert_eq(result.saw_count, 4);
	expect_observation(&result.saw[0], SERVER, "accept", "0", "0");
	expect_observation(&result.saw[1], CLIENT, "recv", "0", "0 or -1 ECONNRESET");
	expect_observation(&result.saw[2], CLIENT, "foo", "1", "");
	expect_observation(&result.saw[3], CLIENT, "order", "1", "any");
	cr_expect_eq(result.saw[0].line, 10);
	cr_expect_eq(result.saw[1].line, 1);
	cr_expect(result.saw[0].judged && result.saw[0].ok && !result.saw[0].variant);
	cr_expect(result.saw[1].judged && result.saw[1].ok && result.saw[1].variant);
	cr_expect(!result.saw[2].judged && !result.saw[2].ok && !result.saw[2].variant);
	cr_expect(!result.saw[3].judged && result.saw[3].ok && !result.saw[3].variant);
	result_finish(&result);
}

Test(judge, output_may_fill_its_room)
{
	static struct ending ending = { { DONE, { 0 } }, -1 };
	const struct record_bytes records[WHO_COUNT] = { { "", 0 }, { "", 0 } };
	const struct os_facts facts = { 0 };
	struct result result = { 0 };

	memset(ending.role[SERVER].output, 'x', OUTPUT_ROOM);
	ending.role[SERVER].output_len = OUTPUT_ROOM;
	judge(&sample, INET, &facts, &ending, records, &result);
	cr_expect_eq(strlen(result.output[SERVER]), OUTPUT_ROOM);
	cr_expect_str_eq(result.stood[CLIENT], "", "a side that is not present stands nowhere");
	result_finish(&result);
}

/* ---- Observations from elsewhere ---- */

static struct observation seen(enum who who, const char *label, const char *value)
{
	return (struct observation){ .who = who,
				     .label = must_copy(label),
				     .value = must_copy(value),
				     .want = must_copy("of another time"),
				     .judged = true,
				     .ok = true,
				     .variant = true };
}

static void forget(struct observation *saw, size_t n, char *reason)
{
	for (size_t i = 0; i < n; i++) {
		free(saw[i].label);
		free(saw[i].value);
		free(saw[i].want);
	}
	free(reason);
}

static const struct recorded {
	const char *name, *accept, *recv;
	int os;
	enum verdict verdict;
	const char *reason;
} recordeds[] = {
	{ "pass", "0", "-1 ECONNRESET", OS_FREEBSD, VERDICT_PASS, "" },
	{ "variant", "0", "0", OS_LINUX, VERDICT_VARIANT, "Linux reads zero" },
	{ "fail", "0", "0", OS_MACOS, VERDICT_FAIL, "client saw recv = 0, wanted -1 ECONNRESET" },
};

Test(judge, anew)
{
	for (size_t i = 0; i < sizeof recordeds / sizeof *recordeds; i++) {
		const struct recorded *row = &recordeds[i];
		const struct os_facts facts = { .os = row->os };
		/* The order in which they were recorded does not matter. */
		struct observation saw[] = { seen(CLIENT, "order", "1"),
					     seen(CLIENT, "recv", row->recv),
					     seen(SERVER, "accept", row->accept) };
		char *reason;
		enum verdict verdict = judge_observations(&sample, INET, &facts, saw, 3, &reason);
		cr_expect_eq(verdict, row->verdict, "%s: %s", row->name, verdict_name(verdict));
		cr_expect_str_eq(reason, row->reason, "%s: %s", row->name, reason);
		cr_expect(!saw[0].judged && saw[0].ok && !saw[0].variant, "%s", row->name);
		cr_expect_str_eq(saw[0].want, "any", "%s", row->name);
		cr_expect_eq(saw[1].ok, row->verdict != VERDICT_FAIL, "%s", row->name);
		cr_expect_eq(saw[1].variant, row->verdict == VERDICT_VARIANT, "%s", row->name);
		cr_expect(saw[2].judged && saw[2].ok && !saw[2].variant, "%s", row->name);
		cr_expect_str_eq(saw[2].want, "0", "%s", row->name);
		forget(saw, 3, reason);
	}
}

/* A results file of another version may hold anything. */
Test(judge, anew_what_does_not_belong)
{
	const struct os_facts facts = { .os = OS_LINUX };
	struct observation saw[] = { seen(SERVER, "accept", "0"), seen(SERVER, "gone", "0") };
	char *reason;

	cr_expect_eq(judge_observations(&sample, INET, &facts, NULL, 0, &reason), VERDICT_BROKEN);
	cr_expect_str_eq(reason, "server never recorded \"accept\"");
	free(reason);
	cr_expect_eq(judge_observations(&sample, INET, &facts, saw, 2, &reason), VERDICT_BROKEN);
	cr_expect_str_eq(reason, "server recorded \"gone\", which no row of the case expects");
	cr_expect(!saw[1].judged && !saw[1].ok && !saw[1].variant);
	cr_expect_str_eq(saw[1].want, "");
	forget(saw, 2, reason);
}

/* ---- Rows that stand for some families only ---- */

static const struct sock_case by_family = {
	.claim = "A sample.",
	.source = "none",
	.families = INET | INET6 | UNIX,
	.client = no_role,
	.expect = {
		{ CLIENT, "a", EQ(1), .only = INET | INET6 },
		{ CLIENT, "a", EQ(2), .only = UNIX },
		{ CLIENT, "port", EQ(3), .only = INET | INET6 },
	},
};

static const struct {
	enum family family;
	const char *a, *port; /* port NULL: not recorded */
	enum verdict verdict;
	const char *reason;
} by_families[] = {
	{ INET, "1", "3", VERDICT_PASS, "" },
	{ INET6, "1", "3", VERDICT_PASS, "" },
	{ UNIX, "2", NULL, VERDICT_PASS, "" },
	{ INET6, "2", "3", VERDICT_FAIL, "client saw a = 2, wanted 1" },
	{ UNIX, "1", NULL, VERDICT_FAIL, "client saw a = 1, wanted 2" },
	{ INET, "1", NULL, VERDICT_BROKEN, "client never recorded \"port\"" },
	{ UNIX, "2", "3", VERDICT_BROKEN,
	  "client recorded \"port\", which no row of the case expects" },
};

Test(judge, rows_of_families)
{
	for (size_t i = 0; i < sizeof by_families / sizeof *by_families; i++) {
		const struct os_facts facts = { .os = OS_LINUX };
		const char *port = by_families[i].port;
		struct observation saw[] = { seen(CLIENT, "a", by_families[i].a),
					     seen(CLIENT, "port", port ? port : "") };
		char *reason;
		enum verdict verdict = judge_observations(&by_family, by_families[i].family, &facts,
							  saw, port ? 2 : 1, &reason);
		cr_expect_eq(verdict, by_families[i].verdict, "row %zu: %s", i,
			     verdict_name(verdict));
		cr_expect_str_eq(reason, by_families[i].reason, "row %zu: %s", i, reason);
		forget(saw, 2, reason);
	}
}

/* ---- Standing ---- */

static const struct sock_case linux_only = {
	.claim = "Linux has it.",
	.source = "socket(7)",
	.standing = SYSTEM,
	.families = NO_FAMILY,
	.client = no_role,
	.expect = {
		{ CLIENT, "a", EQ(1) },
		{ CLIENT, "b", EQ(1), .standing = SHALL },
		{ CLIENT, "c", EQ(1), .on[OS_FREEBSD] = EQ(2), .why = "FreeBSD has two" },
	},
};

/* What one system documents is no law for others; what a standard demands of them is, in the same
 * case. */
Test(judge, a_feature_of_one_system)
{
	static const struct {
		int os;
		const char *values[3];
		enum verdict verdict;
		const char *reason;
	} scenes[] = {
		{ OS_LINUX, { "1", "1", "1" }, VERDICT_PASS, "" },
		{ OS_LINUX, { "9", "1", "1" }, VERDICT_FAIL, "client saw a = 9, wanted 1" },
		{ OS_NETBSD, { "1", "1", "1" }, VERDICT_PASS, "" },
		{ OS_NETBSD,
		  { "9", "1", "1" },
		  VERDICT_VARIANT,
		  "\"a\" is as Linux has it: other systems differ" },
		{ OS_COUNT,
		  { "1", "1", "9" },
		  VERDICT_VARIANT,
		  "\"c\" is as Linux has it: other systems differ" },
		{ OS_NETBSD, { "1", "9", "1" }, VERDICT_FAIL, "client saw b = 9, wanted 1" },
		{ OS_FREEBSD, { "1", "1", "2" }, VERDICT_VARIANT, "FreeBSD has two" },
		{ OS_FREEBSD, { "1", "1", "9" }, VERDICT_FAIL, "client saw c = 9, wanted 2" },
	};

	for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) {
		const struct os_facts facts = { .os = scenes[i].os };
		struct observation saw[] = { seen(CLIENT, "a", scenes[i].values[0]),
					     seen(CLIENT, "b", scenes[i].values[1]),
					     seen(CLIENT, "c", scenes[i].values[2]) };
		char *reason;
		enum verdict verdict =
			judge_observations(&linux_only, NO_FAMILY, &facts, saw, 3, &reason);
		cr_expect_eq(verdict, scenes[i].verdict, "row %zu: %s", i, verdict_name(verdict));
		cr_expect_str_eq(reason, scenes[i].reason, "row %zu: %s", i, reason);
		cr_expect(saw[0].standing == SYSTEM && saw[1].standing == SHALL);
		forget(saw, 3, reason);
	}
}
