/* constants.c -- names of the numbers that calls take. */
#include "trace/constants.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* What C libraries lack of what kernels have. */
#ifndef MSG_ZEROCOPY
#define MSG_ZEROCOPY 0x4000000
#endif
#ifndef EPOLLEXCLUSIVE
#define EPOLLEXCLUSIVE (1U << 28)
#endif
#ifndef EPOLLWAKEUP
#define EPOLLWAKEUP (1U << 29)
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#define UDP_GRO     104
#endif
#ifndef IPPROTO_UDPLITE
#define IPPROTO_UDPLITE 136
#endif
#ifndef SCM_CREDENTIALS
#define SCM_CREDENTIALS 2
#endif
#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif
#ifndef F_SETOWN_EX
#define F_SETOWN_EX 15
#define F_GETOWN_EX 16
#endif
#ifndef SPLICE_F_MOVE
#define SPLICE_F_MOVE     1
#define SPLICE_F_NONBLOCK 2
#define SPLICE_F_MORE     4
#endif

static const struct constant {
	unsigned table;
	unsigned long long value;
	const char *name;
} constants[] = {
#define C(table, name)         { table, (unsigned)(name), #name },
#define P(table, name, prefix) { table, (unsigned)(name), &#name[sizeof prefix - 1] },
#include "trace/constants.def"
#undef C
#undef P
};

enum { COUNT = sizeof constants / sizeof *constants };

/* The first of a table: they come in the order of enum constants. COUNT: it is empty. */
static int first_of(enum constants table)
{
	int low = 0, high = COUNT;

	while (low < high) {
		int middle = (low + high) / 2;
		if (constants[middle].table < table)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_of(enum constants table, int i)
{
	return i < COUNT && constants[i].table == table;
}

const char *constant_name(enum constants table, unsigned long long value)
{
	for (int i = first_of(table); is_of(table, i); i++)
		if (constants[i].value == value)
			return constants[i].name;
	return NULL;
}

void constant_put(struct text *text, enum constants table, long long value)
{
	const char *name = constant_name(table, (unsigned)value);

	if (name)
		text_put(text, name);
	else
		text_put_number(text, value);
}

void constant_put_flags(struct text *text, enum constants table, unsigned long long value)
{
	const char *between = "";

	for (int i = first_of(table); value && is_of(table, i); i++) {
		const struct constant *c = &constants[i];
		if ((value & c->value) != c->value || !c->value)
			continue;
		text_put(text, between);
		text_put(text, c->name);
		value &= ~c->value;
		between = "|";
	}
	if (value || !*between) {
		text_put(text, between);
		if (value)
			text_put_hex(text, value);
		else
			text_putc(text, '0');
	}
}
