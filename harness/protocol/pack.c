/* pack.c -- reads formats, and packs and unpacks values as they say. */
#include "protocol/pack.h"

#include <string.h>
#include <sys/types.h>

#include "protocol/number.h"

enum shape { PADDING, CHARACTER, STRING, PASCAL, SIGNED, UNSIGNED, ADDRESS, TRUTH, REAL };

struct pack_code {
	enum shape shape;
	char letter;
	uint8_t standard; /* size with every mark but @; 0: there is none */
	uint8_t native;   /* size with @ */
	uint8_t align;    /* with @ */
};

/* Size, and how a struct aligns such a member; _Alignof may say more. */
/* clang-format off */
#define BESIDE(type) struct { char before; type member; }
#define NATIVE(type) sizeof(type), sizeof(BESIDE(type)) - sizeof(type)
/* clang-format on */

static const struct pack_code codes[] = {
	{ PADDING, 'x', 1, NATIVE(char) },       { CHARACTER, 'c', 1, NATIVE(char) },
	{ STRING, 's', 1, NATIVE(char) },        { PASCAL, 'p', 1, NATIVE(char) },
	{ SIGNED, 'b', 1, NATIVE(char) },        { UNSIGNED, 'B', 1, NATIVE(char) },
	{ TRUTH, '?', 1, NATIVE(_Bool) },        { SIGNED, 'h', 2, NATIVE(short) },
	{ UNSIGNED, 'H', 2, NATIVE(short) },     { SIGNED, 'i', 4, NATIVE(int) },
	{ UNSIGNED, 'I', 4, NATIVE(int) },       { SIGNED, 'l', 4, NATIVE(long) },
	{ UNSIGNED, 'L', 4, NATIVE(long) },      { SIGNED, 'q', 8, NATIVE(long long) },
	{ UNSIGNED, 'Q', 8, NATIVE(long long) }, { SIGNED, 'n', 0, NATIVE(ssize_t) },
	{ UNSIGNED, 'N', 0, NATIVE(size_t) },    { ADDRESS, 'P', 0, NATIVE(void *) },
	{ REAL, 'e', 2, NATIVE(short) },         { REAL, 'f', 4, NATIVE(float) },
	{ REAL, 'd', 8, NATIVE(double) },
};

static const bool little_endian_machine = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

static const char too_large[] = "the format describes more than memory can hold";

static const struct pack_code *find_code(uint8_t letter, bool native)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i].letter == (char)letter && (native || codes[i].standard))
			return &codes[i];
	return NULL;
}

