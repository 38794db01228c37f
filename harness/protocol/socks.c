/* socks.c -- the messages of SOCKS 5.
 */
#include "protocol/socks.h"

#include "protocol/emit.h"

enum { VERSION = 5, LOGIN_VERSION = 1 };

/* A cursor that stops where bytes are missing or bad; `end` says which. */
struct cursor {
	const uint8_t *bytes;
	size_t len;
	size_t pos;
	struct parse end;
};

static struct cursor begin(const uint8_t *bytes, size_t len)
{
	return (struct cursor){ .bytes = bytes, .len = len, .end = parse_partial() };
}

static bool bad(struct cursor *cursor, size_t at, const char *reason)
{
	cursor->end = parse_bad(at, reason);
	return false;
}

/* Takes one byte of low to high. */
static bool take_byte(struct cursor *cursor, uint8_t low, uint8_t high, uint8_t *byte,
		      const char *reason)
{
	if (cursor->pos == cursor->len)
		return false;
	*byte = cursor->bytes[cursor->pos];
	if (*byte < low || *byte > high)
		return bad(cursor, cursor->pos, reason);
	cursor->pos++;
	return true;
}

static bool take_version(struct cursor *cursor, uint8_t version)
{
	uint8_t byte;

	return take_byte(cursor, version, version, &byte, "the version is another one");
}

static bool take_reserved(struct cursor *cursor, int count)
{
	uint8_t byte;

	for (int i = 0; i < count; i++)
		if (!take_byte(cursor, 0, 0, &byte, "a reserved byte is not 0"))
			return false;
	return true;
}

/* Takes a length of one byte and as many bytes. */
static bool take_counted(struct cursor *cursor, struct slice *slice, const char *reason)
{
	uint8_t count;

	if (!take_byte(cursor, 1, SOCKS_LENGTH_MAX, &count, reason))
		return false;
	*slice = (struct slice){ cursor->bytes + cursor->pos, count };
	if (cursor->len - cursor->pos < count) {
		slice->len = cursor->len - cursor->pos;
		return false;
	}
	cursor->pos += count;
	return true;
}

/* Takes a name, of which each byte is judged when it is there. */
static bool take_name(struct cursor *cursor, struct slice *name)
{
	*name = (struct slice){ NULL, 0 };
	bool whole = take_counted(cursor, name, "a name is empty");
	for (size_t i = 0; i < name->len; i++)
		if (name->bytes[i] <= ' ' || name->bytes[i] >= 0x7f)
			return bad(cursor, (size_t)(name->bytes - cursor->bytes) + i,
				   "a byte of a name is not visible ASCII");
	return whole;
}

static bool take_ip(struct cursor *cursor, uint8_t *ip, size_t len)
{
	if (cursor->len - cursor->pos < len)
		return false;
	memcpy(ip, cursor->bytes + cursor->pos, len);
	cursor->pos += len;
	return true;
}

static bool take_address(struct cursor *cursor, struct socks_address *address)
{
	const char *reason = "the kind of address is unknown";
	uint8_t kind;

	*address = (struct socks_address){ 0 };
	if (!take_byte(cursor, SOCKS_IPV4, SOCKS_IPV6, &kind, reason))
		return false;
	if (kind == 2)
		return bad(cursor, cursor->pos - 1, reason);
	address->kind = (enum socks_kind)kind;
	if (kind == SOCKS_NAME ? !take_name(cursor, &address->name)
			       : !take_ip(cursor, address->ip, kind == SOCKS_IPV4 ? 4 : 16))
		return false;
	if (cursor->len - cursor->pos < 2)
		return false;
	address->port =
		(uint16_t)(cursor->bytes[cursor->pos] << 8 | cursor->bytes[cursor->pos + 1]);
	cursor->pos += 2;
	return true;
}

/* ---- Reading ---- */

struct parse socks_parse_greeting(const uint8_t *bytes, size_t len, struct slice *methods)
{
	struct cursor cursor = begin(bytes, len);

	if (!take_version(&cursor, VERSION) ||
	    !take_counted(&cursor, methods, "no method is offered"))
		return cursor.end;
	return parse_done(cursor.pos);
}

struct parse socks_parse_choice(const uint8_t *bytes, size_t len, uint8_t *method)
{
	struct cursor cursor = begin(bytes, len);

	if (!take_version(&cursor, VERSION) || !take_byte(&cursor, 0, 0xff, method, NULL))
		return cursor.end;
	return parse_done(cursor.pos);
}

struct parse socks_parse_login(const uint8_t *bytes, size_t len, struct socks_login *login)
{
	struct cursor cursor = begin(bytes, len);

	if (!take_version(&cursor, LOGIN_VERSION) ||
	    !take_counted(&cursor, &login->user, "the user name is empty") ||
	    !take_counted(&cursor, &login->password, "the password is empty"))
		return cursor.end;
	return parse_done(cursor.pos);
}

