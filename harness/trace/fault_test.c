/* fault_test.c -- faults: how they are written, and which calls they hit. */
#include "trace/fault.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "trace/fault_spec.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define BIT(call)    (UINT64_C(1) << CALL_##call)
#define CUT(n)                                                                                     \
	{                                                                                          \
		.kind = FAULT_CUT, .amount = (n)                                                   \
	}
#define FAIL(e)                                                                                    \
	{                                                                                          \
		.kind = FAULT_FAIL, .err = (e)                                                     \
	}

/* ---- Texts ---- */

static const struct {
	const char *text;
	struct fault_rule rule;
} good[] = {
	{ "recv=short", { BIT(recvfrom), CUT(1), false, 1, UINT64_MAX, 1, FAULT_CERTAIN, 0 } },
	{ "recvfrom=short:3@every3",
	  { BIT(recvfrom), CUT(3), false, 3, UINT64_MAX, 3, FAULT_CERTAIN, 0 } },
	{ "send=short:2147483647@every 12#4",
	  { BIT(sendto), CUT(2147483647), false, 12, UINT64_MAX, 12, FAULT_CERTAIN, 4 } },
	{ "accept=ECONNABORTED",
	  { BIT(accept) | BIT(accept4), FAIL(ECONNABORTED), false, 1, 1, 1, FAULT_CERTAIN, 0 } },
	{ "accept4=EMFILE@2..",
	  { BIT(accept4), FAIL(EMFILE), false, 2, UINT64_MAX, 1, FAULT_CERTAIN, 0 } },
	{ "bind=EADDRINUSE@1..3", { BIT(bind), FAIL(EADDRINUSE), false, 1, 3, 1, FAULT_CERTAIN } },
	{ "poll=retry:EINTR",
	  { BIT(poll) | BIT(ppoll), FAIL(EINTR), true, 1, UINT64_MAX, 1, FAULT_CERTAIN, 0 } },
	{ "select=EINTR@7",
	  { BIT(select) | BIT(pselect6), FAIL(EINTR), false, 7, 7, 1, FAULT_CERTAIN, 0 } },
	{ "epoll_wait=delay:20@10%",
	  { BIT(epoll_wait) | BIT(epoll_pwait) | BIT(epoll_pwait2),
	    { .kind = FAULT_DELAY, .amount = 20000 },
	    false,
	    1,
	    UINT64_MAX,
	    1,
	    10000,
	    0 } },
	{ "close=EIO@0.125%", { BIT(close), FAIL(EIO), false, 1, UINT64_MAX, 1, 125, 0 } },
	{ "socket=ENOBUFS@100%",
	  { BIT(socket), FAIL(ENOBUFS), false, 1, UINT64_MAX, 1, FAULT_CERTAIN, 0 } },
};

Test(fault, reads_specs)
{
	for (size_t i = 0; i < COUNT(good); i++) {
		const struct fault_rule *want = &good[i].rule;
		struct fault_rule got;
		char *error = NULL;
		cr_assert(fault_spec_parse(good[i].text, &got, &error), "%s", error);
		cr_expect_eq(got.calls, want->calls, "%s: calls", good[i].text);
		cr_expect_eq(got.action.kind, want->action.kind, "%s: kind", good[i].text);
		cr_expect_eq(got.action.err, want->action.err, "%s: error", good[i].text);
		cr_expect_eq(got.action.amount, want->action.amount, "%s: amount", good[i].text);
		cr_expect_eq(got.retry, want->retry, "%s: retry", good[i].text);
		cr_expect_eq(got.first, want->first, "%s: first", good[i].text);
		cr_expect_eq(got.last, want->last, "%s: last", good[i].text);
		cr_expect_eq(got.step, want->step, "%s: step", good[i].text);
		cr_expect_eq(got.chance, want->chance, "%s: chance", good[i].text);
		cr_expect_eq(got.connection, want->connection, "%s: connection", good[i].text);
	}
}

