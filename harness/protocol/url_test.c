/* url_test.c -- URIs: what is taken, what is refused and where, and the normal form.
 */
#include "protocol/url.h"

#include "protocol/property.h"

#include <criterion/criterion.h>

enum { ROOM = 512 };

static struct slice text(const char *text)
{
	return (struct slice){ (const uint8_t *)text, strlen(text) };
}

static bool is(struct slice got, const char *want)
{
	return want ? got.bytes && got.len == strlen(want) && !memcmp(got.bytes, want, got.len)
		    : !got.bytes;
}

static struct parse parse(const char *input, struct url *url)
{
	return url_parse(text(input).bytes, strlen(input), url);
}

/* ---- Parts ---- */

static const struct parts {
	const char *input;
	const char *scheme, *userinfo, *host, *port, *path, *query, *fragment;
	enum url_host kind;
	int number;
} parts[] = {
	/* RFC 3986 section 1.1.2 */
	{ "ftp://ftp.is.co.za/rfc/rfc1808.txt", "ftp", NULL, "ftp.is.co.za", NULL,
	  "/rfc/rfc1808.txt", NULL, NULL, URL_HOST_NAME, -1 },
	{ "ldap://[2001:db8::7]/c=GB?objectClass?one", "ldap", NULL, "2001:db8::7", NULL, "/c=GB",
	  "objectClass?one", NULL, URL_HOST_IPV6, -1 },
	{ "telnet://192.0.2.16:80/", "telnet", NULL, "192.0.2.16", "80", "/", NULL, NULL,
	  URL_HOST_IPV4, 80 },
	/* RFC 3986 section 3 */
	{ "foo://example.com:8042/over/there?name=ferret#nose", "foo", NULL, "example.com", "8042",
	  "/over/there", "name=ferret", "nose", URL_HOST_NAME, 8042 },
	{ "http://u:p%40@h:/?#", "http", "u:p%40", "h", "", "/", "", "", URL_HOST_NAME, -1 },
	{ "a://@", "a", "", "", NULL, "", NULL, NULL, URL_HOST_NAME, -1 },
	{ "a://#/?", "a", NULL, "", NULL, "", NULL, "/?", URL_HOST_NAME, -1 },
	{ "h://1.2.3.4.5:65535", "h", NULL, "1.2.3.4.5", "65535", "", NULL, NULL, URL_HOST_NAME,
	  65535 },
	{ "h://1.2.3.04:00", "h", NULL, "1.2.3.04", "00", "", NULL, NULL, URL_HOST_NAME, 0 },
	{ "h://1.2.3.256", "h", NULL, "1.2.3.256", NULL, "", NULL, NULL, URL_HOST_NAME, -1 },
	{ "h://1.2.3", "h", NULL, "1.2.3", NULL, "", NULL, NULL, URL_HOST_NAME, -1 },
	{ "h://1.2.3-4", "h", NULL, "1.2.3-4", NULL, "", NULL, NULL, URL_HOST_NAME, -1 },
	{ "h://[v1F.a:!]", "h", NULL, "v1F.a:!", NULL, "", NULL, NULL, URL_HOST_FUTURE, -1 },
};

static void expect_parts(const struct parts *want)
{
	struct url url;
	struct parse got = parse(want->input, &url);

	cr_assert_eq(got.status, PARSE_DONE, "%s: %s", want->input, got.reason);
	cr_expect_eq(got.used, strlen(want->input));
	cr_assert(url.has_authority, "%s", want->input);
	cr_expect(is(url.scheme, want->scheme), "%s", want->input);
	cr_expect(is(url.authority.userinfo, want->userinfo), "%s", want->input);
	cr_expect(is(url.authority.host, want->host), "%s", want->input);
	cr_expect(is(url.authority.port, want->port), "%s", want->input);
	cr_expect(is(url.path, want->path), "%s", want->input);
	cr_expect(is(url.query, want->query), "%s", want->input);
	cr_expect(is(url.fragment, want->fragment), "%s", want->input);
	cr_expect_eq(url.authority.kind, want->kind, "%s", want->input);
	cr_expect_eq(url.authority.port_number, want->number, "%s", want->input);
}

