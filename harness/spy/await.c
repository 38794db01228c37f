/* await.c -- waits until a program listens, or has read: states that nothing tells of, so they
 * are looked at again and again, until they are there, the time is over, or what could bring them
 * has ended. */
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/os.h"
#include "spy/eye.h"

enum { FIRST_LOOK_US = 100, LAST_LOOK_US = 5000 };

/* Looks become rarer the longer it takes. */
struct patience {
	int64_t end_us, next_us;
};

/* Until the next look is due, or the process behind a pidfd ends (-1: none). False: the time is
 * over. */
static bool wait_for_look(struct patience *patience, int process)
{
	struct pollfd one = { .fd = process, .events = POLLIN };
	int64_t left_us = patience->end_us - os_now_us();

	if (left_us <= 0)
		return false;
	(void)os_poll(&one, 1, left_us < patience->next_us ? left_us : patience->next_us);
	patience->next_us *= 2;
	if (patience->next_us > LAST_LOOK_US)
		patience->next_us = LAST_LOOK_US;
	return true;
}

/* ---- Listening ---- */

struct search {
	pid_t pid;
	int process; /* a pidfd; -1 */
	int diag;
	struct spy_row rows[16]; /* who listens on the port, whoever it is */
	size_t row_count;
	pid_t group; /* while processes are searched: */
	struct spy_listener *found;
	bool forbidden; /* some process did not let its descriptors be seen */
};

static void add_row(void *context, const struct spy_row *row)
{
	struct search *search = context;

	if (row->inode && search->row_count < sizeof search->rows / sizeof *search->rows)
		search->rows[search->row_count++] = *row;
}

/* Who has the port, of both families; false when sock_diag does not tell. */
static bool find_rows(struct search *search, int protocol, uint16_t port)
{
	struct spy_wanted wanted = { .protocol = protocol, .port = port };
	bool told = false;

	search->row_count = 0;
	wanted.states = protocol == IPPROTO_TCP ? 1U << SPY_STATE_LISTEN : 1U << SPY_STATE_CLOSED;
	for (int i = 0; i < 2; i++) {
		wanted.family = i ? AF_INET6 : AF_INET;
		told |= spy_diag_each(search->diag, &wanted, add_row, search);
	}
	return told;
}

/* One process's descriptors against the rows. */
struct match {
	struct search *search;
	pid_t pid;
};

static void match_fd(void *context, int fd)
{
	struct match *match = context;
	struct spy_listener *found = match->search->found;
	char path[64], link[64];
	uint64_t inode;

	snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)match->pid, fd);
	ssize_t n = readlink(path, link, sizeof link - 1);
	if (n < 0 || found->pid)
		return;
	link[n] = '\0';
	if (!spy_parse_socket_link(link, &inode))
		return;
	for (size_t i = 0; i < match->search->row_count; i++) {
		if (match->search->rows[i].inode != inode)
			continue;
		found->pid = match->pid;
		found->socket.fd = fd;
		spy_take_row(&match->search->rows[i], &found->socket);
		found->socket.inode = inode;
	}
}

static void match_process(struct search *search, pid_t pid)
{
	struct match match = { search, pid };
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	if (!spy_each_number(path, match_fd, &match) && errno == EACCES)
		search->forbidden = true;
}

/* True for what descends from a process, or is of its group; generations are limited, since the
 * numbers change while they are read. */
static bool belongs_to(pid_t pid, pid_t ancestor, pid_t group)
{
	struct spy_stat stat;

	for (int generation = 0; generation < 64 && pid > 1; generation++) {
		if (!spy_read_stat(pid, &stat))
			return false;
		if (stat.parent == ancestor || (stat.group == group && group > 1))
			return true;
		pid = stat.parent;
	}
	return false;
}

static void match_other(void *context, int pid)
{
	struct search *search = context;

	if (!search->found->pid && pid != search->pid &&
	    belongs_to(pid, search->pid, search->group))
		match_process(search, pid);
}

/* Whether the process, or one of its own, has one of the rows. */
static bool match_rows(struct search *search)
{
	struct spy_stat stat;

	if (!search->row_count)
		return false;
	match_process(search, search->pid);
	if (search->found->pid)
		return true;
	/* A group that it shares with whoever started it is not its own. */
	search->group =
		spy_read_stat(search->pid, &stat) && stat.group == search->pid ? stat.group : 0;
	(void)spy_each_number("/proc", match_other, search);
	return search->found->pid != 0;
}

