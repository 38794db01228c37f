/* spy_json.c -- a look at a process as JSON:
 *   { "pid", "parent", "command", "state", "unknown": [why, ...],
 *     "threads": [ { "tid", "state", "text", "call", "stayed", "channel", "epoll_fd",
 * "waits_total", "waits": [ { "fd", "events", "kind" } ] } ], "sockets": [ { "fd", "inode",
 * "family", "type", "protocol", "state", "local", "peer", "listening", "accept_queue", "backlog",
 * "receive_queue", "send_queue", "peer_closed", "end_unread", "leaks", "nonblocking",
 * "close_on_exec", "options": { name: value } } ], "processor": { "over_us", "percent", "user_us",
 * "system_us", "spinner" } } What is unknown is null. */
#include "cli/spy_json.h"

#include <stdio.h>

#include "reports/report.h"
#include "spy/text.h"

const struct spy_thread *spy_thread_before(const struct spy_process *before, pid_t tid)
{
	for (size_t i = 0; before && i < before->thread_count; i++)
		if (before->threads[i].tid == tid)
			return &before->threads[i];
	return NULL;
}

/* Keys are written as in `,"key":`. */
static void put_text(const char *key, const char *text)
{
	printf(",\"%s\":", key);
	if (text)
		put_json(stdout, text);
	else
		printf("null");
}

static void put_known(const char *key, long long number)
{
	if (number == SPY_UNKNOWN)
		put_text(key, NULL);
	else
		printf(",\"%s\":%lld", key, number);
}

static void put_bool(const char *key, int value)
{
	printf(",\"%s\":%s", key, value < 0 ? "null" : value ? "true" : "false");
}

static void put_waits(const struct spy_thread *thread)
{
	char events[32];

	put_known("epoll_fd", thread->epoll_fd);
	put_known("waits_total", thread->waits_known ? (long long)thread->wait_total : SPY_UNKNOWN);
	printf(",\"waits\":[");
	for (unsigned i = 0; i < thread->wait_count; i++) {
		printf("%s{\"fd\":%d", i ? "," : "", thread->wait[i].fd);
		spy_put_events(events, sizeof events, thread->wait[i].events);
		put_text("events", events);
		put_text("kind", *thread->wait[i].kind ? thread->wait[i].kind : NULL);
		putchar('}');
	}
	putchar(']');
}

static void put_thread(const struct spy_process *before, const struct spy_process *process,
		       const struct spy_thread *thread)
{
	const struct spy_thread *then = spy_thread_before(before, thread->tid);
	const char state[] = { thread->state, '\0' };
	char text[1024];

	spy_put_thread(text, sizeof text, process, thread, SPY_FULL);
	printf("{\"tid\":%d", (int)thread->tid);
	put_text("state", *state ? state : NULL);
	put_text("text", *text ? text : NULL);
	put_text("call", thread->in_call ? thread->call : NULL);
	put_bool("stayed", then ? spy_stayed(then, thread) : -1);
	put_text("channel", *thread->channel ? thread->channel : NULL);
	put_waits(thread);
	putchar('}');
}

static void put_options(const struct spy_socket *socket)
{
	printf(",\"options\":");
	if (!socket->has_options) {
		printf("null");
		return;
	}
	putchar('{');
	for (unsigned i = 0; i < socket->option_count; i++) {
		printf("%s\"%s\":", i ? "," : "", socket->options[i].name);
		put_json(stdout, socket->options[i].value);
	}
	putchar('}');
}

static void put_name(const char *key, const struct spy_name *name)
{
	char text[128];

	spy_put_name(text, sizeof text, name);
	put_text(key, name->len ? text : NULL);
}

static void put_socket(const struct spy_socket *socket)
{
	char room[16];

	printf("{\"fd\":%d,\"inode\":%llu", socket->fd, (unsigned long long)socket->inode);
	put_known("family", socket->family ? socket->family : SPY_UNKNOWN);
	put_text("type", socket->type ? spy_type_name(socket, room) : NULL);
	put_known("protocol", socket->family ? socket->protocol : SPY_UNKNOWN);
	put_text("state", socket->state);
	put_name("local", &socket->local);
	put_name("peer", &socket->peer);
	put_bool("listening", socket->listening);
	put_known("accept_queue", socket->accept_queue);
	put_known("backlog", socket->backlog);
	put_known("receive_queue", socket->receive_queue);
	put_known("send_queue", socket->send_queue);
	put_bool("peer_closed", socket->peer_closed);
	put_bool("end_unread", socket->end_unread);
	put_bool("leaks", spy_leaks(socket));
	put_bool("nonblocking", socket->nonblocking);
	put_bool("close_on_exec", socket->close_on_exec);
	put_options(socket);
	putchar('}');
}

static void put_unknown(unsigned lacks)
{
	const char *comma = "";

	printf(",\"unknown\":[");
	for (unsigned bit = 1; bit && bit <= lacks; bit <<= 1) {
		if (!(lacks & bit))
			continue;
		printf("%s", comma);
		put_json(stdout, spy_lack_text(bit));
		comma = ",";
	}
	putchar(']');
}

void put_spy_json(const struct spy_process *before, const struct spy_process *process,
		  const struct spy_load *load)
{
	const char state[] = { process->state, '\0' };

	printf("{\"pid\":%d,\"parent\":%d", (int)process->pid, (int)process->parent);
	put_text("command", process->command);
	put_text("state", state);
	put_unknown(process->lacks);
	printf(",\"threads\":[");
	for (size_t i = 0; i < process->thread_count; i++) {
		printf("%s", i ? "," : "");
		put_thread(before, process, &process->threads[i]);
	}
	printf("],\"sockets\":[");
	for (size_t i = 0; i < process->socket_count; i++) {
		printf("%s", i ? "," : "");
		put_socket(&process->sockets[i]);
	}
	printf("],\"processor\":{\"over_us\":%lld,\"percent\":%.1f,\"user_us\":%lld,"
	       "\"system_us\":%lld",
	       (long long)load->over_us, load->percent, load->user_us, load->system_us);
	put_known("spinner", load->spinner ? load->spinner : SPY_UNKNOWN);
	printf("}}\n");
}
