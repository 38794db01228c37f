/* flip.c -- where a call has put what it gave, and one bit of that made wrong. */
#include "trace/flip.h"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include "trace/memory.h"

enum {
	REGIONS_MAX = 32,   /* of one call; what is more is left as it is */
	ADDRESS_BYTES = 16, /* of a name */
	SPREAD = 7          /* from one bit of a region to the next that is tried */
};

struct region {
	uint64_t at, size;
};

struct regions {
	struct region list[REGIONS_MAX];
	size_t count;
};

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* A size may be anything when another thread writes where it lies. */
static void regions_add(struct regions *regions, uint64_t at, uint64_t size)
{
	if (at && size && regions->count < REGIONS_MAX)
		regions->list[regions->count++] = (struct region){ at, least(size, UINT32_MAX) };
}

/* A name or a value, whose length lies in memory, too. It may be told to be longer than the room
 * for it: behind that lies what is the program's own. */
static void add_counted(struct regions *regions, const struct given *given, int at, int length,
			uint64_t most)
{
	uint32_t size = 0;

	if (given->args[at] && given->args[length] &&
	    memory_get(given->tid, given->args[length], &size, sizeof size))
		regions_add(regions, given->args[at], least(size, least(given->room, most)));
}

static void add_vector(struct regions *regions, const struct given *given, uint64_t at,
		       uint64_t count, uint64_t left)
{
	struct part parts[REGIONS_MAX];

	if (count > REGIONS_MAX)
		count = REGIONS_MAX;
	if (!memory_get(given->tid, at, parts, (size_t)count * sizeof *parts))
		return;
	for (uint64_t i = 0; i < count && left; i++) {
		uint64_t size = least(parts[i].length, left);
		regions_add(regions, parts[i].base, size);
		left -= size;
	}
}

static void add_message(struct regions *regions, const struct given *given)
{
	struct message message;

	if (!memory_get(given->tid, given->args[1], &message, sizeof message))
		return;
	add_vector(regions, given, message.parts, message.part_count, (uint64_t)given->result);
	regions_add(regions, given->args[1] + offsetof(struct message, flags),
		    sizeof message.flags);
	regions_add(regions, message.name,
		    least(message.name_length, least(given->room, ADDRESS_BYTES)));
	regions_add(regions, message.control, message.control_length);
}

/* Data and length of each of several. Their names stay: what room there was for them is not known
 * any more. */
static void add_messages(struct regions *regions, const struct given *given)
{
	struct message_of_many one;

	for (int64_t i = 0; i < given->result; i++) {
		uint64_t at = given->args[1] + (uint64_t)i * sizeof one;
		if (!memory_get(given->tid, at, &one, sizeof one))
			return;
		add_vector(regions, given, one.message.parts, one.message.part_count, one.length);
		regions_add(regions, at + offsetof(struct message_of_many, length),
			    sizeof one.length);
	}
}

/* The answer for each descriptor. */
static void add_poll(struct regions *regions, const struct given *given)
{
	for (uint64_t i = 0; i < given->args[1]; i++)
		regions_add(regions,
			    given->args[0] + i * sizeof(struct pollfd) +
				    offsetof(struct pollfd, revents),
			    1);
}

static void add_select(struct regions *regions, const struct given *given)
{
	for (int set = 1; set <= 3; set++)
		regions_add(regions, given->args[set], (given->args[0] + 7) / 8);
}

static void add_epoll(struct regions *regions, const struct given *given)
{
	for (int64_t i = 0; i < given->result; i++)
		regions_add(regions, given->args[1] + (uint64_t)i * sizeof(struct epoll_event), 1);
}

static bool is_question(uint64_t request)
{
	return request == FIONREAD || request == SIOCOUTQ || request == SIOCATMARK;
}

static void regions_of(const struct given *given, struct regions *ret_regions)
{
	uint64_t moved = (uint64_t)given->result;

	switch (given->call) {
	case CALL_read:
		regions_add(ret_regions, given->args[1], moved);
		return;
	case CALL_recvfrom: /* with MSG_TRUNC it may say more than there is room for */
		regions_add(ret_regions, given->args[1], least(moved, given->args[2]));
		add_counted(ret_regions, given, 4, 5, ADDRESS_BYTES);
		return;
	case CALL_readv:
		add_vector(ret_regions, given, given->args[1], given->args[2], moved);
		return;
	case CALL_recvmsg:
		add_message(ret_regions, given);
		return;
	case CALL_recvmmsg:
		add_messages(ret_regions, given);
		return;
	case CALL_accept:
	case CALL_accept4:
	case CALL_getsockname:
	case CALL_getpeername:
		add_counted(ret_regions, given, 1, 2, ADDRESS_BYTES);
		regions_add(ret_regions, given->args[2], sizeof(uint32_t));
		return;
	case CALL_getsockopt:
		add_counted(ret_regions, given, 3, 4, UINT32_MAX);
		regions_add(ret_regions, given->args[4], sizeof(uint32_t));
		return;
	case CALL_ioctl:
		if (is_question(given->args[1]))
			regions_add(ret_regions, given->args[2], sizeof(int));
		return;
	case CALL_poll:
	case CALL_ppoll:
		add_poll(ret_regions, given);
		return;
	case CALL_select:
	case CALL_pselect6:
		add_select(ret_regions, given);
		return;
	case CALL_epoll_wait:
	case CALL_epoll_pwait:
	case CALL_epoll_pwait2:
		add_epoll(ret_regions, given);
		return;
	default:
		return;
	}
}

bool flip(const struct given *given, uint64_t which)
{
	struct regions regions = { .count = 0 };
	unsigned char byte;

	regions_of(given, &regions);
	if (!regions.count)
		return false;
	const struct region *region = &regions.list[which % regions.count];
	uint64_t bits = region->size * 8;
	if (!bits)
		return false;
	uint64_t bit = which / regions.count * SPREAD % bits;
	if (!memory_get(given->tid, region->at + bit / 8, &byte, 1))
		return false;
	byte ^= (unsigned char)(1U << (bit % 8));
	return memory_put(given->tid, region->at + bit / 8, &byte, 1);
}
