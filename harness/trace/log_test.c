/* log_test.c -- events in shared memory, and as lines. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trace/log.h"
#include "trace/print.h"

static const struct trace_event call = {
	.what = TRACE_CALL,
	.start_us = 1000042,
	.took_us = 21,
	.side = SIDE_NONE,
	.process = 1,
	.pid = 10,
	.tid = 11,
	.call = CALL_recvfrom,
	.arguments = "4, \"a\"",
	.result = 2,
	.result_text = "2",
	.fd = 4,
	.socket = 3,
	.new_fd = -1,
	.new_fd2 = -1,
	.type = 1,
	.family = 2,
	.local = "127.0.0.1:80",
	.peer = "",
	.bytes = (const unsigned char *)"a\xff",
	.shown = 2,
	.moved = 2,
	.fault = "cut to 2 bytes",
};

Test(log, another_process_fills_it)
{
	struct trace_log *log = trace_log_create_shared(65536);
	size_t count;

	cr_assert_not_null(log);
	pid_t pid = fork();
	if (!pid) {
		trace_log_event(log, &call);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	const struct trace_event *events = trace_log_events(log, &count);
	cr_assert_eq(count, 1U);
	cr_expect_str_eq(events->arguments, call.arguments);
	cr_expect_str_eq(events->fault, call.fault);
	cr_expect_eq(memcmp(events->bytes, "a\xff", 2), 0);
	trace_log_destroy(log);
}

Test(log, what_does_not_fit_is_counted)
{
	struct trace_log *log = trace_log_create(1000);
	size_t count;

	for (int i = 0; i < 10; i++)
		trace_log_event(log, &call);
	trace_log_events(log, &count);
	cr_expect(count > 0 && count < 10);
	cr_expect_eq(trace_log_lost(log), 10 - count);
	struct trace_log *copy = trace_log_copy(log);
	size_t copied;
	const struct trace_event *events = trace_log_events(copy, &copied);
	cr_expect_eq(copied, count);
	cr_expect_eq(trace_log_lost(copy), 10 - count);
	trace_log_clear(log);
	cr_expect_eq(trace_log_lost(log), 0U);
	cr_expect_str_eq(events[0].local, "127.0.0.1:80");
	trace_log_destroy(copy);
	trace_log_destroy(log);
}

static char *line_of(void (*put)(struct text *, const struct trace_event *),
		     const struct trace_event *event)
{
	struct text text = { 0 };

	put(&text, event);
	return text.at;
}

static void expect_line(void (*put)(struct text *, const struct trace_event *),
			const struct trace_event *event, const char *wanted)
{
	char *line = line_of(put, event);

	cr_expect_str_eq(line, wanted);
	free(line);
}

Test(print, a_call)
{
	expect_line(trace_put_text, &call,
		    "1.000042 1 (11) recvfrom(4, \"a\") = 2 <0.000021> [cut to 2 bytes]\n");
	expect_line(
		trace_put_json, &call,
		"{\"what\":\"call\",\"us\":1000042,\"process\":1,\"pid\":10,\"tid\":11,\"took\":21,"
		"\"call\":\"recvfrom\",\"args\":\"4, \\\"a\\\"\",\"result\":2,\"text\":\"2\","
		"\"fd\":4,\"socket\":3,\"type\":1,\"family\":2,\"local\":\"127.0.0.1:80\","
		"\"moved\":2,\"bytes\":\"a\\u00ff\",\"fault\":\"cut to 2 bytes\"}\n");
}

Test(print, an_unfinished_call)
{
	struct trace_event event = call;

	event.unfinished = true;
	event.tid = event.pid;
	event.result_text = "?";
	event.fault = "";
	expect_line(trace_put_text, &event, "1.000042 1 recvfrom(4, \"a\") = ? (unfinished)\n");
	char *json = line_of(trace_put_json, &event);
	cr_expect_not_null(strstr(json, "\"unfinished\":true"));
	cr_expect_null(strstr(json, "\"result\":"));
	free(json);
}

Test(print, the_rest)
{
	struct trace_event event = { .what = TRACE_BEGIN,
				     .side = SIDE_NONE,
				     .process = 2,
				     .parent = 1,
				     .pid = 7,
				     .tid = 7,
				     .arguments = "",
				     .fault = "" };

	expect_line(trace_put_text, &event, "0.000000 2 --- process 7, child of 1 ---\n");
	event.parent = 0;
	event.arguments = "./server 80";
	expect_line(trace_put_text, &event, "0.000000 2 --- process 7: ./server 80 ---\n");
	event.parent = 1;
	event.what = TRACE_PROGRAM;
	event.arguments = "sh -c x";
	expect_line(trace_put_text, &event, "0.000000 2 --- executes sh -c x ---\n");
	event.what = TRACE_SIGNAL;
	event.result = 15;
	expect_line(trace_put_text, &event, "0.000000 2 --- SIGTERM ---\n");
	event.what = TRACE_END;
	event.arguments = "";
	expect_line(trace_put_text, &event, "0.000000 2 +++ killed by SIGTERM +++\n");
	event.result = 3 << 8;
	expect_line(trace_put_text, &event, "0.000000 2 +++ ended with 3 +++\n");
	expect_line(trace_put_json, &event,
		    "{\"what\":\"end\",\"us\":0,\"process\":2,\"parent\":1,\"pid\":7,\"tid\":7,"
		    "\"result\":768}\n");
}