Test(fault, knows_every_call_by_its_name)
{
	for (enum trace_call call = 0; call < CALL_COUNT; call++) {
		enum trace_kind kind = trace_call_kind(call);
		struct fault_rule rule;
		char *error = NULL, text[64];
		snprintf(text, sizeof text, "%s=EIO", trace_call_name(call));
		bool read = fault_spec_parse(text, &rule, &error);
		cr_expect_eq(read, kind != ENDS && kind != DENIED, "%s", text);
		cr_expect(!read || rule.calls & UINT64_C(1) << call, "%s", text);
		free(error);
	}
}

static const struct {
	const char *text, *part, *why;
} bad[] = {
	{ "", "\"\"", "WHAT=ACTION" },
	{ "recv", "\"recv\"", "recv=short" },
	{ "=short", "\"\"", "possible: read, write, wait, any, recv, send, accept" },
	{ "recieve=short", "\"recieve\"", "epoll_wait" },
	{ "exit_group=EINTR", "\"exit_group\"", "close_range" },
	{ "io_uring_setup=EINTR", "\"io_uring_setup\"", "bind" },
	{ "recv=", "\"\"", "short[:BYTES]" },
	{ "recv=shrot", "\"shrot\"", "short[:BYTES], delay:MS, retry:ERRNO" },
	{ "recv=eintr", "\"eintr\"", "EINTR" },
	{ "recv=EINTR:3", "\"3\"", "takes no amount" },
	{ "bind=short", "\"bind\"", "moves no bytes" },
	{ "recv=short:0", "\"0\"", "from 1 on" },
	{ "recv=short:-1", "\"-1\"", "from 1 on" },
	{ "recv=short:", "\"\"", "from 1 on" },
	{ "recv=short:1x", "\"1x\"", "from 1 on" },
	{ "recv=short:2147483648", "\"2147483648\"", "from 1 on" },
	{ "recv=short:99999999999999999999999", "\"99999999999999999999999\"", "from 1 on" },
	{ "recv=delay", "\"delay\"", "delay:20" },
	{ "recv=delay:60001", "\"60001\"", "1 to 60000" },
	{ "recv=retry", "\"retry\"", "retry:EINTR" },
	{ "recv=retry:EX", "\"EX\"", "retry:EINTR" },
	{ "recv=short@", "\"\"", "every3" },
	{ "recv=short@0", "\"0\"", "every3" },
	{ "recv=short@3...", "\"3...\"", "3..5" },
	{ "recv=short@5..3", "\"5..3\"", "3..5" },
	{ "recv=short@every", "\"every\"", "every3" },
	{ "recv=short@every0", "\"every0\"", "every3" },
	{ "recv=short@4294967296", "\"4294967296\"", "3.." },
	{ "recv=short@101%", "\"101%\"", "10%" },
	{ "recv=short@100.001%", "\"100.001%\"", "10%" },
	{ "recv=short@0%", "\"0%\"", "10%" },
	{ "recv=short@0.0001%", "\"0.0001%\"", "10%" },
	{ "recv=short@%", "\"%\"", "10%" },
	{ "recv=short@99999999999999999999%", "\"99999999999999999999%\"", "10%" },
	{ "recv=short#0", "\"0\"", "1, 2 ..." },
	{ "recv=short#1@2", "\"1@2\"", "1, 2 ..." },
	{ "accept=EMFILE#1", "\"accept\"", "no connection" },
	{ "re\ncv=\033[2J", "\"re?cv\"", "possible" },
};

Test(fault, names_what_is_wrong)
{
	for (size_t i = 0; i < COUNT(bad); i++) {
		char *error = NULL;
		struct fault_rule rule;
		cr_assert(!fault_spec_parse(bad[i].text, &rule, &error), "%s", bad[i].text);
		cr_expect(strstr(error, bad[i].part), "%s: %s", bad[i].part, error);
		cr_expect(strstr(error, bad[i].why), "%s: %s", bad[i].why, error);
		cr_expect_not(strchr(error, '\n'), "%s", error);
		free(error);
	}
}

