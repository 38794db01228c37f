/* socks_test.c -- SOCKS 5 and CONNECT: read, refused and written.
 */
#include "protocol/socks.h"

#include "protocol/property.h"

#include <criterion/criterion.h>

enum { ROOM = 1024 };

/* Bytes with their length, which may hold NUL. */
#define B(text) (const uint8_t *)(text), sizeof(text) - 1
#define S(text) ((struct slice){ B(text) })

static bool is(struct slice got, const char *want)
{
	return got.len == strlen(want) && !memcmp(got.bytes, want, got.len);
}

/* Every parser in the form that the properties ask for. */
#define PARSER(name, type)                                                                         \
	static struct parse parse_##name(const void *rules, const uint8_t *bytes, size_t len)      \
	{                                                                                          \
		type into;                                                                         \
		(void)rules;                                                                       \
		return socks_parse_##name(bytes, len, &into);                                      \
	}
PARSER(greeting, struct slice)
PARSER(choice, uint8_t)
PARSER(login, struct socks_login)
PARSER(login_reply, bool)
PARSER(request, struct socks_request)
PARSER(reply, struct socks_reply)
PARSER(datagram, struct socks_datagram)
#undef PARSER

static struct parse parse_http_connect(const void *rules, const uint8_t *bytes, size_t len)
{
	struct socks_address to;

	return socks_parse_http_connect(bytes, len, rules, &to);
}

static struct parse parse_http_reply(const void *rules, const uint8_t *bytes, size_t len)
{
	int status;

	return socks_parse_http_reply(bytes, len, rules, &status);
}

/* ---- What each parser says, in every split ---- */

#define LONG_NAME                                                                                  \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"                         \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"                         \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"                         \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	property_parser *parser;
	struct slice input;
	size_t used; /* or 0 when it is bad */
	size_t at;
	const char *reason;
} results[] = {
	{ parse_greeting, { B("\5\2\0\2more") }, 4 },
	{ parse_greeting, { B("\4\1\0") }, 0, 0, "the version is another one" },
	{ parse_greeting, { B("\5\0") }, 0, 1, "no method is offered" },
	{ parse_choice, { B("\5\377") }, 2 },
	{ parse_choice, { B("\0\0") }, 0, 0, "the version is another one" },
	{ parse_login, { B("\1\4user\6secretmore") }, 13 },
	{ parse_login, { B("\5\1a\1b") }, 0, 0, "the version is another one" },
	{ parse_login, { B("\1\0") }, 0, 1, "the user name is empty" },
	{ parse_login, { B("\1\1a\0") }, 0, 3, "the password is empty" },
	{ parse_login_reply, { B("\1\0more") }, 2 },
	{ parse_login_reply, { B("\5\0") }, 0, 0, "the version is another one" },
	{ parse_request, { B("\5\1\0\1\177\0\0\1\0\120more") }, 10 },
	{ parse_request, { B("\5\2\0\3\1h\0\120more") }, 8 },
	{ parse_request, { B("\5\3\0\4abcdefghijklmnop\0\120more") }, 22 },
	{ parse_request, { B("\4\1\0") }, 0, 0, "the version is another one" },
	{ parse_request, { B("\5\0\0") }, 0, 1, "the command is unknown" },
	{ parse_request, { B("\5\4\0") }, 0, 1, "the command is unknown" },
	{ parse_request, { B("\5\1\1") }, 0, 2, "a reserved byte is not 0" },
	{ parse_request, { B("\5\1\0\0") }, 0, 3, "the kind of address is unknown" },
	{ parse_request, { B("\5\1\0\2") }, 0, 3, "the kind of address is unknown" },
	{ parse_request, { B("\5\1\0\5") }, 0, 3, "the kind of address is unknown" },
	{ parse_request, { B("\5\1\0\3\0\0\120") }, 0, 4, "a name is empty" },
	{ parse_request,
	  { B("\5\1\0\3\3a\0b\0\120") },
	  0,
	  6,
	  "a byte of a name is not visible ASCII" },
	{ parse_request, { B("\5\1\0\3\3ab ") }, 0, 7, "a byte of a name is not visible ASCII" },
	{ parse_request, { B("\5\1\0\3\3\177") }, 0, 5, "a byte of a name is not visible ASCII" },
	{ parse_reply, { B("\5\10\0\1\0\0\0\0\0\0more") }, 10 },
	{ parse_reply, { B("\5\11") }, 0, 1, "the reply is unknown" },
	{ parse_reply, { B("\5\0\1") }, 0, 2, "a reserved byte is not 0" },
	{ parse_datagram, { B("\0\0\201\3\1h\0\120data") }, 8 },
	{ parse_datagram, { B("\1\0") }, 0, 0, "a reserved byte is not 0" },
	{ parse_datagram, { B("\0\1") }, 0, 1, "a reserved byte is not 0" },
	{ parse_http_connect, { B("CONNECT h:1 HTTP/1.0\r\n\r\nmore") }, 24 },
	{ parse_http_connect, { B("GET / HTTP/1.0\r\n\r\n") }, 0, 0, "the method is not CONNECT" },
	{ parse_http_connect,
	  { B("CONNECT [v1.a]:1 HTTP/1.0\r\n\r\n") },
	  0,
	  9,
	  "the host is none that can be connected to" },
	{ parse_http_connect,
	  { B("CONNECT " LONG_NAME ":1 HTTP/1.0\r\n\r\n") },
	  0,
	  8,
	  "the host is none that can be connected to" },
	{ parse_http_connect,
	  { B("CONNECT h HTTP/1.0\r\n\r\n") },
	  0,
	  8,
	  "the target of CONNECT is no host and port" },
	{ parse_http_reply, { B("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nmore") }, 38 },
	{ parse_http_reply, { B("HTTP/1.1 60") }, 0, 9, "the status is no number of 100 to 599" },
};

