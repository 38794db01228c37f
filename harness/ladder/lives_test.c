/* lives_test.c -- life lines of sockets, and what is found wrong: each mistake, and what looks like
 * it but is none. */
#include "ladder/lives.h"

#include <criterion/criterion.h>

#include "ladder/test_stories.h"

/* What is told of a story; new memory. */
static char *tell_lives(struct story *story)
{
	struct lives lives;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	cr_assert_not_null(out);
	lives_make(story->events, story->count, &lives);
	lives_put(out, &lives);
	cr_assert_eq(fclose(out), 0);
	lives_finish(&lives);
	story_finish(story);
	return text;
}

static void expect_lives(struct story *story, const char *wanted)
{
	char *got = tell_lives(story);

	cr_expect_str_eq(got, wanted);
	free(got);
}

/* Exactly one finding with this in it; NULL: none. */
static void expect_found(struct story *story, const char *wanted)
{
	char *got = tell_lives(story), *mark = strstr(got, "! ");

	cr_expect_eq(mark != NULL, wanted != NULL, "wanted %s: %s", wanted ? wanted : "none", got);
	if (mark && wanted) {
		cr_expect_not_null(strstr(mark, wanted), "wanted %s: %s", wanted, got);
		cr_expect_null(strstr(mark + 1, "! "), "%s", got);
	}
	free(got);
}

Test(lives, lines)
{
	struct story story = { 0 };

	add_echo(&story);
	expect_lives(&story, "server  fd 3   socket bind listen accept4 close\n"
			     "client  fd 3   socket connect sendto recvfrom close\n"
			     "server  fd 4   accept4 recvfrom x2 sendto recvfrom close\n");
}

Test(lives, rounds_are_folded)
{
	struct story story = { 0 };

	add_rounds(&story, 9);
	expect_lives(
		&story,
		"server  fd 3   socket bind listen accept4 (open at the end)\n"
		"client  fd 3   socket connect (sendto recvfrom) x9 sendto (open at the end)\n"
		"server  fd 4   accept4 (recvfrom sendto) x9 recvfrom=ECONNRESET (open at the "
		"end)\n"
		"! server: 1 accepted socket was never closed (fd 4), though there was nothing "
		"left to do with it\n");
}

Test(lives, other_processes_are_named)
{
	struct story story = { 0 };

	add_forked(&story);
	expect_lives(&story,
		     "server  fd 3   socket bind listen accept4 (open at the end)\n"
		     "client  fd 3   socket connect sendto recvfrom=ECONNRESET close\n"
		     "server  fd 4   accept4 close [server #2] recvfrom (open at the end)\n");
}

/* One that was followed when it ran already, and its child. */
Test(lives, attached_processes_have_their_programs_name)
{
	struct story story = { 0 };

	act(&story, SIDE_NONE, 1);
	add_event(&story, TRACE_BEGIN)->arguments = "./bin/server 80";
	add_call(&story, CALL_listen, 3, 1, "3, 5", "0");
	act(&story, SIDE_NONE, 2);
	add_event(&story, TRACE_BEGIN)->parent = 1;
	add_call(&story, CALL_close, 3, 1, "3", "0");
	expect_lives(&story, "server  fd 3   listen [server #2] close (open at the end)\n");
}

Test(lives, long_lines_are_cut)
{
	struct story story = { 0 };
	char *got;

	act(&story, SIDE_NONE, 1);
	/* Ever longer runs, so that nothing repeats. */
	for (int i = 1; i < 60; i++) {
		for (int j = 0; j < i; j++)
			add_data(&story, CALL_read, 3, 1, "3, \"x\", 1", "1", "x");
		add_data(&story, CALL_write, 3, 1, "3, \"x\", 1", "1", "x");
	}
	got = tell_lives(&story);
	cr_expect_lt(strlen(got), 500, "%s", got);
	cr_expect_not_null(strstr(got, " ... "), "%s", got);
	cr_expect_not_null(strstr(got, "read x59 write"), "%s", got);
	free(got);
}

/* ---- Ignored failures ---- */

/* One process with socket 1 on fd 9. */
static void add_lone(struct story *story)
{
	act(story, SIDE_NONE, 1);
	add_socket(story, CALL_socket, -1, 0, "", 9, 1);
}

