/* url.c -- fuzzes URIs: nothing is read beyond them, and what is written is what was read. */
#include "protocol/url.h"

#include "protocol/property.h"

enum { INPUT_MAX = 1 << 13 };

GUARD_FOR_TARGET(INPUT_MAX + 64)

static void check_parts(const struct url *url, const uint8_t *data, size_t size)
{
	uint8_t *out = guard_tail(&guard, size);

	property(url_encode(url, out, size) == size);
	property(memcmp(out, data, size) == 0);
}

/* The normal form is a URI and its own normal form; where it does not fit nothing runs over. */
static void check_normal_form(const struct url *url, size_t missing)
{
	uint8_t first[INPUT_MAX + 64];
	size_t size = url_normalise(url, NULL, 0);
	struct url again;

	property(size <= sizeof first);
	missing %= size + 1;
	property(url_normalise(url, guard_tail(&guard, size - missing), size - missing) == size);
	property(url_normalise(url, first, size) == size);
	property(url_parse(first, size, &again).status == PARSE_DONE);
	property(again.has_authority == url->has_authority);
	property(url_normalise(&again, guard_tail(&guard, size), size) == size);
	property(memcmp(guard_tail(&guard, size), first, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct url url;

	if (size > INPUT_MAX)
		return 0;
	struct parse got = url_parse(guard_copy(&guard, data, size), size, &url);
	property_result(got, size);
	property(got.status != PARSE_PARTIAL);
	if (got.status != PARSE_DONE)
		return 0;
	property(url_parse(data, size, &url).used == size);
	check_parts(&url, data, size);
	check_normal_form(&url, size / 2);
	return 0;
}
