/* look.c -- what a socket of another process is, and its names: asked of a copy of its descriptor.
 */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "trace/address.h"
#include "trace/table.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

/* A copy of the descriptor fd of pid; -1 with errno. */
static int copy_descriptor(pid_t pid, int fd)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0);

	if (process < 0)
		return -1;
	int copy = (int)syscall(SYS_pidfd_getfd, process, fd, 0);
	int err = errno;
	close(process);
	errno = err;
	return copy;
}

/* The name that getsockname() or getpeername() tells, as new memory; NULL: none. */
static char *ask_name(int copy, int (*ask)(int, struct sockaddr *, socklen_t *))
{
	union socket_name address = { 0 };
	socklen_t length = sizeof address.storage;
	struct text text = { 0 };

	if (ask(copy, &address.plain, &length))
		return NULL;
	address_put_name(&text, &address, length);
	return text.at ? text.at : must_copy("");
}

static void ask_number(int copy, int option, int *ret_value)
{
	int value;
	socklen_t length = sizeof value;

	if (!*ret_value && !getsockopt(copy, SOL_SOCKET, option, &value, &length))
		*ret_value = value;
}

static int sock_name(int fd, struct sockaddr *name, socklen_t *length)
{
	return getsockname(fd, name, length);
}

static int peer_name(int fd, struct sockaddr *name, socklen_t *length)
{
	return getpeername(fd, name, length);
}

void file_look(struct file *file, pid_t pid, int fd)
{
	int copy = copy_descriptor(pid, fd);

	file->looked = true;
	if (copy < 0)
		return;
	ask_number(copy, SO_TYPE, &file->type);
	ask_number(copy, SO_DOMAIN, &file->family);
	char *local = ask_name(copy, sock_name), *peer = ask_name(copy, peer_name);
	if (local)
		file_set_local(file, local);
	if (peer)
		file_set_peer(file, peer);
	close(copy);
}