Test(fault, tells_what_help_promises)
{
	static const char *const told[] = { "recv=short@every3", "write=short:7#2",
					    "any=EINTR@every5", "accept=EMFILE@2" };

	for (size_t i = 0; i < COUNT(told); i++) {
		struct fault_rule rule;
		char *error = NULL;
		cr_expect(strstr(FAULT_HELP, told[i]), "%s", told[i]);
		cr_expect(fault_spec_parse(told[i], &rule, &error), "%s", error);
	}
}

/* ---- Decisions ---- */

static struct fault_plan *plan_of(const char *first, const char *second, uint64_t seed)
{
	const char *specs[] = { first, second };
	char *error = NULL;
	struct fault_plan *plan = fault_plan_create(specs, second ? 2 : 1, seed, &error);

	cr_assert(plan, "%s", error);
	return plan;
}

/* A stream's call of 64 bytes. */
static struct fault_point point_of(enum trace_call call, unsigned connection)
{
	enum trace_kind kind = trace_call_kind(call);
	bool moves = kind == READS || kind == WRITES;

	return (struct fault_point){ .call = call,
				     .side = SIDE_NONE,
				     .process = 1,
				     .connection = connection,
				     .is_socket = true,
				     .may_be_cut = moves,
				     .length = moves ? 64 : 0 };
}

static enum fault_kind decide(struct fault_plan *plan, enum trace_call call, unsigned connection)
{
	struct fault_point point = point_of(call, connection);

	return fault_plan_decide(plan, &point).kind;
}

/* Which of the next `count` calls are hit, the first in the lowest bit. */
static uint64_t hits(struct fault_plan *plan, enum trace_call call, unsigned connection, int count)
{
	uint64_t hit = 0;

	for (int i = 0; i < count; i++)
		if (decide(plan, call, connection) != FAULT_NONE)
			hit |= UINT64_C(1) << i;
	return hit;
}

static const struct {
	const char *spec;
	uint64_t hits; /* of 12 calls to recvfrom */
} schedules[] = {
	{ "recv=short", 0xfff },
	{ "recv=short@1", 0x001 },
	{ "recv=short@3", 0x004 },
	{ "recv=short@3..", 0xffc },
	{ "recv=short@3..5", 0x01c },
	{ "recv=short@every3", 0x924 },
	{ "recv=short@every13", 0 },
	{ "recv=EINTR", 0x001 },
	{ "recv=EINTR@every1", 0xfff },
	{ "recv=retry:EINTR", 0x555 },
	{ "recv=retry:EINTR@2", 0x002 },
	{ "recv=retry:EINTR@every2", 0x492 },
	{ "recv=delay:1", 0xfff },
	{ "send=short", 0 },
	{ "read=short@2", 0x002 },
	{ "any=short@2", 0x002 },
	{ "write=short", 0 },
	{ "recv=short@100%", 0xfff },
	{ "recv=short#1", 0xfff },
	{ "recv=short#2", 0 },
	{ "recv=short:63", 0xfff },
	{ "recv=short:64", 0 },
};

Test(fault, hits_by_number)
{
	for (size_t i = 0; i < COUNT(schedules); i++) {
		struct fault_plan *plan = plan_of(schedules[i].spec, NULL, 1);
		uint64_t hit = hits(plan, CALL_recvfrom, 1, 12);
		cr_expect_eq(hit, schedules[i].hits, "%s: %03lx", schedules[i].spec,
			     (unsigned long)hit);
		cr_expect_eq(fault_plan_hits(plan, 0), (unsigned long)__builtin_popcountll(hit));
		fault_plan_destroy(plan);
	}
}

