/* eye.c -- describes one socket of a process: from a copy of its descriptor and sock_diag, or,
 * where no copy may be had, from sock_diag alone, by its inode. */
#include "spy/eye.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/linux.h"

/* Younger than some C libraries' headers; the same on all machines. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

bool spy_option(int fd, int level, int option, void *ret_value, socklen_t size)
{
	socklen_t len = size;

	return !syscall(SYS_getsockopt, fd, level, option, ret_value, &len) && len == size;
}

/* Whether sock_diag, which tells of our network, tells of the process's. */
static bool shares_network(pid_t pid)
{
	char path[64], mine[64], its[64];

	snprintf(path, sizeof path, "/proc/%d/ns/net", (int)pid);
	ssize_t n = readlink("/proc/self/ns/net", mine, sizeof mine);
	ssize_t m = readlink(path, its, sizeof its);
	return n < 0 || m < 0 || (n == m && !memcmp(mine, its, (size_t)n));
}

void spy_eye_open(struct spy_eye *eye, pid_t pid, bool wants_options)
{
	*eye = (struct spy_eye){ .pid = pid, .diag = -1, .wants_options = wants_options };
	for (size_t i = 0; i < sizeof eye->fresh / sizeof *eye->fresh; i++)
		eye->fresh[i] = -1;
	eye->process = (int)syscall(SYS_pidfd_open, pid, 0);
	/* Of a thread that is not its process's first; since Linux 6.9. */
	if (eye->process < 0)
		eye->process = (int)syscall(SYS_pidfd_open, pid, PIDFD_THREAD);
	if (!shares_network(pid)) {
		eye->lacks |= SPY_OTHER_NETWORK;
		return;
	}
	eye->diag = spy_diag_open();
	if (eye->diag < 0)
		eye->lacks |= SPY_NO_DIAG;
}

void spy_eye_close(struct spy_eye *eye)
{
	for (size_t i = 0; i < sizeof eye->fresh / sizeof *eye->fresh; i++)
		if (eye->fresh[i] >= 0)
			close(eye->fresh[i]);
	if (eye->process >= 0)
		close(eye->process);
	if (eye->diag >= 0)
		close(eye->diag);
	free(eye->table);
}

int spy_eye_copy(struct spy_eye *eye, int fd)
{
	int copy = eye->process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, eye->process, fd, 0);

	/* A descriptor or process that has gone in the meantime is no lack. */
	if (copy < 0 && (eye->process < 0 || (errno != EBADF && errno != ESRCH)))
		eye->lacks |= SPY_NO_COPIES;
	return copy;
}

/* ---- From a copy ---- */

static void take_names(int copy, struct spy_socket *socket)
{
	struct spy_name *names[] = { &socket->local, &socket->peer };
	static const long calls[] = { SYS_getsockname, SYS_getpeername };

	for (size_t i = 0; i < 2; i++) {
		socklen_t len = sizeof names[i]->address;
		if (!syscall(calls[i], copy, &names[i]->address, &len))
			names[i]->len =
				len < sizeof names[i]->address ? len : sizeof names[i]->address;
	}
}

/* A queue as ioctl() tells it; SPY_UNKNOWN where the socket has none. */
static long long queue_of(int copy, unsigned long request)
{
	int bytes;

	return syscall(SYS_ioctl, copy, request, &bytes) ? SPY_UNKNOWN : bytes;
}

static void take_tcp_info(int copy, struct spy_socket *socket)
{
	struct tcp_info info;

	memset(&info, 0, sizeof info);
	socklen_t len = sizeof info;
	if (syscall(SYS_getsockopt, copy, IPPROTO_TCP, TCP_INFO, &info, &len))
		return;
	socket->state = linux_tcp_state(info.tcpi_state);
	socket->peer_closed = info.tcpi_state == TCP_CLOSE_WAIT;
	if (!socket->listening)
		return;
	/* Of a listening socket these two mean its queue. */
	socket->accept_queue = (int)info.tcpi_unacked;
	socket->backlog = (int)info.tcpi_sacked;
}

static bool take_copy(struct spy_eye *eye, int copy, struct spy_socket *socket)
{
	int listening = 0;

	if (!spy_option(copy, SOL_SOCKET, SO_DOMAIN, &socket->family, sizeof socket->family) ||
	    !spy_option(copy, SOL_SOCKET, SO_TYPE, &socket->type, sizeof socket->type))
		return false;
	(void)spy_option(copy, SOL_SOCKET, SO_PROTOCOL, &socket->protocol, sizeof socket->protocol);
	(void)spy_option(copy, SOL_SOCKET, SO_ACCEPTCONN, &listening, sizeof listening);
	socket->listening = listening != 0;
	take_names(copy, socket);
	if (!socket->listening) {
		socket->receive_queue = queue_of(copy, SIOCINQ);
		socket->send_queue = queue_of(copy, SIOCOUTQ);
	}
	if (socket->protocol == IPPROTO_TCP)
		take_tcp_info(copy, socket);
	if (eye->wants_options)
		spy_take_options(eye, copy, socket);
	return true;
}

