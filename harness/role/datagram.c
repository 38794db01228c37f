/* datagram.c -- numbered datagrams: floods of them, and what a reader sees of one. */
#include "role/role.h"

enum { ROOM = 2048 };

void number_bytes(unsigned char *bytes, size_t n, unsigned number)
{
	for (size_t i = 0; i < n; i++)
		bytes[i] = (unsigned char)(i < sizeof number ? number >> 8 * i : 0);
}

unsigned number_in(const unsigned char *bytes, size_t n)
{
	unsigned number = 0;

	for (size_t i = 0; i < n && i < sizeof number; i++)
		number |= (unsigned)bytes[i] << 8 * i;
	return number;
}

struct numbered numbered_from(unsigned first)
{
	return (struct numbered){ .first = first };
}

void note_number(struct numbered *seen, unsigned number)
{
	if (seen->in_a_row == seen->read && number == seen->first + seen->in_a_row)
		seen->in_a_row++;
	if (seen->read && number <= seen->last)
		seen->fell++;
	seen->last = number;
	seen->read++;
}

unsigned send_numbered(int fd, unsigned first, unsigned n, size_t size)
{
	unsigned char bytes[ROOM];
	unsigned taken = 0;

	must_be(size && size <= sizeof bytes);
	for (unsigned i = 0; i < n; i++) {
		number_bytes(bytes, size, first + i);
		taken += send(fd, bytes, size, 0) == (ssize_t)size;
	}
	return taken;
}

unsigned read_numbered(int fd, struct numbered *seen)
{
	unsigned char bytes[ROOM];
	ssize_t n;

	while ((n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
		note_number(seen, number_in(bytes, (size_t)n));
	return seen->read;
}

void read_flood(struct role *me, int fd, unsigned sent, struct numbered *seen)
{
	until (me, "all are read or dropped", read_numbered(fd, seen) + dropped_by(me, fd) >= sent)
		;
}
