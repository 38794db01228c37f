/* socks_http.c -- CONNECT of HTTP, with the addresses of SOCKS.
 */
#include "protocol/socks.h"

#include "protocol/emit.h"

struct parse socks_parse_http_connect(const uint8_t *bytes, size_t len,
				      const struct http_limits *limits, struct socks_address *to)
{
	struct http_head head;
	struct parse got = http_parse_request(bytes, len, limits, &head);
	const struct url_authority *authority = &head.url.authority;

	if (got.status != PARSE_DONE)
		return got;
	if (head.form != HTTP_TARGET_AUTHORITY)
		return parse_bad(0, "the method is not CONNECT");
	if (authority->kind == URL_HOST_FUTURE || authority->host.len > SOCKS_LENGTH_MAX)
		return parse_bad((size_t)(authority->host.bytes - bytes),
				 "the host is none that can be connected to");
	*to = (struct socks_address){ .port = (uint16_t)authority->port_number };
	if (authority->kind == URL_HOST_NAME) {
		to->kind = SOCKS_NAME;
		to->name = authority->host;
	} else {
		to->kind = authority->kind == URL_HOST_IPV4 ? SOCKS_IPV4 : SOCKS_IPV6;
		memcpy(to->ip, authority->address, to->kind == SOCKS_IPV4 ? 4 : 16);
	}
	return got;
}

struct parse socks_parse_http_reply(const uint8_t *bytes, size_t len,
				    const struct http_limits *limits, int *status)
{
	struct http_head head;
	struct parse got = http_parse_response(bytes, len, limits, HTTP_ASKED_CONNECT, &head);

	if (got.status == PARSE_DONE)
		*status = head.status;
	return got;
}

static void emit_host(struct emit *to, const struct socks_address *address)
{
	uint8_t ipv6[48];

	switch (address->kind) {
	case SOCKS_NAME:
		emit_slice(to, address->name);
		break;
	case SOCKS_IPV4:
		for (int i = 0; i < 4; i++) {
			emit_text(to, i > 0 ? "." : "");
			emit_number(to, address->ip[i], 10);
		}
		break;
	case SOCKS_IPV6:
		emit_byte(to, '[');
		emit_bytes(to, ipv6, url_encode_ipv6(address->ip, ipv6, sizeof(ipv6)));
		emit_byte(to, ']');
		break;
	}
}

/* Writes the target of CONNECT, and gives its size; 0 when the address makes none. Names that are
 * longer than those of SOCKS may not fit the room.
 */
static size_t write_target(const struct socks_address *address, uint8_t *bytes, size_t room)
{
	struct emit to = { bytes, room, 0 };
	struct url_authority authority;

	emit_host(&to, address);
	emit_byte(&to, ':');
	emit_number(&to, address->port, 10);
	if (address->name.len > SOCKS_LENGTH_MAX ||
	    url_parse_authority(bytes, to.size, &authority).status == PARSE_BAD)
		return 0;
	if (authority.userinfo.bytes || authority.host.len == 0 || authority.port_number == 0)
		return 0;
	return to.size;
}

size_t socks_encode_http_connect(const struct socks_address *to, uint8_t *bytes, size_t room)
{
	static const uint8_t connect[] = "CONNECT", host[] = "Host";
	uint8_t text[SOCKS_LENGTH_MAX + sizeof(":65535") - 1];
	struct slice target = { text, write_target(to, text, sizeof(text)) };
	struct http_head head;

	if (target.len == 0)
		return 0;
	head.method = (struct slice){ connect, sizeof(connect) - 1 };
	head.target = target;
	head.minor = 1;
	head.fields.count = 1;
	head.fields.list[0] = (struct http_field){ { host, sizeof(host) - 1 }, target };
	return http_encode_request(&head, bytes, room);
}
