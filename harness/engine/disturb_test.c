/* disturb_test.c -- which cases are told to fail, to break, or to survive when they are disturbed.
 */
#include <criterion/criterion.h>

#include "engine/disturb.h"
#include "os/os.h"
#include "trace/tracer.h"

enum { LIMIT_MS = 5000 };

/* What one case was told to have done. */
struct told {
	struct disturbed last;
	char how[200];
	unsigned times;
};

static void keep(void *context, const struct disturbed *disturbed)
{
	struct told *told = context;

	told->last = *disturbed;
	told->times++;
	snprintf(told->how, sizeof told->how, "%s", disturbed->how);
}

static struct told disturb_one(const struct sock_case *test)
{
	const struct entry entry = { "one", test };
	struct instance instance = { &entry, UNIX };
	const struct plan plan = { .instances = &instance, .count = 1 };
	struct told told = { .times = 0 };
	struct abilities abilities;
	struct os_facts facts;
	struct run_outcome outcome;
	const char *why_not = tracer_why_not();

	if (why_not)
		cr_skip("%s", why_not);
	abilities_probe(ISOLATION_AUTO, &abilities);
	os_describe(&facts);
	const struct schedule_setting setting = { .abilities = &abilities,
						  .facts = &facts,
						  .jobs = 1,
						  .repeat = 1,
						  .timeout_ms = LIMIT_MS,
						  .stretch_percent = 100 };
	disturb_run(&plan, &setting, keep, &told, &outcome);
	cr_assert_eq(outcome.end, RUN_DONE, "%s", outcome.trouble);
	cr_assert_eq(told.times, 1);
	return told;
}

static void sends_to_itself(struct role *me)
{
	int pair[2];
	char bytes[8];

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	must(send(pair[0], "four", 4, 0));
	saw(me, "recv", recv(pair[1], bytes, sizeof bytes, 0));
}

Test(disturb, a_judged_value_fails)
{
	static const struct sock_case test = {
		.client = sends_to_itself,
		.expect = { { CLIENT, "recv", EQ(4) } },
	};
	const struct told told = disturb_one(&test);

	cr_expect_eq(told.last.proof, PROOF_FAILS);
	cr_expect_eq(told.last.tried, 1, "the last call is disturbed first");
	cr_expect(strstr(told.how, "client call 3, recvfrom("), "%s", told.how);
	cr_expect(strstr(told.how, "told as -1 EIO"), "%s", told.how);
}

Test(disturb, what_only_the_machinery_notices_breaks)
{
	static const struct sock_case test = {
		.client = sends_to_itself,
		.expect = { { CLIENT, "recv", ANY } },
	};
	const struct told told = disturb_one(&test);

	cr_expect_eq(told.last.proof, PROOF_BREAKS);
	cr_expect(strstr(told.how, "send"), "%s", told.how);
}

static void ignores_everything(struct role *me)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	close(fd);
	saw_value(me, "always", 1);
}

Test(disturb, a_case_that_ignores_its_calls_fails_by_its_records)
{
	static const struct sock_case test = {
		.client = ignores_everything,
		.expect = { { CLIENT, "always", EQ(1) } },
	};
	const struct told told = disturb_one(&test);

	cr_expect_eq(told.last.proof, PROOF_RECORDS);
	cr_expect(strstr(told.how, "client recorded another value for \"always\""), "%s", told.how);
}

Test(disturb, a_case_that_accepts_anything_survives)
{
	static const struct sock_case test = {
		.client = ignores_everything,
		.expect = { { CLIENT, "always", ANY } },
	};
	const struct told told = disturb_one(&test);

	cr_expect_eq(told.last.proof, PROOF_SURVIVES);
	cr_expect_eq(told.last.calls, 2, "%u calls", told.last.calls);
	cr_expect_geq(told.last.tried, 4, "%u disturbances", told.last.tried);
}

static void looks_at_bytes(struct role *me)
{
	int pair[2];
	char bytes[4];

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	(void)!send(pair[0], "four", 4, 0);
	(void)!recv(pair[1], bytes, sizeof bytes, 0);
	saw_bytes(me, "bytes", bytes, sizeof bytes);
}

Test(disturb, one_wrong_bit_fails)
{
	static const struct sock_case test = {
		.client = looks_at_bytes,
		.expect = { { CLIENT, "bytes", TEXT("4:four") } },
	};
	const struct told told = disturb_one(&test);

	cr_expect_eq(told.last.proof, PROOF_FAILS);
	cr_expect(strstr(told.how, "one bit wrong"), "%s", told.how);
}

static void waits_for_poll(struct role *me)
{
	int pair[2];

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	until (me, "nothing is sent", send(pair[0], "x", 1, 0) == 1) {
	}
	saw_value(me, "done", 1);
}

Test(disturb, what_never_ends_breaks)
{
	static const struct sock_case test = {
		.client = waits_for_poll,
		.expect = { { CLIENT, "done", EQ(1) } },
	};
	const struct told told = disturb_one(&test);

	cr_expect_eq(told.last.proof, PROOF_BREAKS);
}

static void sees_two(struct role *me)
{
	saw_value(me, "always", 2);
}

Test(disturb, a_case_that_is_not_good_is_not_disturbed)
{
	static const struct sock_case test = {
		.client = sees_two,
		.expect = { { CLIENT, "always", EQ(1) } },
	};
	const struct told told = disturb_one(&test);

	cr_expect_eq(told.last.proof, PROOF_NOT_RUN);
	cr_expect_eq(told.last.verdict, VERDICT_FAIL);
	cr_expect(strstr(told.how, "wanted 1"), "%s", told.how);
}
