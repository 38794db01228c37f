/* pcapng.c -- writes the blocks of a pcapng file. */
#include "engine/pcapng.h"

#include <string.h>

enum {
	SECTION = 0x0A0D0D0A,
	INTERFACE = 1,
	STATISTICS = 5,
	PACKET = 6,
	BYTE_ORDER = 0x1A2B3C4D,
	FRAME = 12,     /* of every block: its type, and its length in front and behind */
	TEXT_MAX = 1000 /* bytes of a text; what is longer is cut */
};

/* Options; their numbers mean something else in each kind of block, but for the first two. */
enum {
	OPT_END = 0,
	OPT_COMMENT = 1,
	SECTION_OS = 3,
	SECTION_PROGRAM = 4,
	INTERFACE_NAME = 2,
	INTERFACE_RESOLUTION = 9,
	STATISTICS_RECEIVED = 4,
	STATISTICS_LOST = 5
};

static void put_number(FILE *out, uint64_t number, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		fputc((int)(number >> 8 * i & 0xff), out);
}

static uint32_t padded(uint32_t length)
{
	return (length + 3) & ~3U;
}

static void put_padded(FILE *out, const void *bytes, uint32_t length)
{
	fwrite(bytes, 1, length, out);
	put_number(out, 0, padded(length) - length);
}

static uint32_t text_length(const char *text)
{
	size_t n = strlen(text);

	if (n <= TEXT_MAX)
		return (uint32_t)n;
	for (n = TEXT_MAX; n && ((unsigned char)text[n] & 0xc0) == 0x80;)
		n--;
	return (uint32_t)n;
}

/* The bytes that an option with this text takes. */
static uint32_t text_room(const char *text)
{
	uint32_t n = text_length(text);

	return n ? 4 + padded(n) : 0;
}

static void put_text(FILE *out, unsigned option, const char *text)
{
	uint32_t n = text_length(text);

	if (!n)
		return;
	put_number(out, option, 2);
	put_number(out, n, 2);
	put_padded(out, text, n);
}

static void put_counter(FILE *out, unsigned option, uint64_t number)
{
	put_number(out, option, 2);
	put_number(out, 8, 2);
	put_number(out, number, 8);
}

static void put_time(FILE *out, int64_t time_ns)
{
	put_number(out, (uint64_t)time_ns >> 32, 4);
	put_number(out, (uint64_t)time_ns, 4);
}

static void put_section(FILE *out, const struct pcapng_head *head)
{
	uint32_t length = FRAME + 16 + text_room(head->comment) + text_room(head->system) +
			  text_room(head->program) + 4;

	put_number(out, SECTION, 4);
	put_number(out, length, 4);
	put_number(out, BYTE_ORDER, 4);
	put_number(out, 1, 2); /* version 1.0 */
	put_number(out, 0, 2);
	put_number(out, UINT64_MAX, 8); /* the section is as long as the file */
	put_text(out, OPT_COMMENT, head->comment);
	put_text(out, SECTION_OS, head->system);
	put_text(out, SECTION_PROGRAM, head->program);
	put_number(out, OPT_END, 4);
	put_number(out, length, 4);
}

static void put_interface(FILE *out, const struct pcapng_head *head)
{
	uint32_t length = FRAME + 8 + text_room(head->interface) + 8 + 4;

	put_number(out, INTERFACE, 4);
	put_number(out, length, 4);
	put_number(out, head->link_type, 2);
	put_number(out, 0, 2);
	put_number(out, 0, 4); /* no limit of the bytes of a packet */
	put_text(out, INTERFACE_NAME, head->interface);
	put_number(out, INTERFACE_RESOLUTION, 2);
	put_number(out, 1, 2);
	put_number(out, 9, 4); /* 10 to the -9 s, and padding */
	put_number(out, OPT_END, 4);
	put_number(out, length, 4);
}

void pcapng_begin(FILE *out, const struct pcapng_head *head)
{
	put_section(out, head);
	put_interface(out, head);
}

void pcapng_put(FILE *out, const struct pcapng_packet *packet)
{
	uint32_t length = FRAME + 20 + padded(packet->kept);

	put_number(out, PACKET, 4);
	put_number(out, length, 4);
	put_number(out, 0, 4); /* the only interface */
	put_time(out, packet->time_ns);
	put_number(out, packet->kept, 4);
	put_number(out, packet->length, 4);
	put_padded(out, packet->bytes, packet->kept);
	put_number(out, length, 4);
}

void pcapng_end(FILE *out, const struct pcapng_count *count)
{
	uint32_t length = FRAME + 12 + text_room(count->comment) + 12 + 12 + 4;

	put_number(out, STATISTICS, 4);
	put_number(out, length, 4);
	put_number(out, 0, 4);
	put_time(out, count->time_ns);
	put_text(out, OPT_COMMENT, count->comment);
	put_counter(out, STATISTICS_RECEIVED, count->received);
	put_counter(out, STATISTICS_LOST, count->lost);
	put_number(out, OPT_END, 4);
	put_number(out, length, 4);
}
