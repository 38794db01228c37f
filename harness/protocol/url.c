/* url.c -- URIs split into their parts, and put together again.
 */
#include "protocol/url.h"

#include "protocol/chars.h"
#include "protocol/emit.h"

static bool is_user_char(uint8_t byte)
{
	return is_name_char(byte) || byte == ':';
}

static bool is_path_char(uint8_t byte)
{
	return is_user_char(byte) || byte == '@' || byte == '/';
}

/* Of a query and of a fragment. */
static bool is_query_char(uint8_t byte)
{
	return is_path_char(byte) || byte == '?';
}

static bool is_scheme_char(uint8_t byte)
{
	return is_alpha(byte) || is_digit(byte) || is_one_of(byte, "+-.");
}

static struct slice slice_of(const uint8_t *bytes, size_t from, size_t to)
{
	return (struct slice){ bytes + from, to - from };
}

/* Where the first byte at or behind `pos` stands that is neither of the class nor percent-encoded.
 */
static size_t span(const uint8_t *bytes, size_t len, size_t pos, bool (*in_class)(uint8_t))
{
	while (pos < len) {
		if (in_class(bytes[pos]))
			pos++;
		else if (bytes[pos] == '%' && len - pos > 2 && hex_value(bytes[pos + 1]) >= 0 &&
			 hex_value(bytes[pos + 2]) >= 0)
			pos += 3;
		else
			break;
	}
	return pos;
}

static struct parse bad_byte(const uint8_t *bytes, size_t at, const char *reason)
{
	if (bytes[at] == '%')
		reason = "a percent sign stands without two hexadecimal digits";
	return parse_bad(at, reason);
}

/* ---- Addresses ---- */

/* One number of 0 to 255 without leading zeros: its length, or 0. */
static size_t read_octet(const uint8_t *bytes, size_t len, uint8_t *octet)
{
	unsigned value = 0;
	size_t n = 0;

	while (n < len && n < 3 && is_digit(bytes[n]))
		value = value * 10 + (unsigned)(bytes[n++] - '0');
	if (value > 255 || (n > 1 && bytes[0] == '0'))
		return 0;
	*octet = (uint8_t)value;
	return n;
}

static bool read_ipv4(const uint8_t *bytes, size_t len, uint8_t address[4])
{
	size_t pos = 0;

	for (int i = 0; i < 4; i++) {
		if (i > 0 && (pos == len || bytes[pos++] != '.'))
			return false;
		size_t n = read_octet(bytes + pos, len - pos, &address[i]);
		if (n == 0)
			return false;
		pos += n;
	}
	return pos == len;
}

struct ipv6 {
	uint8_t *address;
	size_t used; /* bytes of the address that are known */
	size_t gap;  /* how many of them stand before the "::", or NO_GAP */
};

enum { NO_GAP = 17 };

/* Reads ":" or "::" behind a group: its length, or 0 when it is neither or ends the address. */
static size_t read_colons(struct ipv6 *ip, const uint8_t *bytes, size_t len)
{
	if (bytes[0] != ':' || len == 1)
		return 0;
	if (bytes[1] != ':')
		return 1;
	if (ip->gap != NO_GAP)
		return 0;
	ip->gap = ip->used;
	return 2;
}

/* Reads one to four hexadecimal digits, or the IPv4 address that ends it all: the length, or 0. */
static size_t read_group(struct ipv6 *ip, const uint8_t *bytes, size_t len)
{
	unsigned value = 0;
	size_t n = 0;

	while (n < len && n < 4 && hex_value(bytes[n]) >= 0)
		value = value * 16 + (unsigned)hex_value(bytes[n++]);
	if (n < len && bytes[n] == '.') {
		if (ip->used > 12 || !read_ipv4(bytes, len, ip->address + ip->used))
			return 0;
		ip->used += 4;
		return len;
	}
	if (ip->used == 16)
		return 0;
	ip->address[ip->used++] = (uint8_t)(value >> 8);
	ip->address[ip->used++] = (uint8_t)value;
	return n;
}

