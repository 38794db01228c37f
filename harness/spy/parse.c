/* parse.c -- the texts of /proc and sets of descriptors, as a look needs them. */
#include "spy/parse.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool spy_parse_stat(const char *text, struct spy_stat *ret_stat)
{
	struct spy_stat stat = { .state = 0 };
	const char *open = strchr(text, '(');
	const char *close = strrchr(text, ')');
	int parent, group;

	if (!open || !close || close < open || close[1] != ' ')
		return false;
	size_t len = (size_t)(close - open - 1);
	if (len >= sizeof stat.command)
		len = sizeof stat.command - 1;
	memcpy(stat.command, open + 1, len);
	/* state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime */
	if (sscanf(close + 2, "%c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &stat.state,
		   &parent, &group, &stat.user_ticks, &stat.system_ticks) != 5)
		return false;
	stat.parent = parent;
	stat.group = group;
	*ret_stat = stat;
	return true;
}

bool spy_parse_socket_link(const char *text, uint64_t *ret_inode)
{
	static const char prefix[] = "socket:[";
	char *end;

	if (strncmp(text, prefix, sizeof prefix - 1) != 0)
		return false;
	const char *digits = text + sizeof prefix - 1;
	if (*digits < '0' || *digits > '9')
		return false;
	*ret_inode = strtoull(digits, &end, 10);
	return !strcmp(end, "]");
}

/* "pipe:[7]" is a pipe, "anon_inode:[eventfd]" and "anon_inode:inotify" say what they are, and
 * what begins otherwise is the path of a file. */
void spy_parse_kind(const char *link, char *ret_kind, size_t room)
{
	static const char anonymous[] = "anon_inode:";
	size_t len;

	if (!strncmp(link, anonymous, sizeof anonymous - 1)) {
		link += sizeof anonymous - 1;
		link += *link == '[';
		len = strcspn(link, "]");
	} else if (*link == '/') {
		link = "file";
		len = 4;
	} else {
		len = strcspn(link, ":");
	}
	snprintf(ret_kind, room, "%.*s", len > 15 ? 15 : (int)len, link);
}

bool spy_parse_field(const char *text, const char *name, int base, unsigned long long *ret_number)
{
	size_t len = strlen(name);
	char *end;

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, len) != 0 || line[len] != ':')
			continue;
		const char *from = line + len + 1;
		*ret_number = strtoull(from, &end, base);
		return end != from;
	}
	return false;
}

bool spy_parse_ran(const char *text, unsigned long long *ret_ns)
{
	char *end;

	*ret_ns = strtoull(text, &end, 10);
	return end != text && *end == ' ';
}

static void begin_waits(struct spy_thread *thread)
{
	thread->waits_known = true;
	thread->wait_count = 0;
	thread->wait_total = 0;
}

static void add_wait(struct spy_thread *thread, int fd, unsigned events)
{
	if (thread->wait_count < SPY_WAITS)
		thread->wait[thread->wait_count++] = (struct spy_wait){ fd, events, "" };
	thread->wait_total++;
}

void spy_take_epoll(const char *text, struct spy_thread *thread)
{
	begin_waits(thread);
	for (const char *line = text; line; line = strchr(line, '\n')) {
		int fd;
		unsigned events;
		line += *line == '\n';
		if (sscanf(line, "tfd: %d events: %x", &fd, &events) == 2 && fd >= 0)
			add_wait(thread, fd, events);
	}
}

void spy_take_pollfds(const struct pollfd *fds, size_t count, size_t total,
		      struct spy_thread *thread)
{
	begin_waits(thread);
	for (size_t i = 0; i < count; i++)
		if (fds[i].fd >= 0)
			add_wait(thread, fds[i].fd, (unsigned short)fds[i].events);
	thread->wait_total += total - count;
}

/* Bit n of a set of longs, whatever their byte order. */
static bool has_bit(const unsigned char *set, size_t n)
{
	unsigned long word;

	memcpy(&word, set + n / (CHAR_BIT * sizeof word) * sizeof word, sizeof word);
	return word >> n % (CHAR_BIT * sizeof word) & 1;
}

void spy_take_sets(const unsigned char *const sets[3], size_t bytes, size_t count,
		   struct spy_thread *thread)
{
	static const unsigned meant[3] = { POLLIN, POLLOUT, POLLPRI };

	begin_waits(thread);
	for (size_t n = 0; n < count && n < bytes * CHAR_BIT; n++) {
		unsigned events = 0;
		for (size_t i = 0; i < 3; i++)
			if (sets[i] && has_bit(sets[i], n))
				events |= meant[i];
		if (events)
			add_wait(thread, (int)n, events);
	}
}
