/* pack_print.c -- packs, unpacks or sizes, as an input of the judge asks for.
 *
 * An input is a letter (c: calcsize, u: unpack, p: pack), the format's length (2 bytes, little
 * endian), the format, and for u the data, for p the values: a letter (i, u, b, d, s), then 8
 * bytes, little endian, or for s 2 bytes of length and the bytes.
 */
#include "protocol/judges/printers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/number.h"
#include "protocol/pack.h"

enum { VALUES_MAX = 4096, SIZE_MAX_JUDGED = 1 << 20 };

static const char *const faults[] = {
	[PACK_OK] = "ok",           [PACK_BAD_FORMAT] = "format",
	[PACK_WRONG_SIZE] = "size", [PACK_WRONG_COUNT] = "count",
	[PACK_WRONG_TYPE] = "type", [PACK_OUT_OF_RANGE] = "range",
};

static void print_value(const struct pack_value *value, FILE *out)
{
	uint64_t bits;

	switch (value->kind) {
	case PACK_INT:
		fprintf(out, " i:%" PRId64, value->number);
		return;
	case PACK_UINT:
		fprintf(out, " i:%" PRIu64, value->natural);
		return;
	case PACK_BOOL:
		fprintf(out, " ?:%d", value->truth);
		return;
	case PACK_REAL:
		memcpy(&bits, &value->real, sizeof bits);
		if (isnan(value->real))
			fputs(" d:nan", out);
		else
			fprintf(out, " d:%016" PRIx64, bits);
		return;
	case PACK_BYTES:
		fputs(" s:", out);
		print_hex(value->bytes.bytes, value->bytes.len, out);
	}
}

static void print_size(struct slice format, FILE *out)
{
	struct pack_layout layout;

	if (pack_layout(format.bytes, format.len, &layout).status == PARSE_DONE)
		fprintf(out, "ok %zu", layout.size);
	else
		fputs("format", out);
}

static void print_unpacked(struct slice format, struct slice data, FILE *out)
{
	struct pack_reader reader;
	struct pack_value value;

	fputs(faults[pack_unpack(format, data, &reader).fault], out);
	while (pack_next(&reader, &value))
		print_value(&value, out);
}

static size_t take(struct slice *data, size_t count)
{
	size_t taken = count < data->len ? count : data->len;

	data->bytes += taken;
	data->len -= taken;
	return taken;
}

/* Takes a value from the front of the data, which are known to hold whole ones. */
static struct pack_value take_value(struct slice *data)
{
	uint8_t kind = data->bytes[0];
	struct pack_value value = { PACK_INT };

	take(data, 1);
	if (kind == 's') {
		value.kind = PACK_BYTES;
		value.bytes.len = (size_t)number_load(data->bytes, 2, true);
		take(data, 2);
		value.bytes.bytes = data->bytes;
		value.bytes.len = take(data, value.bytes.len);
		return value;
	}
	value.natural = number_load(data->bytes, 8, true);
	take(data, 8);
	if (kind == 'u')
		value.kind = PACK_UINT;
	if (kind == 'b')
		value = (struct pack_value){ PACK_BOOL, .truth = value.natural != 0 };
	if (kind == 'd')
		value = (struct pack_value){ PACK_REAL, .real = number_to_real(value.natural, 8) };
	return value;
}

static void print_packed(struct slice format, struct slice data, FILE *out)
{
	static struct pack_value values[VALUES_MAX];
	size_t count = 0;
	uint8_t *bytes;

	while (data.len && count < VALUES_MAX)
		values[count++] = take_value(&data);
	struct pack_result result = pack_encode(format, values, count, NULL, 0);
	if (result.fault != PACK_OK || result.size > SIZE_MAX_JUDGED) {
		fputs(faults[result.fault], out);
		return;
	}
	bytes = malloc(result.size + 1);
	if (!bytes)
		abort();
	result = pack_encode(format, values, count, bytes, result.size);
	fputs(faults[result.fault], out);
	if (result.fault == PACK_OK) {
		fputc(' ', out);
		print_hex(bytes, result.size, out);
	}
	free(bytes);
}

void print_pack(const uint8_t *bytes, size_t len, FILE *out)
{
	struct slice format = { bytes + 3,
				len >= 3 ? (size_t)number_load(bytes + 1, 2, true) : SIZE_MAX };

	if (format.len > len - 3) {
		fputs("no input of this judge", out);
		return;
	}
	struct slice data = { format.bytes + format.len, len - 3 - format.len };
	if (bytes[0] == 'c')
		print_size(format, out);
	if (bytes[0] == 'u')
		print_unpacked(format, data, out);
	if (bytes[0] == 'p')
		print_packed(format, data, out);
}