/* ---- From sock_diag ---- */

/* Both ways, which an AF_UNIX socket is when its peer has closed. */
enum { SHUT_BOTH = 3 };

void spy_take_row(const struct spy_row *row, struct spy_socket *socket)
{
	bool is_tcp = row->protocol == IPPROTO_TCP;

	socket->family = row->family;
	socket->type = row->type;
	socket->protocol = row->protocol;
	if (!socket->local.len)
		socket->local = row->local;
	if (!socket->peer.len)
		socket->peer = row->peer;
	socket->listening = row->state == SPY_STATE_LISTEN;
	if (is_tcp)
		socket->state = linux_tcp_state(row->state);
	if (socket->listening) {
		socket->accept_queue = (int)row->receive_queue;
		socket->backlog = (int)row->send_queue;
		return;
	}
	socket->peer_closed = is_tcp ? row->state == SPY_STATE_CLOSE_WAIT
				     : row->has_peer && !row->peer_inode && row->shut == SHUT_BOTH;
	if (socket->receive_queue == SPY_UNKNOWN)
		socket->receive_queue = row->receive_queue;
	if (socket->send_queue == SPY_UNKNOWN)
		socket->send_queue = row->send_queue;
	/* sock_diag counts the end as a byte as long as it was not read, ioctl() does not. */
	if (is_tcp && socket->peer_closed)
		socket->end_unread = row->receive_queue > 0;
}

struct table {
	struct spy_eye *eye;
	size_t room;
};

static void add_row(void *context, const struct spy_row *row)
{
	struct table *table = context;
	struct spy_eye *eye = table->eye;

	if (eye->table_count == table->room) {
		size_t room = table->room ? 2 * table->room : 64;
		struct spy_row *larger = realloc(eye->table, room * sizeof *larger);
		if (!larger)
			return;
		eye->table = larger;
		table->room = room;
	}
	eye->table[eye->table_count++] = *row;
}

/* Every TCP and UDP socket of the network: sock_diag does not look up inodes. */
static void read_table(struct spy_eye *eye)
{
	static const struct spy_wanted all[] = {
		{ AF_INET, IPPROTO_TCP, ~0U, 0 },
		{ AF_INET6, IPPROTO_TCP, ~0U, 0 },
		{ AF_INET, IPPROTO_UDP, ~0U, 0 },
		{ AF_INET6, IPPROTO_UDP, ~0U, 0 },
	};
	struct table table = { eye, 0 };

	eye->has_table = true;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (!spy_diag_each(eye->diag, &all[i], add_row, &table) && errno != ENOENT)
			eye->lacks |= SPY_NO_DIAG;
}

static bool find_row(struct spy_eye *eye, uint64_t inode, struct spy_row *ret_row)
{
	if (spy_diag_unix(eye->diag, inode, ret_row))
		return true;
	if (!eye->has_table)
		read_table(eye);
	for (size_t i = 0; i < eye->table_count; i++) {
		if (eye->table[i].inode != inode)
			continue;
		*ret_row = eye->table[i];
		return true;
	}
	return false;
}

/* What sock_diag tells beyond a copy, or instead of it. */
static void take_diag(struct spy_eye *eye, bool has_copy, struct spy_socket *socket)
{
	struct spy_row row;
	bool found = false;

	if (eye->diag < 0)
		return;
	if (!has_copy)
		found = find_row(eye, socket->inode, &row);
	else if (socket->family == AF_UNIX)
		found = spy_diag_unix(eye->diag, socket->inode, &row);
	else if (socket->peer_closed)
		found = spy_diag_tcp(eye->diag, &socket->local, &socket->peer, &row) &&
			row.inode == socket->inode;
	if (found)
		spy_take_row(&row, socket);
}

static void take_flags(const struct spy_eye *eye, struct spy_socket *socket)
{
	unsigned long long flags;
	char text[256];

	if (!spy_read_text(text, sizeof text, "/proc/%d/fdinfo/%d", (int)eye->pid, socket->fd) ||
	    !spy_parse_field(text, "flags", 8, &flags))
		return;
	socket->nonblocking = (flags & O_NONBLOCK) != 0;
	socket->close_on_exec = (flags & O_CLOEXEC) != 0;
}

bool spy_eye_socket(struct spy_eye *eye, int fd, struct spy_socket *ret_socket)
{
	struct spy_socket socket = SPY_UNSEEN(fd);
	char path[64], link[64];

	snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)eye->pid, fd);
	ssize_t n = readlink(path, link, sizeof link - 1);
	if (n < 0) {
		if (errno == EACCES || errno == EPERM)
			eye->lacks |= SPY_NO_DESCRIPTORS;
		return false;
	}
	link[n] = '\0';
	if (!spy_parse_socket_link(link, &socket.inode))
		return false;
	int copy = spy_eye_copy(eye, fd);
	bool has_copy = copy >= 0 && take_copy(eye, copy, &socket);
	if (copy >= 0)
		close(copy);
	take_diag(eye, has_copy, &socket);
	take_flags(eye, &socket);
	*ret_socket = socket;
	return true;
}