static bool has_ended(const struct search *search)
{
	struct pollfd one = { .fd = search->process, .events = POLLIN };
	struct spy_stat stat;

	if (search->process >= 0)
		return os_poll(&one, 1, 0) > 0;
	return !spy_read_stat(search->pid, &stat) || stat.state == 'Z';
}

static enum spy_awaited search_on(struct search *search, int protocol, uint16_t port,
				  struct patience *patience)
{
	for (;;) {
		/* Asked first: what has ended by now listened before, or never will. */
		bool ended = has_ended(search);
		if (!find_rows(search, protocol, port))
			return SPY_CANNOT;
		if (match_rows(search))
			return SPY_CAME;
		search->found->taken = search->row_count > 0;
		if (ended)
			return SPY_ENDED;
		errno = EACCES;
		if (search->forbidden)
			return SPY_CANNOT;
		if (!wait_for_look(patience, search->process))
			return SPY_LATE;
	}
}

enum spy_awaited spy_await_listener(pid_t pid, int protocol, uint16_t port, int64_t timeout_us,
				    struct spy_listener *ret_listener)
{
	struct patience patience = { os_now_us() + timeout_us, FIRST_LOOK_US };
	struct search search = { .pid = pid, .found = ret_listener };
	struct spy_eye eye;

	*ret_listener = (struct spy_listener){ .socket = SPY_UNSEEN(-1) };
	spy_eye_open(&eye, pid, false);
	search.process = eye.process;
	search.diag = eye.diag;
	enum spy_awaited awaited = SPY_CANNOT;
	errno = eye.lacks & SPY_OTHER_NETWORK ? EXDEV : EPROTONOSUPPORT;
	if (eye.diag >= 0)
		awaited = search_on(&search, protocol, port, &patience);
	int err = errno;
	spy_eye_close(&eye);
	errno = err;
	return awaited;
}

/* ---- Reading ---- */

/* What one connection's two ends say of it. */
struct channel {
	int fd, diag;
	struct spy_name here, there;
};

static bool name_ends(struct channel *channel)
{
	socklen_t here = sizeof channel->here.address, there = sizeof channel->there.address;

	if (syscall(SYS_getsockname, channel->fd, &channel->here.address, &here) ||
	    syscall(SYS_getpeername, channel->fd, &channel->there.address, &there))
		return false;
	channel->here.len = here;
	channel->there.len = there;
	return true;
}

/* A connection whose program has closed it, or has ended. Before accept() it has no program, too,
 * but is in a state in which one can still read from it. */
static bool is_orphan(const struct spy_row *row)
{
	return !row->inode && row->state != SPY_STATE_CONNECTED &&
	       row->state != SPY_STATE_CLOSE_WAIT;
}

enum { UNKNOWABLE = -2 };

/* How many bytes the peer has not read; SPY_UNKNOWN: not all are in its queue yet; UNKNOWABLE with
 * errno, ENOENT: there is no such connection any more. */
static long long left_to_read(const struct channel *channel)
{
	struct spy_row mine, its;
	int unsent;

	if (syscall(SYS_ioctl, channel->fd, SIOCOUTQNSD, &unsent) ||
	    !spy_diag_tcp(channel->diag, &channel->here, &channel->there, &mine) ||
	    !spy_diag_tcp(channel->diag, &channel->there, &channel->here, &its))
		return UNKNOWABLE;
	/* What was sent first and received later is on its way. */
	if (unsent || (mine.has_counts && its.received < mine.sent))
		return SPY_UNKNOWN;
	errno = ENOENT;
	return is_orphan(&its) ? UNKNOWABLE : its.receive_queue;
}

enum spy_awaited spy_await_read(int fd, int64_t timeout_us, long long *ret_left)
{
	struct patience patience = { os_now_us() + timeout_us, FIRST_LOOK_US };
	struct channel channel = { .fd = fd, .diag = -1 };
	enum spy_awaited awaited = SPY_CANNOT;

	*ret_left = SPY_UNKNOWN;
	if (!name_ends(&channel))
		return errno == ENOTCONN ? SPY_ENDED : SPY_CANNOT;
	channel.diag = spy_diag_open();
	if (channel.diag < 0)
		return SPY_CANNOT;
	do {
		long long left = left_to_read(&channel);
		if (left == UNKNOWABLE) {
			awaited = errno == ENOENT ? SPY_ENDED : SPY_CANNOT;
			break;
		}
		*ret_left = left;
		awaited = left ? SPY_LATE : SPY_CAME;
	} while (awaited == SPY_LATE && wait_for_look(&patience, -1));
	int err = errno;
	close(channel.diag);
	errno = err;
	return awaited;
}
