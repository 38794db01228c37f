/* wait.c -- waiting for a state instead of for a time. */
#include "os/os.h"
#include "role/role.h"
#include "role/state.h"

/* Short enough that a pair is not held up, long enough that looking costs little. */
enum { PAUSE_US = 200 };

void waits_for(struct role *me, const char *what)
{
	note_state(me, ROLE_WAITING, what);
}

bool goes_on_waiting(struct role *me)
{
	note_state(me, ROLE_RUNNING, NULL);
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

	if (bytes == -1 && is_unknown(errno))
		unsupported(me, "this system does not tell what was acknowledged");
	return must(bytes);
}

void wait_acknowledged(struct role *me, int fd)
{
	until (me, "all data is acknowledged", unacknowledged(me, fd) == 0) {
	}
}

long long dropped_by(struct role *me, int fd)
{
	long long dropped = os_dropped(fd);

	if (dropped == -1 && is_unknown(errno))
		unsupported(me, "this system does not tell what a socket has dropped");
	return must(dropped);
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

void wait_time_wait(struct role *me, int fd)
{
	until (me, "TIME-WAIT has begun",
	       is_in_state(me, fd, "CLOSED") || is_in_state(me, fd, "TIME-WAIT")) {
	}
}
