/* echo.c -- sends back what it gets. */
#include "victim.h"

enum { ROOM = 4096 };

int echo_good(const struct way *way, int conn)
{
	char bytes[ROOM];
	ssize_t n;

	while ((n = receive_some(way, conn, bytes, sizeof bytes)) > 0)
		if (!send_all(way, conn, bytes, (size_t)n))
			return failed("send");
	return n < 0 ? failed("recv") : 0;
}

int echo_naive(const struct way *way, int conn)
{
	char bytes[ROOM];
	ssize_t n;

	while ((n = way->get(conn, bytes, sizeof bytes)) > 0)
		way->put(conn, bytes, (size_t)n);
	return n < 0 ? failed("recv") : 0;
}
