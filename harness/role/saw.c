/* saw.c -- what a role saw, as canonical text in its records. */
#include "os/os.h"
#include "role/effective.h"
#include "role/role.h"
#include "role/state.h"

/* Of longer data saw_bytes shows the first SHOWN_MAX bytes and a hash. */
enum { SHOWN_WHOLE = 48, SHOWN_MAX = 32, TEXT_ROOM = 320 };

static void put_failure(struct role *me, const char *label, int err, int line)
{
	const char *name = os_errno_name(err);
	char text[64];

	if (name)
		snprintf(text, sizeof text, "-1 %s", name);
	else
		snprintf(text, sizeof text, "-1 errno %d", err);
	record_put(me, RECORD_SAW, label, text, line);
}

long long saw_at(struct role *me, const char *label, long long value, int line)
{
	int err = errno;
	char text[32];

	if (value == -1) {
		put_failure(me, label, err, line);
	} else {
		snprintf(text, sizeof text, "%lld", value);
		record_put(me, RECORD_SAW, label, text, line);
	}
	errno = err;
	return value;
}

void saw_value_at(struct role *me, const char *label, long long value, int line)
{
	char text[32];

	snprintf(text, sizeof text, "%lld", value);
	record_put(me, RECORD_SAW, label, text, line);
}

void saw_text_at(struct role *me, const char *label, const char *text, int line)
{
	record_put(me, RECORD_SAW, label, text, line);
}

void saw_errno_at(struct role *me, const char *label, int err, int line)
{
	const char *name = err ? os_errno_name(err) : "0";
	char text[32];

	snprintf(text, sizeof text, "errno %d", err);
	saw_text_at(me, label, name ? name : text, line);
}

struct bit {
	int bit;
	const char *name;
};

static void put_bits(struct role *me, const char *label, int bits, const struct bit *table,
		     int line)
{
	char text[128] = "";
	size_t n = 0;

	for (; table->name; table++) {
		if (!(bits & table->bit))
			continue;
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? "|" : "", table->name);
		bits &= ~table->bit;
	}
	if (bits)
		snprintf(text + n, sizeof text - n, "%s0x%x", n ? "|" : "", (unsigned)bits);
	saw_text_at(me, label, text[0] ? text : "0", line);
}

void saw_flags_at(struct role *me, const char *label, int revents, int line)
{
	static const struct bit table[] = {
		{ POLLIN, "IN" },       { POLLPRI, "PRI" }, { POLLOUT, "OUT" },
		{ POLLERR, "ERR" },     { POLLHUP, "HUP" }, { POLLNVAL, "NVAL" },
		{ POLLRDHUP, "RDHUP" }, { 0, NULL },
	};

	put_bits(me, label, revents, table, line);
}

void saw_epoll_at(struct role *me, const char *label, int fd, int events, int line)
{
	int bits = 0;
	int n = os_epoll_now(fd, events, &bits);

	if (n == -1 && errno == ENOSYS)
		saw_text_at(me, label, "no epoll", line);
	else if (n == -1)
		saw_at(me, label, n, line);
	else if (n != (bits != 0))
		saw_text_at(me, label, "count and bits disagree", line);
	else
		saw_flags_at(me, label, bits, line);
}

void saw_msg_flags_at(struct role *me, const char *label, int flags, int line)
{
	static const struct bit table[] = {
		{ MSG_EOR, "EOR" },
		{ MSG_TRUNC, "TRUNC" },
		{ MSG_CTRUNC, "CTRUNC" },
		{ MSG_OOB, "OOB" },
#ifdef MSG_ERRQUEUE
		{ MSG_ERRQUEUE, "ERRQUEUE" },
#endif
		{ 0, NULL },
	};

#ifdef MSG_CMSG_CLOEXEC
	flags &= ~MSG_CMSG_CLOEXEC;
#endif
	put_bits(me, label, flags, table, line);
}

static uint32_t fnv1a(const unsigned char *bytes, size_t n)
{
	uint32_t hash = 2166136261U;

	while (n--)
		hash = (hash ^ *bytes++) * 16777619U;
	return hash;
}

