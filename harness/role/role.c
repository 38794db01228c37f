/* role.c -- machinery of a role: must(), skipping, ending, and the record stream it writes. */
#include "role/role.h"

#include <stdarg.h>

#include "os/os.h"
#include "role/state.h"

/* must() is written without the role, as in any program; so the thread knows its role. */
static _Thread_local struct role *current;

void role_begin(struct role *me)
{
	current = me;
	my_side(me)->pid = getpid();
}

_Noreturn void role_end(struct role *me)
{
	if (me->home)
		longjmp(*me->home, 1);
	_exit(ROLE_BROKE_OFF);
}

/* At most `max` bytes, without a NUL; no \xNN is cut. */
static size_t put_printable(char *to, size_t max, const char *text)
{
	static const char hex[] = "0123456789abcdef";
	size_t n = 0;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		bool prints = c >= 0x20 && c < 0x7f;
		if (n + (prints ? 1 : 4) > max)
			break;
		if (prints) {
			to[n++] = (char)c;
		} else {
			to[n++] = '\\';
			to[n++] = 'x';
			to[n++] = hex[c >> 4];
			to[n++] = hex[c & 15];
		}
	}
	return n;
}

/* Whether this observation is the one that is to be wrong. Helpers count, too. */
static bool is_lie(struct role *me, enum record_kind kind)
{
	return me->lies_at && kind == RECORD_SAW &&
	       atomic_fetch_add(&my_side(me)->recorded, 1) + 1 == me->lies_at;
}

/* A value that no role saw: whatever is expected of it, this is something else. */
static const char lie[] = "disturbed";

void record_put(struct role *me, enum record_kind kind, const char *label, const char *value,
		int line)
{
	struct side *side = my_side(me);
	char text[LABEL_MAX + VALUE_MAX + 32];
	size_t n = 0;

	text[n++] = (char)kind;
	text[n++] = '\t';
	n += put_printable(text + n, LABEL_MAX, label);
	text[n++] = '\t';
	n += put_printable(text + n, VALUE_MAX, is_lie(me, kind) ? lie : value);
	n += (size_t)snprintf(text + n, sizeof text - n, "\t%d\n", line);
	/* Helpers write to the same records: reserve first, then copy. */
	uint32_t at = atomic_fetch_add(&side->used, (uint32_t)n);
	if (at < RECORDS_MAX && n <= RECORDS_MAX - at)
		memcpy(side->records + at, text, n);
}

_Noreturn void role_broke(struct role *me, int line, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	record_put(me, RECORD_BROKEN, "", text, line);
	role_end(me);
}

void note_state(struct role *me, enum role_state state, const char *place)
{
	struct side *side = my_side(me);

	if (place)
		snprintf(side->place, sizeof side->place, "%s", place);
	atomic_store(&side->state, state);
}

static const char *base_name(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

static _Noreturn void must_failed(int err, const char *call, const char *file, int line)
{
	const char *name = os_errno_name(err);

	if (!current)
		_exit(ROLE_BROKE_OFF);
	role_broke(current, line, "%s failed: %s at %s:%d", call, name ? name : "unknown errno",
		   base_name(file), line);
}

int must_int(int got, const char *call, const char *file, int line)
{
	int err = errno;

	if (got == -1)
		must_failed(err, call, file, line);
	return got;
}

long must_long(long got, const char *call, const char *file, int line)
{
	int err = errno;

	if (got == -1)
		must_failed(err, call, file, line);
	return got;
}

long long must_wide(long long got, const char *call, const char *file, int line)
{
	int err = errno;

	if (got == -1)
		must_failed(err, call, file, line);
	return got;
}

_Noreturn void must_not_go_on(const char *condition, const char *file, int line)
{
	if (!current)
		_exit(ROLE_BROKE_OFF);
	role_broke(current, line, "not so: %s at %s:%d", condition, base_name(file), line);
}

/* Declared where a stack lacks calls: in os/lwip_sockets.h. */
_Noreturn void must_have_need(const char *call);

_Noreturn void must_have_need(const char *call)
{
	if (!current)
		_exit(ROLE_BROKE_OFF);
	role_broke(current, 0, "calls %s, which this stack has not, without needing it", call);
}

_Noreturn void unsupported(struct role *me, const char *reason)
{
	record_put(me, RECORD_SKIP, "", reason, 0);
	role_end(me);
}

bool is_unknown(int err)
{
	return err == ENOPROTOOPT || err == EOPNOTSUPP || err == ENOTTY || err == ENOSYS;
}

/* Skips when an option is not known, by the word for it in the case if that is its name. */
static void unless_unknown(int failed, const char *word)
{
	bool names = word[0] >= 'A' && word[0] <= 'Z';
	char reason[NAME_MAX_LEN + 40];

	if (!failed || errno != ENOPROTOOPT || !current)
		return;
	snprintf(reason, sizeof reason, "this system does not know %s",
		 names ? word : "an option that the case is about");
	unsupported(current, reason);
}

static void must_option(int result, const char *word, int line)
{
	char call[NAME_MAX_LEN + 16];

	snprintf(call, sizeof call, "socket option %s", word);
	must_int(result, call, __FILE__, line);
}

void set_option_of(int fd, int level, int name, int value, const char *word)
{
	int result = setsockopt(fd, level, name, &value, sizeof value);

	unless_unknown(result, word);
	must_option(result, word, __LINE__);
}

/* Ends the role as skipped when errno says that the system does not know the option. */
static _Noreturn void give_option_up(struct role *me, const char *what)
{
	char reason[NAME_MAX_LEN + 40];

	must_be(is_unknown(errno));
	snprintf(reason, sizeof reason, "this system does not know %s", what);
	unsupported(me, reason);
}

void try_option(struct role *me, int fd, int level, int name, int value, const char *what)
{
	if (setsockopt(fd, level, name, &value, sizeof value))
		give_option_up(me, what);
}

int get_option_of(int fd, int level, int name, const char *word)
{
	int value = 0;
	socklen_t len = sizeof value;

	get_option_bytes_of(fd, level, name, &value, &len, word);
	return value;
}

void get_option_bytes_of(int fd, int level, int name, void *value, socklen_t *len, const char *word)
{
	int result = getsockopt(fd, level, name, value, len);

	unless_unknown(result, word);
	must_option(result, word, __LINE__);
}

int try_get_option(struct role *me, int fd, int level, int name, const char *what)
{
	int value = 0;
	socklen_t len = sizeof value;

	if (getsockopt(fd, level, name, &value, &len))
		give_option_up(me, what);
	return value;
}

void take_tcp_info(struct role *me, int fd, size_t at, void *field, size_t size)
{
	char info[512];
	socklen_t len = sizeof info;

	get_option_bytes(fd, IPPROTO_TCP, TCP_INFO, info, &len);
	if (len < at + size)
		unsupported(me, "this system's TCP_INFO does not tell it");
	memcpy(field, info + at, size);
}

long long ask_option(int fd, int level, int name)
{
	int value = 0;
	socklen_t len = sizeof value;

	return getsockopt(fd, level, name, &value, &len) ? -1 : value;
}

void set_nonblocking(int fd)
{
	must(fcntl(fd, F_SETFL, must(fcntl(fd, F_GETFL)) | O_NONBLOCK));
}

void set_timeout(int fd, int name, long long ms)
{
	struct timeval limit = { .tv_sec = (time_t)(ms / 1000),
				 .tv_usec = (suseconds_t)(ms % 1000 * 1000) };

	must(setsockopt(fd, SOL_SOCKET, name, &limit, sizeof limit));
}
