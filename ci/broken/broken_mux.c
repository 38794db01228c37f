/* broken_mux.c -- faults of select() and pselect(). */
#include <sys/select.h>

#include "broken.h"

/* The three sets of a call; NULL for one that was not given. */
struct sets {
	fd_set *set[3];
};

/* What the caller gave. */
struct given {
	fd_set set[3];
};

static struct given remember(const struct sets *sets)
{
	struct given given;

	for (int i = 0; i < 3; i++) {
		FD_ZERO(&given.set[i]);
		if (sets->set[i])
			given.set[i] = *sets->set[i];
	}
	return given;
}

static void put_back(const struct sets *sets, const struct given *given)
{
	for (int i = 0; i < 3; i++)
		if (sets->set[i])
			*sets->set[i] = given->set[i];
}

/* Leaves the descriptor n - 1 alone in each set that has it. */
static void keep_last(const struct sets *sets, int n)
{
	for (int i = 0; i < 3; i++) {
		if (!sets->set[i] || n < 1 || n > FD_SETSIZE || !FD_ISSET(n - 1, sets->set[i]))
			continue;
		for (int fd = 0; fd < n - 1; fd++)
			FD_CLR(fd, sets->set[i]);
	}
}

int select(int n, fd_set *readable, fd_set *writable, fd_set *exceptional, struct timeval *left)
{
	const struct sets sets = { { readable, writable, exceptional } };
	const struct given given = remember(&sets);
	const struct timeval time = left ? *left : (struct timeval){ 0 };

	if (has_fault(FAULT_select_last_only))
		keep_last(&sets, n);
	int ready = REAL(select)(n, readable, writable, exceptional, left);
	if (has_fault(FAULT_select_last_only) && ready < 0)
		put_back(&sets, &given);
	if (has_fault(FAULT_select_time_left_kept) && left)
		*left = time;
	if (has_fault(FAULT_select_exception_lost) && ready > 0 && exceptional)
		FD_ZERO(exceptional);
	if (has_fault(FAULT_select_timeout_keeps_sets) && ready == 0 &&
	    (time.tv_sec || time.tv_usec))
		put_back(&sets, &given);
	return has_fault(FAULT_select_count_one) && ready > 1 ? 1 : ready;
}

int pselect(int n, fd_set *readable, fd_set *writable, fd_set *exceptional,
	    const struct timespec *limit, const sigset_t *mask)
{
	const struct sets sets = { { readable, writable, exceptional } };
	const struct given given = remember(&sets);
	int ready = REAL(pselect)(n, readable, writable, exceptional, limit, mask);

	if (has_fault(FAULT_pselect_keeps_sets) && ready >= 0)
		put_back(&sets, &given);
	return ready;
}