Test(socks, results)
{
	struct guard guard = guard_make(ROOM);

	for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
		struct parse got = property_splits(&guard, results[i].parser, &http_default_limits,
						   results[i].input.bytes, results[i].input.len);
		cr_assert_eq(got.status, results[i].used ? PARSE_DONE : PARSE_BAD, "row %zu", i);
		cr_expect_eq(got.used, results[i].used, "row %zu: %zu", i, got.used);
		cr_expect_eq(got.at, results[i].at, "row %zu: %zu", i, got.at);
		if (results[i].reason)
			cr_expect_str_eq(got.reason, results[i].reason, "row %zu", i);
	}
	guard_free(&guard);
}

/* ---- What is read ---- */

Test(socks, login_and_methods)
{
	struct socks_login login;
	struct slice methods;
	uint8_t method;
	bool accepted;

	socks_parse_greeting(B("\5\3\0\1\2"), &methods);
	cr_assert_eq(methods.len, 3);
	cr_expect_eq(methods.bytes[2], SOCKS_PASSWORD);
	socks_parse_choice(B("\5\377"), &method);
	cr_expect_eq(method, SOCKS_NO_METHOD);
	socks_parse_login(B("\1\4user\6sec\0et"), &login);
	cr_expect(is(login.user, "user"));
	cr_expect_eq(login.password.len, 6);
	socks_parse_login_reply(B("\1\0"), &accepted);
	cr_expect(accepted);
	socks_parse_login_reply(B("\1\1"), &accepted);
	cr_expect_not(accepted);
}

Test(socks, addresses)
{
	struct socks_request request;
	struct socks_reply reply;
	struct socks_datagram datagram;

	socks_parse_request(B("\5\2\0\1\300\0\2\377\1\273"), &request);
	cr_expect_eq(request.command, SOCKS_BIND);
	cr_expect_eq(request.address.kind, SOCKS_IPV4);
	cr_expect_arr_eq(request.address.ip, "\300\0\2\377", 4);
	cr_expect_eq(request.address.port, 443);
	socks_parse_reply(B("\5\5\0\4abcdefghijklmnop\377\376"), &reply);
	cr_expect_eq(reply.code, SOCKS_REFUSED);
	cr_expect_eq(reply.address.kind, SOCKS_IPV6);
	cr_expect_arr_eq(reply.address.ip, "abcdefghijklmnop", 16);
	cr_expect_eq(reply.address.port, 65534);
	socks_parse_datagram(B("\0\0\201\3\11localhost\0\65"), &datagram);
	cr_expect_eq(datagram.fragment, 0x81);
	cr_expect_eq(datagram.address.kind, SOCKS_NAME);
	cr_expect(is(datagram.address.name, "localhost"));
	cr_expect_eq(datagram.address.port, 53);
}

Test(socks, http_connect)
{
	struct socks_address to;
	int status;

	cr_expect_gt(socks_parse_http_connect(B("CONNECT a.b:80 HTTP/1.1\r\nHost: x\r\n\r\n"),
					      &http_default_limits, &to)
			     .used,
		     0);
	cr_expect_eq(to.kind, SOCKS_NAME);
	cr_expect(is(to.name, "a.b"));
	cr_expect_eq(to.port, 80);
	socks_parse_http_connect(B("CONNECT 192.0.2.1:65535 HTTP/1.0\r\n\r\n"),
				 &http_default_limits, &to);
	cr_expect_eq(to.kind, SOCKS_IPV4);
	cr_expect_arr_eq(to.ip, "\300\0\2\1", 4);
	cr_expect_eq(to.port, 65535);
	socks_parse_http_connect(B("CONNECT [::1]:80 HTTP/1.0\r\n\r\n"), &http_default_limits, &to);
	cr_expect_eq(to.kind, SOCKS_IPV6);
	cr_expect_eq(to.ip[15], 1);
	socks_parse_http_reply(B("HTTP/1.1 407 No\r\n\r\n"), &http_default_limits, &status);
	cr_expect_eq(status, 407);
}

/* ---- What is written ---- */