/* After a call that failed so comes another. */
static const struct {
	enum trace_call failed;
	int err;
	enum trace_call next;
	const char *arguments;
	const char *found; /* NULL: nothing */
} followed[] = {
	{ CALL_connect, ECONNREFUSED, CALL_sendto, "9", "connect(fd 9) failed with E" },
	{ CALL_connect, ECONNREFUSED, CALL_connect, "9", NULL },
	{ CALL_connect, ECONNREFUSED, CALL_close, "9", NULL },
	{ CALL_connect, EINPROGRESS, CALL_sendto, "9", NULL },
	{ CALL_connect, EINTR, CALL_sendto, "9", NULL },
	{ CALL_connect, EISCONN, CALL_sendto, "9", NULL },
	{ CALL_connect, ETIMEDOUT, CALL_getsockopt, "9, SOL_SOCKET, SO_ERROR", NULL },
	{ CALL_bind, EADDRINUSE, CALL_listen, "9", "listen(fd 9) followed at" },
	{ CALL_bind, EADDRINUSE, CALL_setsockopt, "9", NULL },
	{ CALL_bind, EADDRINUSE, CALL_bind, "9", NULL },
	{ CALL_recvfrom, ECONNRESET, CALL_sendto, "9", "recvfrom(fd 9) failed" },
	{ CALL_recvfrom, ECONNRESET, CALL_read, "9", NULL },
	{ CALL_recvfrom, EAGAIN, CALL_sendto, "9", NULL },
	{ CALL_sendto, EPIPE, CALL_recvfrom, "9", NULL },
	{ CALL_sendto, EPIPE, CALL_sendmsg, "9", "sendmsg(fd 9) followed" },
	{ CALL_sendto, EPIPE, CALL_shutdown, "9", NULL },
	{ CALL_sendto, EMSGSIZE, CALL_sendto, "9", NULL },
	{ CALL_setsockopt, ENOPROTOOPT, CALL_bind, "9", NULL },
	{ CALL_setsockopt, EINVAL, CALL_bind, "9", "setsockopt(fd 9) failed" },
	{ CALL_getpeername, ENOTCONN, CALL_sendto, "9", NULL },
	{ CALL_accept4, EMFILE, CALL_accept4, "9", NULL },
};

Test(lives, ignored_failures)
{
	for (size_t i = 0; i < sizeof followed / sizeof *followed; i++) {
		struct story story = { 0 };
		add_lone(&story);
		fails(add_call(&story, followed[i].failed, 9, 1, "9", "-1 EXYZ"), followed[i].err);
		add_call(&story, followed[i].next, 9, 1, followed[i].arguments, "1");
		expect_found(&story, followed[i].found);
	}
}

/* A question in between does not make up for it. */
Test(lives, ignored_after_a_question)
{
	struct story story = { 0 };

	add_lone(&story);
	fails(add_call(&story, CALL_bind, 9, 1, "9", "-1 EADDRINUSE"), EADDRINUSE);
	add_call(&story, CALL_getsockname, 9, 1, "9", "0");
	add_call(&story, CALL_listen, 9, 1, "9, 1", "0");
	expect_found(&story, "bind(fd 9) failed with EADDRINUSE");
}

Test(lives, lost_messages_are_no_failure)
{
	struct story story = { 0 };

	act(&story, SIDE_NONE, 1);
	add_socket(&story, CALL_socket, -1, 0, "", 9, 1)->type = SOCK_DGRAM;
	struct trace_event *sent = add_call(&story, CALL_recvfrom, 9, 1, "9", "-1 ECONNREFUSED");
	fails(sent, ECONNREFUSED);
	sent->type = SOCK_DGRAM;
	add_call(&story, CALL_sendto, 9, 1, "9", "1")->type = SOCK_DGRAM;
	expect_found(&story, NULL);
}

Test(lives, no_socket_at_all)
{
	struct story story = { 0 };

	act(&story, SIDE_NONE, 1);
	fails(add_call(&story, CALL_socket, -1, 0, "", "-1 EMFILE"), EMFILE);
	fails(add_call(&story, CALL_connect, -1, 0, "-1, 127.0.0.1:80, 16", "-1 EBADF"), EBADF);
	fails(add_call(&story, CALL_sendto, -1, 0, "-1, \"a\", 1", "-1 EBADF"), EBADF);
	expect_found(&story, "socket() failed with EMFILE");
}