Test(fault, counts_connections_and_directions_apart)
{
	struct fault_plan *plan = plan_of("any=EINTR@every3", NULL, 1);

	cr_expect_eq(hits(plan, CALL_recvfrom, 1, 2), 0);
	cr_expect_eq(hits(plan, CALL_recvfrom, 2, 2), 0);
	cr_expect_eq(hits(plan, CALL_sendto, 1, 2), 0);
	cr_expect_eq(hits(plan, CALL_accept, 0, 2), 0);
	cr_expect_eq(hits(plan, CALL_poll, 0, 2), 0);
	cr_expect_eq(hits(plan, CALL_ppoll, 0, 2), 0, "calls without connection count alone");
	cr_expect_eq(decide(plan, CALL_read, 1), FAULT_FAIL, "read and recv are one direction");
	cr_expect_eq(decide(plan, CALL_writev, 1), FAULT_FAIL);
	cr_expect_eq(decide(plan, CALL_recvmsg, 2), FAULT_FAIL);
	cr_expect_eq(decide(plan, CALL_accept, 0), FAULT_FAIL);
	cr_expect_eq(decide(plan, CALL_poll, 0), FAULT_FAIL);
	fault_plan_destroy(plan);
}

Test(fault, counts_processes_and_sides_apart)
{
	struct fault_plan *plan = plan_of("accept=EMFILE@2", NULL, 1);
	struct fault_point one = point_of(CALL_accept, 0), other = one, side = one;

	other.process = 2;
	side.side = 1;
	cr_expect_eq(fault_plan_decide(plan, &one).kind, FAULT_NONE);
	cr_expect_eq(fault_plan_decide(plan, &other).kind, FAULT_NONE);
	cr_expect_eq(fault_plan_decide(plan, &side).kind, FAULT_NONE);
	cr_expect_eq(fault_plan_decide(plan, &one).err, EMFILE);
	cr_expect_eq(fault_plan_decide(plan, &other).err, EMFILE);
	cr_expect_eq(fault_plan_decide(plan, &side).err, EMFILE);
	fault_plan_destroy(plan);
}

Test(fault, second_tries_are_of_the_same_call)
{
	struct fault_plan *plan = plan_of("read=retry:EINTR", NULL, 1);

	cr_expect_eq(decide(plan, CALL_read, 1), FAULT_FAIL);
	cr_expect_eq(decide(plan, CALL_recvmsg, 1), FAULT_FAIL);
	cr_expect_eq(decide(plan, CALL_read, 2), FAULT_FAIL);
	cr_expect_eq(decide(plan, CALL_read, 1), FAULT_NONE);
	cr_expect_eq(decide(plan, CALL_recvmsg, 1), FAULT_NONE);
	fault_plan_destroy(plan);
}

Test(fault, spares_what_it_must_not_touch)
{
	struct fault_plan *plan = plan_of("any=short@2", "socket=EMFILE", 1);
	struct fault_point point = point_of(CALL_recvfrom, 1);

	point.may_be_cut = false;
	for (int i = 0; i < 3; i++)
		cr_expect_eq(fault_plan_decide(plan, &point).kind, FAULT_NONE, "uncut");
	point = point_of(CALL_read, 1);
	point.is_socket = false;
	cr_expect_eq(fault_plan_decide(plan, &point).kind, FAULT_NONE, "a file");
	point = point_of(CALL_read, 1);
	point.length = 1;
	cr_expect_eq(fault_plan_decide(plan, &point).kind, FAULT_NONE, "one byte");
	cr_expect_eq(hits(plan, CALL_read, 1, 3), 0x2, "those above do not count");
	point = point_of(CALL_socket, 0);
	point.is_socket = false;
	cr_expect_eq(fault_plan_decide(plan, &point).err, EMFILE, "a socket that is still to be");
	fault_plan_destroy(plan);
}

Test(fault, first_of_several_wins_and_all_count)
{
	struct fault_plan *plan = plan_of("recv=short@every2", "recv=EINTR@every3", 1);
	static const enum fault_kind want[] = { FAULT_NONE, FAULT_CUT,  FAULT_FAIL,
						FAULT_CUT,  FAULT_NONE, FAULT_CUT };

	for (size_t i = 0; i < COUNT(want); i++)
		cr_expect_eq(decide(plan, CALL_recvfrom, 1), want[i], "call %zu", i + 1);
	cr_expect_eq(fault_plan_hits(plan, 0), 3);
	cr_expect_eq(fault_plan_hits(plan, 1), 1);
	fault_plan_destroy(plan);
}

