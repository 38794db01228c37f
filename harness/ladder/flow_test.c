/* flow_test.c -- what is matched with what: names, bytes, records, datagrams, ends and resets. */
#include "ladder/flow.h"

#include <criterion/criterion.h>

#include "ladder/test_stories.h"

static const struct {
	const char *a, *b;
	bool same;
} pairs[] = {
	{ "127.0.0.1:80", "127.0.0.1:80", true },
	{ "127.0.0.1:80", "127.0.0.1:81", false },
	{ "127.0.0.1:80", "127.0.0.2:80", false },
	{ "0.0.0.0:80", "127.0.0.2:80", true },
	{ "[::1]:80", "[::]:80", true },
	{ "[::1]:80", "[::2]:80", false },
	{ "[::ffff:127.0.0.1]:80", "127.0.0.1:80", true },
	{ "[::ffff:127.0.0.1]:80", "127.0.0.2:80", false },
	{ "/tmp/a", "/tmp/a", true },
	{ "/tmp/a:1", "0.0.0.0:1", false },
	{ "@a", "@b", false },
	{ "", "", false },
	{ "", "127.0.0.1:80", false },
};

Test(flow, names)
{
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		cr_expect_eq(flow_same_name(pairs[i].a, pairs[i].b), pairs[i].same, "%s %s",
			     pairs[i].a, pairs[i].b);
		cr_expect_eq(flow_same_name(pairs[i].b, pairs[i].a), pairs[i].same, "%s %s",
			     pairs[i].b, pairs[i].a);
	}
}

/* The arrows of a story, each as "KIND FROM>TO BYTES" by the indices of events; new memory. */
static char *tell_flow(const struct story *story)
{
	static const char kinds[ARROW_KINDS] = {
		[ARROW_CONNECTION] = 'c', [ARROW_BYTES] = 'b', [ARROW_URGENT] = 'u',
		[ARROW_MESSAGE] = 'm',    [ARROW_END] = 'e',   [ARROW_RESET] = 'r',
	};
	struct flow flow;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	cr_assert_not_null(out);
	flow_make(story->events, story->count, &flow);
	for (size_t i = 0; i < flow.count; i++) {
		const struct arrow *arrow = &flow.arrows[i];
		fprintf(out, "%s%c %zu", i ? ", " : "", kinds[arrow->kind], arrow->from);
		if (arrow->fate == ARROW_CAME)
			fprintf(out, ">%zu", arrow->to);
		else
			fputs(arrow->fate == ARROW_LOST ? ">x" : ">|", out);
		if (arrow->bytes)
			fprintf(out, " %lld", arrow->bytes);
	}
	cr_assert_eq(fclose(out), 0);
	flow_finish(&flow);
	return text;
}

static void expect_flow(struct story *story, const char *wanted)
{
	char *got = tell_flow(story);

	cr_expect_str_eq(got, wanted);
	free(got);
	story_finish(story);
}

Test(flow, stream)
{
	struct story story = { 0 };

	add_echo(&story);
	expect_flow(&story, "c 4>5, b 6>7 3, b 6>8 3, b 9>10 6, e 11>12");
}

Test(flow, one_read_takes_what_several_sent)
{
	struct story story = { 0 };

	add_alone(&story);
	expect_flow(&story, "b 2>4 3, b 3>4 1, b 3>| 2");
}

Test(flow, reset_by_an_end)
{
	struct story story = { 0 };

	add_forked(&story);
	expect_flow(&story, "c 4>5, b 8>9 9, r 10>11, b 8>| 13");
}

Test(flow, datagrams)
{
	struct story story = { 0 };

	add_lossy(&story);
	expect_flow(&story, "m 3>6 3, m 5>7 5, m 4>x 3");
}

Test(flow, peeking_takes_nothing)
{
	struct story story = { 0 };

	add_meeting(&story);
	act(&story, CLIENT, 2);
	add_data(&story, CALL_sendto, 3, 2, "3, \"ab\", 2, 0, NULL, 0", "2", "ab");
	act(&story, SERVER, 1);
	add_data(&story, CALL_recvfrom, 4, 3, "4, \"ab\", 2, MSG_PEEK, NULL, NULL", "2", "ab")
		->peek = true;
	add_data(&story, CALL_recvfrom, 4, 3, "4, \"ab\", 2, 0, NULL, NULL", "2", "ab");
	expect_flow(&story, "c 4>5, b 6>8 2");
}

Test(flow, urgent_data_goes_beside)
{
	struct story story = { 0 };

	add_meeting(&story);
	act(&story, CLIENT, 2);
	add_data(&story, CALL_sendto, 3, 2, "3, \"abc\", 3, MSG_OOB, NULL, 0", "3", "abc");
	act(&story, SERVER, 1);
	add_data(&story, CALL_recvfrom, 4, 3, "4, \"c\", 1, MSG_OOB, NULL, NULL", "1", "c");
	add_data(&story, CALL_recvfrom, 4, 3, "4, \"ab\", 9, 0, NULL, NULL", "2", "ab");
	expect_flow(&story, "c 4>5, u 6>7 1, b 6>8 2");
}

