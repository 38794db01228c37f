/* socks.h -- how a proxy is asked for a connection: SOCKS 5, and CONNECT of HTTP.
 *
 * Grammar: RFC 1928 (SOCKS 5), RFC 1929 (user name and password), RFC 9110 section 9.3.6 (CONNECT).
 * Refused: other versions, reserved bytes that are not 0, empty lists of methods, empty names, user
 * names and passwords, names with bytes other than visible ASCII (a resolver cannot be asked for
 * them, and a NUL would cut one), unknown commands, replies and kinds of address.
 * Limits are the format's own: a length is one byte, so lists and names have 255 bytes at most.
 */
#ifndef SOCKDRILL_SOCKS_H
#define SOCKDRILL_SOCKS_H

#include "protocol/http.h"
#include "protocol/parse.h"

enum { SOCKS_LENGTH_MAX = 255 };

enum socks_method {
	SOCKS_NO_LOGIN = 0,
	SOCKS_GSSAPI = 1,
	SOCKS_PASSWORD = 2,
	SOCKS_NO_METHOD = 0xff /* none that was offered is accepted */
};

enum socks_command { SOCKS_CONNECT = 1, SOCKS_BIND = 2, SOCKS_UDP = 3 };

enum socks_code {
	SOCKS_SUCCEEDED = 0,
	SOCKS_FAILED = 1,
	SOCKS_FORBIDDEN = 2,
	SOCKS_NET_UNREACHABLE = 3,
	SOCKS_HOST_UNREACHABLE = 4,
	SOCKS_REFUSED = 5,
	SOCKS_TTL_EXPIRED = 6,
	SOCKS_NO_COMMAND = 7,
	SOCKS_NO_ADDRESS_KIND = 8
};

enum socks_kind { SOCKS_IPV4 = 1, SOCKS_NAME = 3, SOCKS_IPV6 = 4 };

struct socks_address {
	enum socks_kind kind;
	uint8_t ip[16];    /* IPV4: the first 4; IPV6: all; otherwise 0 */
	struct slice name; /* of SOCKS_NAME, within the bytes that were parsed */
	uint16_t port;
};

struct socks_login {
	struct slice user;
	struct slice password;
};

struct socks_request {
	enum socks_command command;
	struct socks_address address;
};

struct socks_reply {
	enum socks_code code;
	struct socks_address address;
};

/* What stands before the data of a datagram that goes through the proxy. */
struct socks_datagram {
	uint8_t fragment; /* 0: not a fragment; the highest bit marks the last one */
	struct socks_address address;
};

/* ---- Reading; what is given is filled when the status is DONE ---- */

/* The client's methods: one byte each. */
struct parse socks_parse_greeting(const uint8_t *bytes, size_t len, struct slice *methods);

/* The server's choice: any byte, of which socks_method names some. */
struct parse socks_parse_choice(const uint8_t *bytes, size_t len, uint8_t *method);

struct parse socks_parse_login(const uint8_t *bytes, size_t len, struct socks_login *login);

/* Whether the login was accepted: its status is 0. */
struct parse socks_parse_login_reply(const uint8_t *bytes, size_t len, bool *accepted);

struct parse socks_parse_request(const uint8_t *bytes, size_t len, struct socks_request *request);
struct parse socks_parse_reply(const uint8_t *bytes, size_t len, struct socks_reply *reply);

/* A datagram arrives as a whole: PARTIAL means that it is too short, and the data is behind `used`.
 */
struct parse socks_parse_datagram(const uint8_t *bytes, size_t len,
				  struct socks_datagram *datagram);

/* A request with the method CONNECT; bad in other ways, too, as http_parse_request() finds. */
struct parse socks_parse_http_connect(const uint8_t *bytes, size_t len,
				      const struct http_limits *limits, struct socks_address *to);

/* The answer to CONNECT: with a status of 2xx the tunnel begins behind `used`. */
struct parse socks_parse_http_reply(const uint8_t *bytes, size_t len,
				    const struct http_limits *limits, int *status);

/* ---- Writing: each gives the size of the whole, or 0 when the format cannot hold it ---- */

/* 0: a list, name, user name or password that is empty or longer than SOCKS_LENGTH_MAX. */
size_t socks_encode_greeting(struct slice methods, uint8_t *bytes, size_t room);
size_t socks_encode_choice(uint8_t method, uint8_t *bytes, size_t room);
size_t socks_encode_login(const struct socks_login *login, uint8_t *bytes, size_t room);
size_t socks_encode_login_reply(bool accepted, uint8_t *bytes, size_t room);
size_t socks_encode_request(const struct socks_request *request, uint8_t *bytes, size_t room);
size_t socks_encode_reply(const struct socks_reply *reply, uint8_t *bytes, size_t room);
size_t socks_encode_datagram(const struct socks_datagram *datagram, uint8_t *bytes, size_t room);

/* A CONNECT request of HTTP/1.1 with its Host; 0: the port is 0, or the name is no host of a URI.
 * The answer is written by http_encode_response().
 */
size_t socks_encode_http_connect(const struct socks_address *to, uint8_t *bytes, size_t room);

#endif
