/* decode_wait.c -- what calls that wait ask for and get, as text. */
#include <poll.h>
#include <sys/epoll.h>

#include "trace/constants.h"
#include "trace/decode_parts.h"
#include "trace/memory.h"

enum {
	SET_WORD = 64,
	SET_WORDS = 1024, /* of a set of descriptors: as large as any limit that is usual */
	SETS = 3,
	POLLED_MAX = 4096
};

static void put_address_of(struct text *to, uint64_t at)
{
	if (at)
		text_put_hex(to, at);
	else
		text_put(to, "NULL");
}

/* ---- poll() ---- */

void parts_put_polled(struct decode *d, struct text *to, uint64_t at, uint64_t count)
{
	struct pollfd polled[SHOWN_ENTRIES];
	uint64_t n = count < SHOWN_ENTRIES ? count : SHOWN_ENTRIES;

	if (count && !memory_get(d->tid, at, polled, n * sizeof *polled)) {
		put_address_of(to, at);
		return;
	}
	text_putc(to, '[');
	for (uint64_t i = 0; i < n; i++) {
		text_put(to, i ? ", {" : "{");
		text_put_number(to, polled[i].fd);
		text_put(to, ", ");
		constant_put_flags(to, POLL_EVENTS, (unsigned short)polled[i].events);
		text_putc(to, '}');
	}
	text_put(to, count > n ? ", ...]" : "]");
}

static void put_ready(struct text *to, unsigned *shown, int fd, enum constants table,
		      unsigned events)
{
	if (*shown == SHOWN_ENTRIES)
		text_put(to, ", ...");
	if ((*shown)++ >= SHOWN_ENTRIES)
		return;
	text_put(to, *shown > 1 ? ", fd " : "fd ");
	text_put_number(to, fd);
	text_putc(to, ' ');
	constant_put_flags(to, table, events);
}

static void put_polled_ready(struct decode *d, struct text *to)
{
	struct pollfd polled[SHOWN_ENTRIES];
	uint64_t count = d->args[1] < POLLED_MAX ? d->args[1] : POLLED_MAX;
	unsigned shown = 0;

	for (uint64_t from = 0; from < count; from += SHOWN_ENTRIES) {
		uint64_t n = count - from < SHOWN_ENTRIES ? count - from : SHOWN_ENTRIES;
		if (!memory_get(d->tid, d->args[0] + from * sizeof *polled, polled,
				n * sizeof *polled))
			return;
		for (uint64_t i = 0; i < n; i++)
			if (polled[i].revents)
				put_ready(to, &shown, polled[i].fd, POLL_EVENTS,
					  (unsigned short)polled[i].revents);
	}
}

/* ---- select() ---- */

/* Reads a set; gives how many of its words are there, 0 for none. */
static unsigned read_set(const struct decode *d, uint64_t at, int limit, uint64_t *ret_words)
{
	unsigned words = limit > 0 ? ((unsigned)limit + SET_WORD - 1) / SET_WORD : 0;

	if (words > SET_WORDS)
		words = SET_WORDS;
	return at && memory_get(d->tid, at, ret_words, words * sizeof *ret_words) ? words : 0;
}

static bool is_in(const uint64_t *words, unsigned count, unsigned fd)
{
	return fd / SET_WORD < count && (words[fd / SET_WORD] >> (fd % SET_WORD) & 1);
}

void parts_put_set(struct decode *d, struct text *to, uint64_t at, int limit)
{
	uint64_t words[SET_WORDS];
	unsigned count = read_set(d, at, limit, words);
	const char *between = "";
	unsigned shown = 0;

	if (!count) {
		text_put(to, at ? "[]" : "NULL");
		return;
	}
	text_putc(to, '[');
	for (unsigned fd = 0; fd < (unsigned)limit && fd < count * SET_WORD; fd++) {
		if (!is_in(words, count, fd))
			continue;
		text_put(to, between);
		if (shown++ == SHOWN_ENTRIES) {
			text_put(to, "...");
			break;
		}
		text_put_number(to, fd);
		between = " ";
	}
	text_putc(to, ']');
}

