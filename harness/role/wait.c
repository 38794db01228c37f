/* wait.c -- waiting for a state instead of for a time, and moving bytes as machinery. */
#include "os/os.h"
#include "role/role.h"
#include "role/state.h"

/* Short enough that a pair is not held up, long enough that looking costs little. */
enum { PAUSE_US = 200 };

void waits_for(struct role *me, const char *what)
{
	role_stands(me, STANDS_WAITING, what);
}

bool goes_on_waiting(struct role *me)
{
	role_stands(me, STANDS_RUNNING, NULL);
	return false;
}

void pause_briefly(struct role *me)
{
	(void)me;
	os_pause_us(PAUSE_US);
}

long long now_ms(void)
{
	return os_now_us() / 1000;
}

int wait_for(struct role *me, int fd, int events)
{
	struct pollfd one = { .fd = fd, .events = (short)events };

	(void)me;
	must(poll(&one, 1, -1));
	return one.revents;
}

int poll_now(int fd, int events)
{
	struct pollfd one = { .fd = fd, .events = (short)events };

	must(poll(&one, 1, 0));
	return one.revents;
}

static int readable_bytes(int fd)
{
	int n = 0;

	must(ioctl(fd, FIONREAD, &n));
	return n;
}

void wait_queued(struct role *me, int fd, int n)
{
	until (me, "data is queued", readable_bytes(fd) >= n) {
	}
}

static int unacknowledged(struct role *me, int fd)
{
	int bytes = os_unacknowledged(fd);

	if (bytes == -1 && errno == ENOSYS)
		unsupported(me, "this system does not tell what was acknowledged");
	return must(bytes);
}

void wait_acknowledged(struct role *me, int fd)
{
	until (me, "all data is acknowledged", unacknowledged(me, fd) == 0) {
	}
}

static bool is_in_state(struct role *me, int fd, const char *state)
{
	const char *now = os_tcp_state(fd);

	if (!now)
		unsupported(me, "this system does not tell a TCP connection's state");
	return !strcmp(now, state);
}

void wait_state(struct role *me, int fd, const char *state)
{
	until (me, state, is_in_state(me, fd, state)) {
	}
}

void send_all(int fd, const void *bytes, size_t n)
{
	const char *at = bytes;

	while (n > 0) {
		ssize_t sent = must(send(fd, at, n, MSG_NOSIGNAL));
		at += sent;
		n -= (size_t)sent;
	}
}

void recv_all(int fd, void *bytes, size_t n)
{
	char *at = bytes;

	while (n > 0) {
		ssize_t got = must(recv(fd, at, n, 0));
		must_be(got > 0);
		at += got;
		n -= (size_t)got;
	}
}

long long fill_up(int fd)
{
	static const char block[16384];
	long long total = 0;

	/* Smaller and smaller pieces, so that no room for a single byte is left. */
	for (size_t size = sizeof block; size > 0;) {
		ssize_t n = send(fd, block, size, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0)
			total += n;
		else
			size /= 2;
		if (n < 0)
			must_be(errno == EAGAIN || errno == EWOULDBLOCK);
	}
	return total;
}

long long drain(int fd)
{
	char block[16384];
	long long total = 0;

	for (ssize_t n; (n = recv(fd, block, sizeof block, MSG_DONTWAIT)) > 0;)
		total += n;
	return total;
}
