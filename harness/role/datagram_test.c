/* datagram_test.c -- what a reader notes of numbered datagrams, and how numbers lie in them. */
#include <criterion/criterion.h>
#include <sys/socket.h>

#include "role/role.h"

static struct numbered noted(unsigned first, const unsigned *numbers, size_t n)
{
	struct numbered seen = numbered_from(first);

	for (size_t i = 0; i < n; i++)
		note_number(&seen, numbers[i]);
	return seen;
}

#define NOTED(first, ...)                                                                          \
	noted((first), (const unsigned[]){ __VA_ARGS__ },                                          \
	      sizeof(const unsigned[]){ __VA_ARGS__ } / sizeof(unsigned))

Test(datagram, a_row_ends_at_the_first_gap)
{
	struct numbered seen = NOTED(5, 5, 6, 8, 9);

	cr_expect_eq(seen.read, 4);
	cr_expect_eq(seen.in_a_row, 2, "8 is behind a gap");
	cr_expect_eq(seen.fell, 0, "but it is higher");
	cr_expect_eq(seen.last, 9);
}

Test(datagram, a_row_does_not_begin_late)
{
	cr_expect_eq(NOTED(5, 6, 7).in_a_row, 0);
	cr_expect_eq(NOTED(5, 6, 5).in_a_row, 0, "what comes late makes no row");
	cr_expect_eq(numbered_from(5).in_a_row, 0);
}

Test(datagram, what_overtakes_and_what_is_doubled_falls)
{
	cr_expect_eq(NOTED(0, 0, 2, 1, 3).fell, 1);
	cr_expect_eq(NOTED(0, 0, 0).fell, 1);
	cr_expect_eq(NOTED(0, 0, 0).in_a_row, 1);
	cr_expect_eq(NOTED(0, 0, 1, 2).fell, 0);
}

Test(datagram, numbers_go_through_bytes)
{
	unsigned char bytes[6];

	number_bytes(bytes, sizeof bytes, 0x01020304);
	cr_expect_eq(bytes[0], 4);
	cr_expect_eq(bytes[5], 0);
	cr_expect_eq(number_in(bytes, sizeof bytes), 0x01020304);
	number_bytes(bytes, 1, 0x1ff);
	cr_expect_eq(number_in(bytes, 1), 0xff, "of one byte the low one");
	cr_expect_eq(number_in(bytes, 0), 0);
}

Test(datagram, what_is_sent_is_read)
{
	struct numbered seen = numbered_from(300);
	int fd[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, fd), 0);
	cr_expect_eq(send_numbered(fd[0], 300, 5, 100), 5);
	cr_expect_eq(read_numbered(fd[1], &seen), 5);
	cr_expect_eq(seen.in_a_row, 5);
	cr_expect_eq(send_numbered(fd[0], 307, 1, 100), 1);
	cr_expect_eq(read_numbered(fd[1], &seen), 6);
	cr_expect_eq(seen.in_a_row, 5);
	cr_expect_eq(seen.last, 307);
}