static bool read_ipv6(const uint8_t *bytes, size_t len, uint8_t address[16])
{
	struct ipv6 ip = { .address = address, .gap = NO_GAP };
	size_t pos = 0;

	if (len > 1 && bytes[0] == ':') {
		pos = read_colons(&ip, bytes, len);
		if (pos != 2)
			return false;
	}
	while (pos < len) {
		size_t n = read_group(&ip, bytes + pos, len - pos);
		if (n == 0)
			return false;
		pos += n;
		if (pos == len)
			break;
		n = read_colons(&ip, bytes + pos, len - pos);
		if (n == 0)
			return false;
		pos += n;
	}
	if (ip.gap == NO_GAP)
		return ip.used == 16;
	if (ip.used == 16)
		return false; /* "::" is at least one group */
	memmove(address + 16 - (ip.used - ip.gap), address + ip.gap, ip.used - ip.gap);
	memset(address + ip.gap, 0, 16 - ip.used);
	return true;
}

/* "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" ); no percent-encoding here. */
static bool is_future(struct slice host)
{
	size_t pos = 1;

	while (pos < host.len && hex_value(host.bytes[pos]) >= 0)
		pos++;
	if (pos == 1 || pos == host.len || host.bytes[pos] != '.' || pos + 1 == host.len)
		return false;
	while (++pos < host.len)
		if (!is_user_char(host.bytes[pos]))
			return false;
	return true;
}

/* ---- Authority ---- */

/* Reads "[...]" at `pos`, and moves that behind it. */
static struct parse read_literal(const uint8_t *bytes, size_t len, size_t *pos,
				 struct url_authority *authority)
{
	const uint8_t *end = memchr(bytes + *pos, ']', len - *pos);

	if (!end)
		return parse_bad(*pos, "a bracket in the host is not closed");
	struct slice host = slice_of(bytes, *pos + 1, (size_t)(end - bytes));
	authority->host = host;
	if (host.len && to_lower(host.bytes[0]) == 'v') {
		authority->kind = URL_HOST_FUTURE;
		if (!is_future(host))
			return parse_bad(*pos + 1, "the host in brackets is of no known form");
	} else {
		authority->kind = URL_HOST_IPV6;
		if (!read_ipv6(host.bytes, host.len, authority->address))
			return parse_bad(*pos + 1, "the host in brackets is no IPv6 address");
	}
	*pos += host.len + 2;
	return parse_done(*pos);
}

static void read_name(const uint8_t *bytes, size_t len, size_t *pos,
		      struct url_authority *authority)
{
	size_t end = span(bytes, len, *pos, is_name_char);

	authority->host = slice_of(bytes, *pos, end);
	authority->kind = URL_HOST_NAME;
	if (read_ipv4(bytes + *pos, end - *pos, authority->address))
		authority->kind = URL_HOST_IPV4;
	*pos = end;
}

/* Reads the digits from `pos` to the end. */
static struct parse read_port(const uint8_t *bytes, size_t len, size_t pos,
			      struct url_authority *authority)
{
	authority->port = slice_of(bytes, pos, len);
	if (pos < len)
		authority->port_number = 0;
	for (; pos < len; pos++) {
		if (!is_digit(bytes[pos]))
			return parse_bad(pos, "a byte of the port is no digit");
		authority->port_number = authority->port_number * 10 + bytes[pos] - '0';
		if (authority->port_number > 65535)
			return parse_bad(pos, "the port is above 65535");
	}
	return parse_done(len);
}

struct parse url_parse_authority(const uint8_t *bytes, size_t len, struct url_authority *authority)
{
	const uint8_t *at = len ? memchr(bytes, '@', len) : NULL;
	size_t pos = 0;

	*authority = (struct url_authority){ .port_number = -1 };
	if (at) {
		authority->userinfo = slice_of(bytes, 0, (size_t)(at - bytes));
		pos = span(bytes, authority->userinfo.len, 0, is_user_char);
		if (pos < authority->userinfo.len)
			return bad_byte(bytes, pos, "a byte is not allowed in a userinfo");
		pos++;
	}
	if (pos < len && bytes[pos] == '[') {
		struct parse literal = read_literal(bytes, len, &pos, authority);
		if (literal.status == PARSE_BAD)
			return literal;
	} else {
		read_name(bytes, len, &pos, authority);
	}
	if (pos == len)
		return parse_done(len);
	if (bytes[pos] != ':')
		return bad_byte(bytes, pos, "a byte is not allowed in a host");
	return read_port(bytes, len, pos + 1, authority);
}

