/* broken_ready.c -- faults of poll() and epoll; those of select() are in broken_mux.c. */
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>

#include "broken.h"

/* poll() bits that a fault loses. */
static const struct {
	enum fault fault;
	short bit;
} lost[] = {
	{ FAULT_poll_err_lost, POLLERR },     { FAULT_poll_hup_lost, POLLHUP },
	{ FAULT_poll_nval_lost, POLLNVAL },   { FAULT_poll_pri_lost, POLLPRI },
	{ FAULT_poll_rdhup_lost, POLLRDHUP },
};

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	int ready = REAL(poll)(fds, n, timeout);

	for (nfds_t i = 0; ready >= 0 && i < n; i++) {
		for (size_t k = 0; k < sizeof lost / sizeof *lost; k++)
			if (has_fault(lost[k].fault))
				fds[i].revents &= (short)~lost[k].bit;
		if (has_fault(FAULT_poll_out_always))
			fds[i].revents |= fds[i].events & POLLOUT;
		if (has_fault(FAULT_poll_negative_is_nval) && fds[i].fd < 0)
			fds[i].revents |= POLLNVAL;
	}
	return ready;
}

int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	struct epoll_event changed;

	if (event) {
		changed = *event;
		if (has_fault(FAULT_epoll_edge_is_level))
			changed.events &= ~(uint32_t)EPOLLET;
		if (has_fault(FAULT_epoll_oneshot_ignored))
			changed.events &= ~(uint32_t)EPOLLONESHOT;
		event = &changed;
	}
	return REAL(epoll_ctl)(epfd, op, fd, event);
}