Test(url, parts)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		expect_parts(&parts[i]);
}

Test(url, parts_without_authority)
{
	struct url url;

	cr_assert_eq(parse("urn:oasis:names:x?=a", &url).status, PARSE_DONE);
	cr_expect_not(url.has_authority);
	cr_expect(is(url.path, "oasis:names:x"));
	cr_expect(is(url.query, "=a"));
	cr_assert_eq(parse("a:", &url).status, PARSE_DONE);
	cr_expect(is(url.path, ""));
	cr_assert_eq(parse("a:/", &url).status, PARSE_DONE);
	cr_expect_not(url.has_authority);
	cr_expect(is(url.path, "/"));
}

Test(url, addresses)
{
	static const struct {
		const char *input;
		uint8_t address[16];
	} rows[] = {
		{ "a://[::]", { 0 } },
		{ "a://[::1]", { [15] = 1 } },
		{ "a://[1::]", { 0, 1 } },
		{ "a://[1:2:3:4:5:6:7::]", { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7 } },
		{ "a://[Fe80::aBcD:1]", { 0xfe, 0x80, [12] = 0xab, 0xcd, 0, 1 } },
		{ "a://[1:2:3:4:5:6:7:8]", { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8 } },
		{ "a://[::ffff:1.20.255.0]", { [10] = 0xff, 0xff, 1, 20, 255, 0 } },
		{ "a://[1:2:3:4:5:6:7.8.9.10]",
		  { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 7, 8, 9, 10 } },
		{ "a://10.2.30.255", { 10, 2, 30, 255 } },
	};
	struct url url;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_assert_eq(parse(rows[i].input, &url).status, PARSE_DONE, "%s", rows[i].input);
		cr_expect_arr_eq(url.authority.address, rows[i].address,
				 url.authority.kind == URL_HOST_IPV4 ? 4 : 16, "%s", rows[i].input);
	}
}

/* ---- What is refused ---- */

static const struct {
	const char *input;
	size_t at;
	const char *reason;
} refused[] = {
	{ "", 0, "the scheme does not end with a colon" },
	{ ":", 0, "the scheme does not begin with a letter" },
	{ "abc", 3, "the scheme does not end with a colon" },
	{ "/a:b", 0, "the scheme does not end with a colon" },
	{ "1a:b", 0, "the scheme does not begin with a letter" },
	{ "a:b c", 3, "a byte is not allowed in a path, query or fragment" },
	{ "a:b\xc3\xa4", 3, "a byte is not allowed in a path, query or fragment" },
	{ "a:%", 2, "a percent sign stands without two hexadecimal digits" },
	{ "a:%a", 2, "a percent sign stands without two hexadecimal digits" },
	{ "a:%ag", 2, "a percent sign stands without two hexadecimal digits" },
	{ "a:%ga", 2, "a percent sign stands without two hexadecimal digits" },
	{ "a:?[", 3, "a byte is not allowed in a path, query or fragment" },
	{ "a:##", 3, "a byte is not allowed in a path, query or fragment" },
	{ "a://a@b@c", 7, "a byte is not allowed in a host" },
	{ "a://\\@b", 4, "a byte is not allowed in a userinfo" },
	{ "a://%@b", 4, "a percent sign stands without two hexadecimal digits" },
	{ "a://b%", 5, "a percent sign stands without two hexadecimal digits" },
	{ "a://b c", 5, "a byte is not allowed in a host" },
	{ "a://[::1", 4, "a bracket in the host is not closed" },
	{ "a://[::1]b", 9, "a byte is not allowed in a host" },
	{ "a://[]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[:]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[:1]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[1:]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[:::]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[::1::]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[1:2:3:4:5:6:7]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[1:2:3:4:5:6:7:8::]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[1:2:3:4:5:6:7:8:9]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[12345::]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[::1.2.3]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[1:2:3:4:5:6:7:1.2.3.4]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[1.2.3.4::]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[fe80::1%25eth0]", 5, "the host in brackets is no IPv6 address" },
	{ "a://[v.x]", 5, "the host in brackets is of no known form" },
	{ "a://[v1]", 5, "the host in brackets is of no known form" },
	{ "a://[v1.]", 5, "the host in brackets is of no known form" },
	{ "a://[v1-x]", 5, "the host in brackets is of no known form" },
	{ "a://[v1.%41]", 5, "the host in brackets is of no known form" },
	{ "a://b:8a", 7, "a byte of the port is no digit" },
	{ "a://b:65536", 10, "the port is above 65535" },
	{ "a://b:99999999999999999999", 10, "the port is above 65535" },
};