/* The sets are told as events of poll() are. */
static void put_sets_ready(struct decode *d, struct text *to)
{
	static const short events[SETS] = { POLLIN, POLLOUT, POLLPRI };
	uint64_t words[SETS][SET_WORDS];
	unsigned counts[SETS], shown = 0, limit = (unsigned)d->args[0];

	for (int set = 0; set < SETS; set++)
		counts[set] = read_set(d, d->args[1 + set], (int)limit, words[set]);
	for (unsigned fd = 0; fd < limit && fd < SET_WORDS * SET_WORD; fd++) {
		int ready = 0;
		for (int set = 0; set < SETS; set++)
			if (is_in(words[set], counts[set], fd))
				ready |= events[set];
		if (ready)
			put_ready(to, &shown, (int)fd, POLL_EVENTS, (unsigned)ready);
	}
}

void parts_put_time(struct decode *d, struct text *to, uint64_t at, long long unit)
{
	int64_t time[2];

	if (!at || !memory_get(d->tid, at, time, sizeof time)) {
		put_address_of(to, at);
		return;
	}
	text_put_number(to, time[0]);
	if (time[1] > 0 && time[1] < unit) {
		text_putc(to, '.');
		for (int64_t digit = unit / 10, rest = time[1]; rest; digit /= 10) {
			text_putc(to, (char)('0' + rest / digit));
			rest %= digit;
		}
	}
	text_put(to, " s");
}

/* ---- epoll ---- */

/* As x86_64 packs it, and as others do not. */
struct tagged {
	uint32_t events;
#ifndef __x86_64__
	uint32_t padding;
#endif
	uint32_t tag[2];
};

static uint64_t tag_of(const struct tagged *tagged)
{
	return (uint64_t)tagged->tag[1] << 32 | tagged->tag[0];
}

bool decode_epoll_tag(pid_t tid, uint64_t at, uint64_t *ret_tag)
{
	struct tagged tagged;

	if (!at || !memory_get(tid, at, &tagged, sizeof tagged))
		return false;
	*ret_tag = tag_of(&tagged);
	return true;
}

void parts_put_epoll_event(struct decode *d, struct text *to, uint64_t at)
{
	struct tagged tagged;

	if (!at || !memory_get(d->tid, at, &tagged, sizeof tagged)) {
		put_address_of(to, at);
		return;
	}
	text_putc(to, '{');
	constant_put_flags(to, EPOLL_EVENTS, tagged.events);
	text_put(to, ", ");
	text_put_hex(to, tag_of(&tagged));
	text_putc(to, '}');
}

/* The descriptor that the program has tagged so; -1: unknown. */
static int tagged_descriptor(const struct decode *d, uint64_t tag)
{
	const struct file *epoll = table_known(d->table, (int)d->args[0]);

	return epoll ? (int)(intptr_t)map_get(&epoll->tags, tag) - 1 : -1;
}

static void put_epoll_ready(struct decode *d, struct text *to)
{
	struct tagged tagged[SHOWN_ENTRIES];
	uint64_t count = (uint64_t)d->result < SHOWN_ENTRIES ? (uint64_t)d->result : SHOWN_ENTRIES;
	unsigned shown = 0;

	if (!memory_get(d->tid, d->args[1], tagged, count * sizeof *tagged))
		return;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t tag = tag_of(&tagged[i]);
		int fd = tagged_descriptor(d, tag);
		if (fd >= 0) {
			put_ready(to, &shown, fd, EPOLL_EVENTS, tagged[i].events);
			continue;
		}
		text_put(to, shown++ ? ", tag " : "tag ");
		text_put_hex(to, tag);
		text_putc(to, ' ');
		constant_put_flags(to, EPOLL_EVENTS, tagged[i].events);
	}
}

void parts_put_ready(struct decode *d, struct text *to)
{
	text_put_number(to, d->result);
	text_put(to, " (");
	if (d->call == CALL_poll || d->call == CALL_ppoll)
		put_polled_ready(d, to);
	else if (d->call == CALL_select || d->call == CALL_pselect6)
		put_sets_ready(d, to);
	else
		put_epoll_ready(d, to);
	text_putc(to, ')');
}
