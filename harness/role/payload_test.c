/* payload_test.c -- a damaged, lost, doubled or moved stretch of a payload is found at its place.
 */
#include <criterion/criterion.h>

#include "role/role.h"

enum { SIZE = 1 << 17, STRETCH = 16, START = 1 << 20 };

static unsigned char *payload_from(size_t at)
{
	unsigned char *bytes = malloc(SIZE);

	cr_assert(bytes);
	fill_payload(bytes, at, SIZE);
	return bytes;
}

Test(payload, whole_has_no_wrong_byte)
{
	unsigned char *bytes = payload_from(START);

	cr_expect_eq(first_wrong_byte(bytes, START, SIZE), SIZE);
	cr_expect_eq(first_wrong_byte(bytes, START, 0), 0);
	cr_expect_eq(bytes[5], payload_byte(START + 5));
	free(bytes);
}

Test(payload, one_flipped_bit_is_found_where_it_is)
{
	unsigned char *bytes = payload_from(START);

	for (size_t at = 0; at < 64; at++) {
		bytes[at] ^= (unsigned char)(1U << at % 8);
		cr_expect_eq(first_wrong_byte(bytes, START, SIZE), at);
		bytes[at] ^= (unsigned char)(1U << at % 8);
	}
	free(bytes);
}

Test(payload, no_short_stretch_passes_for_another)
{
	unsigned char *bytes = payload_from(0);

	for (size_t moved = 1; moved <= SIZE - STRETCH; moved++)
		cr_expect_lt(first_wrong_byte(bytes + moved, 0, STRETCH), STRETCH, "moved by %zu",
			     moved);
	free(bytes);
}

Test(payload, arrived_counts_up_to_the_first_gap)
{
	unsigned char *bytes = payload_from(START);
	struct arrived arrived = { .begins = START };

	check_arrived(&arrived, bytes, 1000);
	cr_expect(arrived.bytes == 1000 && arrived.in_place == 1000);
	check_arrived(&arrived, bytes + 1001, 500); /* one was lost */
	cr_expect_eq(arrived.bytes, 1500);
	cr_expect_lt(arrived.in_place, 1000 + STRETCH);
	size_t in_place = arrived.in_place;
	check_arrived(&arrived, bytes + 1500, 100);
	cr_expect(arrived.bytes == 1600 && arrived.in_place == in_place);
	free(bytes);
}

Test(payload, receives_no_more_than_asked_and_then_to_the_end)
{
	struct arrived arrived = { 0 };
	unsigned char bytes[3000];
	int fd[2];

	fill_payload(bytes, 0, sizeof bytes);
	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	cr_assert_eq(send(fd[0], bytes, sizeof bytes, 0), (ssize_t)sizeof bytes);
	cr_expect_gt(receive_payload(fd[1], 1000, &arrived), 0);
	cr_expect(arrived.bytes == 1000 && arrived.in_place == 1000);
	close(fd[0]);
	cr_expect_eq(receive_payload(fd[1], SIZE_MAX, &arrived), 0);
	cr_expect(arrived.bytes == 3000 && arrived.in_place == 3000);
	close(fd[1]);
	cr_expect_eq(receive_payload(fd[1], 1, &arrived), -1);
}