Test(url, refused)
{
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct url url;
		struct parse got = parse(refused[i].input, &url);
		cr_assert_eq(got.status, PARSE_BAD, "%s", refused[i].input);
		cr_expect_eq(got.at, refused[i].at, "%s: at %zu", refused[i].input, got.at);
		cr_expect_str_eq(got.reason, refused[i].reason, "%s", refused[i].input);
	}
}

/* Every byte by itself in every part, against the characters that RFC 3986 names. */
Test(url, every_byte)
{
	const char *unreserved =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	const char *sub_delims = "!$&'()*+,;=";
	static const struct {
		const char *format, *more;
	} rows[] = {
		{ "a://%c@h", ":" },  { "a://x%c", ":/?#@" }, /* these begin other parts */
		{ "a:x%c", ":@/?#" }, { "a:?%c", ":@/?#" },   { "a:#%c", ":@/?" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int c = 1; c < 256; c++) {
			char input[16];
			struct url url;
			int len = snprintf(input, sizeof input, rows[i].format, c);
			bool allowed = strchr(unreserved, c) || strchr(sub_delims, c) ||
				       strchr(rows[i].more, c);
			if (i == 0 && strchr("/?#", c))
				continue; /* ends the authority: the "@" is of the next part */
			struct parse got = url_parse((uint8_t *)input, (size_t)len, &url);
			cr_expect_eq(got.status == PARSE_DONE, allowed, "%s", input);
		}
}

/* ---- Writing ---- */

/* What is written fits its room exactly, is the same for any larger room, and never exceeds one. */
static size_t write_exactly(size_t (*write)(const struct url *, uint8_t *, size_t),
			    const struct url *url, char *out)
{
	struct guard guard = guard_make(ROOM);
	size_t size = write(url, NULL, 0);

	cr_assert_leq(size, ROOM);
	for (size_t room = 0; room <= size; room++)
		cr_assert_eq(write(url, guard_tail(&guard, room), room), size);
	memcpy(out, guard_tail(&guard, size), size);
	guard_free(&guard);
	return size;
}

Test(url, encodes_what_it_parsed)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		struct url url;
		char out[ROOM];
		parse(parts[i].input, &url);
		size_t size = write_exactly(url_encode, &url, out);
		cr_expect_eq(size, strlen(parts[i].input), "%s", parts[i].input);
		cr_expect_arr_eq(out, parts[i].input, size, "%.*s", (int)size, out);
	}
}

