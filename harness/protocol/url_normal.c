/* url_normal.c -- the normal form of a URI, by which two of them can be compared.
 */
#include "protocol/url.h"

#include "protocol/chars.h"
#include "protocol/emit.h"

static const struct {
	const char *scheme;
	int port;
} default_ports[] = {
	{ "ftp", 21 }, { "http", 80 }, { "https", 443 }, { "ws", 80 }, { "wss", 443 },
};

static int default_port(struct slice scheme)
{
	for (size_t i = 0; i < sizeof(default_ports) / sizeof(*default_ports); i++)
		if (slice_is(scheme, default_ports[i].scheme))
			return default_ports[i].port;
	return -1;
}

static uint8_t as_is(uint8_t byte)
{
	return byte;
}

/* Percent-encodings are undone where the byte needs none, and in upper case where it does. */
static void emit_normal(struct emit *to, struct slice part, uint8_t (*change)(uint8_t))
{
	for (size_t i = 0; i < part.len; i++) {
		if (part.bytes[i] != '%') {
			emit_byte(to, change(part.bytes[i]));
			continue;
		}
		int high = hex_value(part.bytes[++i]);
		int low = hex_value(part.bytes[++i]);
		uint8_t byte = (uint8_t)(high * 16 + low);
		if (is_unreserved(byte)) {
			emit_byte(to, change(byte));
		} else {
			emit_byte(to, '%');
			emit_byte(to, "0123456789ABCDEF"[byte >> 4]);
			emit_byte(to, "0123456789ABCDEF"[byte & 15]);
		}
	}
}

/* ---- Authority ---- */

/* The longest run of zero groups is written "::", the first of equals; a single one is not. */
static void emit_ipv6(struct emit *to, const uint8_t address[16])
{
	int best = 8, best_len = 1;

	for (int i = 0, run = 0; i < 8; i++) {
		run = address[2 * i] || address[2 * i + 1] ? 0 : run + 1;
		if (run > best_len) {
			best_len = run;
			best = i + 1 - run;
		}
	}
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			emit_text(to, "::");
			i += best_len - 1;
			continue;
		}
		if (i > 0 && i != best + best_len)
			emit_byte(to, ':');
		emit_number(to, (unsigned)address[2 * i] << 8 | address[2 * i + 1], 16);
	}
}

size_t url_encode_ipv6(const uint8_t address[16], uint8_t *bytes, size_t room)
{
	struct emit to = { bytes, room, 0 };

	emit_ipv6(&to, address);
	return to.size;
}

static void emit_host(struct emit *to, const struct url_authority *authority)
{
	switch (authority->kind) {
	case URL_HOST_IPV6:
		emit_byte(to, '[');
		emit_ipv6(to, authority->address);
		emit_byte(to, ']');
		break;
	case URL_HOST_FUTURE:
		emit_byte(to, '[');
		emit_normal(to, authority->host, to_lower);
		emit_byte(to, ']');
		break;
	case URL_HOST_IPV4:
	case URL_HOST_NAME:
		emit_normal(to, authority->host, to_lower);
		break;
	}
}

static void emit_authority(struct emit *to, const struct url *url)
{
	const struct url_authority *authority = &url->authority;

	emit_text(to, "//");
	if (authority->userinfo.bytes) {
		emit_normal(to, authority->userinfo, as_is);
		emit_byte(to, '@');
	}
	emit_host(to, authority);
	if (authority->port_number >= 0 && authority->port_number != default_port(url->scheme)) {
		emit_byte(to, ':');
		emit_number(to, (uint64_t)authority->port_number, 10);
	}
}

/* ---- Path ---- */

/* How many dots a segment consists of, encoded or not: 1 or 2, or 0 for any other segment. */
static unsigned dots_of(struct slice segment)
{
	unsigned dots = 0;

	for (size_t i = 0; i < segment.len; i++) {
		if (segment.len - i > 2 && segment.bytes[i] == '%' && segment.bytes[i + 1] == '2' &&
		    to_lower(segment.bytes[i + 2]) == 'e')
			i += 2;
		else if (segment.bytes[i] != '.')
			return 0;
		if (++dots > 2)
			return 0;
	}
	return dots;
}

static size_t size_of_normal(struct slice part)
{
	struct emit nowhere = { NULL, 0, 0 };

	emit_normal(&nowhere, part, as_is);
	return nowhere.size;
}

struct dotless {
	size_t size;
	bool two_slashes; /* it begins with "//" */
};

/* Removes the dot segments from a path that begins with "/". It goes from the last segment to the
 * first, and so knows of each how many ".." remove it. With an `end` that is not NULL what is left
 * is written so that it ends there.
 */
static struct dotless remove_dots(struct slice path, uint8_t *end)
{
	struct dotless left = { 0, false };
	size_t removed = 0;

	for (size_t stop = path.len; stop > 0;) {
		struct slice segment = { path.bytes + stop, 0 };
		bool last = stop == path.len;
		for (; segment.bytes[-1] != '/'; segment.len++)
			segment.bytes--;
		stop -= segment.len + 1;
		unsigned dots = dots_of(segment);
		removed += dots == 2;
		if (dots ? !last : removed > 0) {
			removed -= !dots;
			continue;
		}
		if (dots)
			segment.len = 0; /* "/a/." is "/a/" */
		size_t size = 1 + size_of_normal(segment);
		left.two_slashes = size == 1 && left.size > 0;
		left.size += size;
		if (end) {
			struct emit to = { end - left.size, size, 0 };
			emit_byte(&to, '/');
			emit_normal(&to, segment, as_is);
		}
	}
	return left;
}

static void emit_path(struct emit *to, const struct url *url)
{
	if (url->path.len == 0) {
		emit_text(to, url->has_authority ? "/" : "");
	} else if (url->path.bytes[0] != '/') {
		emit_normal(to, url->path, as_is);
	} else {
		struct dotless left = remove_dots(url->path, NULL);
		/* Without an authority two slashes would begin one. */
		if (left.two_slashes && !url->has_authority)
			emit_text(to, "/.");
		to->size += left.size;
		if (to->size <= to->room)
			remove_dots(url->path, to->bytes + to->size);
	}
}

size_t url_normalise(const struct url *url, uint8_t *bytes, size_t room)
{
	struct emit to = { bytes, room, 0 };

	emit_normal(&to, url->scheme, to_lower);
	emit_byte(&to, ':');
	if (url->has_authority)
		emit_authority(&to, url);
	emit_path(&to, url);
	if (url->query.bytes) {
		emit_byte(&to, '?');
		emit_normal(&to, url->query, as_is);
	}
	if (url->fragment.bytes) {
		emit_byte(&to, '#');
		emit_normal(&to, url->fragment, as_is);
	}
	return to.size;
}
