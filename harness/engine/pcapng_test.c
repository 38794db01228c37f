/* pcapng_test.c -- the writer of pcapng files against bytes worked out by hand from the draft. */
#include "engine/pcapng.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* A file in memory. */
struct written {
	char *bytes;
	size_t size;
	FILE *out;
};

static void open_written(struct written *written)
{
	memset(written, 0, sizeof *written);
	written->out = open_memstream(&written->bytes, &written->size);
	cr_assert_not_null(written->out);
}

/* Closes, compares with `size` bytes, frees. */
static void expect_written(struct written *written, const char *wanted, size_t size)
{
	cr_assert_eq(fclose(written->out), 0);
	cr_expect_eq(written->size, size, "%zu bytes, wanted %zu", written->size, size);
	for (size_t i = 0; i < size && i < written->size; i++)
		if (written->bytes[i] != wanted[i])
			cr_assert_fail("byte %zu is %02x, wanted %02x", i,
				       (unsigned char)written->bytes[i], (unsigned char)wanted[i]);
	free(written->bytes);
}

#define WANTED(text) text, sizeof(text) - 1

Test(pcapng, begins)
{
	static const struct pcapng_head head = { .comment = "close/inet",
						 .system = "Unix",
						 .program = "",
						 .interface = "lo",
						 .link_type = PCAPNG_ETHERNET };
	struct written written;

	open_written(&written);
	pcapng_begin(written.out, &head);
	expect_written(&written, WANTED("\x0a\x0d\x0d\x0a" /* section */
					"\x38\0\0\0"       /* 12 + 16 + 16 + 8 + 4 bytes */
					"\x4d\x3c\x2b\x1a" /* little-endian */
					"\1\0\0\0"         /* version 1.0 */
					"\xff\xff\xff\xff\xff\xff\xff\xff"
					"\1\0\x0a\0close/inet\0\0" /* comment, 10 bytes */
					"\3\0\4\0Unix"             /* system */
					"\0\0\0\0\x38\0\0\0"       /* end of options */
					"\1\0\0\0"                 /* interface */
					"\x28\0\0\0"               /* 12 + 8 + 8 + 8 + 4 bytes */
					"\1\0\0\0"                 /* Ethernet */
					"\0\0\0\0"                 /* packets of any length */
					"\2\0\2\0lo\0\0"           /* name */
					"\x09\0\1\0\x09\0\0\0"     /* nanoseconds */
					"\0\0\0\0\x28\0\0\0"));
}

Test(pcapng, packets_of_each_length)
{
	static const struct pcapng_packet packets[] = {
		/* 0x0102030405060708 ns are some day in 1972. */
		{ .time_ns = INT64_C(0x0102030405060708), .length = 4, .kept = 4, .bytes = "abcd" },
		{ .time_ns = 1, .length = 70000, .kept = 5, .bytes = "abcde" },
		{ .time_ns = 0, .length = 0, .kept = 0, .bytes = "" },
	};
	struct written written;

	open_written(&written);
	for (size_t i = 0; i < sizeof packets / sizeof *packets; i++)
		pcapng_put(written.out, &packets[i]);
	expect_written(&written,
		       WANTED("\6\0\0\0\x24\0\0\0\0\0\0\0" /* 12 + 20 + 4 bytes, interface 0 */
			      "\4\3\2\1\x08\7\6\5"         /* the high half of the time first */
			      "\4\0\0\0\4\0\0\0"
			      "abcd"
			      "\x24\0\0\0"
			      "\6\0\0\0\x28\0\0\0\0\0\0\0" /* 12 + 20 + 8 bytes */
			      "\0\0\0\0\1\0\0\0"
			      "\5\0\0\0\x70\x11\1\0" /* 5 of 70,000 bytes are there */
			      "abcde\0\0\0"
			      "\x28\0\0\0"
			      "\6\0\0\0\x20\0\0\0\0\0\0\0"
			      "\0\0\0\0\0\0\0\0"
			      "\0\0\0\0\0\0\0\0"
			      "\x20\0\0\0"));
}

Test(pcapng, ends)
{
	static const struct pcapng_count whole = { .time_ns = INT64_C(0x100000002),
						   .received = 7,
						   .comment = "" };
	static const struct pcapng_count cut = { .received = 0x10203, .lost = 3, .comment = "cut" };
	struct written written;

	open_written(&written);
	pcapng_end(written.out, &whole);
	pcapng_end(written.out, &cut);
	expect_written(&written,
		       WANTED("\5\0\0\0\x34\0\0\0\0\0\0\0" /* 12 + 12 + 12 + 12 + 4 bytes */
			      "\1\0\0\0\2\0\0\0"
			      "\4\0\x08\0\7\0\0\0\0\0\0\0" /* received */
			      "\5\0\x08\0\0\0\0\0\0\0\0\0" /* lost */
			      "\0\0\0\0\x34\0\0\0"
			      "\5\0\0\0\x3c\0\0\0\0\0\0\0"
			      "\0\0\0\0\0\0\0\0"
			      "\1\0\3\0cut\0"
			      "\4\0\x08\0\3\2\1\0\0\0\0\0"
			      "\5\0\x08\0\3\0\0\0\0\0\0\0"
			      "\0\0\0\0\x3c\0\0\0"));
}

/* The lengths in front and behind agree with what is between, whatever the text. */
Test(pcapng, texts_of_every_length)
{
	enum { LONGEST = 1100 };
	char text[LONGEST + 1];

	for (size_t n = 0; n <= LONGEST; n++) {
		struct pcapng_count count = { .comment = text };
		struct written written;
		uint32_t front = 0, back = 0;
		/* Two bytes a character, so that a cut may come within one. */
		for (size_t i = 0; i < n; i++)
			text[i] = i % 2 ? '\xa4' : '\xc3';
		text[n] = '\0';
		open_written(&written);
		pcapng_end(written.out, &count);
		cr_assert_eq(fclose(written.out), 0);
		for (int i = 3; i >= 0; i--) {
			front = front << 8 | (unsigned char)written.bytes[4 + i];
			back = back << 8 |
			       (unsigned char)written.bytes[written.size - 4 + (size_t)i];
		}
		cr_expect_eq(front, written.size, "%zu", n);
		cr_expect_eq(back, written.size, "%zu", n);
		cr_expect_eq(written.size % 4, 0, "%zu", n);
		cr_expect_leq(written.size, 1100, "%zu", n);
		free(written.bytes);
	}
}