/* Another socket under the same number begins anew. */
Test(lives, numbers_are_used_again)
{
	struct story story = { 0 };

	add_lone(&story);
	fails(add_call(&story, CALL_connect, 9, 1, "9", "-1 ECONNREFUSED"), ECONNREFUSED);
	add_call(&story, CALL_close, 9, 1, "9", "0");
	add_socket(&story, CALL_socket, -1, 0, "", 9, 2);
	add_call(&story, CALL_sendto, 9, 2, "9", "1");
	expect_found(&story, NULL);
}

/* ---- Reading on, closing twice ---- */

Test(lives, reading_after_the_end)
{
	struct story story = { 0 };

	add_meeting(&story);
	for (int i = 0; i < 3; i++)
		add_end_of_file(&story);
	add_call(&story, CALL_close, 4, 3, "4", "0");
	expect_found(&story, "fd 4 was read 2 times more after the end of file");
}

Test(lives, reading_nothing_is_no_end)
{
	struct story story = { 0 };

	add_meeting(&story);
	for (int i = 0; i < 3; i++)
		add_data(&story, CALL_read, 4, 3, "4, \"\", 0", "0", "");
	add_end_of_file(&story);
	add_call(&story, CALL_close, 4, 3, "4", "0");
	expect_found(&story, NULL);
}

Test(lives, closing_twice)
{
	struct story story = { 0 };

	add_alone(&story);
	expect_found(&story, "close(3) at 0.3 ms came after it was closed at 0.2 ms");
}

Test(lives, closing_what_never_was)
{
	struct story story = { 0 };

	add_lone(&story);
	fails(add_call(&story, CALL_close, -1, 0, "-1", "-1 EBADF"), EBADF);
	expect_found(&story, "close(-1) at 0.1 ms: no such descriptor is open");
}

Test(lives, closing_all_numbers)
{
	struct story story = { 0 };

	act(&story, SIDE_NONE, 1);
	for (int fd = 20; fd < 60; fd++)
		fails(add_call(&story, CALL_close, fd, 0, "20", "-1 EBADF"), EBADF);
	expect_found(&story, NULL);
}

/* ---- Leaks ---- */

/* A server that takes `callers` callers who close, and closes none of them. */
static void add_leaky(struct story *story, int callers)
{
	act(story, SIDE_NONE, 1);
	add_socket(story, CALL_socket, -1, 0, "", 3, 1);
	add_call(story, CALL_listen, 3, 1, "3, 5", "0");
	for (int i = 0; i < callers; i++) {
		add_socket(story, CALL_accept, 3, 1, "3, NULL, NULL", 4 + i, 2 + (unsigned)i);
		add_data(story, CALL_read, 4 + i, 2 + (unsigned)i, "4, \"\", 9", "0", "");
	}
}

Test(lives, leaks)
{
	struct story story = { 0 };

	add_leaky(&story, 10);
	ends(&story, 15);
	expect_found(&story, "process 1: 10 accepted sockets were never closed "
			     "(fd 4, 5, 6, 7, 8, 9, 10, 11 ...)");
}

Test(lives, what_is_in_use_is_no_leak)
{
	struct story story = { 0 };

	add_meeting(&story);
	act(&story, SERVER, 1);
	ends(&story, 15);
	expect_found(&story, NULL);
}

/* Whoever forks must close its copy: what the child was given, the child may leave to its end. */
Test(lives, forgotten_copies)
{
	struct story story = { 0 };

	add_meeting(&story);
	act(&story, SERVER, 3);
	add_event(&story, TRACE_BEGIN)->parent = 1;
	story.now += 50;
	add_data(&story, CALL_sendto, 4, 3, "4, \"a\", 1, 0, NULL, 0", "1", "a");
	ends(&story, 0);
	act(&story, SERVER, 1);
	ends(&story, 15);
	expect_found(&story, "server: 1 accepted socket was never closed (fd 4)");
}

/* It read nothing, but took another caller after this one had gone. */
Test(lives, forgotten_callers)
{
	struct story story = { 0 };

	add_meeting(&story);
	act(&story, CLIENT, 2);
	add_call(&story, CALL_close, 3, 2, "3", "0");
	act(&story, SERVER, 1);
	names(add_socket(&story, CALL_accept4, 3, 1, "3, NULL, NULL, 0", 5, 4), SERVED,
	      "127.0.0.1:40001");
	ends(&story, 15);
	expect_found(&story, "server: 1 accepted socket was never closed (fd 4)");
}
