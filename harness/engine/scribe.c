/* scribe.c -- orders through a pipe: a head, a path, bytes. */
#include "engine/scribe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/aside.h"
#include "engine/result.h"
#include "os/os.h"

enum { ERROR_MAX = 1024, SHELF_ROOM = 32 << 20 };

/* A ring of bytes; each file's lie in one piece. Memory is taken as far as it was used. */
struct shelf {
	_Atomic size_t taken; /* bytes that the scribe is done with, gaps included */
	unsigned char bytes[SHELF_ROOM];
};

struct order_head {
	size_t path; /* bytes, its NUL included */
	size_t bytes;
	size_t done; /* the shelf's .taken when this is done; 0: the bytes are in the pipe */
	bool removes;
};

/* ---- In the scribe ---- */

static bool read_all(int fd, void *bytes, size_t n)
{
	for (size_t at = 0; at < n;) {
		ssize_t got = os_read(fd, (char *)bytes + at, n - at);
		if (got <= 0)
			return false;
		at += (size_t)got;
	}
	return true;
}

static bool write_file(const char *path, const void *bytes, size_t n)
{
	struct aside aside;

	/* To replace a file by renaming makes some file systems wait for the disk. */
	unlink(path);
	if (!aside_open(&aside, path, false))
		return false;
	fwrite(bytes, 1, n, aside.out);
	return aside_close(&aside);
}

/* Carries out one order; false when there is none. Tells its first failure. */
static bool carry_out(int orders, int errors, struct shelf *shelf, bool *failed)
{
	struct order_head head;

	if (!read_all(orders, &head, sizeof head))
		return false;
	char *path = must_alloc(head.path, 1), *piped = must_alloc(head.done ? 0 : head.bytes, 1);
	const void *bytes =
		head.done ? shelf->bytes + (head.done - head.bytes) % SHELF_ROOM : (void *)piped;
	bool whole = read_all(orders, path, head.path) &&
		     (head.done || read_all(orders, piped, head.bytes));
	if (whole && head.removes) {
		unlink(path);
	} else if (whole && !write_file(path, bytes, head.bytes) && !*failed) {
		char *error = must_format("cannot write %s: %s", path, strerror(errno));
		(void)!os_write(errors, error, strnlen(error, ERROR_MAX));
		free(error);
		*failed = true;
	}
	if (head.done)
		atomic_store(&shelf->taken, head.done);
	free(path);
	free(piped);
	return whole;
}

static _Noreturn void be_scribe(int orders, int errors, struct shelf *shelf)
{
	bool failed = false;

	/* They end who gives the orders, and thereby this. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	while (carry_out(orders, errors, shelf, &failed))
		;
	_exit(0);
}

/* ---- Outside ---- */

bool scribe_start(struct scribe *ret_scribe)
{
	int orders[2], errors[2];

	memset(ret_scribe, 0, sizeof *ret_scribe);
	if (pipe(orders))
		return false;
	if (pipe(errors)) {
		close(orders[0]);
		close(orders[1]);
		return false;
	}
	/* Without it all goes through the pipe. */
	struct shelf *shelf = mmap(NULL, sizeof *shelf, PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	shelf = shelf == MAP_FAILED ? NULL : shelf;
	pid_t pid = fork();
	if (pid == 0) {
		close(orders[1]);
		close(errors[0]);
		be_scribe(orders[0], errors[1], shelf);
	}
	int err = errno;
	close(orders[0]);
	close(errors[1]);
	fcntl(orders[1], F_SETFD, FD_CLOEXEC);
	fcntl(errors[0], F_SETFD, FD_CLOEXEC);
	*ret_scribe = (struct scribe){
		.pid = pid, .orders = orders[1], .errors = errors[0], .shelf = shelf
	};
	if (pid > 0)
		return true;
	close(orders[1]);
	close(errors[0]);
	if (shelf)
		munmap(shelf, sizeof *shelf);
	memset(ret_scribe, 0, sizeof *ret_scribe);
	errno = err;
	return false;
}

static bool write_all(int fd, const void *bytes, size_t n)
{
	for (size_t at = 0; at < n;) {
		ssize_t put = os_write(fd, (const char *)bytes + at, n - at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		at += (size_t)put;
	}
	return true;
}

/* Puts the bytes on the shelf; gives what order_head.done is to be, 0 when there is no room. */
static size_t shelve(struct scribe *scribe, const void *bytes, size_t n)
{
	size_t at = scribe->put % SHELF_ROOM, gap = n > SHELF_ROOM - at ? SHELF_ROOM - at : 0;

	if (!scribe->shelf || !n || n > SHELF_ROOM)
		return 0;
	size_t used = scribe->put - atomic_load(&scribe->shelf->taken);
	if (n + gap > SHELF_ROOM - used)
		return 0;
	memcpy(scribe->shelf->bytes + (gap ? 0 : at), bytes, n);
	scribe->put += gap + n;
	return scribe->put;
}

static bool give_order(struct scribe *scribe, const char *path, const void *bytes, size_t n,
		       bool removes)
{
	const struct order_head head = { .path = strlen(path) + 1,
					 .bytes = n,
					 .done = shelve(scribe, bytes, n),
					 .removes = removes };

	return write_all(scribe->orders, &head, sizeof head) &&
	       write_all(scribe->orders, path, head.path) &&
	       (head.done || write_all(scribe->orders, bytes, n));
}

bool scribe_write(struct scribe *scribe, const char *path, const void *bytes, size_t n)
{
	return give_order(scribe, path, bytes, n, false);
}

bool scribe_remove(struct scribe *scribe, const char *path)
{
	return give_order(scribe, path, "", 0, true);
}

bool scribe_end(struct scribe *scribe, char **ret_error)
{
	char error[ERROR_MAX + 1];
	size_t n = 0;

	if (!scribe->pid)
		return true;
	close(scribe->orders);
	for (ssize_t got; (got = os_read(scribe->errors, error + n, ERROR_MAX - n)) != 0;) {
		if (got < 0 && errno != EINTR)
			break;
		n += got > 0 ? (size_t)got : 0;
	}
	error[n] = '\0';
	close(scribe->errors);
	while (waitpid(scribe->pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (scribe->shelf)
		munmap(scribe->shelf, sizeof *scribe->shelf);
	memset(scribe, 0, sizeof *scribe);
	if (n)
		*ret_error = must_copy(error);
	return !n;
}