static const struct {
	const char *input, *want;
} normal_forms[] = {
	{ "HTTP://EXAMPLE.com:80", "http://example.com/" },
	{ "https://a:443?b", "https://a/?b" },
	{ "https://a:80/", "https://a:80/" },
	{ "wss://a:0443#B", "wss://a/#B" },
	{ "ws://a:/", "ws://a/" },
	{ "ftp://U%3a:P@A:21/", "ftp://U%3A:P@a/" },
	{ "http://%41%c3%a4%7e/%41%c3%a4%7E?%41%2f#%61%2F", "http://a%C3%A4~/A%C3%A4~?A%2F#a%2F" },
	{ "http://1.2.3.4/", "http://1.2.3.4/" },
	{ "http://[V1.X]/", "http://[v1.x]/" },
	{ "http://[0:0:0:0:0:0:0:0]/", "http://[::]/" },
	{ "http://[1:0:0:0:0:0:0:0]/", "http://[1::]/" },
	{ "http://[0:0:0:0:0:0:0:ABCD]/", "http://[::abcd]/" },
	{ "http://[1:0:3:4:5:6:7:8]/", "http://[1:0:3:4:5:6:7:8]/" },
	{ "http://[1:0:0:4:0:0:7:8]/", "http://[1::4:0:0:7:8]/" },
	{ "http://[1:0:0:4:0:0:0:8]/", "http://[1:0:0:4::8]/" },
	{ "http://[::1.2.3.4]/", "http://[::102:304]/" },
	/* RFC 3986 section 5.4, the paths after merging */
	{ "http://a/b/c/../g", "http://a/b/g" },
	{ "http://a/b/c/./g", "http://a/b/c/g" },
	{ "http://a/b/c/../../g", "http://a/g" },
	{ "http://a/b/c/../../../../g", "http://a/g" },
	{ "http://a/b/c/..", "http://a/b/" },
	{ "http://a/b/c/.", "http://a/b/c/" },
	{ "http://a/b/c/g.", "http://a/b/c/g." },
	{ "http://a/b/c/..g", "http://a/b/c/..g" },
	{ "http://a/b/c/...", "http://a/b/c/..." },
	{ "http://a/b/c/./g/../h", "http://a/b/c/h" },
	{ "http://a/b//../c", "http://a/b/c" },
	{ "http://a/..", "http://a/" },
	{ "http://a/%2E./%2e/%2E%2e/b", "http://a/b" },
	{ "x:/a/../b", "x:/b" },
	{ "x:/a/..//b", "x:/.//b" },
	{ "x:/.//", "x:/.//" },
	{ "x://h//b", "x://h//b" },
	{ "x:a/../b", "x:a/../b" },
	{ "x:", "x:" },
};

Test(url, normal_form)
{
	for (size_t i = 0; i < sizeof normal_forms / sizeof *normal_forms; i++) {
		const char *input = normal_forms[i].input, *want = normal_forms[i].want;
		struct url url;
		char out[ROOM];
		struct parse got = parse(input, &url);
		cr_assert_eq(got.status, PARSE_DONE, "%s", input);
		size_t size = write_exactly(url_normalise, &url, out);
		cr_expect(size == strlen(want) && !memcmp(out, want, size), "%s: %.*s, not %s",
			  input, (int)size, out, want);
	}
}

/* ---- Properties ---- */

/* Whatever stands before the guard page: every beginning and every end of every input above. */
Test(url, reads_nothing_beyond)
{
	struct guard guard = guard_make(ROOM);

	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		for (size_t len = 0; len <= strlen(refused[i].input); len++) {
			struct url url;
			const uint8_t *bytes = guard_copy(&guard, refused[i].input, len);
			property_result(url_parse(bytes, len, &url), len);
		}
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		for (size_t len = 0; len <= strlen(parts[i].input); len++) {
			struct url url;
			const uint8_t *bytes = guard_copy(&guard, parts[i].input, len);
			property_result(url_parse(bytes, len, &url), len);
		}
	guard_free(&guard);
}

Test(url, empty_authority_needs_no_bytes)
{
	struct url_authority authority;
	struct url url;

	cr_expect_eq(url_parse_authority(NULL, 0, &authority).status, PARSE_DONE);
	cr_expect_eq(authority.host.len, 0);
	cr_expect_eq(url_parse(NULL, 0, &url).status, PARSE_BAD);
}
