/* probe.c -- tries which families the stack under test has: with the calls that cases make. */
#include "role/probe.h"

#include "role/role.h"

bool stack_has_ipv6(void)
{
	struct sockaddr_in6 loopback = { .sin6_family = AF_INET6,
					 .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	if (fd < 0)
		return false;
	bool bound = !bind(fd, (struct sockaddr *)&loopback, sizeof loopback);
	close(fd);
	return bound;
}

/* Some stacks open a socket of any family they are asked for, and it is of another. */
bool stack_has_unix(void)
{
	struct address name = { .len = sizeof name.storage };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0)
		return false;
	bool other = !getsockname(fd, &name.any, &name.len) &&
		     (name.any.sa_family == AF_INET || name.any.sa_family == AF_INET6);
	close(fd);
	return !other;
}
