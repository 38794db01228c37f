/* pack.h -- values in bytes as the format language of Python's struct module describes them.
 *
 * Source: the documentation of Python 3.11, library/struct, and what that version does.
 *   format: [@=<>!] {[count] code}, white space before counts and codes
 *   @ or no mark: this machine's order, sizes and alignment (its C ABI); =: its order alone;
 *   < little endian, > and ! big endian; all but @ with standard sizes and no alignment
 *   codes: x c b B ? h H i I l L q Q n N e f d s p P; n, N and P with @ alone
 *
 * Accepted on purpose, as Python does: a count of 0 (of an aligned code: it aligns); an integer for
 * a real; any value for ?; with @, what is too large for f (it becomes infinite); negative numbers
 * for P; strings longer than their room (they are cut). Refused on purpose: NUL in a format, white
 * space between a count and its code, a mark anywhere but in front.
 * Limits: counts and sizes up to PTRDIFF_MAX, as Python's on the same machine.
 */
#ifndef SOCKDRILL_PACK_H
#define SOCKDRILL_PACK_H

#include "protocol/parse.h"

enum pack_kind {
	PACK_INT,  /* b h i l q n */
	PACK_UINT, /* B H I L Q N P */
	PACK_BOOL, /* ? */
	PACK_REAL, /* e f d */
	PACK_BYTES /* c s p */
};

struct pack_value {
	enum pack_kind kind;
	union {
		int64_t number;   /* PACK_INT */
		uint64_t natural; /* PACK_UINT */
		bool truth;
		double real;
		struct slice bytes;
	};
};

enum pack_fault {
	PACK_OK,
	PACK_BAD_FORMAT,  /* at: the offset in the format */
	PACK_WRONG_SIZE,  /* the data are not as long as the format says */
	PACK_WRONG_COUNT, /* not as many values as the format has */
	PACK_WRONG_TYPE,  /* at: the index of the value, from 0; also in OUT_OF_RANGE */
	PACK_OUT_OF_RANGE
};

struct pack_result {
	enum pack_fault fault;
	size_t at;
	size_t size; /* what the format describes, unless it is bad */
};

struct pack_layout {
	size_t size;   /* in bytes: Python's calcsize */
	size_t values; /* to pack, or unpacked */
};

/* A place in a format: which codes were met and how many bytes they take. Only pack.c looks in. */
struct pack_place {
	struct slice format;
	size_t at;
	size_t offset;
	bool native;
	bool little_endian;
};

/* Some values of one code, or one string. Only pack.c looks in. */
struct pack_item {
	const struct pack_code *code;
	size_t count;
	size_t size; /* of one */
	size_t offset;
};

/* Values on their way out of data. Only pack.c looks in. */
struct pack_reader {
	struct pack_place place;
	struct pack_item item;
	struct slice data;
	size_t left; /* values of the item */
};

/* Reads the format. Partial: it ends with a count that has no code. */
struct parse pack_layout(const uint8_t *format, size_t len, struct pack_layout *ret_layout);

/* Begins to unpack: the data's size must be the format's. Faults: bad format, wrong size; then the
 * reader has no value. */
struct pack_result pack_unpack(struct slice format, struct slice data,
			       struct pack_reader *ret_reader);

/* Gives the next value, false after the last one. Strings are slices of the data. */
bool pack_next(struct pack_reader *reader, struct pack_value *ret_value);

/* Writes the values when they fit into `room`; the result's size says what they need, and when that
 * is above `room`, nothing was written and no value's type or range was looked at. After a fault
 * the bytes are undefined, but nothing was written beyond `room`. All faults but wrong size. */
struct pack_result pack_encode(struct slice format, const struct pack_value *values, size_t count,
			       uint8_t *bytes, size_t room);

/* What the fault is, in words; a constant. */
const char *pack_fault_text(enum pack_fault fault);

#endif