/* Writes into every room up to the size, flush against the guard page; expects these bytes. */
#define EXPECT_WRITTEN(want, call)                                                                 \
	do {                                                                                       \
		struct guard guard = guard_make(ROOM);                                             \
		size_t size = sizeof(want) - 1;                                                    \
		for (size_t room = 0; room <= size; room++) {                                      \
			uint8_t *out = guard_tail(&guard, room);                                   \
			cr_assert_eq(call, size);                                                  \
		}                                                                                  \
		cr_expect_arr_eq(guard_tail(&guard, size), want, size);                            \
		guard_free(&guard);                                                                \
	} while (0)

Test(socks, writes)
{
	struct socks_login login = { S("user"), S("secret") };
	struct socks_request request = { SOCKS_CONNECT,
					 { SOCKS_NAME, .name = S("host"), .port = 0x1234 } };
	struct socks_reply reply = { SOCKS_FORBIDDEN, { SOCKS_IPV4, .ip = { 1, 2, 3, 4 } } };
	struct socks_datagram datagram = { 3, { SOCKS_IPV6, .ip = { [15] = 9 }, .port = 1 } };

	EXPECT_WRITTEN("\5\2\0\2", socks_encode_greeting(S("\0\2"), out, room));
	EXPECT_WRITTEN("\5\2", socks_encode_choice(SOCKS_PASSWORD, out, room));
	EXPECT_WRITTEN("\1\4user\6secret", socks_encode_login(&login, out, room));
	EXPECT_WRITTEN("\1\0", socks_encode_login_reply(true, out, room));
	EXPECT_WRITTEN("\1\1", socks_encode_login_reply(false, out, room));
	EXPECT_WRITTEN("\5\1\0\3\4host\22\64", socks_encode_request(&request, out, room));
	EXPECT_WRITTEN("\5\2\0\1\1\2\3\4\0\0", socks_encode_reply(&reply, out, room));
	EXPECT_WRITTEN("\0\0\3\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\11\0\1",
		       socks_encode_datagram(&datagram, out, room));
}

Test(socks, writes_http_connect)
{
	struct socks_address name = { SOCKS_NAME, .name = S("a.b"), .port = 80 };
	struct socks_address ipv4 = { SOCKS_IPV4, .ip = { 192, 0, 2, 255 }, .port = 1 };
	struct socks_address ipv6 = { SOCKS_IPV6, .ip = { 0x20, 1, [15] = 1 }, .port = 65535 };

	EXPECT_WRITTEN("CONNECT a.b:80 HTTP/1.1\r\nHost: a.b:80\r\n\r\n",
		       socks_encode_http_connect(&name, out, room));
	EXPECT_WRITTEN("CONNECT 192.0.2.255:1 HTTP/1.1\r\nHost: 192.0.2.255:1\r\n\r\n",
		       socks_encode_http_connect(&ipv4, out, room));
	EXPECT_WRITTEN("CONNECT [2001::1]:65535 HTTP/1.1\r\nHost: [2001::1]:65535\r\n\r\n",
		       socks_encode_http_connect(&ipv6, out, room));
}

Test(socks, does_not_write)
{
	uint8_t out[ROOM];
	struct slice too_long = S(LONG_NAME), none = S("");
	struct slice longest = { too_long.bytes, SOCKS_LENGTH_MAX };
	struct socks_login logins[] = {
		{ none, longest },
		{ longest, none },
		{ too_long, longest },
		{ longest, too_long },
	};
	struct socks_request request = { SOCKS_CONNECT, { SOCKS_NAME, .port = 1 } };

	cr_expect_eq(socks_encode_greeting(none, out, sizeof out), 0);
	cr_expect_eq(socks_encode_greeting(too_long, out, sizeof out), 0);
	cr_expect_eq(socks_encode_greeting(longest, out, sizeof out), 257);
	for (size_t i = 0; i < sizeof logins / sizeof *logins; i++)
		cr_expect_eq(socks_encode_login(&logins[i], out, sizeof out), 0);
	cr_expect_eq(socks_encode_request(&request, out, sizeof out), 0);
	request.address.name = too_long;
	cr_expect_eq(socks_encode_request(&request, out, sizeof out), 0);
	request.address.name = longest;
	cr_expect_eq(socks_encode_request(&request, out, sizeof out), 262);
}

Test(socks, does_not_write_http_connect)
{
	static const struct {
		struct slice name;
		uint16_t port;
	} rows[] = {
		{ { B("") }, 1 },    { { B("a") }, 0 },      { { B("a b") }, 1 },
		{ { B("u@a") }, 1 }, { { B("a:80") }, 1 },   { { B("a/b") }, 1 },
		{ { B("[") }, 1 },   { { B("a\r\nb") }, 1 }, { { B(LONG_NAME) }, 1 },
	};
	uint8_t out[ROOM];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct socks_address to = { SOCKS_NAME, .name = rows[i].name,
					    .port = rows[i].port };
		cr_expect_eq(socks_encode_http_connect(&to, out, sizeof out), 0, "row %zu", i);
	}
}
