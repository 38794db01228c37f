/* dns_name.c -- reads, compares and shows domain names. */
#include "protocol/dns_name.h"

#include <string.h>

static const char empty_label[] = "a label is empty";

/* Where a name is read. A run is a sequence of labels up to the root or a pointer. */
struct place {
	const uint8_t *message;
	size_t at;
	size_t start;   /* of the run */
	size_t end;     /* that no byte of the run may reach */
	size_t pointer; /* just behind the first pointer; 0: there was none */
	unsigned hops;
};

static struct parse bad_at(const struct place *place, size_t at, const char *reason)
{
	return parse_bad(place->pointer ? place->pointer - 1 : at, reason);
}

/* The run ends before the name does. */
static struct parse cut_off(const struct place *place)
{
	if (!place->pointer)
		return parse_partial();
	return bad_at(place, 0, "a name runs into what points to it");
}

/* Goes where the pointer says. */
static struct parse follow(struct place *place)
{
	if (place->end - place->at < 2)
		return cut_off(place);

	size_t target =
		(size_t)(place->message[place->at] & 0x3f) << 8 | place->message[place->at + 1];
	if (!place->pointer)
		place->pointer = place->at + 2;
	if (target >= place->start)
		return bad_at(place, 0, "a pointer does not point backwards");
	if (target < DNS_HEADER)
		return bad_at(place, 0, "a pointer points into the header");
	if (++place->hops > DNS_HOPS_MAX)
		return bad_at(place, 0, "a name has too many pointers");
	place->end = place->start;
	place->start = place->at = target;
	return parse_done(0);
}

/* Takes the label, or the root, over into the name. */
static struct parse take_label(struct place *place, struct dns_name *name)
{
	size_t label = place->message[place->at];
	size_t most = DNS_NAME_MAX - (label != 0); /* the root must follow */

	if (label > DNS_LABEL_MAX)
		return bad_at(place, place->at, "a label's type is unknown");
	if (name->len + 1 + label > most)
		return bad_at(place, place->at, "a name is longer than 255 bytes");
	if (label >= place->end - place->at)
		return cut_off(place);
	memcpy(name->wire + name->len, place->message + place->at, 1 + label);
	name->len += 1 + label;
	place->at += 1 + label;
	return parse_done(0);
}

struct parse dns_name_parse(const uint8_t *message, size_t len, size_t at,
			    struct dns_name *ret_name)
{
	struct place place = { message, .at = at, .start = at, .end = len };
	struct parse step = parse_done(0);
	bool root = false;

	ret_name->len = 0;
	while (!root && step.status == PARSE_DONE) {
		if (place.at == place.end) {
			step = cut_off(&place);
		} else if (message[place.at] >= 0xc0) {
			step = follow(&place);
		} else {
			root = !message[place.at];
			step = take_label(&place, ret_name);
		}
	}
	if (step.status != PARSE_DONE)
		return step;
	return parse_done((place.pointer ? place.pointer : place.at) - at);
}

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* Printable ASCII but the space: what stands for itself, or for what is escaped. */
static bool is_graphic(uint8_t byte)
{
	return byte > ' ' && byte <= '~';
}

/* Reads the escape that follows the backslash at the offset `at`; used counts from the backslash.
 */
static struct parse read_escape(const uint8_t *text, size_t len, size_t at, uint8_t *ret_byte)
{
	unsigned number = 0;
	size_t digits = 0;

	for (; digits < 3 && at + 1 + digits < len; digits++) {
		uint8_t byte = text[at + 1 + digits];
		if (!digits && is_graphic(byte) && !is_digit(byte)) {
			*ret_byte = byte;
			return parse_done(2);
		}
		if (!is_digit(byte))
			return parse_bad(at + 1 + digits, "an escape is not \\DDD");
		number = number * 10 + byte - '0';
		if (number > UINT8_MAX)
			return parse_bad(at + 1 + digits, "an escape is above 255");
	}
	*ret_byte = (uint8_t)number;
	return digits == 3 ? parse_done(4) : parse_partial();
}

/* Reads the label that begins at the offset `at` and ends before a dot or with the text. */
static struct parse read_label(const uint8_t *text, size_t len, size_t at, struct dns_name *name)
{
	size_t label = name->len;
	size_t begin = at;

	for (name->len++; at < len && text[at] != '.'; name->len++) {
		uint8_t byte = text[at];
		struct parse step = parse_done(1);
		if (!is_graphic(byte))
			return parse_bad(at, "a byte is neither printable nor escaped");
		if (name->len - label > DNS_LABEL_MAX)
			return parse_bad(at, "a label is longer than 63 bytes");
		if (name->len + 1 >= DNS_NAME_MAX)
			return parse_bad(at, "a name is longer than 255 bytes");
		if (byte == '\\')
			step = read_escape(text, len, at, &byte);
		if (step.status != PARSE_DONE)
			return step;
		name->wire[name->len] = byte;
		at += step.used;
	}
	if (at == begin)
		return parse_bad(at, empty_label);
	name->wire[label] = (uint8_t)(name->len - label - 1);
	return parse_done(at);
}

struct parse dns_name_of_text(const uint8_t *text, size_t len, struct dns_name *ret_name)
{
	bool root = len && text[0] == '.';
	size_t at = root;

	ret_name->len = 0;
	if (!len)
		return parse_partial();
	if (root && len > 1)
		return parse_bad(1, empty_label);
	while (at < len) {
		struct parse label = read_label(text, len, at, ret_name);
		if (label.status != PARSE_DONE)
			return label;
		at = label.used + (label.used < len);
	}
	ret_name->wire[ret_name->len++] = 0;
	return parse_done(len);
}

/* The byte of a label as text; gives its length. */
static size_t escape(uint8_t byte, uint8_t text[4])
{
	if (!is_graphic(byte)) {
		text[0] = '\\';
		text[1] = (uint8_t)('0' + byte / 100);
		text[2] = (uint8_t)('0' + byte / 10 % 10);
		text[3] = (uint8_t)('0' + byte % 10);
		return 4;
	}
	if (byte == '.' || byte == '\\') {
		text[0] = '\\';
		text[1] = byte;
		return 2;
	}
	text[0] = byte;
	return 1;
}

size_t dns_name_text(const struct dns_name *name, uint8_t *text, size_t room)
{
	size_t root = name->len == 1;
	size_t size = root;
	uint8_t byte[4];

	/* First the size, then the text; a dot is put behind each label. */
	for (size_t at = 0; name->wire[at]; at += 1 + name->wire[at], size++)
		for (size_t i = 1; i <= name->wire[at]; i++)
			size += escape(name->wire[at + i], byte);
	if (size > room)
		return size;
	if (root)
		*text = '.';
	for (size_t at = 0; name->wire[at]; at += 1 + name->wire[at], *text++ = '.')
		for (size_t i = 1; i <= name->wire[at]; i++) {
			size_t count = escape(name->wire[at + i], byte);
			memcpy(text, byte, count);
			text += count;
		}
	return size;
}

static uint8_t lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
}

bool dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
	if (a->len != b->len)
		return false;
	/* The lengths among the bytes are below every letter. */
	for (size_t i = 0; i < a->len; i++)
		if (lower(a->wire[i]) != lower(b->wire[i]))
			return false;
	return true;
}