void saw_bytes_at(struct role *me, const char *label, const void *bytes, long long n, int line)
{
	int err = errno;
	const unsigned char *byte = bytes;
	char text[TEXT_ROOM];
	size_t shown = (size_t)n > SHOWN_WHOLE ? SHOWN_MAX : (size_t)n;

	if (n < 0) {
		put_failure(me, label, err, line);
		return;
	}
	size_t at = (size_t)snprintf(text, sizeof text, "%lld:", n);
	for (size_t i = 0; i < shown; i++) {
		const char *format =
			byte[i] >= 0x20 && byte[i] < 0x7f && byte[i] != '\\' ? "%c" : "\\x%02x";
		at += (size_t)snprintf(text + at, sizeof text - at, format, byte[i]);
	}
	if (shown < (size_t)n)
		snprintf(text + at, sizeof text - at, "...#%08x", fnv1a(byte, (size_t)n));
	saw_text_at(me, label, text, line);
}

void saw_to_end_at(struct role *me, const char *label, int fd, int line)
{
	char bytes[4096];
	size_t total = 0;
	ssize_t n = 1;

	while (n > 0 && total < sizeof bytes) {
		n = recv(fd, bytes + total, sizeof bytes - total, 0);
		total += n > 0 ? (size_t)n : 0;
	}
	saw_bytes_at(me, label, bytes, n < 0 ? -1 : (long long)total, line);
}

/* In parentheses it is the C library's inet_ntop() on any stack: this is machinery. */
void saw_host_at(struct role *me, const char *label, const struct address *address, int line)
{
	char text[160] = "unnamed";

	if (address->len < offsetof(struct sockaddr, sa_data))
		;
	else if (address->any.sa_family == AF_INET)
		(inet_ntop)(AF_INET, &address->in.sin_addr, text, sizeof text);
	else if (address->any.sa_family == AF_INET6)
		(inet_ntop)(AF_INET6, &address->in6.sin6_addr, text, sizeof text);
	else if (address->any.sa_family != AF_UNIX)
		snprintf(text, sizeof text, "family %d", address->any.sa_family);
	else if (address->len > offsetof(struct sockaddr_un, sun_path) && address->un.sun_path[0])
		snprintf(text, sizeof text, "path %.107s", address->un.sun_path);
	else if (address->len > offsetof(struct sockaddr_un, sun_path))
		snprintf(text, sizeof text, "abstract");
	saw_text_at(me, label, text, line);
}

void saw_state_at(struct role *me, const char *label, int fd, int line)
{
	const char *state = os_tcp_state(fd);

	if (!state)
		unsupported(me, "this system does not tell a TCP connection's state");
	saw_text_at(me, label, state, line);
}

void saw_gai_at(struct role *me, const char *label, int result, int line)
{
	const char *name = result ? os_gai_name(result) : "0";
	char text[32];

	snprintf(text, sizeof text, "EAI %d", result);
	saw_text_at(me, label, name ? name : text, line);
}

/* A time with two digits: what takes as long every time gives the same text every time. */
static long long rounded(long long ms)
{
	long long unit = 1;

	while (ms / unit >= 100)
		unit *= 10;
	return (ms + unit / 2) / unit * unit;
}

/* What of the time the pair could use. What it waited for a processor before that began counts as
 * if it were of it: there is little of that where a machine has time. */
static long long effective_ms(const struct role *me, long long ms)
{
	const pid_t mine = my_side(me)->pid, theirs = peer_side(me)->pid;
	struct os_cpu_time spent, peers = { 0 };

	os_cpu_time(mine, &spent);
	/* Where roles are threads it is one process. */
	if (theirs && theirs != mine)
		os_cpu_time(theirs, &peers);
	spent.ran_us += peers.ran_us;
	spent.queued_us += peers.queued_us;
	return effective_us(ms * 1000, spent, me->slowness) / 1000;
}

void saw_time_at(struct role *me, const char *label, long long start_ms, long long at_least,
		 long long at_most, int line)
{
	long long took = now_ms() - start_ms;
	const long long late_ms = at_most * me->stretch_percent / 100;
	char text[48] = "on time";

	/* In tenths, so that a system that never waits says the same every time. */
	if (took < at_least)
		snprintf(text, sizeof text, "early (%lld%% of it)", took * 10 / at_least * 10);
	else if (took > late_ms && effective_ms(me, took) > late_ms)
		snprintf(text, sizeof text, "late (%lld ms)", rounded(took));
	saw_text_at(me, label, text, line);
}

void saw_end_at(struct role *me, const char *label, int status, int line)
{
	char text[32];

	if (WIFSIGNALED(status)) {
		const char *name = os_signal_name(WTERMSIG(status));
		snprintf(text, sizeof text, "signal %d", WTERMSIG(status));
		saw_text_at(me, label, name ? name : text, line);
		return;
	}
	snprintf(text, sizeof text, "exit %d", WEXITSTATUS(status));
	saw_text_at(me, label, text, line);
}
