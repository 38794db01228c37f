/* pack.c -- fuzzes packing: a byte says how long the format is, which is next; data follow. */
#include "protocol/pack.h"

#include "protocol/property.h"

enum { INPUT_MAX = 1 << 16, VALUES_MAX = 64, ROOM = 1024 };

GUARD_FOR_TARGET(INPUT_MAX)

struct values {
	struct pack_value value[VALUES_MAX];
	size_t count;
};

/* A beginning of a format is bad where the whole is, and from the same byte on. */
static struct parse check_format(struct slice format, struct pack_layout *ret_layout)
{
	const uint8_t *flush = guard_copy(&guard, format.bytes, format.len);
	struct parse whole = pack_layout(flush, format.len, ret_layout);
	size_t cuts[] = { whole.at, whole.at + 1, format.len / 2 };
	struct pack_layout unused;

	property(whole.status != PARSE_DONE || whole.used == format.len);
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts && cuts[i] <= format.len; i++) {
		struct parse part = pack_layout(flush, cuts[i], &unused);
		bool bad = whole.status == PARSE_BAD && cuts[i] > whole.at;
		property((part.status == PARSE_BAD) == bad && part.at == (bad ? whole.at : 0));
	}
	return whole;
}

static bool unpack(struct slice format, struct slice data, struct values *ret_values)
{
	struct pack_reader reader;

	ret_values->count = 0;
	if (pack_unpack(format, data, &reader).fault != PACK_OK)
		return false;
	while (ret_values->count < VALUES_MAX &&
	       pack_next(&reader, &ret_values->value[ret_values->count]))
		ret_values->count++;
	return true;
}

static bool same(const struct pack_value *a, const struct pack_value *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case PACK_BYTES:
		return a->bytes.len == b->bytes.len &&
		       !memcmp(a->bytes.bytes, b->bytes.bytes, a->bytes.len);
	case PACK_REAL:
		return a->real == b->real || (a->real != a->real && b->real != b->real);
	case PACK_BOOL:
		return a->truth == b->truth;
	default:
		return a->natural == b->natural;
	}
}

/* What was unpacked is packed, and unpacked the same. */
static void check_round(struct slice format, const struct values *first)
{
	uint8_t room[ROOM];
	struct pack_result packed =
		pack_encode(format, first->value, first->count, room, sizeof room);
	struct slice data = { guard_copy(&guard, room, packed.size), packed.size };
	struct values second;

	property(packed.fault == PACK_OK && packed.at == first->count);
	property(unpack(format, data, &second) && second.count == first->count);
	for (size_t i = 0; i < first->count; i++)
		property(same(&first->value[i], &second.value[i]));

	uint8_t *again = room;
	packed = pack_encode(format, second.value, second.count, again, packed.size);
	property(packed.fault == PACK_OK && !memcmp(again, data.bytes, data.len));
}

/* Takes a value of any kind from the front of the data; false: there are not enough. */
static bool take_value(struct slice *data, struct pack_value *ret_value)
{
	if (data->len < 9)
		return false;
	ret_value->kind = (enum pack_kind)(data->bytes[0] % 5);
	if (ret_value->kind == PACK_BYTES)
		ret_value->bytes = (struct slice){ data->bytes + 1, data->bytes[1] % 9 };
	else if (ret_value->kind == PACK_BOOL)
		ret_value->truth = data->bytes[1] & 1;
	else
		memcpy(&ret_value->natural, data->bytes + 1, 8);
	data->bytes += 9;
	data->len -= 9;
	return true;
}

/* Values that nobody unpacked: whatever they are, what is said of them is one of the faults. */
static void check_values(struct slice format, struct slice data, struct pack_layout layout)
{
	uint8_t *room = guard_tail(&guard, layout.size);
	struct values values;

	for (values.count = 0; values.count < layout.values; values.count++)
		if (!take_value(&data, &values.value[values.count]))
			break;
	struct pack_result result =
		pack_encode(format, values.value, values.count, room, layout.size);
	property(result.size == layout.size);
	property((result.fault == PACK_WRONG_COUNT) == (values.count != layout.values));
	property((result.fault == PACK_OK) == (result.at == layout.values) ||
		 result.fault == PACK_WRONG_COUNT);
	property(pack_fault_text(result.fault));
	if (layout.size)
		property(pack_encode(format, values.value, layout.values, NULL, layout.size - 1)
				 .size == layout.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size || size > INPUT_MAX || size - 1 < data[0])
		return 0;
	struct slice format = { data + 1, data[0] };
	struct slice rest = { data + 1 + data[0], size - 1 - data[0] };
	struct pack_layout layout;
	struct pack_reader reader;
	struct values values;

	struct parse whole = check_format(format, &layout);
	struct pack_result result = pack_unpack(format, rest, &reader);
	if (whole.status != PARSE_DONE) {
		property(result.fault == PACK_BAD_FORMAT);
		property(pack_encode(format, NULL, 0, NULL, 0).fault == PACK_BAD_FORMAT);
		property(!pack_next(&reader, &values.value[0]));
		return 0;
	}
	property(result.fault == (rest.len == layout.size ? PACK_OK : PACK_WRONG_SIZE));
	if (layout.values > VALUES_MAX || layout.size > ROOM)
		return 0;
	if (layout.size <= rest.len) {
		struct slice front = { rest.bytes, layout.size };
		property(unpack(format, front, &values) && values.count == layout.values);
		check_round(format, &values);
	}
	check_values(format, rest, layout);
	return 0;
}
