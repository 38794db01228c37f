/* struct.c -- adds the numbers of each message: how many there are, then they, each of four bytes
 * in network byte order; so is the answer. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>

#include "victim.h"

enum { MOST = 256 };

static uint32_t sum_of(const uint32_t *numbers, size_t count)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += ntohl(numbers[i]);
	return htonl(sum);
}

static int too_many(uint32_t count)
{
	fprintf(stderr, "%u numbers are too many\n", count);
	return 1;
}

int struct_good(const struct way *way, int conn)
{
	uint32_t count, numbers[MOST];
	ssize_t n;

	while ((n = receive_all(way, conn, (char *)&count, sizeof count)) == sizeof count) {
		count = ntohl(count);
		if (count > MOST)
			return too_many(count);
		size_t size = count * sizeof *numbers;
		if (receive_all(way, conn, (char *)numbers, size) != (ssize_t)size)
			return failed("recv");
		uint32_t sum = sum_of(numbers, count);
		if (!send_all(way, conn, (char *)&sum, sizeof sum))
			return failed("send");
	}
	return n ? failed("recv") : 0;
}

int struct_naive(const struct way *way, int conn)
{
	uint32_t count = 0, numbers[MOST] = { 0 };
	ssize_t n;

	while ((n = way->get(conn, (char *)&count, sizeof count)) > 0) {
		count = ntohl(count);
		if (count > MOST)
			return too_many(count);
		if (way->get(conn, (char *)numbers, count * sizeof *numbers) < 0)
			return failed("recv");
		uint32_t sum = sum_of(numbers, count);
		way->put(conn, (char *)&sum, sizeof sum);
	}
	return n < 0 ? failed("recv") : 0;
}
