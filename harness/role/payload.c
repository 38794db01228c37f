/* payload.c -- bytes that show where a payload was damaged, and the check of what arrived. */
#include "role/role.h"

/* Any two positions have bytes that have nothing to do with each other: a stretch that is lost,
 * doubled or moved, by whatever number of bytes, is not like the one that belongs there. */
unsigned char payload_byte(size_t at)
{
	uint32_t x = (uint32_t)at ^ (uint32_t)((uint64_t)at >> 32);

	x = (x ^ x >> 16) * 0x7feb352dU;
	x = (x ^ x >> 15) * 0x846ca68bU;
	return (unsigned char)(x ^ x >> 16);
}

void fill_payload(void *bytes, size_t at, size_t n)
{
	unsigned char *to = bytes;

	for (size_t i = 0; i < n; i++)
		to[i] = payload_byte(at + i);
}

size_t first_wrong_byte(const void *bytes, size_t at, size_t n)
{
	const unsigned char *got = bytes;
	size_t i = 0;

	while (i < n && got[i] == payload_byte(at + i))
		i++;
	return i;
}

void check_arrived(struct arrived *arrived, const void *bytes, size_t n)
{
	if (arrived->in_place == arrived->bytes)
		arrived->in_place += first_wrong_byte(bytes, arrived->begins + arrived->bytes, n);
	arrived->bytes += n;
}

ssize_t receive_payload(int fd, size_t most, struct arrived *arrived)
{
	unsigned char piece[16384];
	ssize_t n = 1;

	while (most > 0 && n > 0) {
		n = recv(fd, piece, most < sizeof piece ? most : sizeof piece, 0);
		if (n > 0) {
			check_arrived(arrived, piece, (size_t)n);
			most -= (size_t)n;
		}
	}
	return n;
}