struct parse socks_parse_login_reply(const uint8_t *bytes, size_t len, bool *accepted)
{
	struct cursor cursor = begin(bytes, len);
	uint8_t status;

	if (!take_version(&cursor, LOGIN_VERSION) || !take_byte(&cursor, 0, 0xff, &status, NULL))
		return cursor.end;
	*accepted = status == 0;
	return parse_done(cursor.pos);
}

struct parse socks_parse_request(const uint8_t *bytes, size_t len, struct socks_request *request)
{
	struct cursor cursor = begin(bytes, len);
	uint8_t command;

	if (!take_version(&cursor, VERSION) ||
	    !take_byte(&cursor, SOCKS_CONNECT, SOCKS_UDP, &command, "the command is unknown") ||
	    !take_reserved(&cursor, 1) || !take_address(&cursor, &request->address))
		return cursor.end;
	request->command = (enum socks_command)command;
	return parse_done(cursor.pos);
}

struct parse socks_parse_reply(const uint8_t *bytes, size_t len, struct socks_reply *reply)
{
	struct cursor cursor = begin(bytes, len);
	uint8_t code;

	if (!take_version(&cursor, VERSION) ||
	    !take_byte(&cursor, 0, SOCKS_NO_ADDRESS_KIND, &code, "the reply is unknown") ||
	    !take_reserved(&cursor, 1) || !take_address(&cursor, &reply->address))
		return cursor.end;
	reply->code = (enum socks_code)code;
	return parse_done(cursor.pos);
}

struct parse socks_parse_datagram(const uint8_t *bytes, size_t len, struct socks_datagram *datagram)
{
	struct cursor cursor = begin(bytes, len);

	if (!take_reserved(&cursor, 2) || !take_byte(&cursor, 0, 0xff, &datagram->fragment, NULL) ||
	    !take_address(&cursor, &datagram->address))
		return cursor.end;
	return parse_done(cursor.pos);
}

/* ---- Writing ---- */

static bool is_countable(struct slice slice)
{
	return slice.len > 0 && slice.len <= SOCKS_LENGTH_MAX;
}

static void emit_counted(struct emit *to, struct slice slice)
{
	emit_byte(to, (uint8_t)slice.len);
	emit_slice(to, slice);
}

/* Emits three bytes and an address, which is the form of all but the first messages. */
static size_t encode_with_address(const uint8_t start[3], const struct socks_address *address,
				  uint8_t *bytes, size_t room)
{
	struct emit to = { bytes, room, 0 };

	emit_bytes(&to, start, 3);
	emit_byte(&to, (uint8_t)address->kind);
	if (address->kind == SOCKS_NAME) {
		if (!is_countable(address->name))
			return 0;
		emit_counted(&to, address->name);
	} else {
		emit_bytes(&to, address->ip, address->kind == SOCKS_IPV4 ? 4 : 16);
	}
	emit_u16(&to, address->port);
	return to.size;
}

static size_t encode_pair(uint8_t first, uint8_t second, uint8_t *bytes, size_t room)
{
	struct emit to = { bytes, room, 0 };

	emit_byte(&to, first);
	emit_byte(&to, second);
	return to.size;
}

size_t socks_encode_greeting(struct slice methods, uint8_t *bytes, size_t room)
{
	struct emit to = { bytes, room, 0 };

	if (!is_countable(methods))
		return 0;
	emit_byte(&to, VERSION);
	emit_counted(&to, methods);
	return to.size;
}

size_t socks_encode_choice(uint8_t method, uint8_t *bytes, size_t room)
{
	return encode_pair(VERSION, method, bytes, room);
}

size_t socks_encode_login(const struct socks_login *login, uint8_t *bytes, size_t room)
{
	struct emit to = { bytes, room, 0 };

	if (!is_countable(login->user) || !is_countable(login->password))
		return 0;
	emit_byte(&to, LOGIN_VERSION);
	emit_counted(&to, login->user);
	emit_counted(&to, login->password);
	return to.size;
}

size_t socks_encode_login_reply(bool accepted, uint8_t *bytes, size_t room)
{
	return encode_pair(LOGIN_VERSION, !accepted, bytes, room);
}

size_t socks_encode_request(const struct socks_request *request, uint8_t *bytes, size_t room)
{
	uint8_t start[] = { VERSION, (uint8_t)request->command, 0 };

	return encode_with_address(start, &request->address, bytes, room);
}

size_t socks_encode_reply(const struct socks_reply *reply, uint8_t *bytes, size_t room)
{
	uint8_t start[] = { VERSION, (uint8_t)reply->code, 0 };

	return encode_with_address(start, &reply->address, bytes, room);
}

size_t socks_encode_datagram(const struct socks_datagram *datagram, uint8_t *bytes, size_t room)
{
	uint8_t start[] = { 0, 0, datagram->fragment };

	return encode_with_address(start, &datagram->address, bytes, room);
}
