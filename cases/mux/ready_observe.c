/* ready_observe.c -- the observers of the readiness matrix: what poll, epoll and select say now. */
#include "cases/mux/ready.h"

enum { ASKED = POLLIN | POLLPRI | POLLOUT | POLLRDHUP };

static void saw_poll(struct role *me, const char *label, int fd, int events)
{
	/* revents begins wrong, so that it shows when poll() does not write it. */
	struct pollfd one = { .fd = fd, .events = (short)events, .revents = -1 };
	int n = poll(&one, 1, 0);

	if (n == -1)
		saw(me, label, n);
	else if (n != (one.revents != 0))
		saw_text(me, label, "count and bits disagree");
	else
		saw_flags(me, label, one.revents);
}

static void look_by_poll(struct role *me, int fd)
{
	saw_poll(me, "poll", fd, ASKED);
	saw_poll(me, "poll for nothing", fd, 0);
	saw_epoll(me, "epoll", fd, ASKED);
}

static void look_by_select(struct role *me, int fd)
{
	saw_select(me, fd);
}

const struct observer by_poll = { look_by_poll };
const struct observer by_select = { look_by_select };

void observe(struct role *me, int fd)
{
	const struct observer *observer = row_of(me);

	observer->look(me, fd);
}
