/* sets.c -- the sets of select(): made, compared, and looked at. */
#include "role/role.h"

fd_set set_of(int fd)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	return set;
}

bool same_set(const fd_set *a, const fd_set *b)
{
	for (int fd = 0; fd < FD_SETSIZE; fd++)
		if (!FD_ISSET(fd, a) != !FD_ISSET(fd, b))
			return false;
	return true;
}

void saw_select_at(struct role *me, int fd, int line)
{
	fd_set readable = set_of(fd), writable = readable, exceptional = readable;
	struct timeval now = { 0 };
	int n = select(fd + 1, &readable, &writable, &exceptional, &now);
	bool r = FD_ISSET(fd, &readable), w = FD_ISSET(fd, &writable);
	bool x = FD_ISSET(fd, &exceptional);

	if (n != -1 && n != r + w + x)
		saw_text_at(me, "select", "count and bits disagree", line);
	else
		saw_at(me, "select", n, line);
	saw_at(me, "readable", r, line);
	saw_at(me, "writable", w, line);
	saw_at(me, "exceptional", x, line);
}
