/* text.c -- sockets and threads as a person reads them, on one line each. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "spy/text.h"

/* A text that grows until its room is full. */
struct line {
	char *text;
	size_t len, room;
};

static void add(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct line *line, const char *format, ...)
{
	va_list args;

	if (line->len >= line->room)
		return;
	va_start(args, format);
	int n = vsnprintf(line->text + line->len, line->room - line->len, format, args);
	va_end(args);
	if (n > 0)
		line->len += (size_t)n;
}

/* A path, or an abstract name with its zeros as '@'; what does not print becomes '?'. */
static void put_unix_name(char *ret_text, size_t room, const struct spy_name *name)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	const struct sockaddr_un *un = (const void *)&name->address;
	size_t len = name->len > head ? name->len - head : 0;
	bool abstract = len && !un->sun_path[0];
	size_t i;

	len = len < sizeof un->sun_path ? len : sizeof un->sun_path;
	for (i = 0; i < len && i + 1 < room && (abstract || un->sun_path[i]); i++) {
		char c = un->sun_path[i];
		ret_text[i] = c >= ' ' && c <= '~' ? c : c ? '?' : '@';
	}
	ret_text[i] = '\0';
}

void spy_put_name(char *ret_text, size_t room, const struct spy_name *name)
{
	char host[INET6_ADDRSTRLEN] = "?";

	if (!room)
		return;
	ret_text[0] = '\0';
	if (name->len < sizeof name->address.ss_family)
		return;
	switch (name->address.ss_family) {
	case AF_INET: {
		const struct sockaddr_in *in = (const void *)&name->address;
		inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
		snprintf(ret_text, room, "%s:%u", host, ntohs(in->sin_port));
		break;
	}
	case AF_INET6: {
		const struct sockaddr_in6 *in6 = (const void *)&name->address;
		inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof host);
		snprintf(ret_text, room, "[%s]:%u", host, ntohs(in6->sin6_port));
		break;
	}
	case AF_UNIX:
		put_unix_name(ret_text, room, name);
		break;
	default:
		snprintf(ret_text, room, "family %d", name->address.ss_family);
	}
}

const char *spy_type_name(const struct spy_socket *socket, char ret_room[16])
{
	switch (socket->type) {
	case SOCK_STREAM:
		return "stream";
	case SOCK_DGRAM:
		return "datagram";
	case SOCK_SEQPACKET:
		return "seqpacket";
	case SOCK_RAW:
		return "raw";
	case 0:
		return "socket";
	default:
		snprintf(ret_room, 16, "type %d", socket->type);
		return ret_room;
	}
}

/* How far a queue was filled before the kernel stopped its writer differs from run to run, what a
 * program wrote does not: steady texts round what is long down to a power of two. */
static void add_queue(struct line *line, const char *name, long long bytes, enum spy_detail detail)
{
	long long rounded = 4096;

	if (bytes < 0)
		return;
	if (!bytes) {
		add(line, ", %s empty", name);
		return;
	}
	if (detail == SPY_FULL || bytes < rounded) {
		add(line, ", %s %lld", name, bytes);
		return;
	}
	while (rounded <= bytes / 2)
		rounded *= 2;
	add(line, ", %s over %lld KiB", name, rounded / 1024);
}

static bool is_connected(const struct spy_socket *socket)
{
	return socket->peer.len > 0;
}

static void add_names(struct line *line, const struct spy_socket *socket, enum spy_detail detail)
{
	char local[128], peer[128];

	if (detail == SPY_STEADY) {
		add(line, "%s", is_connected(socket) ? " to its peer" : "");
		return;
	}
	spy_put_name(local, sizeof local, &socket->local);
	spy_put_name(peer, sizeof peer, &socket->peer);
	if (is_connected(socket))
		add(line, "%s%s to %s", *local ? " " : "", local,
		    *peer ? peer : "a peer without name");
	else if (*local)
		add(line, " at %s", local);
}

static void add_socket(struct line *line, const struct spy_socket *socket, enum spy_detail detail)
{
	char room[16];

	add(line, "%s%s%s", socket->listening ? "listening " : "",
	    socket->family == AF_UNIX ? "unix " : "", spy_type_name(socket, room));
	add_names(line, socket, detail);
	if (socket->listening) {
		if (socket->accept_queue >= 0)
			add(line, ", accept queue %d of %d", socket->accept_queue, socket->backlog);
		return;
	}
	if (socket->state)
		add(line, ", %s", socket->state);
	else if (socket->peer_closed)
		add(line, ", peer has closed");
	/* Before it is connected a stream has no queues. */
	if (socket->type != SOCK_DGRAM && !is_connected(socket))
		return;
	add_queue(line, "receive queue", socket->receive_queue, detail);
	if (socket->send_queue > 0)
		add_queue(line, "send queue", socket->send_queue, detail);
}

void spy_put_socket(char *ret_text, size_t room, const struct spy_socket *socket,
		    enum spy_detail detail)
{
	struct line line = { ret_text, 0, room };

	ret_text[0] = '\0';
	add_socket(&line, socket, detail);
}

void spy_put_events(char *ret_text, size_t room, unsigned events)
{
	static const struct {
		unsigned bit;
		const char *name;
	} names[] = {
		{ POLLIN, "IN" },
		{ POLLPRI, "PRI" },
		{ POLLOUT, "OUT" },
#ifdef POLLRDHUP
		{ POLLRDHUP, "RDHUP" },
#endif
	};
	struct line line = { ret_text, 0, room };

	ret_text[0] = '\0';
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (events & names[i].bit)
			add(&line, "%s%s", line.len ? "|" : "", names[i].name);
}

static void add_wait(struct line *line, const struct spy_wait *wait,
		     const struct spy_socket *socket, enum spy_detail detail)
{
	char events[32];

	spy_put_events(events, sizeof events, wait->events);
	add(line, "fd %d%s%s", wait->fd, *events ? " " : "", events);
	if (!socket && (!*wait->kind || !strcmp(wait->kind, "socket")))
		return;
	add(line, ": ");
	if (socket)
		add_socket(line, socket, detail);
	else
		add(line, "%s", wait->kind);
}

static void add_waits(struct line *line, const struct spy_process *process,
		      const struct spy_thread *thread, enum spy_detail detail)
{
	enum { SHOWN_STEADY = 3 };
	unsigned shown = thread->wait_count;

	if (detail == SPY_STEADY && shown > SHOWN_STEADY)
		shown = SHOWN_STEADY;
	if (thread->epoll_fd >= 0)
		add(line, "fd %d%s", thread->epoll_fd, thread->waits_known ? " of " : "");
	if (thread->waits_known && !thread->wait_total)
		add(line, "no descriptor");
	for (unsigned i = 0; thread->waits_known && i < shown; i++) {
		const struct spy_wait *wait = &thread->wait[i];
		add(line, "%s", i ? "; " : "");
		add_wait(line, wait, spy_socket_of(process, wait->fd), detail);
	}
	if (thread->waits_known && thread->wait_total > shown)
		add(line, "; and %zu more", thread->wait_total - shown);
}

void spy_put_thread(char *ret_text, size_t room, const struct spy_process *process,
		    const struct spy_thread *thread, enum spy_detail detail)
{
	struct line line = { ret_text, 0, room };

	ret_text[0] = '\0';
	if (!thread->known)
		return;
	if (!thread->in_call) {
		add(&line, "running");
		return;
	}
	if (!thread->call) {
		add(&line, "in system call %ld", thread->number);
		return;
	}
	add(&line, "in %s(", thread->call);
	add_waits(&line, process, thread, detail);
	add(&line, ")");
}
