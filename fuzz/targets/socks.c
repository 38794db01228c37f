/* socks.c -- fuzzes what proxies are asked: a byte chooses the message, the rest is what arrives.
 */
#include "protocol/socks.h"

#include "protocol/property.h"

enum { INPUT_MAX = 1 << 14, ROOM = 1 << 10 };

GUARD_FOR_TARGET(INPUT_MAX)

/* Any message: only the member of the message that was chosen is used. */
struct message {
	struct slice methods;
	uint8_t byte;
	bool accepted;
	struct socks_login login;
	struct socks_request request;
	struct socks_reply reply;
	struct socks_datagram datagram;
	struct socks_address to;
	int status;
};

enum kind { GREETING, CHOICE, LOGIN, LOGIN_REPLY, REQUEST, REPLY, DATAGRAM, CONNECT, HTTP, KINDS };

static struct parse read_message(enum kind kind, const uint8_t *bytes, size_t len,
				 struct message *message)
{
	switch (kind) {
	case GREETING:
		return socks_parse_greeting(bytes, len, &message->methods);
	case CHOICE:
		return socks_parse_choice(bytes, len, &message->byte);
	case LOGIN:
		return socks_parse_login(bytes, len, &message->login);
	case LOGIN_REPLY:
		return socks_parse_login_reply(bytes, len, &message->accepted);
	case REQUEST:
		return socks_parse_request(bytes, len, &message->request);
	case REPLY:
		return socks_parse_reply(bytes, len, &message->reply);
	case DATAGRAM:
		return socks_parse_datagram(bytes, len, &message->datagram);
	case CONNECT:
		return socks_parse_http_connect(bytes, len, &http_default_limits, &message->to);
	default:
		return socks_parse_http_reply(bytes, len, &http_default_limits, &message->status);
	}
}

static size_t write_message(enum kind kind, const struct message *message, uint8_t *bytes,
			    size_t room)
{
	switch (kind) {
	case GREETING:
		return socks_encode_greeting(message->methods, bytes, room);
	case CHOICE:
		return socks_encode_choice(message->byte, bytes, room);
	case LOGIN:
		return socks_encode_login(&message->login, bytes, room);
	case LOGIN_REPLY:
		return socks_encode_login_reply(message->accepted, bytes, room);
	case REQUEST:
		return socks_encode_request(&message->request, bytes, room);
	case REPLY:
		return socks_encode_reply(&message->reply, bytes, room);
	case DATAGRAM:
		return socks_encode_datagram(&message->datagram, bytes, room);
	default:
		return socks_encode_http_connect(&message->to, bytes, room);
	}
}

static struct parse parse(const void *kind, const uint8_t *bytes, size_t len)
{
	struct message message;

	return read_message(*(const enum kind *)kind, bytes, len, &message);
}

static bool same_address(const struct socks_address *a, const struct socks_address *b)
{
	return a->kind == b->kind && a->port == b->port && memcmp(a->ip, b->ip, 16) == 0 &&
	       a->name.len == b->name.len &&
	       (a->name.len == 0 || memcmp(a->name.bytes, b->name.bytes, a->name.len) == 0);
}

/* An address that CONNECT can name is read again as it was, unless a name looks like a number. */
static void check_connect(const struct socks_address *address)
{
	uint8_t out[ROOM];
	struct socks_address again;
	size_t size = socks_encode_http_connect(address, out, sizeof out);
	struct parse got;

	if (size == 0)
		return;
	property(size <= sizeof out);
	got = socks_parse_http_connect(out, size, &http_default_limits, &again);
	if (address->kind == SOCKS_NAME && got.status == PARSE_BAD)
		property(address->name.bytes[0] == '[');
	else
		property(got.used == size);
	if (got.status == PARSE_DONE && again.kind == address->kind)
		property(same_address(&again, address));
	else
		property(address->kind == SOCKS_NAME);
}

/* SOCKS has one form for each message: what is written is what was read. */
static void check_written(enum kind kind, const struct message *message, const uint8_t *bytes,
			  size_t used)
{
	size_t size = write_message(kind, message, guard_tail(&guard, used), used);

	property(size == used);
	if (kind == LOGIN_REPLY)
		property(guard_tail(&guard, 1)[0] == !message->accepted);
	else
		property(memcmp(guard_tail(&guard, used), bytes, used) == 0);
	property(write_message(kind, message, guard_tail(&guard, used / 2), used / 2) == used);
}

/* Any bytes as a list, a name and a login: written only if they can be read again. */
static void check_encoders(struct slice text)
{
	struct socks_login login = { text, { text.bytes, text.len / 2 } };
	struct socks_address address = { .kind = SOCKS_NAME, .name = text, .port = 1 };
	struct socks_request request = { SOCKS_CONNECT, address };
	bool fits = text.len > 0 && text.len <= SOCKS_LENGTH_MAX;
	uint8_t out[ROOM];

	property((socks_encode_greeting(text, out, sizeof out) > 0) == fits);
	property((socks_encode_login(&login, out, sizeof out) > 0) == (fits && text.len > 1));
	property((socks_encode_request(&request, out, sizeof out) > 0) == fits);
	check_connect(&address);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1 || size > INPUT_MAX)
		return 0;
	enum kind kind = (enum kind)(data[0] % KINDS);
	const uint8_t *bytes = data + 1;
	struct parse whole = property_few_splits(&guard, parse, &kind, bytes, size - 1);
	struct message message;

	check_encoders((struct slice){ bytes, size - 1 });
	if (whole.status != PARSE_DONE)
		return 0;
	read_message(kind, bytes, size - 1, &message);
	if (kind < CONNECT)
		check_written(kind, &message, bytes, whole.used);
	if (kind == REQUEST)
		check_connect(&message.request.address);
	if (kind == CONNECT)
		check_connect(&message.to);
	return 0;
}
