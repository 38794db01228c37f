/* decode_message.c -- names, vectors, messages and options, to which arguments point, as text. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "trace/address.h"
#include "trace/constants.h"
#include "trace/decode_parts.h"
#include "trace/memory.h"

enum { CONTROL_MAX = 1024, VALUE_MAX = 128 };

static void put_address_of(struct text *to, uint64_t at)
{
	if (at)
		text_put_hex(to, at);
	else
		text_put(to, "NULL");
}

/* ---- Names ---- */

static size_t read_name(const struct decode *d, uint64_t at, uint32_t length,
			union socket_name *ret_name)
{
	*ret_name = (union socket_name){ 0 };
	if (length > sizeof ret_name->storage)
		length = sizeof ret_name->storage;
	return at && length && memory_get(d->tid, at, ret_name, length) ? length : 0;
}

void parts_put_address(struct decode *d, struct text *to, uint64_t at, uint32_t length)
{
	union socket_name name;
	size_t n = read_name(d, at, length, &name);

	if (n || (at && !length))
		address_put(to, &name, n);
	else
		put_address_of(to, at);
}

void parts_put_name(struct decode *d, struct text *to, uint64_t at, uint32_t length)
{
	union socket_name name;

	address_put_name(to, &name, read_name(d, at, length, &name));
}

void parts_put_message_name(struct decode *d, struct text *to)
{
	struct message message;

	if (memory_get(d->tid, d->args[1], &message, sizeof message))
		parts_put_name(d, to, message.name, message.name_length);
}

/* ---- Vectors ---- */

/* Where the data of the next part stands. */
struct cursor {
	uint64_t offset; /* in what is shown */
	uint64_t left;   /* how much of what moved there is behind it */
};

static void put_part(struct decode *d, struct text *to, const struct part *part,
		     struct cursor *cursor)
{
	uint64_t has = part->length < cursor->left ? part->length : cursor->left;
	uint64_t shown = d->shown - cursor->offset < has ? d->shown - cursor->offset : has;

	text_putc(to, '{');
	text_put_quoted(to, d->bytes + cursor->offset, shown, has > shown);
	text_put(to, ", ");
	text_put_number(to, (long long)part->length);
	text_putc(to, '}');
	cursor->offset += shown;
	cursor->left -= has;
}

static void put_parts(struct decode *d, struct text *to, uint64_t at, uint64_t count,
		      struct cursor *cursor)
{
	struct part parts[SHOWN_ENTRIES];
	uint64_t n = count < SHOWN_ENTRIES ? count : SHOWN_ENTRIES;

	if (count && !memory_get(d->tid, at, parts, n * sizeof *parts)) {
		put_address_of(to, at);
		return;
	}
	text_putc(to, '[');
	for (uint64_t i = 0; i < n; i++) {
		if (i)
			text_put(to, ", ");
		put_part(d, to, &parts[i], cursor);
	}
	text_put(to, count > n ? ", ...]" : "]");
}

/* Of a call that moves one vector. */
static struct cursor first_part(const struct decode *d)
{
	bool reads = trace_call_kind(d->call) == READS;

	return (struct cursor){ 0, reads ? (uint64_t)d->moved : UINT64_MAX };
}

void parts_put_vector(struct decode *d, struct text *to, uint64_t at, uint64_t count)
{
	struct cursor cursor = first_part(d);

	put_parts(d, to, at, count, &cursor);
}

/* ---- Messages ---- */

static void put_rights(struct text *to, const unsigned char *bytes, size_t n)
{
	text_put(to, "SCM_RIGHTS");
	for (size_t i = 0; i + sizeof(int) <= n; i += sizeof(int)) {
		int fd;
		memcpy(&fd, bytes + i, sizeof fd);
		text_putc(to, ' ');
		text_put_number(to, fd);
	}
}

bool decode_control(const unsigned char *bytes, size_t n, size_t *at, struct control *ret_control)
{
	struct {
		uint64_t length; /* with this header */
		int32_t level, type;
	} header;

	if (*at >= n || n - *at < sizeof header)
		return false;
	memcpy(&header, bytes + *at, sizeof header);
	if (header.length < sizeof header || header.length > n - *at)
		return false;
	*ret_control = (struct control){
		.level = header.level,
		.type = header.type,
		.bytes = bytes + *at + sizeof header,
		.length = (size_t)header.length - sizeof header,
	};
	/* The next begins where a long may. */
	*at += ((size_t)header.length + 7) & ~(size_t)7;
	return true;
}

static void put_control(struct text *to, const struct control *control)
{
	const char *name = NULL;

	if (control->level == SOL_SOCKET && control->type == SCM_RIGHTS) {
		put_rights(to, control->bytes, control->length);
		return;
	}
	if (control->level == SOL_SOCKET)
		name = constant_name(CONTROL_MESSAGES, (unsigned)control->type);
	if (name)
		text_put(to, name);
	else
		parts_put_option(to, control->level, control->type);
	text_putc(to, ' ');
	text_put_quoted(to, control->bytes, control->length, false);
}