Test(fault, what_goes_on_all_the_same_is_only_said_to_have_failed)
{
	struct fault_plan *plan = plan_of("close=EIO@1..", "connect=EINTR", 1);
	struct fault_point point = point_of(CALL_close, 1);
	struct fault_action action = fault_plan_decide(plan, &point);

	cr_expect(action.kind == FAULT_LIE && action.value == -EIO);
	point = point_of(CALL_connect, 0);
	action = fault_plan_decide(plan, &point);
	cr_expect(action.kind == FAULT_LIE && action.value == -EINTR);
	fault_plan_destroy(plan);
	plan = plan_of("connect=ECONNREFUSED", NULL, 1);
	cr_expect_eq(fault_plan_decide(plan, &point).kind, FAULT_FAIL);
	fault_plan_destroy(plan);
}

/* ---- Chance ---- */

/* Fate of the calls of four connections; in turn, or one connection after the other. */
static void draw(uint64_t seed, bool in_turn, uint64_t ret_hits[4])
{
	struct fault_plan *plan = plan_of("read=short@30%", NULL, seed);

	memset(ret_hits, 0, 4 * sizeof *ret_hits);
	for (int i = 0; i < 4 * 64; i++) {
		int connection = in_turn ? i % 4 : i / 64, call = in_turn ? i / 4 : i % 64;
		if (decide(plan, CALL_read, (unsigned)connection + 1))
			ret_hits[connection] |= UINT64_C(1) << call;
	}
	fault_plan_destroy(plan);
}

Test(fault, chance_is_of_the_seed_and_not_of_the_schedule)
{
	uint64_t one[4], again[4], other[4];

	draw(7, true, one);
	draw(7, false, again);
	draw(8, true, other);
	cr_expect_arr_eq(one, again, sizeof one);
	cr_expect_arr_neq(one, other, sizeof one);
	cr_expect_neq(one[0], one[1]);
}

Test(fault, chance_is_as_great_as_said)
{
	struct fault_plan *plan = plan_of("read=short@2.5%", NULL, 3);

	for (unsigned connection = 1; connection <= 1000; connection++)
		hits(plan, CALL_read, connection, 40);
	/* 1000 of 40000; the standard deviation is 31. */
	cr_expect(fault_plan_hits(plan, 0) > 850 && fault_plan_hits(plan, 0) < 1150, "%lu",
		  fault_plan_hits(plan, 0));
	fault_plan_destroy(plan);
}

/* ---- One call alone ---- */

Test(fault, single_hits_one_call_of_one_side)
{
	struct fault_action fail = FAIL(EPIPE);
	struct fault_plan *plan = fault_plan_single(1, 5, fail);
	struct fault_point point = point_of(CALL_bind, 0);
	int count = 0;

	for (int side = 0; side <= 1; side++)
		for (point.side = side, point.number = 1; point.number < 10; point.number++)
			if (fault_plan_decide(plan, &point).kind != FAULT_NONE) {
				cr_expect(point.number == 5 && side == 1);
				count++;
			}
	cr_expect_eq(count, 1);
	fault_plan_destroy(plan);
}

Test(fault, single_cuts_only_what_may_be_cut)
{
	struct fault_action cut = CUT(64);
	struct fault_plan *plan = fault_plan_single(SIDE_NONE, 1, cut);
	struct fault_point point = point_of(CALL_read, 1);

	point.number = 1;
	cr_expect_eq(fault_plan_decide(plan, &point).kind, FAULT_NONE);
	point.length = 65;
	cr_expect_eq(fault_plan_decide(plan, &point).kind, FAULT_CUT);
	point.may_be_cut = false;
	cr_expect_eq(fault_plan_decide(plan, &point).kind, FAULT_NONE);
	fault_plan_destroy(plan);
	fault_plan_destroy(NULL);
}
