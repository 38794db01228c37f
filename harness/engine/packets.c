/* packets.c -- packets as records in shared memory, one behind the other. */
#include "engine/packets.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "engine/pcapng.h"
#include "engine/result.h"
#include "os/os.h"

/* A packet; its bytes follow, filled up so that the next is aligned. */
struct record {
	int64_t time_ns;
	uint32_t length, kept;
	unsigned char bytes[];
};

enum { SWAPPED_NS = 1000000 };

struct packets {
	size_t count, lost;
	size_t used; /* bytes of records[] */
	_Alignas(struct record) unsigned char records[PACKETS_ROOM];
};

struct packets *packets_create(void)
{
	void *memory = mmap(NULL, sizeof(struct packets), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void packets_destroy(struct packets *packets)
{
	if (packets)
		munmap(packets, sizeof *packets);
}

size_t packets_count(const struct packets *packets)
{
	return packets->count;
}

size_t packets_lost(const struct packets *packets)
{
	return packets->lost;
}

void packets_drop(struct packets *packets, int tap)
{
	struct os_packet packet;

	if (!packets)
		return;
	while (os_tap_take(tap, NULL, 0, &packet))
		;
	os_tap_lost(tap);
}

static size_t aligned(size_t n)
{
	return (n + _Alignof(struct record) - 1) & ~(_Alignof(struct record) - 1);
}

/* Takes one; false when there is none. */
static bool take_one(struct packets *packets, int tap)
{
	struct record *record = (void *)(packets->records + packets->used);
	size_t room = PACKETS_ROOM - packets->used;
	struct os_packet packet;

	room = room > sizeof *record ? room - sizeof *record : 0;
	if (!os_tap_take(tap, room ? record->bytes : NULL, room, &packet))
		return false;
	if (packet.length > room) {
		packets->lost++;
		return true;
	}
	record->time_ns = packet.time_ns;
	record->length = record->kept = (uint32_t)packet.length;
	packets->used += aligned(sizeof *record + packet.length);
	packets->count++;
	return true;
}

void packets_take(struct packets *packets, int tap)
{
	if (!packets)
		return;
	packets->count = packets->lost = packets->used = 0;
	while (take_one(packets, tap))
		;
	packets->lost += os_tap_lost(tap);
}

/* Two processors may take the time of their packets in one order and queue them in the other, some
 * microseconds apart: these change places. A clock that was set back is left as it is. */
static bool is_swapped(const struct record *first, const struct record *second)
{
	int64_t back_ns = first->time_ns - second->time_ns;

	return back_ns > 0 && back_ns < SWAPPED_NS;
}

/* The records in the order of their times; new memory. */
static const struct record **in_order(const struct packets *packets)
{
	const struct record **records = must_alloc(packets->count, sizeof(*records));
	size_t at = 0;

	for (size_t i = 0; i < packets->count; i++) {
		const struct record *record = (const void *)(packets->records + at);
		size_t place = i;
		for (; place && is_swapped(records[place - 1], record); place--)
			records[place] = records[place - 1];
		records[place] = record;
		at += aligned(sizeof *record + record->kept);
	}
	return records;
}

static void put_count(const struct packets *packets, int64_t time_ns, FILE *out)
{
	char *comment = packets->lost ? must_format("cut: %zu packets more had no room",
						    packets->lost)
				      : must_copy("");
	const struct pcapng_count count = { .time_ns = time_ns,
					    .received = packets->count + packets->lost,
					    .lost = packets->lost,
					    .comment = comment };

	pcapng_end(out, &count);
	free(comment);
}

void packets_write(const struct packets *packets, const char *name, const char *system, FILE *out)
{
	const struct pcapng_head head = { .comment = name,
					  .system = system,
					  .program = "sockdrill " SOCKDRILL_VERSION,
					  .interface = "lo",
					  .link_type = PCAPNG_ETHERNET };
	const struct record **records = in_order(packets);
	int64_t last_ns = 0;

	pcapng_begin(out, &head);
	for (size_t i = 0; i < packets->count; i++) {
		const struct pcapng_packet packet = { .time_ns = records[i]->time_ns,
						      .length = records[i]->length,
						      .kept = records[i]->kept,
						      .bytes = records[i]->bytes };
		pcapng_put(out, &packet);
		last_ns = packet.time_ns;
	}
	put_count(packets, last_ns, out);
	free((void *)records);
}