static void put_controls(struct decode *d, struct text *to, const struct message *message)
{
	unsigned char bytes[CONTROL_MAX];
	size_t n = message->control_length < CONTROL_MAX ? message->control_length : CONTROL_MAX;
	const char *between = "";
	struct control control;

	n = memory_read(d->tid, message->control, bytes, n);
	text_put(to, ", control [");
	for (size_t at = 0; decode_control(bytes, n, &at, &control);) {
		text_put(to, between);
		put_control(to, &control);
		between = ", ";
	}
	text_putc(to, ']');
}

/* Without the bracket behind it. */
static void put_message(struct decode *d, struct text *to, const struct message *message,
			struct cursor *cursor)
{
	bool reads = trace_call_kind(d->call) == READS;
	bool filled = !reads || (d->returned && d->result >= 0);

	text_putc(to, '{');
	put_parts(d, to, message->parts, message->part_count, cursor);
	if (filled && message->name && message->name_length) {
		text_put(to, ", name ");
		parts_put_address(d, to, message->name, message->name_length);
	}
	if (filled && message->control && message->control_length)
		put_controls(d, to, message);
	if (reads && filled && message->flags) {
		text_put(to, ", ");
		constant_put_flags(to, MSG_FLAGS, (unsigned)message->flags);
	}
}

void parts_put_message(struct decode *d, struct text *to, uint64_t at)
{
	struct message message;
	struct cursor cursor = first_part(d);

	if (!memory_get(d->tid, at, &message, sizeof message)) {
		put_address_of(to, at);
		return;
	}
	put_message(d, to, &message, &cursor);
	text_putc(to, '}');
}

/* Those that moved: of the others nothing is known but that they were there. */
void parts_put_messages(struct decode *d, struct text *to, uint64_t at, uint64_t count)
{
	uint64_t moved = d->returned && d->result > 0 ? (uint64_t)d->result : 0;
	uint64_t n = moved < SHOWN_ENTRIES ? moved : SHOWN_ENTRIES;
	struct message_of_many messages[SHOWN_ENTRIES];
	struct cursor cursor = { 0 };

	if (!n || !memory_get(d->tid, at, messages, n * sizeof *messages)) {
		put_address_of(to, at);
		return;
	}
	text_putc(to, '[');
	for (uint64_t i = 0; i < n; i++) {
		cursor.left = messages[i].length;
		text_put(to, i ? ", " : "");
		put_message(d, to, &messages[i].message, &cursor);
		text_put(to, ", length ");
		text_put_number(to, messages[i].length);
		text_putc(to, '}');
	}
	text_put(to, count > n ? ", ...]" : "]");
}

/* ---- Options ---- */

void parts_put_option(struct text *to, int level, int option)
{
	static const struct {
		int level;
		enum constants table;
	} tables[] = {
		{ SOL_SOCKET, SOCKET_OPTIONS },  { IPPROTO_TCP, TCP_OPTIONS },
		{ IPPROTO_UDP, UDP_OPTIONS },    { IPPROTO_IP, INET_OPTIONS },
		{ IPPROTO_IPV6, INET6_OPTIONS },
	};

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (tables[i].level == level) {
			constant_put(to, tables[i].table, option);
			return;
		}
	text_put_number(to, option);
}

static bool is_text_option(int level, int option)
{
	return (level == SOL_SOCKET && option == SO_BINDTODEVICE) ||
	       (level == IPPROTO_TCP && option == TCP_CONGESTION);
}

static void put_two(struct text *to, long long a, long long b)
{
	text_putc(to, '{');
	text_put_number(to, a);
	text_put(to, ", ");
	text_put_number(to, b);
	text_putc(to, '}');
}

void parts_put_value(struct decode *d, struct text *to, uint64_t at, uint32_t length)
{
	int level = (int)d->args[1], option = (int)d->args[2];
	union {
		unsigned char bytes[VALUE_MAX];
		int number;
		struct timeval time;
		struct linger linger;
	} value;
	uint32_t n = length < VALUE_MAX ? length : VALUE_MAX;

	if (!memory_get(d->tid, at, &value, n)) {
		put_address_of(to, at);
	} else if (level == SOL_SOCKET && (option == SO_RCVTIMEO || option == SO_SNDTIMEO) &&
		   n >= sizeof value.time) {
		put_two(to, value.time.tv_sec, value.time.tv_usec);
	} else if (level == SOL_SOCKET && option == SO_LINGER && n == sizeof value.linger) {
		put_two(to, value.linger.l_onoff, value.linger.l_linger);
	} else if (level == SOL_SOCKET && option == SO_ERROR && n == sizeof value.number) {
		text_putc(to, '[');
		if (value.number)
			decode_number(to, -value.number);
		else
			text_putc(to, '0');
		text_putc(to, ']');
	} else if (n == sizeof value.number && !is_text_option(level, option)) {
		text_putc(to, '[');
		text_put_number(to, value.number);
		text_putc(to, ']');
	} else {
		text_put_quoted(to, value.bytes, n, length > n);
	}
}