/* ---- The whole ---- */

struct parse url_parse_path(const uint8_t *bytes, size_t len, struct url *url)
{
	size_t start = 0;
	size_t pos = span(bytes, len, 0, is_path_char);

	url->path = slice_of(bytes, 0, pos);
	url->query = (struct slice){ NULL, 0 };
	url->fragment = (struct slice){ NULL, 0 };
	if (pos < len && bytes[pos] == '?') {
		start = pos + 1;
		pos = span(bytes, len, start, is_query_char);
		url->query = slice_of(bytes, start, pos);
	}
	if (pos < len && bytes[pos] == '#') {
		start = pos + 1;
		pos = span(bytes, len, start, is_query_char);
		url->fragment = slice_of(bytes, start, pos);
	}
	if (pos < len)
		return bad_byte(bytes, pos, "a byte is not allowed in a path, query or fragment");
	return parse_done(len);
}

/* What was found bad behind the first `offset` bytes, told of the whole. */
static struct parse moved(struct parse bad, size_t offset)
{
	bad.at += offset;
	return bad;
}

/* Reads "//" and an authority at `pos`, if they are there, and moves that behind them. */
static struct parse read_authority(const uint8_t *bytes, size_t len, size_t *pos, struct url *url)
{
	size_t start = *pos + 2;
	size_t end = start;

	url->has_authority = len - *pos > 1 && bytes[*pos] == '/' && bytes[*pos + 1] == '/';
	if (!url->has_authority)
		return parse_done(0);
	while (end < len && !is_one_of(bytes[end], "/?#"))
		end++;
	*pos = end;
	return moved(url_parse_authority(bytes + start, end - start, &url->authority), start);
}

struct parse url_parse(const uint8_t *bytes, size_t len, struct url *url)
{
	size_t pos = 0;

	while (pos < len && is_scheme_char(bytes[pos]))
		pos++;
	if (pos == len || bytes[pos] != ':')
		return parse_bad(pos, "the scheme does not end with a colon");
	if (!is_alpha(bytes[0]))
		return parse_bad(0, "the scheme does not begin with a letter");
	url->scheme = slice_of(bytes, 0, pos++);
	struct parse authority = read_authority(bytes, len, &pos, url);
	if (authority.status == PARSE_BAD)
		return authority;
	struct parse rest = url_parse_path(bytes + pos, len - pos, url);
	if (rest.status == PARSE_BAD)
		return moved(rest, pos);
	return parse_done(len);
}

/* ---- Writing ---- */

static void emit_authority(struct emit *to, const struct url_authority *authority)
{
	bool literal = authority->kind == URL_HOST_IPV6 || authority->kind == URL_HOST_FUTURE;

	emit_text(to, "//");
	if (authority->userinfo.bytes) {
		emit_slice(to, authority->userinfo);
		emit_byte(to, '@');
	}
	emit_text(to, literal ? "[" : "");
	emit_slice(to, authority->host);
	emit_text(to, literal ? "]" : "");
	if (authority->port.bytes) {
		emit_byte(to, ':');
		emit_slice(to, authority->port);
	}
}

size_t url_encode(const struct url *url, uint8_t *bytes, size_t room)
{
	struct emit to = { bytes, room, 0 };

	emit_slice(&to, url->scheme);
	emit_byte(&to, ':');
	if (url->has_authority)
		emit_authority(&to, &url->authority);
	emit_slice(&to, url->path);
	if (url->query.bytes) {
		emit_byte(&to, '?');
		emit_slice(&to, url->query);
	}
	if (url->fragment.bytes) {
		emit_byte(&to, '#');
		emit_slice(&to, url->fragment);
	}
	return to.size;
}