static bool is_space(uint8_t byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static struct pack_place begin_format(struct slice format)
{
	struct pack_place place = { .format = format,
				    .native = true,
				    .little_endian = little_endian_machine };
	uint8_t mark = format.len ? format.bytes[0] : 0;

	switch (mark) {
	case '<':
		place.little_endian = true;
		break;
	case '>':
	case '!':
		place.little_endian = false;
		break;
	case '=':
	case '@':
		break;
	default:
		return place;
	}
	place.native = mark == '@';
	place.at = 1;
	return place;
}

/* Reads the count at the place, if there is one; 1 without. */
static struct parse read_count(struct pack_place *place, size_t *ret_count)
{
	const struct slice *format = &place->format;

	*ret_count = !is_digit(format->bytes[place->at]);
	for (; place->at < format->len && is_digit(format->bytes[place->at]); place->at++) {
		size_t digit = format->bytes[place->at] - (size_t)'0';
		if (*ret_count > ((size_t)PTRDIFF_MAX - digit) / 10)
			return parse_bad(place->at, too_large);
		*ret_count = *ret_count * 10 + digit;
	}
	return place->at == format->len ? parse_partial() : parse_done(place->at);
}

/* Lays out the item, whose code is at the place, behind what was laid out before. */
static struct parse place_item(struct pack_place *place, struct pack_item *item)
{
	size_t align = place->native ? item->code->align : 1;
	size_t room = (size_t)PTRDIFF_MAX - place->offset;
	size_t gap = (align - place->offset % align) % align;

	item->size = place->native ? item->code->native : item->code->standard;
	if (gap > room || item->count > (room - gap) / item->size)
		return parse_bad(place->at, too_large);
	item->offset = place->offset + gap;
	place->offset = item->offset + item->count * item->size;
	place->at++;
	return parse_done(place->at);
}

/* Reads the next item of the format. False: there is none; *ret_end says whether the format is done
 * or at fault. */
static bool next_item(struct pack_place *place, struct pack_item *ret_item, struct parse *ret_end)
{
	const struct slice *format = &place->format;

	while (place->at < format->len && is_space(format->bytes[place->at]))
		place->at++;
	*ret_end = parse_done(format->len);
	if (place->at == format->len)
		return false;
	*ret_end = read_count(place, &ret_item->count);
	if (ret_end->status != PARSE_DONE)
		return false;
	ret_item->code = find_code(format->bytes[place->at], place->native);
	if (ret_item->code)
		*ret_end = place_item(place, ret_item);
	else
		*ret_end = parse_bad(place->at, "this is no code, or none with this mark");
	return ret_end->status == PARSE_DONE;
}

static size_t values_of(const struct pack_item *item)
{
	switch (item->code->shape) {
	case PADDING:
		return 0;
	case STRING:
	case PASCAL:
		return 1;
	default:
		return item->count;
	}
}

struct parse pack_layout(const uint8_t *format, size_t len, struct pack_layout *ret_layout)
{
	struct pack_place place = begin_format((struct slice){ format, len });
	struct pack_item item;
	struct parse end;
	size_t values = 0;

	while (next_item(&place, &item, &end))
		values += values_of(&item);
	*ret_layout = (struct pack_layout){ .size = place.offset, .values = values };
	return end;
}

/* What the layout says before a value is looked at. */
static struct pack_result begin(struct slice format, struct pack_layout *ret_layout)
{
	struct parse end = pack_layout(format.bytes, format.len, ret_layout);

	if (end.status == PARSE_BAD)
		return (struct pack_result){ PACK_BAD_FORMAT, .at = end.at };
	if (end.status == PARSE_PARTIAL)
		return (struct pack_result){ PACK_BAD_FORMAT, .at = format.len };
	return (struct pack_result){ PACK_OK, .size = ret_layout->size };
}

struct pack_result pack_unpack(struct slice format, struct slice data,
			       struct pack_reader *ret_reader)
{
	struct pack_layout layout;
	struct pack_result result = begin(format, &layout);

	if (result.fault == PACK_OK && layout.size != data.len)
		result.fault = PACK_WRONG_SIZE;
	if (result.fault != PACK_OK)
		format.len = 0;
	*ret_reader = (struct pack_reader){ .place = begin_format(format), .data = data };
	return result;
}

static struct slice unpack_string(const struct pack_item *item, const uint8_t *bytes)
{
	if (item->code->shape == CHARACTER)
		return (struct slice){ bytes, 1 };
	if (item->code->shape == STRING || !item->count)
		return (struct slice){ bytes, item->count };
	/* A length beyond the room is cut to it. */
	size_t len = bytes[0] < item->count ? bytes[0] : item->count - 1;
	return (struct slice){ bytes + 1, len };
}

static struct pack_value unpack_value(const struct pack_reader *reader, const uint8_t *bytes)
{
	const struct pack_item *item = &reader->item;
	enum shape shape = item->code->shape;

	if (shape == CHARACTER || shape == STRING || shape == PASCAL)
		return (struct pack_value){ PACK_BYTES, .bytes = unpack_string(item, bytes) };

	uint64_t number = number_load(bytes, item->size, reader->place.little_endian);
	switch (shape) {
	case SIGNED:
		return (struct pack_value){ PACK_INT, .number = number_signed(number, item->size) };
	case TRUTH:
		return (struct pack_value){ PACK_BOOL, .truth = number != 0 };
	case REAL:
		return (struct pack_value){ PACK_REAL, .real = number_to_real(number, item->size) };
	default:
		return (struct pack_value){ PACK_UINT, .natural = number };
	}
}

bool pack_next(struct pack_reader *reader, struct pack_value *ret_value)
{
	struct parse end;

	while (!reader->left) {
		if (!next_item(&reader->place, &reader->item, &end))
			return false;
		reader->left = values_of(&reader->item);
	}
	*ret_value = unpack_value(reader, reader->data.bytes + reader->item.offset);
	reader->item.offset += reader->item.size;
	reader->left--;
	return true;
}

static bool is_true(const struct pack_value *value)
{
	switch (value->kind) {
	case PACK_INT:
		return value->number != 0;
	case PACK_UINT:
		return value->natural != 0;
	case PACK_BOOL:
		return value->truth;
	case PACK_REAL:
		return value->real != 0;
	default:
		return value->bytes.len != 0;
	}
}

/* The value as the 64 bits of an integer; false: it is none. */
static bool integer_of(const struct pack_value *value, bool *ret_negative, uint64_t *ret_bits)
{
	*ret_negative = false;
	switch (value->kind) {
	case PACK_INT:
		*ret_negative = value->number < 0;
		*ret_bits = (uint64_t)value->number;
		return true;
	case PACK_UINT:
		*ret_bits = value->natural;
		return true;
	case PACK_BOOL:
		*ret_bits = value->truth;
		return true;
	default:
		return false;
	}
}

static enum pack_fault integer_bits(const struct pack_item *item, const struct pack_value *value,
				    uint64_t *ret_bits)
{
	uint64_t unsigned_max = UINT64_MAX >> (64 - 8 * item->size);
	int64_t signed_min = -(int64_t)(unsigned_max / 2) - 1;
	bool negative;

	if (!integer_of(value, &negative, ret_bits))
		return PACK_WRONG_TYPE;

	uint64_t max = item->code->shape == SIGNED ? unsigned_max / 2 : unsigned_max;
	int64_t min = item->code->shape == UNSIGNED ? 0 : signed_min;
	bool fits = negative ? (int64_t)*ret_bits >= min : *ret_bits <= max;
	return fits ? PACK_OK : PACK_OUT_OF_RANGE;
}

static enum pack_fault real_bits(const struct pack_item *item, bool native,
				 const struct pack_value *value, uint64_t *ret_bits)
{
	bool negative;
	uint64_t integer;
	double real;

	if (value->kind == PACK_REAL)
		real = value->real;
	else if (integer_of(value, &negative, &integer))
		real = negative ? (double)(int64_t)integer : (double)integer;
	else
		return PACK_WRONG_TYPE;
	if (number_of_real(real, item->size, ret_bits))
		return PACK_OK;
	/* The machine's own float is made by its own conversion, which never fails. */
	return native && item->size == sizeof(float) ? PACK_OK : PACK_OUT_OF_RANGE;
}

static enum pack_fault pack_string(const struct pack_item *item, const struct pack_value *value,
				   uint8_t *bytes)
{
	if (value->kind != PACK_BYTES)
		return PACK_WRONG_TYPE;
	if (item->code->shape == CHARACTER && value->bytes.len != 1)
		return PACK_WRONG_TYPE;

	size_t room = item->code->shape == CHARACTER ? 1 : item->count;
	size_t before = item->code->shape == PASCAL && room;
	size_t len = value->bytes.len < room - before ? value->bytes.len : room - before;
	if (len)
		memcpy(bytes + before, value->bytes.bytes, len);
	if (before)
		bytes[0] = len < UINT8_MAX ? (uint8_t)len : UINT8_MAX;
	return PACK_OK;
}

static enum pack_fault pack_value(const struct pack_place *place, const struct pack_item *item,
				  const struct pack_value *value, uint8_t *bytes)
{
	enum pack_fault fault = PACK_OK;
	uint64_t bits = 0;

	switch (item->code->shape) {
	case CHARACTER:
	case STRING:
	case PASCAL:
		return pack_string(item, value, bytes);
	case TRUTH:
		bits = is_true(value);
		break;
	case REAL:
		fault = real_bits(item, place->native, value, &bits);
		break;
	default:
		fault = integer_bits(item, value, &bits);
	}
	number_store(bits, bytes, item->size, place->little_endian);
	return fault;
}

struct pack_result pack_encode(struct slice format, const struct pack_value *values, size_t count,
			       uint8_t *bytes, size_t room)
{
	struct pack_place place = begin_format(format);
	struct pack_layout layout;
	struct pack_result result = begin(format, &layout);
	struct pack_item item;
	struct parse end;

	if (result.fault == PACK_OK && count != layout.values)
		result.fault = PACK_WRONG_COUNT;
	if (result.fault != PACK_OK || layout.size > room)
		return result;
	/* Gaps and what strings do not fill are zero. */
	if (layout.size)
		memset(bytes, 0, layout.size);
	while (next_item(&place, &item, &end))
		for (size_t left = values_of(&item); left; left--) {
			result.fault =
				pack_value(&place, &item, &values[result.at], bytes + item.offset);
			if (result.fault != PACK_OK)
				return result;
			item.offset += item.size;
			result.at++;
		}
	return result;
}

const char *pack_fault_text(enum pack_fault fault)
{
	static const char *const texts[] = {
		[PACK_OK] = "all is well",
		[PACK_BAD_FORMAT] = "the format is bad",
		[PACK_WRONG_SIZE] = "the data are not as long as the format says",
		[PACK_WRONG_COUNT] = "there are not as many values as the format has",
		[PACK_WRONG_TYPE] = "a value's type is not what its code takes",
		[PACK_OUT_OF_RANGE] = "a value is beyond what its code holds",
	};

	return texts[fault];
}
