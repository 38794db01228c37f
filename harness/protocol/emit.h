/* emit.h -- bytes written one after the other into a room that may be too small.
 *
 * Every encoder gives the size of the whole, as snprintf() does: it is written when that is not
 * more than the room. Otherwise the room holds a beginning, and nothing was written beyond it.
 */
#ifndef SOCKDRILL_EMIT_H
#define SOCKDRILL_EMIT_H

#include "protocol/parse.h"

#include <string.h>

struct emit {
	uint8_t *bytes; /* may be NULL when the room is 0 */
	size_t room;
	size_t size; /* of all that was emitted, whether it found room or not */
};

static inline void emit_bytes(struct emit *to, const void *bytes, size_t len)
{
	if (len && to->size <= to->room && len <= to->room - to->size)
		memcpy(to->bytes + to->size, bytes, len);
	to->size += len;
}

static inline void emit_byte(struct emit *to, uint8_t byte)
{
	emit_bytes(to, &byte, 1);
}

static inline void emit_slice(struct emit *to, struct slice slice)
{
	emit_bytes(to, slice.bytes, slice.len);
}

static inline void emit_text(struct emit *to, const char *text)
{
	emit_bytes(to, text, strlen(text));
}

/* In decimal or hexadecimal, without leading zeros. */
static inline void emit_number(struct emit *to, uint64_t value, unsigned base)
{
	char digits[20];
	size_t at = sizeof(digits);

	do
		digits[--at] = "0123456789abcdef"[value % base];
	while (value /= base);
	emit_bytes(to, digits + at, sizeof(digits) - at);
}

/* Two bytes, the high one first. */
static inline void emit_u16(struct emit *to, uint16_t value)
{
	emit_byte(to, (uint8_t)(value >> 8));
	emit_byte(to, (uint8_t)value);
}

#endif
