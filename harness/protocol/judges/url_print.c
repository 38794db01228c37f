/* url_print.c -- a URI's parts and its normal form, as one line.
 */
#include "protocol/judges/printers.h"
#include "protocol/url.h"

#include <stdlib.h>

/* done KIND NORMAL-FORM, with KIND one of "none" (no authority), "name", "ipv4", "ipv6", "future";
 * or bad OFFSET REASON. The normal form is printable ASCII without spaces, as every URI is.
 */
void print_url(const uint8_t *bytes, size_t len, FILE *out)
{
	static const char *const kinds[] = { "name", "ipv4", "ipv6", "future" };
	struct url url;
	struct parse got = url_parse(bytes, len, &url);

	if (got.status == PARSE_BAD) {
		fprintf(out, "bad %zu %s", got.at, got.reason);
		return;
	}
	size_t size = url_normalise(&url, NULL, 0);
	uint8_t *normal = malloc(size);
	if (!normal)
		abort();
	url_normalise(&url, normal, size);
	fprintf(out, "done %s ", url.has_authority ? kinds[url.authority.kind] : "none");
	fwrite(normal, 1, size, out);
	free(normal);
}