Test(flow, half_closed)
{
	struct story story = { 0 };

	add_meeting(&story);
	act(&story, CLIENT, 2);
	add_call(&story, CALL_shutdown, 3, 2, "3, SHUT_RD", "0");
	add_call(&story, CALL_shutdown, 3, 2, "3, SHUT_WR", "0");
	act(&story, SERVER, 1);
	add_end_of_file(&story);
	/* Told once only. */
	add_end_of_file(&story);
	expect_flow(&story, "c 4>5, e 7>8");
}

Test(flow, refused_and_not_accepted)
{
	struct story story = { 0 };

	add_meeting(&story);
	act(&story, CLIENT, 2);
	add_socket(&story, CALL_socket, -1, 0, "AF_INET, SOCK_STREAM, 0", 4, 4);
	names(add_call(&story, CALL_connect, 4, 4, "4, " SERVED ", 16", "0"), "127.0.0.1:40001",
	      SERVED);
	add_socket(&story, CALL_socket, -1, 0, "AF_INET, SOCK_STREAM, 0", 5, 5);
	fails(add_call(&story, CALL_connect, 5, 5, "5, 127.0.0.1:9, 16", "-1 ECONNREFUSED"),
	      ECONNREFUSED);
	expect_flow(&story, "c 4>5, c 9>x, c 7>|");
}

/* Callers without a name are matched by their order, and by where they call. */
Test(flow, unnamed_callers)
{
	struct story story = { 0 };

	act(&story, SERVER, 1);
	add_socket(&story, CALL_socket, -1, 0, "AF_UNIX, SOCK_STREAM, 0", 3, 1);
	names(add_call(&story, CALL_bind, 3, 1, "3, \"/s\", 110", "0"), "/s", "");
	add_call(&story, CALL_listen, 3, 1, "3, 5", "0");
	act(&story, CLIENT, 2);
	for (int i = 0; i < 3; i++) {
		add_socket(&story, CALL_socket, -1, 0, "AF_UNIX, SOCK_STREAM, 0", 3 + i,
			   2 + (unsigned)i);
		names(add_call(&story, CALL_connect, 3 + i, 2 + (unsigned)i, "", "0"), "",
		      i == 1 ? "/other" : "/s");
	}
	act(&story, SERVER, 1);
	names(add_socket(&story, CALL_accept, 3, 1, "3, NULL, NULL", 4, 5), "/s", "");
	names(add_socket(&story, CALL_accept, 3, 1, "3, NULL, NULL", 5, 6), "/s", "");
	expect_flow(&story, "c 4>9, c 8>10");
}

/* A call that is interrupted and made again called once. */
Test(flow, connecting_again)
{
	struct story story = { 0 };

	add_meeting(&story);
	story.events[4].result = -EINPROGRESS;
	act(&story, CLIENT, 2);
	names(add_call(&story, CALL_connect, 3, 2, "3, " SERVED ", 16", "0"), CALLED, SERVED);
	expect_flow(&story, "c 4>5");
}

Test(flow, records_keep_their_bounds)
{
	struct story story = { 0 };

	act(&story, SIDE_NONE, 1);
	add_pair(&story, 1, "AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]");
	add_data(&story, CALL_write, 3, 1, "3, \"abc\", 3", "3", "abc")->type = SOCK_SEQPACKET;
	add_data(&story, CALL_write, 3, 1, "3, \"de\", 2", "2", "de")->type = SOCK_SEQPACKET;
	add_data(&story, CALL_read, 4, 2, "4, \"a\", 1", "1", "a")->type = SOCK_SEQPACKET;
	expect_flow(&story, "m 1>3 3, m 2>| 2");
}

/* The end comes when the last copy of a descriptor is closed. */
Test(flow, the_last_copy_ends_it)
{
	struct story story = { 0 };
	struct trace_event *copy;

	add_meeting(&story);
	act(&story, CLIENT, 2);
	copy = add_call(&story, CALL_dup, 3, 2, "3", "7");
	copy->new_fd = 7;
	copy->new_socket = 2;
	add_call(&story, CALL_close, 3, 2, "3", "0");
	add_call(&story, CALL_close_range, -1, 0, "5, 4294967295, 0", "0");
	act(&story, SERVER, 1);
	add_end_of_file(&story);
	expect_flow(&story, "c 4>5, e 8>9");
}

/* What is not closed by an exec() stays. */
Test(flow, programs_keep_descriptors)
{
	struct story story = { 0 };

	add_meeting(&story);
	act(&story, CLIENT, 2);
	add_event(&story, TRACE_PROGRAM)->arguments = "next";
	act(&story, SERVER, 1);
	add_end_of_file(&story);
	expect_flow(&story, "c 4>5");
	memset(&story, 0, sizeof story);
	add_meeting(&story);
	act(&story, CLIENT, 2);
	add_call(&story, CALL_fcntl, 3, 2, "3, F_SETFD, FD_CLOEXEC", "0");
	add_event(&story, TRACE_PROGRAM)->arguments = "next";
	story.now += 50;
	act(&story, SERVER, 1);
	add_end_of_file(&story);
	expect_flow(&story, "c 4>5, e 7>8");
}
